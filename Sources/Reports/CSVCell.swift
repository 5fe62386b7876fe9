/// A cell of CSV, and the one rule by which it is kept from running as a formula.
///
/// The rule: at the beginning of a cell, and after each `;`, tab or line break in it (a spreadsheet set to another
/// separator begins a cell there), a character that is one of `=` `+` `-` `@` `'`, tab, CR or LF is preceded by one
/// apostrophe. To undo it, drop each apostrophe that stands in such a place and take the character after it as it
/// is. A cell that is a whole number, such as `-114`, is left alone.
///
/// Quoting is that of RFC 4180: cells that hold a separator, a quote, a line break, or a blank at either end are quoted.
public enum CSVCell {
  /// Appends the cell, defused and quoted.
  public static func append(_ cell: some Sequence<UInt8>, to text: inout [UInt8]) {
    let start = text.count
    var isInitial = true
    var needsQuotes = false
    for byte in cell {
      if isInitial, isTrigger(byte) { text.append(apostrophe) }
      if byte == quote { text.append(quote) }
      text.append(byte)
      isInitial = isBreak(byte)
      needsQuotes = needsQuotes || isInitial || byte == quote || byte == comma
    }
    guard start < text.count else { return }
    if text[start] == apostrophe, isWholeNumber(text[(start + 1)...]) {
      text.remove(at: start)
    }
    if needsQuotes || text[start] == blank || text[text.count - 1] == blank {
      text.insert(quote, at: start)
      text.append(quote)
    }
  }

  /// The cell as it was before it was defused; quotes are gone already.
  public static func undefused(_ cell: some Sequence<UInt8>) -> [UInt8] {
    var original: [UInt8] = []
    var isInitial = true
    for byte in cell {
      if isInitial, byte == apostrophe {
        isInitial = false
        continue
      }
      original.append(byte)
      isInitial = isBreak(byte)
    }
    return original
  }

  private static let apostrophe = UInt8(ascii: "'"), quote = UInt8(ascii: "\""), comma = UInt8(ascii: ",")
  private static let blank = UInt8(ascii: " "), tab: UInt8 = 0x09, lineFeed: UInt8 = 0x0A, carriageReturn: UInt8 = 0x0D

  private static func isTrigger(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), apostrophe, tab, carriageReturn,
      lineFeed:
      true
    default: false
    }
  }

  private static func isBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == tab || byte == carriageReturn || byte == lineFeed
  }

  private static func isWholeNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
    return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
