import TestDatabase
import Testing

/// What stands before every route: pages of other origins, and how often one may ask.
@Suite("Before the routes")
struct GateTests {
  private static let portal = "https://portal.example.org"

  @Test("No page of another origin may ask unless it is configured")
  func closed() async throws {
    try await Site.with { site in
      let answer = try await site.ask("/v1/me", as: .teacher, ["Origin: \(Self.portal)"])
      #expect(answer.status == 200 && answer["access-control-allow-origin"] == nil)
      let question = try await site.connect().ask(
        "OPTIONS", "/v1/me", as: nil, ["Origin: \(Self.portal)", "Access-Control-Request-Method: GET"])
      #expect(question.status == 405 && question["access-control-allow-methods"] == nil)
    }
  }

  @Test("A configured page may ask, and reads the headers that it needs; another may not")
  func configured() async throws {
    try await Site.with(origins: [Self.portal]) { site in
      let question = try await site.connect().ask(
        "OPTIONS", "/v1/employments", as: nil,
        ["Origin: \(Self.portal)", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: if-match"])
      #expect(question.status == 204 && question["access-control-allow-origin"] == Self.portal)
      #expect(question["access-control-allow-methods"]?.contains("POST") == true)
      #expect(question["access-control-allow-headers"]?.contains("Idempotency-Key") == true)
      let answer = try await site.ask("/v1/me", as: .teacher, ["Origin: \(Self.portal)"])
      #expect(answer["access-control-allow-origin"] == Self.portal && answer.all("vary").contains("Origin"))
      #expect(answer["access-control-expose-headers"]?.contains("ETag") == true)
      #expect(answer["access-control-allow-credentials"] == nil)
      let other = try await site.ask("/v1/me", as: .teacher, ["Origin: https://portal.example.org.evil.example"])
      #expect(other["access-control-allow-origin"] == nil)
    }
  }

  @Test("Who asks too often waits, and nobody else does")
  func rate() async throws {
    try await Site.with(requestsPerSecond: 1) { site in
      // All at once: a machine would have to take a minute over them for each to find a token that is back.
      let answers = try await withThrowingTaskGroup(of: Answer.self) { tasks in
        for _ in 0..<80 { tasks.addTask { try await site.ask("/v1/me", as: .teacher) } }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.count { $0.status == 200 } >= 10)
      let refused = try #require(answers.first { $0.status != 200 })
      #expect(refused.status == 429 && Int(refused["retry-after"] ?? "").map { $0 >= 1 } == true)
      #expect(try refused.problem().code == "too_many_requests")
      #expect(try await site.ask("/v1/me", as: .adviser).status == 200)
      #expect(try await site.ask("/health/live").status == 200)
    }
  }
}
