import Program

/// The `Authorization` header of a request (RFC 6750).
struct Credential {
  private let header: String?

  init(_ header: String?) {
    self.header = header
  }

  /// - Throws: `Problem` 401. Whether the token is good only the database knows: this refuses what cannot be one.
  func identity() throws(Problem) -> Identity {
    guard let header else { throw .unauthenticated(.missing) }
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer", let token = Token(presented: parts[1]) else {
      throw .unauthenticated(.malformed)
    }
    return Identity(token)
  }
}
