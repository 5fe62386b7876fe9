import Postgres

/// One row of `app.starter_explanation`, read by the names of its columns.
struct ExplanationRow {
  enum Column: Int {
    case judgedOn, policyVersion, windowFrom, windowUntil, daysLeft, coverage, urgency, employment
    case part, code, category, reason, id, fromDate, untilDate, countsFrom, amount, untilAfter
  }

  let rows: Rows
  let index: Int

  func string(_ column: Column) -> String? { rows.string(index, column.rawValue) }

  func int(_ column: Column) throws(PostgresError) -> Int? { try rows.int(index, column.rawValue) }

  func date(_ column: Column) throws(PostgresError) -> CivilDate? {
    guard let date = rows.withBytes(index, column.rawValue, { Self.date($0) }) else { return nil }
    return try needed(date, column)
  }

  func code<Code: RawRepresentable<String>>(_ column: Column) throws(PostgresError) -> Code {
    try needed(string(column).flatMap { Code(rawValue: $0) }, column)
  }

  func needed<Value>(_ value: Value?, _ column: Column) throws(PostgresError) -> Value {
    guard let value else {
      throw .decoding(column: "\(column)", row: index, expected: "\(Value.self)")
    }
    return value
  }

  /// `YYYY-MM-DD` as PostgreSQL writes it, straight from the result's bytes.
  private static func date(_ text: UnsafeRawBufferPointer) -> CivilDate? {
    guard text.count == 10 else { return nil }
    func number(_ range: Range<Int>) -> Int {
      range.reduce(0) { $0 * 10 + Int(text[$1]) - Int(UInt8(ascii: "0")) }
    }
    return CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
  }
}
