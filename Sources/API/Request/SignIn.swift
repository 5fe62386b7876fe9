import HTTPTypes
import OpenID
import Postgres
import Program

/// Lets in whoever brings an access token of the organisation's provider.
struct SignIn: Sendable {
  private let tokens: AccessTokens
  private let database: Database
  /// Set when a subject whom nobody has may be linked by an address that the provider has verified.
  private let links: SubjectLinks?

  init(tokens: AccessTokens, linksByEmail: Bool, database: Database) {
    self.tokens = tokens
    self.database = database
    links = linksByEmail ? SubjectLinks() : nil
  }

  /// What the token is. As with a token of ours, only the database knows whether somebody has its subject.
  func verify(_ token: String) async -> Credential {
    do throws(Problem) {
      let claims = try await claims(of: token)
      let identity = Identity(subject: claims.subject)
      if let links, claims.emailVerified, let email = claims.email, links.isOpen(claims.subject) {
        links.close(claims.subject, isLinked: try await link(claims.subject, email, identity))
      }
      return .verified(identity)
    } catch {
      return .refused(error)
    }
  }

  private func claims(of token: String) async throws(Problem) -> Claims {
    do throws(AccessTokenError) {
      return try await tokens.verify(token)
    } catch {
      switch error {
      case .unavailable(let delay): throw .unavailable(retryAfter: delay)
      default: throw .unauthenticated(error)
      }
    }
  }

  /// - Returns: whether somebody has the subject now.
  private func link(_ subject: String, _ email: String, _ identity: Identity) async throws(Problem) -> Bool {
    do throws(PostgresError) {
      do throws(PostgresError) {
        _ = try await database.read(SubjectLink.check(identity))
        return true
      } catch {
        guard case .server(let refusal) = error, refusal.sqlState.rawValue == "BE401" else { throw error }
        let rows = try await database.write(SubjectLink.make(subject, email: email))
        return try rows.bool(0, 0) == true
      }
    } catch {
      throw Problem(error)
    }
  }
}

extension Problem {
  /// 401: an access token that is not accepted, and why (RFC 6750 §3).
  fileprivate static func unauthenticated(_ error: AccessTokenError) -> Problem {
    var problem = Problem.unauthenticated(.refused)
    problem.headers[.wwwAuthenticate] =
      #"Bearer realm="beeld", error="invalid_token", error_description="\#(error.description)""#
    return problem
  }
}
