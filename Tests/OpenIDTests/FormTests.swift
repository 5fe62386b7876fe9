import OpenID
import TestProvider
import Testing

/// The form of a token: one text, one meaning.
@Suite struct FormTests {
  private let key = TestKey.es256("k")

  @Test("Whatever is not three parts in base64url without padding is malformed")
  func encoding() async throws {
    try await Scene.with([key]) { scene in
      let good = try scene.token(key)
      let parts = good.split(separator: ".").map(String.init)
      for text in [
        "", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "....", good + ".", "." + good, good + ".AA", good + "=",
        good + "==", " " + good, good + " ", good + "\n", good + "\r\n", good + "\u{0}", good + "é", "\u{FEFF}" + good,
        "\(parts[0])=.\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1])\n.\(parts[2])",
        "\(parts[0]).\(parts[1]).\(parts[2].dropLast())", "\(parts[0])..\(parts[2])", ".\(parts[1]).\(parts[2])",
        "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", good.replacing(".", with: "．"),
        "\(parts[0]).\(parts[1]).\(parts[2].dropLast())+", "\(parts[0]).\(parts[1]).\(parts[2].dropLast())/",
        String(repeating: ".", count: 8000), String(repeating: "A", count: 8000),
      ] {
        await scene.refuses(text, .malformed, "\(text.prefix(300).debugDescription)")
      }
      // The last character of 64 bytes has four bits to spare: fifteen spellings that some readers take for the same.
      let last = try #require(parts[2].last)
      for spelling in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" where spelling != last {
        let respelt = parts[0] + "." + parts[1] + "." + parts[2].dropLast() + String(spelling)
        await scene.refuses(respelt, "AQgw".contains(spelling) ? .badSignature : .malformed)
      }
      // Encrypted: five parts.
      await scene.refuses("\(parts[0]).AA.AA.\(parts[1]).\(parts[2])", .malformed)
      #expect(scene.provider.questions(Provider.keySet) == 1)
    }
  }

  @Test("A token of more than 8 KiB is not read, whoever signed it")
  func size() async throws {
    try await Scene.with([key]) { scene in
      let long = try scene.token(key, claims: ["x": "\"\(String(repeating: "x", count: 5800))\""])
      #expect((7900...8192).contains(long.utf8.count))
      await scene.accepts(long)
      let longer = try scene.token(key, claims: ["x": "\"\(String(repeating: "x", count: 6200))\""])
      await scene.refuses(longer, .malformed)
      await scene.refuses(String(repeating: "a", count: 10_000_000), .malformed)
    }
  }

  @Test("A header that changes what the rest means is refused, and so is one that says something twice")
  func headers() async throws {
    try await Scene.with([key]) { scene in
      for members in [
        #","crit":["exp"],"exp":1"#, #","crit":[]"#, #","crit":["b64"],"b64":false"#, #","b64":false"#,
        #","b64":true"#, #","zip":"DEF""#, #","enc":"A256GCM""#, #","cty":"JWT""#, #","kid":"k""#, #","alg":"none""#,
        #","al\u0067":"none""#, #","x":{"y":1}"# + ",", #","typ":7"#,
      ] {
        await scene.refuses(try scene.token(key, header: Scene.header(key, adding: members)), .malformed, "\(members)")
      }
      for header in [
        "", "{}", "[]", "null", "\"x\"", #"{"alg":null}"#, #"{"alg":["ES256"]}"#, #"{"kid":"k"}"#,
        #"{"alg":"ES256"} x"#,
        #"{"alg":"ES256",}"#, #"{'alg':'ES256'}"#, #"{alg:"ES256"}"#, #"{"alg":"ES256"//"# + "\n}",
        "\u{FEFF}{\"alg\":\"ES256\"}",
        #"{"alg":"ES256","x":01}"#, #"{"alg":"ES256","x":NaN}"#, #"{"alg":"ES256","x":"\ud800"}"#,
        #"{"alg":"ES256","x":"\x41"}"#, #"{"alg":"ES256","x":1e999}"#, #"{"alg":"ES256","x":"# + "\"\u{1}\"}",
        #"{"alg":"ES256","x":"# + String(repeating: "[", count: 3000),
      ] {
        await scene.refuses(try scene.token(key, header: header), .malformed, "\(header.prefix(60))")
      }
      for type in [
        "dpop+jwt", "logout+jwt", "secevent+jwt", "JWE", "JOSE", "id_token", "", "jwt ", "at+jwt;x", "at＋jwt",
      ] {
        let header = #"{"alg":"ES256","kid":"k","typ":"\#(type)"}"#
        await scene.refuses(try scene.token(key, header: header), .notAnAccessToken, "\(type)")
      }
    }
  }

  @Test("Claims that are no object, say something twice or are a token themselves are refused")
  func bodies() async throws {
    try await Scene.with([key]) { scene in
      let good = scene.claims()
      for claims in [
        "", "[]", "null", "\"\"", "1", good + good, "[\(good)]", good.dropLast() + #","sub":"person-2"}"#,
        good.dropLast() + #","s\u0075b":"person-2"}"#, try scene.token(key), "\"\(try scene.token(key))\"",
        good.dropLast() + ",\"x\":\"\u{1F}\"}",
      ] {
        let token = try key.token(header: Scene.header(key), claims: String(claims))
        await scene.refuses(token, .malformed, "\(claims.prefix(80))")
      }
      let header = TestKey.encode(Scene.header(key).utf8)
      for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]] {
        let claims = Array(good.dropLast().utf8) + Array(",\"x\":\"".utf8) + bytes + Array("\"}".utf8)
        let signed = header + "." + TestKey.encode(claims)
        let token = signed + "." + TestKey.encode(try key.sign(Array(signed.utf8)))
        await scene.refuses(token, .malformed, "not UTF-8: \(bytes)")
      }
    }
  }

  @Test("Any bytes in place of a token are refused and cost the provider nothing")
  func anyBytes() async throws {
    try await Scene.with([key]) { scene in
      let good = Array(try scene.token(key).utf8)
      await scene.accepts(String(decoding: good, as: UTF8.self))
      var generator = SystemRandomNumberGenerator()
      for _ in 0..<2000 {
        var bytes = good
        for _ in 0...Int.random(in: 0..<3, using: &generator) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        guard bytes != good else { continue }
        do throws(AccessTokenError) {
          let claims = try await scene.tokens.verify(String(decoding: bytes, as: UTF8.self))
          Issue.record("accepted \(claims) from \(String(decoding: bytes, as: UTF8.self))")
        } catch {
          #expect(error.description.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
        }
      }
      #expect(scene.provider.questions(Provider.keySet) <= 2)
    }
  }
}
