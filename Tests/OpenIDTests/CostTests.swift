import OpenID
import TestProvider
import Testing

/// What a token costs, the first time and afterwards.
@Suite(.serialized) struct CostTests {
  @Test("A token that was seen before costs a fraction of its signature check")
  func again() async throws {
    for key in [TestKey.es256("k"), .eddsa("k"), try .rsa("k"), try .rsa("k", "PS256")] {
      try await Scene.with([key]) { scene in
        let tokens = try (0..<500).map { try scene.token(key, claims: ["jti": "\"\($0)\""]) }
        _ = try await scene.tokens.verify(try scene.token(key))
        func verifyAll() async throws -> Duration {
          try await ContinuousClock().measure { for token in tokens { _ = try await scene.tokens.verify(token) } }
        }
        let first = try await verifyAll() / 500
        let again = try await verifyAll() / 500
        print("\(key.algorithm): the first time \(first), again \(again)")
        #expect(again < first / 2)
      }
    }
  }

  @Test("The memory of tokens is bounded: ten thousand of them leave it working")
  func bounded() async throws {
    let key = TestKey.eddsa("k")
    try await Scene.with([key]) { scene in
      for number in 0..<10_000 {
        _ = try await scene.tokens.verify(try scene.token(key, claims: ["jti": "\"\(number)\""]))
      }
      await scene.accepts(try scene.token(key))
    }
  }
}
