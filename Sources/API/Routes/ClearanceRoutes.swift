import HTTPTypes
import Hummingbird
import Postgres
import Program

/// May a recording be made? As JSON, and as the card that the coach takes along.
struct ClearanceRoutes {
  let database: Database
  let vault: Vault

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/recordings/{id}/clearance", name: "readClearance", tag: "Recordings", "May it be made?",
        answer: .json(Clearance.shape)
      ).with {
        $0.about = """
          With every reason against it, and who can lift it; of a recording that was made, as it was judged then. For \
          the teacher and the coach. Ask with Accept for a card to print, on which the coach finds the pupils to keep \
          out of the picture; that they read of them is in the audit.
          """
        $0.documents = [Form.card.rawValue]
      }, show)
  }

  private enum Form: String, CaseIterable {
    case json = "application/json"
    case card = "text/html"
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let id = try context.id("id")
    let wanted = Negotiation(request.headers[.accept])
    guard let form = wanted.choose(from: Form.allCases, type: \.rawValue) else {
      throw Problem.notAcceptable(Form.allCases.map(\.rawValue))
    }
    let rows = try await database.read(context.identity.read(Clearance.query(id)))
    guard let clearance = try Clearance(rows) else { throw Problem.notFound }
    switch form {
    case .json: return Reply.json(clearance.json(in: context.language), language: context.language)
    case .card: return try await card(of: id, clearance, context)
    }
  }

  private func card(of id: UUIDv7, _ clearance: Clearance, _ context: IdentifiedContext) async throws -> Response {
    var pupils: [UUIDv7: String] = [:]
    for objection in Set((clearance.measures ?? []).map(\.objection)) {
      pupils[objection] = try await vault.pupil(
        of: objection, as: context.identity, request: context.requestID.description)
    }
    let rows = try await database.read(context.identity.read(ClearanceCard.query(id)))
    guard let card = ClearanceCard(rows, clearance, pupils: pupils) else { throw Problem.notFound }
    return Reply.page(try ClearanceCardPage(card, context.language).bytes(), in: context.language)
  }
}
