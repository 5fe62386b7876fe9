import Foundation
import Logging
import OpenID
import TestDatabase
import TestProvider
import Testing

/// Who is asking: access tokens of the organisation's OpenID Connect provider.
@Suite struct SignInTests {
  private static let audience = "https://beeld.example"
  private let key = TestKey.es256("k")

  /// Subjects are called as people are; those of the adviser and the teacher are linked.
  private static let arrangement =
    [Organisation.Person.adviser, .teacher].map {
      "update beeld.registration set subject = 'sub-\($0)' where person_id = '\($0.id)'"
    }.joined(separator: ";\n")

  private func with(
    linksByEmail: Bool = false, arrangement: String = "", _ body: (Site, Provider) async throws -> Void
  ) async throws {
    try await Provider.with([key]) { provider in
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let issuer = try #require(Issuer(provider.issuer))
      let tokens = AccessTokens(issuer: issuer, audience: Self.audience, logger: logger)
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await tokens.run() }
        defer { tasks.cancelAll() }
        try await Site.with(
          arrangement: Self.arrangement + ";\n" + arrangement, accessTokens: tokens, linksByEmail: linksByEmail
        ) { try await body($0, provider) }
      }
    }
  }

  private func token(
    _ provider: Provider, _ subject: String, _ more: String = "", expires: TimeInterval = 600, key: TestKey? = nil
  ) throws -> String {
    let now = Int(Date().timeIntervalSince1970)
    let claims = #"""
      {"iss":"\#(provider.issuer)","aud":"\#(Self.audience)","sub":"\#(subject)","exp":\#(now + Int(expires))\#(more)}
      """#
    return try (key ?? self.key).token(header: #"{"alg":"ES256","kid":"k","typ":"at+jwt"}"#, claims: claims)
  }

  private func me(_ site: Site, _ token: String) async throws -> Answer {
    try await site.ask("/v1/me", ["Authorization: Bearer \(token)"])
  }

  @Test("A subject that is linked is the person, with the person's roles, beside tokens of our own")
  func linked() async throws {
    try await with { site, provider in
      for person in [Organisation.Person.adviser, .teacher] {
        let token = try token(provider, "sub-\(person)")
        #expect(try await me(site, token).text.contains(person.id))
        #expect(try await me(site, token).text.contains(person.id), "and again")
      }
      #expect(try await site.ask("/v1/me", as: .coach).text.contains(Organisation.Person.coach.id))
      let adviser = try token(provider, "sub-adviser")
      #expect(try await site.ask("/v1/coverage", ["Authorization: bearer \(adviser)"]).status == 200)
    }
  }

  @Test("A person signed in by the provider writes as with a token of our own, and no more than the person may")
  func writing() async throws {
    try await with { site, provider in
      let employment = #"""
        {"person":"\#(Organisation.Person.teacher.id)","school":"\#(Organisation.School.first.id)","job":"support",
        "fte":0.5,"from":"2030-08-01"}
        """#
      for (subject, status) in [("sub-adviser", 201), ("sub-teacher", 403)] {
        let token = try token(provider, subject)
        let headers = ["Authorization: Bearer \(token)"]
        let answer = try await site.send("POST", "/v1/employments", as: nil, employment, headers)
        #expect(answer.status == status, "\(answer.text)")
      }
    }
  }

  @Test("Whoever is not let in is told in the header why, in words that fit into it")
  func refused() async throws {
    try await with { site, provider in
      let good = try token(provider, "sub-adviser")
      for (token, reason) in [
        (try token(provider, "sub-adviser", expires: -3600), "The access token has expired"),
        (try token(provider, "sub-adviser", key: .es256("k")), "The signature of the access token is wrong"),
        (try token(provider, "", ""), "The access token names no subject"),
        (String(good.dropLast(2)), "The signature of the access token is wrong"),
        (good + ".x", "The access token is malformed"), ("a.b.c", "The access token is malformed"),
        ("\u{E9}.\u{E9}.\u{E9}", "The access token is malformed"),
      ] {
        let answer = try await me(site, token)
        #expect(answer.status == 401, "\(reason)")
        let challenge = #"Bearer realm="beeld", error="invalid_token", error_description="\#(reason)""#
        #expect(answer.all("WWW-Authenticate") == [challenge])
        #expect(try answer.problem().code == "unauthenticated")
        #expect(!answer.text.contains(token))
      }
      let unknown = try await me(
        site, try token(provider, "nobody", #","email":"x@example.org","email_verified":true"#))
      #expect(unknown.status == 401)
      #expect(unknown.all("WWW-Authenticate") == [#"Bearer realm="beeld", error="invalid_token""#])
      #expect(try await site.ask("/health/live", ["Authorization: Bearer a.b.c"]).status == 200)
    }
  }

  @Test("Where no provider is configured, its tokens are no credential")
  func unconfigured() async throws {
    try await Site.with { site in
      let answer = try await me(site, "eyJhbGciOiJFUzI1NiJ9.e30.AAAA")
      #expect(answer.status == 401)
      #expect(answer.all("WWW-Authenticate") == [#"Bearer realm="beeld", error="invalid_request""#])
    }
  }

  @Test("A person who is disabled, and a link that is gone, are known to the next request")
  func atOnce() async throws {
    try await with { site, provider in
      let tokens = try ["sub-adviser", "sub-teacher"].map { try token(provider, $0) }
      for token in tokens { #expect(try await me(site, token).status == 200) }
      let database = site.organisation.database
      try await database.script(
        "update beeld.registration set disabled_at = now() where person_id = '\(Organisation.Person.adviser.id)'")
      try await database.script(
        "update beeld.registration set subject = null where person_id = '\(Organisation.Person.teacher.id)'")
      for token in tokens { #expect(try await me(site, token).status == 401) }
    }
  }

  @Test("The first login with a verified address links the subject, once; then it needs no address any more")
  func linking() async throws {
    let director = Organisation.Person.director
    let arrangement =
      "update beeld.registration set email = 'Director@school.example' where person_id = '\(director.id)'"
    try await with(linksByEmail: true, arrangement: arrangement) { site, provider in
      let verified = #","email":"director@school.example","email_verified":true"#
      for unproven in [
        #","email":"director@school.example""#, #","email":"director@school.example","email_verified":"true""#,
      ] {
        #expect(try await me(site, try token(provider, "new", unproven)).status == 401, "nobody vouches for it")
      }
      let first = try token(provider, "new", verified)
      let answers = try await withThrowingTaskGroup(of: Answer.self) { tasks in
        for _ in 0..<20 { tasks.addTask { try await self.me(site, first) } }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.allSatisfy { $0.status == 200 })
      let me = try await me(site, try token(provider, "new"))
      #expect(me.status == 200 && me.text.contains(director.id))
      let other = try await self.me(site, try token(provider, "other", verified))
      #expect(other.status == 401, "the person has a subject")
    }
  }

  @Test("Without the operator's word nobody is linked")
  func noLinking() async throws {
    let arrangement =
      "update beeld.registration set email = 'd@x.example' where person_id = '\(Organisation.Person.director.id)'"
    try await with(arrangement: arrangement) { site, provider in
      let answer = try await me(site, try token(provider, "new", #","email":"d@x.example","email_verified":true"#))
      #expect(answer.status == 401)
    }
  }

  @Test("While no key is known, an access token waits for later and a token of our own does not")
  func unavailable() async throws {
    try await Provider.with([]) { provider in
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let tokens = AccessTokens(issuer: try #require(Issuer(provider.issuer)), audience: Self.audience, logger: logger)
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await tokens.run() }
        defer { tasks.cancelAll() }
        try await Site.with(accessTokens: tokens) { site in
          let answer = try await me(site, try token(provider, "sub-adviser"))
          #expect(answer.status == 503)
          #expect(answer["retry-after"].flatMap { Int($0) }.map { (1...10).contains($0) } == true)
          #expect(try await site.ask("/v1/me", as: .coach).status == 200)
        }
      }
    }
  }
}
