import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

/// A board whose nights come when a test says so.
struct Nights: Sendable {
  let board: Board

  /// The login role whose clock can be set, with the rights of `beeld_jobs`; the cluster's other tests keep theirs.
  private static let role = "beeld_jobs_clock"

  /// A board without people, so that a night is quick, with the default schedule from a day on.
  static func fresh(from day: String) async throws -> Nights {
    let board = Board(database: try await TestDatabase.fresh())
    try await board.database.script(
      """
      do $$
      begin
        perform pg_advisory_xact_lock(78);
        if not exists (select from pg_roles where rolname = 'beeld_test') then
          create role beeld_test;
        end if;
        if not exists (select from pg_roles where rolname = '\(role)') then
          create role \(role) login in role beeld_jobs, beeld_test;
        end if;
      exception when duplicate_object or unique_violation then
        null;
      end
      $$;
      update report_schedule set enabled_from = '\(day)';
      """)
    return Nights(board: board)
  }

  func schedule(_ report: String, at time: String) async throws {
    try await board.database.script(
      "insert into report_schedule (id, report, at, enabled_from) select gen_random_uuid(), '\(report)', '\(time)', min(enabled_from) from report_schedule"
    )
  }

  /// A client for whom it is that instant.
  func client(at instant: String, sessions: Int = 2) -> Database {
    board.database.connect(as: Self.role) { configuration in
      configuration.sessionOptions += " -c app.now=\(instant) -c search_path=beeld,app"
      configuration.writeConnections = sessions
      configuration.longConnections = min(sessions, 3)
    }
  }

  /// With the clock at a local time of Amsterdam, `YYYY-MM-DD HH:MM`.
  func at(_ local: String, _ body: (DueReports) async throws -> Void) async throws {
    try await at(instant: try await instant(local), body)
  }

  func at(instant: String, _ body: (DueReports) async throws -> Void) async throws {
    let database = client(at: instant)
    do {
      try await body(DueReports(database))
    } catch {
      await database.shutdown(graceful: .seconds(1))
      throw error
    }
    await database.shutdown(graceful: .seconds(1))
  }

  /// What an instance claims at a local time, to be heard of no more.
  func claim(at local: String) async throws -> DueReports.Claim? {
    try await claim(atInstant: try await instant(local))
  }

  func claim(atInstant instant: String) async throws -> DueReports.Claim? {
    var claim: DueReports.Claim?
    try await at(instant: instant) { claim = try await $0.claim() }
    return claim
  }

  /// Instances that look at once and make what is due. One that is dying claims, and is heard of no more.
  func at(_ local: String, instances: Int, dying: Set<Int>) async throws {
    let database = client(at: try await instant(local), sessions: instances)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for instance in 0..<instances {
        group.addTask {
          let due = DueReports(database)
          if dying.contains(instance) {
            _ = try await due.claim()
          } else {
            try await due.makeAll { claim, outcome in #expect(outcome == .succeeded(rows: 0), "\(claim)") }
          }
        }
      }
      try await group.waitForAll()
    }
    await database.shutdown(graceful: .seconds(1))
  }

  func untilSomebodyWaitsForALock() async throws {
    while try await board.value(
      "select count(*) from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())"
    ) == "0" {
      await Task.yield()
    }
  }

  private func instant(_ local: String) async throws -> String {
    try #require(
      try await board.value(
        "select to_char((timestamp '\(local)' at time zone 'Europe/Amsterdam') at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
      ))
  }
}
