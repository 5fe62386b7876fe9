import Program
import Testing

@Suite("A file of absences")
struct AbsencesImportTests {
  static let heading = "person_number,category,from,until\n"

  static func file(_ rows: String...) -> [UInt8] { Array((heading + rows.joined(separator: "\n") + "\n").utf8) }

  /// P1 works at 15IB00, P2 at 15IB01, P3 left 15IB00 long ago, P4 will come to 15IB00.
  private static func bench() async throws -> ImportBench {
    let bench = try await ImportBench.withSchools()
    let outcome = try await bench.commit(
      .staff,
      ImportBench.staff(
        "P1,An,,15IB00,teacher,1,2022-08-01,,", "P2,Bo,,15IB01,teacher,1,2022-08-01,,",
        "P3,Cis,,15IB00,teacher,1,2019-08-01,2021-08-01,", "P4,Dirk,,15IB00,teacher,1,2199-08-01,,"))
    #expect(outcome.isCommitted)
    return bench
  }

  private static let known = """
    select r.person_number, a.category, a.from_date, a.until_date, a.version
    from absence a join registration r using (person_id) order by 1, 3
    """

  @Test("may order its columns and write its dates as it likes; the same file again changes nothing")
  func liberties() async throws {
    let bench = try await Self.bench()
    let file: [UInt8] =
      Array("Until;Opmerking;CATEGORY;person_number;from\n16-04-2024;caf".utf8) + [0xE9]
      + Array(";Parental_Leave; P1 ;01-02-2024\n;;care_leave;P1;2024-02-01\n".utf8)
    let preview = try await bench.preview(.absences, file)
    #expect(preview.unknownColumns == ["Opmerking"])
    #expect(preview.encoding == .windows1252)
    let commit = try await bench.commit(.absences, file)
    #expect(commit.isCommitted)
    #expect(commit.changes == preview.changes)
    #expect(commit.counts.map { "\($0.object) \($0.act) \($0.number)" } == ["absence new 2"])
    #expect(
      try await bench.rows(Self.known + ", 2")
        == ["P1|care_leave|2024-02-01||1", "P1|parental_leave|2024-02-01|2024-04-16|1"])
    let before = try await bench.contents()
    let again = try await bench.commit(.absences, file)
    #expect(again.changeCount == 0)
    #expect(again.count("absence", .unchanged) == 2)
    #expect(try await bench.contents() == before)
  }

  @Test("knows an absence by person, category and first day: another end is a change, other leave on that day is new")
  func changes() async throws {
    let bench = try await Self.bench()
    _ = try await bench.commit(
      .absences, Self.file("P1,study_leave,2024-02-01,", "P1,unpaid_leave,2023-02-01,2023-03-01"))
    let outcome = try await bench.commit(
      .absences,
      Self.file(
        "P1,study_leave,2024-02-01,2024-06-01", "P1,unpaid_leave,2023-02-01,", "P1,study_leave,2024-06-01,",
        "P1,other_leave,2024-02-01,2024-03-01"))
    #expect(
      outcome.changes.map { "\($0.act) \($0.key) \($0.field ?? "") \($0.from ?? "–") \($0.to ?? "–")" } == [
        "changed P1 study_leave 2024-02-01 until – 2024-06-01", "changed P1 unpaid_leave 2023-02-01 until 2023-03-01 –",
        "new P1 study_leave 2024-06-01  – –", "new P1 other_leave 2024-02-01  – 2024-03-01",
      ])
    #expect(
      try await bench.rows(Self.known + ", 2") == [
        "P1|unpaid_leave|2023-02-01||2", "P1|other_leave|2024-02-01|2024-03-01|1",
        "P1|study_leave|2024-02-01|2024-06-01|2", "P1|study_leave|2024-06-01||1",
      ])
  }

  @Test("is refused as a whole for each row that cannot be, by line and column")
  func faults() async throws {
    let bench = try await Self.bench()
    _ = try await bench.commit(.absences, Self.file("P1,care_leave,2024-02-01,2024-03-01"))
    let before = try await bench.contents()
    let outcome = try await bench.commit(
      .absences,
      Self.file(
        "P2,care_leave,2024-02-01,", "P1,sick,2024-02-01,", "P9,care_leave,2024-02-01,",
        "P1,care_leave,2024-02-29,2024-04-01", "P2,care_leave,2024-02-01,2024-03-01",
        "P2,care_leave,2024-05-01,2024-06-01", "P1,study_leave,2024-02-01,2024-02-01", "P1,,2024-02-30,"))
    #expect(!outcome.isCommitted)
    #expect(
      outcome.faults.map {
        "\($0.line) \($0.column ?? "") \($0.code.rawValue) \($0.value ?? "") \($0.arguments.first ?? "")"
      }
        == [
          "3 category unknown_value sick parental_leave", "4 person_number unknown_person P9 ",
          "5 from absence_overlap 2024-02-29 0", "6 from doubled 2024-02-01 2",
          "7 from absence_overlap 2024-05-01 6", "8 until date_order 2024-02-01 ", "9 category required  ",
          "9 from date 2024-02-30 ",
        ])
    #expect(outcome.faultCount == 8)
    #expect(try await bench.contents() == before)
    #expect(
      outcome.faults[2].text(in: .dutch) == "overlapt met dezelfde afwezigheid vanaf 2024-02-01, die al bekend was")
    #expect(outcome.faults[1].text(in: .english) == "there is nobody with person number ‘P9’")
  }

  @Test("of a school knows whom the school employs or is about to; anybody else is as unknown as who does not exist")
  func scope() async throws {
    let bench = try await Self.bench()
    _ = try await bench.commit(.absences, Self.file("P2,care_leave,2024-02-01,2024-03-01"))
    let school = try #require(try await bench.rows("select id from school where code = '15IB00'").first)
    let options = ImportOptions(schools: [try #require(UUIDv7(school))])
    let file = Self.file(
      "P1,care_leave,2024-02-01,", "P2,care_leave,2024-02-01,2024-04-01", "P3,care_leave,2024-02-01,",
      "P4,care_leave,2024-02-01,", "P5,care_leave,2024-02-01,")
    let outcome = try await bench.preview(.absences, file, options)
    let unknown = outcome.faults.map { "\($0.line) \($0.code.rawValue) \($0.arguments)" }
    #expect(unknown == ["3 unknown_person []", "4 unknown_person []", "6 unknown_person []"])
    #expect(outcome.counts.map { "\($0.act) \($0.number)" } == ["new 2"])
    #expect(try await bench.preview(.absences, file).faults.map(\.line) == [6])
    #expect(try await bench.preview(.absences, file, ImportOptions(schools: [])).faultCount == 5)
    let own = Self.file("P1,care_leave,2024-02-01,", "P4,care_leave,2024-02-01,")
    #expect(try await bench.commit(.absences, own, options).count("absence", .new) == 2)
  }

  @Test("knows every category that the table does, and no other")
  func categories() async throws {
    let bench = try await Self.bench()
    let allowed = try await bench.rows(
      """
      select m[1]
      from pg_constraint c
      cross join regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') m
      where c.conname = 'absence_category_known'
      """)
    let rows = allowed.map { "P1,\($0),2024-02-01," }
    let file = Array((Self.heading + rows.joined(separator: "\n")).utf8)
    let outcome = try await bench.commit(.absences, file)
    #expect(outcome.count("absence", .new) == allowed.count)
    let refused = try await bench.preview(.absences, Self.file("P1,vacation,2024-02-01,"))
    #expect(refused.faults.first?.arguments.sorted() == allowed.sorted())
  }
}
