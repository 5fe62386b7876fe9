import Postgres
import Testing

@Suite("Several hosts")
struct DialTests {
  @Test("The one that answers and can be written is taken, by every lane")
  func writable() async throws {
    let (folder, port) = try await TestServer.run("dial") { try await TestServer.place(of: $0) }
    let hosts = " host=\(folder),\(folder) port=1,\(port) target_session_attrs=read-write"
    try await TestServer.run("dial", { $0.conninfo += hosts }) { database in
      let read = try await database.read(Segment("select 1"))
      let written = try await database.write(Segment("select 2"))
      let asked = try await database.withSession { session in try await session.query(Statement("select 3")()) }
      #expect([read.number(), written.number(), asked.number()] == [1, 2, 3])
    }
  }

  @Test("What each of them said is told, in one line")
  func refused() async throws {
    let (folder, _) = try await TestServer.run("dial") { try await TestServer.place(of: $0) }
    let log = ObservationLog()
    let change: (inout Database.Configuration) -> Void = { configuration in
      configuration.conninfo += " host=\(folder),\(folder) port=1,2"
      configuration.patience = .milliseconds(200)
    }
    try await TestServer.run("dial", change, log: log) { database in
      _ = await #expect(throws: PostgresError.self) { try await database.read(Segment("select 1")) }
    }
    let reasons = log.all.compactMap { if case .connectFailed(_, let reason) = $0 { reason } else { nil } }
    let reason = try #require(reasons.first)
    #expect(reason.contains(".s.PGSQL.1\"") && reason.contains(".s.PGSQL.2\"") && !reason.contains("\n"), "\(reason)")
  }
}
