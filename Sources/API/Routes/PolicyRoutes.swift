import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What is done with the board's rules beside entering them.
struct PolicyRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .post, "/v1/policies/dry-run", .identified(.write), name: "dryRunPolicy", tag: "Policies",
        "What changed rules would do", answer: .json(PolicyDryRun.shape)
      ).with {
        $0.about = """
          Each starter whose status would be another, and the figures of both. Takes what making one takes, refuses what \
          making one refuses, and stores nothing.
          """
        $0.body = .form(PolicyDryRun.form, .creation)
        $0.parameters = Route.page
        $0.isTrial = true
      }, tryOut)
  }

  @Sendable private func tryOut(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let page = query.page(StarterList.cursor)
    try query.finish()
    let body = try await JSONBody(request)
    let trial = PolicyDryRun(page: page, draft: try body.draft(PolicyDryRun.form, for: .creation))
    return try Reply.list(await database.write(trial.segment(as: context.identity)), to: request)
  }
}
