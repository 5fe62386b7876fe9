import Glibc
import Postgres
import Program
import TestDatabase
import Testing

/// A fresh database and the files of a made-up board to import into it.
struct ImportBench: Sendable {
  let base: TestDatabase

  init() async throws { base = try await TestDatabase.fresh() }

  /// Of an organisation that is there already.
  init(_ base: TestDatabase) { self.base = base }

  /// With three schools of board 41573 (15IB00 to 15IB02) and one of board 10249 (16AH00).
  static func withSchools() async throws -> ImportBench {
    let bench = try await ImportBench()
    let outcome = try await bench.commit(.schools, register())
    #expect(outcome.count("school", .new) == 4)
    return bench
  }

  func preview(_ kind: ImportKind, _ bytes: [UInt8], _ options: ImportOptions = .init()) async throws -> ImportOutcome {
    try await session { try await Importer(kind, options: options).preview(ImportFile([bytes]), in: $0) }
  }

  func commit(_ kind: ImportKind, _ bytes: [UInt8], _ options: ImportOptions = .init()) async throws -> ImportOutcome {
    try await session { try await Importer(kind, options: options).commit(ImportFile([bytes]), in: $0) }
  }

  func session<Result: Sendable>(_ body: (Session) async throws -> Result) async throws -> Result {
    try await base.with("beeld_jobs") { try await $0.withSession(body) }
  }

  /// The rows of a query, as the superuser sees them, cells joined by `|`.
  func rows(_ sql: String) async throws -> [String] {
    let rows = try await base.script(sql)
    return (rows?.map { row in (0..<row.rows.columnCount).map { row.string($0) ?? "" }.joined(separator: "|") }) ?? []
  }

  /// Everything that an import may touch, in one text: equal before and after means that nothing has changed.
  func contents() async throws -> [String] {
    try await rows(
      """
      select 'school', s::text from school s
      union all select 'person', p::text from person p
      union all select 'registration', r::text from registration r
      union all select 'employment', e::text from employment e
      union all select 'absence', a::text from absence a
      union all select 'recording', k::text from recording k
      union all select 'audit', count(*)::text from audit
      order by 1, 2
      """)
  }

  static let staffHeading = "person_number,name,email,school_code,job,fte,from,until,teaching_since\n"

  static func staff(_ rows: String...) -> [UInt8] {
    Array((staffHeading + rows.joined(separator: "\n") + "\n").utf8)
  }

  /// A location as a row of the register, in DUO's older shape.
  static func location(
    _ code: String, _ name: String, board: String = "41573", street: String = "Dorpsstraat", website: String = " "
  ) -> String {
    """
    Friesland;\(board);\(code.prefix(4));\(code);\(name);\(street);1-3;9001 AB;GROU;0080;LEEUWARDEN;Openbaar; ;\(website)
    """
  }

  static func register(_ locations: [String]? = nil) -> [UInt8] {
    let heading = """
      PROVINCIE;BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;\
      POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES
      """
    let rows =
      locations ?? [
        location("15IB00", "It Bûtenplak"), location("15IB01", "Basisschool 't Swannestee"),
        location("15IB02", "De \"\"Oude\"\" Brug"), location("16AH00", "Elders", board: "10249"),
      ]
    return Array(([heading] + rows).joined(separator: "\n").utf8)
  }
}

extension ImportBench {
  /// The bytes of a file outside the project; nil when it cannot be read.
  static func file(_ path: String) -> [UInt8]? {
    guard let stream = fopen(path, "r") else { return nil }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&piece, 1, piece.count, stream), count > 0 { bytes += piece[..<count] }
    return bytes
  }
}
