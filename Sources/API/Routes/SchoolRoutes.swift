import HTTPTypes
import Hummingbird
import Postgres
import Program

/// School locations.
struct SchoolRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified("/v1/schools", list)
    routes.identified("/v1/schools/{id}", show)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let schools = School.List(page: query.page(School.List.cursor), search: query.text("q"), isOpen: query.flag("open"))
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(schools.query)), to: request)
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let school = School.ByID(id: try context.id("id"))
    return try Reply.resource(await database.read(context.identity.read(school.query)), to: request)
  }
}
