/// An instant as people write it down: RFC 3339 with its zone. Kept as text: the database reckons with it.
struct Instant: Sendable {
  let text: String

  /// Nil for anything else, for a day that there is not, and for years before 1900 or after 2199.
  init?(_ text: String) {
    guard text.utf8.count <= 35, let match = text.wholeMatch(of: Self.form), CivilDate(String(match.1)) != nil else {
      return nil
    }
    self.text = text
  }

  private static var form: Regex<(Substring, Substring)> {
    /([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])/
  }
}
