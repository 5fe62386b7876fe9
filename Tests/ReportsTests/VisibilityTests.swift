import Foundation
import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

@Suite("Who sees what of a run")
struct VisibilityTests {
  private static let identify = Statement("select app.identify(sha256(convert_to($1, 'UTF8')))")
  private static let run = UUIDv7(Organisation.reportRunID)

  /// What somebody gets to see: people and schools in the CSV, and the starters in the figures; nil without a run.
  private struct View: Equatable {
    var people: Set<String>
    var schools: Set<String>
    var starters: Int
  }

  private func view(of person: Organisation.Person, in organisation: Organisation) async throws -> View? {
    let run = try #require(Self.run)
    return try await organisation.database.with("beeld_app") { api in
      try await api.withSession { session in
        try await session.transaction(readOnly: true) {
          _ = try await session.query(Self.identify(.text(person.token)))
          do {
            let csv = try await ReportDocument(of: run, as: .csv, session: session).text(in: session)
            let json = try await ReportDocument(of: run, as: .json, session: session).text(in: session)
            let page = try await ReportDocument(of: run, as: .html, session: session).text(in: session)
            let rows = try #require(parseCSV(csv)).dropFirst().map { $0.map { String(decoding: $0, as: UTF8.self) } }
            for name in Organisation.Person.allCases.map({ "Person \($0.rawValue)" }) {
              let isRow = rows.contains { $0[1] == name }
              #expect(isRow || !page.contains(">\(name)<"))
              #expect(isRow || !json.contains("\"\(name)\""))
            }
            let figures = try JSONDecoder().decode(Starters.self, from: Data(json.utf8))
            return View(
              people: Set(rows.map { $0[0] }), schools: Set(rows.map { $0[3] }),
              starters: figures.figures.total.starters)
          } catch ReportError.noSuchRun {
            return nil
          }
        }
      }
    }
  }

  private struct Starters: Decodable {
    struct Figures: Decodable { let total: Total }
    struct Total: Decodable { let starters: Int }
    let figures: Figures
  }

  @Test(
    "The adviser sees the board, a director the own schools, the system's administrator that there is one, others nothing"
  )
  func byRole() async throws {
    let organisation = try await Organisation.fresh()
    let all = Organisation.attribution
    func at(_ school: Organisation.School?) -> Set<String> {
      Set(all.filter { school == nil || $0.value == school }.map(\.key.id))
    }

    let board = try #require(try await view(of: .adviser, in: organisation))
    #expect(board.people == at(nil))
    #expect(board.schools == Set(Organisation.School.allCases.map(\.code)))
    for (person, school) in [
      (.director, .first), (.directorAndCoach, .first), (.directorElsewhere, .second),
    ] as [(Organisation.Person, Organisation.School)] {
      let own = try #require(try await view(of: person, in: organisation))
      #expect(own.people == at(school), "\(person)")
      #expect(own.schools == [school.code], "\(person)")
      #expect(own.starters > 0 && own.starters < board.starters, "\(person)")
    }
    #expect(try await view(of: .systemAdmin, in: organisation) == View(people: [], schools: [], starters: 0))
    for person in [
      .teacher, .colleague, .coach, .schoolAdmin, .privacyOfficer, .support, .formerDirector, .futureDirector,
    ] as [Organisation.Person] {
      #expect(try await view(of: person, in: organisation) == nil, "\(person)")
    }
  }

  @Test("Without an identity there is nothing")
  func nobody() async throws {
    let organisation = try await Organisation.fresh()
    for table in ["report_schedule", "report_run", "report_row"] {
      let count = try await organisation.database.with("beeld_app") { api in
        try await api.read(Segment(Statement(unchecked: "select count(*) from \(table)")())).string(0, 0)
      }
      #expect(count == "0", "\(table)")
    }
  }

  @Test("A run is shown to a director without the size of the board")
  func header() async throws {
    let organisation = try await Organisation.fresh()
    func answers(to person: Organisation.Person) async throws -> [String?] {
      try await organisation.database.with("beeld_app") { api in
        let guards = [Self.identify(.text(person.token))]
        let one = try await api.read(Segment(ReportRuns.ByID(id: try #require(Self.run)).query, after: guards))
        let list = try await api.read(Segment(ReportRuns.List(page: Page()).query, after: guards))
        return [one.first?.string(1), list.first?.string(0)]
      }
    }
    let size = "\"row_count\":\(Organisation.attribution.count)"
    for answer in try await answers(to: .adviser) + answers(to: .systemAdmin) {
      #expect(answer?.contains(size) == true)
    }
    for answer in try await answers(to: .director) {
      #expect(answer?.contains("\"row_count\":null") == true)
      #expect(answer?.contains("\"state\":\"succeeded\"") == true)
    }
    #expect(try await answers(to: .schoolAdmin).first == .some(nil))
    #expect(try await answers(to: .schoolAdmin).last??.contains("\"items\":[]") == true)
  }

  @Test("The list of runs goes on where the page before ended, each run once")
  func paging() async throws {
    let organisation = try await Organisation.fresh()
    let board = Board(database: organisation.database)
    var made: Set<String> = [Organisation.reportRunID]
    for _ in 0..<6 { made.insert(try await board.run().description) }
    var seen: [String] = []
    var page: Page? = Page(limit: 3)
    while let asked = page {
      let body = try await organisation.database.with("beeld_app") { api in
        try await api.read(
          Segment(
            ReportRuns.List(page: asked, report: "coverage").query,
            after: [Self.identify(.text(Organisation.Person.adviser.token))])
        )
        .string(0, 0)
      }
      let list = try JSONDecoder().decode(RunList.self, from: Data(try #require(body).utf8))
      seen += list.items.map(\.id)
      page = list.next.flatMap { Cursor($0, count: 1) }.map { Page(limit: 3, after: $0) }
    }
    #expect(seen.count == 7 && Set(seen) == made)
    #expect(seen == seen.sorted(by: >))
  }

  private struct RunList: Decodable {
    struct Item: Decodable { let id: String }
    let items: [Item]
    let next: String?
  }
}
