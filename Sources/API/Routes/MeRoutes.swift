import HTTPTypes
import Hummingbird
import Postgres
import Program

/// The person who asks.
struct MeRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/me", name: "readMe", tag: "Me", "Who I am here, my roles, my own status", answer: .json(Me.shape)
      )
      .with { $0.hasEntityTag = true }, show)
    routes.identified(
      Route(
        .get, "/v1/me/tasks", name: "listMyTasks", tag: "Me", "What waits for me, the first due first",
        answer: .json(Tasks.shape)), tasks)
  }

  @Sendable private func tasks(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.figures(await database.read(context.identity.read(Tasks.query)))
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.resource(await database.read(context.identity.read(Me.query)), to: request)
  }
}
