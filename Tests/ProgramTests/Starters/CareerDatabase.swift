import Postgres
import TestDatabase

/// A database that holds made-up careers, under two versions of the policy.
struct CareerDatabase {
  static let policies = [
    StarterByHand.Policy(version: 1, validFrom: "2020-08-01", programmeStart: "2023-08-01"),
    StarterByHand.Policy(
      version: 2, validFrom: "2027-01-01", programmeStart: "2024-03-01", months: 24, pauseDays: 20, atRiskDays: 60,
      dueSoonDays: 120),
  ]
  /// Not in the order of the numbers, so that the tie by code is told from a tie by anything else.
  static let codes = [1: "15IB00", 2: "03AA00", 3: "15IA00", 4: "03AA01", 5: "22ZZ00", 6: "01BB00"]

  static let generated = Task { try await CareerDatabase(careers: generatedCareers(10_000, seed: 20_230_801)) }

  /// The days on which the tests ask.
  static let days = [
    "2018-05-01", "2023-07-31", "2024-02-29", "2024-07-31", "2024-08-01", "2025-08-01", "2026-11-23", "2026-12-31",
    "2027-01-01", "2029-06-15",
  ].map { Calendar.number($0) }

  /// The statuses of the generated careers by day, reckoned by hand once for all tests: it takes a while.
  static let byHand = Task {
    let statuses = try await generated.value.careers.map { reckoner.statuses(of: $0, on: days) }
    return Dictionary(
      uniqueKeysWithValues: days.enumerated().map { place, day in (day, statuses.map { $0[place] }) })
  }

  /// The status of each generated career on one of `days`.
  static func statuses(on day: Int) async throws -> [StarterByHand.Status] { try await byHand.value[day]! }

  let careers: [Career]
  let database: TestDatabase

  init(careers: [Career]) async throws {
    self.careers = careers
    database = try await TestDatabase.fresh()
    try await database.with { database in
      try await database.withSession { session in
        try await session.transaction { try await insert(into: session) }
        _ = try await session.script("vacuum analyze")
      }
    }
  }

  static func generatedCareers(_ count: Int, seed: UInt64) -> [Career] {
    var generator = CareerGenerator(seed: seed)
    return (1...count).map { generator.career($0) }
  }

  static func schoolID(_ school: Int) -> String { Career.id(kind: 2, school) }

  static let reckoner = StarterByHand(policies: policies, codes: codes)

  private func insert(into session: Session) async throws {
    // What the audit writes is another test's; ten thousand careers of it would only cost time.
    _ = try await session.script(
      """
      set search_path = beeld, app;
      set local session_replication_role = replica;
      update policy set valid_from = '2020-08-01', programme_start = '2023-08-01' where version = 1;
      insert into policy (version, valid_from, programme_start, window_months, pause_days, at_risk_days, due_soon_days)
      values (2, '2027-01-01', '2024-03-01', 24, 20, 60, 120)
      """)
    for (table, columns, lines) in tables where !lines.isEmpty {
      try await session.copyIn("copy beeld.\(table) (\(columns)) from stdin") { writer in
        try await writer.write(Array(lines.joined(separator: "\n").utf8) + [UInt8(ascii: "\n")])
      }
    }
  }

  private var tables: [(table: String, columns: String, lines: [String])] {
    var row = 0
    func id(_ kind: Int) -> String {
      row += 1
      return Career.id(kind: kind, row)
    }
    func day(_ number: Int?) -> String { number.map(Calendar.text) ?? "\\N" }
    func each<Part>(_ parts: (Career) -> [Part], _ line: (Career, Part) -> [String]) -> [String] {
      careers.flatMap { career in parts(career).map { line(career, $0).joined(separator: "\t") } }
    }
    return [
      (
        "school", "id, code, name, board_number",
        Self.codes.map { "\(Self.schoolID($0.key))\t\($0.value)\tSchool \($0.key)\t41573" }
      ),
      ("person", "id, name", careers.map { "\($0.id)\tLeraar \($0.number)" }),
      (
        "registration", "person_id, person_number, teaching_since, teaching_since_approved_at",
        careers.map {
          "\($0.id)\t\($0.number)\t\(day($0.teachingSince))\t\($0.isTeachingSinceApproved ? "2026-01-01" : "\\N")"
        }
      ),
      (
        "employment", "id, person_id, school_id, job, fte, from_date, until_date",
        each(\.spells) {
          [id(3), $0.id, Self.schoolID($1.school), $1.job, "0.\($1.tenths)", day($1.from), day($1.until)]
        }
      ),
      (
        "absence", "id, person_id, category, from_date, until_date",
        each(\.absences) { [id(4), $0.id, $1.category, day($1.from), day($1.until)] }
      ),
      (
        "prior_experience", "id, person_id, from_date, until_date, evidence, approved_at",
        each(\.priorExperience) {
          [id(5), $0.id, day($1.from), day($1.until), "verklaring", $1.isApproved ? "2026-01-01" : "\\N"]
        }
      ),
      (
        "exemption", "id, person_id, code, evidence, from_date, review_date",
        each(\.exemptions) { [id(6), $0.id, "coached_elsewhere", "verklaring", day($1.from), day($1.review)] }
      ),
      (
        "recording",
        "id, teacher_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, debriefed_on, ended_on, quarantined",
        each(\.recordings) {
          [
            Career.id(kind: 7, $1.number), $0.id, $1.origin, "\($1.counts)", $1.state, day($1.plannedOn),
            day($1.scheduledFor), day($1.recordedOn), day($1.debriefedOn), day($1.endedOn), "\($1.isQuarantined)",
          ]
        }
      ),
    ]
  }
}
