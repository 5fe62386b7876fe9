/// The way to one PostgreSQL server (or cluster of servers), in three lanes that never wait for one another.
///
/// Connections are opened when they are first needed. The database must be shut down before it is let go.
public final class Database: Sendable {
  private let configuration: Configuration
  private let observe: @Sendable (Observation) -> Void
  private let reactor: Reactor
  private let readLane: Lane
  private let writeLane: Lane
  private let longLane: Lane

  /// `observe` is told what happens to connections and queues. It is called on the thread that serves all
  /// connections: it hands on and returns.
  public init(_ configuration: Configuration, observe: @escaping @Sendable (Observation) -> Void = { _ in }) {
    self.configuration = configuration
    self.observe = observe
    let reactor = Reactor()
    self.reactor = reactor
    func lane(_ name: LaneName, _ connections: Int, _ depth: Int, _ queue: Int, _ options: String) -> Lane {
      let limits = Pool<Ticket>.Limits(
        connections: connections, depth: depth, queue: queue, patience: configuration.patience)
      return Lane(
        name, limits: limits, options: options, settings: configuration, reactor: reactor, observe: observe)
    }
    readLane = lane(
      .read, configuration.readConnections, configuration.readDepth, configuration.readQueue, configuration.readOptions)
    writeLane = lane(.write, configuration.writeConnections, 1, configuration.writeQueue, "")
    longLane = lane(.long, configuration.longConnections, 1, configuration.longQueue, "")
    for lane in [readLane, writeLane, longLane] { reactor.add(lane) }
    _ = reactor.start()
  }

  deinit {
    let lanes = [readLane, writeLane, longLane]
    reactor.post { [reactor] in
      for lane in lanes { lane.close() }
      reactor.stop()
    }
  }

  /// Runs a segment that only reads, on a connection shared with others. When the connection breaks it is asked again
  /// elsewhere, within the deadline (`Configuration.readDeadline` unless given).
  public func read(_ segment: Segment, deadline: Duration? = nil) async throws(PostgresError) -> Rows {
    try await rows(of: segment, on: readLane, within: deadline ?? configuration.readDeadline)
  }

  /// Runs a segment that may change data, alone on its connection. When the connection breaks before the answer it is
  /// `connectionLost(.unknown)`, and so it is when the deadline (`Configuration.writeDeadline` unless given) passes
  /// after it was sent.
  public func write(_ segment: Segment, deadline: Duration? = nil) async throws(PostgresError) -> Rows {
    try await rows(of: segment, on: writeLane, within: deadline ?? configuration.writeDeadline)
  }

  /// Runs `body` with a connection of its own, waiting for one no longer than the deadline
  /// (`Configuration.sessionDeadline` unless given). Whatever state `body` leaves it in, the next holder finds it as
  /// new.
  @discardableResult
  public func withSession<Result: Sendable>(
    deadline: Duration? = nil, on actor: isolated (any Actor)? = #isolation, _ body: (Session) async throws -> Result
  ) async throws -> Result {
    let ticket = Ticket(.session, deadline: .now + (deadline ?? configuration.sessionDeadline), lane: longLane)
    guard case .session(let link) = try await ticket.outcome(from: reactor).get() else {
      throw PostgresError.misuse("not a session")
    }
    defer { reactor.post { link.giveBack() } }
    return try await body(Session(link, reactor, configuration))
  }

  /// Asks the server for a sign of life on the read lane.
  public func ping(deadline: Duration = .seconds(1)) async throws(PostgresError) {
    _ = try await read(Segment(Database.signOfLife()), deadline: deadline)
  }

  /// Whether a read is answered within a second.
  public func isReady() async -> Bool {
    do {
      try await ping()
      return true
    } catch {
      return false
    }
  }

  public var statistics: Statistics {
    Statistics(read: readLane.statistics, write: writeLane.statistics, long: longLane.statistics)
  }

  /// Takes nothing new, opens no connection, lets what is in hand finish for at most `graceful`, then closes
  /// everything. Safe to call more than once; returns when all is closed.
  public func shutdown(graceful: Duration = .seconds(20)) async {
    await withCheckedContinuation { continuation in
      let farewell = Farewell([readLane, writeLane, longLane], reactor, until: .now + graceful) {
        continuation.resume()
      }
      if !reactor.post(farewell) { continuation.resume() }
    }
  }

  /// `begun` is given what ends the listening again.
  func listen(
    on channels: [String], tell: @escaping @Sendable (NotificationEvent) -> Void, end: @escaping @Sendable () -> Void,
    begun: (_ stop: @escaping @Sendable () -> Void) -> Void
  ) {
    let listener = Listener(channels, configuration, reactor, observe: observe, tell: tell, end: end)
    begun { [reactor] in reactor.post { listener.close() } }
    listener.start()
  }

  private static let signOfLife = Statement("select 1")

  private func rows(of segment: Segment, on lane: Lane, within limit: Duration) async throws(PostgresError) -> Rows {
    if let objection = segment.objection { throw .misuse(objection) }
    let ticket = Ticket(.rows(segment), deadline: .now + limit, lane: lane)
    guard case .rows(let rows) = try await ticket.outcome(from: reactor).get() else { throw .misuse("not rows") }
    return rows
  }
}
