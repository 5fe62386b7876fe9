import Postgres
import Testing

@Suite("Sessions")
struct SessionTests {
  private static let backend = Statement("select pg_backend_pid()")

  @Test("A session finds its connection as new, whatever the one before left")
  func dirty() async throws {
    let mess = [
      "begin; create table never (a int)", "begin; select 1/0", "set work_mem = '1234kB'",
      "create temp table t (a int)",
      "select pg_advisory_lock(7)", "listen x", "prepare p as select 1",
      "set session characteristics as transaction read only",
    ]
    try await TestServer.run("session", { $0.longConnections = 1 }) { database in
      for sql in mess {
        _ = try? await database.withSession { try await $0.script(sql) }
        try await database.withSession { session in
          let rows = try await session.query(
            Statement(
              """
              select current_setting('work_mem') = '1234kB' or to_regclass('t') is not null
                or to_regclass('never') is not null or exists (select from pg_prepared_statements)
                or exists (select from pg_listening_channels()) or current_setting('transaction_read_only')::bool
                or exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())
              """)())
          #expect(try rows.bool(0, 0) == false, "after \(sql)")
        }
      }
      #expect(database.statistics.long.inFlight == 1 || database.statistics.long.idle == 1)
    }
  }

  @Test("Sessions wait their turn, no longer than their deadline, and a cancelled one leaves the queue")
  func queue() async throws {
    try await TestServer.run("session", { $0.longConnections = 1 }) { database in
      try await database.withSession { _ in
        let error = try await failure { try await database.withSession(deadline: .milliseconds(50)) { _ in } }
        #expect(error == .deadlineExceeded)
        let waiter = Task { try await database.withSession { _ in } }
        try await eventually("waiting") { database.statistics.long.waiting == 1 }
        waiter.cancel()
        #expect(try await failure { try await waiter.value } == .cancelled)
        #expect(database.statistics.long.idle == 0)
      }
      try await database.withSession { _ = try await $0.query(Self.backend()) }
    }
  }

