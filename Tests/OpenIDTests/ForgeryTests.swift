import Crypto
import Foundation
import OpenID
import TestProvider
import Testing

/// Tokens by somebody who would like to be the provider.
@Suite struct ForgeryTests {
  private let key = TestKey.es256("k")

  @Test("No signature, or one by a shared secret, is none, whatever the case of its name")
  func symmetric() async throws {
    let key = try TestKey.rsa("k")
    try await Scene.with([key]) { scene in
      let good = try scene.token(key)
      let payload = good.split(separator: ".")[1]
      for name in ["none", "None", "NONE", "nOnE", ""] {
        let header = TestKey.encode(#"{"alg":"\#(name)","kid":"k"}"#.utf8)
        await scene.refuses("\(header).\(payload).", .malformed, "an empty signature")
        await scene.refuses("\(header).\(payload).AA", .unsupportedAlgorithm)
      }
      // The oldest trick: the public key, in every form that somebody might feed to an HMAC, as its secret.
      for secret in [key.jwk, try Self.value("n", of: key.jwk), "", "secret"] {
        for name in ["HS256", "HS384", "HS512", "hs256"] {
          let signed = TestKey.encode(#"{"alg":"\#(name)","kid":"k"}"#.utf8) + "." + payload
          let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: .init(data: Data(secret.utf8)))
          await scene.refuses(signed + "." + TestKey.encode(code), .unsupportedAlgorithm)
        }
      }
      for name in ["RS1", "ES256K", "rs256", "RS256 ", "RS256\\u0000", "ＲＳ256", "RSA-OAEP", "dir", "A128KW"] {
        await scene.refuses(
          try scene.token(key, header: #"{"alg":"\#(name)","kid":"k"}"#), .unsupportedAlgorithm, "\(name)")
      }
    }
  }

  @Test("A stranger's key signs nothing, whatever name it gives itself")
  func strangers() async throws {
    let stranger = TestKey.es256("k")
    let second = TestKey.eddsa("second")
    try await Scene.with([key, second]) { scene in
      await scene.refuses(try scene.token(stranger), .badSignature, "under the provider's name")
      await scene.refuses(
        try scene.token(stranger, header: #"{"alg":"ES256"}"#), .badSignature, "under no name")
      await scene.refuses(
        try scene.token(key, header: Scene.header(second)), .badSignature, "under the name of another key")
      for name in [
        "../../../dev/null", "k' or '1'='1", "k\\u0000", "K", "k ", "", "http://127.0.0.1/k", "\\ud83d\\ude00",
      ] {
        await scene.refuses(
          try scene.token(stranger, header: #"{"alg":"ES256","kid":"\#(name)"}"#), .unknownKey, "\(name)")
      }
      for id in ["1", "null", "[]", #"["k"]"#] {
        await scene.refuses(try scene.token(key, header: #"{"alg":"ES256","kid":\#(id)}"#), .malformed)
      }
    }
  }

  @Test("Keys and addresses of keys in the token are not looked at")
  func embedded() async throws {
    let stranger = TestKey.es256("k")
    try await Scene.with([key]) { scene in
      scene.provider.answer("/evil", .json(#"{"keys":[\#(stranger.jwk)]}"#))
      let address = scene.provider.address + "/evil"
      for member in [#""jwk":\#(stranger.jwk)"#, #""jku":"\#(address)""#, #""x5u":"\#(address)""#, #""x5c":["MIIB"]"#] {
        await scene.refuses(
          try scene.token(stranger, header: Scene.header(stranger, adding: "," + member)), .badSignature)
        await scene.accepts(try scene.token(key, header: Scene.header(key, adding: "," + member)))
      }
      #expect(scene.provider.questions("/evil") == 0)
    }
  }

  @Test("A signature is for one text, one algorithm and in one form")
  func signatures() async throws {
    let rsa = try TestKey.rsa("r")
    try await Scene.with([key, rsa]) { scene in
      let good = try scene.token(key)
      let parts = good.split(separator: ".").map(String.init)
      let other = try scene.token(key, claims: ["sub": #""person-2""#]).split(separator: ".").map(String.init)
      await scene.accepts(good)
      await scene.refuses("\(parts[0]).\(other[1]).\(parts[2])", .badSignature, "another text")
      await scene.refuses("\(parts[0]).\(parts[1]).\(TestKey.encode(Array(repeating: 0, count: 64)))", .badSignature)
      await scene.refuses("\(parts[0]).\(parts[1]).\(TestKey.encode(Array(repeating: 255, count: 64)))", .badSignature)
      await scene.refuses("\(parts[0]).\(parts[1]).AA", .badSignature)
      let raw = try #require(Data(base64Encoded: Self.padded(parts[2])))
      let der = try P256.Signing.ECDSASignature(rawRepresentation: raw).derRepresentation
      await scene.refuses("\(parts[0]).\(parts[1]).\(TestKey.encode(der))", .badSignature, "DER")
      await scene.refuses("\(parts[0]).\(parts[1]).\(TestKey.encode(raw + [0]))", .badSignature, "a byte more")
      await scene.refuses("\(parts[0]).\(parts[1]).\(TestKey.encode(raw.dropLast()))", .badSignature, "a byte less")

      for algorithm in ["PS256", "RS384", "RS512"] {
        await scene.refuses(
          try scene.token(rsa, header: #"{"alg":"\#(algorithm)","kid":"r"}"#), .badSignature, "\(algorithm)")
      }
      for algorithm in ["RS256", "ES384", "EdDSA"] {
        await scene.refuses(try scene.token(key, header: #"{"alg":"\#(algorithm)","kid":"k"}"#), .unknownKey)
      }
    }
  }

  @Test("A key is for the algorithm that it names")
  func keyAlgorithm() async throws {
    let key = try TestKey.rsa("r", "RS256", extra: #","alg":"PS256""#)
    try await Scene.with([key, .es256("k")]) { scene in
      await scene.refuses(try scene.token(key), .unknownKey)
      await scene.refuses(try scene.token(key, header: #"{"alg":"PS256","kid":"r"}"#), .badSignature)
    }
  }

  private static func value(_ name: String, of jwk: String) throws -> String {
    try #require(jwk.split(separator: "\"\(name)\":\"").last?.split(separator: "\"").first.map(String.init))
  }

  static func padded(_ text: String) -> String {
    text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.count % 4) % 4)
  }
}
