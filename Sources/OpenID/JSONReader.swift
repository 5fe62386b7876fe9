/// Reads JSON (RFC 8259) and takes nothing that the standard does not. Written here because Foundation's reader keeps
/// one of two members of the same name and says nothing.
struct JSONReader {
  private struct Refusal: Error {}

  private let bytes: [UInt8]
  private var at = 0
  private static let depth = 16

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// - Throws: when the bytes are anything else than one value.
  mutating func document() throws -> JSONValue {
    let value = try value(inside: 0)
    guard at == bytes.count else { throw Refusal() }
    return value
  }

  /// A value and the white space around it.
  private mutating func value(inside depth: Int) throws -> JSONValue {
    skipSpace()
    defer { skipSpace() }
    guard depth < Self.depth else { throw Refusal() }
    switch peek {
    case UInt8(ascii: "{"): return .object(try object(inside: depth + 1))
    case UInt8(ascii: "["): return .array(try array(inside: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func object(inside depth: Int) throws -> JSONObject {
    var object = JSONObject()
    at += 1
    skipSpace()
    if take("}") { return object }
    repeat {
      skipSpace()
      let name = try string()
      skipSpace()
      guard take(":") else { throw Refusal() }
      object.add(name, try value(inside: depth))
    } while take(",")
    guard take("}") else { throw Refusal() }
    return object
  }

  private mutating func array(inside depth: Int) throws -> [JSONValue] {
    var items: [JSONValue] = []
    at += 1
    skipSpace()
    if take("]") { return items }
    repeat { items.append(try value(inside: depth)) } while take(",")
    guard take("]") else { throw Refusal() }
    return items
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws -> JSONValue {
    let letters = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[at...].starts(with: letters) else { throw Refusal() }
    at += letters.count
    return value
  }
}

extension JSONReader {
  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while let next = peek, next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D { at += 1 }
  }

  private mutating func number() throws -> Double {
    let start = at
    _ = take("-")
    // A leading zero stands alone.
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard let number = Double(text), number.isFinite else { throw Refusal() }
    return number
  }

  private mutating func digits() throws {
    let start = at
    while let next = peek, (0x30...0x39).contains(next) { at += 1 }
    guard at > start else { throw Refusal() }
  }
}

extension JSONReader {
  private mutating func string() throws -> String {
    guard take("\"") else { throw Refusal() }
    var text: [UInt8] = []
    while let next = peek {
      at += 1
      switch next {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw Refusal() }
        return string
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw Refusal()
      default: text.append(next)
      }
    }
    throw Refusal()
  }

  private mutating func escape() throws -> [UInt8] {
    guard let next = peek else { throw Refusal() }
    at += 1
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [next]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
    default: throw Refusal()
    }
  }

  /// What stands after `\u`, with the second half where it is a pair; half a pair is no character.
  private mutating func scalar() throws -> Character {
    var code = try fourDigits()
    if (0xD800..<0xDC00).contains(code) {
      guard take("\\"), take("u") else { throw Refusal() }
      let low = try fourDigits()
      guard (0xDC00..<0xE000).contains(low) else { throw Refusal() }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw Refusal() }
    return Character(scalar)
  }

  private mutating func fourDigits() throws -> UInt32 {
    guard at + 4 <= bytes.count else { throw Refusal() }
    var code: UInt32 = 0
    for byte in bytes[at..<at + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw Refusal() }
      code = code << 4 | UInt32(digit)
    }
    at += 4
    return code
  }
}
