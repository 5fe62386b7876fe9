import Program

/// One faulty field or parameter of a request: where, a stable code, and the remedy in both languages.
struct Fault: Sendable, Equatable {
  let parameter: String
  let code: String
  let dutch: String
  let english: String

  static func unknown(_ name: String) -> Fault {
    Fault(
      parameter: String(name.prefix(60)), code: "unknown_parameter",
      dutch: "Deze parameter bestaat hier niet; laat hem weg.",
      english: "There is no such parameter here; leave it out.")
  }

  static func repeated(_ name: String) -> Fault {
    Fault(
      parameter: name, code: "repeated_parameter",
      dutch: "Deze parameter staat er meer dan eens; geef hem één keer.",
      english: "This parameter is given more than once; give it once.")
  }

  static func undecodable(_ name: String) -> Fault {
    Fault(
      parameter: String(name.prefix(60)), code: "undecodable_parameter",
      dutch: "Dit is geen geldige procentcodering van UTF-8.",
      english: "This is not a valid percent-encoding of UTF-8.")
  }

  static func text(_ name: String, limit: Int) -> Fault {
    Fault(
      parameter: name, code: "invalid_text",
      dutch: "Geef hoogstens \(limit) tekens, zonder stuurtekens.",
      english: "Give at most \(limit) characters, without control characters.")
  }

  static func date(_ name: String) -> Fault {
    Fault(
      parameter: name, code: "invalid_date",
      dutch: "Geef een bestaande dag als JJJJ-MM-DD, van 1900 tot en met 2199.",
      english: "Give an existing day as YYYY-MM-DD, from 1900 to 2199.")
  }

  static func choice(_ name: String, _ values: [String]) -> Fault {
    let list = values.joined(separator: ", ")
    return Fault(
      parameter: name, code: "invalid_choice",
      dutch: "Kies uit: \(list).", english: "Choose one of: \(list).")
  }

  static let limit = Fault(
    parameter: "limit", code: "invalid_limit",
    dutch: "Geef een geheel getal van \(Page.limits.lowerBound) tot en met \(Page.limits.upperBound).",
    english: "Give a whole number from \(Page.limits.lowerBound) to \(Page.limits.upperBound).")

  static let cursor = Fault(
    parameter: "after", code: "invalid_cursor",
    dutch: "Neem de waarde van next uit het antwoord op de vorige bladzijde van dezelfde lijst.",
    english: "Take the value of next in the answer to the previous page of the same list.")
}
