import Glibc
import Postgres
import Program
import TestDatabase
import Testing

@Suite("An import of schools")
struct SchoolsImportTests {
  private let day = ImportOptions(date: CivilDate("2024-10-01"))

  @Test("adds locations as they are spelt, and changes nothing when the same file comes again")
  func idempotence() async throws {
    let bench = try await ImportBench.withSchools()
    #expect(
      try await bench.rows("select code, name, phone, website, open_until from school order by code") == [
        "15IB00|It Bûtenplak|||", "15IB01|Basisschool 't Swannestee|||", "15IB02|De \"\"Oude\"\" Brug|||",
        "16AH00|Elders|||",
      ])
    let before = try await bench.contents()
    let again = try await bench.commit(.schools, ImportBench.register())
    #expect(again.isCommitted)
    #expect(again.changeCount == 0)
    #expect(again.count("school", .unchanged) == 4)
    #expect(try await bench.contents() == before)
  }

  @Test("in a preview shows the difference and makes none; the commit makes exactly that one")
  func previewIsCommit() async throws {
    let bench = try await ImportBench.withSchools()
    let before = try await bench.contents()
    let file = ImportBench.register([
      ImportBench.location("15IB00", "It Nije Bûtenplak", street: "Laan"),
      ImportBench.location("15IB02", "De \"\"Oude\"\" Brug"), ImportBench.location("15IB03", "Nieuw"),
      ImportBench.location("16AH00", "Elders", board: "41573"),
    ])
    let preview = try await bench.preview(.schools, file, day)
    #expect(!preview.isCommitted)
    #expect(try await bench.contents() == before)
    #expect(
      preview.changes.map { "\($0.act) \($0.key) \($0.field ?? ""): \($0.from ?? "") → \($0.to ?? "")" } == [
        "closed 15IB01 open_until:  → 2024-10-01", "changed 15IB00 name: It Bûtenplak → It Nije Bûtenplak",
        "changed 15IB00 street: Dorpsstraat → Laan", "changed 16AH00 board_number: 10249 → 41573",
        "new 15IB03 :  → Nieuw",
      ])
    let commit = try await bench.commit(.schools, file, day)
    #expect(commit.isCommitted)
    #expect(commit.counts == preview.counts)
    #expect(commit.changes == preview.changes)
    #expect(commit.changeCount == 4)
    #expect(
      try await bench.rows(
        "select table_name, act, changed, origin from audit where id > 4 order by row_id = 'x', act, changed") == [
          "school|insert||import", "school|update|{board_number,version}|import",
          "school|update|{name,street,version}|import", "school|update|{open_until,version}|import",
        ])
  }

  @Test("keeps the id of what is renamed, transferred, closed and reopened")
  func identity() async throws {
    let bench = try await ImportBench.withSchools()
    let ids = try await bench.rows("select code, id from school order by code")
    let moved = ImportBench.register([
      ImportBench.location("15IB00", "Anders", board: "10249"),
      ImportBench.location("16AH00", "Elders", board: "10249"),
    ])
    _ = try await bench.commit(.schools, moved, day)
    #expect(
      try await bench.rows("select code from school where open_until = '2024-10-01' order by 1") == [
        "15IB01", "15IB02",
      ])
    let reopened = try await bench.commit(.schools, ImportBench.register(), .init(date: CivilDate("2025-10-01")))
    #expect(reopened.count("school", .reopened) == 2)
    #expect(reopened.count("school", .changed) == 1)
    #expect(try await bench.rows("select code, id from school order by code") == ids)
    #expect(
      try await bench.rows("select code, version from school where open_until is null order by code")
        == ["15IB00|3", "15IB01|3", "15IB02|3", "16AH00|1"])
  }

  @Test("does not reopen from an older file what was closed later, nor close again what is closed")
  func olderFile() async throws {
    let bench = try await ImportBench.withSchools()
    let without = ImportBench.register([ImportBench.location("16AH00", "Elders", board: "10249")])
    _ = try await bench.commit(.schools, without, day)
    let before = try await bench.contents()
    let older = try await bench.commit(.schools, ImportBench.register(), .init(date: CivilDate("2021-10-01")))
    #expect(older.changeCount == 0)
    let later = try await bench.commit(.schools, without, .init(date: CivilDate("2025-10-01")))
    #expect(later.changeCount == 0)
    #expect(try await bench.contents() == before)
  }

  @Test("for one board touches what is that board's by the file or by the database, and nothing else")
  func oneBoard() async throws {
    let bench = try await ImportBench.withSchools()
    let options = ImportOptions(board: "41573", date: CivilDate("2024-10-01"))
    let file = ImportBench.register([
      ImportBench.location("15IB00", "It Bûtenplak", board: "10249"), ImportBench.location("15IB01", "Nij"),
      ImportBench.location("16AH01", "Vreemd", board: "10249"),
    ])
    let outcome = try await bench.commit(.schools, file, options)
    #expect(outcome.count("school", .new) == 0)
    #expect(
      try await bench.rows("select code, name, board_number, open_until from school order by code") == [
        "15IB00|It Bûtenplak|10249|", "15IB01|Nij|41573|", "15IB02|De \"\"Oude\"\" Brug|41573|2024-10-01",
        "16AH00|Elders|10249|",
      ])
    let unknown = try await bench.commit(.schools, file, .init(board: "99999"))
    #expect(unknown.faults.map(\.code) == [.unknownBoard])
  }

  @Test("with a fault anywhere changes nothing, and closes nothing for want of a row that could not be read")
  func faults() async throws {
    let bench = try await ImportBench.withSchools()
    let before = try await bench.contents()
    let doubled = ImportBench.register([
      ImportBench.location("15IB05", "Een"), ImportBench.location("15IB06", "Twee"),
      ImportBench.location("15IB05", "Drie"),
    ])
    let outcome = try await bench.commit(.schools, doubled)
    #expect(!outcome.isCommitted)
    #expect(
      outcome.faults == [
        ImportFault(line: 4, column: "VESTIGINGSNUMMER", code: .doubled, value: "15IB05", arguments: ["2"])
      ])
    let broken = try await bench.commit(.schools, ImportBench.register([ImportBench.location("15IB0", "Kapot")]))
    #expect(broken.faults.map { "\($0.line) \($0.column ?? "") \($0.code)" } == ["2 VESTIGINGSNUMMER schoolCode"])
    #expect(broken.count("school", .closed) == 0)
    let headless = try await bench.commit(.schools, Array("a;b\n1;2\n".utf8))
    #expect(headless.faults.allSatisfy { $0.code == .missingColumn && $0.line == 1 })
    #expect(try await bench.contents() == before)
  }

  @Test("says the same about every shape as the constraints of the table do")
  func shapesAreTheDatabases() async throws {
    let bench = try await ImportBench()
    let texts = [
      "12AB00", "12ab00", "1AAB00", "12AB0", "12AB000", "12345", "1234", "9001 AB", "0001 AB", "9001 A1", "90011AB",
    ]
    for text in texts {
      let row = "F;12345;X;\(text);n;;;9001 AB;;;;;;".replacing(";9001 AB;", with: ";;")
      let outcome = try await bench.preview(.schools, ImportBench.register([row]))
      let accepted = try await bench.rows("select '\(text.uppercased())' ~ '^[0-9]{2}[A-Z]{2}[0-9]{2}$'") == ["t"]
      #expect(outcome.faults.isEmpty == accepted, "\(text)")
      let postal = try await bench.preview(.schools, ImportBench.register(["F;12345;X;12AB00;n;;;\(text);;;;;;"]))
      let isPostal = try await bench.rows("select '\(text)' ~ '^[1-9][0-9]{3} [A-Z]{2}$'") == ["t"]
      #expect(postal.faults.isEmpty == isPostal, "\(text)")
    }
  }

  @Test(
    "of the whole country as DUO published it, and of one board of it, spelt as it should be",
    .enabled(if: getenv("BEELD_TEST_DATA") != nil, "BEELD_TEST_DATA does not name the folder of DUO's file"))
  func country() async throws {
    let path = String(cString: getenv("BEELD_TEST_DATA")!) + "/duo-vestigingen-bo-2021-10.csv"
    let bytes = try #require(ImportBench.file(path))
    let board = try await ImportBench()
    let options = ImportOptions(board: "41573", date: ImportOptions.date(inFileName: path))
    let outcome = try await board.commit(.schools, bytes, options)
    #expect(outcome.encoding == .windows1252)
    #expect(outcome.unknownColumns == [])
    #expect(outcome.counts.map { "\($0.number) \($0.act) \($0.object)" } == ["23 new school"])
    #expect(
      try await board.rows("select name from school where name in ('It Bûtenplak', 'Basisschool ''t Swannestee')").count
        == 2)
    #expect(try await board.commit(.schools, bytes, options).changeCount == 0)

    let country = try await ImportBench()
    let clock = ContinuousClock.now
    #expect(try await country.commit(.schools, bytes).count("school", .new) == 6215)
    #expect(ContinuousClock.now - clock < .seconds(20))
    #expect(try await country.commit(.schools, bytes).changeCount == 0)
  }
}
