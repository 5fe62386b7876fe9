import CLibpq

/// A connection in pipeline mode: many segments at once on the read lane, one at a time on the write lane.
///
/// The shell around `Pipeline`. Touched on the reactor's thread only.
final class SharedLink: Link, Watcher {
  private let wire: Wire
  private let slot: Int
  private unowned let lane: Lane
  private var pipeline = Pipeline<Ticket, Rows, ServerError>()
  /// No later than the first deadline of the requests here.
  private var earliest = Moment.distantFuture
  /// The server has said of the segment in hand that its commit was not confirmed by the standby.
  private var isUnconfirmed = false

  init(_ wire: Wire, _ slot: Int, _ lane: Lane) {
    self.wire = wire
    self.slot = slot
    self.lane = lane
    wire.receiveNotices { [unowned self, unowned lane] notice in
      if notice.isUnconfirmedCommit { isUnconfirmed = true }
      lane.observe(.notice(lane.name, notice))
    }
    if !wire.enterPipeline() { wire.close() }
    wire.want(.read, for: self)
  }

  private var isRead: Bool { lane.name == .read }

  func take(_ ticket: Ticket) {
    guard case .rows(let segment) = ticket.wish, !wire.isBroken else {
      return fail(wire.complaint, unsent: [ticket])
    }
    // A write that went into a connection already ended would have an unknown outcome; a look beforehand is cheap.
    if !isRead, !wire.consume() { return fail(wire.complaint, unsent: [ticket]) }
    ticket.attempts += 1
    earliest = min(earliest, ticket.deadline)
    switch pipeline.submit(ticket, using: segment.statements) {
    case .send: transmit(ticket, segment)
    case .park(let statements): for statement in statements where !wire.isClosed { prepare(statement) }
    }
    flush()
  }

  func close() { wire.close() }

  func abandon(_ reason: String) { fail(reason) }

  func ready(_ readiness: Interest) {
    let isAlive = wire.consume()
    readReplies()
    if wire.isClosed { return }
    if isAlive { flush() } else { fail(wire.complaint) }
  }

  var alarm: Moment { min(earliest, headLimit) }

  func takeTurn(_ now: Moment) {
    if now >= earliest { answerOverdue(now) }
    guard now >= headLimit, let since = pipeline.headSince else { return }
    lane.observe(.watchdogRetired(lane.name, age: now.since(since)))
    if isRead { pipeline.head?.resolve(.failure(.deadlineExceeded)) }
    fail("the request at the head took too long")
  }
}

extension SharedLink {
  private func transmit(_ ticket: Ticket, _ segment: Segment) {
    for bound in segment.guards where !wire.send(bound) { return fail(wire.complaint, unsent: [ticket]) }
    guard wire.send(segment.statement) else { return fail(wire.complaint, unsent: [ticket]) }
    // Until the sync is out the server cannot commit, whatever it has of the segment.
    ticket.isSent = true
    pipeline.sent(ticket, statements: segment.guards.count + 1, now: lane.reactor.now)
    if !wire.sync() { fail(wire.complaint) }
  }

  private func prepare(_ statement: Statement) {
    pipeline.sentPrepare(statement, now: lane.reactor.now)
    if !wire.sendPrepare(statement) || !wire.sync() { fail(wire.complaint) }
  }

  private func flush() {
    if wire.isClosed { return }
    switch wire.flush() {
    case .done: wire.want(.read, for: self)
    case .pending: wire.want([.read, .write], for: self)
    case .broken: fail(wire.complaint)
    }
  }

  private func readReplies() {
    var gaps = 0
    while pipeline.expectsReply, !wire.isBusy {
      guard let result = wire.nextResult() else {
        // Each gap follows a result. Of a connection that has ended libpq gives nothing but gaps, for ever.
        gaps += 1
        if gaps > 1 { return fail(wire.complaint) }
        handle(pipeline.received(.gap, now: lane.reactor.now))
        continue
      }
      gaps = 0
      guard let reply = interpret(result) else { continue }
      handle(pipeline.received(reply, now: lane.reactor.now))
    }
  }

