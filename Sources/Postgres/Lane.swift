/// One way to the database: a pool of connections of one kind and the queue before it.
///
/// The shell around `Pool`: it does what the pool decides. Touched on the reactor's thread only, except for what is
/// constant and the published statistics, which have a lock.
final class Lane: TurnTaker, @unchecked Sendable {
  /// With how many connections a request that was the one being worked on may go down.
  static let attemptLimit = 3

  let name: LaneName
  let reactor: Reactor
  let settings: Database.Configuration
  let observe: @Sendable (Observation) -> Void
  private let dial: Result<Dial, PostgresError>
  private var pool: Pool<Ticket>
  private var links: [(any Link)?]
  private var random = SystemRandomNumberGenerator()
  private var isClosed = false
  private var onRest: (() -> Void)?
  private let published = Guarded(LaneStatistics())

  init(
    _ name: LaneName, limits: Pool<Ticket>.Limits, options: String, settings: Database.Configuration,
    reactor: Reactor, observe: @escaping @Sendable (Observation) -> Void
  ) {
    self.name = name
    self.reactor = reactor
    self.settings = settings
    self.observe = observe
    dial = Result { () throws(PostgresError) in try Dial(settings, extraOptions: options) }
    let backoff = Backoff(initial: settings.backoffInitial, maximum: settings.backoffMaximum)
    pool = Pool(limits: limits, backoff: backoff)
    links = Array(repeating: nil, count: pool.slots.count)
  }

  var connectionLimit: Int { links.count }

  var statistics: LaneStatistics { published.withLock { $0 } }

  func arrive(_ ticket: Ticket) {
    if case .failure(let error) = dial { return ticket.resolve(.failure(error)) }
    if isClosed { return ticket.resolve(.failure(.shuttingDown)) }
    switch pool.arrive(ticket, deadline: ticket.deadline, now: reactor.now) {
    case .queued(let place):
      ticket.place = place
      pump()
    case .refused(let refusal):
      refuse(ticket, refusal)
    }
  }

  /// The ticket's caller no longer waits.
  func withdraw(_ ticket: Ticket) {
    if let place = ticket.place { _ = pool.cancel(place) }
    ticket.place = nil
  }

  /// Takes nothing new and calls back when all that was taken has ended.
  func drain(_ done: @escaping () -> Void) {
    pool.drain()
    onRest = done
  }

  /// Ends everything now.
  func close() {
    isClosed = true
    pool.drain()
    for link in links { link?.abandon("closed") }
    pump()
  }

  var alarm: Moment {
    links.reduce(pool.alarm) { min($0, $1?.alarm ?? .distantFuture) }
  }

  func takeTurn(_ now: Moment) {
    for link in links {
      if let link, link.alarm <= now { link.takeTurn(now) }
    }
    pump()
    publish(now)
    if pool.isDraining, pool.isAtRest, let done = onRest {
      onRest = nil
      done()
    }
  }
}

extension Lane {
  /// One request on the connection has come to its end.
  func finished(_ slot: Int) { pool.finished(slot) }

  func retire(_ slot: Int) { pool.retire(slot) }

  /// The connection is gone. `retry` are asked again, in this order and before all others.
  func lost(_ slot: Int, retry: [Ticket], reason: String) {
    links[slot] = nil
    pool.lost(slot)
    if !isClosed { observe(.lost(name, reason: reason)) }
    for ticket in retry.reversed() { askAgain(ticket) }
  }

  /// Puts a request that has had no effect to another connection, unless it has been tried often enough.
  func askAgain(_ ticket: Ticket) {
    if ticket.isResolved { return }
    ticket.isSent = false
    if ticket.attempts >= Lane.attemptLimit || isClosed {
      ticket.resolve(.failure(.connectionLost(outcome: .notSent)))
    } else {
      ticket.place = pool.comeBack(ticket, deadline: ticket.deadline, now: reactor.now)
    }
  }

  private func pump() {
    while let action = pool.next(now: reactor.now) {
      switch action {
      case .assign(let ticket, let slot, let waited):
        ticket.place = nil
        if waited > .zero { observe(.waited(name, waited)) }
        links[slot]?.take(ticket)
      case .refuse(let ticket, let refusal):
        ticket.place = nil
        refuse(ticket, refusal)
      case .dial(let slot): open(slot)
      case .close(let slot):
        links[slot]?.close()
        links[slot] = nil
      }
    }
  }

  private func refuse(_ ticket: Ticket, _ refusal: Pool<Ticket>.Refusal) {
    switch refusal {
    case .saturated:
      observe(.queueFull(name))
      ticket.resolve(.failure(.saturated(retryAfter: .seconds(1))))
    case .deadlineExceeded: ticket.resolve(.failure(.deadlineExceeded))
    case .shuttingDown: ticket.resolve(.failure(.shuttingDown))
    case .unavailable(let delay): ticket.resolve(.failure(.unavailable(retryAfter: delay)))
    }
  }

  private func open(_ slot: Int) {
    guard case .success(let dial) = dial else { return }
    dial.start { [self] outcome in
      let isTaken = reactor.post { self.dialed(slot, outcome) }
      if !isTaken, case .connected(let fresh) = outcome { fresh.discard() }
    }
  }

  private func dialed(_ slot: Int, _ outcome: Dial.Outcome) {
    switch outcome {
    case .connected(let fresh) where isClosed: fresh.discard()
    case .connected(let fresh):
      let wire = Wire(fresh, reactor)
      links[slot] = name == .long ? ExclusiveLink(wire, slot, self) : SharedLink(wire, slot, self)
      pool.opened(slot)
      observe(.connected(name))
    case .failed(let reason):
      observe(.connectFailed(name, reason: reason))
      let delay = pool.dialFailed(slot, now: reactor.now, using: &random)
      observe(.reconnecting(name, after: delay))
    }
  }

  private func publish(_ now: Moment) {
    var statistics = LaneStatistics()
    for slot in pool.slots {
      switch slot.phase {
      case .vacant: break
      case .dialing: statistics.connecting += 1
      case .open, .retiring: if slot.load == 0 { statistics.idle += 1 } else { statistics.busy += 1 }
      }
      statistics.inFlight += slot.load
    }
    statistics.waiting = pool.waiting.count
    statistics.oldestWait = pool.waiting.first.map { now.since($0.arrival) } ?? .zero
    published.withLock { $0 = statistics }
  }
}

/// A connection of a lane.
protocol Link: AnyObject {
  /// When `takeTurn` is due at the latest.
  var alarm: Moment { get }
  func takeTurn(_ now: Moment)
  /// Serves the ticket and reports its end to the lane.
  func take(_ ticket: Ticket)
  /// Closes a connection that has nothing to do.
  func close()
  /// Gives up the connection with all that is on it, and reports it to the lane as lost.
  func abandon(_ reason: String)
}
