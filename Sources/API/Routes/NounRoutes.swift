import HTTPTypes
import Hummingbird
import Postgres
import Program

/// The routes of one noun: list, one, make, change, remove, transitions, as far as it knows them.
struct NounRoutes {
  let noun: Noun
  let database: Database
  let vault: Vault

  func add(to routes: inout RouteBuilder) {
    routes.identified(listing, list)
    routes.identified(reading, show)
    if let form = noun.form, noun.isCreatable {
      routes.identified(creation(form)) { try await create(form, $0, $1) }
    }
    if let form = noun.form, noun.isChangeable {
      routes.identified(changing(form)) { try await change(form, $0, $1) }
    }
    if noun.isRemovable { routes.identified(removal, remove) }
    if let transitions = noun.transitions {
      routes.identified(transition(transitions)) { try await move(transitions, $0, $1) }
    }
  }

  private func list(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    var query = QueryReader(request.uri.query)
    let page = query.page(noun.cursor)
    let parent = noun.parent == nil ? [] : [try context.id("id").description]
    let values = parent + filters.map { query.value($0) }
    try query.finish()
    return try Reply.list(await database.read(context.identity.read(noun.page(page, values))), to: request)
  }

  private func show(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    return try Reply.resource(
      await database.read(context.identity.read(noun.one(try key(context)))), to: request)
  }

  private func create(_ form: Form, _ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let parent = try noun.parent.map { ($0, try context.id("id").description) }
    let body = try await JSONBody(request)
    let draft = try body.draft(form, for: .creation)
    let id = UUIDv7()
    return try await perform(
      parent.map { draft.with($0, $1) } ?? draft, of: id.description, request, body.bytes, context
    ) { noun.creating($0, id: id) }
  }

  private func change(_ form: Form, _ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let id = try key(context)
    let version = try Conditions.version(request)
    let body = try await JSONBody(request, types: Self.patchTypes)
    let draft = try body.draft(form, for: .change)
    return try await perform(noun.changing(id, version: version, draft), request, body.bytes, context)
  }

  private func remove(_ request: Request, _ context: IdentifiedContext) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let version = try Conditions.version(request)
    return try await perform(noun.removing(try key(context), version: version), request, [], context)
  }

  private func move(
    _ transitions: Noun.Transitions, _ request: Request, _ context: IdentifiedContext
  ) async throws -> Response {
    try QueryReader(request.uri.query).finish()
    let id = try key(context)
    let version = try Conditions.version(request)
    let body = try await JSONBody(request)
    let draft = try body.draft(transitions.form, for: .creation)
    return try await perform(draft, of: id, request, body.bytes, context) { noun.moving(id, version: version, $0) }
  }

  /// Does what a draft asks for. Texts that came with it go their own way: sealed, beside the statement, and never into
  /// it.
  private func perform(
    _ draft: Draft, of id: String, _ request: Request, _ body: [UInt8], _ context: IdentifiedContext,
    _ make: (Draft) -> Command?
  ) async throws -> Response {
    guard let texts = noun.texts, case let parts = texts.part(draft), !parts.texts.isEmpty, let item = UUIDv7(id) else {
      return try await perform(make(draft), request, body, context)
    }
    guard let command = make(parts.facts) else { throw Problem.internal }
    let name = try Conditions.name(request, try vault.veil(body))
    let done = try await vault.write(
      parts.texts, of: item, replacing: .anyOrNone, follows: texts.place == .before, school: texts.school(in: draft),
      as: context.identity
    ) { acts in
      try await texts.join(acts, to: command).perform(
        as: context.identity, named: name, request: context.requestID.description, in: database)
    }
    return try Reply.done(done, at: "/v1/" + noun.path)
  }

  private func perform(
    _ command: Command?, _ request: Request, _ body: [UInt8], _ context: IdentifiedContext
  ) async throws -> Response {
    guard let command else { throw Problem.internal }
    let done = try await command.perform(
      as: context.identity, named: try Conditions.name(request, body), request: context.requestID.description,
      in: database)
    return try Reply.done(done, at: "/v1/" + noun.path)
  }

  /// The key in the address. A malformed one names nothing that exists.
  private func key(_ context: IdentifiedContext) throws(Problem) -> String {
    if noun.hasUUID { return try context.id("id").description }
    guard let key = context.parameters.get("id"), key.utf8.count <= 40, !key.utf8.contains(0) else { throw .notFound }
    return key
  }

  /// The filters that stand in the query: what they belong to stands in the path.
  private var filters: ArraySlice<Shape.Member> { noun.list.filters.dropFirst(noun.parent == nil ? 0 : 1) }

  private static let patchTypes = ["application/merge-patch+json", "application/json"]
}

// What is to be said of the routes.
extension NounRoutes {
  private var collection: String { "/v1/" + noun.collection }
  private var single: String { "/v1/" + noun.path + "/{id}" }
  private var plural: String {
    noun.path.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private var listing: Route {
    Route(
      .get, collection, name: "list" + plural, tag: plural, "List them, page by page",
      answer: .list(of: noun.list.item ?? noun.shape)
    ).with {
      $0.about = noun.about
      $0.parameters = filters + Route.page
    }
  }

  private var reading: Route {
    Route(.get, single, name: "read" + noun.name, tag: plural, "Read one", answer: .json(noun.shape)).with {
      $0.hasEntityTag = true
      $0.leadsTo = noun.hasUUID ? "/v1/" + noun.path : nil
      $0.pathShapes = keyShapes
    }
  }

  private func creation(_ form: Form) -> Route {
    Route(
      .post, collection, .identified(.write), name: "create" + noun.name, tag: plural, "Make one",
      answer: .json(noun.shape, status: 201)
    ).with {
      $0.body = .form(form, .creation)
      $0.leadsTo = noun.hasUUID ? "/v1/" + noun.path : nil
    }
  }

  private func changing(_ form: Form) -> Route {
    Route(
      .patch, single, .identified(.write), name: "change" + noun.name, tag: plural, "Change one",
      answer: .json(noun.shape)
    ).with {
      $0.about = "A JSON merge patch (RFC 7396): fields that are not named stay as they are. History is in the audit."
      $0.body = .form(form, .change)
      $0.isConditional = true
    }
  }

  private var removal: Route {
    Route(
      .delete, single, .identified(.write), name: "remove" + noun.name, tag: plural, "Remove one that was a mistake",
      answer: .none
    ).with {
      $0.about = "What it said stays in the audit."
      $0.isConditional = true
    }
  }

  private func transition(_ transitions: Noun.Transitions) -> Route {
    Route(
      .post, single + "/transitions", .identified(.write), name: "move" + noun.name, tag: plural,
      "Bring one to another state", answer: .json(noun.shape)
    ).with {
      $0.about = "To one of its `allowed_transitions`."
      $0.body = .form(transitions.form, .creation)
      $0.isConditional = true
    }
  }

  private var keyShapes: [String: Shape] { noun.hasUUID ? [:] : ["id": .text] }
}

extension Route {
  /// `limit` and `after`.
  static let page: [Shape.Member] = [
    .init("limit", .integer(Page.limits), "How many at most; 50 where nothing is said.", isRequired: false),
    .init("after", .text, "`next` of the page before.", isRequired: false),
  ]

  static func transitionForm(_ states: [String]) -> Form {
    Form([Field("to", .choice(states), "The state it is to have.", example: "\"\(states.first ?? "")\"")])
  }
}
