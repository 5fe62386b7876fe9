import Postgres

/// A school at a glance, for those who answer for it.
public enum SchoolOverview {
  /// One row with `body`; none for who may not see it.
  public static func query(_ school: UUIDv7) -> BoundStatement { statement(.text(school.description)) }

  public static let shape = Shape.named(
    "SchoolOverview",
    .object([
      .init("school", .namedSchool), .init("as_of", .date), .init("policy_version", .integer(1...10_000)),
      .init("starters", .coverageFigures, "The school's figures of today."),
      .init("attention", .list(.starter), "Starters who are due, at risk or overdue, or of whom a fact is missing."),
      .init("claims_undecided", .integer(0...Int.max), "Claims of prior experience that wait for the adviser."),
    ]))

  static let statement = Statement(
    """
    select o.body
    from (select app.school_overview($1) as body) o
    where o.body is not null
    """)
}
