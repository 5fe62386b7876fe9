import CLibpq

/// A connection that one holder has to itself: sessions, one operation after the other.
///
/// Touched on the reactor's thread only; the reference travels to the holder, who only posts operations, and reads
/// `lease` and `limits`, which do not change from the hand-over until the holder gives the link back.
final class ExclusiveLink: Link, Watcher, @unchecked Sendable {
  private let conversation: Conversation
  private let slot: Int
  private unowned let lane: Lane
  private var queue = Ring<Operation>()
  private var current: Operation?
  private var currentDeadline = Moment.distantFuture
  /// Why the current operation is being ended before its time.
  private var ending: PostgresError?
  private var cancelsUnderway = 0
  private var isUnconfirmed = false
  private var isReturning = false
  private(set) var lease: UInt64 = 0
  /// Inside a transaction whose COMMIT has not been sent: if the connection breaks, nothing has happened.
  private var isUncommitted = false
  private var onNotice: (@Sendable (ServerError) -> Void)?

  init(_ wire: Wire, _ slot: Int, _ lane: Lane) {
    conversation = Conversation(wire)
    self.slot = slot
    self.lane = lane
    wire.receiveNotices { [unowned self, unowned lane] notice in
      if notice.isUnconfirmedCommit { isUnconfirmed = true }
      lane.observe(.notice(lane.name, notice))
      onNotice?(notice)
    }
    wire.want(.read, for: self)
  }

  private var wire: Wire { conversation.wire }

  func take(_ ticket: Ticket) {
    if wire.isBroken || !wire.consume() { return fail(wire.complaint, retry: [ticket]) }
    if ticket.isResolved { return lane.finished(slot) }
    ticket.attempts += 1
    lease += 1
    ticket.resolve(.success(.session(self)))
  }

  func close() { wire.close() }

  func abandon(_ reason: String) { fail(reason) }

  var alarm: Moment { currentDeadline }

  func takeTurn(_ now: Moment) {
    guard now >= currentDeadline else { return }
    if ending != nil || isReturning || current == nil {
      fail("an operation could not be ended in time")
    } else if let current {
      cancel(current, .deadlineExceeded)
    }
  }

  func ready(_ readiness: Interest) {
    // While nobody asks for what is being read, it stays with the server: that is the back-pressure.
    if current == nil, conversation.state != .idle { return wire.want([], for: self) }
    let isAlive = wire.consume()
    if let current { follow(conversation.advance(current.kind), current) }
    if !isAlive, !wire.isClosed { fail(wire.complaint) }
  }

  /// Queues an operation behind those before it.
  func perform(_ operation: Operation) {
    if operation.lease != lease { return operation.resolve(.failure(.misuse("a session used outside its closure"))) }
    if wire.isClosed { return operation.resolve(.failure(.connectionLost(outcome: .notSent))) }
    queue.append(operation)
    beginNext()
  }

  /// Ends an operation before its time: the server is asked to stop, and what still comes is read into nothing.
  func cancel(_ operation: Operation, _ reason: PostgresError) {
    guard operation === current else { return }
    guard ending == nil else { return }
    ending = reason
    currentDeadline = lane.reactor.now + lane.settings.cancelGrace
    requestCancel()
  }

  /// The holder is done. The connection goes back in the state in which a new one would be, or not at all.
  func giveBack() {
    lease += 1
    onNotice = nil
    isUncommitted = false
    if wire.isClosed { return }
    isReturning = true
    if current != nil { return fail("a session was given back while it was at work") }
    currentDeadline = lane.reactor.now + lane.settings.cancelGrace
    for kind in cleaning { queue.append(Operation(kind, self, lease: lease, limit: lane.settings.cancelGrace)) }
    beginNext()
  }

  func listenForNotices(_ body: @escaping @Sendable (ServerError) -> Void, lease: UInt64) {
    if lease == self.lease { onNotice = body }
  }

  private var cleaning: [Operation.Kind] {
    var kinds: [Operation.Kind] = []
    if conversation.state != .idle { kinds.append(.leave) }
    if conversation.state != .idle || wire.isInTransaction {
      lane.observe(.sessionRepaired(reason: "left at work or in a transaction"))
      kinds.append(.script("rollback"))
    }
    return kinds + [.script("discard all")]
  }
}

