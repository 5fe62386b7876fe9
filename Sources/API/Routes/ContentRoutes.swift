import HTTPTypes
import Hummingbird
import Postgres
import Program

/// Texts of teachers and schools, each at an address of its own: read, and written as a whole.
struct ContentRoutes {
  let kind: ContentKind
  let vault: Vault
  let database: Database

  func add(to routes: inout RouteBuilder) {
    routes.identified(reading, show)
    routes.identified(writing, write)
  }

  @Sendable private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let opened = try await vault.read(
      kind, of: try context.id("id"), as: context.identity, request: context.requestID.description)
    return try Reply.content(opened, status: .ok, to: request)
  }

  @Sendable private func write(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let id = try context.id("id")
    let known = try Conditions.known(request)
    let draft = try await JSONBody(request).draft(kind.form, for: .creation)
    let status = known == .first ? 201 : 200
    let done = try await vault.write([Plaintext(kind, draft)], of: id, replacing: known, as: context.identity) { acts in
      // A name of our own: that of the client would keep a hash of the text, by which a guess could be tried.
      try await vault.replacing(kind, of: id, by: acts, status: status).perform(
        as: context.identity, named: Command.Name(), request: context.requestID.description, in: database)
    }
    return try Reply.content(vault.opened(done, kind, of: id), status: .init(code: status), to: request)
  }

  private var path: String { "/v1/" + kind.path }

  private var reading: Route {
    Route(.get, path, name: "read" + kind.name, tag: kind.tag, "Read the text", answer: .json(kind.shape)).with {
      $0.about = kind.about + " " + kind.owner.readings
      $0.hasEntityTag = true
    }
  }

  private var writing: Route {
    Route(
      .put, path, .identified(.write), name: "write" + kind.name, tag: kind.tag, "Write the text, as a whole",
      answer: .json(kind.shape)
    ).with {
      $0.about =
        kind.owner.writers + " `If-None-Match: *` for the first text, `If-Match` for one that replaces another."
      $0.body = .form(kind.form, .creation)
      $0.isWhole = true
    }
  }
}

extension ContentKind.Owner {
  fileprivate var readings: String {
    switch self {
    case .teacher: "Its teacher sees in the audit who else read it."
    case .school: "Who else read it, the privacy officer sees in the audit."
    }
  }

  fileprivate var writers: String {
    switch self {
    case .teacher: "By the teacher alone."
    case .school: "By those who answer for the school alone."
    }
  }
}
