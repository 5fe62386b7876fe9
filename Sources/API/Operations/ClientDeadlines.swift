import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Cuts off clients that drip: a request must arrive whole within half a minute of the connection's opening or of the
/// answer before it, and an answer that waits for its reader may wait as long. One timer for each connection and none
/// for each request.
final class ClientDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private static let patience = TimeAmount.seconds(30)

  /// Since when the server has been waiting for the rest of a request; nil while it is the server's turn.
  private var waitingSince: NIODeadline?
  /// Since when what was written has been waiting for the client to take it; nil while it does.
  private var blockedSince: NIODeadline?
  private var watch: RepeatedTask?

  func handlerAdded(context: ChannelHandlerContext) {
    waitingSince = .now()
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.patience, delay: .seconds(5)) { _ in
      let (handler, context) = bound.value
      let since = [handler.waitingSince, handler.blockedSince].compactMap { $0 }
      if since.contains(where: { $0 + Self.patience <= .now() }) { context.close(promise: nil) }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .end = unwrapInboundIn(data) { waitingSince = nil }
    context.fireChannelRead(data)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    blockedSince = context.channel.isWritable ? nil : .now()
    context.fireChannelWritabilityChanged()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { waitingSince = .now() }
    context.write(data, promise: promise)
  }
}
