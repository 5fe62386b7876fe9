/// What the provider says of whoever holds a token, once the token is verified.
public struct Claims: Sendable, Equatable {
  /// `sub`: whom the provider means; 1 to 255 characters, none of them a control character.
  public let subject: String
  /// `exp`, in seconds since 1970.
  public let expiresAt: Double
  /// `email`, when it is one in ASCII: beyond it there are characters that become equal when case is ignored, and
  /// whoever has one such address would be taken for whoever has another.
  public let email: String?
  /// `email_verified` is the literal `true`.
  public let emailVerified: Bool
  /// `scope` (RFC 9068 §2.2.3), or `scp` where the provider calls it so: words parted by spaces. Nil when it says none.
  public let scope: String?
}

/// Whose tokens are accepted, and for whom they have to be meant.
struct Expectation: Sendable {
  let issuer: String
  let audience: String
  /// How far the provider's clock may be from ours.
  static let leeway: Double = 60

  /// - Throws: the first rule that the claims break.
  func claims(of token: CompactToken, at now: Double) throws(AccessTokenError) -> Claims {
    let claims = token.claims
    guard let issuer = claims["iss"]?.string, Self.same(issuer, self.issuer) else { throw .wrongIssuer }
    try checkAudience(claims["aud"])
    guard let subject = claims["sub"]?.string, Self.names(subject) else { throw .invalidSubject }
    let expiresAt = try Self.checkTimes(claims, now)
    try Self.checkPurpose(claims, token.header)
    return Claims(
      subject: subject, expiresAt: expiresAt, email: Self.email(claims["email"]),
      emailVerified: Self.isTrue(claims["email_verified"]), scope: try Self.scope(claims))
  }

  private func checkAudience(_ value: JSONValue?) throws(AccessTokenError) {
    switch value {
    case .string(let one) where Self.same(one, audience): return
    case .array(let several):
      let texts = several.compactMap(\.string)
      guard texts.count == several.count else { throw .malformed }
      guard texts.contains(where: { Self.same($0, audience) }) else { throw .wrongAudience }
    default: throw .wrongAudience
    }
  }

  private static func checkTimes(_ claims: JSONObject, _ now: Double) throws(AccessTokenError) -> Double {
    guard let expiresAt = try time("exp", claims) else { throw .malformed }
    guard now < expiresAt + leeway else { throw .expired }
    for name in ["nbf", "iat"] {
      if let time = try time(name, claims), time > now + leeway { throw .notYetValid }
    }
    return expiresAt
  }

  private static func time(_ name: String, _ claims: JSONObject) throws(AccessTokenError) -> Double? {
    guard let value = claims[name] else { return nil }
    guard let seconds = value.number else { throw .malformed }
    return seconds
  }

  /// By bytes: to Swift, texts that only Unicode calls equivalent are equal.
  private static func same(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

  private static func names(_ subject: String) -> Bool {
    (1...255).contains(subject.unicodeScalars.count) && !hasControl(subject)
  }

  private static func hasControl(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  private static func isTrue(_ value: JSONValue?) -> Bool {
    if case .bool(true) = value { true } else { false }
  }

  private static func email(_ value: JSONValue?) -> String? {
    guard let text = value?.string, (3...254).contains(text.utf8.count), text.contains("@"),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    return text
  }

  private static func scope(_ claims: JSONObject) throws(AccessTokenError) -> String? {
    switch claims["scope"] ?? claims["scp"] {
    case nil: return nil
    case .string(let text): return text
    case .array(let words):
      let texts = words.compactMap(\.string)
      guard texts.count == words.count else { throw .malformed }
      return texts.joined(separator: " ")
    default: throw .malformed
    }
  }
}

extension Expectation {
  /// Refuses what can be told from an access token (RFC 8725 §3.11, §3.12).
  ///
  /// A provider that follows RFC 9068 says `typ: at+jwt`, and then only a bound token is left to refuse. Of others, an
  /// ID token is known by `nonce`, `at_hash`, `c_hash` or `s_hash`, which OpenID Connect puts into those alone; a logout
  /// token and other security events by `events`; and Keycloak and Cognito name the purpose in `typ` and `token_use`
  /// (older Keycloaks put `nonce` into access tokens too, which is why `Bearer` is heard first). What is left cannot be
  /// told apart but by its audience: that of an ID token is the client, so ours must not be the name of any client.
  fileprivate static func checkPurpose(
    _ claims: JSONObject, _ header: TokenHeader
  ) throws(AccessTokenError) {
    // Bound to a key of the holder (RFC 8705, RFC 9449): worth nothing without a proof that we do not ask for.
    guard !claims.has("cnf") else { throw .notAnAccessToken }
    if header.saysAccessToken { return }
    if let use = claims["token_use"]?.string, use != "access" { throw .notAnAccessToken }
    if let type = claims["typ"]?.string {
      guard type == "Bearer" else { throw .notAnAccessToken }
      return
    }
    guard !["nonce", "at_hash", "c_hash", "s_hash", "events"].contains(where: claims.has) else {
      throw .notAnAccessToken
    }
  }
}
