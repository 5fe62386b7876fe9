import Postgres
import Program

/// Rows on a page that is complete in itself: no script, no font, no picture from elsewhere. Every cell is there, in
/// words for people, and beside them as the other formats have it: a day in `time`, what is not a text in `data`.
struct HTMLRows: RowEncoder {
  private static let batch = 64

  private let template: PageTemplate
  private let page: RunPage
  private let sheet: Sheet
  private let wording: Wording
  private let parts: [Sheet.Part]
  private let keyPlace: Int?
  private let groupPlace: Int
  private var group: String?
  private var pending: [ListedRow] = []

  init(_ page: RunPage, _ sheet: Sheet, _ language: Language) throws {
    template = try PageTemplate()
    self.page = page
    self.sheet = sheet
    wording = Wording(language)
    // The key is the row's own address on the page, and no cell.
    parts = sheet.parts.filter { $0.key != Column.key.key }
    keyPlace = sheet.parts.first { $0.key == Column.key.key }?.place
    groupPlace = sheet.fieldNames.count
  }

  var rows: BoundStatement { sheet.groupedRows }

  func begin(_ bytes: inout [UInt8]) {
    let columns = parts.map { Heading(label: $0.label(wording.language), isNumber: $0.isNumber) }
    bytes += template.head.render(Head(page: page, columns: columns)).utf8
  }

  mutating func append(_ row: Row, to bytes: inout [UInt8]) {
    let value = row.string(groupPlace) ?? ""
    if value != group {
      endGroup(&bytes)
      beginGroup(value, &bytes)
    }
    pending.append(
      ListedRow(
        key: keyPlace.flatMap { row.string($0) },
        cells: parts.enumerated().map { index, part in
          ListedCell(part, of: row, wording, isHeading: index == 0)
        }))
    if pending.count == Self.batch { writePending(&bytes) }
  }

  mutating func end(_ bytes: inout [UInt8]) {
    endGroup(&bytes)
    bytes += template.foot.render(Foot(page: page)).utf8
  }

  private mutating func beginGroup(_ value: String, _ bytes: inout [UInt8]) {
    group = value
    let title = sheet.groups.first { $0.value == value }?.title ?? sheet.rest
    let heading = GroupHeading(
      value: value.isEmpty ? "rest" : value, title: title(wording.language),
      count: wording.number(page.groupCounts[value] ?? 0), span: parts.count)
    bytes += template.groupBegin.render(heading).utf8
  }

  private mutating func endGroup(_ bytes: inout [UInt8]) {
    guard group != nil else { return }
    writePending(&bytes)
    bytes += template.groupEnd.render(page).utf8
    group = nil
  }

  private mutating func writePending(_ bytes: inout [UInt8]) {
    guard !pending.isEmpty else { return }
    bytes += template.rows.render(ListedRows(rows: pending)).utf8
    pending.removeAll(keepingCapacity: true)
  }
}

private struct Head {
  let page: RunPage
  let columns: [Heading]
}

private struct Heading {
  let label: String
  let isNumber: Bool
}

private struct Foot {
  let page: RunPage
}

private struct GroupHeading {
  let value, title, count: String
  let span: Int
}

private struct ListedRows {
  let rows: [ListedRow]
}

private struct ListedRow {
  let key: String
  let hasKey: Bool
  let cells: [ListedCell]

  init(key: String?, cells: [ListedCell]) {
    self.key = key ?? ""
    hasKey = key != nil
    self.cells = cells
  }
}

/// A cell as people read it, and as programs do.
private struct ListedCell {
  let text: String
  /// As in the other formats; empty where there is nothing.
  let value: String
  /// What stands small after it.
  let code: String
  let hasCode: Bool
  let isHeading, isNumber, isDate, isName, isData: Bool

  init(_ part: Sheet.Part, of row: Row, _ wording: Wording, isHeading: Bool) {
    let value = row.string(part.place) ?? ""
    self.value = value
    self.isHeading = isHeading
    isNumber = part.isNumber
    switch part.kind {
    case .named:
      (text, code) = (value.isEmpty ? "" : row.string(part.place + 1) ?? "—", "")
      (isName, isDate, isData) = (!value.isEmpty, false, false)
    case .school:
      (text, code) = (value.isEmpty ? "" : row.string(part.place + 2) ?? "—", row.string(part.place + 1) ?? "")
      (isName, isDate, isData) = (!value.isEmpty, false, false)
    case .cell(let kind):
      (text, code) = (value.isEmpty ? "" : kind.words(value, wording), "")
      let isDay = if case .date = kind { !value.isEmpty } else { false }
      (isName, isDate, isData) = (false, isDay, !isDay && !value.isEmpty)
    }
    hasCode = !code.isEmpty
  }
}

extension Sheet.Part {
  var isNumber: Bool {
    switch kind {
    case .cell(.wholeNumber), .cell(.schoolYear), .cell(.decimal): true
    case .named, .school, .cell: false
    }
  }
}

extension Column.Kind {
  /// A cell that is not empty, as people read it.
  func words(_ value: String, _ wording: Wording) -> String {
    switch self {
    case .date: CivilDate(value).map { wording.shortDate($0) } ?? value
    case .wholeNumber: Int(value).map { wording.number($0) } ?? value
    case .schoolYear: Int(value).map { wording.schoolYear($0) } ?? value
    case .decimal(let places): wording.decimal(value, places)
    case .code(let labels): labels[value]?(wording.language) ?? value
    case .codes(let labels):
      value.split(separator: " ").map { labels[String($0)]?(wording.language) ?? String($0) }.joined(separator: ", ")
    case .person, .carrier: value
    }
  }
}
