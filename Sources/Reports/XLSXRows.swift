import Postgres
import Program

/// Rows as a spreadsheet: the same fields as in CSV, numbers as numbers and days as days, codes as codes; what they mean
/// stands on a sheet of its own.
struct XLSXRows {
  private let sheet: Sheet
  private let language: Language
  private let workbook: Workbook
  private var sheets = 0

  init(_ sheet: Sheet, title: String, of run: Run, _ language: Language) throws {
    self.sheet = sheet
    self.language = language
    workbook = try Workbook(dateFormat: language(dutch: "[$-413]d-m-yyyy", english: "[$-809]d mmm yyyy"))
    try workbook.setProperties(
      title: title,
      [
        ("run", run.id.description), ("report", run.report), ("as_of", run.asOf.description),
        ("policy_version", String(run.policyVersion)), ("row_hash", run.rowHash),
      ])
    try beginSheet()
  }

  private mutating func beginSheet() throws {
    sheets += 1
    let name = language(dutch: "Rijen", english: "Rows") + (sheets > 1 ? " \(sheets)" : "")
    try workbook.beginSheet(name, sheet.parts.flatMap { $0.headings(language) })
  }

  mutating func append(_ row: Row) throws {
    if workbook.isFull {
      try workbook.endSheet(columns: sheet.fieldNames.count)
      try beginSheet()
    }
    workbook.nextRow()
    for part in sheet.parts {
      for field in part.place..<part.place + part.fields.count {
        guard let value = row.string(field), !value.isEmpty else { continue }
        try write(value, at: field, part.kind)
      }
    }
  }

  private func write(_ value: String, at field: Int, _ kind: Sheet.Part.Kind) throws {
    switch kind {
    case .cell(.wholeNumber):
      if let number = Double(value) { return try workbook.write(number, at: field, .wholeNumber) }
    case .cell(.schoolYear):
      if let year = Double(value) { return try workbook.write(year, at: field, .year) }
    case .cell(.decimal):
      if let number = Double(value) { return try workbook.write(number, at: field, .decimal) }
    case .cell(.date):
      if let (year, month, day) = CivilDate(value)?.components {
        return try workbook.write(year: year, month: month, day: day, at: field)
      }
    case .named, .school, .cell: break
    }
    try workbook.write(value, at: field)
  }

  /// Packs it and hands it out in pieces.
  func finish(piece: Int, to sink: (ArraySlice<UInt8>) async throws -> Void) async throws {
    try workbook.endSheet(columns: sheet.fieldNames.count)
    try writeMeanings()
    try await workbook.finish()
    try await workbook.read(piece: piece, sink)
  }

  private func writeMeanings() throws {
    let headings = [
      language(dutch: "Kolom", english: "Column"), language(dutch: "In CSV en JSON", english: "In CSV and JSON"),
      language(dutch: "Code", english: "Code"), language(dutch: "Betekenis", english: "Meaning"),
    ]
    try workbook.beginSheet(
      language(dutch: "Betekenis", english: "Meaning"), zip(headings, [28, 24, 28, 40]).map { ($0, $1, false) })
    for part in sheet.parts {
      let meanings = part.meanings.sorted { $0.key < $1.key }
      for (code, meaning) in meanings.isEmpty ? [("", nil)] : meanings.map({ ($0.key, Optional($0.value)) }) {
        workbook.nextRow()
        try workbook.write(part.label(language), at: 0)
        try workbook.write(part.key, at: 1)
        if !code.isEmpty { try workbook.write(code, at: 2) }
        if let meaning { try workbook.write(meaning(language), at: 3) }
      }
    }
    try workbook.endSheet(columns: headings.count)
  }
}

extension Sheet.Part {
  /// Above each of its fields; ids are there and out of sight.
  fileprivate func headings(_ language: Language) -> [(heading: String, width: Double, isHidden: Bool)] {
    let name = label(language)
    return switch kind {
    case .named: [(name + " (id)", 38, true), (name, 30, false)]
    case .school: [(name + " (id)", 38, true), (name + " (code)", 10, false), (name, 32, false)]
    case .cell(.code), .cell(.codes): [(name, key == Column.key.key ? 38 : 20, key == Column.key.key)]
    case .cell: [(name, 14, false)]
    }
  }

  fileprivate var meanings: [String: LocalizedText] {
    switch kind {
    case .cell(let kind): kind.meanings
    case .named, .school: [:]
    }
  }
}
