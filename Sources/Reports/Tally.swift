import Postgres
import Program

/// How many rows a run has, by school and by the cell of one column; also where the one who asks sees no row.
struct Tally: Sendable {
  struct Count: Sendable {
    var rows = 0, attention = 0, serious = 0
    /// Rows by the value of the column.
    var by: [String: Int] = [:]

    /// What nothing is to be done about, what asks for attention, and what is serious, the worst first.
    var parts: [Int] { [serious, attention, rows - attention - serious] }

    mutating func add(_ number: Int, _ value: String?, _ severity: Int?) {
      rows += number
      if severity == 1 { attention += number }
      if severity == 2 { serious += number }
      if let value { by[value, default: 0] += number }
    }
  }

  var total = Count()
  var schools: [(code: String, name: String, count: Count)] = []
  /// What is of no school.
  var elsewhere = Count()
  /// By the value of the column.
  var groups: [String: Count] = [:]

  private static let tally = Statement(
    """
    select t.school_id, s.code, s.name, t.value, t.severity, t.number
    from app.report_tally($1, $2) t
    left join school s on s.id = t.school_id
    order by s.code, t.school_id
    """)
  private static let figures = Statement("select app.report_figures($1, $2)")

  /// The same as JSON.
  static func figures(of run: Run, by column: String) -> BoundStatement {
    figures(.text(run.id.description), .text(column))
  }

  init(of run: Run, by column: String, in session: Session) async throws {
    var school: String?
    for row in try await session.query(Self.tally(.text(run.id.description), .text(column))) {
      let (value, severity, number) = (row.string(3), try row.int(4), try row.int(5) ?? 0)
      total.add(number, value, severity)
      if let value { groups[value, default: Count()].add(number, nil, severity) }
      guard let id = row.string(0) else {
        elsewhere.add(number, value, severity)
        continue
      }
      if id != school { schools.append((row.string(1) ?? "", row.string(2) ?? "—", Count())) }
      school = id
      schools[schools.count - 1].count.add(number, value, severity)
    }
  }
}
