import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Cuts off clients that drip: a request must arrive whole within half a minute of the connection's opening or of the
/// answer before it. One timer for each connection and none for each request.
final class ReadDeadline: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private static let patience = TimeAmount.seconds(30)

  /// Since when the server has been waiting for the rest of a request; nil while it is the server's turn.
  private var waitingSince: NIODeadline?
  private var watch: RepeatedTask?

  func handlerAdded(context: ChannelHandlerContext) {
    waitingSince = .now()
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.patience, delay: .seconds(5)) { _ in
      let (handler, context) = bound.value
      if let since = handler.waitingSince, since + Self.patience <= .now() { context.close(promise: nil) }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .end = unwrapInboundIn(data) { waitingSince = nil }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { waitingSince = .now() }
    context.write(data, promise: promise)
  }
}
