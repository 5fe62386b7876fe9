import Synchronization

/// How many documents may be on their way to clients at once: each holds a connection of the long lane for as long as
/// its reader takes. Beyond that the next one is refused at once, before its status is sent.
final class DocumentSlots: Sendable {
  private let free: Atomic<Int>

  init(_ count: Int) {
    free = Atomic(count)
  }

  /// A place, given back when the last reference to it goes: with the body of the answer, sent or not.
  /// - Throws: `Problem` 503 when all are taken.
  func take() throws(Problem) -> Place {
    guard free.subtract(1, ordering: .relaxed).newValue >= 0 else {
      free.add(1, ordering: .relaxed)
      throw .unavailable(retryAfter: .seconds(5))
    }
    return Place(of: self)
  }

  final class Place: Sendable {
    private let slots: DocumentSlots

    fileprivate init(of slots: DocumentSlots) {
      self.slots = slots
    }

    deinit { slots.free.add(1, ordering: .relaxed) }
  }
}