  @Test("A transaction commits, or is rolled back when its body throws")
  func transactions() async throws {
    struct Stop: Error {}
    try await TestServer.run("session") { database in
      try await database.withSession { session in
        try await session.script("drop table if exists kept; create table kept (a int)")
        try await session.transaction { _ = try await session.query(Statement("insert into kept values (1)")()) }
        await #expect(throws: Stop.self) {
          try await session.transaction {
            _ = try await session.query(Statement("insert into kept values (2)")())
            throw Stop()
          }
        }
        let error = try await failure {
          try await session.transaction(isolation: .serializable, readOnly: true) {
            _ = try await session.query(Statement("insert into kept values (3)")())
          }
        }
        #expect(error.sqlState == .readOnlyTransaction)
        #expect(try await session.query(Statement("select sum(a) from kept")()).number() == 1)
      }
    }
  }

  @Test("A COMMIT that is answered with ROLLBACK is an error, and so is one that fails")
  func failedCommits() async throws {
    try await TestServer.run("session") { database in
      try await database.withSession { session in
        try await session.script(
          "drop table if exists once; create table once (a int unique deferrable initially deferred)")
        let rolledBack = try await failure {
          try await session.transaction {
            _ = try await session.query(Statement("insert into once values (1)")())
            _ = try? await session.query(Statement("select 1/0")())
          }
        }
        #expect(rolledBack == .rolledBack)
        let failed = try await failure {
          try await session.transaction {
            _ = try await session.query(Statement("insert into once values (1), (1)")())
          }
        }
        #expect(failed.sqlState == .uniqueViolation)
        #expect(try await session.query(Statement("select count(*) from once")()).number() == 0)
      }
    }
  }

  @Test("Rows are streamed in order, and leaving early leaves a session that works")
  func streaming() async throws {
    let series = Statement("select i, repeat('x', 100) from generate_series(1, $1::int) i")
    try await TestServer.run("session", { $0.longConnections = 1 }) { database in
      try await database.withSession { session in
        var next = 1
        for try await row in session.stream(series(50_000)) {
          #expect(try row.int(0) == next)
          next += 1
        }
        #expect(next == 50_001)
        for turn in 0..<5 {
          for try await row in session.stream(series(10_000_000)) {
            if try row.int(0) == 1 + turn * 500 { break }
          }
          #expect(try await session.query(Statement("select 5")()).number() == 5)
        }
        let error = try await failure {
          for try await _ in session.stream(Statement("select 1 / (3 - i) from generate_series(1, 5) i")()) {}
        }
        #expect(error.sqlState == .divisionByZero)
        for try await _ in session.stream(series(10_000_000)) {
          let misuse = try await failure { try await session.query(Self.backend()) }
          guard case .misuse = misuse else { return #expect(Bool(false), "\(misuse)") }
          break
        }
      }
      try await database.withSession { _ = try await $0.query(Self.backend()) }
    }
  }

  @Test("A cancelled task stops the server's work, and the connection serves on")
  func cancellation() async throws {
    try await TestServer.run("session", { $0.longConnections = 1 }) { database in
      for statement in [
        Statement("select pg_sleep(60)"), Statement("select count(*) from generate_series(1, 10000000000)"),
      ] {
        let work = Task { try await database.withSession { try await $0.query(statement()) } }
        try await eventually("at work") {
          try await database.read(
            Segment("select count(*) from pg_stat_activity where state = 'active' and query = $1", "\(statement)")
          )
          .number() == 1
        }
        work.cancel()
        #expect(try await failure { try await work.value } == .cancelled)
      }
      let rows = try await database.withSession { try await $0.query(Statement("select 3")()) }
      #expect(rows.number() == 3)
      try await eventually("nothing runs on") {
        try await database.read(
          Segment("select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)'")
        )
        .number() == 0
      }
    }
  }

  @Test("An operation that takes too long is stopped")
  func limit() async throws {
    let change = { (configuration: inout Database.Configuration) in
      configuration.operationLimit = .milliseconds(200)
      configuration.longConnections = 1
    }
    try await TestServer.run("session", change) { database in
      try await database.withSession { session in
        let error = try await failure { try await session.query(Statement("select pg_sleep(60)")()) }
        #expect(error == .deadlineExceeded)
        #expect(try await session.query(Statement("select 3")()).number() == 3)
      }
    }
  }

  @Test("A session is of no use outside its closure")
  func escaped() async throws {
    try await TestServer.run("session", { $0.longConnections = 1 }) { database in
      let escaped = try await database.withSession { $0 }
      try await database.withSession { _ in
        let error = try await failure { try await escaped.query(Self.backend()) }
        guard case .misuse = error else { return #expect(Bool(false), "\(error)") }
      }
    }
  }

  @Test("Notices reach the observer and the session that asked for them")
  func notices() async throws {
    let log = ObservationLog()
    let heard = ObservationLog()
    try await TestServer.run("session", log: log) { database in
      try await database.withSession { session in
        session.onNotice { heard.append(.notice(.long, $0)) }
        try await session.script("do $$ begin raise warning 'mind the gap' using errcode = '01000'; end $$")
        let fits: (Observation) -> Bool = {
          if case .notice(.long, let notice) = $0 { notice.message == "mind the gap" } else { false }
        }
        #expect(heard.count(where: fits) == 1 && log.count(where: fits) == 1)
      }
    }
  }

  @Test("A script runs several statements and gives the result of each; the first error ends it")
  func scripts() async throws {
    try await TestServer.run("session") { database in
      try await database.withSession { session in
        let results = try await session.script("select 1; select 2; create temp table s (a int)")
        #expect(results.count == 3 && results[0].number() == 1 && results[1].number() == 2)
        let error = try await failure { try await session.script("create temp table r (a int); select 1/0; select 2") }
        #expect(error.sqlState == .divisionByZero)
        #expect(try await session.query(Statement("select to_regclass('r') is null")()).string(0, 0) == "t")
      }
    }
  }
}
