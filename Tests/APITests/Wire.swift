import Dispatch
import Glibc
import Synchronization

/// One keep-alive connection to the server, down at the bytes: what a well-behaved client library would never send can
/// be sent here, and what it would repair on the way back is seen.
final class Wire: Sendable {
  private let queue = DispatchQueue(label: "wire")
  private let line: Mutex<Line>

  init(port: Int) throws {
    line = Mutex(try Line(port: port))
  }

  /// Sends these bytes and reads one answer.
  /// - Parameter bodyless: the answer to a HEAD has no body, whatever its headers say.
  func exchange(_ request: [UInt8], bodyless: Bool = false) async throws -> Answer {
    try await blocking {
      try $0.send(request)
      return try $0.answer(bodyless: bodyless)
    }
  }

  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) async throws { try await blocking { try $0.send(bytes) } }

  /// The next answer.
  func answer() async throws -> Answer { try await blocking { try $0.answer(bodyless: false) } }

  /// Everything until the server closes.
  func rest() async throws -> String { try await blocking { String(decoding: try $0.rest(), as: UTF8.self) } }

  /// Sends no more, but still reads.
  func finishSending() async throws { try await blocking { $0.shut(SHUT_WR) } }

  /// Neither sends nor reads any more.
  func leave() async throws { try await blocking { $0.shut(SHUT_RDWR) } }

  private func blocking<Result: Sendable>(
    _ body: @escaping @Sendable (inout Line) throws -> sending Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      // Blocking calls have a thread of their own: the server under test needs the cooperative ones.
      queue.async {
        continuation.resume(with: Swift.Result { try self.line.withLock { try body(&$0) } })
      }
    }
  }

  enum Failure: Error { case noConnection, closed, timeout, malformed }
}

/// What the server answered.
struct Answer: Sendable {
  var status = 0
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The values of a header, in order.
  func all(_ name: String) -> [String] {
    headers.filter { $0.name == name.lowercased() }.map(\.value)
  }

  subscript(_ name: String) -> String? { all(name).first }
}

struct Line: ~Copyable {
  private let descriptor: Int32
  private var received: [UInt8] = []

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Wire.Failure.noConnection }
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  mutating func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      // The server may refuse a request that is too long before it has all of it: its answer is there to be read.
      guard count > 0 else { return }
      sent += count
    }
  }

  func shut(_ how: some BinaryInteger) { _ = shutdown(descriptor, Int32(how)) }

  mutating func rest() throws -> [UInt8] {
    while true {
      do { try receive() } catch Wire.Failure.closed { return received }
    }
  }

  mutating func answer(bodyless: Bool) throws -> Answer {
    var answer = Answer()
    let head = try take(through: Array("\r\n\r\n".utf8))
    var lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    guard !lines.isEmpty else { throw Wire.Failure.malformed }
    let status = lines.removeFirst().split(separator: " ")
    guard status.count >= 2, status[0] == "HTTP/1.1", let code = Int(status[1]) else { throw Wire.Failure.malformed }
    answer.status = code
    answer.headers = lines.map { line in
      let name = line.prefix { $0 != ":" }
      return (name.lowercased(), String(line.dropFirst(name.count + 1).drop { $0 == " " }))
    }
    if bodyless || code == 304 || code == 204 { return answer }
    if answer["transfer-encoding"]?.lowercased() == "chunked" {
      answer.body = try chunks()
    } else if let length = answer["content-length"].flatMap({ Int($0) }) {
      answer.body = try take(length)
    }
    return answer
  }

  private mutating func chunks() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let size = String(decoding: try take(through: [13, 10]).dropLast(2), as: UTF8.self)
      guard let length = Int(size, radix: 16) else { throw Wire.Failure.malformed }
      body += try take(length)
      _ = try take(through: [13, 10])
      if length == 0 { return body }
    }
  }

  private mutating func take(through end: [UInt8]) throws -> [UInt8] {
    var searched = 0
    while true {
      if received.count >= end.count {
        for start in searched...(received.count - end.count)
        where received[start..<(start + end.count)].elementsEqual(end) {
          return try take(start + end.count)
        }
        searched = received.count - end.count + 1
      }
      try receive()
    }
  }

  private mutating func take(_ count: Int) throws -> [UInt8] {
    while received.count < count { try receive() }
    defer { received.removeFirst(count) }
    return Array(received.prefix(count))
  }

  private mutating func receive() throws {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count != 0 else { throw Wire.Failure.closed }
    guard count > 0 else { throw errno == EAGAIN ? Wire.Failure.timeout : Wire.Failure.closed }
    received += buffer[..<count]
  }
}
