import Postgres

/// A kind of resource: everything that its routes, its documentation and its tests need to know of it.
///
/// Each noun is one file with one of these. Visibility and rights are not in it: those are the database's.
public struct Noun: Sendable {
  /// Its address without the base, `employments`.
  public let path: String
  /// Where they are listed and made: the same, or below what they belong to, `schools/{id}/groups`.
  public let collection: String
  /// The column of the draft for the id of what they belong to, which is then the first filter of the list too.
  public let parent: String?
  /// Its name in the document, `Employment`.
  public let name: String
  /// What one is.
  public let about: String
  /// What `GET` answers.
  public let shape: Shape
  /// Reads one: columns `version` and `body`.
  let one: Statement
  public let list: Listing
  public let form: Form?
  let creation: Creation?
  let change: Change?
  let removal: Removal?
  public let transitions: Transitions?
  /// Texts that may come with what makes or moves one.
  public let texts: Texts?

  /// How a list is asked for.
  public struct Listing: Sendable {
    /// Parameters: the keys of the place, the limit, the filters in order.
    let statement: Statement
    /// What the keys of a place look like.
    public let keys: [Shape]
    public let filters: [Shape.Member]
    /// What one item is, where it is less than the whole resource.
    public let item: Shape?

    init(_ statement: Statement, keys: [Shape], filters: [Shape.Member] = [], item: Shape? = nil) {
      self.statement = statement
      self.keys = keys
      self.filters = filters.map(\.optional)
      self.item = item
    }
  }

  struct Creation: Sendable {
    /// Refuses references to what does not exist for the asker. Parameter: the draft.
    var references: Statement?
    /// Parameters: the id, the draft.
    let statement: Statement
    /// Column of the draft that names the new one, where the server does not: a policy goes by its first day.
    var key: String?
  }

  struct Change: Sendable {
    /// The table whose row is held and whose version is compared; nil where the statement does so itself.
    let table: String?
    var references: Statement?
    /// Parameters: the id, the draft; without `table` the id, the version, the draft.
    let statement: Statement
  }

  struct Removal: Sendable {
    let table: String
    let statement: Statement
  }

  /// How one is brought to another state; by whom to which, `allowed_transitions` tells.
  public struct Transitions: Sendable {
    /// `to`, and what else a step needs.
    public let form: Form
    /// Parameters: the id, the version, the draft.
    let statement: Statement

    /// - Parameter fields: beside `to`; which of them a step needs and takes, the steps say.
    init(_ steps: [Variants.Case], fields: [Field] = [], _ statement: Statement) {
      let first = steps.first?.value ?? ""
      let to = Field("to", .choice(steps.map(\.value)), "The state it is to have.", example: "\"\(first)\"")
      form = Form([to] + fields, variants: fields.isEmpty ? nil : Variants(by: "to", steps))
      self.statement = statement
    }
  }

  init(
    path: String, collection: String? = nil, parent: String? = nil, name: String, about: String, shape: [Shape.Member],
    one: Statement,
    list: Listing, form: Form? = nil,
    creation: Creation? = nil, change: Change? = nil, removal: Removal? = nil,
    transitions: Transitions? = nil, texts: Texts? = nil
  ) {
    self.path = path
    self.collection = collection ?? path
    self.parent = parent
    self.name = name
    self.about = about
    self.shape = .named(name, .object(shape))
    self.one = one
    self.list = list
    self.form = form
    self.creation = creation
    self.change = change
    self.removal = removal
    self.transitions = transitions
    self.texts = texts
  }

  /// All of them, in the order of the document.
  public static let all: [Noun] = [
    .schools, .groups, .people, .employments, .absences, .priorExperience, .exemptions, .roleAssignments, .policies,
    .requests, .coaches, .unavailability, .trajectories, .agreements, .followUps, .recordings, .copies, .carriers,
    .breaches, .storyboards, .consents, .notices, .objections, .measures, .promises, .quarantines, .reportSchedules,
    .reportAcknowledgements,
  ]

  /// The statement that reads one.
  public var reading: Statement { one }
  public var isCreatable: Bool { creation != nil }
  public var isChangeable: Bool { change != nil }
  public var isRemovable: Bool { removal != nil }
  /// Whether its ids are made by the server.
  public var hasUUID: Bool { creation?.key == nil }
}

// What is asked of a noun.
extension Noun {
  /// One resource: no row where there is none for the asker.
  @Sendable public func one(_ id: String) -> BoundStatement { one(.text(id)) }

  /// A cursor of this noun's list; nil when it was not one.
  public func cursor(_ text: some StringProtocol) -> Cursor? {
    guard let cursor = Cursor(text, count: list.keys.count) else { return nil }
    let fits = zip(list.keys, cursor.keys).allSatisfy { shape, key in
      if case .success = shape.read(parameter: key, at: .parameter("after")) { true } else { false }
    }
    return fits ? cursor : nil
  }

  /// One page.
  /// - Parameter values: the filters' values in their order; nil where one was not given.
  public func page(_ page: Page, _ values: [String?]) -> BoundStatement {
    let keys = page.after?.keys ?? []
    let place = list.keys.indices.map { Parameter.optional($0 < keys.count ? keys[$0] : nil) }
    return list.statement.bind(place + [.int(page.limit)] + values.map { .optional($0) })
  }

  /// Makes a new one.
  public func creating(_ draft: Draft, id: UUIDv7 = UUIDv7()) -> Command? {
    guard let creation else { return nil }
    let id = creation.key.flatMap(draft.text) ?? id.description
    let references = creation.references.map { [$0(.text(draft.json))] } ?? []
    return Command(
      references + [creation.statement(.text(id), .text(draft.json))], on: id, status: 201, read: one)
  }

  /// Changes one that is of this version; nil: of any.
  public func changing(_ id: String, version: Int?, _ draft: Draft) -> Command? {
    guard let change else { return nil }
    let references = change.references.map { [$0(.text(draft.json))] } ?? []
    let acts =
      if let table = change.table {
        [Self.hold(table, id, version)] + references + [change.statement(.text(id), .text(draft.json))]
      } else {
        references + [change.statement(.text(id), .optional(version), .text(draft.json))]
      }
    return Command(acts, on: id, status: 200, read: one)
  }

  /// Removes one that is of this version; nil: of any. History stays in the audit.
  public func removing(_ id: String, version: Int?) -> Command? {
    guard let removal else { return nil }
    return Command(
      [Self.hold(removal.table, id, version), removal.statement(.text(id))], on: id, status: 204, read: one)
  }

  /// Brings one that is of this version to another state.
  public func moving(_ id: String, version: Int?, _ draft: Draft) -> Command? {
    guard let transitions else { return nil }
    return Command(
      [transitions.statement(.text(id), .optional(version), .text(draft.json))], on: id, status: 200, read: one)
  }

  private static func hold(_ table: String, _ id: String, _ version: Int?) -> BoundStatement {
    hold(.text(table), .text(id), .optional(version))
  }

  /// Raises `BE404`, `BE403` or `BE412`, or keeps the row as it is until the end of the transaction.
  private static let hold = Statement("select app.hold($1, $2, $3)")
}
