import Crypto
import CryptoExtras
import Foundation

/// A key pair of the provider, or of somebody who would like to be it.
public struct TestKey: Sendable {
  public let id: String?
  public let algorithm: String
  /// The public half, as JSON.
  public let jwk: String
  public let sign: @Sendable ([UInt8]) throws -> [UInt8]

  public static func es256(_ id: String?, extra: String = "") -> TestKey {
    let key = P256.Signing.PrivateKey()
    let point = key.publicKey.rawRepresentation
    return TestKey(
      id: id, algorithm: "ES256", jwk: ec("P-256", point, id, extra),
      sign: { Array(try key.signature(for: $0).rawRepresentation) })
  }

  public static func es384(_ id: String?) -> TestKey {
    let key = P384.Signing.PrivateKey()
    return TestKey(
      id: id, algorithm: "ES384", jwk: ec("P-384", key.publicKey.rawRepresentation, id, ""),
      sign: { Array(try key.signature(for: $0).rawRepresentation) })
  }

  public static func es512(_ id: String?) -> TestKey {
    let key = P521.Signing.PrivateKey()
    return TestKey(
      id: id, algorithm: "ES512", jwk: ec("P-521", key.publicKey.rawRepresentation, id, ""),
      sign: { Array(try key.signature(for: $0).rawRepresentation) })
  }

  public static func eddsa(_ id: String?) -> TestKey {
    let key = Curve25519.Signing.PrivateKey()
    let jwk = #"{"kty":"OKP","crv":"Ed25519","x":"\#(encode(key.publicKey.rawRepresentation))"\#(named(id))}"#
    return TestKey(id: id, algorithm: "EdDSA", jwk: jwk, sign: { Array(try key.signature(for: $0)) })
  }

  /// - Parameter algorithm: RS256 to PS512.
  public static func rsa(
    _ id: String?, _ algorithm: String = "RS256", bits: Int = 2048, extra: String = ""
  ) throws -> TestKey {
    let key =
      bits < 2048
      ? try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: bits))
      : try _RSA.Signing.PrivateKey(keySize: .init(bitCount: bits))
    return try rsa(id, algorithm, key, extra: extra)
  }

  /// The same key under another algorithm.
  static func rsa(
    _ id: String?, _ algorithm: String, _ key: _RSA.Signing.PrivateKey, extra: String = ""
  ) throws -> TestKey {
    let parts = try key.publicKey.getKeyPrimitives()
    let jwk =
      #"{"kty":"RSA","n":"\#(encode(parts.modulus))","e":"\#(encode(parts.publicExponent))"\#(named(id))\#(extra)}"#
    let padding: _RSA.Signing.Padding = algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
    return TestKey(id: id, algorithm: algorithm, jwk: jwk) { text in
      switch algorithm.suffix(3) {
      case "384": Array(try key.signature(for: SHA384.hash(data: text), padding: padding).rawRepresentation)
      case "512": Array(try key.signature(for: SHA512.hash(data: text), padding: padding).rawRepresentation)
      default: Array(try key.signature(for: SHA256.hash(data: text), padding: padding).rawRepresentation)
      }
    }
  }

  /// A token in the compact form: header and claims are JSON, signed as they are.
  public func token(header: String, claims: String) throws -> String {
    let signed = Self.encode(header.utf8) + "." + Self.encode(claims.utf8)
    return signed + "." + Self.encode(try sign(Array(signed.utf8)))
  }

  /// The public half with other members behind those that it has.
  public func jwk(adding members: String) -> String { jwk.dropLast() + "," + members + "}" }

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  private static func ec(_ curve: String, _ point: Data, _ id: String?, _ extra: String) -> String {
    let (x, y) = (encode(point.prefix(point.count / 2)), encode(point.suffix(point.count / 2)))
    return #"{"kty":"EC","crv":"\#(curve)","x":"\#(x)","y":"\#(y)"\#(named(id))\#(extra)}"#
  }

  private static func named(_ id: String?) -> String { id.map { #","kid":"\#($0)""# } ?? "" }
}
