import Postgres
import Program
import TestDatabase
import Testing

@Suite("An import of staff")
struct StaffImportTests {
  private let two = ImportBench.staff(
    "P1,An de Wit,an@example.org,15IB00,teacher,\"0,8\",2022-08-01,2024-08-01,01-08-2022",
    "P1,An de Wit,,15IB01,teacher,0.2,2022-08-01,,", "P2,Bo\u{0308}b,bob@example.org,15IB00,support,1,01-02-2023,,")

  @Test("adds people once and their employments, in normal form, with an approved first teaching day")
  func adds() async throws {
    let bench = try await ImportBench.withSchools()
    let outcome = try await bench.commit(.staff, two)
    #expect(outcome.faults == [])
    #expect(outcome.count("person", .new) == 2)
    #expect(outcome.count("employment", .new) == 3)
    #expect(
      try await bench.rows(
        """
        select r.person_number, p.name, r.email, r.teaching_since, r.teaching_since_approved_at is not null
        from person p join registration r on r.person_id = p.id order by 1
        """) == ["P1|An de Wit|an@example.org|2022-08-01|t", "P2|B\u{00F6}b|bob@example.org||f"])
    #expect(
      try await bench.rows(
        """
        select r.person_number, s.code, e.job, e.fte, e.from_date, e.until_date
        from employment e join registration r using (person_id) join school s on s.id = e.school_id order by 1, 2
        """) == [
          "P1|15IB00|teacher|0.8000|2022-08-01|2024-08-01", "P1|15IB01|teacher|0.2000|2022-08-01|",
          "P2|15IB00|support|1.0000|2023-02-01|",
        ])
    #expect(
      try await bench.rows(
        "select distinct substr(id::text, 15, 1) from employment union select substr(id::text, 15, 1) from person")
        == ["7"])
  }

  @Test("changes nothing when the same file comes again, and leaves its audit as it was")
  func idempotence() async throws {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(.staff, two)
    let before = try await bench.contents()
    let again = try await bench.commit(.staff, two)
    #expect(again.isCommitted)
    #expect(again.changeCount == 0)
    #expect(again.counts.allSatisfy { $0.act == .unchanged })
    #expect(try await bench.contents() == before)
  }

  @Test("changes what differs and says so beforehand; what the file leaves empty or out stays as it was")
  func changes() async throws {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(.staff, two)
    let file = ImportBench.staff(
      "P1,An Wit-Bos,,15IB00,teacher,0.8,2022-08-01,2023-08-01,", "P1,An Wit-Bos,,15IB00,teacher,0.5,2023-08-01,,",
      "P3,Cis,,15IB02,director,1,2024-08-01,,")
    let preview = try await bench.preview(.staff, file)
    #expect(
      preview.changes.map { "\($0.act) \($0.object) \($0.key) \($0.field ?? ""): \($0.from ?? "") → \($0.to ?? "")" }
        == [
          "changed person P1 name: An de Wit → An Wit-Bos",
          "changed employment P1 15IB00 teacher 2022-08-01 until: 2024-08-01 → 2023-08-01", "new person P3 :  → Cis",
          "new employment P1 15IB00 teacher 2023-08-01 :  → 0.5000",
          "new employment P3 15IB02 director 2024-08-01 :  → 1.0000",
        ])
    let commit = try await bench.commit(.staff, file)
    #expect(commit.changes == preview.changes)
    #expect(
      try await bench.rows(
        "select r.person_number, p.name, r.email, r.teaching_since from person p join registration r on r.person_id = p.id order by 1"
      )
        == ["P1|An Wit-Bos|an@example.org|2022-08-01", "P2|B\u{00F6}b|bob@example.org|", "P3|Cis||"])
    #expect(try await bench.rows("select count(*), count(until_date) from employment") == ["5|1"])
    #expect(try await bench.commit(.staff, file).changeCount == 0)
  }

  @Test("approves a first teaching day that was only claimed")
  func approves() async throws {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(.staff, two)
    _ = try await bench.base.script("update registration set teaching_since_approved_at = null")
    let outcome = try await bench.commit(.staff, two)
    #expect(outcome.changes.map(\.field) == ["teaching_since"])
    #expect(
      try await bench.rows("select count(*) from registration where teaching_since_approved_at is not null") == ["1"])
  }

  @Test("lets two people exchange their addresses")
  func exchange() async throws {
    let bench = try await ImportBench.withSchools()
    let first = ImportBench.staff(
      "P1,An,an@example.org,15IB00,teacher,1,2022-08-01,,", "P2,Bo,bo@example.org,15IB00,teacher,1,2022-08-01,,",
      "P3,Cis,cis@example.org,15IB00,teacher,1,2022-08-01,,")
    let second = ImportBench.staff(
      "P1,An,bo@example.org,15IB00,teacher,1,2022-08-01,,", "P2,Bo,AN@example.org,15IB00,teacher,1,2022-08-01,,",
      "P3,Cis,c@example.org,15IB00,teacher,1,2022-08-01,,", "P4,Dirk,cis@example.org,15IB00,teacher,1,2022-08-01,,")
    _ = try await bench.commit(.staff, first)
    let outcome = try await bench.commit(.staff, second)
    #expect(outcome.faults == [])
    #expect(
      try await bench.rows("select person_number, email from registration order by 1")
        == ["P1|bo@example.org", "P2|AN@example.org", "P3|c@example.org", "P4|cis@example.org"])
  }

  @Test("tells every fault that only the whole file or the database can show")
  func faults() async throws {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(.staff, two)
    let before = try await bench.contents()
    let outcome = try await bench.commit(
      .staff,
      ImportBench.staff(
        "P3,Cis,cis@example.org,15IB00,teacher,1,2022-08-01,,2022-08-01",
        "P3,Cees,c@example.org,15IB01,teacher,1,2022-08-01,,2022-09-01",
        "P4,Dirk,fem@example.org,15IB00,teacher,1,2022-08-01,,",
        "P5,Eva,bob@example.org,15IB00,teacher,1,2022-08-01,,", "P6,Fem,FEM@example.org,99ZZ99,teacher,1,2022-08-01,,",
        "P7,Gijs,,15IB00,teacher,1,2022-08-01,2023-08-01,", "P7,Gijs,,15IB00,teacher,1,2022-08-01,,",
        "P7,Gijs,,15IB00,teacher,1,2023-07-31,,", "P2,Bo\u{0308}b,,15IB00,support,1,2023-06-01,,",
        "P8,Hans,,15IB00,teacher,1,2022-08-01,2023-08-01,", "P8,Hans,,15IB00,teacher,1,2023-08-01,,"))
    #expect(!outcome.isCommitted)
    #expect(outcome.faultCount == outcome.faults.count)
    #expect(
      outcome.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue) \($0.value ?? "") \($0.arguments)" } == [
        "3 email contradiction c@example.org [\"cis@example.org\", \"2\"]",
        "3 name contradiction Cees [\"Cis\", \"2\"]",
        "3 teaching_since contradiction 2022-09-01 [\"2022-08-01\", \"2\"]",
        "5 email email_taken bob@example.org [\"P2\"]",
        "6 email email_taken FEM@example.org [\"P4\"]", "6 school_code unknown_school 99ZZ99 []",
        "8 from doubled 2022-08-01 [\"7\", \"2022-08-01\"]",
        "9 from overlap 2023-07-31 [\"8\", \"2022-08-01\"]", "10 from overlap 2023-06-01 [\"0\", \"2023-02-01\"]",
      ])
    #expect(try await bench.contents() == before)
  }

  @Test("that says of an employment known before that it lasts into the next one is refused at that row")
  func overlapWithKnown() async throws {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(
      .staff,
      ImportBench.staff(
        "P1,An,,15IB00,teacher,1,2020-08-01,2021-08-01,", "P1,An,,15IB00,teacher,1,2021-08-01,2022-08-01,"))
    let outcome = try await bench.commit(.staff, ImportBench.staff("P1,An,,15IB00,teacher,1,2020-08-01,2021-08-02,"))
    #expect(outcome.faults.map { "\($0.line) \($0.code.rawValue)" } == ["2 overlap"])
  }

  @Test("with one bad row among 20,000 changes nothing, and names line and column")
  func oneBadRow() async throws {
    let bench = try await ImportBench.withSchools()
    let before = try await bench.contents()
    var rows = (1...20_000).map {
      "P\($0),Naam \($0),p\($0)@example.org,15IB0\($0 % 3),teacher,1,2022-08-01,,2022-08-01"
    }
    rows[12_344] = "P12345,Naam 12345,p12345@example.org,15IB00,teacher,1,2022-08-32,,2022-08-01"
    let outcome = try await bench.commit(
      .staff, Array((ImportBench.staffHeading + rows.joined(separator: "\r\n")).utf8))
    #expect(!outcome.isCommitted)
    #expect(outcome.rows == 20_000)
    #expect(outcome.faults == [ImportFault(line: 12_346, column: "from", code: .date, value: "2022-08-32")])
    #expect(try await bench.contents() == before)
  }

  @Test("names a broken byte in a file of accents by line, column and position")
  func brokenByte() async throws {
    let bench = try await ImportBench.withSchools()
    let before = try await bench.contents()
    let file = two + [UInt8]("P9,Zo".utf8) + [0xEB] + [UInt8](",,15IB00,teacher,1,2022-08-01,,\n".utf8)
    let outcome = try await bench.commit(.staff, file)
    #expect(
      outcome.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue) \($0.arguments)" }
        == ["5 name broken_byte [\"0xeb\", \"3\", \"UTF-8\"]"])
    #expect(try await bench.contents() == before)
  }

  @Test("says the same about every value as the constraints of the tables do")
  func shapesAreTheDatabases() async throws {
    let bench = try await ImportBench.withSchools()
    let emails = [
      "a@b.c", "a@b", "a@.c", "a@b.", "@b.c", "a b@c.d", "a@b..c", "a@b.c@d.e", "é@b.nl", "a\u{00A0}b@c.d", "a@b.c.",
    ]
    let numbers = [
      "1", "A.b-c_d", "-a", ".a", String(repeating: "9", count: 32), String(repeating: "9", count: 33), "é",
    ]
    for (column, values) in [("email", emails), ("person_number", numbers)] {
      for value in values {
        let row = column == "email" ? "X,An,\(value)" : "\(value),An,"
        let outcome = try await bench.preview(.staff, ImportBench.staff(row + ",15IB00,teacher,1,2022-08-01,,"))
        let definition =
          try await bench.rows(
            """
            select pg_get_constraintdef(oid) from pg_constraint where conname = 'registration_\(column)_shape'
            """
          ).first ?? ""
        let condition = definition.dropFirst("CHECK ".count).replacing(column, with: "x.value")
        let accepted = try await bench.rows("select \(condition) from (values ('\(value)'::text)) as x(value)") == ["t"]
        // Beyond ASCII only what the database would refuse must be refused here: it takes a no-break space for a letter.
        let isASCII = value.utf8.allSatisfy { $0 < 0x80 }
        #expect(outcome.faults.isEmpty ? accepted : !accepted || !isASCII, "\(column) \(value)")
      }
    }
  }
}
