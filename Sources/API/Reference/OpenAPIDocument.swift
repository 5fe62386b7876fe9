import HTTPTypes
import Program

/// The OpenAPI 3.1 document of a table of routes: complete, because it is made of the very values that the router and
/// the reading of bodies are made of.
struct OpenAPIDocument {
  let table: RouteTable

  /// The document, in UTF-8.
  var bytes: [UInt8] {
    var text = JSONText(capacity: 128 << 10)
    text.value(json)
    return text.bytes
  }

  private var json: JSONValue {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "beeld", "version": "1",
        "summary": "The organisation-wide administration of video coaching of teachers.",
        "description": .string(Self.description),
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      "servers": [["url": "/"]],
      "security": [["bearer": []]],
      "tags": .array(tags.map { ["name": .string($0)] }),
      "paths": .object(paths),
      "components": [
        "securitySchemes": [
          "bearer": [
            "type": "http", "scheme": "bearer",
            "description": "A token of this server, or an access token of the organisation's OpenID provider.",
          ]
        ],
        "schemas": .object(schemas),
        "headers": .object(Self.headers),
        "responses": .object(Problem.documented.map { .init(name: $0.name, value: Self.problem($0)) }),
      ],
    ]
  }

  private var tags: [String] {
    table.routes.reduce(into: []) { if !$0.contains($1.tag) { $0.append($1.tag) } }
  }

  /// Each path with its methods, in the order of the table.
  private var paths: [JSONValue.Member] {
    let order = table.routes.reduce(into: [String]()) { if !$0.contains($1.path) { $0.append($1.path) } }
    return order.map { path in
      let operations = table.routes.filter { $0.path == path }.map { route in
        JSONValue.Member(
          name: route.method.rawValue.lowercased(), value: route.operation(linkedTo: followers(of: route)))
      }
      return JSONValue.Member(name: path, value: .object(operations))
    }
  }

  /// What can be done next with what a route answers.
  private func followers(of route: Route) -> [Route] {
    guard let place = route.leadsTo else { return [] }
    return table.routes.filter { $0.path.hasPrefix(place + "/{id}") && $0.name != route.name }
  }

  private var schemas: [JSONValue.Member] {
    let all = table.routes.flatMap(\.shapes).flatMap(\.named)
    let known = all.reduce(into: [String: Shape]()) { $0[$1.name] = $1.shape }
    return [.init(name: "Problem", value: Self.problemSchema)]
      + known.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value.schema()) }
  }

  private static let description = """
    Dates are `YYYY-MM-DD` in Europe/Amsterdam, instants RFC 3339 in UTC; `until` is exclusive everywhere. A row that you \
    may not see does not exist: 404. Lists come in pages: `next` is the value of `after` for the one that follows. A \
    change needs the `ETag` of what it changes as `If-Match`. A `POST` with an `Idempotency-Key` is done once, however \
    often it is sent within 24 hours. Sentences are Dutch, or English when `Accept-Language` wants that more.
    """
}

// Parts that operations refer to.
extension OpenAPIDocument {
  private static let headers: [JSONValue.Member] = [
    .init(
      name: "ETag",
      value: header("Version and content: the value of If-Match and If-None-Match.", ["type": "string"])),
    .init(name: "Location", value: header("The address of what was made.", ["type": "string"])),
    .init(name: "Link", value: header("The next page, `rel=\"next\"` (RFC 8288).", ["type": "string"])),
    .init(name: "RetryAfter", value: header("Seconds to wait.", ["type": "integer", "minimum": 1])),
    .init(name: "WWWAuthenticate", value: header("What is missing (RFC 6750).", ["type": "string"])),
    .init(name: "RequestID", value: header("Names the request in the log and in the audit.", ["type": "string"])),
  ]

  private static func header(_ about: String, _ schema: JSONValue) -> JSONValue {
    ["description": .string(about), "schema": schema]
  }

  private static func problem(_ problem: Problem.Documented) -> JSONValue {
    var headers: [JSONValue.Member] = [.init(name: "X-Request-ID", value: ["$ref": "#/components/headers/RequestID"])]
    if let more = problem.header {
      headers.append(.init(name: more.name, value: ["$ref": .string("#/components/headers/" + more.component)]))
    }
    return [
      "description": .string(problem.about), "headers": .object(headers),
      "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
    ]
  }

  private static let problemSchema: JSONValue = [
    "type": "object",
    "description": "What went wrong, and what would help (RFC 9457).",
    "properties": [
      "type": ["type": "string", "description": "`urn:beeld:problem:` and the code."],
      "title": ["type": "string"],
      "status": ["type": "integer", "minimum": 400, "maximum": 599],
      "detail": ["type": "string", "description": "For the person who reads it, Dutch or English."],
      "code": ["type": "string", "description": "Stable: programs may rely on it."],
      "request_id": ["type": "string"],
      "allowed_transitions": [
        "type": "array", "items": ["type": "string"],
        "description": "Of a 409: the states that it may be brought to instead, by the one who asks.",
      ],
      "errors": [
        "type": "array",
        "description": "Every faulty part.",
        "items": [
          "type": "object",
          "properties": [
            "pointer": ["type": "string", "description": "Of the body, a JSON Pointer (RFC 6901)."],
            "parameter": ["type": "string", "description": "Of the address."],
            "header": ["type": "string"],
            "code": ["type": "string"],
            "detail": ["type": "string"],
          ],
          "required": ["code", "detail"],
        ],
      ],
    ],
    "required": ["type", "title", "status", "detail", "code", "request_id"],
  ]
}
