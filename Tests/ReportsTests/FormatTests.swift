import Foundation
import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

@Suite("A run in its formats")
struct FormatTests {
  /// What the database holds, asked past everything that is tested here.
  private static let stored = """
    select x.person_id, p.name, x.school_id, s.code, s.name, x.cells[1], x.cells[2], x.cells[3], x.cells[4], x.cells[5],
      x.cells[6], x.cells[7], x.cells[8], x.cells[9], x.severity, x.since, x.key
    from \(Board.rows) x
    left join person p on p.id = x.person_id
    left join school s on s.id = x.school_id
    order by x.ordinal
    """

  @Test("CSV, JSON and the stored rows are the same matrix")
  func sameMatrix() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let stored = try await board.table(Self.stored).map { $0.map { $0 ?? "" } }
    try #require(stored.count == Board.names.count)
    #expect(Set(stored.map { $0[1] }) == Set(Board.names))

    let csv = try #require(parseCSV(try await board.document(run, .csv)))
    #expect(csv.dropFirst().map { $0.map { String(decoding: CSVCell.undefused($0), as: UTF8.self) } } == stored)

    let json = try JSONDecoder().decode(JSONRun.self, from: Data(try await board.document(run, .json).utf8))
    #expect(json.rows.map(\.cells) == stored)
    #expect(json.run.row_count == stored.count)
    #expect(csv.first.map { $0.map { String(decoding: $0, as: UTF8.self) } }?.suffix(12) == JSONRun.columns[...])
  }

  @Test("The figures in JSON are those of the API for the same day")
  func sameFigures() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let json = try JSONDecoder().decode(JSONRun.self, from: Data(try await board.document(run, .json).utf8))
    let total = json.figures.total
    #expect(total.starters == 19)
    #expect(total.covered == 3)
    #expect(total.exempt == 1)
    #expect(total.coverage_rate == 0.1667)
    let live = try #require(
      try await board.value(
        """
        set app.person = '0193b6a0-0002-7000-8000-000000000001';
        set app.adviser = 'on';
        select app.coverage(app.today(), 'school')
        """))
    let answer = try JSONDecoder().decode(JSONRun.Figures.self, from: Data(live.utf8))
    #expect(answer.total == total)
    #expect(answer.schools == json.figures.schools)
    #expect(json.figures.schools.map(\.starters).reduce(0, +) == total.starters)
  }

  @Test(
    "The page lists everybody once, who is still to come first, in the order of their deadlines",
    arguments: Language.allCases)
  func page(language: Language) async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let expected = try await board.table(
      """
      select p.name, s.name, x.cells[1], x.cells[4], x.cells[5], x.cells[6], x.severity, x.person_id
      from \(Board.rows) x
      left join person p on p.id = x.person_id
      left join school s on s.id = x.school_id
      order by
        case
          when x.cells[1] in ('open', 'planned', 'recorded') and x.cells[3] in ('active', 'paused')
          then array_position(array['overdue', 'at_risk', 'due_soon', 'none'], x.cells[2])
        end,
        x.cells[5], x.ordinal
      """)
    let page = PageText(try await board.document(run, .html, language))
    let listed = page.rows(ofTable: "rows").filter { $0.count > 1 }.dropFirst()
    try #require(listed.count == expected.count && listed.count == Board.names.count)
    for (row, stored) in zip(listed, expected) {
      #expect(row[0].text == stored[0] && row[0].value == stored[7])
      #expect(row[1].text.hasPrefix(stored[1] ?? "?"))
      #expect(row[2].text == CoverageReport.coverage[stored[2] ?? ""]?(language) && row[2].value == stored[2])
      #expect(row[5].dateTime == stored[3])
      #expect(row[6].dateTime == stored[4])
      #expect(row[7].value == stored[5])
      #expect(row[11].value == stored[6])
    }
    let schools = page.rows(ofTable: "counts").dropFirst(2).map { $0.map(\.text) }
    #expect(schools.count == Board.schools.count + 1)
    #expect(schools.last?.suffix(11).first == "19")
  }

  @Test(
    "Every report has its page, its CSV and its JSON, and all three have as many rows",
    arguments: Reports.all.map(\.key))
  func everyReport(key: String) async throws {
    let board = try await Board.fresh()
    let run = try await board.run(key)
    let count = try #require(try await board.value("select row_count from report_run").flatMap { Int($0) })
    let csv = try #require(parseCSV(try await board.document(run, .csv)))
    #expect(csv.count == count + 1)
    #expect(csv.allSatisfy { $0.count == csv[0].count })
    for language in Language.allCases {
      let page = try await board.document(run, .html, language)
      #expect(PageText(page).rows(ofTable: "rows").filter { $0.count > 1 }.count == (count > 0 ? count + 1 : 0))
      #expect(page.hasSuffix("</html>\n") && page.contains(Reports.named(key)?.title(language) ?? "?"))
    }
    let json = try JSONSerialization.jsonObject(with: Data(try await board.document(run, .json).utf8)) as? [String: Any]
    #expect((json?["rows"] as? [Any])?.count == count)
    #expect(
      try await board.value("select columns = (select columns from report where key = '\(key)') from report_run") == "t"
    )
    #expect(
      try await board.value("select array_to_string(columns, ' ') from report where key = '\(key)'")
        == Reports.named(key)?.columns.map(\.key).joined(separator: " "))
  }

  @Test("A spreadsheet is a ZIP archive that begins within the first piece", arguments: Reports.all.map(\.key))
  func spreadsheet(key: String) async throws {
    let board = try await Board.fresh()
    let run = try await board.run(key)
    let bytes = try await board.database.with("beeld_jobs") { jobs in
      try await jobs.withSession { session in
        var bytes: [UInt8] = []
        try await ReportDocument(of: run, as: .xlsx, session: session).write(in: session) { bytes += $0 }
        return bytes
      }
    }
    #expect(bytes.prefix(4) == [0x50, 0x4B, 0x03, 0x04])
    #expect(bytes.count > 4000)
  }

  @Test("A byte order mark comes when it is asked for, and only then")
  func byteOrderMark() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let plain = try await board.document(run, .csv)
    #expect(try await board.document(run, .csv, byteOrderMark: true) == "\u{FEFF}" + plain)
    #expect(plain.hasPrefix("person_id,"))
  }

  @Test("A reader who stops stops the database, and the session goes on")
  func stopping() async throws {
    struct Enough: Error {}
    let board = try await Board.fresh()
    let run = try await board.run()
    try await board.database.with("beeld_jobs") { jobs in
      try await jobs.withSession { session in
        for format in ReportFormat.allCases {
          let document = try await ReportDocument(of: run, as: format, session: session)
          await #expect(throws: Enough.self) { try await document.write(in: session) { _ in throw Enough() } }
          #expect(try await session.query(Statement("select 1")()).string(0, 0) == "1")
        }
      }
    }
  }
}

