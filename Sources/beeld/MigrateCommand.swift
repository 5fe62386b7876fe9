import ArgumentParser
import Schema

struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the database to this binary's schema.",
    discussion: """
      Logs in as the user that BEELD_DATABASE_URL names: a superuser, or the owner of the database with CREATEROLE. \
      Safe while instances serve, and from several machines at once.
      """)

  func run() async throws {
    try await Settings.fromEnvironment().withDatabase(as: .administrator) { database in
      let version = try await Migrator { print(Self.line($0)) }.migrate(database)
      print("schema version \(version)")
    }
  }

  static func line(_ step: Migrator.Step) -> String {
    switch step {
    case .waitingForAnotherMigrator: "waiting: another migration is running"
    case .applied(let path): "applied \(path)"
    case .refreshed(let count): "applied \(count) changed files of functions, views and policies"
    case .retrying(let name): "a table is in use, trying again: \(name)"
    case .upToDate: "nothing to apply"
    case .newer(let version): "the database is newer (schema \(version)) than this binary: nothing to apply"
    }
  }
}
