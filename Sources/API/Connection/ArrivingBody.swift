import Hummingbird
import NIOCore

/// The body of a request, while it arrives and is taken. On the event loop of its connection.
final class ArrivingBody {
  /// The body as the one who answers reads it: once, from the connection's task or a child of it.
  struct Stream: AsyncSequence, Sendable {
    let body: NIOLoopBound<ArrivingBody>

    struct Iterator: AsyncIteratorProtocol {
      let body: NIOLoopBound<ArrivingBody>

      mutating func next() async throws -> ByteBuffer? { try await body.value.next() }
    }

    func makeAsyncIterator() -> Iterator { Iterator(body: body) }
  }

  private unowned let connection: HTTPConnection
  private var parts = CircularBuffer<ByteBuffer>()
  /// Bytes that have arrived and were not taken.
  private(set) var count = 0
  /// Why the rest does not come; nil while it may.
  private(set) var failure: (any Error)?
  /// The client sends nothing before it is told to (RFC 9110 §10.1.1).
  private(set) var isHeldBack: Bool
  private var isWhole = false
  private var isUnwanted = false

  init(of connection: HTTPConnection, isHeldBack: Bool) {
    self.connection = connection
    self.isHeldBack = isHeldBack
  }

  func append(_ part: ByteBuffer) {
    isHeldBack = false
    if isUnwanted { return }
    parts.append(part)
    count += part.readableBytes
    connection.change.tell()
  }

  func finish() {
    isHeldBack = false
    isWhole = true
    connection.change.tell()
  }

  func fail(_ error: any Error) {
    failure = error
    connection.change.tell()
  }

  /// Nobody will take the rest: it is read into nothing.
  func abandon() {
    isUnwanted = true
    parts.removeAll()
    count = 0
  }

  private func next() async throws -> ByteBuffer? {
    while true {
      if let part = parts.popFirst() {
        count -= part.readableBytes
        connection.readOn()
        return part
      }
      if let failure { throw failure }
      if isWhole || isUnwanted { return nil }
      if isHeldBack {
        isHeldBack = false
        connection.invite()
      }
      await connection.change.wait()
    }
  }
}
