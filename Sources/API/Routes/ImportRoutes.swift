import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Imports: a file is uploaded and previewed, then committed or discarded by the one who uploaded it.
struct ImportRoutes {
  let database: Database
  /// The server's own work, which alone reaches the bytes of a file.
  let jobs: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(listing, list)
    routes.identified(reading, show)
    routes.identified(uploading, upload)
    routes.identified(moving, move)
  }

  @Sendable private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let imports = ImportRuns.List(
      page: query.page(ImportRuns.List.cursor), kind: query.value(Self.kindFilter),
      state: query.value(Self.stateFilter))
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(imports.query)), to: request)
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try await resource(try context.id("id"), request, context, status: .ok)
  }

  /// Opens the import, takes the file in as it comes, and previews it. Whatever goes wrong on the way, nothing stays.
  @Sendable private func upload(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    let begin = try command(request)
    try JSONBody.demand(Self.mediaTypes, of: request)
    try Conditions.demandName(request)
    _ = try await perform([begin.command], on: begin.id, named: Command.Name(), context)
    let digest: [UInt8]
    do {
      digest = try await ImportUpload.receive(request.body.map(\.readableBytesView), for: begin.id, in: jobs)
    } catch is ImportFile.TooLarge {
      throw Problem.tooLarge
    }
    let id = try await first(begin.id, digest, request, context)
    let rows = try await database.read(context.identity.read(ImportRuns.ByID(id: id).query))
    if ImportRuns.ByID.state(rows) == "uploading" {
      try await ImportRun(id, in: jobs, request: context.requestID.description).preview()
    }
    return try await resource(id, request, context, status: .created)
  }

  /// The import that has this name: this one, or the one that the same file made before, and then this one goes.
  ///
  /// A file is given its name when it is whole, since the name is its bytes' too; what breaks off before has none, and
  /// is sent again like new.
  private func first(
    _ id: UUIDv7, _ digest: [UInt8], _ request: Request, _ context: IdentifiedContext
  ) async throws -> UUIDv7 {
    guard request.headers[.idempotencyKey] != nil else { return id }
    do {
      let done = try await perform([], on: id, named: try Conditions.name(request, digest), context)
      guard done.isRepeated, let known = UUIDv7(done.resource) else { return id }
      try await ImportRun(id, in: jobs).discard()
      return known
    } catch let error as PostgresError {
      // Where nobody knows whether it got the name, it stays for whoever sends it again.
      if case .server = error { try await ImportRun(id, in: jobs).discard() }
      throw error
    }
  }

  @Sendable private func move(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let id = try context.id("id")
    let version = try Conditions.version(request)
    let body = try await JSONBody(request)
    let state = try body.draft(Self.form, for: .creation).text("to")
    // Who sees it made it; the rest is asked again in the transaction of the act.
    let known = try await database.write(
      Segment(ImportRuns.ByID(id: id).query, after: [context.identity.identify(for: .import)]))
    guard !known.isEmpty else { throw Problem.notFound }
    // The name is given before the act, which is another transaction: done is what has both, the name and the state.
    var isRepeated = false
    if request.headers[.idempotencyKey] != nil {
      isRepeated = try await perform([], on: id, named: Conditions.name(request, body.bytes), context).isRepeated
    }
    if !isRepeated || ImportRuns.ByID.state(known) != state {
      let run = ImportRun(id, in: jobs, request: context.requestID.description)
      if state == "discarded" {
        try await run.discard(version: version)
      } else if case .changedSincePreview = try await run.commit(version: version) {
        throw Problem.changedSincePreview
      }
    }
    return try await resource(id, request, context, status: .ok)
  }

  private func perform(
    _ acts: [BoundStatement], on id: UUIDv7, named name: Command.Name, _ context: IdentifiedContext
  ) async throws -> Command.Done {
    let command = Command(
      acts, on: id.description, status: 201, read: { ImportRuns.ByID(id: UUIDv7($0) ?? id).query })
    return try await command.perform(
      as: context.identity, named: name, request: context.requestID.description, scope: .import, in: database)
  }

  private func resource(
    _ id: UUIDv7, _ request: Request, _ context: IdentifiedContext, status: HTTPResponse.Status
  ) async throws -> Response {
    let rows = try await database.read(context.identity.read(ImportRuns.ByID(id: id).query))
    guard let (version, body) = try ImportRuns.ByID.resource(rows, in: context.language) else { throw Problem.notFound }
    var response = Reply.worded(body, version: version, in: context.language, status: status, to: request)
    if status == .created { response.headers[.location] = "/v1/imports/\(id)" }
    return response
  }

  private func command(_ request: Request) throws(Problem) -> BeginImport {
    var query = QueryReader(request.uri.query)
    let kind = query.value(ImportRuns.kind).flatMap(ImportKind.init(named:))
    let options = ImportOptions(board: query.value(ImportRuns.board), date: query.date(ImportRuns.date))
    let fileName = query.value(ImportRuns.fileName)
    if kind?.name != ImportKind.schools.name {
      for parameter in [ImportRuns.board, ImportRuns.date] where query.wasGiven(parameter) {
        query.refuse(.unknown(parameter: parameter.name))
      }
    }
    try query.finish()
    guard let kind else { throw .internal }
    return BeginImport(kind, options: options, fileName: fileName)
  }
}

// What is to be said of the routes.
extension ImportRoutes {
  private static let mediaTypes = ["text/csv", "application/octet-stream"]
  private static let form = Route.transitionForm(["committed", "discarded"])
  private static let kindFilter = Shape.Member("kind", ImportRuns.kind.shape, "Only of this kind.", isRequired: false)
  private static let stateFilter = Shape.Member(
    "state", .choice(["uploading", "previewed", "committed", "discarded"]), "Only in this state.", isRequired: false)

  private var listing: Route {
    Route(
      .get, "/v1/imports", name: "listImports", tag: "Imports", "One's own imports, the newest first",
      answer: .list(of: ImportRuns.item)
    ).with { $0.parameters = [Self.kindFilter, Self.stateFilter] + Route.page }
  }

  private var reading: Route {
    Route(
      .get, "/v1/imports/{id}", name: "readImport", tag: "Imports", "An import with its preview",
      answer: .json(ImportRuns.shape)
    ).with { $0.hasEntityTag = true }
  }

  private var uploading: Route {
    Route(
      .post, "/v1/imports", .identified(.import), name: "uploadImport", tag: "Imports",
      "Upload a file and see what it would change", answer: .json(ImportRuns.shape, status: 201)
    ).with {
      $0.about = """
        At most 32 MiB of CSV, taken in as it comes. Nothing is changed: the answer names every faulty row and the \
        difference that a commit would make. The file is kept until it is committed or discarded, a day at most.
        """
      $0.parameters = [ImportRuns.kind, ImportRuns.board, ImportRuns.date, ImportRuns.fileName]
      $0.body = .file("text/csv")
      $0.leadsTo = "/v1/imports"
    }
  }

  private var moving: Route {
    Route(
      .post, "/v1/imports/{id}/transitions", .identified(.import), name: "moveImport", tag: "Imports",
      "Commit an import, or discard it", answer: .json(ImportRuns.shape)
    ).with {
      $0.about = """
        A commit makes the difference that was previewed, all of it or nothing; when others have changed meanwhile what \
        it would change, it is a 409 and there is a new preview.
        """
      $0.body = .transition(["committed", "discarded"])
      $0.isConditional = true
    }
  }
}
