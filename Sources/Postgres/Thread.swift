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

  /// From here on the calling thread, when it is woken, pushes nobody off a processor: it runs at once where one is
  /// idle, and otherwise when whoever woke it has done what there was to do. One wake-up then finds more to work off.
  static func giveWay() {
    var parameters = sched_param()
    parameters.sched_priority = 0
    // Without it all is the same but for the speed.
    sched_setscheduler(0, SCHED_BATCH, &parameters)
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument else { return nil }
    let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
    pthread_setname_np(pthread_self(), body.name)
    body.body()
    return nil
  }
}
