import OpenID
import TestProvider
import Testing

/// What is accepted: tokens as providers issue them.
@Suite struct AcceptanceTests {
  @Test("A token under every asymmetric algorithm is accepted")
  func algorithms() async throws {
    var keys: [TestKey] = [.es256("e256"), .es384("e384"), .es512("e512"), .eddsa("ed")]
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
      keys.append(try .rsa("r-\(algorithm)", algorithm, extra: #","alg":"\#(algorithm)","use":"sig""#))
    }
    try await Scene.with(keys) { scene in
      for key in keys { await scene.accepts(try scene.token(key)) }
    }
  }

  @Test("What the provider says of the person is handed on, and nothing that it does not say")
  func claims() async throws {
    let key = TestKey.es256("k")
    try await Scene.with([key]) { scene in
      let full = try await scene.tokens.verify(
        try scene.token(
          key,
          claims: [
            "sub": #""Zoë-\ud83d\ude00""#, "email": #""zoe@example.org""#, "email_verified": "true",
            "scope": #""read write""#, "unknown": #"{"deep":[{}]}"#,
          ]))
      #expect(full.subject == "Zoë-😀")
      #expect(full.expiresAt == Double(scene.now + 3600))
      #expect(full.email == "zoe@example.org")
      #expect(full.emailVerified)
      #expect(full.scope == "read write")

      let bare = try await scene.tokens.verify(try scene.token(key))
      #expect(bare.email == nil && !bare.emailVerified && bare.scope == nil)
      let loose = try await scene.tokens.verify(
        try scene.token(
          key, claims: ["email": "7", "email_verified": #""true""#, "scp": #"["read","write"]"#]))
      for text in ["zoe", "@", "zo\\u212ae@example.org", "zoë@example.org", "a b@example.org", "a\\u0000@example.org"] {
        let token = try scene.token(key, claims: ["email": "\"\(text)\"", "email_verified": "true"])
        #expect(try await scene.tokens.verify(token).email == nil, "\(text)")
      }
      #expect(loose.email == nil && !loose.emailVerified && loose.scope == "read write")
    }
  }

  @Test("A token may name its type as RFC 9068 or RFC 7519 do, in any case, or not at all")
  func types() async throws {
    let key = TestKey.es256("k")
    try await Scene.with([key]) { scene in
      for type in ["at+jwt", "AT+JWT", "application/at+jwt", "JWT", "jwt"] {
        await scene.accepts(try scene.token(key, header: #"{"alg":"ES256","kid":"k","typ":"\#(type)"}"#))
      }
      await scene.accepts(try scene.token(key, header: #"{"kid":"k","alg":"ES256"}"#))
    }
  }

  @Test("The audience may be one of several, and the clocks may differ by a minute")
  func tolerance() async throws {
    let key = TestKey.es256("k")
    try await Scene.with([key]) { scene in
      await scene.accepts(try scene.token(key, claims: ["aud": #"["other","\#(Scene.audience)"]"#]))
      for claims in [
        ["exp": "\(scene.now - 59)"], ["nbf": "\(scene.now + 60)"], ["iat": "\(scene.now + 60)"], ["iat": nil],
        ["exp": "\(scene.now + 10).5"], ["exp": "2.0e9"],
      ] as [[String: String?]] {
        await scene.accepts(try scene.token(key, claims: claims))
      }
    }
  }

  @Test("A token that names no key is accepted when exactly one key fits its algorithm")
  func unnamedKey() async throws {
    let (one, other) = (TestKey.es256("one"), TestKey.eddsa("other"))
    let header = #"{"alg":"ES256"}"#
    try await Scene.with([one, other]) { scene in
      await scene.accepts(try scene.token(one, header: header))
      scene.provider.publish([one, other, .es256("third")])
      scene.later(601)
      await scene.refuses(try scene.token(other, header: #"{"alg":"EdDSA","kid":"none"}"#), .unknownKey)
      await scene.refuses(try scene.token(one, header: header), .unknownKey, "two keys fit")
      await scene.accepts(try scene.token(one))
    }
  }

  @Test("Sixteen tokens at once, each for its own person")
  func persons() async throws {
    let key = TestKey.eddsa("k")
    try await Scene.with([key]) { scene in
      let tokens = try (0..<16).map { try scene.token(key, claims: ["sub": "\"p\($0)\""]) }
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for round in 0..<320 {
          tasks.addTask {
            let subject = try await scene.tokens.verify(tokens[round % 16]).subject
            #expect(subject == "p\(round % 16)")
          }
        }
        try await tasks.waitForAll()
      }
      #expect(scene.provider.questions(Provider.keySet) == 1)
    }
  }
}
