import Foundation
import Postgres
import Program
import Testing

@Suite("A file of past recordings")
struct PastRecordingsImportTests {
  static func file(_ rows: String...) -> [UInt8] {
    Array(("person_number,date,debriefed_on\n" + rows.joined(separator: "\n") + "\n").utf8)
  }

  private static func bench() async throws -> ImportBench {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(
      .staff,
      ImportBench.staff("P1,An,,15IB00,teacher,1,2022-08-01,,2022-08-01", "P2,Bo,,15IB01,teacher,1,2022-08-01,,"))
    return bench
  }

  private static let known = """
    select r.person_number, k.origin, k.state, k.recorded_on, k.debriefed_on, k.version, k.coach_id
    from recording k join registration r on r.person_id = k.teacher_id order by 1, 4, 2
    """

  @Test("makes recordings of the starter programme without a coach; the same file again changes nothing")
  func made() async throws {
    let bench = try await Self.bench()
    let file: [UInt8] = Array("debriefed_on;date;person_number\n20-03-2024;2024-03-10;P1\n;11-03-2024;P1\n".utf8)
    let outcome = try await bench.commit(.pastRecordings, file)
    #expect(outcome.isCommitted)
    #expect(
      outcome.changes.map { "\($0.act) \($0.object) \($0.key) \($0.to ?? "")" }
        == ["new recording P1 2024-03-10 2024-03-20", "new recording P1 2024-03-11 "])
    #expect(
      try await bench.rows(Self.known) == [
        "P1|starter_programme|debriefed|2024-03-10|2024-03-20|1|", "P1|starter_programme|made|2024-03-11||1|",
      ])
    let before = try await bench.contents()
    #expect(try await bench.commit(.pastRecordings, file).changeCount == 0)
    #expect(try await bench.contents() == before)
  }

  @Test("fills in a debrief that was missing, corrects another, and takes none away by leaving it out")
  func debriefs() async throws {
    let bench = try await Self.bench()
    _ = try await bench.commit(
      .pastRecordings, Self.file("P1,2024-03-10,", "P1,2024-04-10,2024-04-20", "P2,2024-05-10,2024-05-20"))
    let outcome = try await bench.commit(
      .pastRecordings, Self.file("P1,2024-03-10,2024-03-20", "P1,2024-04-10,2024-04-21", "P2,2024-05-10,"))
    #expect(
      outcome.changes.map { "\($0.act) \($0.key) \($0.field ?? "") \($0.from ?? "–") \($0.to ?? "–")" } == [
        "changed P1 2024-03-10 debriefed_on – 2024-03-20", "changed P1 2024-04-10 debriefed_on 2024-04-20 2024-04-21",
      ])
    #expect(outcome.count("recording", .unchanged) == 1)
    #expect(
      try await bench.rows(Self.known) == [
        "P1|starter_programme|debriefed|2024-03-10|2024-03-20|2|",
        "P1|starter_programme|debriefed|2024-04-10|2024-04-21|2|",
        "P2|starter_programme|debriefed|2024-05-10|2024-05-20|1|",
      ])
  }

  @Test("is refused as a whole for each row that cannot be, by line and column")
  func faults() async throws {
    let bench = try await Self.bench()
    let tomorrow = try #require(try await bench.rows("select app.today() + 1").first)
    let today = try #require(try await bench.rows("select app.today()").first)
    let before = try await bench.contents()
    let outcome = try await bench.commit(
      .pastRecordings,
      Self.file(
        "P1,2024-03-10,2024-03-10", "P2,2024-03-10,2024-03-09", "P9,2024-03-10,", "P1,\(tomorrow),", "P1,10-03-2024,",
        "P2,\(today),\(tomorrow)", "P2,,2024-03-09"))
    #expect(
      outcome.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue) \($0.value ?? "") \($0.arguments)" } == [
        "3 debriefed_on debrief_order 2024-03-09 []", "4 person_number unknown_person P9 []",
        "5 date in_future \(tomorrow) []", "6 date doubled 2024-03-10 [\"2\"]",
        "7 debriefed_on in_future \(tomorrow) []", "8 date required  []",
      ])
    #expect(try await bench.contents() == before)
    #expect(try await bench.commit(.pastRecordings, Self.file("P1,\(today),\(today)")).isCommitted)
  }

  @Test("leaves a recording alone that a coach made here, and neither meets nor tells of a private one")
  func administered() async throws {
    let bench = try await Self.bench()
    _ = try await bench.base.script(
      """
      insert into recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on)
      select i.id, t.person_id, c.person_id, i.origin, i.counts, 'made', i.day, i.day, i.day
      from registration t, registration c, (values
        ('0193b6a0-0000-7000-8000-000000000001'::uuid, 'starter_programme', true, date '2024-03-10'),
        ('0193b6a0-0000-7000-8000-000000000002', 'own_wish', false, date '2024-03-11')) as i(id, origin, counts, day)
      where t.person_number = 'P1' and c.person_number = 'P2'
      """)
    let agreeing = try await bench.preview(.pastRecordings, Self.file("P1,2024-03-10,"))
    #expect(agreeing.faultCount == 0)
    #expect(agreeing.changeCount == 0)
    let refused = try await bench.commit(.pastRecordings, Self.file("P1,2024-03-10,2024-03-20"))
    let faults = refused.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue)" }
    #expect(faults == ["2 debriefed_on not_history"])
    let beside = try await bench.commit(.pastRecordings, Self.file("P1,2024-03-11,2024-03-20"))
    #expect(beside.counts.map { "\($0.act) \($0.number)" } == ["new 1"])
    #expect(
      try await bench.rows(
        "select origin, state, counts_for_programme from recording where recorded_on = '2024-03-11' order by 1")
        == ["own_wish|made|f", "starter_programme|debriefed|t"])
  }

  @Test("brings a board's history in: its coverage is what counting by hand gives, live and in the report")
  func coverage() async throws {
    let bench = try await ImportBench.withSchools()
    #expect(try await bench.commit(.staff, PastOfABoard.staff).isCommitted)
    #expect(try await bench.commit(.absences, PastOfABoard.absences).isCommitted)
    #expect(try await bench.commit(.pastRecordings, PastOfABoard.recordings).isCommitted)
    #expect(
      try await bench.rows(
        """
        select r.person_number, s.coverage, s.urgency, s.employment, s.window_until
        from app.starter_calculation('\(PastOfABoard.day)') s join registration r using (person_id) order by 1
        """) == PastOfABoard.statuses)

    let live = try await figures(bench, as: "beeld_app", "select app.coverage('\(PastOfABoard.day)', 'school')")
    let stored = try await figures(
      bench, as: "beeld_jobs",
      """
      select app.report_begin('0193b6a0-0000-7000-8000-00000000000a', 'coverage', '\(PastOfABoard.day)');
      select app.report_make('0193b6a0-0000-7000-8000-00000000000a', 1);
      select app.report_coverage_figures('0193b6a0-0000-7000-8000-00000000000a')
      """)
    for found in [live, stored] {
      #expect(found.map(\.code) == ["", "15IB00", "15IB01"])
      for (line, expected) in zip(found, PastOfABoard.figures) {
        for (name, value) in expected { #expect(line.numbers[name] == value, "\(name) of \(line.code)") }
      }
    }
  }

  private struct Line {
    let code: String
    let numbers: [String: Double]

    init(_ json: [String: Any]) {
      code = (json["school"] as? [String: Any])?["code"] as? String ?? ""
      numbers = json.compactMapValues { ($0 as? NSNumber)?.doubleValue }
    }
  }

  /// The total and each school of an answer in the shape of `GET /v1/coverage`, asked as the adviser.
  private func figures(_ bench: ImportBench, as role: String, _ sql: String) async throws -> [Line] {
    let text = try await bench.base.with(role) { database in
      try await database.withSession { session in
        try await session.script(
          "set app.adviser = 'on'; set app.person = '0193b6a0-0000-7000-8000-00000000000b'")
        return try await session.script(sql).last?.first?.string(0)
      }
    }
    let json = try JSONSerialization.jsonObject(with: Data(try #require(text).utf8)) as? [String: Any]
    let total = try #require(json?["total"] as? [String: Any])
    let schools = try #require(json?["schools"] as? [[String: Any]])
    return ([total] + schools).map(Line.init)
  }
}
