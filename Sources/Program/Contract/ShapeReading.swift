extension Shape {
  /// The value in its canonical form, or what is wrong with it.
  func read(_ value: JSONValue, at pointer: String) -> Result<JSONValue, Faults> {
    switch self {
    case .nullable(let shape): value == .null ? .success(.null) : shape.read(value, at: pointer)
    case .named(_, let shape): shape.read(value, at: pointer)
    case .list(let shape): Self.list(value, of: shape, 0...Self.listLimit, at: pointer)
    case .several(let shape, let number): Self.list(value, of: shape, number, at: pointer)
    case .object(let members): Self.object(value, members, at: pointer)
    default: scalar(value, .pointer(pointer)).mapError { Faults(list: [$0]) }
    }
  }

  /// A text as it stands in an address.
  public func read(parameter text: String, at place: Fault.Place) -> Result<String, Fault> {
    let value: JSONValue =
      switch self {
      case .integer, .decimal, .number: .number(text)
      case .flag: text == "true" ? .bool(true) : text == "false" ? .bool(false) : .null
      default: .string(text)
      }
    return scalar(value, place).map(\.text)
  }

  private func scalar(_ value: JSONValue, _ place: Fault.Place) -> Result<JSONValue, Fault> {
    switch (self, value) {
    case (.id, .string(let text)): UUIDv7(text).map { .success(.string($0.description)) } ?? .failure(.id(place))
    case (.id, _): .failure(.id(place))
    case (.date, .string(let text)): CivilDate(text) == nil ? .failure(.date(place)) : .success(value)
    case (.date, _): .failure(.date(place))
    case (.label, .string(let text)), (.text, .string(let text)):
      Self.isLabel(text) ? .success(value) : .failure(.text(place, limit: Self.labelLimit))
    case (.label, _), (.text, _): .failure(.text(place, limit: Self.labelLimit))
    case (.instant, .string(let text)): Instant(text).map { .success(.string($0.text)) } ?? .failure(.instant(place))
    case (.instant, _): .failure(.instant(place))
    case (.prose(let limit), .string(let text)):
      Self.isProse(text, limit) ? .success(value) : .failure(.prose(place, limit))
    case (.prose(let limit), _): .failure(.prose(place, limit))
    case (.pattern(let pattern), .string(let text)):
      pattern.fault(in: text, at: place).map { .failure($0) } ?? .success(value)
    case (.pattern(let pattern), _): .failure(.pattern(place, pattern))
    case (.choice(let choices), .string(let text)) where choices.contains(text): .success(value)
    case (.choice(let choices), _): .failure(.choice(place, choices))
    case (.integer(let range), .number(let text)): Self.integer(text, range, place)
    case (.integer(let range), _): .failure(.integer(place, range))
    case (.decimal(let above, let through, let places), _):
      Self.decimal(value, above, through, places)
        ? .success(value) : .failure(.decimal(place, above: above, through: through, places: places))
    case (.flag, .bool): .success(value)
    case (.flag, _): .failure(.flag(place))
    default: .failure(.text(place, limit: Self.labelLimit))
    }
  }

  private static let labelLimit = 200

  private static func isLabel(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    return (1...labelLimit).contains(scalars.count) && scalars.first != " " && scalars.last != " "
      && !scalars.contains { $0.properties.generalCategory == .control }
  }

  /// Lines are parted by U+000A; no other control character, and not blank.
  private static func isProse(_ text: String, _ limit: Int) -> Bool {
    let scalars = text.unicodeScalars
    return (1...limit).contains(scalars.count) && !scalars.allSatisfy(\.properties.isWhitespace)
      && !scalars.contains { $0 != "\n" && $0.properties.generalCategory == .control }
  }

  /// Also `5.0`, which JSON Schema takes for a whole number.
  private static func integer(_ text: String, _ range: ClosedRange<Int>, _ place: Fault.Place) -> Result<
    JSONValue, Fault
  > {
    let number = Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    guard let number, range.contains(number) else { return .failure(.integer(place, range)) }
    return .success(.number(String(number)))
  }

  private static func decimal(_ value: JSONValue, _ above: Int, _ through: Double, _ places: Int) -> Bool {
    guard case .number(let text) = value, let number = Double(text), number > Double(above), number <= through else {
      return false
    }
    // Judged by the number and not by its spelling: 0.80000 is 0.8.
    var scaled = number
    for _ in 0..<places { scaled *= 10 }
    return (scaled - scaled.rounded()).magnitude < 1e-6
  }

  private static let listLimit = 500

  private static func list(
    _ value: JSONValue, of shape: Shape, _ number: ClosedRange<Int>, at pointer: String
  ) -> Result<JSONValue, Faults> {
    guard case .array(let items) = value, number.contains(items.count) else {
      return .failure(Faults(list: [.array(pointer: pointer, number)]))
    }
    var faults: [Fault] = []
    var canonical: [JSONValue] = []
    for (index, item) in items.enumerated() {
      switch shape.read(item, at: "\(pointer)/\(index)") {
      case .success(let value): canonical.append(value)
      case .failure(let found): faults += found.list
      }
    }
    return faults.isEmpty ? .success(.array(canonical)) : .failure(Faults(list: faults))
  }

  private static func object(_ value: JSONValue, _ members: [Member], at pointer: String) -> Result<JSONValue, Faults> {
    guard case .object(let given) = value else { return .failure(Faults(list: [.object(pointer: pointer)])) }
    var faults: [Fault] = []
    var canonical: [JSONValue.Member] = []
    for member in members {
      let place = pointer + "/" + member.name
      guard let value = given.first(where: { $0.name == member.name })?.value else {
        if member.isRequired { faults.append(.missing(pointer: place)) }
        continue
      }
      switch member.shape.read(value, at: place) {
      case .success(let value): canonical.append(.init(name: member.name, value: value))
      case .failure(let found): faults += found.list
      }
    }
    for member in given where !members.contains(where: { $0.name == member.name }) {
      faults.append(.unknown(pointer: pointer + "/" + member.name))
    }
    return faults.isEmpty ? .success(.object(canonical)) : .failure(Faults(list: faults))
  }
}

extension JSONValue {
  /// A scalar as an address writes it.
  fileprivate var text: String {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    default: ""
    }
  }
}
