import Glibc

/// A point on the machine's monotonic clock, in nanoseconds.
///
/// The state machines take moments as arguments and read no clock of their own, so that a test decides what time it is.
struct Moment: Comparable, Sendable {
  var nanoseconds: UInt64

  static let distantFuture = Moment(nanoseconds: .max)

  static var now: Moment {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Moment(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }

  static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

  static func + (moment: Moment, duration: Duration) -> Moment {
    let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return overflow ? .distantFuture : Moment(nanoseconds: sum)
  }

  /// The time since `earlier`; zero when `earlier` lies ahead.
  func since(_ earlier: Moment) -> Duration {
    self <= earlier ? .zero : .nanoseconds(Int64(clamping: nanoseconds - earlier.nanoseconds))
  }
}

extension Duration {
  /// Whole nanoseconds; a negative duration counts as zero and an overlong one as the longest there is.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : whole &+ UInt64(attoseconds / 1_000_000_000)
  }
}
