import Logging
import Postgres
import Synchronization

/// Turns what happens to the database's connections into log lines and counters.
public final class DatabaseObserver: Sendable {
  private let logger: Logger
  private let counts = Mutex<[Counter: Int]>([:])
  private let refusal = Mutex<String?>(nil)

  /// Why the last attempt to connect failed, in libpq's words; nil while none has.
  public var lastRefusal: String? { refusal.withLock { $0 } }

  struct Counter: Hashable, Sendable {
    let event: String
    let lane: String
  }

  public init(logger: Logger) {
    self.logger = logger
  }

  /// To be given to `Database`. Runs on the thread that serves all connections: it never waits.
  @Sendable public func observe(_ observation: Observation) {
    switch observation {
    case .connected(let lane): note("connected", lane, .debug)
    case .connectFailed(let lane, let reason):
      refusal.withLock { $0 = reason }
      note("connect_failed", lane, .warning, reason)
    case .lost(let lane, let reason): note("lost", lane, .warning, reason)
    case .reconnecting(let lane, let delay): note("reconnecting", lane, .info, "in \(delay)")
    case .notice(let lane, let notice): note("notice", lane, .info, notice.description)
    case .watchdogRetired(let lane, let age): note("watchdog_retired", lane, .warning, "head \(age) old")
    case .stalePlan(let lane): note("stale_plan", lane, .info)
    case .waited(let lane, _): count("waited", lane)
    case .queueFull(let lane): count("queue_full", lane)
    case .sessionRepaired(let reason): note("session_repaired", .long, .warning, reason)
    }
  }

  func snapshot() -> [(key: Counter, value: Int)] {
    counts.withLock { Array($0) }.sorted { ($0.key.event, $0.key.lane) < ($1.key.event, $1.key.lane) }
  }

  private func note(_ event: String, _ lane: LaneName, _ level: Logger.Level, _ reason: String? = nil) {
    count(event, lane)
    var metadata: Logger.Metadata = ["event": "\(event)", "lane": "\(lane.rawValue)"]
    if let reason { metadata["reason"] = "\(reason)" }
    logger.log(level: level, "database connection", metadata: metadata)
  }

  private func count(_ event: String, _ lane: LaneName) {
    counts.withLock { $0[Counter(event: event, lane: lane.rawValue), default: 0] += 1 }
  }
}
