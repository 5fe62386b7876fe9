import Postgres

/// Who is asking: the key to all data. Nothing below can be read without one, and the database, not this type, decides
/// whether it is good and what it opens.
public struct Identity: Sendable, Hashable {
  /// What a token may be good for; an access token of the organisation's provider is good for all of it.
  public enum Scope: String, Sendable, CaseIterable {
    case read, write
    /// Uploading files for import, and committing them.
    case `import`
  }

  private enum Proof: Sendable, Hashable {
    case token(hash: [UInt8])
    case subject(String)
  }

  private let proof: Proof

  /// The identity of whoever holds this token.
  public init(_ token: Token) {
    proof = .token(hash: token.hash)
  }

  /// The identity of the person who is linked to this subject of the organisation's OpenID provider.
  /// - Parameter subject: `sub` of a token that has been verified.
  public init(subject: String) {
    proof = .subject(subject)
  }

  /// The hash by which the server knows its own token; nil of a subject.
  public var tokenHash: [UInt8]? {
    if case .token(let hash) = proof { hash } else { nil }
  }

  /// The first statement of every segment: it sets the identity of the transaction or raises.
  public func identify(for scope: Scope = .read) -> BoundStatement {
    switch (proof, scope) {
    case (.token(let hash), .read): Self.byToken(.binary(hash))
    case (.token(let hash), _): Self.byTokenInScope(.binary(hash), .text(scope.rawValue))
    case (.subject(let subject), _): Self.bySubject(.text(subject), .text(scope.rawValue))
    }
  }

  /// A read under this identity: one implicit transaction, one round trip.
  public func read(_ statement: BoundStatement) -> Segment {
    Segment(statement, after: [identify()])
  }

  /// Makes this the identity of the transaction that the session is in, and gives what follows five minutes a
  /// statement: a document is as long as its reader is slow.
  public func take(_ session: Session) async throws {
    _ = try await session.query(identify())
    _ = try await session.query(Self.patience())
  }

  private static let byToken = Statement("select app.identify($1)")
  private static let byTokenInScope = Statement("select app.identify($1, $2)")
  private static let bySubject = Statement("select app.identify_subject($1, $2)")
  private static let patience = Statement("select set_config('statement_timeout', '5min', true)")
}
