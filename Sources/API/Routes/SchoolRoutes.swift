import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What a school has beside its registration: the overview, the roll-over of its groups, the recordings to come.
struct SchoolRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/schools/{id}/overview", name: "readSchoolOverview", tag: "Schools", "A school at a glance",
        answer: .json(SchoolOverview.shape)), overview)
    routes.identified(
      Route(
        .post, "/v1/schools/{id}/groups/roll-over", .identified(.write), name: "rollOverGroups", tag: "Groups",
        "Copy the groups of a school year to the next", answer: .list(of: Noun.groups.shape)
      ).with {
        $0.about = "Under the same names; those that are there stay. Answers the groups of the next school year."
        $0.body = .form(GroupRollOver.form, .creation)
      }, rollOver)
    routes.identified(
      Route(
        .get, "/v1/schools/{id}/planned-recordings", name: "listPlannedRecordings", tag: "Schools",
        "When recordings are to be made in which group", answer: .json(PlannedRecordings.shape)
      ).with { $0.about = "For the school's administration, to prepare the class. Whose they are is not told." },
      plannedRecordings)
  }

  @Sendable private func plannedRecordings(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let school = try context.id("id")
    return try Reply.figures(await database.read(context.identity.read(PlannedRecordings.query(school))))
  }

  @Sendable private func overview(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let school = try context.id("id")
    return try Reply.figures(await database.read(context.identity.read(SchoolOverview.query(school))))
  }

  @Sendable private func rollOver(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let school = try context.id("id")
    let body = try await JSONBody(request)
    let draft = try body.draft(GroupRollOver.form, for: .creation)
    guard let command = GroupRollOver.command(school: school, draft) else { throw Problem.internal }
    let done = try await command.perform(
      as: context.identity, named: try Conditions.name(request, body.bytes), request: context.requestID.description,
      in: database)
    return try Reply.done(done, at: "/v1/schools")
  }
}
