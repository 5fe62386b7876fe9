import OpenID
import TestProvider
import Testing

/// Keys as providers publish them: with others in between that are none of our business.
@Suite struct KeySetTests {
  @Test("Keys that are not for us are left out, each by itself")
  func foreign() async throws {
    let good = TestKey.es256("good")
    let other = TestKey.es256("other")
    let small = try TestKey.rsa("small", bits: 1024)
    let rsa = try TestKey.rsa("rsa")
    let foreign = [
      #"{"kty":"oct","k":"c2VjcmV0","kid":"oct","alg":"HS256"}"#,
      #"{"kty":"AKP","alg":"ML-DSA-65","pub":"AA","kid":"pq"}"#,
      #"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA","kid":"koblitz"}"#,
      #"{"kty":"EC","crv":"P-256","kid":"empty"}"#,
      #"{"kty":"OKP","crv":"X25519","x":"AA","kid":"x"}"#, #"{"kty":"OKP","crv":"Ed25519","kid":"no-x"}"#,
      #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"short"}"#, #"{"kid":"nothing"}"#, "{}", "7", "null", "[]",
      "\"k\"",
      // A point that is on no curve.
      #"{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","kid":"off"}"#,
      #"{"kty":"RSA","e":"AQAB","kid":"no-n"}"#, #"{"kty":"RSA","n":"!!","e":"AQAB","kid":"rubbish"}"#, small.jwk,
      other.jwk(adding: #""use":"enc""#), other.jwk(adding: #""use":7"#), other.jwk(adding: #""alg":"ECDH-ES""#),
      other.jwk(adding: #""key_ops":["sign"]"#), other.jwk(adding: #""kid":"other""#),
      TestKey.es256(nil).jwk(adding: #""kid":7"#),
    ]
    try await Scene.with([good]) { scene in
      scene.provider.publish(foreign + [good.jwk] + foreign + [rsa.jwk])
      scene.later(601)
      await scene.refuses(try scene.token(good, header: #"{"alg":"ES256","kid":"new"}"#), .unknownKey)
      await scene.accepts(try scene.token(good))
      await scene.accepts(try scene.token(rsa))
      await scene.refuses(try scene.token(small), .unknownKey, "1024 bits are too few")
      await scene.refuses(try scene.token(other), .unknownKey, "not meant for signatures")
    }
  }

  @Test("Of two keys with one name the first counts; with two types each counts for its own")
  func names() async throws {
    let (first, second, third) = (TestKey.es256("k"), TestKey.es256("k"), try TestKey.rsa("k"))
    try await Scene.with([first, second, third]) { scene in
      await scene.accepts(try scene.token(first))
      await scene.refuses(try scene.token(second), .badSignature)
      await scene.accepts(try scene.token(third))
    }
  }

  @Test("Keys may say that they are for signatures, and more that we do not know")
  func saying() async throws {
    let key = TestKey.es256("k")
    try await Scene.with([]) { scene in
      scene.provider.publish([
        key.jwk(adding: #""use":"sig","key_ops":["verify"],"alg":"ES256","x5t":"AA","x5c":["MIIB"],"exp":1,"ext":true"#)
      ])
      scene.later(11)
      await scene.accepts(try scene.token(key))
    }
  }

  @Test("An issuer is an https address, or one of this machine")
  func issuers() {
    for text in [
      "https://login.example.org", "https://login.example.org/", "https://login.example.org/realms/board",
      "https://login.example.org:8443/a", "http://127.0.0.1:8080", "http://127.1.2.3/x", "http://localhost/x",
      "http://[::1]:80/x",
    ] {
      #expect(Issuer(text)?.text == text)
    }
    for text in [
      "", "login.example.org", "http://login.example.org", "ftp://localhost", "https://", "https:///x", "https://a b/",
      "https://user:word@login.example.org", "https://login.example.org?x", "https://login.example.org#x",
      "http://127.0.0.1.example.org", "http://localhost.example.org", "http://127.0.0.1@example.org", "http://127.1",
      "https://example.org:port/", "https://example.org:0/", "https://ex\u{00E4}mple.org",
      "https://example.org\\@localhost",
      "HTTPS://example.org", "http://[::1", "https://example.org\n",
    ] {
      #expect(Issuer(text) == nil, "\(text)")
    }
  }
}
