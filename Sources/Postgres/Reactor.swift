import CLibpq
import Glibc

/// The one thread that talks to libpq: it waits for sockets, for errands from other threads, and for alarms.
///
/// Every connection, lane and state machine is touched on this thread alone, so none of them needs a lock, and no
/// thread of Swift's pool ever blocks. Sends happen here too: with many callers one wake-up serves a whole batch of
/// errands, and the requests of a batch are answered in one read.
final class Reactor: @unchecked Sendable {
  // `inbox` is a lock and `poller` and `bell` never change while the thread runs; everything else is touched on the
  // reactor's own thread only, which `run` is.
  private struct Inbox {
    var errands: [any Errand] = []
    var isAsleep = false
    var isClosed = false
  }

  private let inbox = Guarded(Inbox())
  private let poller: Int32
  private let bell: Int32
  private var watchers: [UInt64: any Watcher] = [:]
  private var watches: UInt64 = 0
  private var turnTakers: [any TurnTaker] = []
  private var answers: [(UnsafeContinuation<Ticket.Outcome, Never>, Ticket.Outcome)] = []
  private var isStopping = false
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
    if !isStarted { inbox.withLock { $0.isClosed = true } }
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

  /// Ends the thread after this turn. On the reactor's thread.
  func stop() { isStopping = true }

  /// Resumes the caller before this turn ends. All that one turn has answered are resumed together: the pool's threads
  /// then find a queue to work off, where one at a time would wake a thread for each.
  func answer(_ continuation: UnsafeContinuation<Ticket.Outcome, Never>, _ outcome: Ticket.Outcome) {
    answers.append((continuation, outcome))
  }

  private func resumeAnswered() {
    for (continuation, outcome) in answers { continuation.resume(returning: outcome) }
    answers.removeAll(keepingCapacity: true)
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
    while !isStopping {
      let count = epoll_wait(poller, &events, Int32(events.count), sleepLimit())
      now = .now
      for event in events.prefix(Int(max(0, count))) { handle(event) }
      resumeAnswered()
      takeErrands(&errands)
      for errand in errands { errand.run() }
      errands.removeAll(keepingCapacity: true)
      now = .now
      for turnTaker in turnTakers { turnTaker.takeTurn(now) }
      resumeAnswered()
    }
    close(&errands)
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

  /// In milliseconds, for `epoll_wait`: zero when errands are there, otherwise until the first alarm.
  private func sleepLimit() -> Int32 {
    var alarm = Moment.distantFuture
    for turnTaker in turnTakers { alarm = min(alarm, turnTaker.alarm) }
    let hasErrands = inbox.withLock { inbox in
      inbox.isAsleep = inbox.errands.isEmpty
      return !inbox.errands.isEmpty
    }
    if hasErrands { return 0 }
    if alarm == .distantFuture { return -1 }
    // Rounded up: woken a little early, it would turn until the time had come.
    return Int32(clamping: alarm.since(now).nanoseconds / 1_000_000 + 1)
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
    resumeAnswered()
  }
}

/// Something to be done once on the reactor's thread.
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
  /// Called at the end of every turn of the reactor.
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
