import Postgres
import Program
import Synchronization
import TestDatabase
import Testing

@Suite("An import under way")
struct ImportSafetyTests {
  private static let file: [UInt8] = {
    let rows = (1...2000).map { "P\($0),An,p\($0)@example.org,15IB0\($0 % 3),teacher,1,2022-08-01,,2022-08-01" }
    return Array((ImportBench.staffHeading + rows.joined(separator: "\n") + "\n").utf8)
  }()

  @Test(
    "leaves nothing when its connection is cut, before its first write or before its last",
    arguments: [
      "lock table employment in share row exclusive mode", "select id from school where code = '15IB02' for update",
    ])
  func connectionCut(obstacle: String) async throws {
    let bench = try await ImportBench.withSchools()
    let before = try await bench.contents()
    try await bench.base.with { database in
      try await database.withSession { session in
        _ = try await session.script("begin; set local search_path = beeld, app; \(obstacle)")
        async let end = Self.failure { try await bench.commit(.staff, Self.file) }
        _ = try await session.script(Self.cutWhatWaits)
        #expect(await end == .connectionLost(outcome: .notSent))
        _ = try await session.script("rollback")
      }
    }
    #expect(try await bench.contents() == before)
    #expect(try await bench.commit(.staff, Self.file).count("person", .new) == 2000)
  }

  private static func failure(_ body: () async throws -> ImportOutcome) async -> PostgresError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? PostgresError
    }
  }

  /// Looks until the import is seen waiting for the obstacle, and ends its connection.
  static let cutWhatWaits = """
    do $$
    declare
      waiting integer;
    begin
      for attempt in 1..3000 loop
        perform pg_stat_clear_snapshot();
        select a.pid into waiting
        from pg_stat_activity a
        where a.datname = current_database() and a.usename = 'beeld_jobs' and pg_backend_pid() = any (pg_blocking_pids(a.pid));
        exit when found;
        perform pg_sleep(0.01);
      end loop;
      if waiting is null then
        raise exception 'the import never waited';
      end if;
      perform pg_terminate_backend(waiting, 10000);
    end
    $$
    """

  @Test("is waited for by the next one, which then finds it done")
  func serialised() async throws {
    let bench = try await ImportBench.withSchools()
    let outcomes = try await withThrowingTaskGroup(of: ImportOutcome.self) { group in
      for _ in 0..<4 { group.addTask { try await bench.commit(.staff, Self.file) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.map { $0.count("person", .new) }.sorted() == [0, 0, 0, 2000])
    #expect(outcomes.allSatisfy { $0.isCommitted })
    #expect(try await bench.rows("select count(*) from person") == ["2000"])
  }

  @Test("writes one audit row for each change, said to come from an import")
  func audited() async throws {
    let bench = try await ImportBench.withSchools()
    _ = try await bench.commit(.staff, Self.file)
    #expect(
      try await bench.rows(
        """
        select table_name, act, origin, count(*), count(subject_key)
        from audit
        where table_name <> 'school'
        group by 1, 2, 3
        order by 1
        """) == [
          "employment|insert|import|2000|2000", "person|insert|import|2000|2000",
          "registration|insert|import|2000|2000",
        ])
  }

  @Test("gets on in whole steps, and tells so")
  func progress() async throws {
    let bench = try await ImportBench.withSchools()
    let steps = Mutex<[ImportProgress]>([])
    let file = ImportFile(
      stride(from: 0, to: Self.file.count, by: 20_000).map { Array(Self.file[$0...].prefix(20_000)) })
    _ = try await bench.session { session in
      try await Importer(.staff).commit(file, in: session) { step in steps.withLock { $0.append(step) } }
    }
    let seen = steps.withLock { $0 }
    #expect(seen.suffix(2) == [.comparing, .applying])
    #expect(seen.dropLast(3).last != seen.dropLast(2).last)
    #expect(seen.dropLast(2).last == .reading(bytes: Self.file.count, of: Self.file.count))
  }

  @Test("takes no more than its limit, and refuses as soon as there is more")
  func limit() async throws {
    let source = AsyncStream<[UInt8]> { continuation in
      for _ in 0..<5 { continuation.yield([1, 2, 3]) }
      continuation.finish()
    }
    #expect(try await ImportFile.receive(source, limit: 15).byteCount == 15)
    await #expect(throws: ImportFile.TooLarge.self) {
      _ = try await ImportFile.receive(
        AsyncStream<[UInt8]> { continuation in
          for _ in 0..<6 { continuation.yield([1, 2, 3]) }
          continuation.finish()
        }, limit: 15)
    }
  }
}
