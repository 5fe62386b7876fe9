import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

/// Nights, with the database's clock set and never waited for.
@Suite("Reports of the night")
struct NightTests {
  @Test(
    "Eight instances, a fifth of whose claimants die, make each of thirty nights once, also when the clocks change",
    arguments: ["2026-03-15", "2026-10-11"])
  func once(first: String) async throws {
    let nights = try await Nights.fresh(from: first)
    // 02:30 is skipped in spring and comes twice in autumn.
    try await nights.schedule("coverage", at: "02:30")
    var chance = SeededGenerator(seed: 8)
    let day = try #require(CivilDate(first))
    for night in 0..<30 {
      let date = try #require(CivilDate(dayNumber: day.dayNumber + night))
      // The nights of the clock change are the fifteenth.
      let isLookedInto = night.isMultiple(of: 7)
      if isLookedInto { #expect(try await nights.claim(at: "\(date) 00:30") == nil, "\(date)") }
      for time in ["02:31", "04:31"] {
        let dying = (0..<8).filter { _ in Int.random(in: 0..<5, using: &chance) == 0 }
        try await nights.at("\(date) \(time)", instances: 8, dying: Set(dying))
      }
      // The leases of the dead have lapsed.
      try await nights.at("\(date) 04:35", instances: 2, dying: [])
      if isLookedInto { #expect(try await nights.claim(at: "\(date) 23:59") == nil, "\(date)") }
    }
    let made = try await nights.board.table(
      "select schedule_id, period, state, as_of, late, count(*) over (partition by schedule_id, period) from report_run"
    )
    #expect(made.count == 60)
    #expect(made.allSatisfy { $0[2] == "succeeded" && $0[1] == $0[3] && $0[5] == "1" })
    #expect(Set(made.map { $0[1] }).count == 30)
    #expect(made.allSatisfy { $0[4] == "f" })
    #expect(try await nights.board.value("select count(*) from report_run where attempt > 1") != "0")
    #expect(
      try await nights.board.value("select count(*) from report_run where row_hash <> app.report_run_hash(id)") == "0")
  }

  @Test(
    "A night begins at its time in Amsterdam, to the minute",
    arguments: [
      ("2026-03-28", "04:30", "03:30"), ("2026-03-29", "04:30", "02:30"), ("2026-10-24", "04:30", "02:30"),
      ("2026-10-25", "04:30", "03:30"), ("2026-03-29", "02:30", "01:30"), ("2026-10-25", "02:30", "01:30"),
      ("2026-07-01", "00:00", "22:00 the day before"),
    ])
  func dueAt(night: String, local: String, utc: String) async throws {
    let nights = try await Nights.fresh(from: night)
    try await nights.board.database.script("update report_schedule set at = '\(local)'")
    let day = try #require(CivilDate(night))
    let (time, date) =
      utc.hasSuffix("before") ? (String(utc.prefix(5)), CivilDate(dayNumber: day.dayNumber - 1)) : (utc, day)
    let due = "\(try #require(date))T\(time):00Z"
    let before = try #require(
      try await nights.board.value(
        "select to_char((timestamptz '\(due)' - interval '1 s') at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))
    #expect(try await nights.claim(atInstant: before) == nil)
    try await nights.at(instant: due) { claimant in
      let claim = try #require(try await claimant.claim())
      #expect(claim.asOf == day && claim.attempt == 1 && !claim.isLate)
      #expect(try await claimant.claim() == nil)
    }
  }

  @Test("Nights that were missed are caught up, the earliest first, and marked late; never more than thirty")
  func missed() async throws {
    let nights = try await Nights.fresh(from: "2026-01-01")
    try await nights.at("2026-01-01 04:31", instances: 1, dying: [])
    try await nights.at("2026-01-05 04:31", instances: 3, dying: [])
    let early = try await nights.board.table("select period, late from report_run order by period")
    #expect(early.map { $0[0] } == (1...5).map { "2026-01-0\($0)" })
    #expect(early.map { $0[1] } == ["f", "t", "t", "t", "f"])
    try await nights.at("2026-06-01 05:00", instances: 2, dying: [])
    #expect(try await nights.board.value("select count(*) from report_run where period > '2026-01-05'") == "31")
    #expect(
      try await nights.board.value("select min(period) from report_run where period > '2026-01-05'") == "2026-05-02")
    #expect(
      try await nights.board.value(
        "select string_agg(period::text, ' ') from report_run where period > '2026-01-05' and not late") == "2026-06-01"
    )
  }

  @Test("A schedule that is switched off makes nothing, and catches nothing up from before it was switched on")
  func disabled() async throws {
    let nights = try await Nights.fresh(from: "2026-01-10")
    try await nights.board.database.script("update report_schedule set enabled = false")
    #expect(try await nights.claim(at: "2026-01-12 06:00") == nil)
    try await nights.board.database.script("update report_schedule set enabled = true, enabled_from = '2026-01-12'")
    try await nights.at("2026-01-12 06:00", instances: 2, dying: [])
    #expect(try await nights.board.value("select string_agg(period::text, ' ') from report_run") == "2026-01-12")
  }

