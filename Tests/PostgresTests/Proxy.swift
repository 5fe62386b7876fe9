import Glibc

@testable import Postgres

/// Stands between the client and the server on loopback, and breaks one connection after so many bytes.
final class Proxy: Sendable {
  enum Direction: Sendable, CaseIterable { case fromServer, fromClient }
  enum Damage: Sendable, CaseIterable {
    /// Both sides see the connection end.
    case cut
    /// Nothing passes any more, and nobody is told.
    case stall
    /// The receiving side sees the end; what it sends still passes.
    case halfClose
  }

  struct Fault: Sendable {
    let direction: Direction
    /// How many bytes still pass in that direction, over all connections since the fault was planned.
    let bytes: Int
    let damage: Damage
  }

  private struct State {
    var fault: Fault?
    var passed: [Direction: Int] = [.fromServer: 0, .fromClient: 0]
    var struck = 0
    var connections: [Link] = []
  }

  let port: Int
  private let listener: Int32
  private let server: String
  private let state = Guarded(State())

  /// `server` is the path of the server's Unix socket.
  init(to server: String) throws {
    self.server = server
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && getsockname(listener, pointer, &length) == 0
      }
    }
    guard bound, listen(listener, 64) == 0 else { throw ProxyError() }
    port = Int(UInt16(bigEndian: address.sin_port))
    start { self.accept() }
  }

  struct ProxyError: Error {}

  /// From now on counts afresh, and strikes once.
  func plan(_ fault: Fault?) {
    state.withLock { state in
      state.fault = fault
      state.passed = [.fromServer: 0, .fromClient: 0]
    }
  }

  /// How many faults have struck.
  var struck: Int { state.withLock { $0.struck } }

  /// How many bytes have passed since the last plan.
  func passed(_ direction: Direction) -> Int { state.withLock { $0.passed[direction] ?? 0 } }

  /// Ends all connections, and takes no more.
  func close() {
    shutdown(listener, Int32(SHUT_RDWR))
    for connection in state.withLock({ $0.connections }) { connection.end() }
  }

  deinit { Glibc.close(listener) }

  private func accept() {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      if client < 0 { return }
      let upstream = connectToServer()
      if upstream < 0 {
        Glibc.close(client)
        continue
      }
      let link = Link(client: client, server: upstream)
      state.withLock { $0.connections.append(link) }
      start { self.pump(link, from: upstream, to: client, .fromServer) }
      start { self.pump(link, from: client, to: upstream, .fromClient) }
    }
  }

  private func connectToServer() -> Int32 {
    let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: server.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(upstream, $0, size) }
    }
    if result == 0 { return upstream }
    Glibc.close(upstream)
    return -1
  }

  private func pump(_ link: Link, from source: Int32, to target: Int32, _ direction: Direction) {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count <= 0 { return link.end() }
      let (allowed, damage) = admit(count, direction)
      if link.isStalled { continue }
      var sent = 0
      while sent < allowed {
        let written = buffer.withUnsafeBytes {
          send(target, $0.baseAddress! + sent, allowed - sent, Int32(MSG_NOSIGNAL))
        }
        if written <= 0 { return link.end() }
        sent += written
      }
      switch damage {
      case nil: break
      case .cut: return link.end()
      case .stall: link.stall()
      case .halfClose:
        shutdown(target, Int32(SHUT_WR))
        return
      }
    }
  }

  /// How many of the bytes may pass, and what happens after them.
  private func admit(_ count: Int, _ direction: Direction) -> (Int, Damage?) {
    state.withLock { state in
      let before = state.passed[direction] ?? 0
      state.passed[direction] = before + count
      guard let fault = state.fault, fault.direction == direction, before + count >= fault.bytes else {
        return (count, nil)
      }
      state.fault = nil
      state.struck += 1
      return (max(0, fault.bytes - before), fault.damage)
    }
  }

  private func start(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  /// Both sockets of one connection; closed when the last of its two threads and the proxy let go of it.
  private final class Link: Sendable {
    let client: Int32
    let server: Int32
    private let stalled = Flag()

    init(client: Int32, server: Int32) {
      self.client = client
      self.server = server
    }

    var isStalled: Bool { stalled.isRaised }
    func stall() { stalled.raise() }

    func end() {
      shutdown(client, Int32(SHUT_RDWR))
      shutdown(server, Int32(SHUT_RDWR))
    }

    deinit {
      Glibc.close(client)
      Glibc.close(server)
    }
  }
}
