import Logging
import Postgres
import Program
import Reports
import ServiceLifecycle

/// Makes the scheduled reports while the server runs.
///
/// Every instance looks every 20 seconds or so, or when the bell rings, whether something is due; the database lets one
/// of them make it, once.
/// Nothing is remembered here: an instance that was down, or dies at work, leaves behind what the next one needs to
/// know. At shutdown a report that is being made is given up at once and handed back, for another instance or for
/// the next start: nothing of it is stored until all of it is.
public struct NightlyReports: Service {
  private let due: DueReports
  private let logger: Logger
  private let counts: JobCounts
  private let bell: Bell
  private let interval: Duration

  /// - Parameters:
  ///   - database: logged in as `beeld_jobs`; it must outlive this service's `run`.
  ///   - bell: rung when there may be something to do.
  ///   - counts: where outcomes are counted.
  ///   - interval: how often to look, give or take a quarter.
  public init(
    _ database: Database, bell: Bell, logger: Logger, counts: JobCounts = JobCounts(), interval: Duration = .seconds(20)
  ) {
    due = DueReports(database)
    self.bell = bell
    self.logger = logger
    self.counts = counts
    self.interval = interval
  }

  public func run() async throws {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let rings = bell.rings
      do {
        try await makeDue()
      } catch {
        // Described without data. The database may be away; the next look is soon.
        logger.warning("reports could not be looked after", metadata: ["reason": "\(error)"])
      }
      // Cut short by shutdown, which the loop then sees.
      await cancelWhenGracefulShutdown {
        await bell.rest(for: interval * Double.random(in: 0.75...1.25), since: rings)
      }
    }
  }

  private func makeDue() async throws {
    for claim in try await due.abandonLost() { log(claim, DueReports.lostForGood, after: .zero) }
    while !Task.isShuttingDownGracefully, let claim = try await due.claim() {
      let started = ContinuousClock.now
      let outcome = try await due.settle(await makeUnlessShuttingDown(claim), of: claim)
      log(claim, outcome, after: ContinuousClock.now - started)
    }
  }

  /// The making is a child task of its own, so that shutdown can cancel it while this task is still able to tell the
  /// database that it was given up.
  private func makeUnlessShuttingDown(_ claim: DueReports.Claim) async -> DueReports.Outcome {
    await withTaskGroup(of: DueReports.Outcome?.self) { group in
      group.addTask { await due.make(claim) }
      group.addTask {
        // Ends with the shutdown, or cancelled when the report is made.
        do { try await gracefulShutdown() } catch {}
        return nil
      }
      var outcome: DueReports.Outcome?
      for await ended in group {
        group.cancelAll()
        outcome = ended ?? outcome
      }
      return outcome ?? .failed(reason: "interrupted")
    }
  }

  private func log(_ claim: DueReports.Claim, _ outcome: DueReports.Outcome, after duration: Duration) {
    var metadata: Logger.Metadata = [
      "report": "\(claim.report)", "as_of": "\(claim.asOf)", "run": "\(claim.run)", "attempt": "\(claim.attempt)",
      "late": "\(claim.isLate)", "seconds": "\(duration.components.seconds)",
    ]
    counts.count("report", outcome.name)
    switch outcome {
    case .succeeded(let rows):
      metadata["rows"] = "\(rows)"
      logger.info("report made", metadata: metadata)
    case .failed(let reason):
      metadata["reason"] = "\(reason)"
      logger.warning("report failed, will be tried again", metadata: metadata)
    case .abandoned(let reason):
      metadata["reason"] = "\(reason)"
      logger.error("report abandoned", metadata: metadata)
    case .lost:
      logger.notice("report taken over by another instance", metadata: metadata)
    }
  }
}

extension DueReports.Outcome {
  fileprivate var name: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .abandoned: "abandoned"
    case .lost: "lost"
    }
  }
}
