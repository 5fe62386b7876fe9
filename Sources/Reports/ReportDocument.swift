import Postgres
import Program

/// A finished run, or what changed in it against an earlier one, as a document that is written piece by piece: the rows
/// go from the database into the format as they come, and the reader's pace is the database's.
public struct ReportDocument {
  public let run: Run
  public let report: any Report
  public let format: ReportFormat
  public let language: Language
  /// CSV begins with a byte order mark, which some spreadsheets want.
  public var hasByteOrderMark = false
  private let comparison: Comparison

  /// What a run is compared with.
  private enum Comparison {
    case none
    /// Nil: there was none before it.
    case with(Run?)
  }

  /// How much is gathered before it is handed on, in bytes.
  static let piece = 64 << 10

  /// The rows of a run.
  ///
  /// - Throws: `ReportError` when there is no such run, or nothing here knows its report; `PostgresError`.
  public init(
    of id: UUIDv7, as format: ReportFormat, in language: Language = .dutch, session: Session
  ) async throws {
    try await self.init(of: id, { _ in .none }, as: format, in: language, session: session)
  }

  /// What changed in a run.
  ///
  /// - Parameter earlier: the run to compare with; nil: the last one of the latest earlier day.
  /// - Throws: `ReportError` when there is no such run, nothing here knows its report, or the other is none of the same
  ///   report and before it; `PostgresError`.
  public init(
    ofChangesIn id: UUIDv7, against earlier: UUIDv7?, as format: ReportFormat, in language: Language = .dutch,
    session: Session
  ) async throws {
    try await self.init(
      of: id, { .with(try await $0.earlier(earlier, in: session)) }, as: format, in: language, session: session)
  }

  private init(
    of id: UUIDv7, _ comparison: (Run) async throws -> Comparison, as format: ReportFormat, in language: Language,
    session: Session
  ) async throws {
    run = try await Run(id, in: session)
    guard let report = Reports.named(run.report) else { throw ReportError.noSuchReport(run.report) }
    self.report = report
    self.format = format
    self.language = language
    self.comparison = try await comparison(run)
  }

  private var sheet: Sheet {
    switch comparison {
    case .none: Sheet(of: run, report)
    case .with(let earlier): Sheet(of: run, against: earlier, report)
    }
  }

  /// What it is, for people.
  private var title: String {
    switch comparison {
    case .none: report.title(language)
    case .with:
      language(dutch: "\(report.title.dutch): wat er veranderde", english: "\(report.title.english): what changed")
    }
  }

  /// Writes the document to `sink`, in pieces of some 64 KiB, and ends when the last has been taken. What it holds is
  /// what the session may see: rows, figures and names.
  ///
  /// - Throws: what `sink` throws, after which the database is asked for nothing more; `PostgresError`.
  public func write(in session: Session, to sink: (ArraySlice<UInt8>) async throws -> Void) async throws {
    let sheet = sheet
    switch format {
    case .json: try await write(JSONRows(sheet, head: try await head(in: session)), in: session, to: sink)
    case .csv: try await write(CSVRows(sheet, hasByteOrderMark: hasByteOrderMark), in: session, to: sink)
    case .xlsx:
      var rows = try XLSXRows(sheet, title: title, of: run, language)
      for try await row in session.stream(sheet.rows) { try rows.append(row) }
      try await rows.finish(piece: Self.piece, to: sink)
    case .html:
      let page =
        switch comparison {
        case .none: try await RunPage(of: run, report, sheet, title: title, in: language, session: session)
        case .with(let earlier):
          try await RunPage(of: run, against: earlier, report, sheet, title: title, in: language, session: session)
        }
      try await write(HTMLRows(page, sheet, language), in: session, to: sink)
    }
  }

  /// What JSON says before the rows: the run and its figures, or the two runs and how much changed.
  private func head(in session: Session) async throws -> [UInt8] {
    var bytes = Array(#"{"run":"#.utf8) + run.json
    switch comparison {
    case .none:
      let figures = try await session.query(report.figures(of: run)).first?.bytes(0)
      bytes += Array(#","figures":"#.utf8) + (figures ?? Array("null".utf8))
    case .with(let earlier):
      let counts = try await Changes.Counts(of: run, against: earlier, in: session)
      bytes += Array(#","against":"#.utf8) + (earlier?.json ?? Array("null".utf8))
      bytes += Array(#","counts":"#.utf8) + counts.json
    }
    return bytes + Array(",".utf8)
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

/// Turns rows into a format. Knows neither where they come from nor where the bytes go.
protocol RowEncoder {
  /// The rows it wants: the fields of a sheet.
  var rows: BoundStatement { get }
  mutating func begin(_ bytes: inout [UInt8])
  mutating func append(_ row: Row, to bytes: inout [UInt8])
  mutating func end(_ bytes: inout [UInt8])
}

extension Changes.Counts {
  fileprivate var json: [UInt8] {
    var text = JSONText()
    text.object { counts in
      counts.member("new", new)
      counts.member("resolved", resolved)
      counts.member("open", open)
      counts.member("acknowledged", acknowledged)
    }
    return text.bytes
  }
}
