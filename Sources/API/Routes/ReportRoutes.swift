import HTTPTypes
import Hummingbird
import Postgres
import Program
import Reports

/// The reports there are: what they tell, in which columns, and what their codes mean.
struct ReportRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/reports", name: "listReports", tag: "Reports", "The reports there are for me",
        answer: .list(of: ReportCatalogue.shape)
      ).with { $0.about = "All of them at once, in the language that is asked for." }, list)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let rows = try await database.read(context.identity.read(ReportCatalogue.query))
    return Reply.json(ReportCatalogue.json(rows, in: context.language), language: context.language)
  }
}
