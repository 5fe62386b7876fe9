import Postgres
import Program

/// Runs as the API shows them: what was made, when, by which rules. Row-level security decides which, and figures of
/// the whole board stand only in what the board's own roles are shown.
public enum ReportRuns {
  public static let shape = Shape.named(
    "ReportRun",
    .object([
      .init("id", .id), .init("report", .text), .init("as_of", .date, "The day it speaks of."),
      .init("period", .nullable(.date), "The night it was made for; null when somebody asked for it."),
      .init("state", .choice(["running", "succeeded", "failed", "abandoned"])), .init("late", .flag),
      .init("attempt", .integer(1...4)), .init("revision", .nullable(.integer(1...Int.max))),
      .init("policy_version", .nullable(.integer(1...10_000))),
      .init("schema_version", .nullable(.integer(1...10_000))), .init("started_at", .instant),
      .init("finished_at", .nullable(.instant)),
      .init("duration_ms", .nullable(.integer(0...Int.max)), "How long it took to reckon and to store its rows."),
      .init("retry_at", .nullable(.instant)),
      .init("failure", .nullable(.text)),
      .init("row_count", .nullable(.integer(0...Int.max)), "Null for who sees a part of the rows."),
      .init("row_hash", .nullable(.text), "SHA-256 over all rows."),
    ]))

  /// One run in any state; no row when there is none for the one who asks.
  public struct ByID: Sendable {
    public let id: UUIDv7

    public init(id: UUIDv7) { self.id = id }

    public static let statement = Statement(
      """
      select v.version, row_to_json(r) as body, v.state = 'succeeded' as has_document, v.report || '-' || v.as_of
      from report_run v
      cross join lateral app.report_run_shown(v) r
      where v.id = $1
      """)

    public var query: BoundStatement { Self.statement(.text(id.description)) }
  }

  /// Whether a run can be compared with another: one row when that is an earlier one of the same report.
  public struct Comparable: Sendable {
    public let run, against: UUIDv7

    public init(run: UUIDv7, against: UUIDv7) {
      self.run = run
      self.against = against
    }

    public static let statement = Statement(
      """
      select 1
      from report_run v
      join report_run e on e.id = $2
        and e.report = v.report
        and e.state = 'succeeded'
        and (e.as_of, e.revision) < (v.as_of, v.revision)
      where v.id = $1
      """)

    public var query: BoundStatement {
      Self.statement(.text(run.description), .text(against.description))
    }
  }

  /// Runs, the latest first.
  public struct List: Sendable {
    public var page: Page
    /// Only runs of this report.
    public var report: String?

    public init(page: Page, report: String? = nil) {
      self.page = page
      self.report = report
    }

    /// A cursor of this list; nil when it was not one.
    public static func cursor(_ text: some StringProtocol) -> Cursor? {
      Cursor(text, count: 1).flatMap { UUIDv7($0.keys[0]) == nil ? nil : $0 }
    }

    public static let statement = Statement(
      """
      select row_to_json(row(
        coalesce(json_agg(p.shown order by p.number) filter (where p.number <= $2), '[]'),
        case when max(p.number) > $2 then app.cursor(min(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
      from (
        select v.id, row_to_json(r) as shown, row_number() over (order by v.id desc) as number
        from report_run v
        cross join lateral app.report_run_shown(v) r
        where ($1::uuid is null or v.id < $1)
          and ($3::text is null or v.report = $3)
        order by v.id desc
        limit $2::int + 1
      ) p
      """)

    public var query: BoundStatement {
      Self.statement(.optional(page.after?.keys.first), .int(page.limit), .optional(report))
    }
  }

  /// Runs for the operator's terminal, the latest first: id, report, as_of, state, late, rows.
  public struct Overview: Sendable {
    public var report: String?
    public var limit: Int

    public init(report: String? = nil, limit: Int = 30) {
      self.report = report
      self.limit = limit
    }

    static let statement = Statement(
      """
      select v.id, v.report, v.as_of, v.state, v.late, v.row_count
      from report_run v
      where ($1::text is null or v.report = $1)
      order by v.id desc
      limit $2
      """)

    public var query: BoundStatement { Self.statement(.optional(report), .int(limit)) }
  }

  /// The latest run of a report that has succeeded; no row when there is none for the one who asks.
  public struct Latest: Sendable {
    public let report: String

    public init(report: String) { self.report = report }

    public static let statement = Statement(
      """
      select v.id
      from report_run v
      where v.report = $1
        and v.state = 'succeeded'
      order by v.as_of desc, v.revision desc
      limit 1
      """)

    public var query: BoundStatement { Self.statement(.text(report)) }
  }
}
