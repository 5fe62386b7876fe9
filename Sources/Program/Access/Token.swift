import Crypto

/// A bearer token of this server: 256 random bits, shown once to the person it is for. Only its hash is kept.
public struct Token: Sendable {
  /// `beeld_` and 43 characters of base64url: the prefix lets secret scanners know it when they meet it.
  public let text: String

  /// A new token.
  public init() {
    var generator = SystemRandomNumberGenerator()
    var bits: [UInt8] = []
    for _ in 0..<4 { withUnsafeBytes(of: generator.next() as UInt64) { bits += $0 } }
    text = Self.prefix + Base64URL.encode(bits)
  }

  /// The token that a request brought, whatever it looks like: the database alone knows which are good. Nil when it
  /// cannot be one of ours.
  public init?(presented text: some StringProtocol) {
    guard text.utf8.count == Self.length, text.hasPrefix(Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// SHA-256 of the text. Without salt: the token is random, so nothing can be looked up in a table.
  public var hash: [UInt8] {
    var text = text
    return text.withUTF8 { Array(SHA256.hash(data: UnsafeRawBufferPointer($0))) }
  }

  private static let prefix = "beeld_"
  private static let length = prefix.utf8.count + 43
}

extension Token: CustomStringConvertible {
  /// Nothing of the token, so that none gets into a log.
  public var description: String { "Token(…)" }
}
