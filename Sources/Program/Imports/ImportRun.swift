import Postgres

/// An import whose file is in the database: previews it, makes the difference, or lets it go.
///
/// Each of these is one transaction of the server's own work that begins with `app.act_for_import`: it holds the import,
/// asks again whether its maker may do this at this moment, and writes the audit in the maker's name. Throws
/// `PostgresError.server` with `BE403` when not, `BE404` when there is no such import, `BE409` when it is in no state for
/// it (detail: the state, `faults`, or `in_progress`), `BE412` when its version is another (detail: the version). Who
/// asks must be shown to be the maker before: whoever sees the import (`ImportRuns.ByID`) is.
public struct ImportRun: Sendable {
  public let id: UUIDv7
  private let jobs: Database
  private let request: String?

  /// - Parameters:
  ///   - jobs: the database as the role `beeld_jobs`.
  ///   - request: the request's id, for the audit.
  public init(_ id: UUIDv7, in jobs: Database, request: String? = nil) {
    self.id = id
    self.jobs = jobs
    self.request = request
  }

  /// What became of a commit.
  public enum Ending: Sendable {
    /// The difference that was previewed has been made.
    case committed(ImportOutcome)
    /// Others have changed what it would change: nothing was done, and this is the new preview.
    case changedSincePreview(ImportOutcome)
  }

  /// Works out what the import would change, and keeps it with the import; also a second time.
  @discardableResult
  public func preview() async throws -> ImportOutcome {
    try await transaction(for: .preview) { session, work in
      let outcome = try await work.importer.prepare(work.file, in: session, commits: false)
      try await keep(outcome, try await fingerprint(of: outcome, in: session), in: session)
      return outcome
    }
  }

  /// Makes the difference that was previewed, or none. The import is committed with the facts or not at all: whenever
  /// this throws anything but `connectionLost(.unknown)`, nothing has changed.
  /// - Parameter version: the import's, as its maker last saw it; nil for any.
  public func commit(version: Int? = nil) async throws -> Ending {
    try await transaction(for: .commit, version: version) { session, work in
      var outcome = try await work.importer.prepare(work.file, in: session, commits: true)
      let difference = try await fingerprint(of: outcome, in: session)
      guard outcome.faultCount == 0, difference == work.difference else {
        try await keep(outcome, difference, in: session)
        return .changedSincePreview(outcome)
      }
      if outcome.changeCount > 0 { try await work.importer.apply(in: session) }
      try await end(.committed, in: session)
      outcome.isCommitted = true
      return .committed(outcome)
    }
  }

  /// Lets the import go, and its file with it.
  /// - Parameter version: the import's, as its maker last saw it; nil for any.
  public func discard(version: Int? = nil) async throws {
    try await transaction(for: .discard, version: version) { session, _ in try await end(.discarded, in: session) }
  }
}

extension ImportRun {
  private enum Purpose: String { case preview, commit, discard }
  private enum State: String { case committed, discarded }

  /// What is to be done with which file.
  private struct Work {
    let importer: Importer
    let file: ImportFile
    /// Fingerprint of the difference that was previewed; nil when there were faults, or no preview yet.
    let difference: String?
  }

  private func transaction<Result: Sendable>(
    for purpose: Purpose, version: Int? = nil, _ body: (Session, Work) async throws -> Result
  ) async throws -> Result {
    try await jobs.withSession { session in
      try await session.transaction {
        let rows = try await session.query(
          Self.act(.text(id.description), .text(purpose.rawValue), .optional(version), .optional(request)))
        guard let row = rows.first else { throw PostgresError.misuse("app.act_for_import gave no row") }
        return try await body(session, try work(of: row))
      }
    }
  }

  private func work(of row: Row) throws -> Work {
    guard let kind = row.string(0).flatMap(ImportKind.init(named:)) else {
      throw PostgresError.decoding(column: "kind", row: row.index, expected: "a kind that is known")
    }
    let schools = row.string(3).map { $0.dropFirst().dropLast().split(separator: ",").compactMap { UUIDv7($0) } }
    let options = ImportOptions(
      board: row.string(1), date: row.string(2).flatMap { CivilDate($0) }, schools: schools)
    let file = ImportFile(
      storedFor: id, byteCount: try row.int(4) ?? 0, encoding: row.string(5).flatMap(TextEncoding.init) ?? .utf8)
    return Work(importer: Importer(kind, options: options), file: file, difference: row.string(6))
  }

  private func fingerprint(of outcome: ImportOutcome, in session: Session) async throws -> String? {
    if outcome.faultCount > 0 { return nil }
    return try await session.query(Self.fingerprint(.text(outcome.kind))).first?.string(0)
  }

  private func keep(_ outcome: ImportOutcome, _ difference: String?, in session: Session) async throws {
    _ = try await session.query(
      Self.judged(
        .text(id.description), .int(outcome.rows), .int(outcome.changeCount), .int(outcome.faultCount),
        .optional(difference), .text(String(decoding: outcome.findings, as: UTF8.self)),
        .text(String(decoding: outcome.unwordedFaults, as: UTF8.self))))
  }

  private func end(_ state: State, in session: Session) async throws {
    _ = try await session.query(Self.end(.text(id.description), .text(state.rawValue)))
  }

  private static let act = Statement("select * from app.act_for_import($1, $2, $3, $4)")
  private static let fingerprint = Statement("select app.import_fingerprint($1)")
  private static let judged = Statement("select app.import_judged($1, $2, $3, $4, $5, $6, $7)")
  private static let end = Statement("select app.import_end($1, $2)")
}
