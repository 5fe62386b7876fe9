import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What is done with requests beside making them and bringing them on.
struct RequestRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/requests/{id}/suggested-coaches", name: "suggestCoaches", tag: "Requests",
        "Who may take it on, the best first, and why", answer: .json(SuggestedCoaches.shape)
      ).with {
        $0.about = "For the adviser."
        $0.mayRefuse = true
      }, suggestions)
    routes.identified(
      Route(
        .post, "/v1/requests/invitations", .identified(.write), name: "inviteStarters", tag: "Requests",
        "Invite many starters at once", answer: .list(of: Noun.requests.shape)
      ).with {
        $0.about = "All or nobody. Answers the invitations that wait for an answer."
        $0.body = .form(Invitations.form, .creation)
      }, invite)
  }

  @Sendable private func suggestions(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let id = try context.id("id")
    return try Reply.figures(await database.read(context.identity.read(SuggestedCoaches.query(id))))
  }

  @Sendable private func invite(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let body = try await JSONBody(request)
    let draft = try body.draft(Invitations.form, for: .creation)
    guard let command = Invitations.command(draft) else {
      throw Problem.invalidFields([.missing(pointer: "/teachers")])
    }
    let done = try await command.perform(
      as: context.identity, named: try Conditions.name(request, body.bytes), request: context.requestID.description,
      in: database)
    return try Reply.done(done, at: "/v1/requests")
  }
}
