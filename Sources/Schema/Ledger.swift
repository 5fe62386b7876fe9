import Postgres

/// What has been applied to a database, as its own tables tell.
struct Ledger {
  let migrations: [Int: String]
  let objects: [String: String]

  var version: Int { migrations.keys.max() ?? 0 }

  static func read(_ session: Session) async throws -> Ledger {
    let applied = try await session.query(Statement("select number, checksum from beeld.schema_migration")())
    let objects = try await session.query(Statement("select path, checksum from beeld.schema_object")())
    return Ledger(
      migrations: try Dictionary(
        uniqueKeysWithValues: (0..<applied.count).map { (try applied.int($0, 0) ?? 0, applied.string($0, 1) ?? "") }),
      objects: Dictionary(
        uniqueKeysWithValues: (0..<objects.count).map { (objects.string($0, 0) ?? "", objects.string($0, 1) ?? "") }))
  }

  /// - Throws: `MigrationError` when an applied migration differs from the file of the same number.
  func check(against schema: Schema) throws {
    for migration in schema.migrations {
      if let applied = migrations[migration.number], applied != migration.file.checksum {
        throw MigrationError.edited(migration.file.path)
      }
    }
  }

  static func record(_ migration: Migration, _ session: Session) async throws {
    let insert = Statement("insert into beeld.schema_migration (number, name, checksum) values ($1, $2, $3)")
    _ = try await session.query(
      insert(.int(migration.number), .text(migration.file.path), .text(migration.file.checksum)))
  }

  static func record(_ file: SQLFile, _ session: Session) async throws {
    let upsert = Statement(
      """
      insert into beeld.schema_object (path, checksum)
      values ($1, $2)
      on conflict (path) do update set checksum = excluded.checksum, applied_at = pg_catalog.now()
      """)
    _ = try await session.query(upsert(.text(file.path), .text(file.checksum)))
  }
}

/// Why a database was not migrated.
public enum MigrationError: Error, Sendable, CustomStringConvertible {
  /// A migration that was applied has been edited since.
  case edited(String)
  /// Other transactions held a table for too long.
  case lockNotHad(String)

  public var description: String {
    switch self {
    case .edited(let path):
      "\(path) was applied to this database in another wording. A migration is never edited: restore its text and put the change into a new one."
    case .lockNotHad(let name):
      "\(name) could not get its locks: a long transaction holds a table. Nothing of it was applied; end that transaction (pg_stat_activity shows it) and migrate again."
    }
  }
}
