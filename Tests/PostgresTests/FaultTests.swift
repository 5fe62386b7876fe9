import Glibc
import Postgres
import Testing

@Suite("A connection that breaks, at every point of the conversation")
struct FaultTests {
  /// Runs `body` with a client that reaches the server through a proxy, and one that reaches it directly.
  private func run(
    _ suite: String, _ change: @escaping (inout Database.Configuration) -> Void = { _ in },
    _ body: (Database, Database, Proxy) async throws -> Void
  ) async throws {
    try await TestServer.run(suite) { direct in
      let (folder, port) = try await TestServer.place(of: direct)
      let proxy = try Proxy(to: "\(folder)/.s.PGSQL.\(port)")
      defer { proxy.close() }
      let through: (inout Database.Configuration) -> Void = { configuration in
        configuration.conninfo += " host=127.0.0.1 port=\(proxy.port) sslmode=disable gssencmode=disable"
        configuration.readConnections = 1
        configuration.writeConnections = 1
        configuration.longConnections = 1
        configuration.headAgeLimit = .milliseconds(500)
        configuration.cancelGrace = .milliseconds(300)
        configuration.connectTimeout = 2
        configuration.patience = .seconds(4)
        configuration.backoffInitial = .milliseconds(5)
        change(&configuration)
      }
      try await TestServer.run(suite, through) { database in try await body(database, direct, proxy) }
    }
  }

  /// Points from the first byte to the last: close together, and many more than there are messages.
  private func points(_ total: Int, _ count: Int) -> [Int] {
    stride(from: 0, through: total, by: max(1, total / count)).map { $0 }
  }

  private static let read = Statement("select $1::int, repeat('x', 3000)")

  @Test(
    "A read is answered nevertheless, from connecting to the last byte of its result",
    arguments: Proxy.Direction.allCases)
  func reads(_ direction: Proxy.Direction) async throws {
    for damage in [Proxy.Damage.cut, .halfClose] {
      let total = try await readBytes(direction)
      for point in points(total, 60) {
        try await run("fault_read", { $0.headAgeLimit = .seconds(3) }) { database, _, proxy in
          proxy.plan(.init(direction: direction, bytes: point, damage: damage))
          let rows = try await database.read(Segment(Self.read(.int(point))), deadline: .seconds(5))
          #expect(rows.number() == point)
          #expect(proxy.struck == 1 || point >= total - 60)
          proxy.plan(nil)
          let next = try await database.read(Segment(Self.read(7)), deadline: .seconds(5))
          #expect(next.number() == 7)
        }
      }
    }
  }

  private func readBytes(_ direction: Proxy.Direction) async throws -> Int {
    var total = 0
    try await run("fault_read") { database, _, proxy in
      _ = try await database.read(Segment(Self.read(1)))
      total = proxy.passed(direction)
    }
    return total
  }

  @Test("A read through a connection that falls silent ends within its deadline, and the next works")
  func silentReads() async throws {
    for point in [0, 100, 420, 900, 3_000] {
      try await run("fault_silence") { database, _, proxy in
        proxy.plan(.init(direction: .fromServer, bytes: point, damage: .stall))
        let clock = ContinuousClock()
        let start = clock.now
        do { _ = try await database.read(Segment(Self.read(1)), deadline: .seconds(3)) } catch {}
        #expect(clock.now - start < .seconds(10))
        proxy.plan(nil)
        let next = try await database.read(Segment(Self.read(7)), deadline: .seconds(5))
        #expect(next.number() == 7)
      }
    }
  }

