import HTTPTypes
import Hummingbird
import Program

/// The reference of the API: for programs and for people. Without identity: nothing of anybody's data.
struct ReferenceRoutes {
  /// Adds them last: they describe all routes, themselves included.
  static func add(to routes: inout RouteBuilder) {
    var table = routes.table
    table.routes += [document, page]
    let json = ByteBuffer(bytes: OpenAPIDocument(table: table).bytes)
    routes.open(document) { request, _ in Reply.fixed(json, "application/json; charset=utf-8", to: request) }
    let described = table
    routes.open(page) { request, _ in
      Reply.fixed(
        ByteBuffer(bytes: try ReferencePage(table: described).bytes()), "text/html; charset=utf-8", to: request)
    }
  }

  private static let document = Route(
    .get, "/openapi.json", .open, name: "readDocument", tag: "Operation", "This document",
    answer: .documents(["application/json"], about: "OpenAPI 3.1."))

  private static let page = Route(
    .get, "/docs", .open, name: "readReference", tag: "Operation", "The reference, for people",
    answer: .documents(["text/html"], about: "A page that is complete in itself."))
}
