/// Goes through the characters of one field: the first broken byte of it, or its text in UTF-8.
struct FieldCharacters {
  let encoding: TextEncoding
  /// The text, where it had to be made from Windows-1252.
  private(set) var text: [UInt8] = []
  private(set) var broken: (byte: UInt8, position: Int, linesBefore: Int)?

  private var position = 1
  private var lines = 0
  private var lastWasReturn = false

  init(encoding: TextEncoding) { self.encoding = encoding }

  mutating func read(_ bytes: ArraySlice<UInt8>) {
    switch encoding {
    case .utf8: readUTF8(bytes)
    case .windows1252:
      for byte in bytes where broken == nil {
        if isControl(byte) || !Windows1252.append(byte, to: &text) { markBroken(byte) }
        pass(byte)
      }
    }
  }

  private mutating func readUTF8(_ bytes: ArraySlice<UInt8>) {
    var sequence = UTF8Sequence()
    var first: UInt8 = 0
    for byte in bytes where broken == nil {
      if sequence.isBetween { first = byte }
      switch sequence.take(byte) {
      case .pending: break
      case .stray, .strayBefore: markBroken(first)
      case .complete:
        if isControl(byte), byte < 0x80 { markBroken(byte) }
        pass(byte)
      }
    }
    if broken == nil, !sequence.isBetween { markBroken(first) }
  }

  /// Tab and line ends are for the cell's own check: in a column that nobody reads they do no harm.
  private func isControl(_ byte: UInt8) -> Bool {
    byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D)
  }

  private mutating func markBroken(_ byte: UInt8) { broken = (byte, position, lines) }

  private mutating func pass(_ byte: UInt8) {
    position += 1
    if byte == 0x0D || (byte == 0x0A && !lastWasReturn) { lines += 1 }
    lastWasReturn = byte == 0x0D
  }
}