/// The JSON of a coverage run.
private struct JSONRun: Decodable {
  let run: Header
  let figures: Figures
  let rows: [Row]

  static let columns = [
    "coverage", "urgency", "employment", "window_from", "window_until", "days_left", "covered_on", "cohort",
    "data_incomplete", "severity", "since", "key",
  ]

  struct Header: Decodable { let row_count: Int }

  struct Figures: Decodable {
    let total: Counts
    let schools: [Counts]
  }

  struct Counts: Decodable, Equatable {
    let starters, open, planned, recorded, covered, covered_late, exempt, due_soon, at_risk, overdue, paused: Int
    let data_incomplete: Int
    let coverage_rate, on_time_rate: Double?
  }

  struct Row: Decodable {
    struct Person: Decodable { let id: String, name: String? }
    struct School: Decodable { let id: String, code: String, name: String }
    let person: Person
    let school: School
    let coverage, urgency, employment: String
    let window_from, window_until, covered_on: String?
    let days_left, cohort: Int?
    let data_incomplete: [String]
    let severity, since: String?
    let key: String

    var cells: [String] {
      [
        person.id, person.name ?? "", school.id, school.code, school.name, coverage, urgency, employment,
        window_from ?? "", window_until ?? "", days_left.map { String($0) } ?? "", covered_on ?? "",
        cohort.map { String($0) } ?? "", data_incomplete.joined(separator: " "), severity ?? "", since ?? "", key,
      ]
    }
  }
}
