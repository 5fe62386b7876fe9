import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Figures of the board that are no coverage.
struct FigureRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/figures/own-wishes", name: "readOwnWishFigures", tag: "Figures",
        "Voluntary requests, by school year that is over", answer: .json(OwnWishFigures.shape)
      ).with {
        $0.about = """
          For the adviser. Of the whole board, without filters and without a total; what speaks of fewer than five teachers \
          is not told, nor what would give it away by a difference. Counted once, after 31 July, and never again.
          """
        $0.isForSome = true
      }, ownWishes)
  }

  @Sendable private func ownWishes(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.figures(await database.read(context.identity.read(OwnWishFigures.query)))
  }
}
