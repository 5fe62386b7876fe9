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

  static let tooLarge = Problem(
    status: .contentTooLarge, code: "content_too_large",
    dutch: .init(title: "Te groot", detail: "Het verzoek is groter dan hier wordt aangenomen."),
    english: .init(title: "Too large", detail: "The request is larger than is accepted here."))

  /// 500: our mistake. The details are in the log, under the request's id.
  static let `internal` = Problem(
    status: .internalServerError, code: "internal",
    dutch: .init(title: "Fout in de server", detail: "Dit is onze fout. Noem request_id als u het meldt."),
    english: .init(title: "Error in the server", detail: "This is our mistake. Name request_id when you report it."))
}
