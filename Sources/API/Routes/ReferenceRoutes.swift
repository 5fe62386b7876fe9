import HTTPTypes
import Hummingbird
import Program

/// The reference of the API: for programs and for people. Without identity: nothing of anybody's data.
struct ReferenceRoutes {
  /// Adds them last: they describe all routes, themselves included.
  static func add(to routes: inout RouteBuilder) {
    var table = routes.table
    table.routes += [document, page]
    let described = table
    let json = FixedDocument("application/json; charset=utf-8") { OpenAPIDocument(table: described).bytes }
    routes.open(document) { request, _ in try Reply.fixed(json, to: request) }
    let html = FixedDocument("text/html; charset=utf-8") { try ReferencePage(table: described).bytes() }
    routes.open(page) { request, _ in try Reply.fixed(html, to: request) }
  }

  private static let document = Route(
    .get, "/openapi.json", .open, name: "readDocument", tag: "Operation", "This document",
    answer: .documents(["application/json"], about: "OpenAPI 3.1."))

  private static let page = Route(
    .get, "/docs", .open, name: "readReference", tag: "Operation", "The reference, for people",
    answer: .documents(["text/html"], about: "A page that is complete in itself."))
}
