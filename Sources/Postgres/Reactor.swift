import CLibpq
import Glibc

/// The one thread that waits for libpq's sockets, for errands from other threads, and for alarms.
///
/// Every connection, lane and state machine is touched by whoever has the turn, one at a time, so none of them needs a
/// lock of its own, and no thread of Swift's pool ever blocks. The turn is the thread's while there is something to do.
/// In between a caller may take it for one errand, so that a request goes out without waking anybody; the thread then
/// wakes for the answers, a batch of them at a time.
final class Reactor: @unchecked Sendable {
  // `inbox` and `turn` are locks; `poller` and `bell` never change while the thread runs; everything else is touched by
  // whoever holds `turn` only.
  private struct Inbox {
    var errands: [any Errand] = []
    var isAsleep = false
    var isClosed = false
  }

  private struct Turn {
    /// None comes after it.
    var isLast = false
  }

  private typealias Answer = (UnsafeContinuation<Ticket.Outcome, Never>, Ticket.Outcome)

  private let inbox = Guarded(Inbox())
  private let turn = Guarded(Turn())
  private let poller: Int32
  private let bell: Int32
  private var watchers: [UInt64: any Watcher] = [:]
  private var watches: UInt64 = 0
  private var turnTakers: [any TurnTaker] = []
  private var answers: [Answer] = []
  private var isStopping = false
  /// When the thread wakes of its own accord.
  private var wakesAt = Moment.distantFuture
  private(set) var now = Moment.now

  init() {
    poller = epoll_create1(Int32(EPOLL_CLOEXEC))
    bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    // Edge-triggered, so that a ring need not be read away; what rang is in the inbox.
    var event = epoll_event(events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: 0))
    epoll_ctl(poller, EPOLL_CTL_ADD, bell, &event)
  }

  deinit {
    Glibc.close(poller)
    Glibc.close(bell)
  }

  /// Starts the thread. False when the system grants none: then nothing can ever be served.
  func start() -> Bool {
    let isStarted = poller >= 0 && bell >= 0 && Thread.start(name: "postgres") { self.run() }
    if !isStarted {
      turn.withLock { $0.isLast = true }
      inbox.withLock { $0.isClosed = true }
    }
    return isStarted
  }

  /// Hands an errand to the thread; from any thread. False when the reactor has stopped and will not run it.
  @discardableResult
  func post(_ errand: any Errand) -> Bool {
    let (isTaken, mustWake) = inbox.withLock { inbox in
      if inbox.isClosed { return (false, false) }
      inbox.errands.append(errand)
      let mustWake = inbox.isAsleep
      inbox.isAsleep = false
      return (true, mustWake)
    }
    if mustWake { eventfd_write(bell, 1) }
    return isTaken
  }

  @discardableResult
  func post(_ body: @escaping @Sendable () -> Void) -> Bool { post(Block(body: body)) }

  /// Runs an errand here and now when nobody has the turn, and hands it to the thread otherwise; from any thread. False
  /// when the reactor has stopped and will not run it.
  func perform(_ errand: any Errand) -> Bool {
    var answered: [Answer] = []
    let isDone = turn.withLockIfFree { turn in
      if turn.isLast { return false }
      now = .now
      errand.run()
      if alarm < wakesAt { ring() }
      swap(&answers, &answered)
      return true
    }
    guard isDone == true else { return post(errand) }
    Self.resume(&answered)
    return true
  }

  /// Waits for the turn, which nobody has for longer than what is there takes to be gone through, and looks at
  /// something. From any thread, but not in a turn.
  func look<Result>(_ body: () -> Result) -> Result {
    turn.withLock { _ in
      now = .now
      return body()
    }
  }

  /// Ends the thread after this turn. In a turn.
  func stop() { isStopping = true }

  /// Resumes the caller when this turn ends. All that one turn has answered are resumed together: the pool's threads
  /// then find a queue to work off, where one at a time would wake a thread for each.
  func answer(_ continuation: UnsafeContinuation<Ticket.Outcome, Never>, _ outcome: Ticket.Outcome) {
    answers.append((continuation, outcome))
  }

  /// After the turn, so that whoever goes on at once finds it free.
  private static func resume(_ answered: inout [Answer]) {
    for (continuation, outcome) in answered { continuation.resume(returning: outcome) }
    answered.removeAll(keepingCapacity: true)
  }

  private func ring() {
    wakesAt = now
    eventfd_write(bell, 1)
  }

  func add(_ turnTaker: any TurnTaker) { turnTakers.append(turnTaker) }

  func remove(_ turnTaker: any TurnTaker) { turnTakers.removeAll { $0 === turnTaker } }

  /// Watches a socket until `unwatch`, which has to come before the socket is closed.
  func watch(_ socket: Int32, _ interest: Interest, _ watcher: any Watcher) -> UInt64 {
    watches += 1
    watchers[watches] = watcher
    var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: watches))
    epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event)
    return watches
  }

  func change(_ socket: Int32, _ watch: UInt64, _ interest: Interest) {
    var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: watch))
    epoll_ctl(poller, EPOLL_CTL_MOD, socket, &event)
  }

  func unwatch(_ socket: Int32, _ watch: UInt64) {
    watchers[watch] = nil
    var event = epoll_event()
    epoll_ctl(poller, EPOLL_CTL_DEL, socket, &event)
  }
}

