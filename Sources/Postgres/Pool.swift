/// Who gets which connection, and when connections are opened and given up: the pure state of one lane.
///
/// Events go in through the mutating functions; what has to be done comes out of `next(now:)`, one action at a time,
/// until it returns nil. There is no I/O here and no clock.
struct Pool<Request> {
  struct Limits: Sendable {
    var connections: Int
    /// Requests on one connection at a time.
    var depth: Int
    /// Requests that may wait beyond those.
    var queue: Int
    /// How long requests wait while no connection can be had.
    var patience: Duration
  }

  enum Arrival {
    case queued(Line<Waiter>.Place)
    case refused(Refusal)
  }

  enum Refusal: Hashable {
    case saturated, deadlineExceeded, shuttingDown
    case unavailable(retryAfter: Duration)
  }

  enum Action {
    case assign(Request, slot: Int, waited: Duration)
    case refuse(Request, Refusal)
    case dial(slot: Int)
    case close(slot: Int)
  }

  struct Waiter {
    let request: Request
    let arrival: Moment
    let deadline: Moment
  }

  enum Phase: Hashable { case vacant, dialing, open, retiring }

  struct Slot {
    var phase = Phase.vacant
    var load = 0
  }

  let limits: Limits
  private(set) var slots: [Slot]
  private(set) var waiting = Line<Waiter>()
  private(set) var isDraining = false
  private var backoff: Backoff
  private var retryAt = Moment(nanoseconds: 0)
  /// Since when a connection has been wanted and none was open.
  private var darkSince: Moment?
  /// No later than the first deadline of those who wait.
  private var earliest = Moment.distantFuture
  private var refusals: [(Request, Refusal)] = []

  init(limits: Limits, backoff: Backoff) {
    self.limits = limits
    self.backoff = backoff
    slots = Array(repeating: Slot(), count: max(1, limits.connections))
  }

  /// A request joins the queue, or is refused at once.
  mutating func arrive(_ request: Request, deadline: Moment, now: Moment) -> Arrival {
    if isDraining { return .refused(.shuttingDown) }
    if isDark(now) { return .refused(.unavailable(retryAfter: retryDelay(now))) }
    let isFull = waiting.count >= max(1, limits.queue) && !(waiting.isEmpty && freeSlot != nil)
    if isFull { return .refused(.saturated) }
    earliest = min(earliest, deadline)
    return .queued(waiting.append(Waiter(request: request, arrival: now, deadline: deadline)))
  }

  /// A request that had been assigned goes back to the front of the queue, past every bound, since it was admitted.
  mutating func comeBack(_ request: Request, deadline: Moment, now: Moment) -> Line<Waiter>.Place {
    earliest = min(earliest, deadline)
    return waiting.prepend(Waiter(request: request, arrival: now, deadline: deadline))
  }

  /// The request leaves the queue by its own wish.
  mutating func cancel(_ place: Line<Waiter>.Place) -> Request? {
    waiting.remove(place)?.request
  }

  mutating func opened(_ slot: Int) {
    slots[slot] = Slot(phase: isDraining && waiting.isEmpty ? .retiring : .open)
    backoff.reset()
    retryAt = Moment(nanoseconds: 0)
    darkSince = nil
  }

  /// Returns the delay before the next attempt.
  mutating func dialFailed(_ slot: Int, now: Moment, using random: inout some RandomNumberGenerator) -> Duration {
    slots[slot] = Slot()
    let delay = backoff.next(using: &random)
    retryAt = now + delay
    return delay
  }

  /// One request on the connection has come to its end.
  mutating func finished(_ slot: Int) {
    slots[slot].load -= 1
  }

  /// The connection is gone, with all that was on it.
  mutating func lost(_ slot: Int) {
    slots[slot] = Slot()
  }

  /// The connection takes no more requests and is closed when it has finished those it has.
  mutating func retire(_ slot: Int) {
    if slots[slot].phase == .open { slots[slot].phase = .retiring }
  }

  /// Nothing new is taken; what is queued is still served by the connections there are.
  mutating func drain() { isDraining = true }

