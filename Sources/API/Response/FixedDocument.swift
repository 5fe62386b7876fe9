import Hummingbird
import Synchronization

/// A document that is the same for everybody as long as the server runs: made when somebody first asks for it, and once.
final class FixedDocument: Sendable {
  let type: String
  private let make: @Sendable () throws -> [UInt8]
  private let made = Mutex<(body: ByteBuffer, tag: String)?>(nil)

  /// - Parameter type: its media type.
  init(_ type: String, _ make: @escaping @Sendable () throws -> [UInt8]) {
    self.type = type
    self.make = make
  }

  /// Its bytes and their entity tag.
  /// - Throws: what making it throws.
  func content() throws -> (body: ByteBuffer, tag: String) {
    try made.withLock { made in
      if let made { return made }
      let body = ByteBuffer(bytes: try make())
      let content = (body: body, tag: Reply.entityTag(version: "1", body))
      made = content
      return content
    }
  }
}
