import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Who did what.
struct AuditRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/audit", name: "listAudit", tag: "Audit", "Changes of facts, the latest first",
        answer: .list(of: AuditTrail.item)
      ).with {
        $0.about = """
          On one's own data, and one's own acts; everything for the privacy officer, security events for the system \
          administrator.
          """
        $0.parameters = AuditTrail.filters + Route.page
      }, list)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let page = query.page(AuditTrail.cursor)
    let values = AuditTrail.filters.map { query.value($0) }
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(AuditTrail.page(page, values))), to: request)
  }
}
