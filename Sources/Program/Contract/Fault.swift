/// One faulty part of a request: where it stands, a stable code, and the remedy in both languages.
public struct Fault: Error, Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    /// A parameter of the address.
    case parameter(String)
    /// A member of the body, as a JSON Pointer (RFC 6901); empty for the body itself.
    case pointer(String)
    /// A header.
    case header(String)
  }

  /// The remedy in both languages.
  public struct Wording: Sendable {
    public let dutch: String
    public let english: String

    public init(dutch: String, english: String) {
      self.dutch = dutch
      self.english = english
    }
  }

  public let place: Place
  public let code: String
  public let dutch: String
  public let english: String

  public init(_ place: Place, code: String, dutch: String, english: String) {
    self.place = place
    self.code = code
    self.dutch = dutch
    self.english = english
  }
}

// What can be wrong with an address.
extension Fault {
  public static func unknown(parameter name: String) -> Fault {
    Fault(
      .parameter(String(name.prefix(60))), code: "unknown_parameter",
      dutch: "Deze parameter bestaat hier niet; laat hem weg.",
      english: "There is no such parameter here; leave it out.")
  }

  public static func repeated(parameter name: String) -> Fault {
    Fault(
      .parameter(name), code: "repeated_parameter",
      dutch: "Deze parameter staat er meer dan eens; geef hem één keer.",
      english: "This parameter is given more than once; give it once.")
  }

  public static func undecodable(parameter name: String) -> Fault {
    Fault(
      .parameter(String(name.prefix(60))), code: "undecodable_parameter",
      dutch: "Dit is geen geldige procentcodering van UTF-8.",
      english: "This is not a valid percent-encoding of UTF-8.")
  }

  public static func missing(parameter name: String) -> Fault {
    Fault(
      .parameter(name), code: "missing_parameter", dutch: "Deze parameter is nodig.",
      english: "This parameter is needed.")
  }

  public static let limit = Fault(
    .parameter("limit"), code: "invalid_limit",
    dutch: "Geef een geheel getal van \(Page.limits.lowerBound) tot en met \(Page.limits.upperBound).",
    english: "Give a whole number from \(Page.limits.lowerBound) to \(Page.limits.upperBound).")

  public static let cursor = Fault(
    .parameter("after"), code: "invalid_cursor",
    dutch: "Neem de waarde van next uit het antwoord op de vorige bladzijde van dezelfde lijst.",
    english: "Take the value of next in the answer to the previous page of the same list.")
}

// What can be wrong with a value, wherever it stands.
extension Fault {
  public static func text(_ place: Place, limit: Int) -> Fault {
    Fault(
      place, code: "invalid_text",
      dutch: "Geef 1 tot en met \(limit) tekens, zonder stuurtekens en zonder spaties aan begin of eind.",
      english: "Give 1 to \(limit) characters, without control characters and without blanks at either end.")
  }

  public static func date(_ place: Place) -> Fault {
    Fault(
      place, code: "invalid_date",
      dutch: "Geef een bestaande dag als JJJJ-MM-DD, van 1900 tot en met 2199.",
      english: "Give an existing day as YYYY-MM-DD, from 1900 to 2199.")
  }

  public static func instant(_ place: Place) -> Fault {
    Fault(
      place, code: "invalid_instant",
      dutch: "Geef een tijdstip met tijdzone als JJJJ-MM-DDTUU:MM:SSZ (RFC 3339), van 1900 tot en met 2199.",
      english: "Give an instant with its zone as YYYY-MM-DDTHH:MM:SSZ (RFC 3339), from 1900 to 2199.")
  }

  public static func prose(_ place: Place, _ limit: Int) -> Fault {
    Fault(
      place, code: "invalid_text",
      dutch: "Geef 1 tot en met \(limit) tekens; regels mogen, andere stuurtekens niet.",
      english: "Give 1 to \(limit) characters; lines may be, other control characters may not.")
  }

  public static func choice(_ place: Place, _ values: [String]) -> Fault {
    let list = values.joined(separator: ", ")
    return Fault(
      place, code: "invalid_choice", dutch: "Kies uit: \(list).", english: "Choose one of: \(list).")
  }

