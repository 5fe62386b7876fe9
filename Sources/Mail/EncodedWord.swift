/// Text in the header of a mail (RFC 2047): as it is where it is plain and short, else in encoded words, folded.
enum EncodedWord {
  private static let begin = "=?utf-8?Q?"
  private static let end = "?="
  /// Of an encoded word, and of a line that has one.
  private static let limit = 75

  /// - Parameter used: characters of the line before it.
  static func text(of text: String, after used: Int) -> String {
    let bytes = Array(text.utf8)
    if bytes.allSatisfy({ $0 == 32 || isPlain($0) || isSign($0) }), used + bytes.count <= limit, bytes.first != 32,
      bytes.last != 32
    {
      return text
    }
    var words: [String] = []
    var word = ""
    var room = limit - used - begin.utf8.count - end.utf8.count
    // Cut between characters only: each encoded word has to be whole by itself.
    for character in text.unicodeScalars {
      let encoded = String(character).utf8.map(encode).joined()
      if word.utf8.count + encoded.utf8.count > room {
        words.append(word)
        word = ""
        room = limit - 1 - begin.utf8.count - end.utf8.count
      }
      word += encoded
    }
    words.append(word)
    return words.map { begin + $0 + end }.joined(separator: "\r\n ")
  }

  /// Letters and digits.
  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// Signs that unstructured text may have as they are; without `=` and `?`, which begin an encoded word.
  private static func isSign(_ byte: UInt8) -> Bool { "!\"#$%&'()*+,-./:;@[]_{}".utf8.contains(byte) }

  private static func encode(_ byte: UInt8) -> String {
    if isPlain(byte) { return String(UnicodeScalar(byte)) }
    if byte == 32 { return "_" }
    return QuotedPrintable.escape(byte)
  }
}
