import Program

extension Shape {
  /// The JSON Schema (2020-12) of a value of this shape.
  /// - Parameter isRequest: an object that a client sends has no members that are not named; answers may gain some.
  func schema(isRequest: Bool = false) -> JSONValue {
    switch self {
    case .id: ["type": "string", "format": "uuid"]
    case .date: ["type": "string", "format": "date"]
    case .instant: ["type": "string", "format": "date-time"]
    case .label: ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Self.printable)]
    case .text: ["type": "string"]
    case .prose(let limit):
      ["type": "string", "minLength": 1, "maxLength": .number("\(limit)"), "pattern": .string(Self.prose)]
    case .pattern(let pattern):
      ["type": "string", "maxLength": .number("\(pattern.limit)"), "pattern": .string(pattern.expression)]
    case .choice(let choices): ["type": "string", "enum": .array(choices.map { .string($0) })]
    case .integer(let range): Self.integer(range)
    case .decimal(let above, let through, _):
      // Without multipleOf: validators that reckon in binary fractions refuse 0.8 for 0.0001.
      ["type": "number", "exclusiveMinimum": .number("\(above)"), "maximum": .number("\(through)")]
    case .number: ["type": "number"]
    case .flag: ["type": "boolean"]
    case .null: ["type": "null"]
    case .list(let item): ["type": "array", "items": item.schema(isRequest: isRequest)]
    case .several(let item, let number):
      [
        "type": "array", "items": item.schema(isRequest: isRequest), "minItems": .number("\(number.lowerBound)"),
        "maxItems": .number("\(number.upperBound)"),
      ]
    case .map: ["type": "object"]
    case .either(let shapes): ["oneOf": .array(shapes.map { $0.schema(isRequest: isRequest) })]
    case .nullable(let shape): ["anyOf": [shape.schema(isRequest: isRequest), ["type": "null"]]]
    case .named(let name, _): ["$ref": .string("#/components/schemas/" + name)]
    case .object(let members): Self.object(members, isRequest)
    }
  }

  /// The shapes with names in this one, itself included.
  var named: [(name: String, shape: Shape)] {
    switch self {
    case .named(let name, let shape): [(name, shape)] + shape.named
    case .nullable(let shape), .list(let shape), .several(let shape, _), .map(let shape): shape.named
    case .object(let members): members.flatMap(\.shape.named)
    case .either(let shapes): shapes.flatMap(\.named)
    default: []
    }
  }

  /// No control characters, no blank at either end.
  private static let printable =
    #"^[^\u0000-\u0020\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u009f])?$"#

  /// Something to read; lines, and no other control character.
  private static let prose =
    #"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$"#

  private static func integer(_ range: ClosedRange<Int>) -> JSONValue {
    let schema: JSONValue = ["type": "integer", "minimum": .number("\(range.lowerBound)")]
    return range.upperBound == .max ? schema : schema.adding("maximum", .number("\(range.upperBound)"))
  }

  private static func object(_ members: [Member], _ isRequest: Bool) -> JSONValue {
    let properties = members.map { member in
      JSONValue.Member(name: member.name, value: described(member, isRequest))
    }
    let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
    return JSONValue.object([
      .init(name: "type", value: "object"), .init(name: "properties", value: .object(properties)),
    ])
    .adding("required", required.isEmpty ? nil : .array(required))
    .adding("additionalProperties", isRequest ? false : nil)
  }

  private static func described(_ member: Member, _ isRequest: Bool) -> JSONValue {
    member.shape.schema(isRequest: isRequest)
      .adding("description", member.about.isEmpty ? nil : .string(member.about))
  }
}

extension Form {
  /// The form as a shape, for an act.
  func shape(for act: Act) -> Shape {
    guard act == .creation, let variants else { return .object(fields(for: act).map { member($0, for: act) }) }
    return .either(variants.cases.map { shape(of: $0, among: variants) })
  }

  /// What is to be sent in one case.
  private func shape(of chosen: Variants.Case, among variants: Variants) -> Shape {
    .object(
      fields(for: .creation).filter { variants.admit($0.name, in: chosen) }.map { field in
        if field.name == variants.field {
          return Shape.Member(field.name, .choice([chosen.value]), field.about, example: "\"\(chosen.value)\"")
        }
        let usual = member(field, for: .creation)
        return Shape.Member(
          field.name, usual.shape, usual.about, isRequired: usual.isRequired || chosen.needs.contains(field.name),
          example: field.example)
      })
  }

  private func member(_ field: Field, for act: Act) -> Shape.Member {
    Shape.Member(
      field.name, field.isNullable ? .nullable(field.shape) : field.shape, field.about,
      isRequired: act == .creation && (field.use == .required || field.use == .fixed), example: field.example)
  }

  /// A body that could be sent, from the examples of its fields.
  func example(for act: Act) -> JSONValue {
    let chosen = act == .creation ? variants?.cases.first : nil
    let possible = fields(for: act).filter { field in
      (act == .creation || changeExample?.contains(field.name) ?? true)
        && chosen.map { variants?.admit(field.name, in: $0) ?? true } ?? true
    }
    let usual = possible.filter { !$0.isRare }
    return .object(
      (usual.isEmpty ? possible : usual).compactMap { field in
        let example = field.name == variants?.field ? chosen.map { "\"\($0.value)\"" } : nil
        return Demonstration.value(of: example ?? field.example).map { JSONValue.Member(name: field.name, value: $0) }
      })
  }
}

extension Field {
  /// Left out of examples: what most bodies do without.
  fileprivate var isRare: Bool { use == .changeOnly || example == "null" }
}
