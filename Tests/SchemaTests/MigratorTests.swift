import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import Schema

/// The files below `sql/`, applied by the migrator to databases of their own.
@Suite struct MigratorTests {
  @Test("An empty database gets every migration once, in order, and every function and policy")
  func fromEmpty() async throws {
    let database = try await TestDatabase.empty()
    let steps = Steps()
    #expect(try await database.migrate(reporting: steps) == Schema.current.version)
    #expect(
      steps.all == Schema.current.migrations.map { .applied($0.file.path) } + [.refreshed(Schema.current.objects.count)]
    )
    let ledger = try await database.ledger()
    #expect(
      ledger.migrations
        == Dictionary(uniqueKeysWithValues: Schema.current.migrations.map { ($0.number, $0.file.checksum) }))
    #expect(
      ledger.objects == Dictionary(uniqueKeysWithValues: Schema.current.objects.map { ($0.path, $0.checksum) }))
  }

  @Test("A second time changes nothing: not a row of the ledger, not an object of the catalogue")
  func twice() async throws {
    let database = try await TestDatabase.empty()
    try await database.migrate()
    let before = try await database.imprint()
    let steps = Steps()
    try await database.migrate(reporting: steps)
    #expect(steps.all == [.upToDate(version: Schema.current.version)])
    #expect(try await database.imprint() == before)
  }

  @Test("Eight migrators at once on an empty database: everything happens exactly once")
  func atOnce() async throws {
    let database = try await TestDatabase.empty()
    let steps = Steps()
    let versions = try await withThrowingTaskGroup(of: Int.self, returning: [Int].self) { group in
      for _ in 1...8 { group.addTask { try await database.migrate(reporting: steps) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(versions == Array(repeating: Schema.current.version, count: 8))
    let applied = steps.all.filter { if case .applied = $0 { true } else { false } }
    #expect(applied == Schema.current.migrations.map { .applied($0.file.path) })
    #expect(steps.count(.refreshed(Schema.current.objects.count)) == 1)
    #expect(steps.count(.upToDate(version: Schema.current.version)) == 7)
  }

  @Test("Migrations are numbered from 0001 without a number twice")
  func numbers() {
    let numbers = Schema.current.migrations.map(\.number)
    #expect(numbers.first == 1)
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
  }

  @Test("A migration that was edited after it was applied is refused by its name, and nothing is done")
  func edited() async throws {
    let database = try await TestDatabase.empty()
    try await database.migrate(.made(of: ["0001_a": "create table a (x int)", "0002_b": "create table b (x int)"]))
    let steps = Steps()
    let error = await #expect(throws: MigrationError.self) {
      try await database.migrate(
        .made(of: [
          "0001_a": "create table a (x bigint)", "0002_b": "create table b (x int)", "0003_c": "create table c (x int)",
        ]), reporting: steps)
    }
    #expect(error?.description.contains("migrations/0001_a.sql") == true)
    #expect(steps.all.isEmpty)
    #expect(try await database.tables() == ["a", "b"])
  }

  @Test("A migration that fails half-way leaves nothing of itself; those before it stay; a corrected one goes on")
  func failing() async throws {
    let database = try await TestDatabase.empty()
    let first = ["0001_a": "create table a (x int)"]
    let steps = Steps()
    await #expect(throws: PostgresError.self) {
      try await database.migrate(
        .made(of: first.adding("0002_b", "create table b (x int); insert into a values (1); select 1 / 0")),
        reporting: steps)
    }
    #expect(steps.all == [.applied("migrations/0001_a.sql")])
    #expect(try await database.tables() == ["a"])
    #expect(try await database.script("select 1 from a")?.count == 0)
    #expect(try await database.ledger().version == 1)

    #expect(try await database.migrate(.made(of: first.adding("0002_b", "create table b (x int)"))) == 2)
    #expect(try await database.tables() == ["a", "b"])
  }

  @Test("Functions are refreshed all or none: one that fails leaves the others as they were")
  func failingObject() async throws {
    let database = try await TestDatabase.empty()
    func schema(_ answer: Int, _ other: String) -> Schema {
      .made(
        of: [:],
        objects: [
          "functions/a.sql": "create or replace function app.a() returns int language sql as 'select \(answer)'",
          "functions/b.sql": other,
        ])
    }
    let fine = "create or replace function app.b() returns int language sql as 'select 1'"
    try await database.migrate(schema(1, fine))
    await #expect(throws: PostgresError.self) { try await database.migrate(schema(2, "create nonsense")) }
    #expect(try await database.script("select app.a()")?.string(0, 0) == "1")

    let steps = Steps()
    try await database.migrate(schema(2, fine), reporting: steps)
    #expect(steps.all == [.refreshed(1)])
    #expect(try await database.script("select app.a()")?.string(0, 0) == "2")
  }

  @Test("A database that a newer binary migrated is left alone by an older one")
  func newerDatabase() async throws {
    let database = try await TestDatabase.empty()
    let functions = ["functions/a.sql": "create or replace function app.a() returns int language sql as 'select 2'"]
    try await database.migrate(
      .made(of: ["0001_a": "create table a (x int)", "0002_b": "create table b (x int)"], objects: functions))
    let steps = Steps()
    let older = Schema.made(
      of: ["0001_a": "create table a (x int)"],
      objects: ["functions/a.sql": "create or replace function app.a() returns int language sql as 'select 1'"])
    #expect(try await database.migrate(older, reporting: steps) == 2)
    #expect(steps.all == [.newer(version: 2)])
    #expect(try await database.script("select app.a()")?.string(0, 0) == "2")
  }

  @Test("A statement that may not run in a transaction, as a concurrent index, runs outside one, once")
  func withoutTransaction() async throws {
    let database = try await TestDatabase.empty()
    let schema = Schema.made(of: [
      "0001_a": "create table a (x int)",
      "0002_i": "-- without transaction\ncreate index concurrently i on a (x)",
    ])
    try await database.migrate(schema)
    try await database.migrate(schema)
    let index = try await database.script(
      "select indisvalid, relowner::regrole from pg_index join pg_class c on c.oid = indexrelid where relname = 'i'")
    #expect(index?.count == 1 && index?.string(0, 0) == "t" && index?.string(0, 1) == "beeld_owner")
    #expect(try await database.ledger().version == 2)
  }

  @Test("What a migrator leaves behind in its session is nothing: no role, no setting, no lock")
  func sessionIsClean() async throws {
    let database = try await TestDatabase.empty()
    let client = database.connect { $0.longConnections = 1 }
    let schema = Schema.made(of: [
      "0001_a": "create table a (x int)", "0002_i": "-- without transaction\ncreate index concurrently i on a (x)",
    ])
    try await Migrator(schema: schema).migrate(client)
    let left = try await client.withSession {
      try await $0.query(
        Statement(
          """
          select current_user = session_user, current_setting('lock_timeout'), current_setting('search_path'),
            (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())
          """)())
    }
    await client.shutdown(graceful: .seconds(5))
    #expect((0..<4).map { left.string(0, $0) } == ["t", "0", "\"$user\", public", "0"])
  }
}
