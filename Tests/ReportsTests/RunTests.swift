import Crypto
import Foundation
import Postgres
import Program
import TestDatabase
import Testing

@testable import Reports

@Suite("A report run")
struct RunTests {
  @Test("It names its day, its rules and its schema, and its hash can be reckoned from its rows by anybody")
  func stored() async throws {
    let board = try await Board.fresh()
    let asked = try await board.run()
    let run = try await board.database.with("beeld_jobs") { jobs in
      try await jobs.withSession { try await Run(asked, in: $0) }
    }
    #expect(run.report == "coverage" && run.revision == 1 && run.policyVersion == 1 && !run.isLate)
    #expect(run.asOf.description == (try await board.value("select app.today()")))
    #expect(String(run.schemaVersion) == (try await board.value("select app.schema_version()")))
    #expect(run.rowCount == Board.names.count)
    #expect(run.columns == CoverageReport().columns.map(\.key))

    let names = ["key", "person_id", "school_id", "severity", "since"] + run.columns
    let head = "coverage\t\(run.asOf)\t1\n" + names.joined(separator: "\t") + "\n"
    let rows = try await board.table(
      """
      select key, person_id, school_id, case severity when 'serious' then 2 when 'attention' then 1 end, since,
        \(Self.cells)
      from \(Board.rows) x
      order by ordinal
      """)
    // The head, and then a digest of each line.
    var hash = SHA256()
    hash.update(data: Array(head.utf8))
    for row in rows {
      let line = row.map { $0 ?? "" }.joined(separator: "\t") + "\n"
      hash.update(data: Array(SHA256.hash(data: Array(line.utf8))))
    }
    #expect(run.rowHash == hash.finalize().map { String(format: "%02x", $0) }.joined())
  }

  @Test("The same report made again is another run, with the next revision")
  func again() async throws {
    let board = try await Board.fresh()
    let day = try #require(CivilDate(year: 2026, month: 11, day: 3))
    let made = [try await board.run(asOf: day), try await board.run(asOf: day), try await board.run()]
    let revisions = try await board.table("select id, revision from report_run order by id").map { $0.map { $0 ?? "" } }
    #expect(revisions == zip(made, ["1", "2", "1"]).map { [$0.description, $1] })
  }

