import Postgres

/// The statements that read the rows of a run, names joined as they are now.
///
/// The text of each depends on the number and place of the run's columns and on nothing else; values are bound.
struct RunRows {
  /// Where the fixed columns stand; the cells follow.
  enum Place {
    static let personID = 0, person = 1, schoolID = 2, schoolCode = 3, school = 4, cells = 5
  }

  /// Every row, in order.
  static func all(of run: Run) -> BoundStatement {
    let statement = Statement(
      unchecked: """
        select \(fields(of: run))
        \(named)
        order by x.ordinal
        """)
    return statement(.text(run.id.description))
  }

  /// The rows of a listing, group by group.
  static func listed(_ listing: Listing, of run: Run) -> BoundStatement {
    let (condition, values) = conditions(listing, of: run)
    let group = cell(listing.group, of: run)
    let statement = Statement(
      unchecked: """
        select \(fields(of: run))
        \(named)
        where \(condition)
        order by array_position($2::text[], \(group)), \(cell(listing.sort, of: run)), x.ordinal
        """)
    return statement.bind([.text(run.id.description)] + values)
  }

  /// How many rows each group of a listing has: value, number.
  static func counted(_ listing: Listing, of run: Run) -> BoundStatement {
    let (condition, values) = conditions(listing, of: run)
    let group = cell(listing.group, of: run)
    let statement = Statement(
      unchecked: """
        select \(group), count(*)
        \(parted)
        where \(condition)
        group by 1
        """)
    return statement.bind([.text(run.id.description)] + values)
  }

  /// The cells are parted once for each row, which is what `offset 0` sees to.
  private static let parted = """
    from (
      select r.ordinal, r.person_id, r.school_id, string_to_array(r.cells, e'\\t', '') as cells
      from report_row r
      where r.run_id = $1
      offset 0
    ) x
    """

  private static let named = """
    \(parted)
    left join person p on p.id = x.person_id
    left join school s on s.id = x.school_id
    """

  private static func fields(of run: Run) -> String {
    (["x.person_id", "p.name", "x.school_id", "s.code", "s.name"] + run.columns.indices.map { "x.cells[\($0 + 1)]" })
      .joined(separator: ", ")
  }

  /// The group's values are `$2`, the others follow.
  private static func conditions(_ listing: Listing, of run: Run) -> (String, [Parameter]) {
    let chosen = [(column: listing.group, values: listing.order.map(\.value))] + listing.among
    let conditions = chosen.indices.map { "\(cell(chosen[$0].column, of: run)) = any ($\($0 + 2)::text[])" }
    return (conditions.joined(separator: "\n  and "), chosen.map { .texts($0.values) })
  }

  /// A cell by the name of its column; null where the run does not keep it.
  private static func cell(_ column: String, of run: Run) -> String {
    run.position(of: column).map { "x.cells[\($0)]" } ?? "null::text"
  }
}
