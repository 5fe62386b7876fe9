import Postgres

/// Who is asking: the key to all data. Nothing below can be read without one, and the database, not this type, decides
/// whether it is good and what it opens.
public struct Identity: Sendable {
  /// The first statement of every segment: it sets the identity of the transaction or raises.
  public let identify: BoundStatement

  private static let byToken = Statement("select app.identify($1)")

  /// The identity of whoever holds this token.
  public init(_ token: Token) {
    identify = Self.byToken(.binary(token.hash))
  }

  /// A read under this identity: one implicit transaction, one round trip.
  public func read(_ statement: BoundStatement) -> Segment {
    Segment(statement, after: [identify])
  }

  /// Makes this the identity of the transaction that the session is in, and gives what follows five minutes a
  /// statement: a document is as long as its reader is slow.
  public func take(_ session: Session) async throws {
    _ = try await session.query(identify)
    _ = try await session.query(Self.patience())
  }

  private static let patience = Statement("select set_config('statement_timeout', '5min', true)")
}