  @Test("One that fails is tried three times more, each time later, and then abandoned")
  func abandoned() async throws {
    let nights = try await Nights.fresh(from: "2026-01-10")
    try await nights.board.database.script("update report_schedule set report = 'nonsense'")
    var outcomes: [DueReports.Outcome] = []
    for minute in 31...59 {
      try await nights.at("2026-01-10 04:\(minute)") { due in try await due.makeAll { outcomes.append($1) } }
    }
    let failed = DueReports.Outcome.failed(reason: "sqlstate_42883")
    #expect(outcomes == [failed, failed, failed, .abandoned(reason: "sqlstate_42883")])
    let run = try await nights.board.table(
      "select state, attempt, failure, finished_at = '2026-01-10 03:52Z' from report_run")
    #expect(run == [["abandoned", "4", "sqlstate_42883", "t"]])
    #expect(try await nights.claim(at: "2026-01-10 23:00") == nil)
  }

  @Test("A claimant that dies on every attempt does not keep the run for ever")
  func lostClaimants() async throws {
    let nights = try await Nights.fresh(from: "2026-01-10")
    for (minute, attempt) in zip([31, 34, 37, 40], 1...4) {
      #expect(try await nights.claim(at: "2026-01-10 04:\(minute)")?.attempt == attempt)
    }
    #expect(try await nights.claim(at: "2026-01-10 04:43") == nil)
    try await nights.at("2026-01-10 04:43") { due in
      let lost = try await due.abandonLost()
      #expect(lost.map(\.attempt) == [4])
      let more = try await due.abandonLost()
      #expect(more.isEmpty)
    }
    #expect(try await nights.board.table("select state, failure from report_run") == [["abandoned", "claimant_lost"]])
  }

  @Test("Who is at work is left alone, however long it takes; who lost the claim changes nothing")
  func atWork() async throws {
    let nights = try await Nights.fresh(from: "2026-01-10")
    let clock = nights.client(at: "2026-01-10T04:31:00+01")
    let first = try #require(try await DueReports(clock).claim())
    try await clock.withSession { session in
      try await session.transaction {
        _ = try await session.query(MakeReport.make(.text(first.run.description), .int(first.attempt)))
        #expect(try await nights.claim(at: "2026-01-10 09:00") == nil)
      }
    }
    #expect(try await nights.board.table("select state, attempt from report_run") == [["succeeded", "1"]])

    let second = try await Nights.fresh(from: "2026-01-10")
    let slow = second.client(at: "2026-01-10T04:31:00+01")
    let lost = try #require(try await DueReports(slow).claim())
    try await second.at("2026-01-10 04:40") { due in
      let taken = try #require(try await due.claim())
      #expect(taken.run == lost.run && taken.attempt == 2)
      #expect(await DueReports(slow).make(lost) == .lost)
      #expect(try await DueReports(slow).settle(.failed(reason: "connection_lost"), of: lost) == .lost)
      #expect(await due.make(taken) == .succeeded(rows: 0))
      #expect(try await DueReports(slow).settle(.failed(reason: "connection_lost"), of: lost) == .lost)
    }
    #expect(
      try await second.board.table("select state, attempt, failure from report_run") == [["succeeded", "2", nil]])
    await clock.shutdown(graceful: .seconds(1))
    await slow.shutdown(graceful: .seconds(1))
  }

  @Test("A making that is cancelled stores nothing and can be handed back")
  func cancelled() async throws {
    let nights = try await Nights.fresh(from: "2026-01-10")
    // The making is stopped at a lock that only this test lets go of.
    try await nights.at("2026-01-10 04:31") { due in
      let claim = try #require(try await due.claim())
      let outcome = try await nights.board.database.with { blocker in
        try await blocker.withSession { session in
          try await session.transaction {
            _ = try await session.query(Statement("lock table beeld.report_row in exclusive mode")())
            return try await withThrowingTaskGroup(of: DueReports.Outcome.self) { group in
              group.addTask { await due.make(claim) }
              try await nights.untilSomebodyWaitsForALock()
              group.cancelAll()
              return try #require(try await group.next())
            }
          }
        }
      }
      #expect(outcome == .failed(reason: "interrupted"))
      #expect(try await due.settle(outcome, of: claim) == outcome)
    }
    #expect(try await nights.board.value("select count(*) from report_row") == "0")
    try await nights.at("2026-01-10 04:33") { due in try await due.makeAll() }
    #expect(try await nights.board.table("select state, attempt from report_run") == [["succeeded", "2"]])
  }
}
