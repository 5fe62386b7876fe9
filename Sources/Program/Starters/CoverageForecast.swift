import Postgres

/// `GET /v1/coverage/forecast`: the deadlines to come against the places that coaches have left, month by month, and who
/// will be missed if nothing changes, the earliest deadline first. For the adviser alone: no row for anybody else.
public struct CoverageForecast: Sendable {
  public var page: Page
  /// The day from which is looked ahead; nil is today.
  public var asOf: CivilDate?

  /// - Parameter page: of those who will be missed; its cursor has `StarterList.cursorKeys` many keys.
  public init(page: Page, asOf: CivilDate? = nil) {
    self.page = page
    self.asOf = asOf
  }

  /// The sort keys of a cursor, checked; nil when it was not one of this list, in which everybody has a deadline.
  public static func cursor(_ text: some StringProtocol) -> Cursor? {
    StarterList.cursor(text).flatMap { $0.keys[0].isEmpty ? nil : $0 }
  }

  static let statement = Statement(
    """
    select f.body
    from (select app.coverage_forecast($1, $2, $3, $4) as body) f
    where f.body is not null
    """)

  public var query: BoundStatement {
    Self.statement(
      .optional(asOf?.description), .int(page.limit), .optional(page.after?.keys.first),
      .optional(page.after?.keys.last))
  }
}

extension Shape {
  /// The forecast.
  public static let coverageForecast = Shape.named(
    "CoverageForecast",
    .object([
      .init("as_of", .date), .init("policy_version", .integer(1...10_000)),
      .init("total", forecastTotal, "Of starters who are not covered yet, exempt, out of scope or gone."),
      .init(
        "months", .list(forecastMonth),
        "To the month of the last deadline; a deadline is in the month of the last day that is in time."),
      .init("items", .list(.starter), "Who will be missed, the earliest deadline first."),
      .init("next", .nullable(.text), "Where the next page begins: the value of `after`. Null on the last page."),
    ]))

  private static let forecastTotal = Shape.named(
    "CoverageForecastTotal",
    .object(
      forecastFigures + [
        counted("overdue", "Whose deadline has passed: no place mends that, and none is kept for them."),
        counted("no_deadline", "Whose deadline cannot be said: a fact is missing, or a pause has no known end."),
      ]))

  private static let forecastMonth = Shape.named(
    "CoverageForecastMonth",
    .object([.init("month", .text, "Year and month: 2026-12.")] + forecastFigures))

  private static let forecastFigures: [Member] = [
    counted("deadlines", "in_hand + in_time + missed."),
    counted(
      "in_hand", "Filmed in time, planned for a day in time, or with a place that a coach holds for them already."),
    counted("in_time", "Who get one of the places left before their deadline."),
    counted("missed", "For whom none is left."),
    counted(
      "places",
      "Recordings that coaches have room for: capacity less days away and load, own wishes aside, spread evenly."),
    counted("recordings_needed", "How many recordings more it takes that nobody is missed up to then."),
  ]

  private static func counted(_ name: String, _ about: String) -> Member {
    .init(name, .integer(0...Int.max), about)
  }
}
