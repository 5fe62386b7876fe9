import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A provider on a free port of this machine that answers as it is told and counts how often it is asked.
public final class Provider: Sendable {
  public enum Answer: Sendable {
    case json(String)
    case status(HTTPResponseStatus)
    case redirect(String)
    /// So many bytes in chunks, without saying beforehand how many.
    case long(Int)
    /// The head of an answer and never a body.
    case head
    /// Closes the connection instead of answering.
    case hangUp
  }

  private struct State {
    var answers: [String: Answer] = [:]
    var questions: [String: Int] = [:]
    var port = 0
  }

  public static let description = "/realm/.well-known/openid-configuration"
  public static let keySet = "/keys"

  private let state = Mutex(State())

  /// Its address; the path shows that the description is looked for below it.
  public var address: String { "http://127.0.0.1:\(state.withLock(\.port))" }
  public var issuer: String { address + "/realm" }

  /// Runs `body` with a provider that publishes the keys.
  public static func with(_ keys: [TestKey], _ body: (Provider) async throws -> Void) async throws {
    let provider = Provider()
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Conversation(provider))
        }
      }
    let listening = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    provider.state.withLock { $0.port = listening.localAddress?.port ?? 0 }
    provider.describe()
    provider.publish(keys)
    do {
      try await body(provider)
    } catch {
      try await listening.close()
      throw error
    }
    try await listening.close()
  }

  public func describe(issuer: String? = nil, keySet: String? = nil) {
    answer(
      Self.description,
      .json(#"{"issuer":"\#(issuer ?? self.issuer)","jwks_uri":"\#(keySet ?? address + Self.keySet)","x":[1,null]}"#))
  }

  public func publish(_ keys: [TestKey]) {
    publish(keys.map(\.jwk))
  }

  public func publish(_ keys: [String]) {
    answer(Self.keySet, .json(#"{"keys":[\#(keys.joined(separator: ","))]}"#))
  }

  public func answer(_ path: String, _ answer: Answer) {
    state.withLock { $0.answers[path] = answer }
  }

  public func questions(_ path: String) -> Int {
    state.withLock { $0.questions[path] ?? 0 }
  }

  fileprivate func hear(_ path: String) -> Answer {
    state.withLock { state in
      state.questions[path, default: 0] += 1
      return state.answers[path] ?? .status(.notFound)
    }
  }
}

private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let provider: Provider

  init(_ provider: Provider) {
    self.provider = provider
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data) else { return }
    switch provider.hear(head.uri) {
    case .json(let text): send(.ok, body: ByteBuffer(string: text), context)
    case .status(let status): send(status, body: ByteBuffer(), context)
    case .redirect(let address): send(.found, ["location": address], body: ByteBuffer(), context)
    case .hangUp: context.close(promise: nil)
    case .head: context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok))), promise: nil)
    case .long(let bytes):
      context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok))), promise: nil)
      for _ in 0..<bytes / 65_536 {
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(repeating: 0x20, count: 65_536)))), promise: nil)
      }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }

  private func send(
    _ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], body: ByteBuffer, _ context: ChannelHandlerContext
  ) {
    var head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    head.headers.add(name: "content-length", value: "\(body.readableBytes)")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
