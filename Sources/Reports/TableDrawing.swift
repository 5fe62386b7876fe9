/// A table of figures, laid out: headings over groups of columns, and a small bar for each row.
struct TableDrawing {
  let title, name: String
  let groups: [Group]
  let columns: [Column]
  let rows: [Row]

  /// A heading over neighbours; an empty one over columns that have none.
  struct Group {
    let label: String
    let span: Int
    let isEmpty: Bool
  }

  struct Column {
    let label: String
    let isFirst: Bool
  }

  struct Row {
    let name, note: String
    let isTotal: Bool
    let cells: [Cell]
    let segments: [Segment]
  }

  struct Cell {
    let text: String
    let isZero, isAlarming, isFirst: Bool
  }

  /// Place and width of a part in a bar of a hundred.
  struct Segment {
    let tone: String
    let x, width: Int
  }

  init(_ table: Summary.Table, kinds: [Summary.Chart.Kind]) {
    title = table.title
    name = table.name
    groups = Self.groups(table.columns)
    let isFirst = table.columns.indices.map { $0 == 0 || table.columns[$0].group != table.columns[$0 - 1].group }
    columns = zip(table.columns, isFirst).map { Column(label: $0.label, isFirst: $1) }
    rows = table.rows.map { row in
      Row(
        name: row.name, note: row.note, isTotal: row.isTotal,
        cells: zip(row.cells, isFirst).map {
          Cell(text: $0.text, isZero: $0.isZero, isAlarming: $0.isAlarming, isFirst: $1)
        },
        segments: Self.segments(row.parts, kinds))
    }
  }

  private static func groups(_ columns: [Summary.Table.Column]) -> [Group] {
    var groups: [Group] = []
    for (index, column) in columns.enumerated() {
      if index > 0, columns[index - 1].group == column.group, let last = groups.popLast() {
        groups.append(Group(label: last.label, span: last.span + 1, isEmpty: last.isEmpty))
      } else {
        groups.append(Group(label: column.group ?? "", span: 1, isEmpty: column.group == nil))
      }
    }
    return groups
  }

  private static func segments(_ parts: [Int], _ kinds: [Summary.Chart.Kind]) -> [Segment] {
    let total = max(parts.reduce(0, +), 1)
    var before = 0
    var segments: [Segment] = []
    for (kind, part) in zip(kinds, parts) where part > 0 {
      let (x, end) = (before * 100 / total, (before + part) * 100 / total)
      segments.append(Segment(tone: kind.tone, x: x, width: max(end - x, 1)))
      before += part
    }
    return segments
  }
}
