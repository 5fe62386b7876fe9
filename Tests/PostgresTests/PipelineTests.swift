import Testing

@testable import Postgres

@Suite("The pipeline of a connection, by its state alone")
struct PipelineTests {
  @Test("Under any order of events every request has its own answer, and nothing is used before it is prepared")
  func randomised() async {
    for seed in 0..<TestServer.lives {
      var run = PipelineRun(seed: seed)
      run.run(steps: 150)
      await Task.yield()
    }
  }

  @Test("A preparation that fails fails only those who wait for it, and is tried again for the next")
  func failedPreparation() {
    var pipeline = Pipeline<Int, String, String>()
    let good: Statement = "select 1"
    let bad: Statement = "selec 2"
    let now = Moment(nanoseconds: 1)
    guard case .park(preparing: [good, bad]) = pipeline.submit(1, using: [good, bad]) else {
      return #expect(Bool(false))
    }
    guard case .park(preparing: []) = pipeline.submit(2, using: [good]) else { return #expect(Bool(false)) }
    pipeline.sentPrepare(good, now: now)
    pipeline.sentPrepare(bad, now: now)
    guard case .prepared([2]) = pipeline.received(.sync, now: now) else { return #expect(Bool(false)) }
    _ = pipeline.received(.failure("syntax"), now: now)
    guard case .prepareFailed([1], "syntax") = pipeline.received(.sync, now: now) else { return #expect(Bool(false)) }
    guard case .send = pipeline.submit(3, using: [good]) else { return #expect(Bool(false)) }
    guard case .park(preparing: [bad]) = pipeline.submit(4, using: [bad]) else { return #expect(Bool(false)) }
  }
}

extension Statement: ExpressibleByStringLiteral {
  public init(stringLiteral value: StaticString) { self.init(value) }
}

/// One random life of a pipeline, with a server beside it that answers in order and remembers what it has prepared.
private struct PipelineRun {
  private enum Sent {
    case prepare(Statement)
    case segment(Int, [Statement])
  }

  private static let statements: [Statement] = ["select 'a'", "select 'b'", "select 'c'", "select 'd'"]

  private var random: Seeded
  private var pipeline = Pipeline<Int, Int, String>()
  private var now = Moment(nanoseconds: 1)
  private var server: [Sent] = []
  private var prepared: Set<Statement> = []
  private var uses: [Int: [Statement]] = [:]
  private var ended: Set<Int> = []
  private var expected: Result<Int, ServerFailure>?
  private var requests = 0

  private struct ServerFailure: Error { let text: String }

  init(seed: UInt64) { random = Seeded(seed) }

  mutating func run(steps: Int) {
    for _ in 0..<steps {
      now = now + .nanoseconds(1)
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<9: submit()
      case 9..<19: answer()
      default: lose()
      }
      hold(pipeline.expectsReply == !server.isEmpty)
      hold((pipeline.headSince == nil) == server.isEmpty)
    }
    while !server.isEmpty { answer() }
    hold(pipeline.isIdle)
    hold(ended.count == requests)
  }

  private mutating func submit() {
    requests += 1
    let count = Int.random(in: 1...3, using: &random)
    let wanted = (0..<count).map { _ in Self.statements.randomElement(using: &random)! }
    uses[requests] = wanted
    switch pipeline.submit(requests, using: wanted) {
    case .send: send(requests)
    case .park(let statements):
      for statement in statements {
        pipeline.sentPrepare(statement, now: now)
        server.append(.prepare(statement))
      }
    }
  }

  private mutating func send(_ request: Int) {
    hold(uses[request]!.allSatisfy { prepared.contains($0) }, "used before it was prepared")
    pipeline.sent(request, statements: uses[request]!.count, now: now)
    server.append(.segment(request, uses[request]!))
  }

  private mutating func end(_ request: Int) { hold(ended.insert(request).inserted, "\(request) has two ends") }

  /// The server answers one whole segment, well or with an error somewhere, the commit included.
  private mutating func answer() {
    guard !server.isEmpty else { return }
    switch server.removeFirst() {
    case .prepare(let statement):
      let isFailing = Int.random(in: 0..<4, using: &random) == 0
      if isFailing { expectPending(.failure("prepare")) } else { prepared.insert(statement) }
      expectPending(.gap)
      conclude(pipeline.received(.sync, now: now), of: nil, nil)
    case .segment(let request, let statements):
      let failing = Int.random(in: 0..<(statements.count * 4), using: &random)
      for index in statements.indices {
        if index == failing {
          expectPending(.failure("\(request)"))
        } else if index > failing {
          expectPending(.aborted)
        } else {
          hold(pipeline.wantsAnswer == (index == statements.count - 1))
          expectPending(.answer(request * 10 + index))
        }
        expectPending(.gap)
      }
      var failure = failing < statements.count ? "\(request)" : nil
      if failing == statements.count {
        failure = "commit of \(request)"
        expectPending(.failure("commit of \(request)"))
      }
      conclude(pipeline.received(.sync, now: now), of: request, failure)
    }
  }

  private mutating func expectPending(_ reply: Pipeline<Int, Int, String>.Reply) {
    guard case .pending = pipeline.received(reply, now: now) else {
      Issue.record("only the sync ends a segment")
      return
    }
  }

  private mutating func conclude(_ event: Pipeline<Int, Int, String>.Event, of request: Int?, _ failure: String?) {
    switch event {
    case .answered(let answered, let value):
      hold(answered == request && failure == nil)
      hold(value == answered * 10 + uses[answered]!.count - 1, "another's answer")
      end(answered)
    case .failed(let failed, let error):
      hold(failed == request && error == failure)
      end(failed)
    case .prepared(let released): for request in released { send(request) }
    case .prepareFailed(let failed, _): for request in failed { end(request) }
    case .pending, .violated: Issue.record("\(event)")
    }
  }

  private mutating func lose() {
    let sent = server.compactMap { entry in if case .segment(let request, _) = entry { request } else { nil } }
    let (inFlight, parked) = pipeline.lost()
    hold(inFlight == sent, "those in flight, in order")
    for request in inFlight + parked { end(request) }
    server = []
    prepared = []
    hold(pipeline.isIdle)
  }
}
