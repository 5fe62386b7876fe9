import Synchronization

/// One step of a session, from the call until its one answer.
///
/// Like a `Ticket`, it belongs to the reactor's thread from the moment it is posted: handed over once, through the
/// reactor's inbox, whose lock orders the two threads.
final class Operation: Errand, @unchecked Sendable {
  typealias Outcome = Result<Answer, PostgresError>

  enum Kind {
    case query(BoundStatement)
    case script(String)
    /// Starts a statement whose rows are fetched as they come.
    case open(BoundStatement)
    case fetchRows(limit: Int)
    case beginCopyIn(String)
    case put([UInt8])
    case endCopyIn(failure: String?)
    case beginCopyOut(String)
    case fetchBytes(limit: Int)
    /// Ends what is being read, and reads the rest into nothing.
    case leave
  }

  enum Answer {
    case done
    case rows([Rows])
    case bytes([UInt8])
    /// Nothing more comes of what was being read.
    case end
  }

  let kind: Kind
  /// Which holder of the connection it comes from.
  let lease: UInt64
  /// Clean-up that a cancelled task must still be able to do.
  let isShielded: Bool
  let limit: Duration
  /// Set by what begins or ends a transaction: whether, from here on, a broken connection means no effect.
  var leavesUncommitted: Bool?
  private let link: ExclusiveLink
  private var continuation: UnsafeContinuation<Outcome, Never>?
  /// As in `Ticket`: orders the answer before its use.
  private let isAnswered = Atomic(false)
  private(set) var isCancelled = false
  private var hasArrived = false

  init(_ kind: Kind, _ link: ExclusiveLink, lease: UInt64, limit: Duration, isShielded: Bool = false) {
    self.kind = kind
    self.link = link
    self.lease = lease
    self.limit = limit
    self.isShielded = isShielded
  }

  func outcome(from reactor: Reactor) async -> Outcome {
    let outcome = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        self.continuation = continuation
        if !reactor.post(self) { resolve(.failure(.shuttingDown)) }
      }
    } onCancel: {
      if !isShielded { reactor.post { self.cancel() } }
    }
    _ = isAnswered.load(ordering: .acquiring)
    return outcome
  }

  func run() {
    hasArrived = true
    if isCancelled { resolve(.failure(.cancelled)) } else { link.perform(self) }
  }

  private func cancel() {
    isCancelled = true
    if hasArrived { link.cancel(self, .cancelled) }
  }

  func resolve(_ outcome: Outcome) {
    guard let continuation else { return }
    self.continuation = nil
    isAnswered.store(true, ordering: .releasing)
    continuation.resume(returning: outcome)
  }
}
