import Postgres
import Program

/// The hash of a run's rows as it was stored, and as it comes out of the rows that are there now.
public struct RowHash: Sendable {
  /// Hexadecimal.
  public let stored, reckoned: String

  public var isTrue: Bool { stored == reckoned }

  private static let statement = Statement(
    """
    select encode(r.row_hash, 'hex'), encode(app.report_run_hash(r.id), 'hex')
    from report_run r
    where r.id = $1
      and r.state = 'succeeded'
    """)

  /// Reckons it, as somebody who sees every row.
  ///
  /// - Throws: `ReportError.noSuchRun`; `PostgresError`.
  public init(of id: UUIDv7, in session: Session) async throws {
    guard let row = try await session.query(Self.statement(.text(id.description))).first, let stored = row.string(0),
      let reckoned = row.string(1)
    else { throw ReportError.noSuchRun(id) }
    self.stored = stored
    self.reckoned = reckoned
  }
}
