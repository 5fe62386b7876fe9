import Postgres

/// Brings a database to the schema of this binary, while instances of it serve.
///
/// One advisory lock lets one migrator work at a time, whichever machine it runs on; the others wait and then find
/// nothing left to do. Every lock on a table is waited for no longer than 100 ms and then tried again, so that a
/// migration never holds up a queue of requests behind itself.
public struct Migrator: Sendable {
  /// What it did, in order, for the person who watches.
  public enum Step: Sendable, Equatable {
    case waitingForAnotherMigrator
    case applied(String)
    case refreshed(Int)
    case retrying(String)
    case upToDate(version: Int)
    /// A newer binary has migrated already: nothing of ours is applied over it.
    case newer(version: Int)
  }

  let schema: Schema
  let report: @Sendable (Step) -> Void

  /// "beeld" in ASCII: any fixed number does, as long as every version uses the same.
  private static let lockKey = 422_508_586_084
  private static let lockTimeout = "100ms"
  private static let attempts = 300

  public init(schema: Schema = .current, report: @escaping @Sendable (Step) -> Void = { _ in }) {
    self.schema = schema
    self.report = report
  }

  /// Applies what is missing and returns the version the database then has.
  ///
  /// - Throws: `MigrationError` when the ledger contradicts this binary, or when a lock could not be had in 300
  ///   attempts; `PostgresError` for everything the database refuses. What was applied before stays applied.
  @discardableResult
  public func migrate(_ database: Database) async throws -> Int {
    try await database.withSession { session in
      try await lock(session)
      do {
        let version = try await bringUpToDate(session)
        try await unlock(session)
        return version
      } catch {
        // A session that ends keeps no advisory lock; one that goes back to the pool would.
        _ = try? await unlock(session)  // the first error is the one to tell
        throw error
      }
    }
  }

  private func bringUpToDate(_ session: Session) async throws -> Int {
    try await inTransaction(session, named: schema.bootstrap.path) { try await session.script(schema.bootstrap.text) }
    let done = try await Ledger.read(session)
    try done.check(against: schema)
    guard done.version <= schema.version else {
      report(.newer(version: done.version))
      return done.version
    }
    for migration in schema.migrations where migration.number > done.version {
      try await apply(migration, session)
      report(.applied(migration.file.path))
    }
    let changed = schema.objects.filter { done.objects[$0.path] != $0.checksum }
    try await refresh(changed, session)
    report(changed.isEmpty ? .upToDate(version: schema.version) : .refreshed(changed.count))
    return schema.version
  }

  private func apply(_ migration: Migration, _ session: Session) async throws {
    if migration.withoutTransaction {
      try await retryingLocks(migration.file.path) {
        try await session.script("set role beeld_owner; set search_path = beeld, app")
        try await session.script("set lock_timeout = '\(Self.lockTimeout)'")
        try await session.script(migration.file.text)
        try await session.script("reset role; reset search_path; reset lock_timeout")
      }
      try await inTransaction(session, named: migration.file.path) {
        try await Ledger.record(migration, session)
      }
    } else {
      try await inTransaction(session, named: migration.file.path) {
        try await session.script(migration.file.text)
        try await Ledger.record(migration, session)
      }
    }
  }

  /// All in one transaction: no request ever meets a table between its old policies and its new ones.
  private func refresh(_ files: [SQLFile], _ session: Session) async throws {
    guard !files.isEmpty else { return }
    try await inTransaction(session, named: "functions, views and policies") {
      // Functions may name each other in any order.
      try await session.script("set local check_function_bodies = off")
      for file in files {
        try await session.script(file.text)
        try await Ledger.record(file, session)
      }
    }
  }

  private func inTransaction(_ session: Session, named name: String, _ body: () async throws -> Void) async throws {
    let isBootstrap = name == schema.bootstrap.path
    try await retryingLocks(name) {
      try await session.transaction {
        try await session.script("set local lock_timeout = '\(Self.lockTimeout)'")
        try await session.script("set local client_min_messages = warning")
        if !isBootstrap { try await session.script("set local role beeld_owner; set local search_path = beeld, app") }
        try await body()
      }
    }
  }

  private func retryingLocks(_ name: String, _ body: () async throws -> Void) async throws {
    for attempt in 1... {
      do {
        return try await body()
      } catch PostgresError.server(let error) where error.sqlState.isWorthRetrying {
        guard attempt < Self.attempts else { throw MigrationError.lockNotHad(name) }
        report(.retrying(name))
        try await Task.sleep(for: .milliseconds(min(50 * attempt, 1000)))
      }
    }
  }

  private func lock(_ session: Session) async throws {
    let attempt = Statement("select pg_try_advisory_lock($1)")
    var waited = false
    while try await session.query(attempt(.int(Self.lockKey))).bool(0, 0) != true {
      if !waited { report(.waitingForAnotherMigrator) }
      waited = true
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private func unlock(_ session: Session) async throws {
    let release = Statement("select pg_advisory_unlock($1)")
    _ = try await session.query(release(.int(Self.lockKey)))
  }
}

extension SQLState {
  /// A lock not had in time, a deadlock, or a catalogue row that another migration of the cluster changed meanwhile.
  fileprivate var isWorthRetrying: Bool {
    self == .lockNotAvailable || self == .deadlockDetected || rawValue == "XX000"
  }
}
