import Postgres

/// Whether a server built with one schema may work with a database that has another.
public enum Compatibility: Sendable, Equatable {
  /// Version N or N + 1.
  case compatible(version: Int)
  case notMigrated
  case tooOld(version: Int)
  case tooNew(version: Int)

  private static let question = Statement("select app.schema_version()")

  /// Asks the database, as any of its login roles.
  public static func of(
    _ database: Database, with schema: Schema = .current, deadline: Duration? = nil
  ) async throws -> Compatibility {
    do {
      let rows = try await database.read(Segment(question()), deadline: deadline)
      return judge(try rows.int(0, 0), against: schema.version)
    } catch PostgresError.server(let error) where error.sqlState.meansNoSchema {
      return .notMigrated
    }
  }

  static func judge(_ version: Int?, against own: Int) -> Compatibility {
    switch version {
    case nil: .notMigrated
    case let version? where version < own: .tooOld(version: version)
    case let version? where version > own + 1: .tooNew(version: version)
    case let version?: .compatible(version: version)
    }
  }
}

extension SQLState {
  fileprivate var meansNoSchema: Bool {
    // undefined_function, invalid_schema_name, undefined_table
    ["42883", "3F000", "42P01"].contains(rawValue)
  }
}
