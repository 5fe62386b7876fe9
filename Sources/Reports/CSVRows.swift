import Postgres

/// Rows as CSV (RFC 4180): a line of names, then the rows. Codes, numbers with a point and ISO dates, in every language the
/// same; the name of a person who was erased is an empty cell.
struct CSVRows: RowEncoder {
  private let sheet: Sheet
  private let hasByteOrderMark: Bool
  private let fieldCount: Int

  init(_ sheet: Sheet, hasByteOrderMark: Bool) {
    self.sheet = sheet
    self.hasByteOrderMark = hasByteOrderMark
    fieldCount = sheet.fieldNames.count
  }

  var rows: BoundStatement { sheet.rows }

  func begin(_ bytes: inout [UInt8]) {
    if hasByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
    for (index, name) in sheet.fieldNames.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVCell.append(name.utf8, to: &bytes)
    }
    endLine(&bytes)
  }

  func append(_ row: Row, to bytes: inout [UInt8]) {
    for field in 0..<fieldCount {
      if field > 0 { bytes.append(UInt8(ascii: ",")) }
      row.withBytes(field) { CSVCell.append($0, to: &bytes) }
    }
    endLine(&bytes)
  }

  func end(_ bytes: inout [UInt8]) {}

  private func endLine(_ bytes: inout [UInt8]) {
    bytes.append(0x0D)
    bytes.append(0x0A)
  }
}
