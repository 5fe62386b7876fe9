import Program

/// What the `Authorization` header of a request brought (RFC 6750).
enum Credential: Sendable {
  case missing
  case malformed
  /// A token of this server. Whether it is good only the database knows.
  case own(Token)
  /// What may be an access token of the organisation's provider. Whether it is one, `SignIn` finds out.
  case accessToken(String)
  /// An access token that is one.
  case verified(Identity)
  /// One that is not, or whose provider cannot be asked: what to answer.
  case refused(any Error)

  init(_ header: String?) {
    guard let header else {
      self = .missing
      return
    }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      self = .malformed
      return
    }
    if let token = Token(presented: parts[1]) {
      self = .own(token)
    } else if parts[1].utf8.contains(UInt8(ascii: ".")) {
      // Our own have no full stop, and those of a provider two.
      self = .accessToken(String(parts[1]))
    } else {
      self = .malformed
    }
  }

  /// The identity of whoever sent the request.
  /// - Throws: `Problem` 401 when it brought no credential, or none that can be one; 503.
  func identity() throws -> Identity {
    switch self {
    case .own(let token): return Identity(token)
    case .verified(let identity): return identity
    case .refused(let problem): throw problem
    case .missing: throw Problem.unauthenticated(.missing)
    case .malformed, .accessToken: throw Problem.unauthenticated(.malformed)
    }
  }
}
