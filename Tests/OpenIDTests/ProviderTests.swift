import OpenID
import TestProvider
import Testing

/// The provider as it lives: it rotates its keys, is asked by many at once, goes away, and answers rubbish.
@Suite struct ProviderTests {
  private let old = TestKey.es256("old")
  private let new = TestKey.es256("new")

  @Test("New keys are found without a restart, and keys that are withdrawn take their tokens along")
  func rotation() async throws {
    try await Scene.with([old]) { scene in
      let before = try scene.token(old)
      await scene.accepts(before)
      scene.provider.publish([new, old])
      await scene.accepts(try scene.token(new))
      await scene.accepts(before)
      #expect(scene.provider.questions(Provider.keySet) == 2)

      scene.provider.publish([new])
      let third = TestKey.es256("third")
      await scene.refuses(try scene.token(third), .unknownKey)
      await scene.accepts(before)
      #expect(scene.provider.questions(Provider.keySet) == 2, "asked a moment ago")
      scene.later(60)
      await scene.refuses(try scene.token(third), .unknownKey)
      #expect(scene.provider.questions(Provider.keySet) == 3)
      await scene.refuses(before, .unknownKey)
      await scene.accepts(try scene.token(new))
    }
  }

  @Test("Keys without names are rotated as well")
  func unnamed() async throws {
    let (one, two) = (TestKey.es256(nil), TestKey.es256(nil))
    try await Scene.with([one]) { scene in
      await scene.accepts(try scene.token(one))
      scene.provider.publish([two])
      await scene.accepts(try scene.token(two))
      await scene.refuses(try scene.token(one), .badSignature)
    }
  }

