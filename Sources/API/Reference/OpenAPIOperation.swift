import HTTPTypes
import Program
import Reports

extension Route {
  /// The route as an OpenAPI operation.
  /// - Parameter followers: routes that take the id of what this one answers.
  func operation(linkedTo followers: [Route]) -> JSONValue {
    JSONValue.object([
      .init(name: "operationId", value: .string(name)), .init(name: "tags", value: [.string(tag)]),
      .init(name: "summary", value: .string(summary)),
    ])
    .adding("description", about.isEmpty ? nil : .string(about))
    .adding("security", access == .open ? [] : nil)
    .adding("parameters", .array(documentedParameters))
    .adding("requestBody", requestBody)
    .adding("responses", .object(responses(followers)))
  }

  /// The shapes in it, for the components of the document.
  var shapes: [Shape] {
    switch answer {
    case .json(let shape, _): [shape]
    case .list(let item): [item]
    case .none, .documents: []
    }
  }

  /// The statuses of the problems that it may answer with.
  var problems: [Int] {
    var found: Set<Int> = [500]
    if path.hasPrefix("/v1") || name == "isReady" { found.insert(503) }
    if access != .open { found.formUnion([400, 401, 429]) }
    if isSecret { found.insert(429) }
    if !pathParameters.isEmpty || isForSome || hasEntityTag { found.insert(404) }
    if isWriting { found.formUnion([403, 404, 409, 422]) }
    if mayRefuse { found.insert(403) }
    if body != nil { found.formUnion([413, 415]) }
    if isConditional || isWhole { found.formUnion([412, 428]) }
    if case .documents = answer, access != .open { found.formUnion([406, 409]) }
    if !documents.isEmpty { found.insert(406) }
    // One that is not finished has no document yet.
    if name == "readReportRun" { found.insert(409) }
    return found.sorted()
  }

  /// An address that is its own credential.
  private var isSecret: Bool { access == .open && !pathParameters.isEmpty }

  private var isWriting: Bool {
    switch access {
    case .open, .identified(.read): false
    case .identified: true
    }
  }
}

// What goes in.
extension Route {
  private var documentedParameters: [JSONValue] {
    let inPath = pathParameters.map { name -> JSONValue in
      let schema = (pathShapes[name] ?? .id).schema()
      let parameter: JSONValue = ["name": .string(name), "in": "path", "required": true, "schema": schema]
      return parameter.adding("example", Demonstration.key(of: path).map { .string($0) })
    }
    let inQuery = parameters.map { parameter -> JSONValue in
      [
        "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
        "description": .string(parameter.about), "schema": parameter.shape.schema(),
      ]
    }
    return inPath + inQuery + documentedHeaders
  }