extension ExclusiveLink {
  private func beginNext() {
    guard current == nil, cancelsUnderway == 0, !wire.isClosed else { return }
    guard let operation = queue.popFirst() else {
      if isReturning { settleReturn() }
      return
    }
    if operation.isCancelled, !operation.isShielded { return skip(operation, .cancelled) }
    if let objection = conversation.objection(to: operation.kind) { return skip(operation, .misuse(objection)) }
    current = operation
    ending = nil
    isUnconfirmed = false
    if let isUncommitted = operation.leavesUncommitted { self.isUncommitted = isUncommitted }
    currentDeadline = lane.reactor.now + operation.limit
    if case .leave = operation.kind { requestCancel() }
    follow(conversation.begin(operation.kind), operation)
  }

  private func skip(_ operation: Operation, _ error: PostgresError) {
    operation.resolve(.failure(error))
    beginNext()
  }

  private func follow(_ progress: Conversation.Progress, _ operation: Operation) {
    switch progress {
    case .waiting(let interest): wire.want(interest, for: self)
    case .finished(let answer): finish(operation, .success(answer))
    case .failed(let error): finish(operation, .failure(error))
    case .broken(let reason): fail(reason)
    }
  }

  private func finish(_ operation: Operation, _ outcome: Operation.Outcome) {
    current = nil
    // What follows waits for a cancel that is on its way, but not for ever.
    currentDeadline = cancelsUnderway > 0 ? lane.reactor.now + lane.settings.cancelGrace : .distantFuture
    wire.want(.read, for: self)
    if isReturning, case .failure = outcome { return fail("a session could not be cleaned") }
    if let ending {
      operation.resolve(.failure(ending))
      self.ending = nil
    } else if isUnconfirmed {
      operation.resolve(.failure(.connectionLost(outcome: .unknown)))
    } else {
      operation.resolve(outcome)
    }
    beginNext()
  }

  private func settleReturn() {
    isReturning = false
    currentDeadline = .distantFuture
    if wire.transactionStatus == PQTRANS_IDLE { lane.finished(slot) } else { fail("a session could not be cleaned") }
  }

  /// `PQcancel` opens a connection of its own and blocks, so it has a thread of its own. Nothing else is begun on this
  /// connection before it has ended, or the next statement might be the one that is cancelled.
  private func requestCancel() {
    guard cancelsUnderway == 0, !wire.isClosed, let cancel = Cancel(wire) else { return }
    cancelsUnderway += 1
    let reactor = lane.reactor
    let isStarted = Thread.start(name: "postgres-cancel") {
      cancel.send()
      reactor.post { self.cancelEnded() }
    }
    if !isStarted { cancelsUnderway -= 1 }
  }

  private func cancelEnded() {
    cancelsUnderway -= 1
    if current == nil { currentDeadline = .distantFuture }
    beginNext()
  }

  private func fail(_ reason: String, retry: [Ticket] = []) {
    if wire.isClosed { return }
    wire.close()
    let outcome: PostgresError = .connectionLost(outcome: isUncommitted ? .notSent : .unknown)
    current?.resolve(.failure(ending ?? outcome))
    current = nil
    currentDeadline = .distantFuture
    while let operation = queue.popFirst() { operation.resolve(.failure(.connectionLost(outcome: .notSent))) }
    lane.lost(slot, retry: retry, reason: reason)
  }
}

/// What is needed to ask the server to stop a statement, apart from the connection itself.
///
/// The object is libpq's own copy, made to be used on another thread; `send` is called once and frees it.
private struct Cancel: @unchecked Sendable {
  private let pointer: OpaquePointer

  init?(_ wire: Wire) {
    guard let pointer = PQgetCancel(wire.connection) else { return nil }
    self.pointer = pointer
  }

  func send() {
    var complaint = [CChar](repeating: 0, count: 256)
    PQcancel(pointer, &complaint, Int32(complaint.count))
    PQfreeCancel(pointer)
  }
}
