import Postgres
import Program
import TestDatabase
import Testing

@Suite("A commit of an uploaded import")
struct ImportInterruptionTests {
  private static let file: [UInt8] = {
    let rows = (1...2000).map { "P\($0),An,p\($0)@example.org,0\($0 % 3 + 1)AA00,teacher,1,2022-08-01,,2022-08-01" }
    return Array((ImportBench.staffHeading + rows.joined(separator: "\n") + "\n").utf8)
  }()

  @Test(
    "leaves nothing when its connection is cut, from before its first write until after its last",
    arguments: [
      "lock table employment in share row exclusive mode", "select from school where code = '02AA00' for update",
      "lock table audit in share row exclusive mode", "lock table import_chunk in share row exclusive mode",
    ])
  func connectionCut(obstacle: String) async throws {
    try await ImportDesk.open { desk in
      let id = try await desk.upload(.staff, Self.file, as: .adviser)
      _ = try await desk.run(id).preview()
      let before = try await desk.bench.contents()
      try await desk.bench.base.with { database in
        try await database.withSession { session in
          _ = try await session.script("begin; set local search_path = beeld, app; \(obstacle)")
          async let refusal = ImportDesk.refusal { try await desk.run(id).commit() }
          _ = try await session.script(ImportSafetyTests.cutWhatWaits)
          #expect(await refusal == "connection lost, no effect")
          _ = try await session.script("rollback")
        }
      }
      #expect(try await desk.bench.contents() == before)
      #expect(try await desk.state(id) == "previewed|3|1")
      guard case .committed(let outcome) = try await desk.run(id).commit() else {
        Issue.record("not committed afterwards")
        return
      }
      #expect(outcome.count("person", .new) == 2000)
    }
  }

  @Test("that many ask for at once happens once")
  func atOnce() async throws {
    try await ImportDesk.open { desk in
      let id = try await desk.upload(.staff, Self.file, as: .adviser)
      _ = try await desk.run(id).preview()
      let refusals = await withTaskGroup(of: String?.self) { group in
        for _ in 0..<8 { group.addTask { await ImportDesk.refusal { try await desk.run(id).commit() } } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(refusals.count { $0 == nil } == 1)
      #expect(refusals.allSatisfy { $0 == nil || $0 == "BE409 committed" || $0 == "BE409 in_progress" })
      #expect(try await desk.bench.rows("select count(*) from registration where person_number ~ '^P'") == ["2000"])
      #expect(try await desk.state(id) == "committed|4|0")
    }
  }
}
