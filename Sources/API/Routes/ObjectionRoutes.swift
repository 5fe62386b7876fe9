import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What is asked of notices and objections beside the rows themselves.
struct ObjectionRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .post, "/v1/schools/{id}/notices/proposals", .identified(.write), name: "proposeNotices", tag: "Notices",
        "Copy the notices of a school year to the next, as proposals", answer: .list(of: Noun.notices.shape)
      ).with {
        $0.about = "Where there is none yet. Nothing counts until somebody attests it by giving the day."
        $0.body = .form(NoticeProposals.form, .creation)
      }, propose)
    routes.identified(
      Route(
        .get, "/v1/objections/count", name: "countObjections", tag: "Objections", "How many objections there are",
        answer: .json(ObjectionCounts.shape)
      ).with {
        $0.about = "Of the whole board, for the adviser, who sees none of them, and the privacy officer."
        $0.isForSome = true
      }, count)
    routes.identified(
      Route(
        .get, "/v1/objections/{id}/impact", name: "readObjectionImpact", tag: "Objections",
        "What an objection touches, and who must do what", answer: .json(ObjectionImpact.shape)
      ).with { $0.about = "For those who answer for the school, as far as each may see recordings." }, impact)
  }

  @Sendable private func propose(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let school = try context.id("id")
    let body = try await JSONBody(request)
    let draft = try body.draft(NoticeProposals.form, for: .creation)
    guard let command = NoticeProposals.command(school: school, draft) else { throw Problem.internal }
    let done = try await command.perform(
      as: context.identity, named: try Conditions.name(request, body.bytes), request: context.requestID.description,
      in: database)
    return try Reply.done(done, at: "/v1/schools")
  }

  @Sendable private func count(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.figures(await database.read(context.identity.read(ObjectionCounts.query)))
  }

  @Sendable private func impact(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let objection = try context.id("id")
    return try Reply.figures(await database.read(context.identity.read(ObjectionImpact.query(objection))))
  }
}
