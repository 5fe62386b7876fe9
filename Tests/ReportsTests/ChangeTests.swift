import Foundation
import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

@Suite("What changed between two runs")
struct ChangeTests {
  private static let day = CivilDate(year: 2026, month: 11, day: 3)

  /// A board of two nights: on the second somebody's recording is found to have been talked over, and somebody's first
  /// day is another.
  private func nights() async throws -> (board: Board, before: UUIDv7, after: UUIDv7) {
    let board = try await Board.fresh()
    let today = try #require(try await board.value("select app.today()").flatMap { CivilDate($0) })
    let before = try await board.run(asOf: CivilDate(dayNumber: today.dayNumber - 1))
    try await board.database.script(
      """
      set app.origin = 'operator';
      update registration set teaching_since = teaching_since - 50 where person_number = 'N13';
      update employment e set from_date = r.teaching_since from registration r
      where r.person_id = e.person_id and r.person_number = 'N13';
      insert into recording (id, teacher_id, origin, state, planned_on, scheduled_for, recorded_on, debriefed_on)
      select gen_random_uuid(), r.person_id, 'starter_programme', 'debriefed', app.today() - 30, app.today() - 20,
        app.today() - 20, app.today() - 10
      from registration r
      where r.person_number = 'N20';
      """)
    return (board, before, try await board.run())
  }

  @Test("New, resolved and still open are told in every format, with their age")
  func everyFormat() async throws {
    let (board, before, after) = try await nights()
    let counts = try await board.table(
      """
      select
        count(*) filter (where b.key is null), count(*) filter (where n.key is null),
        count(*) filter (where n.key is not null and b.key is not null)
      from (select key from report_row where run_id = '\(after)' and severity is not null) n
      full join (select key from report_row where run_id = '\(before)' and severity is not null) b using (key)
      """
    )[0].map { $0 ?? "" }
    #expect(counts[0] == "1" && counts[1] == "1" && counts[2] != "0")

    let csv = try #require(parseCSV(try await board.changes(in: after, .csv)))
      .map { $0.map { String(decoding: CSVCell.undefused($0), as: UTF8.self) } }
    let columns = Dictionary(uniqueKeysWithValues: zip(csv[0], csv[0].indices))
    let (change, age) = (try #require(columns["change"]), try #require(columns["age_days"]))
    for (kind, count) in zip(["new", "resolved", "open"], counts) {
      #expect(csv.dropFirst().filter { $0[change] == kind }.count == Int(count), "\(kind)")
    }
    #expect(csv.dropFirst().allSatisfy { ["new": "0", "open": "1", "resolved": ""][$0[change]] == $0[age] })

    let json = try JSONDecoder().decode(Difference.self, from: Data(try await board.changes(in: after, .json).utf8))
    #expect(json.run.id == after.description && json.against?.id == before.description)
    #expect([json.counts.new, json.counts.resolved, json.counts.open].map { String($0) } == counts)
    #expect(Set(json.rows.map(\.key)) == Set(csv.dropFirst().compactMap { row in columns["key"].map { row[$0] } }))

    let page = PageText(try await board.changes(in: after, .html, .english))
    let listed = page.rows(ofTable: "rows").filter { $0.count > 1 }.dropFirst()
    #expect(listed.map { $0[0].value } == csv.dropFirst().map { $0[change] })
    #expect(page.markup.contains("1 new, 1 resolved"))
  }

  @Test("Against any earlier run of the same report, and against no other")
  func against() async throws {
    let (board, before, after) = try await nights()
    let other = try await board.run("notices")
    let again = try await board.run()
    for (run, against) in [(before, after), (after, after), (after, other), (after, again), (other, before)] {
      await #expect(throws: ReportError.notComparable(against)) {
        try await board.changes(in: run, against: against, .json)
      }
    }
    let same = try await board.changes(in: again, against: after, .json)
    let json = try JSONDecoder().decode(Difference.self, from: Data(same.utf8))
    #expect(json.counts.new == 0 && json.counts.resolved == 0 && json.counts.open > 0)
    let first = try JSONDecoder().decode(
      Difference.self, from: Data(try await board.changes(in: before, .json).utf8))
    #expect(first.against == nil && first.counts.open == 0 && first.counts.new > 0)
  }

  @Test("A report of any past day can be made again, and comes out the same")
  func againAsOf() async throws {
    let board = try await Board.fresh()
    let day = try #require(Self.day)
    for report in Reports.all.map(\.key) {
      _ = try await board.run(report, asOf: day)
      _ = try await board.run(report, asOf: day)
    }
    #expect(
      try await board.value(
        "select count(*) from (select from report_run group by report having count(distinct row_hash) <> 1 or count(*) <> 2) x"
      )
        == "0")
  }

  private struct Difference: Decodable {
    struct Header: Decodable { let id: String }
    struct Counts: Decodable { let new, resolved, open, acknowledged: Int }
    struct Row: Decodable { let key: String }
    let run: Header
    let against: Header?
    let counts: Counts
    let rows: [Row]
  }
}
