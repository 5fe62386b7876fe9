import Synchronization

/// One thing to be done with a mail server.
///
/// Only `isCancelled` is touched by more than one thread: `offset` belongs to the thread that performs the errand, and
/// the rest is constant, so that it may be sent.
final class Errand: @unchecked Sendable {
  enum Kind {
    case mail(from: String, to: String)
    case greeting
  }

  let kind: Kind
  private let bytes: [UInt8]
  private var offset = 0
  private let cancelled = Atomic(false)

  init(_ kind: Kind, bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  /// Whether the server has taken sender and recipient, and asked for the mail.
  var hasBegun: Bool { offset > 0 }
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Copies what comes next; how much that was.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - offset)
    buffer.copyBytes(from: bytes[offset..<offset + count])
    offset += count
    return count
  }
}
