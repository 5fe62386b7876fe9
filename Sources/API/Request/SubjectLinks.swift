import Synchronization

/// Subjects whose link was looked at a moment ago, so that not every request does it: for ten minutes when there is
/// one, for one minute when there is none. Who is let in is none of its business; the database decides that each time.
final class SubjectLinks: Sendable {
  private let closed = Mutex<[String: ContinuousClock.Instant]>([:])
  private static let limit = 10_000

  /// Whether the link is to be looked at.
  func isOpen(_ subject: String) -> Bool {
    closed.withLock { $0[subject].map { $0 <= .now } ?? true }
  }

  func close(_ subject: String, isLinked: Bool) {
    let until = ContinuousClock.now + .seconds(isLinked ? 600 : 60)
    closed.withLock { closed in
      if closed.count >= Self.limit { closed.removeAll(keepingCapacity: true) }
      closed[subject] = until
    }
  }
}
