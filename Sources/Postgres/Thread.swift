import CLibpq
import Glibc

/// Threads of the operating system, for what may block.
enum Thread {
  private final class Body {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Runs `body` on a new thread with no more stack than name resolution and TLS need. False when the system
  /// grants none.
  static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 512 << 10)
    let handle = Unmanaged.passRetained(Body(name: name, body: body))
    var thread = pthread_t()
    let failure = pthread_create(&thread, &attributes, enter, handle.toOpaque())
    if failure != 0 { handle.release() }
    return failure == 0
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument else { return nil }
    let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
    pthread_setname_np(pthread_self(), body.name)
    body.body()
    return nil
  }
}
