import Logging
import Postgres
import Program
import ServiceLifecycle

/// Does, every ten minutes, what follows from the passing of time: lets go of what is kept for a day only (names of
/// commands, files of imports that nobody committed) or until a year after the pupil left (objections), marks consents
/// whose last day is over, gives up mails that could not be sent for a day, and takes the server's own steps in the
/// coaching. On any number of instances: what one has done the others do not find.
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

  /// Each answers how many it found.
  private static var chores: [(what: String, statement: BoundStatement)] {
    [
      ("commands", Command.forget), ("imports", ImportRuns.forget), ("consents", Consents.expire),
      ("coaching", CoachingUpkeep.steps), ("invitations", CoachingUpkeep.invitations),
      ("objections", Objections.forget), (mails, DueMails.expiry),
    ]
  }

  /// The one chore whose finding anything is an alarm.
  private static let mails = "mails_given_up"

  private func tidy() async {
    for (what, chore) in Self.chores {
      do {
        let count = try await database.write(Segment(chore)).int(0, 0) ?? 0
        counts.count("housekeeping_" + what, "succeeded")
        guard count > 0 else { continue }
        logger.log(
          level: what == Self.mails ? .error : .info, "housekeeping",
          metadata: ["what": "\(what)", "count": "\(count)"])
      } catch {
        if Task.isCancelled { return }
        counts.count("housekeeping_" + what, "failed")
        // Nothing is lost by waiting: the next turn finds it too.
        logger.warning("housekeeping failed", metadata: ["what": "\(what)", "reason": "\(error)"])
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
