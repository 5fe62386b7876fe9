import TestDatabase
import Testing

/// Who is asking: `Authorization: Bearer`, and what is answered to who is not let in.
@Suite struct AuthenticationTests {
  private static let good = Organisation.Person.adviser.token

  @Test("Whoever brings no token, a malformed one or one that is not accepted, is told how to come back")
  func challenges() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for (authorization, challenge) in [
        (nil, #"Bearer realm="beeld""#),
        ("Bearer", #"Bearer realm="beeld", error="invalid_request""#),
        ("Bearer ", #"Bearer realm="beeld", error="invalid_request""#),
        ("Basic \(Self.good)", #"Bearer realm="beeld", error="invalid_request""#),
        (Self.good, #"Bearer realm="beeld", error="invalid_request""#),
        ("Bearer \(Self.good)0", #"Bearer realm="beeld", error="invalid_request""#),
        ("Bearer \(Self.good.dropLast())", #"Bearer realm="beeld", error="invalid_request""#),
        ("Bearer \(Self.good.uppercased())", #"Bearer realm="beeld", error="invalid_request""#),
        ("Bearer \(Self.good), Bearer \(Self.good)", #"Bearer realm="beeld", error="invalid_request""#),
        ("Bearer \(Organisation.token("unknown"))", #"Bearer realm="beeld", error="invalid_token""#),
        ("Bearer \(Organisation.token("revoked"))", #"Bearer realm="beeld", error="invalid_token""#),
        ("Bearer \(Organisation.token("expired"))", #"Bearer realm="beeld", error="invalid_token""#),
      ] as [(String?, String)] {
        let answer = try await wire.ask("/v1/me", authorization.map { ["Authorization: \($0)"] } ?? [])
        #expect(answer.status == 401, "\(authorization ?? "nothing")")
        #expect(answer.all("WWW-Authenticate") == [challenge], "\(authorization ?? "nothing")")
        #expect(try answer.problem().code == "unauthenticated")
        #expect(!answer.text.contains("beeld_"), "the token is not repeated")
      }
    }
  }

  @Test("The scheme is read in either case, and nothing else than the header lets anybody in")
  func elsewhere() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for scheme in ["Bearer", "bearer", "BEARER"] {
        #expect(try await wire.ask("/v1/me", ["Authorization: \(scheme) \(Self.good)"]).status == 200)
      }
      #expect(try await wire.ask("/v1/me?access_token=\(Self.good)").status == 401)
      #expect(try await wire.ask("/v1/me", ["Cookie: access_token=\(Self.good)"]).status == 401)
      #expect(try await wire.ask("/v1/me", ["X-Forwarded-User: adviser", "X-Person: adviser"]).status == 401)
    }
  }

  @Test("Two headers are no identity, whichever comes first")
  func twoHeaders() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let other = Organisation.Person.teacher.token
      for tokens in [[Self.good, other], [other, Self.good], [Self.good, Self.good]] {
        let answer = try await wire.ask("/v1/me", tokens.map { "Authorization: Bearer \($0)" })
        #expect(answer.status == 401 || answer.status == 400)
      }
    }
  }

  @Test("On one connection every request stands for itself")
  func oneConnection() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for person in Organisation.Person.allCases.shuffled() {
        #expect(try await wire.ask("/v1/me", as: person).text.contains(person.id))
        #expect(try await wire.ask("/v1/me").status == 401)
      }
    }
  }

  @Test("A token that is revoked, a person who is disabled and a role that ends are known to the next request")
  func atOnce() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let database = site.organisation.database
      #expect(try await wire.ask("/v1/coverage", as: .director).status == 200)
      try await database.script(
        "update role_assignment set until_date = app.today() where role = 'director' and from_date < app.today()")
      #expect(try await wire.ask("/v1/coverage", as: .director).status == 404)
      #expect(try await wire.ask("/v1/me", as: .director).text.filter { $0 != " " }.contains(#""roles":[]"#))

      try await database.script(
        "update registration set disabled_at = now() where person_id = '\(Organisation.Person.director.id)'")
      #expect(try await wire.ask("/v1/me", as: .director).status == 401)
      try await database.script("update api_token set revoked_at = now()")
      for person in Organisation.Person.allCases {
        #expect(try await wire.ask("/v1/me", as: person).status == 401)
      }
    }
  }
}