  @Test("A write says truly whether it has had its effect", arguments: Proxy.Direction.allCases)
  func writes(_ direction: Proxy.Direction) async throws {
    let insert = Statement("insert into effect values ($1)")
    for damage in Proxy.Damage.allCases {
      for point in points(1_200, damage == .stall ? 8 : 60) {
        try await run(direction == .fromServer ? "fault_answer" : "fault_write") { database, direct, proxy in
          _ = try await direct.write(Segment("create table if not exists effect (id int primary key)"))
          _ = try await direct.write(Segment("truncate effect"))
          if point.isMultiple(of: 2) { _ = try await database.write(Segment("select 1")) }
          proxy.plan(.init(direction: direction, bytes: point, damage: damage))
          let outcome: PostgresError?
          do {
            _ = try await database.write(Segment(insert(1)), deadline: .milliseconds(damage == .stall ? 300 : 5_000))
            outcome = nil
          } catch {
            outcome = (error as any Error) as? PostgresError
          }
          proxy.plan(nil)
          let rows = try await direct.read(Segment("select count(*) from effect"))
          switch outcome {
          case nil: #expect(rows.number() == 1)
          case .connectionLost(.unknown): break
          case .connectionLost(.notSent), .deadlineExceeded, .unavailable: #expect(rows.number() == 0)
          default: Issue.record("\(String(describing: outcome)) at \(point)")
          }
          let next = try await database.write(Segment("select 7"), deadline: .seconds(5))
          #expect(next.number() == 7)
        }
      }
    }
  }

  @Test("A transaction is committed when it says so, and only then unless its outcome is unknown")
  func transactions() async throws {
    for direction in Proxy.Direction.allCases {
      for point in points(700, 40) {
        try await run("fault_transaction") { database, direct, proxy in
          _ = try await direct.write(Segment("create table if not exists effect (id int primary key)"))
          _ = try await direct.write(Segment("truncate effect"))
          try await database.withSession { _ = try await $0.query(Statement("select 1")()) }
          try await eventually("returned") { database.statistics.long.idle == 1 }
          proxy.plan(.init(direction: direction, bytes: point, damage: .cut))
          var outcome: PostgresError?
          do {
            try await database.withSession { session in
              try await session.transaction {
                _ = try await session.query(Statement("insert into effect values (1)")())
              }
            }
          } catch {
            outcome = error as? PostgresError
          }
          proxy.plan(nil)
          let rows = try await direct.read(Segment("select count(*) from effect"))
          switch outcome {
          case nil: #expect(rows.number() == 1)
          case .connectionLost(.unknown): break
          case .connectionLost(.notSent): #expect(rows.number() == 0)
          default: Issue.record("\(String(describing: outcome)) at \(point)")
          }
          let next = try await database.withSession { try await $0.query(Statement("select 7")()) }
          #expect(next.number() == 7)
        }
      }
    }
  }

  @Test(
    "A COPY, a stream or a script ends in an error or in full, and the next session works",
    arguments: Proxy.Damage.allCases)
  func sessions(_ damage: Proxy.Damage) async throws {
    let change = { (configuration: inout Database.Configuration) in configuration.operationLimit = .milliseconds(400) }
    for direction in Proxy.Direction.allCases {
      for (work, size) in [(Self.copyIn, 300_000), (Self.copyOut, 300_000), (Self.stream, 300_000), (Self.script, 500)]
      {
        for point in points(direction == .fromClient && size > 500 ? 500 : size, damage == .stall ? 2 : 8) {
          try await run("fault_session", change) { database, _, proxy in
            try await database.withSession { _ = try await $0.query(Statement("select 1")()) }
            try await eventually("returned") { database.statistics.long.idle == 1 }
            proxy.plan(.init(direction: direction, bytes: point, damage: damage))
            do {
              try await database.withSession { try await work($0) }
            } catch let error as PostgresError {
              let isFitting = [
                .connectionLost(outcome: .unknown), .connectionLost(outcome: .notSent), .deadlineExceeded,
              ]
              .contains(error)
              #expect(isFitting, "\(error) at \(point)")
            }
            proxy.plan(nil)
            let next = try await database.withSession { try await $0.query(Statement("select 7")()) }
            #expect(next.number() == 7)
          }
        }
      }
    }
  }

  private static func copyIn(_ session: Session) async throws {
    try await session.script("create temp table t (a text)")
    let count = try await session.copyIn("copy t from stdin") { writer in
      for _ in 0..<10 { try await writer.write([UInt8](repeating: 10, count: 30_000)) }
    }
    #expect(count == 300_000)
  }