  /// Everything has ended: no connection, no request.
  var isAtRest: Bool {
    waiting.isEmpty && refusals.isEmpty && slots.allSatisfy { $0.phase == .vacant || $0.phase == .dialing }
  }

  /// When `next` must be asked again even if nothing happens.
  var alarm: Moment {
    var moment = waiting.isEmpty ? .distantFuture : earliest
    if let darkSince, !waiting.isEmpty { moment = min(moment, darkSince + limits.patience) }
    let mayDial = !isDraining && dialing == 0 && slots.contains { $0.phase == .vacant }
    if mayDial, darkSince != nil || (backoff.failures > 0 && !waiting.isEmpty) { moment = min(moment, retryAt) }
    return moment
  }

  /// What has to be done now; nil when nothing has.
  mutating func next(now: Moment) -> Action? {
    if let refusal = refusals.popLast() { return .refuse(refusal.0, refusal.1) }
    if let slot = slots.firstIndex(where: { isFinished($0) }) {
      slots[slot] = Slot()
      return .close(slot: slot)
    }
    if !waiting.isEmpty {
      if let action = overdue(now) { return action }
      if let slot = freeSlot, let waiter = waiting.popFirst() {
        slots[slot].load += 1
        return .assign(waiter.request, slot: slot, waited: now.since(waiter.arrival))
      }
    }
    return dial(now)
  }
}

extension Pool {
  /// The open connection with the fewest requests, if it has room.
  private var freeSlot: Int? {
    var best: Int?
    for slot in slots.indices where slots[slot].phase == .open && slots[slot].load < limits.depth {
      if let known = best, slots[known].load <= slots[slot].load { continue }
      best = slot
    }
    return best
  }

  private var dialing: Int { slots.count { $0.phase == .dialing } }

  private func isFinished(_ slot: Slot) -> Bool {
    guard slot.load == 0 else { return false }
    return slot.phase == .retiring || (slot.phase == .open && isDraining && waiting.isEmpty)
  }

  private func isDark(_ now: Moment) -> Bool {
    darkSince.map { now >= $0 + limits.patience } ?? false
  }

  /// Never nothing: a caller that is told to come back at once would only be refused again.
  private func retryDelay(_ now: Moment) -> Duration {
    max(retryAt.since(now), .milliseconds(100))
  }

  /// Refuses those who have waited too long, or cannot be served at all.
  private mutating func overdue(_ now: Moment) -> Action? {
    var taken: [(Request, Refusal)] = []
    if isDraining, !slots.contains(where: { $0.phase == .open }) {
      taken = waiting.removeAll { _ in true }.map { ($0.request, .shuttingDown) }
    } else if isDark(now) {
      let refusal = Refusal.unavailable(retryAfter: retryDelay(now))
      taken = waiting.removeAll { _ in true }.map { ($0.request, refusal) }
    } else if now >= earliest {
      taken = waiting.removeAll { $0.deadline <= now }.map { ($0.request, .deadlineExceeded) }
      earliest = .distantFuture
      waiting.forEach { earliest = min(earliest, $0.deadline) }
    }
    refusals = taken.reversed()
    return refusals.popLast().map { .refuse($0.0, $0.1) }
  }

  /// Opens one more connection when someone waits for it, one at a time while attempts fail. A shared lane also grows
  /// when a connection has to take a second request; a lane that has gone dark keeps trying unasked.
  private mutating func dial(_ now: Moment) -> Action? {
    guard !isDraining, now >= retryAt, let slot = slots.firstIndex(where: { $0.phase == .vacant }) else { return nil }
    let isFailing = backoff.failures > 0
    let underway = dialing
    var isWanted = !waiting.isEmpty && underway < (isFailing ? 1 : waiting.count)
    if darkSince != nil, underway == 0 { isWanted = true }
    if limits.depth > 1, underway == 0, !isFailing, slots.contains(where: { $0.load > 1 }),
      slots.allSatisfy({ $0.phase != .open || $0.load > 0 })
    {
      isWanted = true
    }
    guard isWanted else { return nil }
    if darkSince == nil, !slots.contains(where: { $0.phase == .open }) { darkSince = now }
    slots[slot].phase = .dialing
    return .dial(slot: slot)
  }
}
