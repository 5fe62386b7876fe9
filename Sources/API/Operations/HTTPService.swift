import Hummingbird
import HummingbirdCore
import Logging
import NIOPosix
import ServiceLifecycle

/// Lives as long as the process: what still runs on it when a server has stopped, the end of a connection, say, must
/// find it there.
private let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

/// Listens, and answers every request on the event loop that read it.
///
/// One loop: a process keeps one core busy with HTTP and another with the database's answers; who wants more starts
/// more instances. Built on Hummingbird's server, with connections of our own, and not on its `Application`, whose logger
/// and date for each request `Frame` does without.
struct HTTPService: Service {
  /// Answers a request; what goes wrong it turns into an answer too.
  let respond: @Sendable (Request, OpenContext) async -> Response
  let host: String
  let port: Int
  let logger: Logger
  let onListening: @Sendable (Int?) async -> Void

  func run() async throws {
    let connections = Connections { [respond, logger] request, channel in
      await respond(request, OpenContext(source: ApplicationRequestContextSource(channel: channel, logger: logger)))
    }
    let server = connections.server(
      configuration: ServerConfiguration(
        address: .hostname(host, port: port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(4096)),
      onServerRunning: { await onListening($0.localAddress?.port) }, eventLoopGroup: loop, logger: logger)
    try await withTaskExecutorPreference(EventLoopTaskExecutor(loop.next())) { try await server.run() }
  }
}
