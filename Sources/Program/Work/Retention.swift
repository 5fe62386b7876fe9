import Postgres

/// What the server lets go of when it has been kept as long as the rules say, night by night.
public enum Retention {
  /// In the order in which they are looked after: people first, whose wishes are counted before they go.
  public enum Kind: String, CaseIterable, Sendable {
    case person
    case objection
    /// Runs of reports, and then their rows.
    case reportRun = "report_run"
    case reportRow = "report_row"
    case audit
    case token = "api_token"
  }

  /// Removes a piece and counts it, in one transaction. Answers how much it was; 0: nothing more tonight; null: it was
  /// done before, the night has not come, or another instance is at it.
  /// - Parameter rows: about how many at once; of people, who have many rows each, a fortieth.
  public static func step(_ kind: Kind, rows: Int) -> BoundStatement {
    statement(.text(kind.rawValue), .int(rows))
  }

  private static let statement = Statement("select app.retention_step($1, $2)")
}
