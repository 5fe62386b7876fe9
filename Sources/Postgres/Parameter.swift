import Glibc

/// The value of one `$n`, in PostgreSQL's text format; only `bytea` may go as raw bytes.
public enum Parameter: Sendable, Hashable {
  case null
  /// The value as PostgreSQL would read it from a quoted literal. May not hold a NUL character.
  case text(String)
  /// The raw bytes of a `bytea`.
  case binary([UInt8])

  public static func int(_ value: some BinaryInteger) -> Parameter { .text(String(value)) }
  public static func bool(_ value: Bool) -> Parameter { .text(value ? "t" : "f") }
  public static func double(_ value: Double) -> Parameter {
    // PostgreSQL spells the special values differently from Swift.
    .text(value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : String(value))
  }
  public static func optional(_ value: String?) -> Parameter { value.map { .text($0) } ?? .null }
  public static func optional(_ value: Int?) -> Parameter { value.map { .int($0) } ?? .null }

  /// An array such as `text[]` or `uuid[]`: every element is quoted, so any text is itself, "NULL" included.
  public static func texts(_ values: [String]) -> Parameter {
    var literal = "{"
    for (index, value) in values.enumerated() {
      literal += index == 0 ? "\"" : ",\""
      for character in value.unicodeScalars {
        if character == "\"" || character == "\\" { literal.unicodeScalars.append("\\") }
        literal.unicodeScalars.append(character)
      }
      literal += "\""
    }
    return .text(literal + "}")
  }

  /// An array such as `bigint[]`.
  public static func ints(_ values: [Int]) -> Parameter {
    .text("{" + values.map { String($0) }.joined(separator: ",") + "}")
  }

  var hasNUL: Bool {
    guard case .text(let string) = self else { return false }
    return string.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    } ?? string.utf8.contains(0)
  }
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self = .text(value) }
}

extension Parameter: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .int(value) }
}

extension Parameter: ExpressibleByBooleanLiteral {
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Parameter: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) { self = .null }
}