  @Test("Of ten made of one day at once each has a revision of its own")
  func atOnce() async throws {
    let board = try await Board.fresh()
    try await board.database.with("beeld_jobs") { jobs in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<10 {
          group.addTask { _ = try await jobs.withSession { try await MakeReport("coverage").run(in: $0) } }
        }
        try await group.waitForAll()
      }
    }
    #expect(
      try await board.value("select string_agg(revision::text, ' ' order by revision) from report_run")
        == "1 2 3 4 5 6 7 8 9 10")
  }

  @Test(
    "One is reckoned at a time: the next waits for its turn, longer than anybody waits for a lock",
    .timeLimit(.minutes(1)))
  func oneAtATime() async throws {
    let board = try await Board.fresh()
    func reckon(_ report: String) -> String {
      let id = UUIDv7()
      return "select app.report_begin('\(id)', '\(report)', null); select app.report_make('\(id)', 1)"
    }
    try await board.database.with("beeld_jobs") { jobs in
      try await jobs.withSession { first in
        _ = try await first.script("begin; " + reckon("coverage"))
        async let next: Void = jobs.withSession { second in
          _ = try await second.script("set lock_timeout = '50ms'; begin; " + reckon("intake") + "; commit")
        }
        let waiting = """
          select count(*)
          from pg_locks l
          join pg_stat_activity a on a.pid = l.pid
          where a.datname = current_database() and l.locktype = 'advisory' and not l.granted
            and clock_timestamp() > a.query_start + interval '300 ms'
          """
        while try await board.value(waiting) != "1" { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try await board.value("select count(*) from report_run where state = 'succeeded'") == "0")
        _ = try await first.script("commit")
        try await next
      }
    }
    #expect(try await board.value("select count(*) from report_run where state = 'succeeded'") == "2")
  }

  @Test("What ended is never changed, whoever asks")
  func unchangeable() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let before = try await board.value(Self.everything)
    for act in Self.forbidden {
      // The superuser is held by no policy: what stops them is the rule itself.
      let state = try await sqlState { try await board.database.script("set app.run = '\(run)'; " + act) }
      #expect(state == "BE409", "\(act)")
      #expect(try await board.value(Self.everything) == before, "\(act)")
    }
  }

  @Test("The server's own role cannot either")
  func unchangeableByJobs() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    let before = try await board.value(Self.everything)
    for act in Self.forbidden {
      let state = try await sqlState {
        try await board.database.with("beeld_jobs") { jobs in
          try await jobs.withSession { _ = try await $0.script("set app.run = '\(run)'; " + act) }
        }
      }
      // nil: row-level security leaves nothing to change. 42501: no such privilege.
      #expect([nil, "42501", "BE409"].contains(state), "\(act)")
      #expect(try await board.value(Self.everything) == before, "\(act)")
    }
  }

  @Test("A row that somebody slipped past the rules shows in the hash")
  func tampered() async throws {
    let board = try await Board.fresh()
    let run = try await board.run()
    func check() async throws -> RowHash {
      try await board.database.with("beeld_jobs") { jobs in
        try await jobs.withSession { try await RowHash(of: run, in: $0) }
      }
    }
    #expect(try await check().isTrue)
    try await board.database.script(
      "alter table report_row disable trigger all; update report_row set cells = regexp_replace(cells, '^open', 'covered') where ordinal = (select min(ordinal) from report_row where cells like 'open%')"
    )
    #expect(try await check().isTrue == false)
  }

  @Test("A report that fails on the way leaves nothing behind")
  func failing() async throws {
    let board = try await Board.fresh()
    try await board.database.script(
      "create or replace function app.report_coverage(as_of date) returns setof beeld.report_line language plpgsql stable as $$ begin perform 1 / 0; end $$"
    )
    #expect(try await sqlState { _ = try await board.run() } == "22012")
    #expect(try await board.value("select count(*) from report_run") == "0")
    #expect(try await board.value("select count(*) from report_row") == "0")
  }

  @Test("An unknown report and an unknown run are refused by name")
  func unknown() async throws {
    #expect(throws: ReportError.noSuchReport("nonsense")) { try MakeReport("nonsense") }
    let database = try await TestDatabase.fresh()
    let id = UUIDv7()
    try await database.with("beeld_jobs") { jobs in
      try await jobs.withSession { session in
        _ = await #expect(throws: ReportError.noSuchRun(id)) {
          try await ReportDocument(of: id, as: .csv, session: session)
        }
      }
    }
  }

  private static let cells = (1...9).map { "cells[\($0)]" }.joined(separator: ", ")
  private static let everything = """
    select md5(string_agg(t, e'\\n' order by t))
    from (select r::text as t from report_run r union all select x::text from report_row x) y
    """

  private static let id = "current_setting('app.run')::uuid"
  static let forbidden = [
    "update report_run set state = 'running'", "update report_run set state = 'failed'",
    "update report_run set row_count = 1",
    "update report_run set row_hash = sha256('')", "update report_run set as_of = as_of - 1",
    "update report_run set policy_version = null", "update report_run set finished_at = null",
    "delete from report_run", "truncate report_run cascade", "truncate report_run, report_row cascade",
    "update report_row set severity = 1, since = app.today()", "update report_row set key = gen_random_uuid()",
    "update report_row set cells = 'covered'", "update report_row set person_id = null",
    "update report_row set ordinal = ordinal + 1000",
    "delete from report_row", "delete from report_row where ordinal = 1", "truncate report_row",
    "insert into report_row values (\(id), 1000, null, null, '{}')",
    "insert into report_row values (gen_random_uuid(), 1, null, null, '{}')",
    "insert into report_row select run_id, ordinal + 100, person_id, school_id, cells from report_row",
    "insert into report_run (id, report, as_of, state) values (gen_random_uuid(), 'coverage', app.today(), 'succeeded')",
    "select app.report_make(\(id), 1)",
    "insert into report_run select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'revision', 2))).* from report_run r",
  ]
}
