import Crypto

/// What is random enough to be a credential by itself, and how the server knows it again without keeping it.
enum Secret {
  /// 256 random bits as 43 characters of base64url.
  static func text() -> String {
    var generator = SystemRandomNumberGenerator()
    var bits: [UInt8] = []
    for _ in 0..<4 { withUnsafeBytes(of: generator.next() as UInt64) { bits += $0 } }
    return Base64URL.encode(bits)
  }

  /// How many characters that are.
  static let length = 43

  /// SHA-256 of the text. Without salt: it is random, so nothing can be looked up in a table.
  static func hash(of text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { Array(SHA256.hash(data: UnsafeRawBufferPointer($0))) }
  }
}
