import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// One client's connection: what has arrived and waits to be answered, and the answer on its way.
///
/// Requests are answered one at a time in the order of their arrival. Nothing more is read while as much waits here as
/// may, and who drips is cut off. Lives on its event loop: the loop calls it there, and its task runs there.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Bytes of bodies that may wait here.
  private static let window = 64 << 10
  /// Requests that may wait here.
  private static let queue = 16
  /// Room for an answer of the usual size, kept from one to the next.
  private static let usual = 2 << 10
  /// Bytes of a body that are gathered with the head, to be sent in one.
  private static let together = 16 << 10

  private struct Arrival {
    let request: Request
    let manner: Manner
    let body: ArrivingBody?
  }

  /// What has arrived and is not being answered yet, the last perhaps without all of its body.
  private var arrivals = CircularBuffer<Arrival>(initialCapacity: 2)
  /// What is being answered; nil while nothing is.
  private var current: Arrival?
  /// The body of the last request, while it arrives.
  private var arriving: ArrivingBody?
  private var isArriving = false
  private var isReadHeld = false
  /// No more requests come, or are wanted.
  private var isInputOver = false
  private var isMalformed = false
  private var isQuiescing = false
  /// The last answer has been written, and then that it is out.
  private var isLeaving = false, isLeft = false
  /// The answer on its way.
  private var framing = Framing.none
  private var isAnswerWhole = false
  private var outgoing = ByteBuffer()
  private var deadlines = ClientDeadlines()
  private var watch: RepeatedTask?
  /// Nil when the connection has ended.
  private var context: ChannelHandlerContext?
  /// Told of whatever a task may wait for.
  let change = Change()

  private var isIdle: Bool { current == nil && arrivals.isEmpty }
}

