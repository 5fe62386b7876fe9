import Logging
import Postgres
import Program
import ServiceLifecycle

/// Lets go, every ten minutes, of what is kept for a day only: names of commands, and files of imports that nobody
/// committed; and marks consents whose last day is over. On any number of instances: what one has removed the others do not find.
public struct Housekeeping: Service {
  private let database: Database
  private let logger: Logger
  private let counts: JobCounts
  private let interval: Duration

  /// - Parameter database: logged in as `beeld_jobs`; it must outlive this service's `run`.
  public init(_ database: Database, logger: Logger, counts: JobCounts = JobCounts(), interval: Duration = .seconds(600))
  {
    self.database = database
    self.logger = logger
    self.counts = counts
    self.interval = interval
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      repeat { await tidy() } while await rests()
    }
  }

  private func tidy() async {
    for (what, forget) in [("commands", Command.forget), ("imports", ImportRuns.forget), ("consents", Consents.expire)] {
      do {
        let count = try await database.write(Segment(forget)).int(0, 0) ?? 0
        counts.count("housekeeping_" + what, "succeeded")
        if count > 0 { logger.info("let go", metadata: ["what": "\(what)", "count": "\(count)"]) }
      } catch {
        if Task.isCancelled { return }
        counts.count("housekeeping_" + what, "failed")
        // Nothing is lost by waiting: the next turn finds it too.
        logger.warning("could not let go", metadata: ["what": "\(what)", "reason": "\(error)"])
      }
    }
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
