import Glibc

/// Threads of the operating system, for what blocks: libcurl's easy interface does.
enum Thread {
  private final class Body {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on a new thread. False when the system grants none.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // What name resolution and TLS need.
    pthread_attr_setstacksize(&attributes, 512 << 10)
    let handle = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let failure = pthread_create(&thread, &attributes, enter, handle.toOpaque())
    if failure != 0 { handle.release() }
    return failure == 0
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument else { return nil }
    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().body()
    return nil
  }
}
