import Hummingbird
import Logging
import Postgres
import ServiceLifecycle

/// The HTTP server: routes, conventions and limits over one database.
public struct Server: Sendable {
  let database: Database
  let observer: DatabaseObserver
  let readiness: Readiness
  let logger: Logger
  private let metrics = RequestMetrics()
  private let slots: DocumentSlots

  /// - Parameters:
  ///   - database: logged in as `beeld_app`: row-level security holds it.
  ///   - observer: the one that was given to `database`.
  ///   - documents: how many may be on their way at once: as many as the long lane of `database` has connections.
  public init(
    database: Database, observer: DatabaseObserver, readiness: Readiness, logger: Logger, documents: Int = 2
  ) {
    slots = DocumentSlots(documents)
    self.database = database
    self.observer = observer
    self.readiness = readiness
    self.logger = logger
  }

  /// All routes, for tests and documentation.
  public var routes: RouteTable { build().table }

  /// The service that listens until it is told to stop, then finishes the work in hand.
  public func service(
    host: String, port: Int, onListening: @escaping @Sendable (Int?) async -> Void = { _ in }
  ) -> some Service {
    let routes = build()
    let frame = Frame(
      inner: routes.router.buildResponder(), routes: routes.table, metrics: metrics, logger: logger)
    return HTTPService(responder: frame, host: host, port: port, logger: logger, onListening: onListening)
  }

  private func build() -> RouteBuilder {
    var routes = RouteBuilder()
    OperationRoutes(database: database, observer: observer, metrics: metrics, readiness: readiness).add(to: &routes)
    MeRoutes(database: database).add(to: &routes)
    SchoolRoutes(database: database).add(to: &routes)
    StarterRoutes(database: database).add(to: &routes)
    CoverageRoutes(database: database).add(to: &routes)
    ReportRunRoutes(database: database, slots: slots).add(to: &routes)
    return routes
  }
}
