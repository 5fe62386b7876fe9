import Postgres
import Program

/// Rows within one JSON object, in order and each on a line of its own. What stands before them is the document's.
struct JSONRows: RowEncoder {
  private let sheet: Sheet
  /// The object as far as the rows: opened, with its members and the comma after them.
  private let head: [UInt8]
  /// What is written before the value of each part.
  private let keys: [[UInt8]]
  private var isFirst = true

  init(_ sheet: Sheet, head: [UInt8]) {
    self.sheet = sheet
    self.head = head
    keys = sheet.parts.enumerated().map { index, part in
      Array((index == 0 ? "{" : ",").utf8) + Self.quoted(part.key) + Array(":".utf8)
    }
  }

  var rows: BoundStatement { sheet.rows }

  func begin(_ bytes: inout [UInt8]) {
    bytes += head
    bytes += #""rows":["#.utf8
  }

  mutating func append(_ row: Row, to bytes: inout [UInt8]) {
    bytes += (isFirst ? "\n" : ",\n").utf8
    isFirst = false
    for (key, part) in zip(keys, sheet.parts) {
      bytes += key
      append(part, of: row, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  func end(_ bytes: inout [UInt8]) {
    bytes += "\n]}\n".utf8
  }

  private func append(_ part: Sheet.Part, of row: Row, to bytes: inout [UInt8]) {
    switch part.kind {
    case .named: append(["id", "name"], of: row, from: part.place, to: &bytes)
    case .school: append(["id", "code", "name"], of: row, from: part.place, to: &bytes)
    case .cell(.wholeNumber), .cell(.schoolYear), .cell(.decimal): bytes += row.bytes(part.place) ?? Array("null".utf8)
    case .cell(.codes):
      var text = JSONText()
      text.array { list in
        for code in (row.string(part.place) ?? "").split(separator: " ") { list.string(String(code)) }
      }
      bytes += text.bytes
    case .cell: append(row.string(part.place), to: &bytes)
    }
  }

  private func append(_ names: [String], of row: Row, from place: Int, to bytes: inout [UInt8]) {
    for (index, name) in names.enumerated() {
      bytes += #"\#(index == 0 ? "{" : ",")"\#(name)":"#.utf8
      append(row.string(place + index), to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func append(_ value: String?, to bytes: inout [UInt8]) {
    bytes += value.map(Self.quoted) ?? Array("null".utf8)
  }

  private static func quoted(_ value: String) -> [UInt8] {
    var text = JSONText(capacity: value.utf8.count + 2)
    text.string(value)
    return text.bytes
  }
}

extension Run {
  /// Its header.
  var json: [UInt8] {
    var text = JSONText()
    text.object { header in
      header.member("id", id.description)
      header.member("report", report)
      header.member("as_of", asOf.description)
      header.member("period", period?.description)
      header.member("late", isLate)
      header.member("revision", revision)
      header.member("policy_version", policyVersion)
      header.member("schema_version", schemaVersion)
      header.member("finished_at", finishedAt)
      header.member("duration_ms", durationMilliseconds)
      header.member("row_count", rowCount)
      header.member("row_hash", rowHash)
    }
    return text.bytes
  }
}
