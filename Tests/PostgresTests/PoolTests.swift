import Testing

@testable import Postgres

@Suite("The pool of a lane, by its state alone")
struct PoolTests {
  @Test("Under any order of events every request has one end, first come first served, within the bounds")
  func randomised() async {
    for seed in 0..<TestServer.lives {
      var run = PoolRun(seed: seed)
      run.run(steps: 200)
      await Task.yield()
    }
  }

  @Test("A lane that cannot connect refuses after its patience, keeps trying, and serves again at once")
  func outage() {
    var random = Seeded(1)
    var pool = Pool<Int>(
      limits: .init(connections: 2, depth: 4, queue: 8, patience: .seconds(1)),
      backoff: Backoff(initial: .milliseconds(50), maximum: .seconds(2)))
    var now = Moment(nanoseconds: 1_000_000_000)
    guard case .queued = pool.arrive(1, deadline: now + .seconds(9), now: now) else { return #expect(Bool(false)) }
    guard case .dial(let slot)? = pool.next(now: now) else { return #expect(Bool(false)) }
    #expect(pool.next(now: now) == nil)
    _ = pool.dialFailed(slot, now: now, using: &random)
    now = now + .seconds(2)
    guard case .refuse(1, .unavailable)? = pool.next(now: now) else { return #expect(Bool(false)) }
    guard case .refused(.unavailable) = pool.arrive(2, deadline: now + .seconds(9), now: now) else {
      return #expect(Bool(false))
    }
    guard case .dial(let second)? = pool.next(now: now) else { return #expect(Bool(false)) }
    pool.opened(second)
    guard case .queued = pool.arrive(3, deadline: now + .seconds(9), now: now) else { return #expect(Bool(false)) }
    guard case .assign(3, slot: second, _)? = pool.next(now: now) else { return #expect(Bool(false)) }
  }
}

/// One random life of a pool, with a model beside it.
private struct PoolRun {
  private var random: Seeded
  private var pool: Pool<Int>
  private var now = Moment(nanoseconds: 1_000_000_000)
  private var deadlines: [Int: Moment] = [:]
  private var places: [Int: Line<Pool<Int>.Waiter>.Place] = [:]
  private var queue: [Int] = []
  private var assigned: [Int: [Int]] = [:]
  private var ended: Set<Int> = []
  private var dialing: Set<Int> = []
  private var open: Set<Int> = []
  private var comebacks = 0
  private var arrivals = 0

  init(seed: UInt64) {
    random = Seeded(seed)
    pool = Pool(
      limits: .init(
        connections: .random(in: 1...4, using: &random), depth: .random(in: 1...4, using: &random),
        queue: .random(in: 1...6, using: &random), patience: .milliseconds(100)),
      backoff: Backoff(initial: .milliseconds(5), maximum: .milliseconds(200)))
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps {
      step()
      settle()
    }
    pool.drain()
    settle()
    while let slot = assigned.keys.sorted().first(where: { assigned[$0]?.isEmpty == false }) { finish(slot) }
    for slot in dialing { fail(slot) }
    settle()
    hold(ended.count == arrivals)
    hold(pool.isAtRest && pool.waiting.isEmpty && open.isEmpty)
    hold(pool.slots.allSatisfy { $0.phase == .vacant && $0.load == 0 })
  }

  private mutating func step() {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<8: arrive()
    case 8..<12: if let slot = busySlot { finish(slot) }
    case 12, 13: if let slot = dialing.sorted().randomElement(using: &random) { opened(slot) }
    case 14: if let slot = dialing.sorted().randomElement(using: &random) { fail(slot) }
    case 15: if let slot = open.sorted().randomElement(using: &random) { lose(slot) }
    case 16: if let slot = open.sorted().randomElement(using: &random) { pool.retire(slot) }
    case 17: if let request = queue.randomElement(using: &random) { cancel(request) }
    default: now = now + .milliseconds(.random(in: 1...60, using: &random))
    }
  }

  private var busySlot: Int? {
    var generator = random
    return assigned.keys.sorted().filter { assigned[$0]?.isEmpty == false }.randomElement(using: &generator)
  }

  private mutating func end(_ request: Int) { hold(ended.insert(request).inserted, "\(request) has two ends") }

  private mutating func arrive() {
    arrivals += 1
    let deadline = now + .milliseconds(.random(in: 1...300, using: &random))
    deadlines[arrivals] = deadline
    switch pool.arrive(arrivals, deadline: deadline, now: now) {
    case .queued(let place):
      places[arrivals] = place
      queue.append(arrivals)
    case .refused: end(arrivals)
    }
    hold(pool.waiting.count <= pool.limits.queue + comebacks)
  }

  private mutating func cancel(_ request: Int) {
    guard let place = places[request] else { return }
    hold(pool.cancel(place) == request)
    hold(pool.cancel(place) == nil, "a place that was left finds nobody")
    queue.removeAll { $0 == request }
    end(request)
  }

  private mutating func finish(_ slot: Int) {
    guard let request = assigned[slot]?.popLast() else { return }
    pool.finished(slot)
    end(request)
    settle()
  }

  private mutating func opened(_ slot: Int) {
    dialing.remove(slot)
    open.insert(slot)
    pool.opened(slot)
  }

  private mutating func fail(_ slot: Int) {
    dialing.remove(slot)
    _ = pool.dialFailed(slot, now: now, using: &random)
  }

  private mutating func lose(_ slot: Int) {
    open.remove(slot)
    pool.lost(slot)
    for request in (assigned[slot] ?? []).reversed() {
      comebacks += 1
      queue.insert(request, at: 0)
      places[request] = pool.comeBack(request, deadline: deadlines[request]!, now: now)
    }
    assigned[slot] = []
  }

  private mutating func settle() {
    var actions = 0
    while let action = pool.next(now: now) {
      actions += 1
      hold(actions < 1_000)
      perform(action)
    }
    hold(pool.alarm > now, "an alarm in the past would make the reactor spin")
    hold(pool.waiting.count == queue.count)
  }

  private mutating func perform(_ action: Pool<Int>.Action) {
    switch action {
    case .assign(let request, let slot, _):
      hold(queue.first == request, "first come, first served")
      hold(open.contains(slot))
      hold(deadlines[request]! > now)
      queue.removeFirst()
      assigned[slot, default: []].append(request)
      hold(assigned[slot]!.count <= pool.limits.depth)
    case .refuse(let request, let refusal):
      hold(refusal != .deadlineExceeded || deadlines[request]! <= now)
      hold(refusal != .saturated)
      queue.removeAll { $0 == request }
      end(request)
    case .dial(let slot):
      hold(!open.contains(slot) && !dialing.contains(slot) && !pool.isDraining)
      dialing.insert(slot)
    case .close(let slot):
      hold(open.remove(slot) != nil && (assigned[slot] ?? []).isEmpty)
    }
  }
}
