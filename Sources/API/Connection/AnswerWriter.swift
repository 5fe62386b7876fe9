import HTTPTypes
import Hummingbird
import NIOCore

/// Sends the body of one answer at its reader's pace. On the event loop of its connection.
struct AnswerWriter: ResponseBodyWriter {
  let connection: NIOLoopBound<HTTPConnection>

  mutating func write(_ buffer: ByteBuffer) async throws {
    try await connection.value.send(buffer)
  }

  consuming func finish(_ trailers: HTTPFields?) async throws {
    connection.value.finish(trailers)
  }
}
