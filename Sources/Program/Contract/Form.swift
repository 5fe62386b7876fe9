/// What a client fills in to make or change something: the fields, and what must hold between them.
public struct Form: Sendable {
  public enum Act: Sendable { case creation, change }

  /// Of two dates that are both given the one must be later than the other.
  public struct Order: Sendable {
    let earlier: String
    let later: String

    public init(_ later: String, after earlier: String) {
      self.earlier = earlier
      self.later = later
    }
  }

  public let fields: [Field]
  public let orders: [Order]
  /// What the value of one field decides of the others, when the thing is made.
  public let variants: Variants?
  /// The fields that the example of a change names; nil: all that may be.
  public let changeExample: [String]?

  public init(_ fields: [Field], orders: [Order] = [], variants: Variants? = nil, changeExample: [String]? = nil) {
    self.fields = fields
    self.orders = orders
    self.variants = variants
    self.changeExample = changeExample
  }

  /// The fields that may be given for an act, in order.
  public func fields(for act: Act) -> [Field] {
    fields.filter { field in
      switch (act, field.use) {
      case (.creation, .changeOnly), (.change, .fixed), (.change, .fixedOptional): false
      default: true
      }
    }
  }

  /// Reads a body strictly: every fault is kept, unknown members are faults, and of a change at least one field must
  /// be named.
  /// - Throws: `Faults` with all of them.
  public func draft(of body: JSONValue, for act: Act) throws(Faults) -> Draft {
    var reading = FormReading(self, act)
    reading.read(body, at: "")
    if act == .change, reading.isEmpty, reading.faults.isEmpty { reading.faults.append(.empty) }
    guard reading.faults.isEmpty else { throw Faults(list: reading.faults) }
    return Draft(reading.values)
  }
}

/// All that is wrong with one request.
public struct Faults: Error, Sendable {
  public let list: [Fault]

  public init(list: [Fault]) { self.list = list }
}

/// A body that has passed its form: the only thing that statements take.
public struct Draft: Sendable {
  private let values: [(column: String, value: JSONValue)]

  fileprivate init(_ values: [(String, JSONValue)]) { self.values = values }

  /// A draft without fields, for acts whose facts are in the address.
  public static let empty = Draft([])

  /// With one column more, which did not come with the body.
  public func with(_ column: String, _ value: String) -> Draft {
    Draft(values.map { ($0.column, $0.value) } + [(column, .string(value))])
  }

  /// Without a column, which goes another way than the rest.
  public func without(_ column: String) -> Draft { Draft(values.filter { $0.column != column }) }

  /// The texts in a column that is a list; nil when it was not given.
  public func texts(_ column: String) -> [String]? {
    guard case .array(let items)? = values.first(where: { $0.column == column })?.value else { return nil }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  /// As JSON, by column; absent fields are absent.
  public var json: String {
    var text = JSONText()
    write(to: &text)
    return String(decoding: text.bytes, as: UTF8.self)
  }

  /// The value of a column as text; nil when it was not given or is null.
  public func text(_ column: String) -> String? {
    switch values.first(where: { $0.column == column })?.value {
    case .string(let text): text
    case .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    default: nil
    }
  }

  private func write(to text: inout JSONText) {
    text.object { object in
      for (column, value) in values { object.member(named: column, value) }
    }
  }
}

extension Fault {
  fileprivate static func order(_ order: Form.Order, at pointer: String) -> Fault {
    .order(pointer: pointer + "/" + order.later, after: order.earlier)
  }
}

/// One reading of a body against its form.
private struct FormReading {
  let form: Form
  let act: Form.Act
  var faults: [Fault] = []
  var values: [(String, JSONValue)] = []
  var isEmpty: Bool { values.isEmpty }

  init(_ form: Form, _ act: Form.Act) {
    self.form = form
    self.act = act
  }

  mutating func read(_ body: JSONValue, at pointer: String) {
    guard case .object(let members) = body else { return faults.append(.object(pointer: pointer)) }
    let fields = form.fields(for: act)
    for field in fields { read(field, members.first { $0.name == field.name }?.value, at: pointer) }
    for member in members where !fields.contains(where: { $0.name == member.name }) {
      faults.append(.unknown(pointer: pointer + "/" + member.name.pointerEscaped))
    }
    for order in form.orders { check(order, members, at: pointer) }
    if act == .creation, let variants = form.variants { check(variants, members, at: pointer) }
  }

  /// A value that is none of the cases has been said.
  private mutating func check(_ variants: Variants, _ members: [JSONValue.Member], at pointer: String) {
    let value = members.first { $0.name == variants.field }?.value
    guard let chosen = variants.cases.first(where: { value == .string($0.value) }) else { return }
    for name in chosen.needs where !members.contains(where: { $0.name == name }) {
      faults.append(.missing(pointer: pointer + "/" + name))
    }
    for member in members
    where form.fields.contains(where: { $0.name == member.name }) && !variants.admit(member.name, in: chosen) {
      faults.append(.unknown(pointer: pointer + "/" + member.name.pointerEscaped))
    }
  }

  private mutating func read(_ field: Field, _ value: JSONValue?, at pointer: String) {
    let pointer = pointer + "/" + field.name
    guard let value else {
      if act == .creation, field.use == .required || field.use == .fixed { faults.append(.missing(pointer: pointer)) }
      return
    }
    if value == .null {
      if field.isNullable { values.append((field.column, .null)) } else { faults.append(.null(pointer: pointer)) }
      return
    }
    switch field.shape.read(value, at: pointer) {
    case .success(let canonical): values.append((field.column, canonical))
    case .failure(let found): faults += found.list
    }
  }

  /// Whatever else is wrong with one of the two has been said.
  private mutating func check(_ order: Form.Order, _ members: [JSONValue.Member], at pointer: String) {
    func date(_ name: String) -> CivilDate? {
      guard case .string(let text)? = members.first(where: { $0.name == name })?.value else { return nil }
      return CivilDate(text)
    }
    if let earlier = date(order.earlier), let later = date(order.later), later <= earlier {
      faults.append(.order(order, at: pointer))
    }
  }
}

extension String {
  /// As a reference token of a JSON Pointer.
  fileprivate var pointerEscaped: String { replacing("~", with: "~0").replacing("/", with: "~1") }
}
