/// The end of a database: waits until every lane is at rest or the time is up, then closes all and stops the reactor.
///
/// Touched on the reactor's thread only, once it has been posted.
final class Farewell: Errand, TurnTaker, @unchecked Sendable {
  private let lanes: [Lane]
  private let reactor: Reactor
  private let limit: Moment
  private let done: () -> Void
  private var resting = 0
  private var isOver = false

  init(_ lanes: [Lane], _ reactor: Reactor, until limit: Moment, done: @escaping @Sendable () -> Void) {
    self.lanes = lanes
    self.reactor = reactor
    self.limit = limit
    self.done = done
  }

  func run() {
    reactor.add(self)
    for lane in lanes { lane.drain { [self] in resting += 1 } }
  }

  var alarm: Moment { resting == lanes.count ? Moment(nanoseconds: 0) : limit }

  func takeTurn(_ now: Moment) {
    guard !isOver, resting == lanes.count || now >= limit else { return }
    isOver = true
    reactor.stop()
  }

  func close() { done() }
}
