import HTTPTypes
import Hummingbird
import Postgres
import Program

/// What belongs to consents beside giving and withdrawing them.
struct ConsentRoutes {
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/me/recipients", name: "listRecipients", tag: "Consents",
        "To whom I may open content of mine", answer: .json(Recipients.shape)
      ).with { $0.about = "The coaches, the advisers, and the directors of the schools where I work." }, list)
    routes.identified(
      Route(
        .get, "/v1/consents/count", name: "countConsents", tag: "Consents", "How many consents there are",
        answer: .json(ConsentCounts.shape)
      ).with {
        $0.about = "Of the whole board, for the privacy officer, who sees none of them."
        $0.isForSome = true
      }, count)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.figures(await database.read(context.identity.read(Recipients.query)))
  }

  @Sendable private func count(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.figures(await database.read(context.identity.read(ConsentCounts.query)))
  }
}
