import Postgres
import Testing

@Suite("The write lane")
struct WriteLaneTests {
  private static let add = Statement("insert into entry (id) values ($1) returning id")

  private func prepared(_ table: String, in database: Database) async throws {
    try await database.withSession { session in
      try await session.script("drop table if exists \(table); create table \(table) (id int primary key)")
    }
  }

  @Test("A guard that raises keeps the statement from running")
  func guardRaises() async throws {
    let refuse = Statement("select 1 / $1::int")
    try await TestServer.run("write") { database in
      try await prepared("guarded", in: database)
      let insert = Statement("insert into guarded values (1)")
      let error = try await failure { try await database.write(Segment(insert(), after: [refuse(0)])) }
      #expect(error.sqlState == .divisionByZero)
      _ = try await database.write(Segment(insert(), after: [refuse(1)]))
      let rows = try await database.read(Segment("select count(*) from guarded"))
      #expect(rows.number() == 1)
    }
  }

  @Test("A constraint that is checked at the commit fails the write, after its row was already there")
  func deferredConstraint() async throws {
    try await TestServer.run("write") { database in
      try await database.withSession { session in
        try await session.script(
          """
          drop table if exists later;
          create table later (id int, constraint later_once unique (id) deferrable initially deferred);
          insert into later values (1)
          """)
      }
      let insert = Statement("insert into later values ($1) returning id")
      let error = try await failure { try await database.write(Segment(insert(1))) }
      guard case .server(let report) = error else { return #expect(Bool(false), "\(error)") }
      #expect(report.sqlState == .uniqueViolation && report.constraint == "later_once" && report.table == "later")
      #expect(!"\(report)".contains("(1)") && report.debugDescription.contains("(1)"))
      _ = try await database.write(Segment(insert(2)))
      let rows = try await database.read(Segment("select string_agg(id::text, ',' order by id) from later"))
      #expect(rows.string(0, 0) == "1,2")
    }
  }

  @Test("A write that waits for a lock holds up no stranger")
  func lock() async throws {
    try await TestServer.run("write") { database in
      try await prepared("locked", in: database)
      try await database.withSession { session in
        _ = try await session.script("begin; insert into locked values (1)")
        let blocked = Task { try await database.write(Segment("insert into locked values (1)")) }
        try await eventually("waits for the lock") { database.statistics.write.inFlight == 1 }
        for id in 2..<50 { _ = try await database.write(Segment("insert into locked values ($1)", .int(id))) }
        _ = try await session.script("commit")
        let error = try await failure { try await blocked.value }
        #expect(error.sqlState == .uniqueViolation)
      }
    }
  }

  @Test("A cancelled caller is answered at once; what was sent takes effect, what was not does not")
  func cancellation() async throws {
    try await TestServer.run("write", { $0.writeConnections = 1 }) { database in
      try await prepared("given_up", in: database)
      // Held by a lock and not by a sleep: however slow the machine, it is in flight until it is let go.
      try await database.withSession { session in
        _ = try await session.script("begin; lock table given_up in access exclusive mode")
        let sent = Task { try await database.write(Segment("insert into given_up values (1)")) }
        try await eventually("in flight") { database.statistics.write.inFlight == 1 }
        let queued = Task { try await database.write(Segment("insert into given_up values (2)")) }
        try await eventually("queued") { database.statistics.write.waiting == 1 }
        sent.cancel()
        queued.cancel()
        #expect(try await failure { try await sent.value } == .cancelled)
        #expect(try await failure { try await queued.value } == .cancelled)
        _ = try await session.script("commit")
      }
      try await eventually("the sent one has taken effect") {
        try await database.read(Segment("select sum(id) from given_up")).number() == 1
      }
    }
  }

  @Test("A deadline that passes in the queue is just that; one that passes after sending leaves the outcome unknown")
  func deadlines() async throws {
    try await TestServer.run("write", { $0.writeConnections = 1 }) { database in
      try await prepared("late", in: database)
      _ = try await database.write(Segment("select 1"))
      // Immediate: it stands in the lane before the next line runs, and so before the one that comes after it.
      let sent = Task.immediate {
        try await failure {
          try await database.write(
            Segment("insert into late select 1 from pg_sleep(2)"), deadline: .milliseconds(700))
        }
      }
      let queued = try await failure {
        try await database.write(Segment("insert into late values (2)"), deadline: .milliseconds(50))
      }
      #expect(queued == .deadlineExceeded)
      #expect(try await sent.value == .connectionLost(outcome: .unknown))
      try await eventually("only the sent one has taken effect") {
        try await database.read(Segment("select sum(id) from late")).number() == 1
      }
    }
  }

  @Test("Under terminated connections every success is there once, and what had no effect is not there")
  func termination() async throws {
    let isOver = Flag()
    try await TestServer.run("write_terminated") { database in
      try await prepared("entry", in: database)
      let killer = Task {
        while !isOver.isRaised {
          do {
            try await database.withSession { session in
              _ = try await session.script(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                """)
            }
          } catch PostgresError.connectionLost {}
          try await Task.sleep(for: .milliseconds(30))
        }
      }
      let outcomes = await withTaskGroup(of: [(Int, PostgresError?)].self) { group in
        for caller in 0..<16 {
          group.addTask {
            var outcomes: [(Int, PostgresError?)] = []
            for turn in 0..<100 {
              let id = caller * 1_000 + turn
              do {
                _ = try await database.write(Segment(Self.add(.int(id))))
                outcomes.append((id, nil))
              } catch {
                outcomes.append((id, (error as any Error) as? PostgresError))
              }
            }
            return outcomes
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      isOver.raise()
      try await killer.value
      let rows = try await database.read(Segment("select id from entry"))
      let present = Set(rows.map { $0.string(0) })
      for (id, error) in outcomes {
        switch error {
        case nil: #expect(present.contains("\(id)"), "an acknowledged write is missing")
        case .connectionLost(.unknown): break
        case .connectionLost(.notSent): #expect(!present.contains("\(id)"))
        default: Issue.record("\(String(describing: error))")
        }
      }
    }
  }

  @Test("A schema that changes under a prepared statement fails no write, though every connection knows the old one")
  func stalePlan() async throws {
    let write = Statement("insert into widening (a) values ($1) returning *")
    try await TestServer.run("write") { database in
      try await database.withSession { session in
        try await session.script("drop table if exists widening; create table widening (a int)")
      }
      for round in 0..<2 {
        try await withThrowingTaskGroup(of: Int.self) { group in
          for turn in 0..<64 { group.addTask { try await database.write(Segment(write(.int(turn)))).columnCount } }
          for try await columns in group { #expect(columns == round + 1) }
        }
        _ = try await database.write(Segment("alter table widening add b\(round) int"))
      }
    }
  }
}
