import Glibc

/// Makes ids by the hundred thousand: asks the system for chance by the page instead of twice for each id, which took a
/// quarter of the time of reading a file.
struct IDSource: Sendable {
  private var chance = [UInt64](repeating: 0, count: 32)
  private var left = 0

  mutating func next() -> UUIDv7 {
    if left == 0 { refill() }
    left -= 2
    return UUIDv7(milliseconds: Self.milliseconds(), chance: chance[left], chance[left + 1])
  }

  private mutating func refill() {
    // 256 bytes are the most that one call gives, and that many it always gives.
    if chance.withUnsafeMutableBytes({ getentropy($0.baseAddress, $0.count) }) != 0 {
      var generator = SystemRandomNumberGenerator()
      for index in chance.indices { chance[index] = generator.next() }
    }
    left = chance.count
  }

  private static func milliseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
  }
}
