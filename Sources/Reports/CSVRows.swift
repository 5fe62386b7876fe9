import Postgres

/// A run as CSV (RFC 4180): a line of names, then the rows. Codes, whole numbers and ISO dates, in every language the
/// same; the name of a person who was erased is an empty cell.
struct CSVRows: RowEncoder {
  let run: Run
  let hasByteOrderMark: Bool

  init(_ run: Run, hasByteOrderMark: Bool) {
    self.run = run
    self.hasByteOrderMark = hasByteOrderMark
  }

  var rows: BoundStatement { RunRows.all(of: run) }

  func begin(_ bytes: inout [UInt8]) {
    if hasByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
    let names = ["person_id", "person", "school_id", "school_code", "school"] + run.columns
    for (index, name) in names.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVCell.append(name.utf8, to: &bytes)
    }
    endLine(&bytes)
  }

  func append(_ row: Row, to bytes: inout [UInt8]) {
    for column in 0..<(RunRows.Place.cells + run.columns.count) {
      if column > 0 { bytes.append(UInt8(ascii: ",")) }
      row.withBytes(column) { CSVCell.append($0, to: &bytes) }
    }
    endLine(&bytes)
  }

  func end(_ bytes: inout [UInt8]) {}

  private func endLine(_ bytes: inout [UInt8]) {
    bytes.append(0x0D)
    bytes.append(0x0A)
  }
}
