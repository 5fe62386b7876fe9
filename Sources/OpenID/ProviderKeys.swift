import Logging
import Synchronization

/// The provider's keys as they were last published, and when to ask for them again.
///
/// Requests never ask the provider themselves: they wish for newer keys, and one loop (`run`) fulfils the wishes of all
/// who wait. What was known stays known while the provider is down or answers rubbish.
final class ProviderKeys: Sendable {
  /// Keys, and the how-manyth they are.
  struct Edition: Sendable {
    let keys: KeySet
    let generation: Int
  }

  private struct State {
    var edition: Edition?
    var publishedAt: Duration?
    /// When an unknown `kid` last made us ask.
    var unknownAt: Duration?
    var failedAt: Duration?
    /// A wish is with the loop.
    var isAsking = true
    var hasEnded = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let issuer: Issuer
  private let uptime: @Sendable () -> Duration
  private let logger: Logger
  private let state = Mutex(State())
  private let wishes: AsyncStream<Void>
  private let wish: AsyncStream<Void>.Continuation

  /// Keys are asked for again when they are older than this, so that one that is withdrawn is forgotten.
  private static let freshness = Duration.seconds(600)
  /// Between two questions because of an unknown `kid`.
  private static let unknownPause = Duration.seconds(60)
  /// Between two questions while we know no keys at all, or only old ones.
  private static let failurePause = Duration.seconds(10)
  private static let waitingLimit = 4096

  init(issuer: Issuer, uptime: @escaping @Sendable () -> Duration, logger: Logger) {
    self.issuer = issuer
    self.uptime = uptime
    self.logger = logger
    (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    wish.yield()
  }

  /// Asks the provider whenever somebody wishes, the first time at once, until cancelled.
  func run() async throws {
    defer { end() }
    try await ProviderDocuments.with { documents in
      for await _ in wishes {
        do throws(ProviderDocuments.Fault) {
          accept(try await documents.keys(of: issuer))
        } catch {
          refuse(error)
        }
      }
    }
  }

  /// The keys as far as they are known; nil at first. Where they are old, newer ones are wished for, not waited for.
  var current: Edition? {
    let now = uptime()
    let (edition, isNew) = state.withLock { state in
      guard let published = state.publishedAt, now - published >= Self.freshness, !state.isAsking,
        Self.isOver(Self.failurePause, since: state.failedAt, now)
      else { return (state.edition, false) }
      state.isAsking = true
      return (state.edition, true)
    }
    if isNew { wish.yield() }
    return edition
  }

  /// Keys newer than those of the generation, for a token that these do not fit; nil when there are none to be had now.
  func newer(than generation: Int) async -> Edition? {
    let now = uptime()
    await wait { state in
      if let edition = state.edition, edition.generation > generation { return .no }
      if state.isAsking { return .yes }
      guard Self.isOver(Self.unknownPause, since: state.unknownAt, now) else { return .no }
      state.unknownAt = now
      return .ask
    }
    return state.withLock { state in state.edition.flatMap { $0.generation > generation ? $0 : nil } }
  }

  /// The first keys.
  /// - Throws: `unavailable` when the provider gives none.
  func first() async throws(AccessTokenError) -> Edition {
    let now = uptime()
    await wait { state in
      if state.edition != nil { return .no }
      if state.isAsking { return .yes }
      return Self.isOver(Self.failurePause, since: state.failedAt, now) ? .ask : .no
    }
    let (edition, failedAt) = state.withLock { ($0.edition, $0.failedAt) }
    if let edition { return edition }
    throw .unavailable(retryAfter: max(.seconds(1), Self.failurePause - (uptime() - (failedAt ?? uptime()))))
  }
}

extension ProviderKeys {
  private enum Waiting { case no, yes, ask }

  /// Waits for the question that is with the loop, if `decide` says so.
  private func wait(_ decide: (inout State) -> Waiting) async {
    await withCheckedContinuation { continuation in
      let waiting = state.withLock { state in
        guard !state.hasEnded, state.waiting.count < Self.waitingLimit else { return Waiting.no }
        let waiting = decide(&state)
        if waiting != .no { state.waiting.append(continuation) }
        if waiting == .ask { state.isAsking = true }
        return waiting
      }
      switch waiting {
      case .no: continuation.resume()
      case .yes: break
      case .ask: wish.yield()
      }
    }
  }

  private func accept(_ keys: KeySet) {
    let now = uptime()
    settle { state in
      state.edition = Edition(keys: keys, generation: (state.edition?.generation ?? 0) + 1)
      state.publishedAt = now
      state.failedAt = nil
    }
    logger.info("keys of the identity provider", metadata: ["issuer": "\(issuer.text)", "keys": "\(keys.count)"])
  }

  private func refuse(_ fault: ProviderDocuments.Fault) {
    let now = uptime()
    let known = settle { state in
      state.failedAt = now
      return state.edition != nil
    }
    logger.warning(
      "no keys from the identity provider",
      metadata: [
        "issuer": "\(issuer.text)", "reason": "\(fault)", "meanwhile": known ? "the keys it gave before" : "none",
      ])
  }

  private func end() {
    settle { $0.hasEnded = true }
  }

  /// Lets go of all who wait, once the change is made.
  @discardableResult
  private func settle<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
    let (result, waiting) = state.withLock { state in
      let result = change(&state)
      let waiting = state.waiting
      state.isAsking = false
      state.waiting = []
      return (result, waiting)
    }
    for continuation in waiting { continuation.resume() }
    return result
  }

  private static func isOver(_ pause: Duration, since last: Duration?, _ now: Duration) -> Bool {
    guard let last else { return true }
    return now - last >= pause
  }
}
