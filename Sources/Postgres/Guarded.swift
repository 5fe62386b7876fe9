import Glibc

/// A value behind a POSIX mutex.
///
/// `Synchronization.Mutex` would do as well, but on Linux ThreadSanitizer does not see it, and a proof that nothing races
/// is worth more here than its few nanoseconds. The value is only reached through `withLock`, which holds the mutex.
final class Guarded<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
