import Postgres
import Program

/// Makes a report because somebody asks for it now.
public struct MakeReport: Sendable {
  public let report: String
  /// The day it speaks of; nil is today in Europe/Amsterdam by the database's clock.
  public let asOf: CivilDate?

  private static let begin = Statement("select app.report_begin($1, $2, $3)")
  static let make = Statement("select app.report_make($1, $2)")

  /// - Throws: `ReportError.noSuchReport`.
  public init(_ report: String, asOf: CivilDate? = nil) throws {
    guard Reports.named(report) != nil else { throw ReportError.noSuchReport(report) }
    self.report = report
    self.asOf = asOf
  }

  /// Reckons, stores and closes the run, in one transaction: it is there whole or not at all.
  ///
  /// - Returns: the id of the run, which has succeeded.
  /// - Throws: `PostgresError`.
  public func run(in session: Session) async throws -> UUIDv7 {
    let id = UUIDv7()
    let run = Parameter.text(id.description)
    try await session.transaction {
      _ = try await session.query(Self.begin(run, .text(report), .optional(asOf?.description)))
      _ = try await session.query(Self.make(run, .int(1)))
    }
    return id
  }
}
