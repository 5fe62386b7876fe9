/// The secret in the address of a coach's calendar: whoever has it reads the calendar, and nothing else. Shown once to
/// the coach; only its hash is kept.
public struct CalendarKey: Sendable {
  /// `beeldcal_` and 43 characters of base64url: the prefix lets secret scanners know it when they meet it.
  public let text: String

  /// A new key.
  public init() { text = Self.prefix + Secret.text() }

  /// The key that a request brought, whatever it looks like: the database alone knows which are good. Nil when it
  /// cannot be one of ours.
  public init?(presented text: some StringProtocol) {
    guard text.utf8.count == Self.prefix.utf8.count + Secret.length, text.hasPrefix(Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// SHA-256 of the text.
  public var hash: [UInt8] { Secret.hash(of: text) }

  private static let prefix = "beeldcal_"
}

extension CalendarKey: CustomStringConvertible {
  /// Nothing of the key, so that none gets into a log.
  public var description: String { "CalendarKey(…)" }
}
