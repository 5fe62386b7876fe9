import Glibc

/// An id: 48 bits of milliseconds since 1970, then chance (RFC 9562). Ids made later sort later.
///
/// Made here and not in the database, because later releases bind them into the encryption of a row before it exists.
public struct UUIDv7: Hashable, Sendable {
  /// The 128 bits, most significant first.
  public let high: UInt64, low: UInt64

  /// A new id of the present moment.
  public init() {
    var generator = SystemRandomNumberGenerator()
    self.init(milliseconds: Self.milliseconds(), chance: generator.next(), generator.next())
  }

  init(milliseconds: UInt64, chance: UInt64, _ more: UInt64) {
    high = milliseconds << 16 | 0x7000 | chance & 0x0fff
    low = 0x8000_0000_0000_0000 | more & 0x3fff_ffff_ffff_ffff
  }

  /// Reads the canonical form of any UUID, either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let id = text.utf8.withContiguousStorageIfAvailable({ Self(ascii: $0) }) ?? Self(ascii: Array(text.utf8))
    else { return nil }
    self = id
  }

  private init?(ascii text: some Sequence<UInt8>) {
    var (high, low): (UInt64, UInt64) = (0, 0)
    var position = 0
    for byte in text {
      switch position {
      case 8, 13, 18, 23:
        guard byte == UInt8(ascii: "-") else { return nil }
      case 0..<36:
        guard let value = Self.hexadecimal(byte) else { return nil }
        if position < 18 { high = high << 4 | value } else { low = low << 4 | value }
      default: return nil
      }
      position += 1
    }
    guard position == 36 else { return nil }
    (self.high, self.low) = (high, low)
  }

  private static func milliseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension UUIDv7: CustomStringConvertible {
  /// The canonical form: lower case, 8-4-4-4-12.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for digit in 0..<32 {
        if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let nibble = UInt8((digit < 16 ? high : low) >> UInt64((15 - digit % 16) * 4) & 0xf)
        buffer[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        position += 1
      }
      return 36
    }
  }
}
