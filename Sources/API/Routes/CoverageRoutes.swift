import HTTPTypes
import Hummingbird
import Postgres
import Program

/// The figures of the starter programme, over what the asker answers for.
struct CoverageRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/coverage", name: "readCoverage", tag: "Coverage", "Figures of the board, a school or a cohort",
        answer: .json(.coverage)
      ).with {
        $0.parameters = [.asOf, Self.grouping]
        $0.isForSome = true
      }, show)
    routes.identified(
      Route(
        .get, "/v1/coverage/forecast", name: "forecastCoverage", tag: "Coverage",
        "Deadlines to come against the places that coaches have left", answer: .json(.coverageForecast)
      ).with {
        $0.about = """
          For the adviser, as the room of coaches is. If nothing changes: places go to the earliest deadline first, so that \
          the fewest are missed; who they are, page by page.
          """
        $0.parameters = [.asOf] + Route.page
        $0.isForSome = true
      }, forecast)
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let figures = CoverageFigures(asOf: query.date(.asOf), grouping: query.choice(Self.grouping) ?? .board)
    try query.finish()
    return try Reply.figures(await database.read(context.identity.read(figures.query)))
  }

  @Sendable private func forecast(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let forecast = CoverageForecast(page: query.page(CoverageForecast.cursor), asOf: query.date(.asOf))
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(forecast.query)), to: request)
  }

  private static let grouping = Shape.Member(
    "group_by", .choice(CoverageFigures.Grouping.allCases.map(\.rawValue)),
    "Figures for each; `board` gives the total.",
    isRequired: false)
}

extension Shape.Member {
  /// The day judged, under today's knowledge.
  static let asOf = Shape.Member("as_of", .date, "The day judged, under today's knowledge; today.", isRequired: false)
}
