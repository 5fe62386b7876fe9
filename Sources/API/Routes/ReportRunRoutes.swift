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
        $0.about = "JSON is the run's header; ask with Accept for the document as CSV, XLSX or HTML."
        $0.hasEntityTag = true
        $0.documents = ReportFormat.allCases.filter { $0 != .json }.map(\.essence)
        $0.leadsTo = "/v1/report-runs"
      }, show)
    routes.identified(
      Route(
        .get, "/v1/report-runs/{id}/rows", name: "readReportRunRows", tag: "ReportRuns", "The whole document of a run",
        answer: .documents(
          ReportFormat.allCases.map(\.essence), about: "The run, its figures and its rows; in CSV the rows alone.")
      ).with {
        $0.about = "The same cells in every form: codes as they are, on the page with what they mean."
        $0.parameters = [Self.byteOrderMark]
      }, rows)
    routes.identified(
      Route(
        .get, "/v1/report-runs/{id}/diff", name: "readReportRunDiff", tag: "ReportRuns",
        "What changed since an earlier run",
        answer: .documents(
          ReportFormat.allCases.map(\.essence),
          about: "The two runs, how many exceptions are new, resolved and still open, and each of them.")
      ).with {
        $0.about = """
          Exceptions that are new, resolved, or still open, with the days since they were first seen in an unbroken series \
          of runs, and what somebody said of them.
          """
        $0.parameters = [Self.against, Self.byteOrderMark]
      }, diff)
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
    var query = QueryReader(request.uri.query)
    let hasByteOrderMark = query.flag(Self.byteOrderMark) ?? false
    try query.finish()
    let run = ReportRuns.ByID(id: try context.id("id"))
    let format = try format(request)
    let header = try await database.read(context.identity.read(run.query))
    return try document(of: run.id, header: header, format, context, hasByteOrderMark: hasByteOrderMark)
  }

  /// What changed: against the run that the asker names, or the one before.
  @Sendable private func diff(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let against = query.value(Self.against).flatMap { UUIDv7($0) }
    let hasByteOrderMark = query.flag(Self.byteOrderMark) ?? false
    let run = ReportRuns.ByID(id: try context.id("id"))
    let format = try format(request)
    let header = try await database.read(context.identity.read(run.query))
    if let against, header.count == 1 {
      let comparable = try await database.read(
        context.identity.read(ReportRuns.Comparable(run: run.id, against: against).query))
      if comparable.count == 0 { query.refuse(Self.notComparable) }
    }
    try query.finish()
    return try document(
      of: run.id, header: header, format, context, hasByteOrderMark: hasByteOrderMark, comparedWith: .some(against))
  }

  private static let report = Shape.Member("report", .label, "Only runs of this report.", isRequired: false)
  private static let byteOrderMark = Shape.Member(
    "byte_order_mark", .flag, "CSV begins with a byte order mark, which some spreadsheets want.", isRequired: false)
  private static let against = Shape.Member(
    "against", .id, "An earlier run of the same report; the last of the latest earlier day where nothing is said.",
    isRequired: false)
  private static let notComparable = Fault(
    .parameter("against"), code: "not_comparable",
    dutch: "Noem een eerdere, geslaagde uitgave van dezelfde rapportage.",
    english: "Name an earlier run of the same report that has succeeded.")

  private func format(_ request: Request) throws(Problem) -> ReportFormat {
    let wanted = Negotiation(request.headers[.accept])
    guard let format = wanted.choose(from: ReportFormat.allCases, type: \.essence) else {
      throw .notAcceptable(ReportFormat.allCases.map(\.essence))
    }
    return format
  }

  /// Streams from the database to the client: the client's pace is the database's, and nothing is gathered between.
  ///
  /// - Parameters:
  ///   - header: the run as the read lane showed it: whether it exists for the one who asks is known, and can be
  ///     answered properly, before the first byte is on its way.
  ///   - earlier: what it is compared with, `.some(nil)` being the run before it; nil: its rows, and no comparison.
  private func document(
    of id: UUIDv7, header: Rows, _ format: ReportFormat, _ context: IdentifiedContext, hasByteOrderMark: Bool = false,
    comparedWith earlier: UUIDv7?? = nil
  ) throws -> Response {
    guard header.count == 1 else { throw Problem.notFound }
    guard try header.bool(0, 2) == true else { throw Problem.conflict }
    let (database, identity, language) = (database, context.identity, context.language)
    let place = try slots.take()
    let body = ResponseBody { writer in
      try await database.withSession { session in
        try await session.transaction(isolation: .repeatableRead, readOnly: true) {
          try await identity.take(session)
          var document =
            if let earlier {
              try await ReportDocument(
                ofChangesIn: id, against: earlier, as: format, in: language, session: session)
            } else {
              try await ReportDocument(of: id, as: format, in: language, session: session)
            }
          document.hasByteOrderMark = hasByteOrderMark
          try await document.write(in: session) { try await writer.write(ByteBuffer(bytes: $0)) }
        }
      }
      try await writer.finish(nil)
      withExtendedLifetime(place) {}
    }
    var headers: HTTPFields = [
      .contentType: format.mediaType, .contentLanguage: language.rawValue, .cacheControl: "private, no-cache",
      .vary: "Authorization, Accept, Accept-Language",
    ]
    if let ending = format.fileEnding, let name = header.string(0, 3) {
      headers[.contentDisposition] = "attachment; filename=\"\(name)\(earlier == nil ? "" : "-diff").\(ending)\""
    }
    return Response(status: .ok, headers: headers, body: body)
  }
}
