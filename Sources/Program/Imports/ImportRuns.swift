import Postgres

/// Imports as their makers see them.
public enum ImportRuns {
  /// One import with its preview; no row when there is none with that id for the identity. `resource` makes its body.
  public struct ByID: Sendable {
    public let id: UUIDv7

    public init(id: UUIDv7) { self.id = id }

    /// One row for each fault, at least one; the first three columns and the last are the same in all.
    private static let statement = Statement(
      """
      select i.version, row_to_json(r), i.preview, f.line, f.column, f.code, f.value, array_to_string(f.arguments, chr(31)),
        i.state
      from import i
      cross join lateral app.shown_import(i) r
      left join lateral rows from (
        json_to_recordset(i.faults) as (line integer, "column" text, code text, value text, arguments text[]))
        with ordinality f on true
      where i.id = $1
      order by f.ordinality
      """)

    public var query: BoundStatement { Self.statement(.text(id.description)) }

    /// The version and the body of the import that the query found; nil when it found none.
    public static func resource(_ rows: Rows, in language: Language) throws -> (version: Int, body: [UInt8])? {
      guard let first = rows.first, let version = try first.int(0), let heading = first.bytes(1) else { return nil }
      guard let preview = first.bytes(2) else {
        return (version, heading.dropLast() + Array(#","preview":null}"#.utf8))
      }
      let found = try rows.filter { !$0.isNull(3) }.map(fault)
      var faults = JSONText()
      faults.array { text in for fault in found { fault.write(to: &text, in: language) } }
      let opening = heading.dropLast() + Array(#","preview":"#.utf8) + preview.dropLast()
      return (version, opening + Array(#","faults":"#.utf8) + faults.bytes + Array("}}".utf8))
    }

    /// The state of the import that the query found; nil when it found none.
    public static func state(_ rows: Rows) -> String? { rows.first?.string(8) }

    private static func fault(_ row: Row) throws -> ImportFault {
      guard let code = row.string(5).flatMap(ImportFault.Code.init(rawValue:)) else {
        throw PostgresError.decoding(column: "code", row: row.index, expected: "a code that is known")
      }
      // No argument holds a control character: the cells of a file are refused that do.
      let arguments = (row.string(7) ?? "").split(separator: "\u{1F}", omittingEmptySubsequences: false)
      return ImportFault(
        line: try row.int(3) ?? 0, column: row.string(4), code: code, value: row.string(6),
        arguments: arguments.map(String.init))
    }
  }

  /// For the server's own work: lets go of files that were not committed within a day; answers how many.
  public static var forget: BoundStatement { forgetting() }

  private static let forgetting = Statement("select app.forget_imports()")

  /// Imports, the newest first, without what they found.
  public struct List: Sendable {
    public var page: Page
    /// Only of this kind.
    public var kind: String?
    /// Only in this state: `uploading`, `previewed`, `committed`, `discarded`.
    public var state: String?

    public init(page: Page, kind: String? = nil, state: String? = nil) {
      self.page = page
      self.kind = kind
      self.state = state
    }

    /// A cursor of this list; nil when it was not one.
    public static func cursor(_ text: some StringProtocol) -> Cursor? {
      Cursor(text, count: 1).flatMap { UUIDv7($0.keys[0]) == nil ? nil : $0 }
    }

    private static let statement = Statement(
      """
      select row_to_json(row(
        coalesce(json_agg(p.item order by p.number) filter (where p.number <= $2), '[]'),
        case when max(p.number) > $2 then app.cursor((max(p.id::text) filter (where p.number = $2))) end)::list_page) as body
      from (
        select i.id, row_to_json(r) as item, row_number() over (order by i.id desc) as number
        from import i
        cross join lateral app.shown_import(i) r
        where ($1::uuid is null or i.id < $1)
          and ($3::text is null or i.kind = $3)
          and ($4::text is null or i.state = $4)
        order by i.id desc
        limit $2::int + 1
      ) p
      """)

    public var query: BoundStatement {
      Self.statement(.optional(page.after?.keys.first), .int(page.limit), .optional(kind), .optional(state))
    }
  }
}
