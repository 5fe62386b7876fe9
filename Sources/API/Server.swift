import Hummingbird
import HummingbirdCore
import Logging
import NIOPosix
import Postgres
import ServiceLifecycle

/// The HTTP server: routes, conventions and limits over one database.
public struct Server: Sendable {
  let database: Database
  let observer: DatabaseObserver
  let readiness: Readiness
  let logger: Logger
  private let metrics = RequestMetrics()

  /// - Parameters:
  ///   - database: logged in as `beeld_app`: row-level security holds it.
  ///   - observer: the one that was given to `database`.
  public init(database: Database, observer: DatabaseObserver, readiness: Readiness, logger: Logger) {
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
    // One loop: a process keeps one core busy with HTTP and one with the database's answers; who wants more starts
    // more instances.
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let application = Application(
      responder: responder(),
      server: .http1(configuration: Self.limits),
      configuration: .init(
        address: .hostname(host, port: port), serverName: nil, backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(4096)),
      onServerRunning: { channel in await onListening(channel.localAddress?.port) },
      eventLoopGroupProvider: .shared(loops),
      logger: logger)
    return OnEventLoop(executor: EventLoopTaskExecutor(loops.next()), service: application)
  }

  func responder() -> some HTTPResponder<OpenContext> {
    let routes = build()
    return Frame(
      inner: routes.router.buildResponder(), routes: routes.table, metrics: metrics, logger: logger)
  }

  private func build() -> RouteBuilder {
    var routes = RouteBuilder()
    OperationRoutes(database: database, observer: observer, metrics: metrics, readiness: readiness).add(to: &routes)
    MeRoutes(database: database).add(to: &routes)
    SchoolRoutes(database: database).add(to: &routes)
    StarterRoutes(database: database).add(to: &routes)
    CoverageRoutes(database: database).add(to: &routes)
    ReportRunRoutes(database: database).add(to: &routes)
    return routes
  }

  private static var limits: HTTP1Channel.Configuration {
    .init(
      additionalChannelHandlers: [ReadDeadline()],
      idleTimeout: .seconds(60),
      httpDecoderConfiguration: .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
  }
}
