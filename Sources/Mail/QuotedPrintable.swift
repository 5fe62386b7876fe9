/// The body of a mail in ASCII, lines of 76 characters at most (RFC 2045 §6.7).
enum QuotedPrintable {
  /// - Parameter text: lines parted by line feeds.
  static func encode(_ text: String) -> [UInt8] {
    var encoded: [UInt8] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      encode(Array(line.utf8), into: &encoded)
      encoded += [13, 10]
    }
    return encoded
  }

  static func escape(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
  }

  private static func encode(_ line: [UInt8], into encoded: inout [UInt8]) {
    var used = 0
    for (place, byte) in line.enumerated() {
      let isLast = place == line.count - 1
      // A blank at the end of a line may be lost on the way.
      let isClear = (33...126).contains(byte) && byte != UInt8(ascii: "=") || (byte == 32 || byte == 9) && !isLast
      let piece = isClear ? [byte] : Array(escape(byte).utf8)
      // A soft line break takes one of the 76.
      if used + piece.count > (isLast ? 76 : 75) {
        encoded += [UInt8(ascii: "="), 13, 10]
        used = 0
      }
      encoded += piece
      used += piece.count
    }
  }
}
