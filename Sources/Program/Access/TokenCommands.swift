import Postgres

/// Issues a token to a person, for the operator. The token is in the answer of this call and nowhere else.
public struct IssueToken: Sendable {
  public let token = Token()
  public let id = UUIDv7()
  let name: String
  let personNumber: String
  let days: Int
  let scopes: [Identity.Scope]

  /// - Parameters:
  ///   - days: how long it is good, in days; 1 to 730.
  ///   - scopes: what it is good for; not empty.
  public init(name: String, personNumber: String, days: Int, scopes: [Identity.Scope] = Identity.Scope.allCases) {
    self.scopes = scopes
    self.name = name
    self.personNumber = personNumber
    self.days = min(max(days, 1), 730)
  }

  private static let statement = Statement("select app.issue_token($1, $2, $3, $4, make_interval(days => $5), $6)")

  /// Raises `BE404` when nobody has the person number.
  public var command: BoundStatement {
    Self.statement(
      .text(id.description), .binary(token.hash), .text(name), .text(personNumber), .int(days),
      .texts(scopes.map(\.rawValue)))
  }
}

/// What the operator sees and does with tokens beside issuing them.
public enum Tokens {
  /// Columns: id, name, person_number, created_at, expires_at, revoked_at, scopes, last_used_at.
  public static let all = Statement("select * from app.tokens()")
  /// One column: whether a live token was ended.
  public static let revoke = Statement("select app.revoke_token($1)")

  /// Notes that the tokens with these hashes were used a moment ago.
  public static func noteUse(of hashes: some Collection<[UInt8]>) -> BoundStatement {
    noteUse(.texts(hashes.map { "\\x" + $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }))
  }

  private static let noteUse = Statement("select app.note_token_use($1)")
}
