import HTTPTypes
import Hummingbird
import Program

// Every problem that the server answers with, worded. Codes are stable, sentences may improve.
extension Problem {
  enum Credential: Sendable { case missing, malformed, refused }

  /// 401. Which of the three it was, the challenge tells as RFC 6750 wants it.
  static func unauthenticated(_ credential: Credential) -> Problem {
    var problem = Problem(
      status: .unauthorized, code: "unauthenticated",
      dutch: .init(
        title: "Niet aangemeld",
        detail: "Stuur een geldig token mee: Authorization: Bearer …. De beheerder van deze server geeft nieuwe uit."),
      english: .init(
        title: "Not signed in",
        detail: "Send a valid token: Authorization: Bearer …. The operator of this server issues new ones."))
    problem.headers[.wwwAuthenticate] =
      switch credential {
      case .missing: "Bearer realm=\"beeld\""
      case .malformed: "Bearer realm=\"beeld\", error=\"invalid_request\""
      case .refused: "Bearer realm=\"beeld\", error=\"invalid_token\""
      }
    return problem
  }

  /// 404: it does not exist, or not for the one who asks; nobody learns which.
  static let notFound = Problem(
    status: .notFound, code: "not_found",
    dutch: .init(title: "Niet gevonden", detail: "Dit bestaat niet, of niet voor u."),
    english: .init(title: "Not found", detail: "This does not exist, or not for you."))

  static let forbidden = Problem(
    status: .forbidden, code: "forbidden",
    dutch: .init(title: "Niet toegestaan", detail: "U mag dit zien, maar niet doen."),
    english: .init(title: "Not allowed", detail: "You may see this, but not do it."))

  static let conflict = Problem(
    status: .conflict, code: "conflict",
    dutch: .init(title: "Kan nu niet", detail: "De toestand waarin dit verkeert, laat het niet toe."),
    english: .init(title: "Not possible now", detail: "The state this is in does not permit it."))

  /// 409 with what stands in the way.
  static func conflict(code: String, _ wording: Fault.Wording) -> Problem {
    Problem(
      status: .conflict, code: code, dutch: .init(title: "Kan nu niet", detail: wording.dutch),
      english: .init(title: "Not possible now", detail: wording.english))
  }

  /// 409: not from the state it is in; with the states that it may be brought to.
  static func notAllowedNow(_ allowed: [String]) -> Problem {
    let list = allowed.joined(separator: ", ")
    var problem = conflict(
      code: "transition_not_allowed",
      Fault.Wording(
        dutch: allowed.isEmpty ? "Hier kunt u nu niets aan doen." : "Dat kan nu niet; wel: \(list).",
        english: allowed.isEmpty
          ? "There is nothing for you to do with it now." : "Not possible now; these are: \(list)."))
    problem.allowed = allowed
    return problem
  }

  /// 409: the same command is being done at this moment.
  static let inProgress = Problem(
    status: .conflict, code: "in_progress",
    dutch: .init(title: "Bezig", detail: "Een verzoek met deze Idempotency-Key loopt nog; vraag het zo opnieuw."),
    english: .init(title: "In progress", detail: "A request with this Idempotency-Key is still running; ask again."))

  /// 409: the difference is another one by now.
  static let changedSincePreview = Problem.conflict(
    code: "changed_since_preview",
    Fault.Wording(
      dutch: "Sinds het voorbeeld is gewijzigd wat dit zou wijzigen. Niets is gedaan; er is een nieuw voorbeeld.",
      english: "What this would change has changed since the preview. Nothing was done; there is a new preview."))

  /// 422: the same key, another request.
  static let keyReused = Problem(
    status: .unprocessableContent, code: "key_reused",
    dutch: .init(
      title: "Sleutel al gebruikt",
      detail: "Deze Idempotency-Key hoorde bij een ander verzoek; neem voor elk verzoek een nieuwe."),
    english: .init(
      title: "Key used before",
      detail: "This Idempotency-Key belonged to another request; take a new one for each request."))

  static let preconditionRequired = Problem(
    status: .preconditionRequired, code: "precondition_required",
    dutch: .init(
      title: "If-Match nodig", detail: "Lees het eerst en stuur de ETag mee als If-Match: zo raakt niets zoek."),
    english: .init(
      title: "If-Match needed", detail: "Read it first and send its ETag as If-Match: so that nothing gets lost."))

