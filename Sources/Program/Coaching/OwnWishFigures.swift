import Postgres

/// `GET /v1/figures/own-wishes`: the only figures about voluntary requests that there are. For the adviser alone: no row
/// for anybody else.
public enum OwnWishFigures {
  public static let shape = Shape.object([
    .init("items", .list(year), "School years that are over, the last first.")
  ])

  private static let year = Shape.named(
    "OwnWishYear",
    .object([
      .init("school_year", .integer(2000...2199), "The year in which it begins."),
      .init("requests", .nullable(told), "Made in it; null where fewer than five teachers did."),
      .init(
        "guided", .nullable(told),
        "Guidance that came of one and began in it; null where it, or its difference to the requests, is under five."),
      .init(
        "subjects",
        .nullable(
          .object(["classroom_management", "interaction", "didactics"].map { .init($0, told) })),
        "What the requests are about; null where fewer than five teachers asked about one of them."),
    ]))

  private static let told = Shape.integer(5...Int.max)

  public static var query: BoundStatement { statement() }

  private static let statement = Statement(
    "select f.body from (select app.own_wish_figures() as body) f where f.body is not null")
}
