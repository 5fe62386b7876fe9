import Postgres
import Program

/// A run as a page that is complete in itself: no script, no font, no picture from elsewhere.
struct HTMLRows: RowEncoder {
  private static let batch = 64

  private let template: PageTemplate
  private let page: RunPage
  private let run: Run
  private let listing: Listing
  private let wording: Wording
  private let shown: [Shown]
  private let remarked: [(column: Shown, except: [String])]
  private let groupColumn: Int?
  private var group: String?
  private var pending: [ListedRow] = []

  init(_ page: RunPage, _ run: Run, _ report: any Report, _ language: Language) throws {
    template = try PageTemplate()
    self.page = page
    self.run = run
    listing = report.listing
    wording = Wording(language)
    func column(_ key: String) -> Shown? {
      guard let column = report.columns.first(where: { $0.key == key }), let position = run.position(of: key) else {
        return nil
      }
      return Shown(column, at: RunRows.Place.cells + position - 1, language)
    }
    shown = report.listing.shown.compactMap(column)
    remarked = report.listing.remarks.compactMap { remark in column(remark.column).map { ($0, remark.except) } }
    groupColumn = run.position(of: report.listing.group).map { RunRows.Place.cells + $0 - 1 }
  }

  var rows: BoundStatement { RunRows.listed(listing, of: run) }

  func begin(_ bytes: inout [UInt8]) {
    bytes += template.head.render(Head(page: page, columns: shown)).utf8
  }

  mutating func append(_ row: Row, to bytes: inout [UInt8]) {
    let value = groupColumn.flatMap { row.string($0) }
    if value != group {
      endGroup(&bytes)
      beginGroup(value, &bytes)
    }
    pending.append(
      ListedRow(
        person: row.string(RunRows.Place.person) ?? "—", school: row.string(RunRows.Place.school) ?? "—",
        cells: shown.map { $0.cell(of: row, wording) }, remarks: remarks(of: row)))
    if pending.count == Self.batch { writePending(&bytes) }
  }

  mutating func end(_ bytes: inout [UInt8]) {
    endGroup(&bytes)
    bytes += template.foot.render(Foot(page: page)).utf8
  }

  private func remarks(of row: Row) -> String {
    remarked.filter { !$0.except.contains($0.column.value(of: row)) }
      .map { $0.column.cell(of: row, wording).text }
      .filter { !$0.isEmpty }
      .joined(separator: "; ")
  }

  private mutating func beginGroup(_ value: String?, _ bytes: inout [UInt8]) {
    group = value
    guard let value, let place = listing.order.first(where: { $0.value == value }) else { return }
    let heading = GroupHeading(
      value: value, title: place.title(wording.language), count: wording.number(page.groupCounts[value] ?? 0),
      span: shown.count + 3)
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
  let columns: [Shown]
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
  let person, school: String
  let cells: [ListedCell]
  let remarks: String
}

private struct ListedCell {
  let text, iso: String
  let isNumber, isDate: Bool
}

/// A column of the list: where its cell stands, and how it is worded.
private struct Shown {
  let label: String
  let isNumber: Bool
  private let kind: Column.Kind
  private let place: Int

  init(_ column: Column, at place: Int, _ language: Language) {
    label = column.label(language)
    kind = column.kind
    self.place = place
    if case .wholeNumber = column.kind { isNumber = true } else { isNumber = false }
  }

  /// The cell as stored; empty where there is nothing.
  func value(of row: Row) -> String { row.string(place) ?? "" }

  func cell(of row: Row, _ wording: Wording) -> ListedCell {
    let value = value(of: row)
    switch kind {
    case .date:
      guard let date = CivilDate(value) else { return text("") }
      return ListedCell(text: wording.shortDate(date), iso: value, isNumber: false, isDate: true)
    case .wholeNumber:
      return text(Int(value).map { wording.number($0) } ?? value)
    case .code(let labels):
      return text(labels[value]?(wording.language) ?? value)
    case .codes(let labels):
      return text(
        value.split(separator: " ").map { labels[String($0)]?(wording.language) ?? String($0) }.joined(separator: ", "))
    }
  }

  private func text(_ text: String) -> ListedCell {
    ListedCell(text: text, iso: "", isNumber: isNumber, isDate: false)
  }
}
