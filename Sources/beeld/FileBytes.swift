import ArgumentParser
import Glibc

/// The bytes of a file, or of standard input, in pieces.
///
/// Reading waits for a disk or a pipe on the thread of the one command that this process is running; nothing else is
/// waiting for that thread.
struct FileBytes: AsyncSequence {
  private let source: Source

  /// - Parameter path: `-` for standard input.
  init(path: String) throws {
    source = try Source(path: path)
  }

  func makeAsyncIterator() -> Iterator { Iterator(source: source) }

  struct Iterator: AsyncIteratorProtocol {
    let source: Source

    mutating func next() async throws -> [UInt8]? {
      let bytes = try source.read()
      return bytes.isEmpty ? nil : bytes
    }
  }

  /// An open descriptor, closed when the last one who reads it is gone.
  final class Source {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws {
      self.path = path
      descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
      if descriptor < 0 { throw Self.failure(path) }
    }

    deinit {
      if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func read() throws -> [UInt8] {
      let size = 65_536
      var outcome = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        repeat { outcome = Glibc.read(descriptor, buffer.baseAddress, size) } while outcome < 0 && errno == EINTR
        count = Swift.max(outcome, 0)
      }
      if outcome < 0 { throw Self.failure(path) }
      return bytes
    }

    private static func failure(_ path: String) -> ValidationError {
      ValidationError("\(path): \(String(cString: strerror(errno)))")
    }
  }
}