  public static func id(_ place: Place) -> Fault {
    Fault(
      place, code: "invalid_id", dutch: "Geef een UUID in de gewone schrijfwijze.",
      english: "Give a UUID in its usual form.")
  }

  public static func flag(_ place: Place) -> Fault {
    Fault(place, code: "invalid_boolean", dutch: "Geef true of false.", english: "Give true or false.")
  }

  public static func integer(_ place: Place, _ range: ClosedRange<Int>) -> Fault {
    Fault(
      place, code: "invalid_number",
      dutch: "Geef een geheel getal van \(range.lowerBound) tot en met \(range.upperBound).",
      english: "Give a whole number from \(range.lowerBound) to \(range.upperBound).")
  }

  public static func decimal(_ place: Place, above: Int, through: Double, places: Int) -> Fault {
    Fault(
      place, code: "invalid_number",
      dutch: "Geef een getal groter dan \(above) en hoogstens \(through), met hoogstens \(places) decimalen.",
      english: "Give a number greater than \(above) and at most \(through), with at most \(places) decimals.")
  }

  public static func pattern(_ place: Place, _ pattern: TextPattern) -> Fault {
    Fault(place, code: "invalid_format", dutch: pattern.dutch, english: pattern.english)
  }

  public static func refused(_ place: Place, _ refusal: TextPattern.Refusal) -> Fault {
    Fault(place, code: refusal.code, dutch: refusal.wording.dutch, english: refusal.wording.english)
  }
}

// What can be wrong with a body as a whole.
extension Fault {
  public static func missing(pointer: String) -> Fault {
    Fault(.pointer(pointer), code: "missing", dutch: "Dit veld is nodig.", english: "This field is needed.")
  }

  public static func null(pointer: String) -> Fault {
    Fault(
      .pointer(pointer), code: "not_nullable", dutch: "Dit veld kan niet leeg zijn.",
      english: "This field cannot be null.")
  }

  public static func unknown(pointer: String) -> Fault {
    Fault(
      .pointer(String(pointer.prefix(120))), code: "unknown_field",
      dutch: "Dit veld bestaat hier niet, of is niet te wijzigen; laat het weg.",
      english: "There is no such field here, or it cannot be changed; leave it out.")
  }

  public static func object(pointer: String) -> Fault {
    Fault(.pointer(pointer), code: "not_an_object", dutch: "Geef een JSON-object.", english: "Give a JSON object.")
  }

  public static func array(pointer: String, _ number: ClosedRange<Int>) -> Fault {
    let (least, most) = (number.lowerBound, number.upperBound)
    return Fault(
      .pointer(pointer), code: "not_an_array",
      dutch: "Geef een JSON-array van \(least == most ? "precies \(most)" : "\(least) tot en met \(most)").",
      english: "Give a JSON array of \(least == most ? "exactly \(most)" : "\(least) to \(most)").")
  }

  public static let empty = Fault(
    .pointer(""), code: "nothing_to_change", dutch: "Noem ten minste één veld.", english: "Name at least one field.")

  public static func reference(pointer: String) -> Fault {
    Fault(
      .pointer(pointer), code: "unknown_reference", dutch: "Dit bestaat niet, of niet voor u.",
      english: "This does not exist, or not for you.")
  }

  public static func moment(pointer: String) -> Fault {
    Fault(
      .pointer(pointer), code: "impossible_moment",
      dutch: "Geef een moment dat kan: niet in de toekomst, en niet voor wat eraan voorafging.",
      english: "Give a moment that can be: not to come, and not before what it follows on.")
  }

  public static func notYours(pointer: String) -> Fault {
    Fault(
      .pointer(pointer), code: "not_yours_to_change", dutch: "Dit veld mag u niet wijzigen.",
      english: "You may not change this field.")
  }

  public static func order(pointer: String, after name: String) -> Fault {
    Fault(
      .pointer(pointer), code: "not_later", dutch: "Dit moet later zijn dan \(name).",
      english: "This must be later than \(name).")
  }
}
