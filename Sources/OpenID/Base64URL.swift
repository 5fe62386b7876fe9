/// Base64 with the alphabet that is safe in URLs, without padding (RFC 4648 §5, RFC 7515 §2).
enum Base64URL {
  /// Nil for any text that an encoder would not have made: padding, white space, the other alphabet, bits left over.
  /// A token that could be written in two ways would be two tokens to whoever keeps lists of them.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.underestimatedCount * 3 / 4)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    for character in text {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> held))
      }
    }
    guard held < 6, bits & (1 << held - 1) == 0 else { return nil }
    return bytes
  }

  /// The value of each byte; 255 for those that stand for none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()
}
