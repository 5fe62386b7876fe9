/// A column of a kind of import.
struct ImportColumn: Sendable {
  /// Its name in SQL, and in the faults that SQL finds.
  let name: String
  /// What it may be called in a file, in capitals.
  let headings: [String]
  let format: CellFormat
  /// A row must have a value in it.
  let isRequired: Bool
  /// The value is copied to the database; otherwise only other columns look at it, and a file may do without.
  let isStored: Bool

  init(_ name: String, _ headings: [String], _ format: CellFormat, isRequired: Bool = false, isStored: Bool = true) {
    self.name = name
    self.headings = headings
    self.format = format
    self.isRequired = isRequired
    self.isStored = isStored
  }
}

/// One row while it is read: lets a column's format look at other columns.
struct CellRow {
  let record: CSVRecord
  let header: ImportHeader

  /// The cell of the column with this name, trimmed; nil when it is empty or there is no such column.
  func cell(_ name: String) -> Cell? {
    header.place(of: name).flatMap { cell(at: $0) }
  }

  func cell(at field: Int) -> Cell? {
    var range = record.range(field)
    let bytes = record.bytes
    while let length = Self.space(in: bytes[range]) { range = range.lowerBound + length..<range.upperBound }
    while let length = Self.trailingSpace(in: bytes[range]) { range = range.lowerBound..<range.upperBound - length }
    return range.isEmpty ? nil : bytes[range]
  }

  /// Space, tab, or no-break space (C2 A0), which spreadsheets leave behind.
  private static func space(in bytes: Cell) -> Int? {
    guard let first = bytes.first else { return nil }
    if first == 0x20 || first == 0x09 { return 1 }
    return first == 0xC2 && bytes.dropFirst().first == 0xA0 ? 2 : nil
  }

  private static func trailingSpace(in bytes: Cell) -> Int? {
    guard let last = bytes.last else { return nil }
    if last == 0x20 || last == 0x09 { return 1 }
    return last == 0xA0 && bytes.dropLast().last == 0xC2 ? 2 : nil
  }
}
