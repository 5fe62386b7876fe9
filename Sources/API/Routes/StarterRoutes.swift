import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Starting teachers: who they are, what their deadline is and why.
struct StarterRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified("/v1/starters", list)
    routes.identified("/v1/starters/{person}/explanation", explain)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let starters = StarterList(
      page: query.page(StarterList.cursor), asOf: query.date("as_of"), school: query.text("school", limit: 6),
      coverage: query.choice("coverage"), urgency: query.choice("urgency"), employment: query.choice("employment"),
      isDataIncomplete: query.flag("data_incomplete"), search: query.text("q"))
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(starters.query)), to: request)
  }

  @Sendable private func explain(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let explanation = Explanation.ForPerson(person: try context.id("person"), asOf: query.date("as_of"))
    try query.finish()
    let rows = try await database.read(context.identity.read(explanation.query))
    guard let json = try Explanation(rows)?.json(in: context.language) else { throw Problem.notFound }
    return Reply.json(json, language: context.language)
  }
}