  private static func copyOut(_ session: Session) async throws {
    var count = 0
    for try await piece in session.copyOut("copy (select repeat('x', 99) from generate_series(1, 3000)) to stdout") {
      count += piece.count
    }
    #expect(count == 300_000)
  }

  private static func stream(_ session: Session) async throws {
    var count = 0
    for try await row in session.stream(Statement("select repeat('x', 99) from generate_series(1, 2000)")()) {
      count += row.string(0)!.count
    }
    #expect(count == 198_000)
  }

  private static func script(_ session: Session) async throws {
    #expect(try await session.script("select 1; select 2; select pg_sleep(0.01); select 3").count == 4)
  }

  @Test("Cancelling what the server no longer hears ends all the same")
  func cancelling() async throws {
    try await run("fault_cancel") { database, _, proxy in
      let work = Task { try await database.withSession { try await $0.query(Statement("select pg_sleep(60)")()) } }
      try await eventually("at work") { database.statistics.long.busy == 1 && proxy.passed(.fromServer) > 0 }
      proxy.plan(.init(direction: .fromClient, bytes: 0, damage: .stall))
      work.cancel()
      #expect(try await failure { try await work.value } == .cancelled)
      proxy.plan(nil)
      let next = try await database.withSession { try await $0.query(Statement("select 7")()) }
      #expect(next.number() == 7)
    }
  }

  @Test("A listener that is cut off listens again", arguments: Proxy.Damage.allCases)
  func listening(_ damage: Proxy.Damage) async throws {
    let change = { (configuration: inout Database.Configuration) in configuration.listenHeartbeat = .milliseconds(200) }
    try await run("fault_listen", change) { database, direct, proxy in
      var events = database.notifications(on: ["news"]).makeAsyncIterator()
      #expect(await events.next() == .resumed)
      for point in [0, 10, 40] {
        proxy.plan(.init(direction: .fromServer, bytes: point, damage: damage))
        _ = try await direct.write(Segment("select pg_notify('news', 'a word of some length')"))
        var event = await events.next()
        while event != .resumed, event != nil { event = await events.next() }
        #expect(event == .resumed)
        proxy.plan(nil)
        _ = try await direct.write(Segment("select pg_notify('news', $1)", .int(point)))
        while let next = await events.next() {
          if case .notification(let heard) = next, heard.payload == "\(point)" { break }
        }
      }
    }
  }

  @Test("Neighbours of a broken connection are all answered, each with its own")
  func neighbours() async throws {
    try await run("fault_neighbours", { $0.headAgeLimit = .seconds(5) }) { database, _, proxy in
      for round in 0..<20 {
        proxy.plan(.init(direction: .fromServer, bytes: 2_000 + round * 1_777, damage: .cut))
        try await withThrowingTaskGroup(of: Void.self) { group in
          for caller in 0..<60 {
            group.addTask {
              let rows = try await database.read(Segment(Self.read(.int(caller))), deadline: .seconds(8))
              #expect(rows.number() == caller)
            }
          }
          try await group.waitForAll()
        }
      }
      #expect(proxy.struck == 20)
    }
  }

  @Test("While there is no server callers are refused soon, and served soon after it is back")
  func outage() async throws {
    let directory = "/tmp/postgres-tests-\(getpid())-nobody"
    var configuration = Database.Configuration(conninfo: "host=\(directory) user=postgres")
    configuration.patience = .milliseconds(200)
    let log = ObservationLog()
    let database = Database(configuration) { log.append($0) }
    let clock = ContinuousClock()
    for _ in 0..<3 {
      let start = clock.now
      for error in [
        try await failure { try await database.read(Segment("select 1")) },
        try await failure { try await database.write(Segment("select 1")) },
        try await failure { try await database.withSession { _ in } },
      ] {
        guard case .unavailable(let delay) = error else { return #expect(Bool(false), "\(error)") }
        #expect(delay > .zero && delay <= .seconds(2))
      }
      #expect(clock.now - start < .seconds(10))
    }
    #expect(await database.isReady() == false)
    #expect(log.count { if case .connectFailed = $0 { true } else { false } } >= 3)
    await database.shutdown()
  }
}
