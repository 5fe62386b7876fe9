import ArgumentParser
import Foundation
import Postgres
import Program
import Reports
import Schema

struct DevCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev",
    abstract: "Serve a demonstration organisation from a private PostgreSQL cluster.",
    discussion: """
      Makes what is missing: the cluster (from the installed PostgreSQL), the schema, a fictional board with its \
      schools and people, one token per role, this morning's reports. Called again it serves what is there. \
      PostgreSQL never runs as root: called as root it runs as the user postgres.
      """)

  @Option(help: "Folder for the cluster and the tokens.") var data = ".beeld"
  @Option(help: "Port on 127.0.0.1; 0 takes a free one.") var port = 8080
  @Flag(help: "Make everything, but do not serve.") var prepareOnly = false

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port must be 0 to 65535, not \(port)") }
  }

  func run() async throws {
    guard prepareOnly || LoopbackPort.isFree(port) else {
      throw ValidationError("127.0.0.1:\(port) is in use: name another port with --port")
    }
    let folder = try DataFolder(data)
    let cluster = try await Cluster(in: folder, say: Self.say)
    try await cluster.start()
    do {
      try await prepareAndServe(folder, cluster)
    } catch {
      try await cluster.stop()
      throw error
    }
    try await cluster.stop()
  }

  private func prepareAndServe(_ folder: DataFolder, _ cluster: Cluster) async throws {
    try await Self.createDatabase(in: cluster)
    let settings = try settings(for: cluster, in: folder)
    settings.startLogging()
    let tokens = try await Self.prepare(settings, folder)
    let reports = try await settings.withDatabase(as: .jobs) { database in
      try await database.withSession { try await MorningReports(in: folder.reports, $0) }
    }
    guard !prepareOnly else { return Self.say("prepared in \(folder.path)") }
    try await withThrowingTaskGroup { group in
      group.addTask { try await cluster.keepRunning(say: Self.say) }
      group.addTask {
        try await ServeCommand.serve(settings) { port in
          Self.say(Welcome(port: port, tokens: tokens, tokenFile: folder.tokens, reports: reports.reports).text)
        }
      }
      try await group.next()
      group.cancelAll()
    }
  }

  private static let name = "beeld"

  private static func createDatabase(in cluster: Cluster) async throws {
    let postgres = Settings(databaseURL: try cluster.conninfo(database: "postgres"))
    try await postgres.withDatabase(as: .administrator) { database in
      try await database.withSession { session in
        let known = Statement("select from pg_database where datname = $1")
        guard try await session.query(known(.text(name))).count == 0 else { return }
        try await session.script("create database \(name) template template0 encoding 'UTF8'")
      }
    }
  }

  private func settings(for cluster: Cluster, in folder: DataFolder) throws -> Settings {
    // What else there is to configure comes from the environment, as for `serve`.
    setenv("BEELD_DATABASE_URL", try cluster.conninfo(database: Self.name), 1)
    var settings = try Settings.fromEnvironment()
    settings.listen = .init(host: "127.0.0.1", port: port)
    if settings.masterKeyFile == nil {
      settings.masterKeyFile = folder.masterKeys
      if try DataFolder.read(folder.masterKeys) == nil {
        let line = MasterKeys.newLine(named: "dev")
        try MasterKeyFile(path: folder.masterKeys).add(line, named: "dev", first: true)
      }
    }
    return settings
  }

  private static func prepare(_ settings: Settings, _ folder: DataFolder) async throws -> TokenFile {
    let isNew = try await settings.withDatabase(as: .administrator) { database in
      try await Migrator {
        if case .upToDate = $0 { return }
        say(MigrateCommand.line($0))
      }.migrate(database)
      return try await Demonstration.load(into: database)
    }
    let tokens = try await settings.withDatabase(as: .jobs) { database in
      try await DueReports(database).makeAll { claim, outcome in
        if case .succeeded(let rows) = outcome { say("made the report \(claim.report) of \(claim.asOf): \(rows) rows") }
      }
      return try await TokenFile(at: folder.tokens, database: database)
    }
    if isNew {
      try await writeTexts(settings)
      say("loaded the demonstration organisation")
    }
    return tokens
  }

  private static func writeTexts(_ settings: Settings) async throws {
    let texts = DemonstrationTexts(keys: try settings.masterKeys())
    try await settings.withDatabase(as: .jobs) { operators in
      try await settings.withDatabase(as: .app) { try await texts.write(in: $0, operators: operators) }
    }
  }

  @Sendable private static func say(_ text: String) {
    print(text)
    fflush(nil)  // a reader behind a pipe waits for the address
  }
}
