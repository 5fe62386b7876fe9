import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// What Hummingbird's server does with each connection that it accepts: a parser, an `HTTPConnection`, and one task
/// that answers request after request.
///
/// In place of Hummingbird's own, which hands every part of every message through two asynchronous sequences: that
/// costs more than the rest of a small request together.
struct Connections: ServerChildChannel {
  /// Answers a request; what goes wrong it turns into an answer too.
  let respond: @Sendable (Request, any Channel) async -> Response

  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let connection: NIOLoopBound<HTTPConnection>
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let connection = HTTPConnection()
      let parser = ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: Self.limits))
      try channel.pipeline.syncOperations.addHandlers([parser, connection])
      return Value(channel: channel, connection: NIOLoopBound(connection, eventLoop: channel.eventLoop))
    }
  }

  /// Runs on the connection's event loop, by the preference of the task that the server runs in.
  func handle(value: Value, logger: Logger) async {
    await withTaskCancellationHandler {
      while let request = await value.connection.value.nextRequest() {
        let response = await respond(request, value.channel)
        await value.connection.value.answer(response)
      }
    } onCancel: {
      value.channel.close(mode: .input, promise: nil)
    }
  }

  private static var limits: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16 << 10
    limits.maxHeaderListSize = 32 << 10
    limits.maxHeaderFieldCount = 100
    return limits
  }
}
