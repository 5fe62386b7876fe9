import HTTPTypes
import Hummingbird
import Postgres
import Program
import Reports

/// Report runs: the dated results of the nightly reports, and their documents in each form.
struct ReportRunRoutes {
  let database: Database
  let slots: DocumentSlots

  func add(to routes: inout RouteBuilder) {
    routes.identified(
      Route(
        .get, "/v1/report-runs", name: "listReportRuns", tag: "ReportRuns", "Runs, the latest first",
        answer: .list(of: ReportRuns.shape)
      ).with { $0.parameters = [Self.report] + Route.page }, list)
    routes.identified(
      Route(
        .get, "/v1/report-runs/{id}", name: "readReportRun", tag: "ReportRuns", "A run, or its document",
        answer: .json(ReportRuns.shape)
      ).with {
        $0.about = "JSON is the run's header; ask with Accept for the document as CSV or HTML."
        $0.hasEntityTag = true
        $0.documents = [ReportFormat.csv, .html].map(\.essence)
      }, show)
    routes.identified(
      Route(
        .get, "/v1/report-runs/{id}/rows", name: "readReportRunRows", tag: "ReportRuns", "The whole document of a run",
        answer: .documents(
          ReportFormat.allCases.map(\.essence), about: "The run, its figures and its rows; in CSV the rows alone.")),
      rows)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let runs = ReportRuns.List(page: query.page(ReportRuns.List.cursor), report: query.value(Self.report))
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(runs.query)), to: request)
  }

  /// JSON is the run's header; CSV and HTML are its document.
  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let run = ReportRuns.ByID(id: try context.id("id"))
    let format = try format(request)
    let header = try await database.read(context.identity.read(run.query))
    guard format != .json else { return try Reply.resource(header, to: request) }
    return try document(of: run.id, header: header, format, context)
  }

  /// The whole document: in JSON the run, its figures and its rows.
  @Sendable private func rows(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let run = ReportRuns.ByID(id: try context.id("id"))
    let format = try format(request)
    return try document(
      of: run.id, header: await database.read(context.identity.read(run.query)), format, context)
  }

  private static let report = Shape.Member("report", .label, "Only runs of this report.", isRequired: false)

  private func format(_ request: Request) throws(Problem) -> ReportFormat {
    let wanted = Negotiation(request.headers[.accept])
    guard let format = wanted.choose(from: ReportFormat.allCases, type: \.essence) else {
      throw .notAcceptable(ReportFormat.allCases.map(\.essence))
    }
    return format
  }

  /// Streams from the database to the client: the client's pace is the database's, and nothing is gathered between.
  ///
  /// - Parameter header: the run as the read lane showed it: whether it exists for the one who asks is known, and can
  ///   be answered properly, before the first byte is on its way.
  private func document(
    of id: UUIDv7, header: Rows, _ format: ReportFormat, _ context: IdentifiedContext
  ) throws -> Response {
    guard header.count == 1 else { throw Problem.notFound }
    guard try header.bool(0, 2) == true else { throw Problem.conflict }
    let (database, identity, language) = (database, context.identity, context.language)
    let place = try slots.take()
    let body = ResponseBody { writer in
      try await database.withSession { session in
        try await session.transaction(isolation: .repeatableRead, readOnly: true) {
          try await identity.take(session)
          let document = try await ReportDocument(of: id, as: format, in: language, session: session)
          try await document.write(in: session) { try await writer.write(ByteBuffer(bytes: $0)) }
        }
      }
      try await writer.finish(nil)
      withExtendedLifetime(place) {}
    }
    let headers: HTTPFields = [
      .contentType: format.mediaType, .contentLanguage: language.rawValue, .cacheControl: "private, no-cache",
      .vary: "Authorization, Accept, Accept-Language",
    ]
    return Response(status: .ok, headers: headers, body: body)
  }
}