// What the event loop tells.
extension HTTPConnection {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    deadlines.awaitRequest(now: context.eventLoop.now)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: ClientDeadlines.patience, delay: .seconds(5)) { _ in
      let (connection, context) = bound.value
      if connection.deadlines.arePassed(now: context.eventLoop.now) { context.close(promise: nil) }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
    self.context = nil
    endInput(ChannelError.ioOnClosedChannel)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): if !isInputOver { begin(head, context) }
    case .body(let bytes): arriving?.append(bytes)
    case .end:
      arriving?.finish()
      arriving = nil
      isArriving = false
      if !isIdle { deadlines.oweAnswer() }
      // Whatever follows a request that ends the connection is no request, and nothing that could be malformed.
      if let last = arrivals.last ?? current, !last.manner.keepsOpen { isInputOver = true }
    }
  }

  /// The event loop would read on.
  func read(context: ChannelHandlerContext) {
    isReadHeld = isSated
    if !isReadHeld { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    deadlines.block(!context.channel.isWritable, now: context.eventLoop.now)
    change.tell()
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isQuiescing = true
      if isLeft { context.close(promise: nil) } else if isIdle { leave() }
    case ChannelEvent.inputClosed:
      endInput(ChannelError.inputClosed)
      if isIdle { leave() }
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError || error is HTTP1TypeConversionError else { return context.close(promise: nil) }
    if isInputOver { return }
    isMalformed = true
    endInput(error)
    if isIdle { leave() }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    do {
      let request = try HTTPRequest(head)
      // After an upgrade, which is never granted here, the parser reads nothing more.
      let manner = Manner(
        isFirstVersion: head.isFirstVersion,
        keepsOpen: head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade"))
      let body = head.announcesBody ? ArrivingBody(of: self, isHeldBack: head.awaitsContinue) : nil
      let stream = body.map {
        RequestBody(asyncSequence: ArrivingBody.Stream(body: NIOLoopBound($0, eventLoop: context.eventLoop)))
      }
      arrivals.append(
        Arrival(
          request: Request(head: request, body: stream ?? RequestBody(buffer: ByteBuffer())), manner: manner, body: body
        ))
      arriving = body
      isArriving = true
      change.tell()
    } catch {
      errorCaught(context: context, error: error)
    }
  }

  private func endInput(_ error: any Error) {
    isInputOver = true
    isArriving = false
    arriving?.fail(error)
    arriving = nil
    change.tell()
  }
}

// Reading.
extension HTTPConnection {
  /// The next request, to be answered with `answer`; nil when there will be none.
  func nextRequest() async -> Request? {
    while arrivals.isEmpty {
      if isInputOver { return nil }
      await change.wait()
    }
    let arrival = arrivals.removeFirst()
    current = arrival
    readOn()
    return arrival.request
  }

  /// Gives a client that waits for it leave to send its body.
  func invite() {
    context?.writeAndFlush(
      wrapOutboundOut(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
  }

  /// Something was taken.
  func readOn() {
    guard isReadHeld, !isSated else { return }
    isReadHeld = false
    context?.read()
  }

  private var isSated: Bool {
    if arrivals.count >= Self.queue { return true }
    let waiting = arrivals.reduce(current?.body?.count ?? 0) { $0 + ($1.body?.count ?? 0) }
    return waiting > Self.window
  }
}

// Answering.
extension HTTPConnection {
  /// Sends the answer to the request that `nextRequest` gave.
  func answer(_ response: Response) async {
    guard let arrival = current, let context else { return }
    var keepsOpen = false
    // A request that broke off has no answer of its own.
    if arrival.body?.failure == nil {
      var manner = arrival.manner
      framing = Framing(of: response, toFirstVersion: manner.isFirstVersion)
      // A body that was not sent for may come all the same, or not: nobody could tell it from the next request.
      if isLast || framing == .connection || arrival.body?.isHeldBack == true { manner.keepsOpen = false }
      keepsOpen = manner.keepsOpen
      outgoing.clear(minimumCapacity: Self.usual)
      outgoing.writeHead(of: response, framing, manner)
      guard await write(response.body, context) else { return breakOff() }
    }
    arrival.body?.abandon()
    current = nil
    guard keepsOpen, !isLast else { return leave() }
    if arrivals.isEmpty || isArriving { deadlines.awaitRequest(now: context.eventLoop.now) }
    readOn()
  }

  /// Sends bytes of the answer's body, and returns when the client has room for more.
  func send(_ bytes: ByteBuffer) async throws {
    switch framing {
    case .none: return
    case .length where outgoing.readableBytes + bytes.readableBytes <= Self.together:
      outgoing.writeImmutableBuffer(bytes)
      return
    case .length, .connection:
      flush()
      context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    case .chunked:
      outgoing.writeChunk(bytes)
      flush()
    }
    try await roomForMore()
  }

  /// The answer's body is whole.
  func finish(_ trailers: HTTPFields?) {
    if framing == .chunked { outgoing.writeLastChunk(trailers) }
    flush()
    if outgoing.capacity > 2 * Self.usual { outgoing = ByteBuffer() }
    isAnswerWhole = true
  }

  /// False when not all of the body was sent.
  private func write(_ body: ResponseBody, _ context: ChannelHandlerContext) async -> Bool {
    isAnswerWhole = false
    do {
      try await body.write(AnswerWriter(connection: NIOLoopBound(self, eventLoop: context.eventLoop)))
      try await roomForMore()
    } catch {
      return false
    }
    return isAnswerWhole
  }

  /// Returns when the client has taken enough of what was written.
  private func roomForMore() async throws(ChannelError) {
    while let context, context.channel.isActive, !context.channel.isWritable { await change.wait() }
    guard let context, context.channel.isActive else { throw .ioOnClosedChannel }
  }

  private func flush() {
    if outgoing.readableBytes == 0 { return }
    context?.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
    // The same memory, unless the client is slow and it has to wait.
    outgoing.clear()
  }

  private var isLast: Bool { arrivals.isEmpty && (isInputOver || isQuiescing) }

  /// The client learns from the end of the connection that what it has is not all.
  private func breakOff() {
    current = nil
    endInput(ChannelError.ioOnClosedChannel)
    arrivals.removeAll()
    context?.close(promise: nil)
  }

  /// Answers what was malformed, and ends the connection once everything written is out.
  private func leave() {
    guard !isLeaving, let context else { return }
    isLeaving = true
    endInput(ChannelError.inputClosed)
    arrivals.removeAll()
    outgoing.clear()
    if isMalformed { outgoing.writeStaticString(Self.refusal) }
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in
      // One half first: a client that is still sending would lose the answer with the whole. It has its time to close.
      self.isLeft = true
      self.context?.close(mode: self.isQuiescing ? .all : .output, promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(outgoing), promise: written)
    deadlines.awaitRequest(now: context.eventLoop.now)
  }

  private static let refusal: StaticString =
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
}
