/// What has been sent on one connection and whose answer comes next: the pure state of libpq's pipeline mode.
///
/// Everything is sent in segments that end in a sync, and answered in the order sent. A statement is prepared in a
/// segment of its own and counts as prepared only when that has succeeded; requests that need it are parked until then.
struct Pipeline<Request, Answer, Failure> {
  enum Reply {
    case answer(Answer)
    case failure(Failure)
    /// A statement was skipped because one before it failed.
    case aborted
    /// The end of one statement's results.
    case gap
    /// The end of the segment: its transaction is over.
    case sync
  }

  enum Submission {
    case send
    /// The request waits; these statements are to be prepared now.
    case park(preparing: [Statement])
  }

  enum Event {
    case pending
    case answered(Request, Answer)
    case failed(Request, Failure)
    /// These requests can be sent now, in this order.
    case prepared([Request])
    case prepareFailed([Request], Failure)
    /// The server answered what was not asked; the connection cannot be used any more.
    case violated(String, Request?)
  }

  private enum Entry {
    case prepare(Statement)
    case segment(Request, statements: Int)
  }

  private enum Preparation {
    case ready
    case underway(waiting: [Int])
  }

  private struct Parked {
    let request: Request
    var missing: Int
  }

  private var flight = Ring<Entry>()
  private var preparations: [Statement: Preparation] = [:]
  private var parked: [Int: Parked] = [:]
  private var parkings = 0
  private var index = 0
  private var answer: Answer?
  private var failure: Failure?
  /// Since when the server has been at work on the oldest segment; nil when there is none.
  private(set) var headSince: Moment?

  var isIdle: Bool { flight.isEmpty && parked.isEmpty }
  var parkedCount: Int { parked.count }

  // Inlined, since whoever asks one of the next three would otherwise copy the whole first, with every reference in it.

  @inline(__always)
  var expectsReply: Bool { !flight.isEmpty }

  /// The request whose answer comes next; nil when that is a preparation's.
  @inline(__always)
  var head: Request? {
    if case .segment(let request, _) = flight.first { return request }
    return nil
  }

  /// The next result is the one that the request at the head is waiting for.
  @inline(__always)
  var wantsAnswer: Bool {
    if case .segment(_, let statements) = flight.first { return index == statements - 1 }
    return false
  }

  /// A request wants to be sent that uses these statements.
  mutating func submit(_ request: Request, using statements: some Sequence<Statement>) -> Submission {
    var missing: [Statement] = []
    for statement in statements where statement.source.isPrepared {
      if case .ready = preparations[statement] { continue }
      if !missing.contains(statement) { missing.append(statement) }
    }
    if missing.isEmpty { return .send }
    parkings += 1
    parked[parkings] = Parked(request: request, missing: missing.count)
    var fresh: [Statement] = []
    for statement in missing {
      if case .underway(let waiting) = preparations[statement] {
        preparations[statement] = .underway(waiting: waiting + [parkings])
      } else {
        preparations[statement] = .underway(waiting: [parkings])
        fresh.append(statement)
      }
    }
    return .park(preparing: fresh)
  }

  /// The request's segment is on its way.
  mutating func sent(_ request: Request, statements: Int, now: Moment) {
    append(.segment(request, statements: statements), now)
  }

  /// The statement's own segment is on its way.
  mutating func sentPrepare(_ statement: Statement, now: Moment) {
    append(.prepare(statement), now)
  }

  /// The next reply of the server, in the order of its arrival.
  mutating func received(_ reply: Reply, now: Moment) -> Event {
    guard let head = flight.first else { return .violated("a reply to nothing", nil) }
    switch reply {
    case .gap: index += 1
    case .aborted: break
    case .failure(let failure): self.failure = self.failure ?? failure
    case .answer(let answer):
      if case .segment(_, let statements) = head, index == statements - 1 { self.answer = answer }
    case .sync: return complete(now)
    }
    return .pending
  }

  /// The connection is gone. Those in flight in the order sent, and those that were never sent.
  mutating func lost() -> (inFlight: [Request], parked: [Request]) {
    var inFlight: [Request] = []
    while let entry = flight.popFirst() {
      if case .segment(let request, _) = entry { inFlight.append(request) }
    }
    let unsent = parked.sorted { $0.key < $1.key }.map { $0.value.request }
    parked = [:]
    preparations = [:]
    headSince = nil
    return (inFlight, unsent)
  }

  func forEachRequest(_ body: (Request) -> Void) {
    flight.forEach { if case .segment(let request, _) = $0 { body(request) } }
    for waiter in parked.values { body(waiter.request) }
  }

  private mutating func append(_ entry: Entry, _ now: Moment) {
    if flight.isEmpty { headSince = now }
    flight.append(entry)
  }

  private mutating func complete(_ now: Moment) -> Event {
    let outcome = (answer, failure)
    answer = nil
    failure = nil
    index = 0
    let entry = flight.popFirst()
    headSince = flight.isEmpty ? nil : now
    switch (entry, outcome) {
    case (.segment(let request, _), (_, let failure?)): return .failed(request, failure)
    case (.segment(let request, _), (let answer?, nil)): return .answered(request, answer)
    case (.segment(let request, _), (nil, nil)): return .violated("a segment without a result", request)
    case (.prepare(let statement), (_, let failure?)): return .prepareFailed(settle(statement, failed: true), failure)
    case (.prepare(let statement), (_, nil)): return .prepared(settle(statement, failed: false))
    case (nil, _): return .violated("a sync of nothing", nil)
    }
  }

  /// Who can be sent, or has failed, now that the statement's preparation has ended.
  private mutating func settle(_ statement: Statement, failed: Bool) -> [Request] {
    guard case .underway(let waiting) = preparations[statement] else { return [] }
    preparations[statement] = failed ? nil : .ready
    var released: [Request] = []
    for id in waiting {
      guard var waiter = parked[id] else { continue }
      waiter.missing -= 1
      if failed || waiter.missing == 0 {
        parked[id] = nil
        released.append(waiter.request)
      } else {
        parked[id] = waiter
      }
    }
    return released
  }
}
