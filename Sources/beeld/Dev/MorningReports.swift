import Foundation
import Postgres
import Program
import Reports

/// This morning's reports of the demonstration organisation, and how they differ from yesterday's: made where they are
/// missing, and written as pages that a browser opens.
struct MorningReports {
  /// One of them.
  struct Report {
    let key: String
    let run: UUIDv7
    /// Pages in the data folder.
    let page, changes: String
  }

  let reports: [Report]

  private static let missing = Statement(
    """
    select k.key, app.today() - d.days
    from report k
    cross join (values (1), (0)) d (days)
    where not exists (
      select
      from report_run r
      where r.report = k.key
        and r.as_of = app.today() - d.days
        and r.state = 'succeeded')
    order by d.days desc, k.key
    """)

  /// - Parameter folder: where the pages are written.
  init(in folder: String, _ session: Session) async throws {
    for row in try await session.query(Self.missing()) {
      guard let key = row.string(0), Reports.named(key) != nil else { continue }
      _ = try await MakeReport(key, asOf: row.string(1).flatMap { CivilDate($0) }).run(in: session)
    }
    try DataFolder.makeFolder(folder, mode: 0o700)
    var reports: [Report] = []
    for report in Reports.all {
      let latest = try await session.query(ReportRuns.Latest(report: report.key).query).first?.string(0)
      guard let run = latest.flatMap({ UUIDv7($0) }) else { continue }
      let page = "\(folder)/\(report.key).html"
      let changes = "\(folder)/\(report.key)-since-yesterday.html"
      try await Self.write(ReportDocument(of: run, as: .html, session: session), to: page, session)
      try await Self.write(
        ReportDocument(ofChangesIn: run, against: nil, as: .html, session: session), to: changes, session)
      reports.append(Report(key: report.key, run: run, page: page, changes: changes))
    }
    self.reports = reports
  }

  /// Of a made-up board and some kilobytes: gathered, and put there as a whole.
  private static func write(_ document: ReportDocument, to path: String, _ session: Session) async throws {
    var bytes = Data()
    try await document.write(in: session) { bytes.append(contentsOf: $0) }
    try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }
}
