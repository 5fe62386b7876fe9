import HTTPTypes
import Hummingbird
import Postgres
import Program

/// The figures of the starter programme, over what the asker answers for.
struct CoverageRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified("/v1/coverage", show)
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let figures = CoverageFigures(asOf: query.date("as_of"), grouping: query.choice("group_by") ?? .board)
    try query.finish()
    return try Reply.figures(await database.read(context.identity.read(figures.query)))
  }
}
