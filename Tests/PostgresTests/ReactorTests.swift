import Glibc
import Synchronization
import Testing

@testable import Postgres

@Suite("Whose turn the reactor's is")
struct ReactorTests {
  @Test("An errand is run once, and by its caller where nobody has the turn")
  func callers() async {
    let reactor = Reactor()
    #expect(reactor.start())
    let errands = (0..<1000).map { _ in Count() }
    let isCallers = await withTaskGroup(of: Bool.self) { group in
      for errand in errands {
        group.addTask {
          let caller = pthread_self()
          #expect(reactor.perform(errand))
          return errand.thread.load(ordering: .acquiring) == caller
        }
      }
      return await group.reduce(false) { $0 || $1 }
    }
    await stop(reactor)
    #expect(isCallers)
    #expect(errands.allSatisfy { $0.runs.load(ordering: .acquiring) == 1 })
  }

  @Test("The thread wakes for an alarm that a caller's errand has set")
  func alarm() async {
    let reactor = Reactor()
    let clock = AlarmClock()
    reactor.add(clock)
    #expect(reactor.start())
    let began = Moment.now
    await withCheckedContinuation { rung in
      clock.rung = rung
      #expect(reactor.perform(clock))
    }
    #expect(Moment.now.since(began) >= .milliseconds(20))
    await stop(reactor)
  }

  @Test("One that has stopped runs no errand")
  func stopped() async {
    let reactor = Reactor()
    #expect(reactor.start())
    await stop(reactor)
    let errand = Count()
    #expect(!reactor.perform(errand))
    #expect(errand.runs.load(ordering: .acquiring) == 0)
  }

  /// Returns when it takes no errand any more.
  private func stop(_ reactor: Reactor) async {
    reactor.post { reactor.stop() }
    while reactor.post({}) { await Task.yield() }
  }
}

private final class Count: Errand {
  let runs = Atomic(0)
  let thread = Atomic<UInt>(0)

  func run() {
    thread.store(pthread_self(), ordering: .releasing)
    runs.add(1, ordering: .acquiringAndReleasing)
  }
}

/// Rings once, 20 ms after it was performed.
private final class AlarmClock: Errand, TurnTaker, @unchecked Sendable {
  // `rung` is set before the errand is performed; everything is touched in the reactor's turns from then on.
  var rung: CheckedContinuation<Void, Never>?
  private(set) var alarm = Moment.distantFuture

  func run() { alarm = .now + .milliseconds(20) }

  func takeTurn(_ now: Moment) {
    guard now >= alarm else { return }
    alarm = .distantFuture
    rung?.resume()
    rung = nil
  }

  func close() {}
}
