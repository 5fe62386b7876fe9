import Synchronization

/// One caller's wish, from the call until its one answer.
///
/// Made on the caller's thread, and handed over once through the reactor's inbox, whose lock orders the two threads; from
/// then on everything in it is touched on the reactor's thread only, which is what makes "exactly once" a matter of one
/// optional and no lock. Its continuation is unsafe, that is
/// unchecked, because a check costs an allocation a request: `resolve` takes it out before it uses it, and a ticket
/// that is dropped unresolved would be seen by the tests as a call that never returns.
final class Ticket: Errand, @unchecked Sendable {
  typealias Outcome = Result<Grant, PostgresError>

  enum Wish {
    case rows(Segment)
    case session
  }

  enum Grant {
    case rows(Rows)
    case session(ExclusiveLink)
  }

  let wish: Wish
  let deadline: Moment
  private let lane: Lane
  private var continuation: UnsafeContinuation<Outcome, Never>?
  /// Orders the answer before its use. The runtime does so too, but a continuation that is resumed before its task has
  /// suspended passes through no code that ThreadSanitizer sees.
  private let isAnswered = Atomic(false)
  private var hasArrived = false
  private var isCancelled = false
  /// Where it stands in the lane's queue, while it does.
  var place: Line<Pool<Ticket>.Waiter>.Place?
  /// How many connections it has been given to.
  var attempts = 0
  /// How many connections had an outdated plan for it.
  var replans = 0
  /// The server may have all of the segment.
  var isSent = false

  init(_ wish: Wish, deadline: Moment, lane: Lane) {
    self.wish = wish
    self.deadline = deadline
    self.lane = lane
  }

  /// Waits for the answer; a cancelled caller is answered as soon as the reactor hears of it.
  func outcome(from reactor: Reactor) async -> Outcome {
    let outcome = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        self.continuation = continuation
        if !reactor.post(self) { continuation.resume(returning: .failure(.shuttingDown)) }
      }
    } onCancel: {
      reactor.post { self.cancel() }
    }
    _ = isAnswered.load(ordering: .acquiring)
    return outcome
  }

  func run() {
    hasArrived = true
    if isCancelled { resolve(.failure(.cancelled)) } else { lane.arrive(self) }
  }

  private func cancel() {
    isCancelled = true
    guard hasArrived, !isResolved else { return }
    lane.withdraw(self)
    resolve(.failure(.cancelled))
  }

  var isResolved: Bool { continuation == nil }

  /// The first answer counts; whatever comes later is dropped here and reaches nobody.
  func resolve(_ outcome: Outcome) {
    guard let continuation else { return }
    self.continuation = nil
    isAnswered.store(true, ordering: .releasing)
    lane.reactor.answer(continuation, outcome)
  }
}
