import Postgres
import Testing

@Suite("The starter rules, in SQL and by hand")
struct StarterRulesTests {
  @Test("agree on ten thousand careers, on every day asked for", .timeLimit(.minutes(5)))
  func agree() async throws {
    let made = try await CareerDatabase.generated.value
    try await made.database.with { database in
      for day in CareerDatabase.days {
        let statuses = try await CareerDatabase.statuses(on: day)
        let rows = try await database.withSession { try await $0.query(Self.statement(.text(Calendar.text(day)))) }
        #expect(rows.count == made.careers.count)
        var failures = 0
        for (career, (status, row)) in zip(made.careers, zip(statuses, rows)) {
          let byHand = Self.line(of: status, career)
          let found = (0..<rows.columnCount).map { row.string($0) ?? "–" }
          guard found != byHand else { continue }
          failures += 1
          if failures <= 5 {
            Issue.record("on \(Calendar.text(day))\n\(career)\n  by hand \(byHand)\n  in SQL  \(found)")
          }
        }
        #expect(failures == 0, "of \(rows.count) careers on \(Calendar.text(day))")
      }
    }
  }

  @Test("are tried on every case that they tell apart")
  func coverEveryCase() async throws {
    let statuses = try await CareerDatabase.statuses(on: Calendar.number("2026-11-23"))
    let coverage = Dictionary(grouping: statuses, by: \.coverage).mapValues(\.count)
    let urgency = Dictionary(grouping: statuses, by: \.urgency).mapValues(\.count)
    let employment = Dictionary(grouping: statuses, by: \.employment).mapValues(\.count)
    for kind in ["out_of_scope", "covered", "covered_late", "exempt", "recorded", "planned", "open"] {
      #expect(coverage[kind] ?? 0 > 100, "\(kind)")
    }
    for kind in ["overdue", "at_risk", "due_soon", "none"] { #expect(urgency[kind] ?? 0 > 30, "\(kind)") }
    for kind in ["future", "active", "paused", "left"] { #expect(employment[kind] ?? 0 > 30, "\(kind)") }
    #expect(statuses.filter { $0.windowFrom != nil && $0.windowUntil == nil }.count > 500)
    #expect(statuses.filter { !$0.missing.isEmpty && $0.coverage == "out_of_scope" }.count > 50)
  }

  private static let statement = Statement(
    """
    select person_id, school_id, window_from, window_until, days_left, coverage, urgency, employment, cohort,
      data_incomplete, covered_on, policy_version, first_day, assumed_from, assumed_until, recorded_on, planned_for,
      exempt_until
    from app.starter_calculation($1)
    order by person_id
    """)

  private static func line(of status: StarterByHand.Status, _ career: Career) -> [String] {
    func day(_ number: Int?) -> String { number.map(Calendar.text) ?? "–" }
    func number(_ value: Int?) -> String { value.map(String.init) ?? "–" }
    return [
      career.id, CareerDatabase.schoolID(status.school), day(status.windowFrom), day(status.windowUntil),
      number(status.daysLeft), status.coverage, status.urgency, status.employment, number(status.cohort),
      "{" + status.missing.joined(separator: ",") + "}", day(status.coveredOn), "\(status.policy)",
      day(status.firstDay), day(status.windowFrom ?? status.firstDay), day(status.assumedUntil), day(status.recordedOn),
      day(status.plannedFor), day(status.exemptUntil),
    ]
  }
}
