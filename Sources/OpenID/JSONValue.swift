/// A value of a JSON text (RFC 8259).
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Nil unless the bytes are exactly one value in strict JSON and UTF-8, no deeper than a token or a key set needs.
  init?(_ bytes: [UInt8]) {
    var reader = JSONReader(bytes)
    do { self = try reader.document() } catch { return nil }
  }

  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  var array: [JSONValue]? {
    if case .array(let items) = self { items } else { nil }
  }

  var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }
}

/// The members of a JSON object.
struct JSONObject: Sendable {
  private(set) var members: [String: JSONValue] = [:]
  /// A name stood there more than once. What the object says then depends on who reads it, so whoever trusts it has to
  /// refuse it; the rest of the text is none the worse.
  private(set) var isAmbiguous = false

  mutating func add(_ name: String, _ value: JSONValue) {
    if members.updateValue(value, forKey: name) != nil { isAmbiguous = true }
  }

  subscript(name: String) -> JSONValue? { members[name] }

  /// Whether the object says anything under the name, be it null.
  func has(_ name: String) -> Bool { members[name] != nil }
}
