import Program

/// Reads the query of a request strictly: every parameter is named by its reader, every fault is kept, and `finish`
/// refuses them all in one problem, unknown and repeated parameters included.
struct QueryReader {
  private var values: [String: String] = [:]
  private var faults: [Fault] = []
  private var given: Set<String> = []

  init(_ query: String?) {
    for pair in (query ?? "").split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(halves[0]), let value = halves.count == 2 ? Self.decoded(halves[1]) : "" else {
        faults.append(.undecodable(parameter: String(halves[0])))
        continue
      }
      if values.updateValue(value, forKey: name) != nil { faults.append(.repeated(parameter: name)) }
    }
  }

  /// Whether a parameter that was read had been given.
  func wasGiven(_ parameter: Shape.Member) -> Bool { given.contains(parameter.name) }

  /// Adds a fault that only the route can tell.
  mutating func refuse(_ fault: Fault) { faults.append(fault) }

  /// The value of a parameter in its canonical form; nil when it was not given.
  mutating func value(_ parameter: Shape.Member) -> String? {
    guard let value = values.removeValue(forKey: parameter.name) else {
      if parameter.isRequired { faults.append(.missing(parameter: parameter.name)) }
      return nil
    }
    given.insert(parameter.name)
    switch parameter.shape.read(parameter: value, at: .parameter(parameter.name)) {
    case .success(let canonical): return canonical
    case .failure(let fault):
      faults.append(fault)
      return nil
    }
  }

  mutating func date(_ parameter: Shape.Member) -> CivilDate? { value(parameter).flatMap { CivilDate($0) } }

  mutating func flag(_ parameter: Shape.Member) -> Bool? { value(parameter).map { $0 == "true" } }

  mutating func choice<Choice: RawRepresentable<String>>(_ parameter: Shape.Member) -> Choice? {
    value(parameter).flatMap(Choice.init(rawValue:))
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
    faults += values.keys.sorted().map(Fault.unknown(parameter:))
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
