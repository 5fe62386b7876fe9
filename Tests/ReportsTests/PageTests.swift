import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

@Suite("A run as a page")
struct PageTests {
  @Test("It is complete in itself and runs nothing", arguments: Language.allCases)
  func complete(language: Language) async throws {
    let board = try await Board.fresh()
    let page = try await board.document(try await board.run(), .html, language)
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"\(language.rawValue)\">"))
    #expect(page.hasSuffix("</html>\n"))
    for outside in [" src=", " href=", "url(", "@import", "<script", "<link", "<iframe", "<object", " on"] {
      let found = page.ranges(of: outside).filter { range in
        outside != " on"
          || page[range.upperBound...].prefix(12).contains("=") && !page[range.upperBound...].hasPrefix("-")
      }
      #expect(found.isEmpty, "\(outside)")
    }
    #expect(!page.contains("{{") || page.contains("{{name}} {{{person}}}"))
  }

  @Test("A name is text, whatever is in it")
  func escaped() async throws {
    let board = try await Board.fresh()
    let page = try await board.document(try await board.run(), .html)
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("<bdi>{{name}} {{{person}}}</bdi>"))
    #expect(page.contains("De &lt;Wind&gt;roos &amp; &quot;Zon&quot;; =1"))
  }

  @Test("It says by which rules, from which rows and for which day it was made, and how to check it")
  func origin() async throws {
    let board = try await Board.fresh()
    let run = try await board.run(asOf: CivilDate(year: 2026, month: 11, day: 3))
    let hash = try #require(try await board.value("select encode(row_hash, 'hex') from report_run"))
    let dutch = try await board.document(run, .html, .dutch)
    #expect(dutch.contains("<time datetime=\"2026-11-03\">3 november 2026</time>"))
    let english = try await board.document(run, .html, .english)
    #expect(english.contains("<time datetime=\"2026-11-03\">3 November 2026</time>"))
    for page in [dutch, english] {
      #expect(page.contains("<code>\(hash)</code>"))
      #expect(page.contains(run.description))
    }
    #expect(dutch.contains("beleid, versie 1") && english.contains("policy, version 1"))
    #expect(
      dutch.contains("Dekking van het startersprogramma") && english.contains("Coverage of the starter programme"))
  }

  @Test("Tables have captions or headings, and headings of columns and rows; the chart has a text beside it")
  func accessible() async throws {
    let board = try await Board.fresh()
    let page = try await board.document(try await board.run(), .html)
    for table in page.between("<table", "</table>") {
      #expect(table.contains("<caption>") || table.contains("aria-labelledby="))
      #expect(table.contains("scope=\"col\"") && table.contains("scope=\"row\""))
    }
    let shown = PageText(page).rows(ofTable: "unseen").dropFirst().map { $0.map(\.text) }
    let parts = shown.map { $0.dropFirst().dropLast().compactMap { Int($0) }.reduce(0, +) }
    #expect(parts == shown.map { Int($0.last ?? "") ?? -1 })
    #expect(parts.reduce(0, +) == 19)
  }

  @Test("Somebody who was erased stays in the rows, without a name")
  func erased() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let hash = try await board.value("select encode(app.report_run_hash(id), 'hex') from report_run")
    try await board.database.script(
      "set app.origin = 'operator'; delete from recording; delete from employment where person_id in (select id from person where name = '+31 6 12345678'); delete from person where name = '+31 6 12345678'"
    )
    #expect(try await board.value("select encode(app.report_run_hash(id), 'hex') from report_run") == hash)
    let page = PageText(try await board.document(run, .html))
    #expect(page.rows(ofTable: "rows").filter { $0.first?.text == "—" }.count == 1)
    let csv = try #require(parseCSV(try await board.document(run, .csv)))
    #expect(csv.filter { $0[1].isEmpty }.count == 1)
    #expect(csv.count == Board.names.count + 1)
    #expect(try await board.document(run, .json).contains("\"name\":null"))
  }

  @Test("A board without starters has a page too", arguments: Language.allCases)
  func empty(language: Language) async throws {
    let board = Board(database: try await TestDatabase.fresh())
    let run = try await board.run()
    let page = try await board.document(run, .html, language)
    #expect(page.contains(language(dutch: "telt niemand mee", english: "nobody counts")))
    #expect(PageText(page).rows(ofTable: "rows").isEmpty)
    #expect(try await board.document(run, .csv).utf8.filter { $0 == 0x0A }.count == 1)
    #expect(try await board.document(run, .json).contains("\"coverage_rate\":null"))
  }

  @Test("Numbers and days are written as people write them")
  func wording() throws {
    let day = try #require(CivilDate(year: 2023, month: 3, day: 1))
    #expect(Wording(.dutch).date(day) == "1 maart 2023" && Wording(.english).date(day) == "1 March 2023")
    #expect(Wording(.dutch).shortDate(day) == "1 mrt 2023" && Wording(.english).shortDate(day) == "1 Mar 2023")
    #expect(Wording(.dutch).number(-1_234_567) == "−1.234.567" && Wording(.english).number(1000) == "1,000")
    #expect(Wording(.dutch).percentage("0.5789") == "57,89%" && Wording(.english).percentage("1.0000") == "100.00%")
    #expect(Wording(.dutch).percentage("0.0005") == "0,05%" && Wording(.dutch).percentage(nil) == "–")
  }
}
