import Glibc

/// The two clocks that tokens and keys are judged by.
public struct Clocks: Sendable {
  /// Seconds since 1970: `exp` and its like are in them.
  public let calendar: @Sendable () -> Double
  /// Never goes back, and from a start of its own: pauses between questions to the provider.
  public let uptime: @Sendable () -> Duration

  public init(calendar: @escaping @Sendable () -> Double, uptime: @escaping @Sendable () -> Duration) {
    self.calendar = calendar
    self.uptime = uptime
  }

  /// Those of the machine.
  public static let machine = Clocks(
    calendar: {
      let now = read(CLOCK_REALTIME)
      return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    },
    uptime: {
      let now = read(CLOCK_MONOTONIC)
      return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    })

  private static func read(_ clock: clockid_t) -> timespec {
    var now = timespec()
    clock_gettime(clock, &now)
    return now
  }
}
