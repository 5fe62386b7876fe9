import Crypto
import JWTKit

/// A public key of the provider (RFC 7517) with what it can verify.
struct SigningKey: Sendable {
  let id: String?
  let type: KeyType
  private let verifiers: [Algorithm: any JWTAlgorithm]

  enum KeyType: String, Sendable { case rsa = "RSA", ec = "EC", okp = "OKP" }

  /// Nil for a key that is not for us: another kind, another use, too small, or incomplete.
  init?(_ key: JSONObject) async {
    guard !key.isAmbiguous, let type = key["kty"]?.string.flatMap(KeyType.init), Self.isForSignatures(key) else {
      return nil
    }
    // A name that is no text cannot be asked for.
    guard !key.has("kid") || key["kid"]?.string != nil else { return nil }
    id = key["kid"]?.string
    self.type = type
    var verifiers: [Algorithm: any JWTAlgorithm]
    do {
      verifiers =
        switch type {
        case .rsa: try await Self.rsa(key)
        case .ec: try await Self.ec(key)
        case .okp: try await Self.okp(key)
        }
    } catch {
      return nil
    }
    if key.has("alg") {
      // The key's own word; it may well be that of an algorithm for encryption.
      guard let own = key["alg"]?.string.flatMap(Algorithm.init) else { return nil }
      verifiers = verifiers.filter { $0.key == own }
    }
    guard !verifiers.isEmpty else { return nil }
    self.verifiers = verifiers
  }

  func verifier(for algorithm: Algorithm) -> (any JWTAlgorithm)? { verifiers[algorithm] }

  private static func isForSignatures(_ key: JSONObject) -> Bool {
    if key.has("use"), key["use"]?.string != "sig" { return false }
    if key.has("key_ops") { return key["key_ops"]?.array?.contains { $0.string == "verify" } == true }
    return true
  }
}

extension SigningKey {
  /// Moduli from 2048 bits on (RFC 7518 §3.3; the library refuses smaller ones); up to 8192, so that nobody can make a
  /// verification take seconds.
  private static func rsa(_ key: JSONObject) async throws -> [Algorithm: any JWTAlgorithm] {
    guard let modulus = text("n", of: key, bytes: 256...1025), let exponent = text("e", of: key, bytes: 1...8) else {
      return [:]
    }
    let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
    var verifiers: [Algorithm: any JWTAlgorithm] = [:]
    for (pkcs1, pss, digest) in [
      (Algorithm.rs256, Algorithm.ps256, DigestAlgorithm.sha256), (.rs384, .ps384, .sha384), (.rs512, .ps512, .sha512),
    ] {
      verifiers[pkcs1] = try await JWTKeyCollection().add(rsa: key, digestAlgorithm: digest).getKey()
      verifiers[pss] = try await JWTKeyCollection().add(pss: key, digestAlgorithm: digest).getKey()
    }
    return verifiers
  }

  /// Every curve has one algorithm (RFC 7518 §3.4).
  private static func ec(_ key: JSONObject) async throws -> [Algorithm: any JWTAlgorithm] {
    func point(_ bytes: Int) -> (x: String, y: String)? {
      guard let x = text("x", of: key, bytes: bytes...bytes), let y = text("y", of: key, bytes: bytes...bytes) else {
        return nil
      }
      return (x, y)
    }
    let keys = JWTKeyCollection()
    switch key["crv"]?.string {
    case "P-256":
      guard let point = point(32) else { return [:] }
      return [.es256: try await keys.add(ecdsa: ES256PublicKey(parameters: point)).getKey()]
    case "P-384":
      guard let point = point(48) else { return [:] }
      return [.es384: try await keys.add(ecdsa: ES384PublicKey(parameters: point)).getKey()]
    case "P-521":
      guard let point = point(66) else { return [:] }
      return [.es512: try await keys.add(ecdsa: ES512PublicKey(parameters: point)).getKey()]
    default: return [:]
    }
  }

  private static func okp(_ key: JSONObject) async throws -> [Algorithm: any JWTAlgorithm] {
    guard key["crv"]?.string == "Ed25519", let x = text("x", of: key, bytes: 32...32) else { return [:] }
    return [.eddsa: try await JWTKeyCollection().add(eddsa: EdDSA.PublicKey(x: x, curve: .ed25519)).getKey()]
  }

  /// A parameter in base64url that stands for so many bytes.
  private static func text(_ name: String, of key: JSONObject, bytes: ClosedRange<Int>) -> String? {
    guard let text = key[name]?.string, let value = Base64URL.decode(text.utf8), bytes.contains(value.count) else {
      return nil
    }
    return text
  }
}
