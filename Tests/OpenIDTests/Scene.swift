import Logging
import OpenID
import Synchronization
import TestProvider
import Testing

/// A verifier at work, the provider whose tokens it accepts, and clocks that are set.
struct Scene: Sendable {
  let provider: Provider
  let tokens: AccessTokens
  private let time: SetTime

  static let audience = "https://beeld.example"

  final class SetTime: Sendable {
    let now = Mutex((calendar: 1_800_000_000.0, uptime: Duration.zero))
  }

  static func with(_ keys: [TestKey], _ body: (Scene) async throws -> Void) async throws {
    try await Provider.with(keys) { provider in
      let time = SetTime()
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let issuer = try #require(Issuer(provider.issuer))
      let clocks = Clocks(
        calendar: { time.now.withLock { $0.calendar } }, uptime: { time.now.withLock { $0.uptime } })
      let tokens = AccessTokens(issuer: issuer, audience: audience, clocks: clocks, logger: logger)
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await tokens.run() }
        var outcome: Result<Void, any Error> = .success(())
        do {
          try await body(Scene(provider: provider, tokens: tokens, time: time))
        } catch {
          outcome = .failure(error)
        }
        tasks.cancelAll()
        try await tasks.waitForAll()
        try outcome.get()
      }
    }
  }

  /// Both clocks go on.
  func later(_ seconds: Int) {
    time.now.withLock { now in
      now.calendar += Double(seconds)
      now.uptime += .seconds(seconds)
    }
  }

  var now: Int { Int(time.now.withLock { $0.calendar }) }

  /// What a good token says, with members changed, added, or (nil) left out; values are JSON.
  func claims(_ changes: [String: String?] = [:]) -> String {
    var members: [String: String] = [
      "iss": "\"\(provider.issuer)\"", "aud": "\"\(Self.audience)\"", "sub": "\"person-1\"", "exp": "\(now + 3600)",
      "iat": "\(now)",
    ]
    for (name, value) in changes { members[name] = value }
    return "{" + members.sorted { $0.key < $1.key }.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
  }

  /// A token as the provider issues it, unless something else is said.
  func token(
    _ key: TestKey, header: String? = nil, claims: [String: String?] = [:]
  ) throws -> String {
    try key.token(header: header ?? Self.header(key), claims: self.claims(claims))
  }

  static func header(_ key: TestKey, adding members: String = "") -> String {
    let id = key.id.map { #","kid":"\#($0)""# } ?? ""
    return #"{"alg":"\#(key.algorithm)","typ":"at+jwt"\#(id)\#(members)}"#
  }

  func accepts(_ token: String, sourceLocation: SourceLocation = #_sourceLocation) async {
    do throws(AccessTokenError) {
      #expect(try await tokens.verify(token).subject == "person-1", sourceLocation: sourceLocation)
    } catch {
      Issue.record("refused: \(error)", sourceLocation: sourceLocation)
    }
  }

  func refuses(
    _ token: String, _ expected: AccessTokenError, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    do throws(AccessTokenError) {
      let claims = try await tokens.verify(token)
      Issue.record("accepted \(claims.subject): \(comment ?? "")", sourceLocation: sourceLocation)
    } catch {
      #expect(error == expected, comment, sourceLocation: sourceLocation)
    }
  }
}
