import Postgres
import Synchronization
import TestDatabase
import Testing

@testable import Schema

/// Migrating while instances serve: a migration waits for a table for a tenth of a second at a time, so that the
/// requests which queue up behind it wait no longer either.
@Suite struct LockTests {
  private static let first = ["0001_a": "create table a (x int)", "0002_b": "create table b (x int)"]
  private static let wanted = first.adding(
    "0003_wide", "alter table b add column z int; alter table a add column y int")

  @Test("A table that a transaction holds is tried again until the transaction ends, and requests go on meanwhile")
  func heldTable() async throws {
    let database = try await TestDatabase.empty()
    try await database.migrate(.made(of: Self.first))
    let requests = try await Requests(of: database)
    let (retries, retried) = AsyncStream.makeStream(of: Void.self)

    let holder = database.connect()
    let version = try await holder.withSession { session in
      try await session.script("begin; lock table beeld.a in access share mode")
      let steps = Steps()
      async let migrated = database.with {
        try await Migrator(schema: .made(of: Self.wanted)) { step in
          steps.append(step)
          if case .retrying = step { retried.yield() }
        }.migrate($0)
      }
      try await requests.ask(until: 4, of: retries)
      #expect(try await database.columns(of: "b") == ["x"], "what came before the held table is undone at each attempt")
      try await session.script("commit")
      let version = try await migrated
      #expect(steps.count(.retrying("migrations/0003_wide.sql")) >= 4)
      #expect(steps.count(.applied("migrations/0003_wide.sql")) == 1)
      return version
    }
    #expect(version == 3)
    #expect(try await database.columns(of: "a") == ["x", "y"])
    #expect(try await database.columns(of: "b") == ["x", "z"])
    #expect(requests.answered > 0)
    #expect(requests.waitedTooLong == 0, "no request waits for a lock longer than the migrator's own limit")
    await requests.end()
    await holder.shutdown(graceful: .seconds(5))
  }

  @Test("A migrator that waits for another one holds no lock on any table")
  func secondMigrator() async throws {
    let database = try await TestDatabase.empty()
    try await database.migrate(.made(of: Self.first))
    let (waits, waited) = AsyncStream.makeStream(of: Void.self)
    let holder = database.connect()
    try await holder.withSession { session in
      try await session.script("select pg_advisory_lock(422508586084)")
      async let migrated = database.with {
        try await Migrator(schema: .made(of: Self.wanted)) { step in
          if case .waitingForAnotherMigrator = step { waited.yield() }
        }.migrate($0)
      }
      for await _ in waits.prefix(1) {}
      let locks = try await session.query(
        Statement(
          """
          select count(*)
          from pg_locks
          where locktype = 'relation' and relation in ('beeld.a'::regclass, 'beeld.schema_migration'::regclass)
          """)())
      #expect(locks.string(0, 0) == "0")
      #expect(try await database.columns(of: "a") == ["x"])
      try await session.script("select pg_advisory_unlock(422508586084)")
      #expect(try await migrated == 3)
    }
    await holder.shutdown(graceful: .seconds(5))
  }

  @Test("Where there is nothing to do, a dump that reads the ledger holds nobody up")
  func dump() async throws {
    let database = try await TestDatabase.empty()
    let schema = Schema.made(of: Self.first)
    try await database.migrate(schema)
    let (attempts, attempt) = AsyncStream.makeStream(of: Bool.self)
    let holder = database.connect()
    try await holder.withSession { session in
      try await session.script("begin; lock table beeld.schema_migration in access share mode")
      async let migrated = database.with {
        try await Migrator(schema: schema) { step in
          if case .retrying = step { attempt.yield(false) }
          if case .upToDate = step { attempt.yield(true) }
        }.migrate($0)
      }
      let wasDoneAtOnce = await attempts.first { _ in true }
      #expect(wasDoneAtOnce == true)
      try await session.script("commit")
      #expect(try await migrated == 2)
    }
    await holder.shutdown(graceful: .seconds(5))
  }

  @Test("A migrator whose connection ends lets the next one in: nothing of its transaction stays, and no lock")
  func killedMigrator() async throws {
    let database = try await TestDatabase.empty()
    try await database.migrate(.made(of: Self.first))
    let (retries, retried) = AsyncStream.makeStream(of: Void.self)
    let holder = database.connect()
    try await holder.withSession { session in
      try await session.script("begin; lock table beeld.a in access share mode")
      let killed = Task {
        try await database.with {
          try await Migrator(schema: .made(of: Self.wanted)) { step in
            if case .retrying = step { retried.yield() }
          }.migrate($0)
        }
      }
      for await _ in retries.prefix(1) {}
      // Whoever holds the migrators' lock in this database is the one.
      let ended = try await database.script(
        """
        select pg_terminate_backend(pid)
        from pg_locks
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
        """)
      #expect(ended?.count == 1)
      await #expect(throws: PostgresError.self) { try await killed.value }
      try await session.script("commit")
    }
    #expect(try await database.columns(of: "b") == ["x"])
    #expect(try await database.migrate(.made(of: Self.wanted)) == 3)
    await holder.shutdown(graceful: .seconds(5))
  }
}

/// Requests that go on during a migration. PostgreSQL itself says which waited for a lock longer than the migrator may:
/// the wait for a processor, which a busy machine adds, does not count.
private final class Requests: Sendable {
  private let client: Database
  private let outcome = Mutex<(answered: Int, waitedTooLong: Int)>((0, 0))
  private let isOver = Atomic(false)

  var answered: Int { outcome.withLock { $0.answered } }
  var waitedTooLong: Int { outcome.withLock { $0.waitedTooLong } }

  init(of database: TestDatabase) async throws {
    client = database.connect { $0.sessionOptions += " -c lock_timeout=300ms" }
  }

  /// Asks without a pause until so many events have come.
  func ask(until count: Int, of events: AsyncStream<Void>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...4 {
        group.addTask { while !self.isOver.load(ordering: .relaxed) { try await self.askOnce() } }
      }
      for await _ in events.prefix(count) {}
      isOver.store(true, ordering: .relaxed)
      try await group.waitForAll()
    }
  }

  func end() async { await client.shutdown(graceful: .seconds(5)) }

  private func askOnce() async throws {
    do {
      _ = try await client.read(Segment(Statement("select count(*) from beeld.a")()))
      outcome.withLock { $0.answered += 1 }
    } catch {
      guard error.sqlState == .lockNotAvailable else { throw error }
      outcome.withLock { $0.waitedTooLong += 1 }
    }
  }
}

extension TestDatabase {
  fileprivate func columns(of table: String) async throws -> [String] {
    let rows = try await script(
      "select attname from pg_attribute where attrelid = 'beeld.\(table)'::regclass and attnum > 0 order by attnum")
    return rows.map { rows in rows.map { $0.string(0) ?? "" } } ?? []
  }
}
