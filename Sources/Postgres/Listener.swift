import CLibpq

/// A connection that only listens, and is opened again whenever it breaks.
///
/// Touched on the reactor's thread only, once `start` has been posted; what is read elsewhere is constant.
final class Listener: TurnTaker, Watcher, @unchecked Sendable {
  private enum State {
    case waiting(until: Moment)
    case dialing
    /// The answer to LISTEN or to a sign of life is on its way.
    case asking(since: Moment)
    case listening(until: Moment)
    case closed
  }

  private let channels: [String]
  private let settings: Database.Configuration
  private let reactor: Reactor
  private let observe: @Sendable (Observation) -> Void
  private let tell: @Sendable (NotificationEvent) -> Void
  private let end: @Sendable () -> Void
  private var state = State.waiting(until: Moment(nanoseconds: 0))
  private var wire: Wire?
  private var backoff: Backoff
  private var random = SystemRandomNumberGenerator()
  private var isSubscribed = false

  init(
    _ channels: [String], _ settings: Database.Configuration, _ reactor: Reactor,
    observe: @escaping @Sendable (Observation) -> Void, tell: @escaping @Sendable (NotificationEvent) -> Void,
    end: @escaping @Sendable () -> Void
  ) {
    self.channels = channels
    self.settings = settings
    self.reactor = reactor
    self.observe = observe
    self.tell = tell
    self.end = end
    backoff = Backoff(initial: settings.backoffInitial, maximum: settings.backoffMaximum)
  }

  /// Begins to listen; ended by `close`, or with the reactor.
  func start() {
    if case .closed = state { return end() }
    if !reactor.post({ self.reactor.add(self) }) { end() }
  }

  func close() {
    if case .closed = state { return }
    state = .closed
    wire?.close()
    wire = nil
    reactor.remove(self)
    end()
  }

  var alarm: Moment {
    switch state {
    case .waiting(let until), .listening(let until): until
    case .asking(let since): since + settings.headAgeLimit
    case .dialing, .closed: .distantFuture
    }
  }

  func takeTurn(_ now: Moment) {
    guard now >= alarm else { return }
    switch state {
    case .waiting: dial()
    case .asking: fail("no answer while listening")
    case .listening: ask("select 1")
    case .dialing, .closed: break
    }
  }

  func ready(_ readiness: Interest) {
    guard let wire else { return }
    let isAlive = wire.consume()
    if case .asking = state { readAnswer(wire) }
    tellNotifications(wire)
    if !isAlive, self.wire != nil { return fail(wire.complaint) }
    if wire.flush() == .done { wire.want(.read, for: self) }
  }
}

extension Listener {
  private func dial() {
    state = .dialing
    let dial: Dial
    do { dial = try Dial(settings, extraOptions: "") } catch { return close() }
    dial.start { [self] outcome in
      let isTaken = reactor.post { self.dialed(outcome) }
      if !isTaken, case .connected(let fresh) = outcome { fresh.discard() }
    }
  }

  private func dialed(_ outcome: Dial.Outcome) {
    switch (outcome, state) {
    case (.connected(let fresh), .dialing):
      backoff.reset()
      let wire = Wire(fresh, reactor)
      wire.receiveNotices { [observe] in observe(.notice(.listen, $0)) }
      self.wire = wire
      observe(.connected(.listen))
      ask(channels.map { "listen " + quoted($0) }.joined(separator: "; "))
    case (.connected(let fresh), _): fresh.discard()
    case (.failed(let reason), .dialing):
      observe(.connectFailed(.listen, reason: reason))
      waitToDial()
    case (.failed, _): break
    }
  }

  private func quoted(_ identifier: String) -> String {
    "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  private func ask(_ sql: String) {
    guard let wire else { return }
    state = .asking(since: reactor.now)
    guard wire.sendScript(sql), wire.flush() != .broken else { return fail(wire.complaint) }
    wire.want([.read, .write], for: self)
  }

  private func readAnswer(_ wire: Wire) {
    while !wire.isBusy {
      guard let result = wire.nextResult() else {
        state = .listening(until: reactor.now + settings.listenHeartbeat)
        if !isSubscribed { tell(.resumed) }
        isSubscribed = true
        return
      }
      let hasFailed = PQresultStatus(result) == PGRES_FATAL_ERROR
      let reason = hasFailed ? ServerError(result)?.description ?? wire.complaint : ""
      PQclear(result)
      if hasFailed { return fail(reason) }
    }
  }

  private func tellNotifications(_ wire: Wire) {
    while !wire.isClosed, let notify = PQnotifies(wire.connection) {
      let notification = Notification(
        channel: String(cString: notify.pointee.relname), payload: String(cString: notify.pointee.extra),
        processID: notify.pointee.be_pid)
      PQfreemem(notify)
      tell(.notification(notification))
    }
  }

  private func fail(_ reason: String) {
    wire?.close()
    wire = nil
    isSubscribed = false
    observe(.lost(.listen, reason: reason))
    waitToDial()
  }

  private func waitToDial() {
    let delay = backoff.next(using: &random)
    observe(.reconnecting(.listen, after: delay))
    state = .waiting(until: reactor.now + delay)
  }
}

extension Database {
  /// What is said on the channels, on a connection of its own, until the iteration ends or the database is shut down.
  ///
  /// `resumed` comes after every (re)connect. Nothing is said twice, but what is said while the connection is down, or
  /// faster than it is taken (1,024 events wait at most), is lost: it only wakes, polling is the truth.
  public func notifications(on channels: [String]) -> AsyncStream<NotificationEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1024)) { continuation in
      listen(on: channels, tell: { continuation.yield($0) }, end: { continuation.finish() }) { stop in
        continuation.onTermination = { _ in stop() }
      }
    }
  }
}
