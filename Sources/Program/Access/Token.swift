/// A bearer token of this server: 256 random bits, shown once to the person it is for. Only its hash is kept.
public struct Token: Sendable {
  /// `beeld_` and 43 characters of base64url: the prefix lets secret scanners know it when they meet it.
  public let text: String

  /// A new token.
  public init() { text = Self.prefix + Secret.text() }

  /// The token that a request brought, whatever it looks like: the database alone knows which are good. Nil when it
  /// cannot be one of ours.
  public init?(presented text: some StringProtocol) {
    guard text.utf8.count == Self.length, text.hasPrefix(Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// SHA-256 of the text.
  public var hash: [UInt8] { Secret.hash(of: text) }

  private static let prefix = "beeld_"
  private static let length = prefix.utf8.count + Secret.length
}

extension Token: CustomStringConvertible {
  /// Nothing of the token, so that none gets into a log.
  public var description: String { "Token(…)" }
}
