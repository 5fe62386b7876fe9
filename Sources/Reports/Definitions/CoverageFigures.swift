import Postgres

/// The figures of one set of starters, as the database reckons them from a run's rows.
struct CoverageFigures: Sendable {
  let starters, open, planned, recorded, covered, coveredLate, exempt: Int
  let dueSoon, atRisk, overdue, paused, dataIncomplete: Int
  /// Shares with four decimals; nil where nobody counts.
  let coverageRate, onTimeRate: String?

  /// From the columns of `beeld.coverage_figures`, the first of which is `first`.
  init(_ row: Row, from first: Int) throws {
    func count(_ offset: Int) throws -> Int { try row.int(first + offset) ?? 0 }
    starters = try count(0)
    open = try count(1)
    planned = try count(2)
    recorded = try count(3)
    covered = try count(4)
    coveredLate = try count(5)
    exempt = try count(6)
    dueSoon = try count(7)
    atRisk = try count(8)
    overdue = try count(9)
    paused = try count(10)
    dataIncomplete = try count(11)
    coverageRate = row.string(first + 12)
    onTimeRate = row.string(first + 13)
  }

  /// The parts into which coverage divides the starters, the best first.
  var parts: [Int] { [covered, coveredLate, recorded, planned, open, exempt] }
}

/// The figures of a run: of everyone, by school, by cohort.
struct CoverageLines: Sendable {
  var total: CoverageFigures?
  var schools: [(code: String?, name: String?, figures: CoverageFigures)] = []
  /// The school year of S; nil where S is not known.
  var cohorts: [(year: Int?, figures: CoverageFigures)] = []

  private static let statement = Statement(
    "select l.kind, l.school_code, l.school_name, l.cohort, (l.figures).* from app.report_coverage_lines($1) l")

  init(of run: Run, in session: Session) async throws {
    for row in try await session.query(Self.statement(.text(run.id.description))) {
      let figures = try CoverageFigures(row, from: 4)
      switch row.string(0) {
      case "school": schools.append((row.string(1), row.string(2), figures))
      case "cohort": cohorts.append((try row.int(3), figures))
      default: total = figures
      }
    }
  }
}