  /// Nil when there is nothing for the pipeline in it.
  private func interpret(_ result: OpaquePointer) -> Pipeline<Ticket, Rows, ServerError>.Reply? {
    let status = PQresultStatus(result)
    if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY {
      if pipeline.wantsAnswer { return .answer(Rows(result)) }
      PQclear(result)
      return nil
    }
    defer { PQclear(result) }
    switch status {
    case PGRES_PIPELINE_SYNC: return .sync
    case PGRES_PIPELINE_ABORTED: return .aborted
    case PGRES_FATAL_ERROR: return refusal(result)
    default:
      pipeline.head?.resolve(.failure(.misuse("COPY needs a session")))
      fail("a COPY on a shared connection")
      return nil
    }
  }

  private func refusal(_ result: OpaquePointer) -> Pipeline<Ticket, Rows, ServerError>.Reply? {
    // Without a SQLSTATE it is libpq itself that speaks: the connection broke.
    guard let error = ServerError(result) else {
      fail(wire.complaint)
      return nil
    }
    if error.isFatal {
      fail("\(error)")
      return nil
    }
    return .failure(error)
  }

  private func handle(_ event: Pipeline<Ticket, Rows, ServerError>.Event) {
    switch event {
    case .pending: break
    case .answered(let ticket, let rows): settle(ticket, .success(.rows(rows)))
    case .failed(let ticket, let error):
      if error.isStalePlan { replan(ticket, error) } else { settle(ticket, .failure(.server(error))) }
    case .prepared(let tickets): for ticket in tickets { release(ticket) }
    case .prepareFailed(let tickets, let error):
      for ticket in tickets { settle(ticket, .failure(.server(error))) }
    case .violated(let reason, let ticket):
      ticket?.resolve(.failure(.connectionLost(outcome: isRead ? .notSent : .unknown)))
      fail(reason)
    }
  }

  private func settle(_ ticket: Ticket, _ outcome: Ticket.Outcome) {
    let isOpen = !pipeline.expectsReply && wire.isInTransaction
    if isOpen {
      ticket.resolve(.failure(.misuse("the segment left a transaction open; it has had no effect")))
    } else if isUnconfirmed, !isRead {
      ticket.resolve(.failure(.connectionLost(outcome: .unknown)))
    } else {
      ticket.resolve(outcome)
    }
    isUnconfirmed = false
    lane.finished(slot)
    if isOpen { fail("a transaction was left open") }
  }

  /// The schema changed under a prepared statement. The segment was rolled back: it may be sent again, elsewhere.
  private func replan(_ ticket: Ticket, _ error: ServerError) {
    lane.observe(.stalePlan(lane.name))
    lane.finished(slot)
    lane.retire(slot)
    ticket.attempts -= 1
    ticket.replans += 1
    if ticket.replans > 2 * lane.connectionLimit { return ticket.resolve(.failure(.server(error))) }
    lane.askAgain(ticket)
  }

  /// Its statements are prepared now; whoever has given up meanwhile is not sent at all.
  private func release(_ ticket: Ticket) {
    guard !wire.isClosed, case .rows(let segment) = ticket.wish else { return lane.askAgain(ticket) }
    if ticket.isResolved { lane.finished(slot) } else { transmit(ticket, segment) }
  }

  private func fail(_ reason: String, unsent: [Ticket] = []) {
    if wire.isClosed, !unsent.isEmpty { return lane.lost(slot, retry: unsent, reason: reason) }
    guard !wire.isClosed else { return }
    wire.close()
    let (inFlight, parked) = pipeline.lost()
    if !isRead {
      for ticket in inFlight { ticket.resolve(.failure(.connectionLost(outcome: .unknown))) }
    }
    // Only the request at the head can have brought the connection down; the others' attempts do not count.
    for ticket in inFlight.dropFirst() + parked { ticket.attempts -= 1 }
    lane.lost(slot, retry: inFlight.filter { !$0.isResolved } + parked + unsent, reason: reason)
  }

  private func answerOverdue(_ now: Moment) {
    earliest = .distantFuture
    pipeline.forEachRequest { ticket in
      if ticket.isResolved { return }
      if ticket.deadline > now {
        earliest = min(earliest, ticket.deadline)
      } else if ticket.isSent, !isRead {
        ticket.resolve(.failure(.connectionLost(outcome: .unknown)))
      } else {
        ticket.resolve(.failure(.deadlineExceeded))
      }
    }
  }

  /// When the connection is given up: a read may be at the head for so long, a write may outlast its deadline by it.
  private var headLimit: Moment {
    guard let since = pipeline.headSince else { return .distantFuture }
    guard !isRead, let ticket = pipeline.head else { return since + lane.settings.headAgeLimit }
    return ticket.deadline + lane.settings.headAgeLimit
  }
}
