import Postgres
import Program

/// A finished run as a document, written piece by piece: the rows go from the database into the format as they come,
/// and the reader's pace is the database's.
public struct ReportDocument {
  public let run: Run
  public let report: any Report
  public let format: ReportFormat
  public let language: Language
  /// CSV begins with a byte order mark, which some spreadsheets want.
  public var hasByteOrderMark = false

  /// How much is gathered before it is handed on, in bytes.
  static let piece = 64 << 10

  /// - Throws: `ReportError` when there is no such run, or nothing here knows its report; `PostgresError`.
  public init(
    of id: UUIDv7, as format: ReportFormat, in language: Language = .dutch, session: Session
  ) async throws {
    run = try await Run(id, in: session)
    guard let report = Reports.named(run.report) else { throw ReportError.noSuchReport(run.report) }
    self.report = report
    self.format = format
    self.language = language
  }

  /// Writes the document to `sink`, in pieces of some 64 KiB, and ends when the last has been taken. What it holds is
  /// what the session may see: rows, figures and names.
  ///
  /// - Throws: what `sink` throws, after which the database is asked for nothing more; `PostgresError`.
  public func write(in session: Session, to sink: (ArraySlice<UInt8>) async throws -> Void) async throws {
    switch format {
    case .json:
      let figures = try await session.query(report.figures(of: run)).first?.bytes(0)
      try await write(JSONRows(run, report, figures: figures), in: session, to: sink)
    case .csv:
      try await write(CSVRows(run, hasByteOrderMark: hasByteOrderMark), in: session, to: sink)
    case .html:
      let page = try await RunPage(of: run, report, in: language, session: session)
      try await write(HTMLRows(page, run, report, language), in: session, to: sink)
    }
  }

  private func write(
    _ encoder: some RowEncoder, in session: Session, to sink: (ArraySlice<UInt8>) async throws -> Void
  ) async throws {
    var encoder = encoder
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.piece + Self.piece / 4)
    encoder.begin(&bytes)
    for try await row in session.stream(encoder.rows) {
      encoder.append(row, to: &bytes)
      if bytes.count >= Self.piece {
        try await sink(bytes[...])
        bytes.removeAll(keepingCapacity: true)
      }
    }
    encoder.end(&bytes)
    try await sink(bytes[...])
  }
}

/// Turns the rows of a run into a format. Knows neither where they come from nor where the bytes go.
protocol RowEncoder {
  /// The rows it wants: the columns of `RunRows.Place`.
  var rows: BoundStatement { get }
  mutating func begin(_ bytes: inout [UInt8])
  mutating func append(_ row: Row, to bytes: inout [UInt8])
  mutating func end(_ bytes: inout [UInt8])
}
