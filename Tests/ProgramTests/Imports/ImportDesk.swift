import Postgres
import Program
import TestDatabase

/// The organisation, asked as the API asks it, to upload files to.
struct ImportDesk: Sendable {
  let bench: ImportBench
  let api: Database
  let jobs: Database

  /// Runs `body` with an organisation of its own.
  static func open(_ body: (ImportDesk) async throws -> Void) async throws {
    let base = try await Organisation.fresh().database
    try await base.with("beeld_app") { api in
      try await base.with("beeld_jobs") { jobs in
        try await body(ImportDesk(bench: ImportBench(base), api: api, jobs: jobs))
      }
    }
  }

  /// Begins an import as this person; its id.
  func begin(_ kind: ImportKind, as person: Organisation.Person, _ options: ImportOptions = .init()) async throws
    -> UUIDv7
  {
    let command = BeginImport(kind, options: options, fileName: "Personeel “nieuw”.csv")
    _ = try await api.write(Segment(command.command, after: [person.identity.identify()]))
    return command.id
  }

  /// Begins an import and uploads its file in crumbs.
  func upload(
    _ kind: ImportKind, _ bytes: [UInt8], as person: Organisation.Person, _ options: ImportOptions = .init()
  ) async throws -> UUIDv7 {
    let id = try await begin(kind, as: person, options)
    try await ImportUpload.receive(Self.crumbs(bytes), for: id, in: jobs)
    return id
  }

  func run(_ id: UUIDv7) -> ImportRun { ImportRun(id, in: jobs, request: "r-1") }

  /// The import as this person is answered; nil when it is not there for them.
  func shown(_ id: UUIDv7, to person: Organisation.Person, in language: Language = .dutch) async throws -> String? {
    let rows = try await api.read(person.identity.read(ImportRuns.ByID(id: id).query))
    return try ImportRuns.ByID.resource(rows, in: language).map { String(decoding: $0.body, as: UTF8.self) }
  }

  /// State, version, and how many pieces of the file are kept.
  func state(_ id: UUIDv7) async throws -> String {
    try await bench.rows(
      """
      select i.state, i.version, (select count(*) from import_chunk c where c.import_id = i.id)
      from import i where i.id = '\(id)'
      """
    ).first ?? "none"
  }

  static func crumbs(_ bytes: [UInt8], of length: Int = 70_001) -> AsyncStream<ArraySlice<UInt8>> {
    AsyncStream { continuation in
      for start in stride(from: 0, to: bytes.count, by: length) { continuation.yield(bytes[start...].prefix(length)) }
      continuation.finish()
    }
  }

  /// SQLSTATE and detail of the refusal that `body` ends in; nil when it succeeds.
  static func refusal(_ body: () async throws -> some Sendable) async -> String? {
    do {
      _ = try await body()
      return nil
    } catch PostgresError.server(let error) {
      return ([error.sqlState.rawValue] + [error.detail].compactMap { $0 }).joined(separator: " ")
    } catch {
      return "\(error)"
    }
  }
}
