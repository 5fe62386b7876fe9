import Postgres

/// `GET /v1/coverage`: the figures of the starters whom the identity answers for. No row for who has none.
public struct CoverageFigures: Sendable {
  public enum Grouping: String, CaseIterable, Sendable {
    case board
    case school
    case cohort
  }

  /// The day judged; nil is today.
  public var asOf: CivilDate?
  public var grouping: Grouping

  public init(asOf: CivilDate? = nil, grouping: Grouping = .board) {
    self.asOf = asOf
    self.grouping = grouping
  }

  static let statement = Statement(
    """
    select c.body
    from (select app.coverage($1, $2) as body) c
    where c.body is not null
    """)

  public var query: BoundStatement {
    Self.statement(.optional(asOf?.description), .text(grouping.rawValue))
  }
}
