import Postgres

/// School locations as everybody sees them.
public enum School {
  /// One school; no row when there is none with that id.
  public struct ByID: Sendable {
    public let id: UUIDv7

    public init(id: UUIDv7) { self.id = id }

    public static let statement = Statement(
      """
      select s.version, row_to_json(r) as body
      from school s
      cross join lateral (
        select s.id, s.code, s.name, s.board_number, s.street, s.house_number, s.postal_code, s.city, s.municipality,
          s.denomination, s.phone, s.website, s.open_from, s.open_until, s.merged_into) r
      where s.id = $1
      """)

    public var query: BoundStatement { Self.statement(.text(id.description)) }
  }

  /// Schools in the order of their codes.
  public struct List: Sendable {
    public var page: Page
    /// Part of the name, the town or the code, either case.
    public var search: String?
    /// Only schools that are open today, or only those that are not.
    public var isOpen: Bool?

    public init(page: Page, search: String? = nil, isOpen: Bool? = nil) {
      self.page = page
      self.search = search
      self.isOpen = isOpen
    }

    /// A cursor of this list; nil when it was not one.
    public static func cursor(_ text: some StringProtocol) -> Cursor? { Cursor(text, count: 1) }

    static let statement = Statement(
      """
      select row_to_json(row(
        coalesce(json_agg(p.item order by p.code) filter (where p.number <= $2), '[]'),
        case when max(p.number) > $2 then app.cursor(max(p.code) filter (where p.number <= $2)) end)::list_page) as body
      from (
        select s.code, row_to_json(r) as item, row_number() over (order by s.code) as number
        from school s
        cross join lateral (
          select s.id, s.code, s.name, s.board_number, s.city, s.municipality, s.open_from, s.open_until) r
        where ($1::text is null or s.code > $1)
          and ($3::text is null or position(lower($3) in lower(concat_ws(' ', s.code, s.name, s.city))) > 0)
          and ($4::boolean is null or $4 = (coalesce(s.open_from <= app.today(), true) and coalesce(s.open_until > app.today(), true)))
        order by s.code
        limit $2::int + 1
      ) p
      """)

    public var query: BoundStatement {
      Self.statement(
        .optional(page.after?.keys.first), .int(page.limit), .optional(search), isOpen.map { .bool($0) } ?? .null)
    }
  }
}
