import Postgres
import TestDatabase
import Testing

@testable import Schema

/// The schema window: a server of version N works with a database of version N or N + 1, so that an older instance
/// goes on while a newer one is rolled out, and with no other.
@Suite struct CompatibilityTests {
  private static let own = 5

  @Test(
    "A database is judged by its version",
    arguments: [
      (3, Compatibility.tooOld(version: 3)), (4, .tooOld(version: 4)), (5, .compatible(version: 5)),
      (6, .compatible(version: 6)), (7, .tooNew(version: 7)), (700, .tooNew(version: 700)),
    ])
  func window(version: Int, expected: Compatibility) async throws {
    let database = try await TestDatabase.empty()
    try await database.migrate(.numbered(upTo: version > 10 ? 10 : version))
    if version > 10 { try await database.script("update schema_migration set number = \(version) where number = 10") }
    for role in ["beeld_app", "beeld_jobs"] {
      let judged = try await database.with(role) { try await Compatibility.of($0, with: .numbered(upTo: Self.own)) }
      #expect(judged == expected, "as \(role)")
    }
  }

  @Test("A database without our schema is not migrated, whatever else is in it")
  func foreignDatabase() async throws {
    let database = try await TestDatabase.empty()
    try await database.script("create table public.person (id int)")
    let judged = try await database.with("beeld_app") { try await Compatibility.of($0) }
    #expect(judged == .notMigrated)
  }

  @Test("A database whose first migration failed is not migrated")
  func halfDatabase() async throws {
    let database = try await TestDatabase.empty()
    await #expect(throws: PostgresError.self) { try await database.migrate(.made(of: ["0001_a": "select 1 / 0"])) }
    let judged = try await database.with("beeld_app") { try await Compatibility.of($0) }
    #expect(judged == .notMigrated)
  }

  @Test("A database that cannot be reached is an error and not a verdict")
  func unreachable() async throws {
    var configuration = Database.Configuration(conninfo: "host=/nonexistent dbname=none")
    configuration.patience = .milliseconds(100)
    let database = Database(configuration)
    await #expect(throws: PostgresError.self) { try await Compatibility.of(database) }
    await database.shutdown(graceful: .seconds(1))
  }

  @Test("This binary's schema fits itself")
  func current() async throws {
    let judged = try await TestDatabase.fresh().with("beeld_app") { try await Compatibility.of($0) }
    #expect(judged == .compatible(version: Schema.current.version))
  }
}

extension Schema {
  fileprivate static func numbered(upTo last: Int) -> Schema {
    let numbers = 1...last
    return .made(
      of: Dictionary(
        uniqueKeysWithValues: numbers.map { ("\(String($0 + 10_000).dropFirst())_t", "create table t\($0) (x int)") }))
  }
}
