/// The first line of a file while it comes in, which tells the delimiter.
struct HeadingLine: Sendable {
  private var bytes: [UInt8] = []
  private var examined = 0
  private var commas = 0
  private var semicolons = 0
  private var isQuoted = false
  /// The line has ended, or is longer than any header.
  private(set) var isComplete = false

  /// What the line has more of; a comma where it has as many.
  var delimiter: UInt8 { semicolons > commas ? UInt8(ascii: ";") : UInt8(ascii: ",") }

  mutating func append(_ chunk: [UInt8]) {
    bytes += chunk
    while examined < bytes.count, !isComplete {
      switch bytes[examined] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: commas += 1
      case UInt8(ascii: ";") where !isQuoted: semicolons += 1
      // Lines before the header that hold nothing do not tell anything.
      case 0x0A, 0x0D: isComplete = !isQuoted && commas + semicolons > 0
      default: break
      }
      examined += 1
    }
    if examined > CSVReader.recordLimit { isComplete = true }
  }

  /// All that has come in, without the byte order mark.
  var text: [UInt8] {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }
}