extension Reactor {
  private func run() {
    Thread.giveWay()
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    var errands: [any Errand] = []
    var answered: [Answer] = []
    var limit: Int32? = 0
    while let sleep = limit {
      let count = epoll_wait(poller, &events, Int32(events.count), sleep)
      turn.withLock { _ in receive(events.prefix(Int(max(0, count))), &errands, &answered) }
      Self.resume(&answered)
      limit = turn.withLock { turn in
        let limit = finish(&errands, &answered)
        turn.isLast = limit == nil
        return limit
      }
      Self.resume(&answered)
    }
  }

  /// First what has arrived, so that whoever waited for it goes on while the errands are run.
  private func receive(_ events: ArraySlice<epoll_event>, _ errands: inout [any Errand], _ answered: inout [Answer]) {
    now = .now
    wakesAt = now
    takeErrands(&errands)
    for event in events { handle(event) }
    swap(&answers, &answered)
  }

  /// The rest of the thread's turn, and how long it sleeps then, in milliseconds for `epoll_wait`; nil when it ends.
  private func finish(_ errands: inout [any Errand], _ answered: inout [Answer]) -> Int32? {
    for errand in errands { errand.run() }
    errands.removeAll(keepingCapacity: true)
    now = .now
    for turnTaker in turnTakers { turnTaker.takeTurn(now) }
    if isStopping { close(&errands) }
    swap(&answers, &answered)
    return isStopping ? nil : sleepLimit()
  }

  /// Whoever is no longer watched, was given up earlier in this batch; the bell has no watcher.
  private func handle(_ event: epoll_event) {
    watchers[event.data.u64]?.ready(Interest(rawValue: event.events))
  }

  /// Swapping the arrays keeps the capacity of both.
  private func takeErrands(_ errands: inout [any Errand]) {
    inbox.withLock { inbox in
      inbox.isAsleep = false
      swap(&inbox.errands, &errands)
    }
  }

  private var alarm: Moment { turnTakers.reduce(.distantFuture) { min($0, $1.alarm) } }

  /// In milliseconds, for `epoll_wait`: zero when errands are there, otherwise until the first alarm.
  private func sleepLimit() -> Int32 {
    wakesAt = alarm
    let hasErrands = inbox.withLock { inbox in
      inbox.isAsleep = inbox.errands.isEmpty
      return !inbox.errands.isEmpty
    }
    if hasErrands { return 0 }
    if wakesAt == .distantFuture { return -1 }
    // Rounded up: woken a little early, it would turn until the time had come.
    return Int32(clamping: wakesAt.since(now).nanoseconds / 1_000_000 + 1)
  }

  /// Errands posted before the inbox closed still run: each of them has someone who waits for it.
  private func close(_ errands: inout [any Errand]) {
    inbox.withLock { inbox in
      inbox.isClosed = true
      swap(&inbox.errands, &errands)
    }
    for errand in errands { errand.run() }
    errands = []
    for turnTaker in turnTakers { turnTaker.close() }
    turnTakers = []
    watchers = [:]
  }
}

/// Something to be done once, in a turn of the reactor.
protocol Errand: AnyObject, Sendable {
  func run()
}

private final class Block: Errand {
  let body: @Sendable () -> Void
  init(body: @escaping @Sendable () -> Void) { self.body = body }
  func run() { body() }
}

/// Someone who is told when a socket is ready.
protocol Watcher: AnyObject {
  func ready(_ readiness: Interest)
}

/// Someone who has work at set times.
protocol TurnTaker: AnyObject {
  /// When the next turn is due at the latest.
  var alarm: Moment { get }
  /// Called at the end of every turn of the reactor's thread.
  func takeTurn(_ now: Moment)
  /// The reactor ends: whoever still waits for something here is to be told.
  func close()
}

/// What is waited for on a socket.
struct Interest: OptionSet {
  let rawValue: UInt32
  static let read = Interest(rawValue: EPOLLIN.rawValue)
  static let write = Interest(rawValue: EPOLLOUT.rawValue)
  static let failure = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}
