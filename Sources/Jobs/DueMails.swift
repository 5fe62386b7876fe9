import Mail
import Postgres
import Program
import Reports

/// The mails that wait to be sent, sent once each, however many instances look at once.
///
/// As with runs, a claim is a lease, and the one at work holds the row's lock besides, until the mail server's answer is
/// written down. Killed between that answer and its commit, it leaves a mail that is sent once more, under the same
/// Message-ID.
public struct DueMails: Sendable {
  /// A mail to send now.
  public struct Claim: Sendable {
    public let delivery: UUIDv7
    /// From 1.
    public let attempt: Int
    let key: UnsubscribeKey
  }

  /// How sending one ended.
  public enum Outcome: Sendable, Equatable {
    case sent
    /// It will be tried again, by whoever is there.
    case failed(reason: String)
    /// Given up: refused for good, or there is nowhere to send it.
    case dead(reason: String)
    /// Somebody else had taken it over.
    case lost
    /// As `failed`, and others would fare no better now.
    case unreachable(reason: String)
  }

  private let database: Database
  private let mailer: Mailer
  private let from: Mailbox
  private let publicURL: String
  private let lease: Duration

  private static let expire = Statement("select app.delivery_expire()")
  private static let claim = Statement("select * from app.delivery_claim(make_interval(secs => $1), $2)")
  private static let hold = Statement("select * from app.delivery_hold($1, $2)")
  private static let sent = Statement("select app.delivery_sent($1, $2)")
  private static let fail = Statement("select app.delivery_fail($1, $2, $3, $4)")

  /// - Parameters:
  ///   - database: logged in as `beeld_jobs`.
  ///   - publicURL: what the addresses in mails begin with, without a slash at its end.
  ///   - lease: how long a claim stands whose holder is not heard of; work in hand is safe beyond it.
  public init(
    _ database: Database, mailer: Mailer, from: Mailbox, publicURL: String, lease: Duration = .seconds(120)
  ) {
    self.database = database
    self.mailer = mailer
    self.from = from
    self.publicURL = publicURL
    self.lease = lease
  }

  /// Gives up what could not be sent for a day; answers how many those were.
  public static var expiry: BoundStatement { expire() }

  /// Takes the next mail, the oldest first; nil when there is nothing to do.
  public func claim() async throws -> Claim? {
    let key = UnsubscribeKey()
    let statement = Self.claim(.int(lease.components.seconds), .binary(key.hash))
    guard let row = try await database.write(Segment(statement)).first,
      let delivery = row.string(0).flatMap({ UUIDv7($0) }), let attempt = try row.int(1)
    else { return nil }
    return Claim(delivery: delivery, attempt: attempt, key: key)
  }

  /// Sends a claimed mail, and writes down what came of it in the transaction that holds it.
  ///
  /// - Throws: `PostgresError`; then the lease says when it is tried again.
  public func send(_ claim: Claim) async throws -> Outcome {
    do {
      return try await database.withSession { session in
        try await session.transaction { try await send(claim, in: session) }
      }
    } catch let error as PostgresError where error.sqlState?.rawValue == "BE409" {
      return .lost
    }
  }

  /// Sends everything that is due, one after the other, and tells of each; ends early when the mail server is not to be
  /// reached.
  public func sendAll(_ tell: (Claim, Outcome) async -> Void = { _, _ in }) async throws {
    while let claim = try await claim() {
      let outcome = try await send(claim)
      await tell(claim, outcome)
      if case .unreachable = outcome { return }
    }
  }

  private func send(_ claim: Claim, in session: Session) async throws -> Outcome {
    let (delivery, attempt) = (Parameter.text(claim.delivery.description), Parameter.int(claim.attempt))
    let facts = try await session.query(Self.hold(delivery, attempt))
    let outcome: Outcome
    if let message = try message(facts, claim) {
      outcome = await send(message)
    } else {
      outcome = .dead(reason: "no_address")
    }
    switch outcome {
    case .sent: _ = try await session.query(Self.sent(delivery, attempt))
    case .failed(let reason), .unreachable(let reason):
      _ = try await session.query(Self.fail(delivery, attempt, .text(reason), .bool(false)))
    case .dead(let reason): _ = try await session.query(Self.fail(delivery, attempt, .text(reason), .bool(true)))
    case .lost: break
    }
    return outcome
  }

  private func send(_ message: MailMessage) async -> Outcome {
    do throws(SendingFailure) {
      try await mailer.send(message)
      return .sent
    } catch {
      return switch error {
      case .refused(let code): .dead(reason: code)
      case .deferred(let code): .failed(reason: code)
      case .unreachable(let code): .unreachable(reason: code)
      case .interrupted: .unreachable(reason: error.code)
      }
    }
  }

  /// Nil where there is no address that a mail can go to.
  private func message(_ rows: Rows, _ claim: Claim) throws -> MailMessage? {
    guard let row = rows.first, let to = row.string(0).flatMap({ MailAddress($0) }) else { return nil }
    let mail = try ReportMail(row, publicURL: publicURL, delivery: claim.delivery, key: claim.key)
    return MailMessage(
      id: claim.delivery.description, from: from, to: to, subject: mail.subject, text: mail.text,
      language: mail.language.rawValue, unsubscribe: mail.unsubscribe)
  }
}
