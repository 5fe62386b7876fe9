/// The two encodings in which files are handed in.
public enum TextEncoding: String, Sendable {
  case utf8 = "UTF-8"
  case windows1252 = "Windows-1252"
}

/// Finds the encoding of a file, in one pass over its bytes before it is read.
///
/// A byte order mark means UTF-8. Otherwise the characters beyond ASCII are counted as if the file were UTF-8: whole
/// sequences on one side, bytes that belong to none on the other. As many whole ones as stray bytes, or more, mean
/// UTF-8, in which the stray bytes are broken; fewer mean Windows-1252, where what looks like a whole sequence is a
/// coincidence (`É’` happens, but not as often as single accented letters). One broken byte thus never makes a UTF-8
/// file with an accent in it into Windows-1252 with `Ã«` for `ë`.
public struct EncodingSurvey: Sendable {
  public private(set) var sequences = 0
  public private(set) var strayBytes = 0
  private var head: [UInt8] = []
  private var sequence = UTF8Sequence()

  public init() {}

  public mutating func feed(_ chunk: [UInt8]) {
    if head.count < 3 { head += chunk.prefix(3 - head.count) }
    chunk.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        // Nearly everything is ASCII: eight bytes at a time.
        if sequence.isBetween {
          while position + 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
          {
            position += 8
          }
          if position == bytes.count { break }
        }
        take(bytes[position])
        position += 1
      }
    }
  }

  /// The verdict over all that was fed.
  public var encoding: TextEncoding {
    var survey = self
    if !survey.sequence.isBetween { survey.strayBytes += 1 }
    return hasMark || survey.strayBytes == 0 || survey.sequences >= survey.strayBytes ? .utf8 : .windows1252
  }

  private var hasMark: Bool { head == [0xEF, 0xBB, 0xBF] }

  private mutating func take(_ byte: UInt8) {
    switch sequence.take(byte) {
    case .complete: sequences += byte < 0x80 ? 0 : 1
    case .pending: break
    case .stray: strayBytes += 1
    case .strayBefore:
      strayBytes += 1
      take(byte)
    }
  }
}

/// Follows UTF-8 byte by byte (RFC 3629: nothing overlong, no surrogates, nothing beyond U+10FFFF).
struct UTF8Sequence: Sendable {
  enum Step {
    /// A character ends here.
    case complete
    /// In the middle of one.
    case pending
    /// The byte belongs to no character.
    case stray
    /// The bytes before belong to no character; this one is to be taken again.
    case strayBefore
  }

  private var missing = 0
  private var next: ClosedRange<UInt8> = 0x80...0xBF

  var isBetween: Bool { missing == 0 }

  mutating func take(_ byte: UInt8) -> Step {
    if missing > 0 {
      guard next.contains(byte) else {
        self = UTF8Sequence()
        return .strayBefore
      }
      missing -= 1
      next = 0x80...0xBF
      return missing == 0 ? .complete : .pending
    }
    switch byte {
    case 0x00...0x7F: return .complete
    case 0xC2...0xDF: (missing, next) = (1, 0x80...0xBF)
    case 0xE0: (missing, next) = (2, 0xA0...0xBF)
    case 0xED: (missing, next) = (2, 0x80...0x9F)
    case 0xE1...0xEF: (missing, next) = (2, 0x80...0xBF)
    case 0xF0: (missing, next) = (3, 0x90...0xBF)
    case 0xF1...0xF3: (missing, next) = (3, 0x80...0xBF)
    case 0xF4: (missing, next) = (3, 0x80...0x8F)
    default: return .stray
    }
    return .pending
  }
}

/// Windows-1252 as the WHATWG and Unicode tables have it, less the five bytes that mean nothing in it.
enum Windows1252 {
  /// U+0080 to U+009F; 0 where the byte is not defined.
  private static let upper: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  /// Appends the character that the byte stands for; false when it stands for none.
  static func append(_ byte: UInt8, to text: inout [UInt8]) -> Bool {
    let scalar = (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : UInt16(byte)
    switch scalar {
    case 0: return false
    case 0x01...0x7F: text.append(UInt8(scalar))
    case 0x80...0x7FF: text += [UInt8(0xC0 | scalar >> 6), UInt8(0x80 | scalar & 0x3F)]
    default:
      text += [UInt8(0xE0 | scalar >> 12), UInt8(0x80 | scalar >> 6 & 0x3F), UInt8(0x80 | scalar & 0x3F)]
    }
    return true
  }
}
