/// How long to wait before the next attempt to connect: doubling, bounded, and spread by chance, so that many
/// instances do not fall upon a server that comes back.
struct Backoff: Sendable {
  let initial: Duration
  let maximum: Duration
  private(set) var failures = 0

  init(initial: Duration, maximum: Duration) {
    self.initial = initial
    self.maximum = maximum
  }

  mutating func reset() { failures = 0 }

  /// The delay after one more failure: between half of the nominal delay and all of it.
  mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
    let doubled = initial * (1 << min(failures, 20))
    failures += 1
    let nominal = min(doubled, maximum).nanoseconds
    return .nanoseconds(Int64(clamping: UInt64.random(in: nominal / 2...max(nominal, 1), using: &random)))
  }
}
