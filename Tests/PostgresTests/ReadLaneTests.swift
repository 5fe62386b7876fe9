import Postgres
import Testing

@Suite("The read lane")
struct ReadLaneTests {
  private static let identify = Statement("select set_config('test.identity', $1, true)")
  private static let whoAmI = Statement("select current_setting('test.identity', true), $1::int")

  @Test("10,000 interleaved reads of many identities over two connections never see another's")
  func isolation() async throws {
    try await TestServer.run("read") { database in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for caller in 0..<100 {
          group.addTask {
            var strangers = 0
            for turn in 0..<100 {
              let rows = try await database.read(
                Segment(Self.whoAmI(.int(turn)), after: [Self.identify("person \(caller)")]))
              if rows.string(0, 0) != "person \(caller)" { strangers += 1 }
              if rows.number(1) != turn { strangers += 1 }
            }
            return strangers
          }
        }
        for try await strangers in group { #expect(strangers == 0) }
      }
      #expect(database.statistics.read.busy + database.statistics.read.idle <= 2)
    }
  }

  @Test("An error in a guard or a statement touches no neighbour, and leaves no identity behind")
  func errorsStayAlone() async throws {
    let fails = Statement("select 1 / $1::int")
    let doesNotParse = Statement("selec $1::int")
    try await TestServer.run("read", { $0.readConnections = 1 }) { database in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for turn in 0..<600 {
          group.addTask {
            switch turn % 4 {
            case 0:
              let error = try await failure {
                try await database.read(Segment(Self.whoAmI(0), after: [Self.identify("x"), fails(0)]))
              }
              #expect(error.sqlState == .divisionByZero)
            case 1:
              let error = try await failure {
                try await database.read(Segment(fails(0), after: [Self.identify("y")]))
              }
              #expect(error.sqlState == .divisionByZero)
            case 2:
              let error = try await failure { try await database.read(Segment(doesNotParse(0))) }
              #expect(error.sqlState == .syntaxError)
            default:
              let rows = try await database.read(Segment(Self.whoAmI(.int(turn))))
              #expect(rows.string(0, 0) ?? "" == "")
              #expect(rows.number(1) == turn)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("It cannot write")
  func readOnly() async throws {
    try await TestServer.run("read") { database in
      let error = try await failure { try await database.read(Segment("create table t (a int)")) }
      #expect(error.sqlState == .readOnlyTransaction)
    }
  }

  @Test("A transaction left open is refused, and the next caller does not find it")
  func strayBegin() async throws {
    try await TestServer.run("read", { $0.readConnections = 1 }) { database in
      for _ in 0..<5 {
        let error = try await failure { try await database.read(Segment("begin")) }
        guard case .misuse = error else { return #expect(Bool(false), "\(error)") }
        let rows = try await database.read(Segment(Self.whoAmI(1)))
        #expect(rows.number(1) == 1)
      }
    }
  }

  @Test("A COPY is refused")
  func copy() async throws {
    try await TestServer.run("read") { database in
      let error = try await failure { try await database.read(Segment("copy (select 1) to stdout")) }
      guard case .misuse = error else { return #expect(Bool(false), "\(error)") }
      try await database.ping()
    }
  }

  @Test("A NUL character and too many parameters are refused before anything is sent")
  func misuse() async throws {
    try await TestServer.run("read") { database in
      for parameters in [[Parameter.text("a\0b")], Array(repeating: .null, count: 65_536)] {
        let error = try await failure { try await database.read(Segment(Self.whoAmI.bind(parameters))) }
        guard case .misuse = error else { return #expect(Bool(false), "\(error)") }
      }
    }
  }

  @Test("Cancelled callers are answered at once, and their late results reach nobody")
  func cancellationStorm() async throws {
    let slow = Statement("select $1::int, pg_sleep(0.002)")
    try await TestServer.run("read") { database in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<40 {
          group.addTask {
            for turn in 0..<25 {
              let number = caller * 1_000 + turn
              let read = Task { try await database.read(Segment(slow(.int(number)))) }
              if (caller + turn).isMultiple(of: 2) { read.cancel() }
              switch await read.result {
              case .success(let rows): #expect(rows.number(0) == number)
              case .failure(let error):
                #expect(error as? PostgresError == .cancelled && (caller + turn).isMultiple(of: 2))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      try await eventually("drained") { database.statistics.read.inFlight == 0 }
    }
  }

  @Test("Deadlines hold, whether the request waits or is in flight")
  func deadlineStorm() async throws {
    // Half of them are so slow that all would take twenty seconds and more if anybody waited for them.
    let slow = Statement("select $1::int, pg_sleep(case $1 % 2 when 0 then 0.005 else 0.3 end)")
    try await TestServer.run("read", { $0.readDepth = 4 }) { database in
      let clock = ContinuousClock()
      let start = clock.now
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<300 {
          group.addTask {
            do {
              let rows = try await database.read(Segment(slow(.int(number))), deadline: .milliseconds(100))
              return rows.number() == number
            } catch {
              return (error as any Error) as? PostgresError == .deadlineExceeded
            }
          }
        }
        return await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(outcomes.count == 300 && outcomes.allSatisfy { $0 })
      #expect(clock.now - start < .seconds(10))
      try await database.ping(deadline: .seconds(60))
    }
  }

  @Test("A full queue refuses at once")
  func saturation() async throws {
    let log = ObservationLog()
    let change = { (configuration: inout Database.Configuration) in
      configuration.readConnections = 1
      configuration.readDepth = 2
      configuration.readQueue = 3
    }
    try await TestServer.run("read", change, log: log) { database in
      try await database.ping()
      let refused = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<20 {
          group.addTask {
            do {
              _ = try await database.read(Segment("select pg_sleep(0.2)"))
              return false
            } catch {
              guard case .saturated(let delay)? = (error as any Error) as? PostgresError else { return false }
              return delay == .seconds(1)
            }
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(refused == 15)
      #expect(log.count { if case .queueFull(.read) = $0 { true } else { false } } == 15)
    }
  }

  @Test("A request that holds up the others costs only itself")
  func watchdog() async throws {
    let log = ObservationLog()
    let change = { (configuration: inout Database.Configuration) in
      configuration.readConnections = 1
      // Long enough for any machine to answer the others in, who also wait for it: their deadlines are longer still.
      configuration.headAgeLimit = .seconds(2)
      configuration.readDeadline = .seconds(60)
      configuration.patience = .seconds(60)
    }
    try await TestServer.run("read", change, log: log) { database in
      try await database.ping(deadline: .seconds(60))
      // Immediate: it stands in the lane before the next line runs, and so before the others, who come after it on
      // the only connection. To look for it there would be a race with the watchdog.
      let blocker = Task.immediate { try await failure { try await database.read(Segment("select pg_sleep(30)")) } }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for turn in 0..<20 {
          group.addTask {
            let rows = try await database.read(Segment(Self.whoAmI(.int(turn))))
            #expect(rows.number(1) == turn)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await blocker.value == .deadlineExceeded)
      #expect(log.count { if case .watchdogRetired = $0 { true } else { false } } == 1)
    }
  }

  @Test("Reads survive their connections being terminated, again and again")
  func termination() async throws {
    let isOver = Flag()
    try await TestServer.run("read_terminated") { database in
      let killer = Task {
        var kills = 0
        while !isOver.isRaised {
          let rows = try await database.write(
            Segment(
              """
              select count(pg_terminate_backend(pid))::int from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()
              """))
          kills += try rows.int(0, 0) ?? 0
          try await Task.sleep(for: .milliseconds(50))
        }
        return kills
      }
      let failures = await withTaskGroup(of: Int.self) { group in
        for caller in 0..<20 {
          group.addTask {
            var failures = 0
            for turn in 0..<200 {
              let number = String(caller * 1_000 + turn)
              do {
                let rows = try await database.read(Segment(Self.whoAmI(.text(number))))
                #expect(rows.string(0, 1) == number)
              } catch {
                #expect((error as any Error) as? PostgresError == .connectionLost(outcome: .notSent))
                failures += 1
              }
            }
            return failures
          }
        }
        return await group.reduce(0, +)
      }
      isOver.raise()
      let kills = try await killer.value
      #expect(kills > 0)
      #expect(failures < 40, "a read is asked again; only one that meets three ends in a row may fail")
    }
  }

  @Test("A schema that changes under a prepared statement fails no request")
  func stalePlan() async throws {
    let read = Statement("select * from growing")
    let log = ObservationLog()
    try await TestServer.run("read", log: log) { database in
      _ = try await database.write(Segment("create table growing as select 1 as a"))
      for column in 0..<3 {
        let columns = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<20 { group.addTask { try await database.read(Segment(read())).columnCount } }
          return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(columns == [column + 1])
        _ = try await database.write(Segment("alter table growing add b\(column) int"))
      }
      #expect(log.count { if case .stalePlan = $0 { true } else { false } } > 0)
    }
  }
}