  @Test("Keys older than ten minutes are asked for again, without anybody waiting")
  func freshness() async throws {
    try await Scene.with([old]) { scene in
      let token = try scene.token(old)
      await scene.accepts(token)
      scene.provider.answer(Provider.keySet, .json(#"{"keys":[\#(new.jwk)]}"#))
      scene.later(600)
      await scene.accepts(token)
      // The question is under way; whoever needs its answer waits for it.
      await scene.accepts(try scene.token(new))
      #expect(scene.provider.questions(Provider.keySet) == 2)
      await scene.refuses(token, .unknownKey)
    }
  }

  @Test("500 requests with unknown keys at once are one question to the provider, and a minute of them one more")
  func storm() async throws {
    try await Scene.with([old]) { scene in
      await scene.accepts(try scene.token(old))
      for round in 1...2 {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          for number in 0..<500 {
            let token = try scene.token(old, header: #"{"alg":"ES256","kid":"\#(round)-\#(number)"}"#)
            tasks.addTask { await scene.refuses(token, .unknownKey) }
          }
          try await tasks.waitForAll()
        }
        #expect(scene.provider.questions(Provider.keySet) == 1 + round)
        #expect(scene.provider.questions(Provider.description) == 1 + round)
        for number in 0..<10 {
          scene.later(5)
          await scene.refuses(try scene.token(old, header: #"{"alg":"ES256","kid":"\#(number)"}"#), .unknownKey)
        }
        #expect(scene.provider.questions(Provider.keySet) == 1 + round)
        scene.later(10)
      }
    }
  }

  @Test("500 requests at the very beginning are one question, and all are answered")
  func beginning() async throws {
    try await Scene.with([old]) { scene in
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for number in 0..<500 {
          let token = try scene.token(old, claims: ["jti": "\"\(number)\""])
          tasks.addTask { await scene.accepts(token) }
        }
        try await tasks.waitForAll()
      }
      #expect(scene.provider.questions(Provider.keySet) == 1)
    }
  }

  @Test("Tokens that are not for us anyway never make us ask the provider")
  func bystanders() async throws {
    try await Scene.with([old]) { scene in
      await scene.accepts(try scene.token(old))
      let header = #"{"alg":"ES256","kid":"unknown"}"#
      await scene.refuses(try scene.token(old, header: header, claims: ["iss": "\"x\""]), .wrongIssuer)
      await scene.refuses(try scene.token(old, header: header, claims: ["aud": "\"x\""]), .wrongAudience)
      await scene.refuses(try scene.token(old, header: header, claims: ["exp": "1"]), .expired)
      #expect(scene.provider.questions(Provider.keySet) == 1)
    }
  }

  @Test(
    "While the provider is away or answers rubbish, the keys it gave before stay good",
    arguments: [
      Provider.Answer.hangUp, .status(.internalServerError), .status(.notFound), .json(""), .json("<html>"),
      .json("{}"),
      .json(#"{"keys":{}}"#), .json(#"{"keys":[]}"#), .json(#"{"keys":[{"kty":"oct"}]}"#),
      .json(#"{"keys":[],"keys":[]}"#),
      .json("[1]"), .long(2 << 20), .redirect("/elsewhere"),
    ])
  func rubbish(answer: Provider.Answer) async throws {
    try await Scene.with([old]) { scene in
      scene.provider.answer("/elsewhere", .json(#"{"keys":[\#(new.jwk)]}"#))
      let token = try scene.token(old)
      await scene.accepts(token)
      scene.provider.answer(Provider.keySet, answer)
      await scene.refuses(try scene.token(new), .unknownKey)
      #expect(scene.provider.questions(Provider.keySet) == 2)
      await scene.accepts(token)
      await scene.accepts(try scene.token(old, claims: ["jti": "1"]))
      scene.later(3000)
      await scene.accepts(try scene.token(old))
      #expect(scene.provider.questions("/elsewhere") == 0)
      scene.provider.publish([new, old])
      scene.later(60)
      await scene.accepts(try scene.token(new))
    }
  }

  @Test("A provider that never gave a key makes tokens wait, not wrong; ten seconds later it is asked again")
  func neverThere() async throws {
    try await Scene.with([]) { scene in
      await scene.refuses(try scene.token(old), .unavailable(retryAfter: .seconds(10)))
      scene.provider.publish([old])
      scene.later(4)
      await scene.refuses(try scene.token(old), .unavailable(retryAfter: .seconds(6)))
      #expect(scene.provider.questions(Provider.keySet) == 1)
      scene.later(6)
      await scene.accepts(try scene.token(old))
    }
  }

  @Test("A description of another issuer, or one that sends us to an address that anybody could answer for, is rubbish")
  func descriptions() async throws {
    try await Scene.with([old]) { scene in
      await scene.accepts(try scene.token(old))
      scene.provider.publish([new])
      for (issuer, keySet) in [
        (scene.provider.issuer + "/", nil), (scene.provider.address, nil), ("", nil),
        (nil, "http://keys.example.org/keys"), (nil, "ftp://127.0.0.1/keys"), (nil, "file:///etc/passwd"), (nil, ""),
        (nil, "/keys"),
      ] as [(String?, String?)] {
        scene.provider.describe(issuer: issuer, keySet: keySet)
        scene.later(60)
        await scene.refuses(try scene.token(new), .unknownKey, "\(issuer ?? "") \(keySet ?? "")")
      }
      #expect(scene.provider.questions(Provider.keySet) == 1)
      #expect(scene.provider.questions(Provider.description) == 9)
      scene.provider.describe()
      scene.later(60)
      await scene.accepts(try scene.token(new))
    }
  }

  @Test("An answer that never ends is given up after five seconds", .timeLimit(.minutes(1)))
  func endless() async throws {
    try await Scene.with([old]) { scene in
      await scene.accepts(try scene.token(old))
      scene.provider.answer(Provider.keySet, .head)
      let took = try await ContinuousClock().measure {
        await scene.refuses(try scene.token(new), .unknownKey)
      }
      #expect(took >= .seconds(4.5) && took < .seconds(40))
      await scene.accepts(try scene.token(old))
    }
  }

  @Test("When the verifier has been told to stop, nobody is left waiting")
  func stopping() async throws {
    let leaked = try await Self.leave(with: old)
    await #expect(throws: AccessTokenError.self) { try await leaked.0.verify(leaked.1) }
  }

  private static func leave(with key: TestKey) async throws -> (AccessTokens, String) {
    var left: (AccessTokens, String)?
    try await Scene.with([]) { left = ($0.tokens, try $0.token(key)) }
    return try #require(left)
  }
}
