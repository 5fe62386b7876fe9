import Postgres
import Program

/// A finished run: what its header says.
public struct Run: Sendable {
  public let id: UUIDv7
  public let report: String
  public let asOf: CivilDate
  /// The night it was made for; nil when somebody asked for it.
  public let period: CivilDate?
  public let isLate: Bool
  public let revision: Int
  public let policyVersion: Int
  public let schemaVersion: Int
  /// Names of the cells of each row, in order.
  public let columns: [String]
  /// Rows that the session may see: a director's are those of the own schools.
  public let rowCount: Int
  /// SHA-256, hexadecimal; `app.report_run_hash` says over what.
  public let rowHash: String
  /// How long it took to reckon and to store its rows; nil of runs from before it was measured.
  public let durationMilliseconds: Int?
  /// When it was finished, RFC 3339 in UTC, to the second.
  public let finishedAt: String
  /// The same in Europe/Amsterdam: the day, and hours and minutes.
  let finishedOn: CivilDate?
  let finishedTime: String

  static let statement = Statement(
    """
    select r.report, r.as_of, r.period, r.late, r.revision, r.policy_version, r.schema_version,
      array_to_string(r.columns, ' '), (select count(*) from report_row x where x.run_id = r.id), encode(r.row_hash, 'hex'),
      to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      to_char(r.finished_at at time zone 'Europe/Amsterdam', 'YYYY-MM-DD'),
      to_char(r.finished_at at time zone 'Europe/Amsterdam', 'HH24:MI'), r.duration_ms
    from report_run r
    where r.id = $1
      and r.state = 'succeeded'
    """)

  /// Reads the header of a run that has succeeded.
  ///
  /// - Throws: `ReportError.noSuchRun` when there is none that the session may see; `PostgresError`.
  public init(_ id: UUIDv7, in session: Session) async throws {
    let rows = try await session.query(Self.statement(.text(id.description)))
    guard let row = rows.first, let asOf = row.string(1).flatMap({ CivilDate($0) }) else {
      throw ReportError.noSuchRun(id)
    }
    self.id = id
    report = row.string(0) ?? ""
    self.asOf = asOf
    period = row.string(2).flatMap { CivilDate($0) }
    isLate = try row.bool(3) ?? false
    revision = try row.int(4) ?? 0
    policyVersion = try row.int(5) ?? 0
    schemaVersion = try row.int(6) ?? 0
    columns = (row.string(7) ?? "").split(separator: " ").map(String.init)
    rowCount = try row.int(8) ?? 0
    rowHash = row.string(9) ?? ""
    finishedAt = row.string(10) ?? ""
    finishedOn = row.string(11).flatMap { CivilDate($0) }
    finishedTime = row.string(12) ?? ""
    durationMilliseconds = try row.int(13)
  }
}

extension Run {
  private static let before = Statement("select app.report_run_before($1, $2)")

  /// The run that this one is compared with.
  ///
  /// - Parameter id: the one that somebody names; nil: the last one of the latest earlier day, or nothing where there
  ///   is none.
  /// - Throws: `ReportError.noSuchRun`, `ReportError.notComparable`; `PostgresError`.
  func earlier(_ id: UUIDv7?, in session: Session) async throws -> Run? {
    if let id {
      let other = try await Run(id, in: session)
      guard other.report == report, (other.asOf.dayNumber, other.revision) < (asOf.dayNumber, revision) else {
        throw ReportError.notComparable(id)
      }
      return other
    }
    let before = try await session.query(Self.before(.text(report), .text(asOf.description))).first?.string(0)
    guard let id = before.flatMap({ UUIDv7($0) }) else { return nil }
    return try await Run(id, in: session)
  }
}

/// Why a report cannot be made or shown.
public enum ReportError: Error, Sendable, Equatable, CustomStringConvertible {
  case noSuchReport(String)
  /// No finished run of this id, for the one who asks.
  case noSuchRun(UUIDv7)
  /// A run of another report, or none before the one that it is to be compared with.
  case notComparable(UUIDv7)

  public var description: String {
    switch self {
    case .noSuchReport(let key):
      "there is no report \"\(key)\"; there are: \(Reports.all.map(\.key).joined(separator: ", "))"
    case .noSuchRun(let id): "there is no finished run \(id)"
    case .notComparable(let id): "\(id) is no earlier run of the same report"
    }
  }
}