  static let preconditionFailed = Problem(
    status: .preconditionFailed, code: "precondition_failed",
    dutch: .init(title: "Intussen gewijzigd", detail: "Iemand anders was eerder. Lees het opnieuw en pas het dan aan."),
    english: .init(title: "Changed meanwhile", detail: "Somebody else was before you. Read it again, then change it."))

  /// 403: the token is good, for less than this.
  static let outOfScope = Problem(
    status: .forbidden, code: "out_of_scope",
    dutch: .init(title: "Token niet hiervoor", detail: "Dit token is niet uitgegeven voor wat u vraagt."),
    english: .init(title: "Token not for this", detail: "This token was not issued for what you ask."))

  /// 503: nobody knows whether it was done; the same key finds out.
  static let outcomeUnknown: Problem = {
    var problem = Problem(
      status: .serviceUnavailable, code: "outcome_unknown",
      dutch: .init(
        title: "Afloop onbekend",
        detail: "De database viel weg voor het antwoord. Vraag het opnieuw met dezelfde Idempotency-Key."),
      english: .init(
        title: "Outcome unknown",
        detail: "The database went away before its answer. Ask again with the same Idempotency-Key."))
    problem.headers[.retryAfter] = "1"
    return problem
  }()

  /// 429 with `Retry-After`.
  static func tooManyRequests(retryAfter: Duration) -> Problem {
    var problem = Problem(
      status: .tooManyRequests, code: "too_many_requests",
      dutch: .init(title: "Te veel verzoeken", detail: "Wacht even; Retry-After zegt hoeveel seconden."),
      english: .init(title: "Too many requests", detail: "Wait a moment; Retry-After says how many seconds."))
    problem.headers[.retryAfter] = String(max(1, retryAfter.components.seconds))
    return problem
  }

  static func unsupportedMediaType(_ types: [String]) -> Problem {
    let list = types.joined(separator: ", ")
    return Problem(
      status: .unsupportedMediaType, code: "unsupported_media_type",
      dutch: .init(title: "Vorm niet aangenomen", detail: "Stuur het als Content-Type: \(list)."),
      english: .init(title: "Format not accepted", detail: "Send it as Content-Type: \(list)."))
  }

  /// 400: the body is no JSON; says where.
  static func malformedJSON(_ malformed: JSONValue.Malformed) -> Problem {
    let (dutch, english): (String, String) =
      switch malformed.reason {
      case .syntax: ("hier staat iets wat daar niet kan", "what stands here cannot stand there")
      case .truncated: ("de tekst houdt hier op", "the text ends here")
      case .encoding: ("dit is geen geldige Unicode", "this is not valid Unicode")
      case .nul: ("U+0000 wordt niet aangenomen", "U+0000 is not accepted")
      case .doubled: ("dit veld staat er twee keer", "this member is given twice")
      case .depth: ("dieper dan \(JSONValue.depthLimit) lagen", "deeper than \(JSONValue.depthLimit) levels")
      }
    return Problem(
      status: .badRequest, code: "malformed_json",
      dutch: .init(title: "Geen geldige JSON", detail: "Byte \(malformed.offset): \(dutch)."),
      english: .init(title: "Not valid JSON", detail: "Byte \(malformed.offset): \(english)."))
  }

  /// 400: a header that means nothing here.
  static func invalidHeader(_ fault: Fault) -> Problem {
    Problem(
      status: .badRequest, code: "invalid_header",
      dutch: .init(title: "Ongeldige header", detail: "Een header klopt niet; errors noemt hem."),
      english: .init(title: "Invalid header", detail: "A header is faulty; errors names it."), faults: [fault])
  }

  /// 422 with every faulty field.
  static func invalidFields(_ faults: [Fault]) -> Problem {
    Problem(
      status: .unprocessableContent, code: "invalid_fields",
      dutch: .init(
        title: "Ongeldige velden", detail: "Niets is gewijzigd: errors noemt elk veld dat niet klopt, en wat wel kan."),
      english: .init(
        title: "Invalid fields", detail: "Nothing was changed: errors names every faulty field, and what would do."),
      faults: faults)
  }