  private var documentedHeaders: [JSONValue] {
    var headers: [JSONValue] = []
    if isConditional {
      headers.append(
        Self.header(
          "If-Match", "The ETag of what is to be changed, or `*`.", required: true,
          pattern: #"^(\*|(W/)?"[1-9][0-9]{0,8}-[0-9a-f]+")$"#))
    }
    if isWhole {
      headers.append(
        Self.header(
          "If-Match", "The ETag of the text that is replaced, or `*`.", required: false,
          pattern: #"^(\*|(W/)?"[1-9][0-9]{0,8}-[0-9a-f]+")$"#))
      headers.append(
        Self.header("If-None-Match", "`*`: there is no text yet.", required: false, pattern: #"^\*$"#))
    }
    if method == .post, access != .open, !isTrial {
      headers.append(
        Self.header(
          "Idempotency-Key", "Makes the request one that is done once, also when it is sent again within 24 hours.",
          required: false, pattern: "^[!-~]{1,255}$"))
    }
    if hasEntityTag, method == .get {
      headers.append(
        Self.header(
          "If-None-Match", "The ETag that is known: 304 while it is still so.", required: false, pattern: nil))
    }
    return headers
  }

  private static func header(_ name: String, _ about: String, required: Bool, pattern: String?) -> JSONValue {
    let schema: JSONValue = ["type": "string"]
    return [
      "name": .string(name), "in": "header", "required": .bool(required), "description": .string(about),
      "schema": schema.adding("pattern", pattern.map { .string($0) }),
    ]
  }

  private var requestBody: JSONValue? {
    switch body {
    case nil: nil
    case .form(let form, let act): Self.json(form, act)
    case .transition(let states): Self.json(Self.transitionForm(states), .creation)
    case .file(let type):
      [
        "required": true,
        "content": .object([.init(name: type, value: ["schema": ["type": "string", "format": "binary"]])]),
      ]
    }
  }

  private static func json(_ form: Form, _ act: Form.Act) -> JSONValue {
    let schema = form.shape(for: act).schema(isRequest: true).adding("minProperties", act == .change ? 1 : nil)
    let media = JSONValue.object([
      .init(name: "schema", value: schema), .init(name: "example", value: form.example(for: act)),
    ])
    let types = act == .change ? ["application/merge-patch+json", "application/json"] : ["application/json"]
    return ["required": true, "content": .object(types.map { .init(name: $0, value: media) })]
  }
}

// What comes out.
extension Route {
  private func responses(_ followers: [Route]) -> [JSONValue.Member] {
    [.init(name: success.name, value: success.value.adding("links", Self.links(followers)))]
      + (isWhole ? [.init(name: "201", value: success.value)] : [])
      + (hasEntityTag ? [notModified] : [])
      + (isConditional && success.name == "200" ? [noLongerSeen] : [])
      + problems.map { status in
        .init(
          name: "\(status)", value: ["$ref": .string("#/components/responses/" + Problem.documentedName(of: status))])
      }
  }

  private static func links(_ followers: [Route]) -> JSONValue? {
    if followers.isEmpty { return nil }
    return .object(
      followers.map { route in
        let place: JSONValue = ["path.id": "$response.body#/id"]
        let parameters = place.adding("header.If-Match", route.isConditional ? "$response.header.ETag" : nil)
        return .init(name: route.name, value: ["operationId": .string(route.name), "parameters": parameters])
      })
  }

  private var success: JSONValue.Member {
    switch answer {
    case .json(let shape, let status):
      var headers = Self.common
      if hasEntityTag || isWriting && !isTrial { headers.append(Self.reference("ETag", "ETag")) }
      if parameters.contains(where: { $0.name == "after" }) { headers.append(Self.reference("Link", "Link")) }
      if status == 201 { headers.append(Self.reference("Location", "Location")) }
      return .init(
        name: "\(status)",
        value: Self.response(
          status == 201 ? "Made." : "As it is now.", headers,
          mediaTypes: [("application/json", shape.schema())] + documents.map { ($0, Self.document($0)) }))
    case .list(let item):
      return .init(
        name: "200",
        value: Self.response(
          "One page.", Self.common + [Self.reference("Link", "Link")],
          mediaTypes: [("application/json", Shape.page(of: item).schema())]))
    case .none:
      return .init(name: "204", value: Self.response("Done.", Self.common, mediaTypes: []))
    case .documents(let types, let about):
      return .init(
        name: "200", value: Self.response(about, Self.common, mediaTypes: types.map { ($0, Self.document($0)) }))
    }
  }

  private static func document(_ type: String) -> JSONValue {
    type == "application/json" ? ["type": "object"] : ["type": "string"]
  }

  private var notModified: JSONValue.Member {
    .init(
      name: "304",
      value: Self.response("Not changed.", Self.common + [Self.reference("ETag", "ETag")], mediaTypes: []))
  }

  private var noLongerSeen: JSONValue.Member {
    .init(name: "204", value: Self.response("Done, and no longer the asker's to see.", Self.common, mediaTypes: []))
  }

  private static let common = [reference("X-Request-ID", "RequestID")]

  private static func reference(_ name: String, _ component: String) -> JSONValue.Member {
    .init(name: name, value: ["$ref": .string("#/components/headers/" + component)])
  }

  private static func response(
    _ about: String, _ headers: [JSONValue.Member], mediaTypes: [(String, JSONValue)]
  ) -> JSONValue {
    let content = mediaTypes.map { JSONValue.Member(name: $0.0, value: ["schema": $0.1]) }
    return JSONValue.object([
      .init(name: "description", value: .string(about)), .init(name: "headers", value: .object(headers)),
    ]).adding("content", content.isEmpty ? nil : .object(content))
  }
}
