import Program

/// Reads the query of a request strictly: every parameter is named by its reader, every fault is kept, and `finish`
/// refuses them all in one problem, unknown and repeated parameters included.
struct QueryReader {
  private var values: [String: String] = [:]
  private var faults: [Fault] = []

  init(_ query: String?) {
    for pair in (query ?? "").split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(halves[0]), let value = halves.count == 2 ? Self.decoded(halves[1]) : "" else {
        faults.append(.undecodable(String(halves[0])))
        continue
      }
      if values.updateValue(value, forKey: name) != nil { faults.append(.repeated(name)) }
    }
  }

  /// A text of at most `limit` characters, without control characters; an empty one is none.
  mutating func text(_ name: String, limit: Int = 200) -> String? {
    guard let value = values.removeValue(forKey: name), !value.isEmpty else { return nil }
    guard value.count <= limit, !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      faults.append(.text(name, limit: limit))
      return nil
    }
    return value
  }

  mutating func date(_ name: String) -> CivilDate? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    let date = CivilDate(value)
    if date == nil { faults.append(.date(name)) }
    return date
  }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Choice? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    let choice = Choice(rawValue: value)
    if choice == nil { faults.append(.choice(name, Choice.allCases.map(\.rawValue))) }
    return choice
  }

  mutating func flag(_ name: String) -> Bool? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    switch value {
    case "true": return true
    case "false": return false
    default:
      faults.append(.choice(name, ["true", "false"]))
      return nil
    }
  }

  /// `limit` and `after`.
  /// - Parameter cursor: reads a cursor of this list; nil for any other text.
  mutating func page(_ cursor: (String) -> Cursor?) -> Page {
    var limit = Page.defaultLimit
    if let value = values.removeValue(forKey: "limit") {
      let number = value.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(value) : nil
      if let number, Page.limits.contains(number) { limit = number } else { faults.append(.limit) }
    }
    guard let value = values.removeValue(forKey: "after") else { return Page(limit: limit) }
    let place = cursor(value)
    if place == nil { faults.append(.cursor) }
    return Page(limit: limit, after: place)
  }

  /// To be called last: whatever nobody asked for is a fault too.
  /// - Throws: `Problem` 400 with all faults.
  consuming func finish() throws(Problem) {
    faults += values.keys.sorted().map(Fault.unknown)
    guard faults.isEmpty else { throw .invalidParameters(faults) }
  }

  /// The decoded name of one `name=value`; nil when it cannot be decoded.
  static func name(of pair: Substring) -> String? {
    decoded(pair.prefix { $0 != "=" })
  }

  /// Percent-decoded UTF-8 without U+0000; nil when it is not that.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var iterator = text.utf8.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = iterator.next().flatMap(hexadecimal), let low = iterator.next().flatMap(hexadecimal) else {
          return nil
        }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
