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
      .init(
        "notices",
        .object([.init("school_year", .integer(Noun.years)), .init("website", .flag), .init("school_guide", .flag)]),
        "By which channels parents were told this school year."),
      .init(
        "objections",
        .object(["received", "measure_set", "overdue", "unplaced"].map { .init($0, .integer(0...Int.max)) }),
        "How many stand where, wait too long, or are of a pupil who is in no group of this school year yet."),
      .init(
        "referrals_waiting", .integer(0...Int.max),
        "Referrals out of talks that no coach has taken on yet; 0 to the administration, who is not told."),
    ]))

  static let statement = Statement(
    """
    select o.body
    from (select app.school_overview($1) as body) o
    where o.body is not null
    """)
}
