import Logging
import Mail
import Postgres
import Program
import ServiceLifecycle

/// Sends, while the server runs, the mails that tell of reports.
///
/// Every instance looks every 20 seconds or so, or when the bell rings; the database lets one of them send each. A mail
/// server that is not to be reached is left alone until the next look. At shutdown the mail in hand is finished, as long
/// as there is time.
public struct ReportMails: Service {
  private let due: DueMails
  private let bell: Bell
  private let logger: Logger
  private let counts: JobCounts
  private let interval: Duration

  /// - Parameters:
  ///   - bell: rung when there may be something to do.
  ///   - counts: where outcomes are counted.
  ///   - interval: how often to look, give or take a quarter.
  public init(
    _ due: DueMails, bell: Bell, logger: Logger, counts: JobCounts = JobCounts(), interval: Duration = .seconds(20)
  ) {
    self.due = due
    self.bell = bell
    self.logger = logger
    self.counts = counts
    self.interval = interval
  }

  public func run() async throws {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let rings = bell.rings
      do {
        try await sendDue()
      } catch {
        // Described without data. The database may be away; the next look is soon.
        logger.warning("mails could not be looked after", metadata: ["reason": "\(error)"])
      }
      // Cut short by shutdown, which the loop then sees.
      await cancelWhenGracefulShutdown {
        await bell.rest(for: interval * Double.random(in: 0.75...1.25), since: rings)
      }
    }
  }

  private func sendDue() async throws {
    while !Task.isShuttingDownGracefully, let claim = try await due.claim() {
      let outcome = try await send(claim)
      log(claim, outcome)
      if case .unreachable = outcome { return }
    }
  }

  /// How long the mail in hand has at shutdown: one that is given up may have been taken, and is then doubled.
  private static let grace = Duration.seconds(10)

  private func send(_ claim: DueMails.Claim) async throws -> DueMails.Outcome {
    try await withThrowingTaskGroup(of: DueMails.Outcome?.self) { group in
      group.addTask { try await due.send(claim) }
      group.addTask {
        // Ends some time after shutdown has begun, or cancelled when the mail is sent.
        do {
          try await gracefulShutdown()
          try await Task.sleep(for: Self.grace)
        } catch {}
        return nil
      }
      var outcome: DueMails.Outcome?
      while let ended = try await group.next() {
        group.cancelAll()
        outcome = ended ?? outcome
      }
      guard let outcome else { throw CancellationError() }
      return outcome
    }
  }

  /// Ids and codes; of addresses and of what a mail server said nothing.
  private func log(_ claim: DueMails.Claim, _ outcome: DueMails.Outcome) {
    var metadata: Logger.Metadata = ["delivery": "\(claim.delivery)", "attempt": "\(claim.attempt)"]
    switch outcome {
    case .sent:
      counts.count("mail", "sent")
      logger.info("mail sent", metadata: metadata)
    case .failed(let reason), .unreachable(let reason):
      counts.count("mail", "failed")
      metadata["reason"] = "\(reason)"
      logger.warning("mail not sent, will be tried again", metadata: metadata)
    case .dead(let reason):
      counts.count("mail", "dead")
      metadata["reason"] = "\(reason)"
      logger.error("mail given up", metadata: metadata)
    case .lost:
      counts.count("mail", "lost")
      logger.notice("mail taken over by another instance", metadata: metadata)
    }
  }
}
