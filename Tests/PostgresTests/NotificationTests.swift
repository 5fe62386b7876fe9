import Postgres
import Testing

@Suite("Notifications")
struct NotificationTests {
  @Test("What is said is heard, and after a broken connection the listener says so and listens again")
  func resumes() async throws {
    try await TestServer.run("listen", { $0.backoffInitial = .milliseconds(5) }) { database in
      var events = database.notifications(on: ["plain", "a \"quoted\" one"]).makeAsyncIterator()
      for turn in 0..<3 {
        #expect(await events.next() == .resumed)
        _ = try await database.write(Segment("select pg_notify($1, $2)", "a \"quoted\" one", .int(turn)))
        guard case .notification(let notification)? = await events.next() else { return #expect(Bool(false)) }
        #expect(notification.channel == "a \"quoted\" one" && notification.payload == "\(turn)")
        _ = try await database.write(
          Segment("select pg_terminate_backend($1::int)", .int(Int(await listener(database)))))
      }
    }
  }

  private func listener(_ database: Database) async -> Int32 {
    do {
      let rows = try await database.read(
        Segment("select pid from pg_stat_activity where query like 'listen %' and datname = current_database()"))
      return Int32(rows.number() ?? 0)
    } catch {
      return 0
    }
  }

  @Test("A listener that nobody reads from any more closes its connection")
  func ends() async throws {
    try await TestServer.run("listen_ends") { database in
      let listening = Task { for await _ in database.notifications(on: ["brief"]) {} }
      let count = Segment(
        "select count(*) from pg_stat_activity where query like 'listen %' and datname = current_database()")
      try await eventually("listening") { try await database.read(count).number() == 1 }
      listening.cancel()
      try await eventually("closed") { try await database.read(count).number() == 0 }
    }
  }

  @Test("The stream ends with the database")
  func shutdown() async throws {
    let database = Database(.init(conninfo: TestServer.conninfo))
    var events = database.notifications(on: ["brief"]).makeAsyncIterator()
    #expect(await events.next() == .resumed)
    await database.shutdown()
    #expect(await events.next() == nil)
    var late = database.notifications(on: ["late"]).makeAsyncIterator()
    #expect(await late.next() == nil)
  }
}
