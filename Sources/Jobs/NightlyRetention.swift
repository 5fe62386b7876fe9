import Logging
import Postgres
import Program
import ServiceLifecycle

/// Lets go, every night from 03:30 on in Amsterdam, of what has been kept as long as the rules say: people who departed,
/// objections, report runs, audit rows, tokens.
///
/// Piece by piece, each in a transaction of its own that also counts it, so that nothing is held up for long, and an
/// instance that stops in the middle leaves the rest to the next look, its own or another's. One kind that fails keeps no
/// other from being looked after. Which night it is, and what is still to be done in it, the database says.
public struct NightlyRetention: Service {
  private let database: Database
  private let logger: Logger
  private let counts: JobCounts
  private let interval: Duration
  private let rows: Int

  /// - Parameters:
  ///   - database: logged in as `beeld_jobs`; it must outlive this service's `run`.
  ///   - interval: how often to look whether there is something to do.
  ///   - rows: about how many are removed at once.
  public init(
    _ database: Database, logger: Logger, counts: JobCounts = JobCounts(), interval: Duration = .seconds(300),
    rows: Int = 1000
  ) {
    self.database = database
    self.logger = logger
    self.counts = counts
    self.interval = interval
    self.rows = rows
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      repeat { await look() } while await rests()
    }
  }

  /// Does what is to be done now.
  public func look() async {
    for kind in Retention.Kind.allCases where !Task.isCancelled { await letGo(kind) }
  }

  private func letGo(_ kind: Retention.Kind) async {
    var removed = 0
    do {
      while let number = try await database.write(Segment(Retention.step(kind, rows: rows))).int(0, 0), number > 0,
        !Task.isCancelled
      {
        removed += number
      }
      if removed > 0 { counts.count("retention_" + kind.rawValue, "succeeded") }
    } catch {
      if Task.isCancelled { return }
      counts.count("retention_" + kind.rawValue, "failed")
      // What was removed before is counted; the next look goes on from there. The report of it tells when none does.
      logger.error("retention failed", metadata: ["what": "\(kind.rawValue)", "reason": "\(error)"])
    }
    if removed > 0 { logger.info("retention", metadata: ["what": "\(kind.rawValue)", "count": "\(removed)"]) }
  }

  /// False when it is time to stop.
  private func rests() async -> Bool {
    do {
      try await Task.sleep(for: interval)
      return true
    } catch {
      return false
    }
  }
}
