import OpenID
import TestProvider
import Testing

/// What a token has to say, well signed as it may be.
@Suite struct ClaimTests {
  private let key = TestKey.es256("k")

  @Test("A token of another issuer is refused, however like ours it looks")
  func issuer() async throws {
    try await Scene.with([key]) { scene in
      let ours = scene.provider.issuer
      for issuer in [
        nil, "null", "7", "[\"\(ours)\"]", "\"\"", "\"\(ours)/\"", "\"\(ours.dropLast())\"", "\"\(ours.uppercased())\"",
        "\"\(ours) \"", "\"\(ours)\\u0000\"", "\"\(ours)\\u200b\"", "\"https\(ours.dropFirst(4))\"",
      ] {
        await scene.refuses(try scene.token(key, claims: ["iss": issuer]), .wrongIssuer, "\(issuer ?? "none")")
      }
      // Escapes are spelling: the same text.
      await scene.accepts(try scene.token(key, claims: ["iss": "\"\(ours.replacing("/", with: "\\/"))\""]))
    }
  }

  @Test("A token for another audience is refused")
  func audience() async throws {
    try await Scene.with([key]) { scene in
      let ours = Scene.audience
      for audience in [
        nil, "null", "7", "\"\"", "[]", "{}", "\"\(ours)/\"", "\"\(ours) other\"", "\"\(ours.uppercased())\"",
        "[\"other\"]", "[\"other\",\"\(ours)x\"]",
      ] {
        await scene.refuses(try scene.token(key, claims: ["aud": audience]), .wrongAudience, "\(audience ?? "none")")
      }
      await scene.refuses(try scene.token(key, claims: ["aud": "[\"\(ours)\",7]"]), .malformed)
      await scene.refuses(try scene.token(key, claims: ["aud": "[[\"\(ours)\"]]"]), .malformed)
    }
  }

  @Test("Texts that only Unicode calls equal are different issuers, audiences and keys")
  func equivalence() async throws {
    // KELVIN SIGN, which Unicode holds for equal to K.
    let key = TestKey.es256("K")
    try await Scene.with([key]) { scene in
      await scene.accepts(try scene.token(key))
      await scene.refuses(try scene.token(key, header: #"{"alg":"ES256","kid":"\u212a"}"#), .unknownKey)
    }
  }

  @Test("A token is good from its beginning to its end, and has an end")
  func times() async throws {
    try await Scene.with([key]) { scene in
      for (claims, error) in [
        (["exp": nil], .malformed), (["exp": "null"], .malformed), (["exp": "\"\(scene.now + 60)\""], .malformed),
        (["exp": "\(scene.now - 60)"], .expired), (["exp": "0"], .expired), (["exp": "-1"], .expired),
        (["exp": "\(scene.now - 86_400)"], .expired), (["nbf": "\(scene.now + 61)"], .notYetValid),
        (["iat": "\(scene.now + 61)"], .notYetValid), (["nbf": "\"now\""], .malformed), (["iat": "true"], .malformed),
        (["nbf": "1e300"], .notYetValid),
      ] as [([String: String?], AccessTokenError)] {
        await scene.refuses(try scene.token(key, claims: claims), error, "\(claims)")
      }
    }
  }

  @Test("A token that was accepted expires all the same")
  func expiry() async throws {
    try await Scene.with([key]) { scene in
      let token = try scene.token(key, claims: ["exp": "\(scene.now + 300)"])
      await scene.accepts(token)
      scene.later(359)
      await scene.accepts(token)
      scene.later(1)
      await scene.refuses(token, .expired)
    }
  }

  @Test("The subject names somebody")
  func subject() async throws {
    try await Scene.with([key]) { scene in
      for subject in [
        nil, "null", "7", #"["person-1"]"#, #""""#, #""a\u0000""#, #""a\nb""#, #""\u007f""#, #""\u0085""#,
        "\"\(String(repeating: "x", count: 256))\"",
      ] {
        await scene.refuses(try scene.token(key, claims: ["sub": subject]), .invalidSubject, "\(subject ?? "none")")
      }
      let longest = String(repeating: "é", count: 255)
      #expect(try await scene.tokens.verify(try scene.token(key, claims: ["sub": "\"\(longest)\""])).subject == longest)
    }
  }

  @Test("A token that was issued for something else is no access token")
  func purpose() async throws {
    try await Scene.with([key]) { scene in
      let header = #"{"alg":"ES256","kid":"k","typ":"JWT"}"#
      for (name, value) in [
        ("nonce", #""n""#), ("at_hash", #""x""#), ("c_hash", #""x""#), ("s_hash", #""x""#), ("typ", #""ID""#),
        ("typ", #""Refresh""#), ("typ", #""Logout""#), ("token_use", #""id""#),
        ("events", #"{"http://schemas.openid.net/event/backchannel-logout":{}}"#),
        ("cnf", #"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#),
      ] {
        await scene.refuses(
          try scene.token(key, header: header, claims: [name: value]), .notAnAccessToken, "\(name) \(value)")
      }
      await scene.refuses(try scene.token(key, claims: ["cnf": #"{"x5t#S256":"x"}"#]), .notAnAccessToken)
      // As older versions of Keycloak issue them.
      await scene.accepts(try scene.token(key, header: header, claims: ["typ": #""Bearer""#, "nonce": #""n""#]))
      await scene.accepts(try scene.token(key, header: header, claims: ["token_use": #""access""#]))
    }
  }

  @Test("A scope that is no text is not guessed at")
  func scope() async throws {
    try await Scene.with([key]) { scene in
      for value in ["7", "null", "{}", #"["read",1]"#] {
        await scene.refuses(try scene.token(key, claims: ["scope": value]), .malformed)
      }
    }
  }
}
