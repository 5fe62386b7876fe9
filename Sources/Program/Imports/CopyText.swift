/// Rows in the text format of COPY, as they are made. Values hold no tab and no line end: their formats refuse them.
struct CopyText: Sendable {
  private(set) var bytes: [UInt8] = []
  private var rowStart = 0
  private var hasValue = false

  mutating func append(_ value: some Collection<UInt8>) {
    separate()
    for byte in value {
      if byte == UInt8(ascii: "\\") { bytes.append(byte) }
      bytes.append(byte)
    }
  }

  mutating func appendNull() {
    separate()
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: "N"))
  }

  mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    beginRow()
  }

  /// Takes back the row that was begun.
  mutating func discardRow() {
    bytes.removeSubrange(rowStart...)
    beginRow()
  }

  /// The finished rows; the text is empty afterwards, its memory kept for the next ones.
  mutating func take() -> [UInt8] {
    let rows = bytes
    bytes.removeAll(keepingCapacity: true)
    beginRow()
    return rows
  }

  private mutating func beginRow() {
    rowStart = bytes.count
    hasValue = false
  }

  private mutating func separate() {
    if hasValue { bytes.append(UInt8(ascii: "\t")) }
    hasValue = true
  }
}
