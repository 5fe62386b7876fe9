import Postgres
import Testing

@Suite("Shutting down")
struct ShutdownTests {
  @Test("Work in hand finishes, the queue included; new work is refused")
  func graceful() async throws {
    var configuration = Database.Configuration(conninfo: TestServer.conninfo)
    configuration.writeConnections = 8
    let database = Database(configuration)
    let holder = Database(.init(conninfo: TestServer.conninfo))
    try await holder.withSession { hold in
      // Held by a lock and not by a sleep: however slow the machine, all of it is at work until it is let go.
      _ = try await hold.script("select pg_advisory_lock(471147)")
      let works = (0..<20).map { number in
        Task {
          try await database.write(Segment("select $1::int from pg_advisory_xact_lock_shared(471147)", .int(number)))
        }
      }
      let session = Task {
        try await database.withSession {
          try await $0.query(Statement("select 1 from pg_advisory_xact_lock_shared(471147)")())
        }
      }
      try await eventually("at work") {
        database.statistics.write.inFlight == 8 && database.statistics.write.waiting == 12
          && database.statistics.long.inFlight == 1
      }
      async let ended: Void = database.shutdown()
      try await eventually("refused") {
        do {
          _ = try await database.read(Segment("select 1"))
          return false
        } catch {
          return (error as any Error) as? PostgresError == .shuttingDown
        }
      }
      _ = try await hold.script("select pg_advisory_unlock(471147)")
      for (number, work) in works.enumerated() {
        let rows = try await work.value
        #expect(rows.number() == number)
      }
      let rows = try await session.value
      #expect(rows.number() == 1)
      await ended
    }
    await holder.shutdown()
    #expect(try await failure { try await database.write(Segment("select 1")) } == .shuttingDown)
    await database.shutdown()
  }

  @Test("When the time is up what still runs is given up, and every caller is answered")
  func abrupt() async throws {
    let database = Database(.init(conninfo: TestServer.conninfo))
    let write = Task { try await database.write(Segment("select pg_sleep(60)")) }
    let read = Task { try await database.read(Segment("select pg_sleep(60)")) }
    let session = Task { try await database.withSession { try await $0.query(Statement("select pg_sleep(60)")()) } }
    try await eventually("at work") {
      let now = database.statistics
      return now.read.inFlight == 1 && now.write.inFlight == 1 && now.long.inFlight == 1
    }
    let clock = ContinuousClock()
    let start = clock.now
    await database.shutdown(graceful: .milliseconds(100))
    #expect(clock.now - start < .seconds(2))
    #expect(try await failure { try await write.value } == .connectionLost(outcome: .unknown))
    #expect(try await failure { try await read.value } == .connectionLost(outcome: .notSent))
    #expect(try await failure { try await session.value } == .connectionLost(outcome: .unknown))
  }

  @Test("A conninfo that libpq does not understand is refused without being quoted")
  func conninfo() async throws {
    let database = Database(.init(conninfo: "password secret=1"))
    let error = try await failure { try await database.read(Segment("select 1")) }
    guard case .misuse = error else { return #expect(Bool(false), "\(error)") }
    #expect(!error.debugDescription.contains("secret"))
    await database.shutdown()
  }
}