  /// 400 with every faulty parameter.
  static func invalidParameters(_ faults: [Fault]) -> Problem {
    Problem(
      status: .badRequest, code: "invalid_parameters",
      dutch: .init(
        title: "Ongeldige parameters", detail: "Het adres bevat \(faults.count) fout(en); ze staan in errors."),
      english: .init(
        title: "Invalid parameters", detail: "The address has \(faults.count) fault(s); errors lists them."),
      faults: faults)
  }

  static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
    var problem = Problem(
      status: .methodNotAllowed, code: "method_not_allowed",
      dutch: .init(title: "Methode niet toegestaan", detail: "Dit adres kent de gevraagde methode niet; zie Allow."),
      english: .init(title: "Method not allowed", detail: "This address does not know the method; see Allow."))
    problem.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
    return problem
  }

  /// 406: none of the media types that the client accepts can be made here.
  static func notAcceptable(_ available: [String]) -> Problem {
    let list = available.joined(separator: ", ")
    return Problem(
      status: .notAcceptable, code: "not_acceptable",
      dutch: .init(title: "Vorm niet leverbaar", detail: "Vraag met Accept om een van: \(list)."),
      english: .init(title: "Format not available", detail: "Ask with Accept for one of: \(list)."))
  }

  /// 503 with `Retry-After`: nothing was done; asking again is safe.
  static func unavailable(retryAfter: Duration) -> Problem {
    var problem = Problem(
      status: .serviceUnavailable, code: "unavailable",
      dutch: .init(
        title: "Even niet beschikbaar", detail: "De server kan dit nu niet beantwoorden; probeer het zo opnieuw."),
      english: .init(
        title: "Not available for a moment", detail: "The server cannot answer this now; try again shortly."))
    problem.headers[.retryAfter] = String(max(1, retryAfter.components.seconds))
    return problem
  }

  static let malformedRequest = Problem(
    status: .badRequest, code: "malformed_request",
    dutch: .init(title: "Geen geldig verzoek", detail: "Het verzoek brak af of is geen geldig HTTP."),
    english: .init(title: "Not a valid request", detail: "The request broke off or is not valid HTTP."))

  static let tooLarge = Problem(
    status: .contentTooLarge, code: "content_too_large",
    dutch: .init(title: "Te groot", detail: "Het verzoek is groter dan hier wordt aangenomen."),
    english: .init(title: "Too large", detail: "The request is larger than is accepted here."))

  /// 503: the server has not the keys that open content.
  static let contentClosed: Problem = {
    var problem = Problem(
      status: .serviceUnavailable, code: "content_closed",
      dutch: .init(
        title: "Teksten niet toegankelijk",
        detail: "Deze server heeft de sleutel van de teksten niet. De beheerder herstelt dat met `beeld doctor`."),
      english: .init(
        title: "Texts not accessible",
        detail: "This server has not the key of the texts. Its operator mends that with `beeld doctor`."))
    problem.headers[.retryAfter] = "60"
    return problem
  }()

  /// What it means that content cannot be opened.
  init(_ fault: ContentFault) {
    self =
      switch fault {
      case .noMasterKeys, .unknownMasterKey: .contentClosed
      case .damagedKey, .damaged: .internal
      }
  }

  /// 500: our mistake. The details are in the log, under the request's id.
  static let `internal` = Problem(
    status: .internalServerError, code: "internal",
    dutch: .init(title: "Fout in de server", detail: "Dit is onze fout. Noem request_id als u het meldt."),
    english: .init(title: "Error in the server", detail: "This is our mistake. Name request_id when you report it."))
}

extension Fault {
  static let entityTag = Fault(
    .header("If-Match"), code: "invalid_entity_tag", dutch: "Geef de ETag zoals die in het antwoord stond, of *.",
    english: "Give the ETag as it stood in the answer, or *.")

  static let noEntityTag = Fault(
    .header("If-None-Match"), code: "invalid_entity_tag",
    dutch: "Geef * als er nog geen tekst is, of laat deze header weg en geef If-Match.",
    english: "Give * where there is no text yet, or leave this header out and give If-Match.")

  static let idempotencyKey = Fault(
    .header("Idempotency-Key"), code: "invalid_key", dutch: "Geef 1 tot en met 255 zichtbare ASCII-tekens.",
    english: "Give 1 to 255 visible ASCII characters.")
}
