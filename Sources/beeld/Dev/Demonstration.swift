import Postgres
import Schema

/// The fictional organisation in `sql/demonstration/`, with starters in every status, dated from the day it is loaded.
enum Demonstration {
  private static let isEmpty = Statement(
    "select not exists (select from beeld.school) and not exists (select from beeld.person)")

  /// Loads it into an empty registry, as a whole or not at all; any other registry stays as it is.
  /// - Parameter database: logged in as its administrator, who may act for the schema's owner.
  /// - Returns: whether it was loaded.
  static func load(into database: Database) async throws -> Bool {
    try await database.withSession { session in
      try await session.transaction {
        guard try await session.query(isEmpty()).bool(0, 0) == true else { return false }
        try await session.script(
          """
          set local role beeld_owner;
          set local search_path = beeld, app;
          select set_config('app.origin', 'operator', true)
          """)
        for script in Schema.demonstration { try await session.script(script) }
        return true
      }
    }
  }
}
