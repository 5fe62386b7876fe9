import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What is done with people beside registering them.
struct PersonRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .post, "/v1/people/{id}/merge", .identified(.write), name: "mergePerson", tag: "People",
        "Merge an entry into another of the same human being", answer: .json(Noun.people.shape)
      ).with {
        $0.about = "All facts move to the entry that stays; facts that contradict each other are refused with a 409."
        $0.body = .form(PersonMerge.form, .creation)
      }, merge)
  }

  @Sendable private func merge(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let duplicate = try context.id("id")
    let body = try await JSONBody(request)
    let draft = try body.draft(PersonMerge.form, for: .creation)
    guard let command = PersonMerge.command(duplicate: duplicate, draft) else { throw Problem.internal }
    let done = try await command.perform(
      as: context.identity, named: try Conditions.name(request, body.bytes), request: context.requestID.description,
      in: database)
    return try Reply.done(done, at: "/v1/people")
  }
}
