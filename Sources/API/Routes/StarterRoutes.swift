import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Starting teachers: who they are, what their deadline is and why.
struct StarterRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/starters", name: "listStarters", tag: "Starters", "Starters with their status, by deadline",
        answer: .list(of: .starter)
      ).with { $0.parameters = Filter.all + Route.page }, list)
    routes.identified(
      Route(
        .get, "/v1/starters/{person}/explanation", name: "explainStarter", tag: "Starters", "The proof of a deadline",
        answer: .json(.explanation)
      ).with { $0.parameters = [.asOf] }, explain)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let starters = StarterList(
      page: query.page(StarterList.cursor), asOf: query.date(.asOf), school: query.value(Filter.school),
      coverage: query.choice(Filter.coverage), urgency: query.choice(Filter.urgency),
      employment: query.choice(Filter.employment), isDataIncomplete: query.flag(Filter.dataIncomplete),
      search: query.value(Filter.search))
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(starters.query)), to: request)
  }

  @Sendable private func explain(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let explanation = Explanation.ForPerson(person: try context.id("person"), asOf: query.date(.asOf))
    try query.finish()
    let rows = try await database.read(context.identity.read(explanation.query))
    guard let json = try Explanation(rows)?.json(in: context.language) else { throw Problem.notFound }
    return Reply.json(json, language: context.language)
  }

  private enum Filter {
    static let school = Shape.Member(
      "school", .pattern(.schoolCode), "Code of the school of attribution.", isRequired: false)
    static let coverage = Shape.Member(
      "coverage", .choice(Coverage.allCases.map(\.rawValue)), "`out_of_scope` is listed only when asked for.",
      isRequired: false)
    static let urgency = Shape.Member(
      "urgency", .choice(Urgency.allCases.map(\.rawValue)), "Only these.", isRequired: false)
    static let employment = Shape.Member(
      "employment", .choice(EmploymentAxis.allCases.map(\.rawValue)), "Only these.", isRequired: false)
    static let dataIncomplete = Shape.Member(
      "data_incomplete", .flag, "Only those of whom a fact is missing, or only the others.", isRequired: false)
    static let search = Shape.Member(
      "q", .label, "Part of the name, either case, or the whole person number.", isRequired: false)

    static let all = [Shape.Member.asOf, school, coverage, urgency, employment, dataIncomplete, search]
  }
}
