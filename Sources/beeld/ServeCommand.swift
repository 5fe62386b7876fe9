import API
import ArgumentParser
import Jobs
import Logging
import OpenID
import Postgres
import Program
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

  /// Documents that may be on their way to their readers at once.
  private static let documents = 4

  /// Serves until SIGTERM or SIGINT; work in hand then has 20 seconds to finish.
  static func serve(
    _ settings: Settings, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) async throws {
    let logger = Logger(label: "beeld")
    // A file that is named has to be good: a server that cannot open texts for a slip of the pen is worse than none.
    let masterKeys = try settings.masterKeyFile.map { _ in try settings.masterKeys() }
    if masterKeys == nil {
      logger.warning("no master keys: texts of teachers are closed", metadata: ["set": "BEELD_MASTER_KEY_FILE"])
    }
    let observer = DatabaseObserver(logger: logger)
    let app = settings.database(as: .app, observe: observer.observe) { $0.longConnections = documents }
    let jobs = settings.database(as: .jobs, observe: observer.observe) {
      $0.readConnections = 1
      $0.writeConnections = 2
      // A report, a mail, and uploads that are being previewed or committed beside them.
      $0.longConnections = 4
    }
    let counts = JobCounts()
    let bell = Bell(jobs)
    let mails = try settings.dueMails(in: jobs).map { due -> [any Service] in
      [ReportMails(due, bell: bell, logger: logger, counts: counts)]
    }
    if mails == nil {
      logger.warning("no mail server: nobody is told of reports", metadata: ["set": "BEELD_SMTP_URL"])
    }
    let readiness = Readiness()
    let accessTokens = settings.openID.map { AccessTokens(issuer: $0.issuer, audience: $0.audience, logger: logger) }
    let server = Server(
      database: app, jobs: jobs, observer: observer, readiness: readiness, logger: logger,
      publicURL: settings.publicAddress.text, requestsPerSecond: settings.requestsPerSecond, documents: documents,
      accessTokens: accessTokens,
      linksByEmail: settings.openID?.linksByEmail == true,
      origins: settings.origins, counts: counts, masterKeys: masterKeys)
    let http = server.service(host: settings.listen.host, port: settings.listen.port) { port in
      logger.info("listening", metadata: ["host": "\(settings.listen.host)", "port": "\(port ?? 0)"])
      await onListening(port ?? 0)
    }
    let keys: [any Service] = accessTokens.map { [KeyService(accessTokens: $0)] } ?? []
    let databases = [DatabaseService(database: app), DatabaseService(database: jobs)] as [any Service]
    var group = ServiceGroupConfiguration(
      services: databases + keys + (mails ?? []) + [
        bell, NightlyReports(jobs, bell: bell, logger: logger, counts: counts),
        Housekeeping(jobs, logger: logger, counts: counts),
        NightlyRetention(jobs, logger: logger, counts: counts), server.tokenUse, http,
        DrainService(readiness: readiness),
      ],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(20)
    do {
      try await refuseForeignSchema(app, observer, logger)
      try await ServiceGroup(configuration: group).run()
    } catch {
      await app.shutdown(graceful: .seconds(1))
      await jobs.shutdown(graceful: .seconds(1))
      throw error
    }
  }

  private static func refuseForeignSchema(
    _ database: Database, _ observer: DatabaseObserver, _ logger: Logger
  ) async throws {
    let own = Schema.current.version
    switch try await compatibility(of: database, observer, logger) {
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

extension ServeCommand {
  /// Server and database are often started together: waits a minute for the database to answer.
  fileprivate static func compatibility(
    of database: Database, _ observer: DatabaseObserver, _ logger: Logger
  ) async throws -> Compatibility {
    let start = ContinuousClock.now
    while true {
      do {
        return try await Compatibility.of(database)
      } catch let error as PostgresError where error.isPassing && .now - start < .seconds(60) {
        // Only `migrate` makes the roles: waiting would not bring them.
        if observer.lastRefusal?.contains("role \"beeld_app\" does not exist") == true { return .notMigrated }
        logger.warning("waiting for the database", metadata: ["reason": "\(error)"])
        try await Task.sleep(for: .seconds(1))
      }
    }
  }
}

extension PostgresError {
  fileprivate var isPassing: Bool {
    switch self {
    case .unavailable, .connectionLost, .deadlineExceeded: true
    default: false
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

/// Keeps the keys of the organisation's provider, as long as there are requests to look at.
private struct KeyService: Service {
  let accessTokens: AccessTokens

  func run() async throws {
    try await cancelWhenGracefulShutdown { try await accessTokens.run() }
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
