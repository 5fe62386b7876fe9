import API
import Logging
import OpenID
import Postgres
import Program
import ServiceLifecycle
import TestDatabase
import Testing

/// The real server on a free port, over a database of its own with the organisation in it.
struct Site: Sendable {
  let organisation: Organisation
  let server: Server
  let readiness: Readiness
  let port: Int

  /// - Parameters:
  ///   - arrangement: SQL to run as superuser before the server starts.
  ///   - masterKeys: of content; nil for a server that has none.
  ///   - logger: of the server; nil for one that says nothing.
  ///   - accessTokens: of the organisation's provider; who gives them also keeps them running.
  static func with(
    arrangement: String = "", accessTokens: AccessTokens? = nil, linksByEmail: Bool = false,
    requestsPerSecond: Int = 100_000, origins: Set<String> = [],
    masterKeys: MasterKeys? = SealedTexts.masterKeys, logger: Logger? = nil, _ body: (Site) async throws -> Void
  ) async throws {
    let organisation = try await Organisation.fresh()
    try await organisation.database.script(SealedTexts.arrangement + ";" + arrangement)
    let logger = logger ?? silence
    let observer = DatabaseObserver(logger: logger)
    let database = organisation.database.connect(as: "beeld_app") {
      $0.readConnections = 2
      $0.patience = .seconds(30)
    }
    let jobs = organisation.database.connect(as: "beeld_jobs")
    let readiness = Readiness()
    let server = Server(
      database: database, jobs: jobs, observer: observer, readiness: readiness, logger: logger,
      publicURL: "https://beeld.example.org/board", requestsPerSecond: requestsPerSecond, accessTokens: accessTokens,
      linksByEmail: linksByEmail, origins: origins,
      masterKeys: masterKeys)
    let (ports, tell) = AsyncStream.makeStream(of: Int.self)
    let http = server.service(host: "127.0.0.1", port: 0) { tell.yield($0 ?? 0) }
    let group = ServiceGroup(configuration: .init(services: [http], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { tell.finish() }
        try await group.run()
      }
      var outcome: Result<Void, any Error> = .success(())
      if let port = await ports.first(where: { _ in true }) {
        do {
          try await body(Site(organisation: organisation, server: server, readiness: readiness, port: port))
        } catch {
          outcome = .failure(error)
        }
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      await database.shutdown(graceful: .seconds(5))
      await jobs.shutdown(graceful: .seconds(5))
      try outcome.get()
    }
  }

  private static var silence: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }

  func connect() throws -> Wire { try Wire(port: port) }

  /// Asks on a connection of its own.
  func ask(_ path: String, as person: Organisation.Person? = nil, _ headers: [String] = []) async throws -> Answer {
    try await connect().ask(path, as: person, headers)
  }
}

extension Wire {
  func ask(_ path: String, as person: Organisation.Person? = nil, _ headers: [String] = []) async throws -> Answer {
    try await ask("GET", path, as: person, headers)
  }

  /// - Parameter headers: whole lines, `Name: value`.
  func ask(
    _ method: String, _ path: String, as person: Organisation.Person?, _ headers: [String] = []
  ) async throws -> Answer {
    let authorization = person.map { ["Authorization: Bearer \($0.token)"] } ?? []
    let lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1"] + authorization + headers + ["", ""]
    return try await exchange(Array(lines.joined(separator: "\r\n").utf8), bodyless: method == "HEAD")
  }

  /// Sends a JSON body.
  func send(
    _ method: String, _ path: String, as person: Organisation.Person?, _ json: String, _ headers: [String] = []
  ) async throws -> Answer {
    try await exchange(Self.request(method, path, as: person, json, headers))
  }

  /// Sends a JSON body and does not wait for the answer.
  func sendOnly(
    _ method: String, _ path: String, as person: Organisation.Person?, _ json: String, _ headers: [String] = []
  ) async throws {
    try await send(Self.request(method, path, as: person, json, headers))
  }

  private static func request(
    _ method: String, _ path: String, as person: Organisation.Person?, _ json: String, _ headers: [String]
  ) -> [UInt8] {
    let type = headers.contains { $0.lowercased().hasPrefix("content-type:") } ? [] : ["Content-Type: application/json"]
    let authorization = person.map { ["Authorization: Bearer \($0.token)"] } ?? []
    let length = ["Content-Length: \(json.utf8.count)"]
    let lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1"] + authorization + type + length + headers + ["", ""]
    return Array((lines.joined(separator: "\r\n") + json).utf8)
  }
}

extension Site {
  /// Sends a JSON body on a connection of its own.
  func send(
    _ method: String, _ path: String, as person: Organisation.Person?, _ json: String, _ headers: [String] = []
  ) async throws -> Answer {
    try await connect().send(method, path, as: person, json, headers)
  }
}
