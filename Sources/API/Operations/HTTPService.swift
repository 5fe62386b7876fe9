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
/// more instances. Built on Hummingbird's server and not on its `Application`, whose logger and date for each request
/// `Frame` does without.
struct HTTPService<Responder: HTTPResponder<OpenContext>>: Service {
  let responder: Responder
  let host: String
  let port: Int
  let logger: Logger
  let onListening: @Sendable (Int?) async -> Void

  func run() async throws {
    let server = try HTTPServerBuilder.http1(configuration: limits).buildServer(
      configuration: ServerConfiguration(
        address: .hostname(host, port: port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(4096)),
      eventLoopGroup: loop, logger: logger,
      responder: { request, writer, channel in
        let context = OpenContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        let response = try await responder.respond(to: request, context: context)
        try await writer.write(response: response.head, body: response.body)
      },
      onServerRunning: { await onListening($0.localAddress?.port) })
    try await withTaskExecutorPreference(EventLoopTaskExecutor(loop.next())) { try await server.run() }
  }

  private var limits: HTTP1Channel.Configuration {
    .init(
      additionalChannelHandlers: [ClientDeadlines()],
      idleTimeout: .seconds(60),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
  }
}
