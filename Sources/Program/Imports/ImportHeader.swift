/// The first record of a file, understood: which of its fields belong to which columns of the kind.
struct ImportHeader: Sendable {
  let kind: ImportKind
  /// How many fields each record has to have.
  let width: Int
  /// The headings as they stand in the file.
  let headings: [String]
  /// For each column of the kind its field in the file.
  let fields: [Int?]

  /// Reads it, and says what is missing or there twice.
  init(_ record: CSVRecord, of kind: ImportKind, faults: inout ImportFaults) {
    self.kind = kind
    let headings = (0..<record.count).map { Self.trimmed(record.string($0)) }
    let capitals = headings.map { $0.uppercased() }
    self.headings = headings
    width = record.count

    var fields: [Int?] = []
    for column in kind.columns {
      let places = capitals.indices.filter { column.headings.contains(capitals[$0]) }
      if places.count > 1 {
        faults.append(ImportFault(line: record.line, column: headings[places[1]], code: .doubledColumn))
      } else if places.isEmpty, column.isStored {
        let expected = column.headings.first.map { kind.showsLowerCase ? $0.lowercased() : $0 }
        faults.append(ImportFault(line: record.line, column: expected, code: .missingColumn))
      }
      fields.append(places.first)
    }
    self.fields = fields

    guard let prose = kind.refusedProse else { return }
    for field in headings.indices where !fields.contains(field) {
      // A file without headings begins with cells, which are not repeated.
      let isProse = prose.isMeant(by: Array(headings[field].utf8)[...])
      guard isProse || prose.isMeant(byHeading: headings[field]) else { continue }
      let column = isProse ? "#\(field + 1)" : label(ofField: field)
      faults.append(ImportFault(line: record.line, column: column, code: .prose))
    }
  }

  /// Headings that files of this kind do not have.
  var unknownColumns: [String] {
    headings.indices
      .filter { !fields.contains($0) && !kind.passedOver.contains(headings[$0].uppercased()) }
      .map { label(ofField: $0) }
  }

  /// The field of the column with this name.
  func place(of name: String) -> Int? {
    kind.columns.firstIndex { $0.name == name }.flatMap { fields[$0] }
  }

  /// What the file calls the column that SQL calls `name`.
  func heading(of name: String) -> String {
    place(of: name).map { label(ofField: $0) } ?? name
  }

  /// The heading of a field, or its ordinal where it has none.
  func label(ofField field: Int) -> String {
    field < headings.count && !headings[field].isEmpty ? ImportFault.shortened(headings[field]) : "#\(field + 1)"
  }

  private static func trimmed(_ heading: String) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
    return String(heading.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
