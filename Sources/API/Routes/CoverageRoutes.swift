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
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let figures = CoverageFigures(asOf: query.date(.asOf), grouping: query.choice(Self.grouping) ?? .board)
    try query.finish()
    return try Reply.figures(await database.read(context.identity.read(figures.query)))
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
