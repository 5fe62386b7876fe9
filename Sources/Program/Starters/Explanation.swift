import Postgres

/// `GET /v1/starters/{person}/explanation`: the deadline's proof. Its sum checks out by hand: the first teaching day,
/// plus the months of the window, plus the days of each counted pause, is the window's end.
public struct Explanation: Sendable, Equatable {
  public var asOf: CivilDate
  public var policyVersion: Int
  public var window: Window
  public var coverage: Coverage
  public var urgency: Urgency
  public var employment: EmploymentAxis
  /// In the order of reckoning.
  public var steps: [Step]
  public var recordings: [Recording]

  public struct Window: Sendable, Equatable {
    /// The first qualified teaching day; nil while it is missing.
    public var from: CivilDate?
    /// The first day after the window; nil while `from` is missing or a pause has no known end.
    public var until: CivilDate?
    /// From the day judged to `until`.
    public var daysLeft: Int?
  }

  /// The question, as a statement; it answers no row where the identity may not know.
  public struct ForPerson: Sendable {
    public var person: UUIDv7
    /// The day judged; nil is today.
    public var asOf: CivilDate?

    public init(person: UUIDv7, asOf: CivilDate? = nil) {
      self.person = person
      self.asOf = asOf
    }

    public static let statement = Statement(
      """
      select judged_on, policy_version, window_from, window_until, days_left, coverage, urgency, employment,
        part, code, category, reason, id, from_date, until_date, counts_from, amount, until_after
      from app.starter_explanation($1, $2)
      """)

    public var query: BoundStatement {
      Self.statement(.text(person.description), .optional(asOf?.description))
    }
  }

  /// Reads the rows of `ForPerson`; nil when there are none.
  /// - Throws: `PostgresError.decoding` when the function answers what this version does not know.
  public init?(_ rows: Rows) throws(PostgresError) {
    guard !rows.isEmpty else { return nil }
    let head = ExplanationRow(rows: rows, index: 0)
    asOf = try head.needed(head.date(.judgedOn), .judgedOn)
    policyVersion = try head.needed(try head.int(.policyVersion), .policyVersion)
    window = Window(
      from: try head.date(.windowFrom), until: try head.date(.windowUntil), daysLeft: try head.int(.daysLeft))
    coverage = try head.code(.coverage)
    urgency = try head.code(.urgency)
    employment = try head.code(.employment)
    steps = []
    recordings = []
    for index in rows.indices {
      let row = ExplanationRow(rows: rows, index: index)
      if row.string(.part) == "step" {
        steps.append(try Step(row))
      } else {
        recordings.append(try Recording(row))
      }
    }
  }
}
