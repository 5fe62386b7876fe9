import JWTKit
import Logging

/// Verifies the access tokens of one OpenID Connect provider (RFC 9068, RFC 8725).
///
/// The keys come from the provider's own description. `run` has to be running: it alone asks the provider.
public final class AccessTokens: Sendable {
  private let expectation: Expectation
  private let keys: ProviderKeys
  private let verified = VerifiedTokens()
  private let clocks: Clocks

  /// - Parameters:
  ///   - issuer: `iss` of the tokens, to the byte, and where the provider describes itself.
  ///   - audience: what `aud` has to name: this server, not any client of the provider.
  public init(issuer: Issuer, audience: String, clocks: Clocks = .machine, logger: Logger) {
    expectation = Expectation(issuer: issuer.text, audience: audience)
    keys = ProviderKeys(issuer: issuer, uptime: clocks.uptime, logger: logger)
    self.clocks = clocks
  }

  /// Fetches the provider's keys, at once and whenever they are wanted, until cancelled. Once for each verifier.
  public func run() async throws {
    try await keys.run()
  }

  /// What the provider says of whoever holds the token. A token that was verified a moment ago is only looked up.
  /// - Throws: why the token is not accepted.
  public func verify(_ token: some StringProtocol) async throws(AccessTokenError) -> Claims {
    let bytes = Array(token.utf8)
    let now = clocks.calendar()
    guard bytes.count <= CompactToken.limit else { throw .malformed }
    let digest = VerifiedTokens.Digest(of: bytes)
    let edition = keys.current
    if let edition, let claims = verified.claims(of: digest, generation: edition.generation, at: now) {
      return claims
    }
    let token = try CompactToken(bytes)
    // What is not meant for us anyway shall not make us ask the provider, nor check a signature.
    let claims = try expectation.claims(of: token, at: now)
    let generation: Int
    if let edition {
      generation = try await check(token, with: edition)
    } else {
      generation = try await check(token, with: try await keys.first())
    }
    verified.remember(claims, of: digest, generation: generation)
    return claims
  }

  /// - Returns: the generation of the keys that the signature was found good with.
  private func check(
    _ token: CompactToken, with edition: ProviderKeys.Edition
  ) async throws(AccessTokenError) -> Int {
    let verdict = Verdict(token, edition.keys)
    guard verdict.mayChange, let newer = await keys.newer(than: edition.generation) else {
      try verdict.accept()
      return edition.generation
    }
    try Verdict(token, newer.keys).accept()
    return newer.generation
  }
}

/// What a set of keys has to say to a signature.
private enum Verdict {
  case good
  case bad
  /// Bad with the only key that could be meant, but nothing says that it was meant.
  case badUnnamed
  case unknownKey
  case unfitKey

  init(_ token: CompactToken, _ keys: KeySet) {
    let algorithm = token.header.algorithm
    switch keys.choose(token.header.keyID, for: algorithm) {
    case .unknown: self = .unknownKey
    case .unfit: self = .unfitKey
    case .verifier(let verifier):
      let fits = algorithm.signatureLength.map { $0 == token.signature.count } ?? true
      let isGood: Bool
      // The library refuses by `false` or by throwing, as it comes.
      do { isGood = try fits && verifier.verify(token.signature, signs: token.signed) } catch { isGood = false }
      self = isGood ? .good : token.header.keyID == nil ? .badUnnamed : .bad
    }
  }

  /// Keys that the provider has published since may say otherwise.
  var mayChange: Bool { self == .unknownKey || self == .badUnnamed }

  func accept() throws(AccessTokenError) {
    switch self {
    case .good: return
    case .bad, .badUnnamed: throw .badSignature
    case .unknownKey, .unfitKey: throw .unknownKey
    }
  }
}
