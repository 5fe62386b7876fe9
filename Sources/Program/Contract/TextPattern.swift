/// A form that a text must have, as the database's constraint says it too.
public struct TextPattern: Sendable {
  /// A regular expression over the whole text, in the words that Swift, PostgreSQL and ECMA-262 (OpenAPI) share.
  public let expression: String
  /// Characters at most.
  public let limit: Int
  /// What of it is refused for what it says, whatever its form; nil: nothing is.
  var refusal: (@Sendable (String) -> Refusal?)?
  /// The remedy.
  public let dutch: String
  public let english: String

  /// Why a text is refused.
  public struct Refusal: Sendable {
    public let code: String
    public let wording: Fault.Wording
  }

  /// What is wrong with a text at a place; nil: nothing.
  func fault(in text: String, at place: Fault.Place) -> Fault? {
    guard text.unicodeScalars.count <= limit else { return .pattern(place, self) }
    if let refused = refusal?(text) { return .refused(place, refused) }
    return fits(text) ? nil : .pattern(place, self)
  }

  /// - Parameter text: a text of the pattern's limit or longer.
  public func fits(_ text: String) -> Bool {
    guard text.unicodeScalars.count <= limit, let regex = try? Regex(expression) else { return false }
    return text.wholeMatch(of: regex) != nil
  }
}

extension TextPattern {
  /// `school_code_shape`
  public static let schoolCode = TextPattern(
    expression: "^[0-9]{2}[A-Z]{2}[0-9]{2}$", limit: 6,
    dutch: "Geef BRIN en vestigingscode, bijvoorbeeld 12AB00.",
    english: "Give BRIN and location code, for example 12AB00.")

  /// `school_board_number_shape`
  public static let boardNumber = TextPattern(
    expression: "^[0-9]{5}$", limit: 5, dutch: "Geef vijf cijfers.", english: "Give five digits.")

  /// `school_postal_code_shape`
  public static let postalCode = TextPattern(
    expression: "^[1-9][0-9]{3} [A-Z]{2}$", limit: 7, dutch: "Geef een postcode als 1234 AB.",
    english: "Give a postal code such as 1234 AB.")

  /// `registration_person_number_shape`
  public static let personNumber = TextPattern(
    expression: "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$", limit: 32,
    dutch: "Geef 1 tot en met 32 letters, cijfers, punten, strepen, beginnend met een letter of cijfer.",
    english: "Give 1 to 32 letters, digits, dots, dashes, beginning with a letter or digit.")

  /// `registration_email_shape`
  public static let email = TextPattern(
    expression: "^[^@\\s\\x00-\\x1F\\x7F]+@[^@\\s\\x00-\\x1F\\x7F]+\\.[^@\\s\\x00-\\x1F\\x7F]+$", limit: 254,
    dutch: "Geef een e-mailadres.",
    english: "Give an e-mail address.")
}

extension TextPattern {
  /// `registration_subject_length`
  public static let subject = TextPattern(
    expression: "^[!-~]+$", limit: 255, dutch: "Geef 1 tot en met 255 zichtbare ASCII-tekens.",
    english: "Give 1 to 255 visible ASCII characters.")
}
