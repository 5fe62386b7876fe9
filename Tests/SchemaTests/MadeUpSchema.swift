import Postgres
import Synchronization
import TestDatabase

@testable import Schema

extension Schema {
  /// A schema of a few files, on the real bootstrap.
  static func made(of migrations: [String: String], objects: [String: String] = [:]) -> Schema {
    let version = SQLFile(
      path: "functions/schema_version.sql",
      text: """
        create or replace function app.schema_version() returns integer language sql stable security definer
          set search_path = beeld, app, pg_temp as 'select max(number) from schema_migration';
        grant execute on function app.schema_version() to beeld_app, beeld_jobs
        """)
    let files = migrations.map { SQLFile(path: "migrations/\($0.key).sql", text: $0.value) }
    // With functions of its own the test says what is refreshed.
    let functions = objects.isEmpty ? [version] : objects.map { SQLFile(path: $0.key, text: $0.value) }
    return Schema(files: [Schema.current.bootstrap] + files + functions)
  }
}

extension [String: String] {
  func adding(_ key: String, _ value: String) -> [String: String] { merging([key: value]) { $1 } }
}

/// What migrators reported, in order.
final class Steps: Sendable {
  private let steps = Mutex<[Migrator.Step]>([])

  var all: [Migrator.Step] { steps.withLock { $0 } }

  func append(_ step: Migrator.Step) { steps.withLock { $0.append(step) } }

  func count(_ step: Migrator.Step) -> Int { all.count { $0 == step } }
}

extension TestDatabase {
  /// Migrates with a client of its own, as an instance starting on another machine would.
  @discardableResult
  func migrate(_ schema: Schema = .current, reporting steps: Steps? = nil) async throws -> Int {
    try await with { try await Migrator(schema: schema) { steps?.append($0) }.migrate($0) }
  }

  func ledger() async throws -> Ledger {
    try await with { try await $0.withSession { try await Ledger.read($0) } }
  }

  /// Tables of the schema `beeld` beside the ledger.
  func tables() async throws -> [String] {
    let rows = try await script(
      """
      select relname
      from pg_class
      where relnamespace = 'beeld'::regnamespace and relkind = 'r' and relname not like 'schema\\_%'
      order by relname
      """)
    return rows.map { rows in rows.map { $0.string(0) ?? "" } } ?? []
  }

  /// Changes whenever any object of the schema, or a row of the ledger, is written to.
  func imprint() async throws -> String {
    let rows = try await script(
      """
      select string_agg(t::text, ' ' order by t::text)
      from (
        select 'class', oid::text, xmin::text
        from pg_class
        where relnamespace in ('beeld'::regnamespace, 'app'::regnamespace)
          -- The bootstrap says of the ledger itself, each time, what it is.
          and oid not in ('schema_migration'::regclass, 'schema_object'::regclass)
        union all select 'function', oid::text, xmin::text from pg_proc where pronamespace = 'app'::regnamespace
        union all select 'policy', oid::text, xmin::text from pg_policy
        union all select 'role', oid::text, rolconfig::text from pg_roles where rolname like 'beeld%'
        union all select 'migration', number::text, xmin::text from schema_migration
        union all select 'object', path, xmin::text from schema_object
      ) t
      """)
    return rows?.string(0, 0) ?? ""
  }
}
