import Postgres

/// Imports a file: previews the difference it makes, or makes it. All of it or nothing.
public struct Importer: Sendable {
  public let kind: ImportKind
  public let options: ImportOptions

  public init(_ kind: ImportKind, options: ImportOptions = ImportOptions()) {
    self.kind = kind
    self.options = options
  }

  /// What the import would do; the database is as it was afterwards.
  /// - Parameter session: of the role `beeld_jobs`.
  public func preview(
    _ file: ImportFile, in session: Session, progress: @Sendable (ImportProgress) -> Void = { _ in }
  ) async throws -> ImportOutcome {
    try await run(file, in: session, commits: false, progress)
  }

  /// Does it, unless there are faults: then, and whenever this throws anything but `connectionLost(.unknown)`, nothing
  /// has changed. Whatever a preview found is checked again, under locks that keep it true until the commit.
  /// - Parameter session: of the role `beeld_jobs`.
  public func commit(
    _ file: ImportFile, in session: Session, progress: @Sendable (ImportProgress) -> Void = { _ in }
  ) async throws -> ImportOutcome {
    try await run(file, in: session, commits: true, progress)
  }

  /// Leaves the transaction with what it found.
  private struct RolledBack: Error {
    let outcome: ImportOutcome
  }

  private func run(
    _ file: ImportFile, in session: Session, commits: Bool, _ progress: @Sendable (ImportProgress) -> Void
  ) async throws -> ImportOutcome {
    do {
      var outcome = try await session.transaction {
        let outcome = try await prepare(file, in: session, commits: commits, progress)
        guard commits, outcome.faultCount == 0 else { throw RolledBack(outcome: outcome) }
        if outcome.changeCount > 0 {
          progress(.applying)
          try await apply(in: session)
        }
        return outcome
      }
      outcome.isCommitted = true
      return outcome
    } catch let end as RolledBack {
      return end.outcome
    }
  }

  /// Reads, checks and compares, in the transaction that the session is in, and writes nothing but temporary tables.
  /// - Parameter commits: the difference is to be made in this transaction: it is kept true until then.
  func prepare(
    _ file: ImportFile, in session: Session, commits: Bool,
    _ progress: @Sendable (ImportProgress) -> Void = { _ in }
  ) async throws -> ImportOutcome {
    _ = try await session.query(Self.begin())
    _ = try await session.query(kind.begin())
    let reading = try await copy(file, in: session, progress)
    guard let header = reading.header else { return outcome(of: reading) }

    progress(.comparing)
    let isComplete = reading.faults.isEmpty
    _ = try await session.query(kind.check(options, isComplete, commits && isComplete))
    var outcome = outcome(of: reading)
    try await addFaults(to: &outcome, header, in: session)
    try await addDifference(to: &outcome, in: session)
    return outcome
  }

  /// Makes the difference that `prepare` has found, in the same transaction.
  func apply(in session: Session) async throws { _ = try await session.query(kind.apply()) }

  private func copy(
    _ file: ImportFile, in session: Session, _ progress: @Sendable (ImportProgress) -> Void
  ) async throws -> ImportReading {
    var reading = ImportReading(kind, encoding: file.encoding, faultLimit: options.faultLimit)
    let copy = "copy \(kind.table) from stdin"
    var (taken, bytes) = (0, 0)
    while !reading.hasEnded {
      let pieces = try await file.pieces(from: taken, in: session)
      if pieces.isEmpty { break }
      taken += pieces.count
      try await session.copyIn(copy) { writer in
        for piece in pieces where !reading.hasEnded {
          try await writer.write(reading.feed(piece))
          bytes += piece.count
          progress(.reading(bytes: bytes, of: file.byteCount))
        }
      }
    }
    try await session.copyIn(copy) { try await $0.write(reading.finish()) }
    return reading
  }

  private func outcome(of reading: ImportReading) -> ImportOutcome {
    var outcome = ImportOutcome(
      kind: kind.name, encoding: reading.encoding, delimiter: reading.delimiter, rows: reading.rowCount,
      unknownColumns: reading.header?.unknownColumns ?? [])
    outcome.faults = reading.faults.listed
    outcome.faultCount = reading.faults.count
    return outcome
  }

  private func addFaults(to outcome: inout ImportOutcome, _ header: ImportHeader, in session: Session) async throws {
    let found = try await session.query(Self.faults(.int(options.faultLimit)))
    let faults = try found.map { row in
      guard let code = row.string(2).flatMap(ImportFault.Code.init(rawValue:)) else {
        throw PostgresError.decoding(column: "code", row: row.index, expected: "a code that is known")
      }
      return ImportFault(
        line: try row.int(0) ?? 0, column: row.string(1).map { header.heading(of: $0) }, code: code,
        value: row.string(3), arguments: [row.string(4), row.string(5)].compactMap { $0 })
    }
    outcome.faults = Array((outcome.faults + faults).sorted { $0.line < $1.line }.prefix(options.faultLimit))
    let count = try await session.query(Self.faultCount())
    outcome.faultCount += try count.first?.int(0) ?? 0
  }

  private func addDifference(to outcome: inout ImportOutcome, in session: Session) async throws {
    outcome.counts = try await session.query(kind.counts()).map { row in
      ImportOutcome.Count(object: row.string(0) ?? "", act: try Self.act(row, 1), number: try row.int(2) ?? 0)
    }
    if outcome.changeCount == 0 || options.changeLimit == 0 { return }
    outcome.changes = try await session.query(kind.changes(.int(options.changeLimit))).map { row in
      ImportOutcome.Change(
        line: try row.int(0), object: row.string(1) ?? "", key: row.string(2) ?? "", act: try Self.act(row, 3),
        field: row.string(4), from: row.string(5), to: row.string(6))
    }
  }

  private static func act(_ row: Row, _ column: Int) throws(PostgresError) -> ImportOutcome.Act {
    guard let act = row.string(column).flatMap(ImportOutcome.Act.init(rawValue:)) else {
      throw .decoding(column: "act", row: row.index, expected: "an act that is known")
    }
    return act
  }

  private static let begin = Statement("select app.import_begin()")
  private static let faults = Statement(
    "select line, column_name, code, value, arguments[1], arguments[2] from app.import_faults($1)")
  private static let faultCount = Statement("select app.import_fault_count()")
}
