import API
import ArgumentParser
import Logging
import Postgres
import Schema
import ServiceLifecycle

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the API and make the nightly reports, until told to stop (SIGTERM).")

  func run() async throws {
    let settings = try Settings.fromEnvironment()
    settings.startLogging()
    try await Self.serve(settings)
  }

  /// Serves until SIGTERM or SIGINT; work in hand then has 20 seconds to finish.
  static func serve(
    _ settings: Settings, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) async throws {
    let logger = Logger(label: "beeld")
    let observer = DatabaseObserver(logger: logger)
    let app = settings.database(as: .app, observe: observer.observe)
    let readiness = Readiness()
    let server = Server(database: app, observer: observer, readiness: readiness, logger: logger)
    let http = server.service(host: settings.listen.host, port: settings.listen.port) { port in
      logger.info("listening", metadata: ["host": "\(settings.listen.host)", "port": "\(port ?? 0)"])
      await onListening(port ?? 0)
    }
    var group = ServiceGroupConfiguration(
      services: [DatabaseService(database: app), http, DrainService(readiness: readiness)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    do {
      try await refuseForeignSchema(app)
      try await ServiceGroup(configuration: group).run()
    } catch {
      await app.shutdown(graceful: .seconds(1))
      throw error
    }
  }

  private static func refuseForeignSchema(_ database: Database) async throws {
    let own = Schema.current.version
    switch try await Compatibility.of(database) {
    case .compatible: return
    case .notMigrated: throw ValidationError("The database has no schema of beeld. Run `beeld migrate` first.")
    case .tooOld(let version):
      throw ValidationError("The database has schema \(version); this binary needs \(own). Run `beeld migrate` first.")
    case .tooNew(let version):
      throw ValidationError(
        "The database has schema \(version); this binary works with \(own) and \(own + 1). Install a newer beeld.")
    }
  }
}

/// Lets go of the database last, after everything that uses it.
private struct DatabaseService: Service {
  let database: Database

  func run() async throws {
    try await gracefulShutdown()
    await database.shutdown(graceful: .seconds(5))
  }
}

/// Tells load balancers to go elsewhere as soon as shutdown begins.
private struct DrainService: Service {
  let readiness: Readiness

  func run() async throws {
    try await gracefulShutdown()
    readiness.drain()
  }
}
