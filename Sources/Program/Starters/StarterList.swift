import Postgres

/// `GET /v1/starters`: the starters whom the identity may see, the earliest deadline first, those without one last.
public struct StarterList: Sendable {
  public var page: Page
  /// The day judged; nil is today.
  public var asOf: CivilDate?
  /// Code of the school of attribution.
  public var school: String?
  /// Out of scope is listed only when it is asked for here.
  public var coverage: Coverage?
  public var urgency: Urgency?
  public var employment: EmploymentAxis?
  public var isDataIncomplete: Bool?
  /// Part of the name, either case, or the whole person number.
  public var search: String?

  /// - Parameter page: its cursor has `keys` many keys.
  public init(
    page: Page, asOf: CivilDate? = nil, school: String? = nil, coverage: Coverage? = nil, urgency: Urgency? = nil,
    employment: EmploymentAxis? = nil, isDataIncomplete: Bool? = nil, search: String? = nil
  ) {
    self.page = page
    self.asOf = asOf
    self.school = school
    self.coverage = coverage
    self.urgency = urgency
    self.employment = employment
    self.isDataIncomplete = isDataIncomplete
    self.search = search
  }

  /// Sort keys in this list's cursors: the end of the window, empty where there is none, and the person.
  public static let cursorKeys = 2

  /// The sort keys of a cursor, checked; nil when it was not one of this list.
  public static func cursor(_ text: some StringProtocol) -> Cursor? {
    guard let cursor = Cursor(text, count: cursorKeys), UUIDv7(cursor.keys[1]) != nil,
      cursor.keys[0].isEmpty || CivilDate(cursor.keys[0]) != nil
    else { return nil }
    return cursor
  }

  public static let statement = Statement("select app.starter_list($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as body")

  public var query: BoundStatement {
    let until = page.after?.keys.first.flatMap { $0.isEmpty ? nil : $0 }
    return Self.statement(
      .optional(asOf?.description), .optional(school), .optional(coverage?.rawValue), .optional(urgency?.rawValue),
      .optional(employment?.rawValue), isDataIncomplete.map { .bool($0) } ?? .null, .optional(search),
      .int(page.limit), .optional(until), .optional(page.after?.keys.last))
  }
}
