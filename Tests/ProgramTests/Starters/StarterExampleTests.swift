import Postgres
import Testing

@Suite("A starter's deadline")
struct StarterExampleTests {
  /// A career in words, and what the product's text says of it on 23 November 2026.
  private struct Example {
    var name: String
    var since: String?
    var spells: [(String, String?)]
    var leave: [(String, String?)] = []
    var before: [(String, String)] = []
    var until: String?
    var coverage = "open"
  }

  private static let examples = [
    Example(name: "36 months on", since: "2024-08-01", spells: [("2024-08-01", nil)], until: "2027-08-01"),
    Example(name: "the last of a month", since: "2024-08-31", spells: [("2024-08-31", nil)], until: "2027-08-31"),
    Example(name: "the leap day", since: "2024-02-29", spells: [("2024-02-29", nil)], until: "2027-02-28"),
    Example(
      name: "leave of 30 days", since: "2024-08-01", spells: [("2024-08-01", nil)],
      leave: [("2025-03-01", "2025-03-31")], until: "2027-08-31"),
    Example(
      name: "leave of 29 days", since: "2024-08-01", spells: [("2024-08-01", nil)],
      leave: [("2025-03-01", "2025-03-30")], until: "2027-08-01"),
    Example(
      name: "two leaves of 29 days that touch: each is judged by itself", since: "2024-08-01",
      spells: [("2024-08-01", nil)], leave: [("2025-03-01", "2025-03-30"), ("2025-03-30", "2025-04-28")],
      until: "2027-08-01"),
    Example(
      name: "two leaves that overlap count once", since: "2024-08-01", spells: [("2024-08-01", nil)],
      leave: [("2025-03-01", "2025-04-30"), ("2025-04-01", "2025-05-30")], until: "2027-10-30"),
    Example(
      name: "leave that begins in the time another added counts whole", since: "2023-08-01",
      spells: [("2023-08-01", nil)], leave: [("2025-01-01", "2025-04-01"), ("2026-10-01", "2027-10-01")],
      until: "2027-10-30"),
    Example(
      name: "leave that begins on the last day but one counts whole", since: "2023-08-01",
      spells: [("2023-08-01", nil)], leave: [("2026-07-31", "2026-10-31")], until: "2026-11-01"),
    Example(
      name: "leave that begins when it is over does nothing", since: "2023-08-01", spells: [("2023-08-01", nil)],
      leave: [("2026-08-01", "2026-11-01")], until: "2026-08-01"),
    Example(
      name: "leave without a known end", since: "2024-08-01", spells: [("2024-08-01", nil)],
      leave: [("2025-03-01", nil)], until: nil),
    Example(
      name: "leave without a known end after the window", since: "2023-08-01", spells: [("2023-08-01", nil)],
      leave: [("2026-09-01", nil)], until: "2026-08-01"),
    Example(
      name: "a gap of one day", since: "2024-08-01", spells: [("2024-08-01", "2025-01-01"), ("2025-01-02", nil)],
      until: "2027-08-02"),
    Example(
      name: "a move without a gap", since: "2024-08-01", spells: [("2024-08-01", "2025-01-01"), ("2025-01-01", nil)],
      until: "2027-08-01"),
    Example(
      name: "left within the window: a gap without a known end", since: "2024-08-01",
      spells: [("2024-08-01", "2025-01-01")], until: nil),
    Example(
      name: "left after the window: it stands", since: "2023-08-01", spells: [("2023-08-01", "2026-10-01")],
      until: "2026-08-01"),
    Example(
      name: "leave within a gap adds nothing to it", since: "2024-08-01",
      spells: [("2024-08-01", "2025-01-01"), ("2025-03-01", nil)], leave: [("2025-01-10", "2025-02-20")],
      until: "2027-09-29"),
    Example(
      name: "prior experience moves the first day back; the time between is a gap", since: "2024-08-01",
      spells: [("2024-08-01", nil)], before: [("2022-08-01", "2023-08-01")], until: "2026-08-02"),
    Example(
      name: "taught elsewhere long ago and for long: out of scope", since: "2015-08-01", spells: [("2024-08-01", nil)],
      before: [("2015-08-01", "2024-08-01")], until: "2018-08-01", coverage: "out_of_scope"),
    Example(
      name: "ended on the day before the programme began: out of scope", since: "2020-08-01",
      spells: [("2020-08-01", nil)], until: "2023-08-01", coverage: "out_of_scope"),
    Example(
      name: "ended on the programme's first day: in scope", since: "2020-08-02", spells: [("2020-08-02", nil)],
      until: "2023-08-02"),
    Example(name: "first day missing: counted, never guessed", since: nil, spells: [("2024-08-01", nil)], until: nil),
    Example(
      name: "first day missing, and too long ago in any case", since: nil, spells: [("2018-08-01", nil)], until: nil,
      coverage: "out_of_scope"),
    Example(
      name: "first day missing, here long ago, but away without a known end", since: nil,
      spells: [("2018-08-01", "2019-08-01")], until: nil),
  ]

  @Test("is what the product's text says")
  func isAsTold() async throws {
    let careers = Self.examples.enumerated().map { Self.career(of: $1, number: $0 + 1) }
    let made = try await CareerDatabase(careers: careers)
    let rows = try await made.database.with { database in
      try await database.withSession { try await $0.query(Self.statement()) }
    }
    try #require(rows.count == Self.examples.count)
    for (example, row) in zip(Self.examples, rows) {
      #expect(row.string(0) == example.until, "\(example.name)")
      #expect(row.string(1) == example.coverage, "\(example.name)")
    }
  }

  private static let statement = Statement(
    "select window_until, coverage from app.starter_calculation('2026-11-23') order by person_id")

  private static func career(of example: Example, number: Int) -> Career {
    var career = Career(number: number)
    career.teachingSince = example.since.map { Calendar.number($0) }
    career.isTeachingSinceApproved = example.since != nil
    career.spells = example.spells.map { from, until in
      .init(school: 1, job: "teacher", tenths: 8, from: Calendar.number(from), until: until.map { Calendar.number($0) })
    }
    career.absences = example.leave.enumerated().map { place, leave in
      .init(
        category: place == 0 ? "care_leave" : "study_leave", from: Calendar.number(leave.0),
        until: leave.1.map { Calendar.number($0) })
    }
    career.priorExperience = example.before.map { from, until in
      .init(from: Calendar.number(from), until: Calendar.number(until), isApproved: true)
    }
    return career
  }
}
