/// A JSON value as a client sent it (RFC 8259), read strictly.
///
/// Our own reader and not Foundation's, because of what a strict API must refuse and that one takes: a member that is
/// given twice (which of the two was meant?), and U+0000. Numbers keep their text, so that `0.8` stays `0.8`.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// The number as it was written.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// In the order of the text; no name occurs twice.
  case object([Member])

  public struct Member: Sendable, Equatable {
    public let name: String
    public let value: JSONValue

    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// Why a text is not JSON that is taken here, and where: the byte, from 0.
  public struct Malformed: Error, Sendable, Equatable {
    public enum Reason: String, Sendable {
      case syntax, truncated, encoding, nul, doubled, depth
    }

    public let reason: Reason
    public let offset: Int
  }

  /// Values may stand in each other to this depth.
  public static let depthLimit = 32

  /// Reads one value, and nothing but blanks around it.
  /// - Throws: `Malformed`.
  public init(_ bytes: some Collection<UInt8>) throws(Malformed) {
    var reader = JSONReader(Array(bytes))
    self = try reader.document()
  }
}

private struct JSONReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONValue.Malformed) -> JSONValue {
    let value = try value(depth: 0)
    skipBlanks()
    guard index == bytes.count else { throw malformed(.syntax) }
    return value
  }

  private mutating func value(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
    guard depth < JSONValue.depthLimit else { throw malformed(.depth) }
    skipBlanks()
    switch try peek() {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func object(_ depth: Int) throws(JSONValue.Malformed) -> JSONValue {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    index += 1
    if try skips("}") { return .object([]) }
    repeat {
      skipBlanks()
      let start = index
      guard try peek() == UInt8(ascii: "\"") else { throw malformed(.syntax) }
      let name = try string()
      guard names.insert(name).inserted else { throw .init(reason: .doubled, offset: start) }
      guard try skips(":") else { throw malformed(.syntax) }
      members.append(.init(name: name, value: try value(depth: depth + 1)))
    } while try skips(",")
    guard try skips("}") else { throw malformed(.syntax) }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws(JSONValue.Malformed) -> JSONValue {
    var items: [JSONValue] = []
    index += 1
    if try skips("]") { return .array([]) }
    repeat {
      items.append(try value(depth: depth + 1))
    } while try skips(",")
    guard try skips("]") else { throw malformed(.syntax) }
    return .array(items)
  }

  private mutating func string() throws(JSONValue.Malformed) -> String {
    let start = index
    index += 1
    var text: [UInt8] = []
    while true {
      let byte = try peek()
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw .init(reason: .encoding, offset: start)
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: try escaped())
      case 0..<0x20: throw .init(reason: byte == 0 ? .nul : .syntax, offset: index - 1)
      default: text.append(byte)
      }
    }
  }

  /// What follows a backslash, as UTF-8.
  private mutating func escaped() throws(JSONValue.Malformed) -> [UInt8] {
    let byte = try peek()
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try unicode()
    default: throw .init(reason: .syntax, offset: index - 1)
    }
  }

  private mutating func unicode() throws(JSONValue.Malformed) -> [UInt8] {
    let start = index
    var code = UInt32(try codeUnit())
    if code == 0 { throw .init(reason: .nul, offset: start) }
    if (0xD800..<0xDC00).contains(code) {
      guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
        throw .init(reason: .encoding, offset: start)
      }
      index += 2
      let low = UInt32(try codeUnit())
      guard (0xDC00..<0xE000).contains(low) else { throw .init(reason: .encoding, offset: start) }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    // A low half by itself is no character.
    guard let scalar = Unicode.Scalar(code) else { throw .init(reason: .encoding, offset: start) }
    return Array(String(scalar).utf8)
  }

  private mutating func codeUnit() throws(JSONValue.Malformed) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = try Self.hexadecimal(peek()) else { throw malformed(.syntax) }
      value = value << 4 | digit
      index += 1
    }
    return value
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt16? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(digit - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(digit - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  private mutating func number() throws(JSONValue.Malformed) -> String {
    let start = index
    if try peek() == UInt8(ascii: "-") { index += 1 }
    if try peek() == UInt8(ascii: "0") { index += 1 } else { try digits() }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try peek()) { index += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSONValue.Malformed) {
    let start = index
    while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
    if index == start { throw malformed(index < bytes.count ? .syntax : .truncated) }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONValue.Malformed) -> JSONValue {
    let end = index + word.utf8CodeUnitCount
    let fits = word.withUTF8Buffer { bytes[index..<min(end, bytes.count)].elementsEqual($0) }
    guard fits else { throw malformed(.syntax) }
    index = end
    return value
  }

  /// Whether this is the next character behind blanks; then it is behind us.
  private mutating func skips(_ character: Unicode.Scalar) throws(JSONValue.Malformed) -> Bool {
    skipBlanks()
    guard try peek() == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func skipBlanks() {
    while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
  }

  private func peek() throws(JSONValue.Malformed) -> UInt8 {
    guard index < bytes.count else { throw malformed(.truncated) }
    return bytes[index]
  }

  private func malformed(_ reason: JSONValue.Malformed.Reason) -> JSONValue.Malformed {
    .init(reason: reason, offset: index)
  }
}

// What is read of a value that this server wrote itself.
extension JSONValue {
  /// The member of this name, of an object that has one.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text of a member; nil where it is none.
  func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  func flag(_ name: String) -> Bool? {
    if case .bool(let flag)? = self[name] { flag } else { nil }
  }

  func items(_ name: String) -> [JSONValue]? {
    if case .array(let items)? = self[name] { items } else { nil }
  }
}
