import Postgres
import Program

/// A run as one JSON object: `run`, `figures`, `rows`, the rows in order and each on a line of its own.
struct JSONRows: RowEncoder {
  private enum Kind { case text, number, list }

  private let run: Run
  private let figures: [UInt8]?
  /// What is written before each cell, and what the cell is.
  private let cells: [(key: [UInt8], kind: Kind)]
  private var isFirst = true

  init(_ run: Run, _ report: any Report, figures: [UInt8]?) {
    self.run = run
    self.figures = figures
    let kinds = Dictionary(report.columns.map { ($0.key, $0.kind) }, uniquingKeysWith: { first, _ in first })
    cells = run.columns.map { name in
      let key = Array(",".utf8) + Self.quoted(name) + Array(":".utf8)
      return switch kinds[name] {
      case .wholeNumber: (key, .number)
      case .codes: (key, .list)
      // A column of an earlier day that the report no longer has is text.
      case .code, .date, nil: (key, .text)
      }
    }
  }

  var rows: BoundStatement { RunRows.all(of: run) }

  func begin(_ bytes: inout [UInt8]) {
    bytes += #"{"run":"#.utf8
    bytes += header
    bytes += #","figures":"#.utf8
    bytes += figures ?? Array("null".utf8)
    bytes += #","rows":["#.utf8
  }

  mutating func append(_ row: Row, to bytes: inout [UInt8]) {
    bytes += (isFirst ? "\n" : ",\n").utf8
    isFirst = false
    bytes += #"{"person":{"id":"#.utf8
    append(row.string(RunRows.Place.personID), to: &bytes)
    bytes += #","name":"#.utf8
    append(row.string(RunRows.Place.person), to: &bytes)
    bytes += #"},"school":{"id":"#.utf8
    append(row.string(RunRows.Place.schoolID), to: &bytes)
    bytes += #","code":"#.utf8
    append(row.string(RunRows.Place.schoolCode), to: &bytes)
    bytes += #","name":"#.utf8
    append(row.string(RunRows.Place.school), to: &bytes)
    bytes.append(UInt8(ascii: "}"))
    for (index, cell) in cells.enumerated() {
      bytes += cell.key
      append(row, RunRows.Place.cells + index, as: cell.kind, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  func end(_ bytes: inout [UInt8]) {
    bytes += "\n]}\n".utf8
  }

  private func append(_ row: Row, _ column: Int, as kind: Kind, to bytes: inout [UInt8]) {
    switch kind {
    case .text:
      append(row.string(column), to: &bytes)
    case .number:
      bytes += row.bytes(column) ?? Array("null".utf8)
    case .list:
      var text = JSONText()
      text.array { list in
        for code in (row.string(column) ?? "").split(separator: " ") { list.string(String(code)) }
      }
      bytes += text.bytes
    }
  }

  private func append(_ value: String?, to bytes: inout [UInt8]) {
    bytes += value.map(Self.quoted) ?? Array("null".utf8)
  }

  private static func quoted(_ value: String) -> [UInt8] {
    var text = JSONText(capacity: value.utf8.count + 2)
    text.string(value)
    return text.bytes
  }

  private var header: [UInt8] {
    var text = JSONText()
    text.object { header in
      header.member("id", run.id.description)
      header.member("report", run.report)
      header.member("as_of", run.asOf.description)
      header.member("period", run.period?.description)
      header.member("late", run.isLate)
      header.member("revision", run.revision)
      header.member("policy_version", run.policyVersion)
      header.member("schema_version", run.schemaVersion)
      header.member("finished_at", run.finishedAt)
      header.member("row_count", run.rowCount)
      header.member("row_hash", run.rowHash)
    }
    return text.bytes
  }
}
