import Synchronization

/// How many requests one caller may make: so many a second in the long run, and a burst of as many as ten seconds
/// bring. Callers are told apart by identity, or by the secret of an address. By instance of the server and in memory: it protects the others, it is no account.
final class RateLimits<Caller: Hashable & Sendable>: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: ContinuousClock.Instant
  }

  private let perSecond: Double
  private let burst: Double
  private let buckets = Mutex<[Caller: Bucket]>([:])

  /// - Parameter perSecond: requests a second; at least 1.
  init(perSecond: Int) {
    self.perSecond = Double(perSecond)
    burst = Double(perSecond) * 10
  }

  /// - Throws: `Problem` 429 when the caller has had its share.
  func admit(_ caller: Caller, now: ContinuousClock.Instant = .now) throws(Problem) {
    let wait = buckets.withLock { buckets -> Double in
      if buckets.count >= Self.limit { forget(&buckets, now) }
      return take(from: &buckets[caller, default: Bucket(tokens: burst, at: now)], now)
    }
    if wait > 0 { throw .tooManyRequests(retryAfter: .seconds(wait.rounded(.up))) }
  }

  /// Callers remembered at most: whoever invents tokens must not fill the memory.
  private static var limit: Int { 10_000 }

  /// Seconds until there is a token; 0 when one was taken.
  private func take(from bucket: inout Bucket, _ now: ContinuousClock.Instant) -> Double {
    let elapsed = (now - bucket.at) / .seconds(1)
    bucket.tokens = min(burst, bucket.tokens + elapsed * perSecond)
    bucket.at = now
    if bucket.tokens < 1 { return (1 - bucket.tokens) / perSecond }
    bucket.tokens -= 1
    return 0
  }

  /// Forgets those whose bucket is full again, and all when that is nobody.
  private func forget(_ buckets: inout [Caller: Bucket], _ now: ContinuousClock.Instant) {
    buckets = buckets.filter { $0.value.tokens + ($0.value.at.duration(to: now) / .seconds(1)) * perSecond < burst }
    if buckets.count >= Self.limit { buckets = [:] }
  }
}
