import Postgres
import Program

/// The runs whose time has come, made once each, however many instances look at once.
///
/// A claim is a row: whoever inserts (schedule, night) makes it, under a lease. The one at work holds the row's lock
/// besides, so nobody takes over from the living; and it closes the run only as the attempt it claimed, so one who
/// lost the claim changes nothing. What is due is decided by the database's clock alone.
public struct DueReports: Sendable {
  /// A run to make now.
  public struct Claim: Sendable, Equatable {
    public let run: UUIDv7
    public let report: String
    public let asOf: CivilDate
    /// From 1; the third retry is 4.
    public let attempt: Int
    /// Begun more than an hour after its time.
    public let isLate: Bool
  }

  /// How making one ended.
  public enum Outcome: Sendable, Equatable {
    case succeeded(rows: Int)
    /// It will be tried again, by whoever is there.
    case failed(reason: String)
    /// After the third retry: nobody tries again.
    case abandoned(reason: String)
    /// Somebody else had taken it over; they close it.
    case lost
  }

  private let database: Database
  private let lease: Duration

  private static let abandon = Statement("select * from app.report_abandon_lost()")
  private static let claim = Statement("select * from app.report_claim($1, make_interval(secs => $2))")
  private static let fail = Statement("select app.report_fail($1, $2, $3)")

  /// - Parameter lease: how long a claim stands whose holder is not heard of; work in hand is safe beyond it.
  public init(_ database: Database, lease: Duration = .seconds(120)) {
    self.database = database
    self.lease = lease
  }

  /// Takes the next run, the earliest night first; nil when there is nothing to do.
  public func claim() async throws -> Claim? {
    let statement = Self.claim(.text(UUIDv7().description), .int(lease.components.seconds))
    return try await database.write(Segment(statement)).first.flatMap { try Claim($0) }
  }

  /// Gives up those whose claimant died on the last attempt; of these there is nobody else to tell.
  public func abandonLost() async throws -> [Claim] {
    try await database.write(Segment(Self.abandon())).compactMap { try Claim($0) }
  }

  /// Makes a claimed run. Whatever goes wrong is an outcome: `settle` writes it down.
  public func make(_ claim: Claim) async -> Outcome {
    do {
      let rows = try await database.withSession { session in
        try await session.transaction {
          try await session.query(MakeReport.make(.text(claim.run.description), .int(claim.attempt))).first?.int(0)
        }
      }
      return .succeeded(rows: rows ?? 0)
    } catch let error as PostgresError {
      return error.sqlState?.rawValue == "BE409" ? .lost : .failed(reason: error.reason)
    } catch {
      return .failed(reason: "interrupted")
    }
  }

  /// Writes down that making failed, so that it is tried again after a while.
  ///
  /// - Returns: the outcome as it stands in the database. A commit whose answer was lost turns out to be `lost` here:
  ///   the run is closed, by this attempt or a later one.
  public func settle(_ outcome: Outcome, of claim: Claim) async throws -> Outcome {
    guard case .failed(let reason) = outcome else { return outcome }
    let statement = Self.fail(.text(claim.run.description), .int(claim.attempt), .text(reason))
    switch try await database.write(Segment(statement)).first?.string(0) {
    case "failed": return .failed(reason: reason)
    case "abandoned": return .abandoned(reason: reason)
    default: return .lost
    }
  }

  /// What became of a claim of which `abandonLost` tells.
  public static let lostForGood = Outcome.abandoned(reason: "claimant_lost")

  /// Makes everything that is due, one after the other, and tells of each.
  public func makeAll(_ tell: (Claim, Outcome) async -> Void = { _, _ in }) async throws {
    for claim in try await abandonLost() { await tell(claim, Self.lostForGood) }
    while let claim = try await claim() {
      let outcome = try await settle(await make(claim), of: claim)
      await tell(claim, outcome)
    }
  }
}

extension DueReports.Claim {
  /// Columns: run, report, as_of, attempt, late; nil where there is none.
  fileprivate init?(_ row: Row) throws {
    guard let run = row.string(0).flatMap({ UUIDv7($0) }), let report = row.string(1),
      let asOf = row.string(2).flatMap({ CivilDate($0) }), let attempt = try row.int(3)
    else { return nil }
    self.init(run: run, report: report, asOf: asOf, attempt: attempt, isLate: try row.bool(4) ?? false)
  }
}

extension PostgresError {
  /// A code for `report_run.failure`: names no person and no value.
  fileprivate var reason: String {
    switch self {
    case .server(let error): "sqlstate_" + error.sqlState.rawValue.lowercased()
    case .connectionLost, .unavailable: "connection_lost"
    case .deadlineExceeded: "deadline_exceeded"
    case .cancelled, .shuttingDown: "interrupted"
    default: "client_error"
    }
  }
}
