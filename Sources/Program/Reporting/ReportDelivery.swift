import Postgres

/// The mails that tell of a run: to whom, what became of them, and what is asked of the database while they are sent.
public enum ReportDeliveries {
  public static let shape = Shape.named(
    "ReportDelivery",
    .object([
      .init("id", .id), .init("run", .id), .init("person", .namedPerson),
      .init("state", .choice(["queued", "sent", "skipped", "dead"])),
      .init(
        "reason", .nullable(.text), "Why it was skipped or given up, or what became of the last try: a code."),
      .init("exceptions", .nullable(.integer(0...Int.max)), "What the mail says."),
      .init("new", .nullable(.integer(0...Int.max))), .init("resolved", .nullable(.integer(0...Int.max))),
      .init("acknowledged", .nullable(.integer(0...Int.max))), .init("attempt", .integer(0...Int.max)),
      .init("queued_at", .instant), .init("retry_at", .nullable(.instant)), .init("finished_at", .nullable(.instant)),
    ]))

  /// Those of a run; no row when there is no such run for the one who asks.
  public struct List: Sendable {
    public let run: UUIDv7
    public var page: Page

    public init(run: UUIDv7, page: Page) {
      self.run = run
      self.page = page
    }

    /// A cursor of this list; nil when it was not one.
    public static func cursor(_ text: some StringProtocol) -> Cursor? {
      Cursor(text, count: 1).flatMap { UUIDv7($0.keys[0]) == nil ? nil : $0 }
    }

    public static let statement = Statement(
      """
      select row_to_json(row(
        coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
        case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
      from (
        select d.id, d.body, row_number() over (order by d.id) as number
        from report_delivery_resource d
        where ($1::uuid is null or d.id > $1)
          and d.run_id = $3
        order by d.id
        limit $2::int + 1
      ) p
      having exists (select from report_run where id = $3)
      """)

    public var query: BoundStatement {
      Self.statement(.optional(page.after?.keys.first), .int(page.limit), .text(run.description))
    }
  }
}

/// The secret in a mail by which its recipient unsubscribes; only its hash is kept, and each try has its own.
public struct UnsubscribeKey: Sendable {
  /// `beeldout_` and 43 characters of base64url: the prefix lets secret scanners know it when they meet it.
  public let text: String

  /// A new key.
  public init() { text = Self.prefix + Secret.text() }

  /// The key that a request brought; nil when it cannot be one of ours.
  public init?(presented text: some StringProtocol) {
    guard text.utf8.count == Self.prefix.utf8.count + Secret.length, text.hasPrefix(Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// SHA-256 of the text.
  public var hash: [UInt8] { Secret.hash(of: text) }

  private static let prefix = "beeldout_"
}

extension UnsubscribeKey: CustomStringConvertible {
  /// Nothing of the key, so that none gets into a log.
  public var description: String { "UnsubscribeKey(…)" }
}

/// Whether the one to whom a mail was sent goes on being told, for whoever has the key in the mail.
public struct Subscription: Sendable {
  public let report: String
  public let language: Language
  /// Then it goes on whatever is asked.
  public let isRequired: Bool
  public let isOn: Bool

  /// Reads one; raises `BE404` whatever is wrong.
  public static func read(_ delivery: UUIDv7, _ key: UnsubscribeKey) -> BoundStatement {
    reading(.text(delivery.description), .binary(key.hash))
  }

  /// Ends it, or renews it, and reads it as it is then; raises `BE404` whatever is wrong.
  public static func change(_ delivery: UUIDv7, _ key: UnsubscribeKey, wanted: Bool) -> BoundStatement {
    changing(.text(delivery.description), .binary(key.hash), .bool(wanted))
  }

  /// Nil when there is no row.
  public init?(_ rows: Rows) throws {
    guard rows.count == 1, let report = rows.string(0, 0) else { return nil }
    self.report = report
    language = rows.string(0, 1).flatMap { Language(rawValue: $0) } ?? .dutch
    isRequired = try rows.bool(0, 2) ?? false
    isOn = try rows.bool(0, 3) ?? false
  }

  private static let reading = Statement(
    "select report, language, required, subscribed from app.subscription($1, $2)")
  private static let changing = Statement(
    "select report, language, required, subscribed from app.subscribe($1, $2, $3)")
}
