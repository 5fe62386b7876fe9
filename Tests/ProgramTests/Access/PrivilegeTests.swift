import Postgres
import Program
import TestDatabase
import Testing

/// What the login roles may do beside reading: whose rows, the policies say, and of which tables and columns, the grants.
@Suite struct PrivilegeTests {
  private static let desks = Task { try await Desks() }

  private func desks() async throws -> Desks { try await Self.desks.value }

  @Test("What the truth table does not name the API cannot do, whoever asks", arguments: truthTable)
  func apiWritesNoMore(to line: TruthLine) async throws {
    // What would be done to a view is refused for other reasons before anybody's right to it is asked.
    guard !line.isView else { return }
    let columns = line.columns.words + line.withheld.words
    var acts = [
      "truncate \(line.table)",
      "create trigger t before insert on \(line.table) for each row execute function app.audit()",
    ]
    if line.inserts.isEmpty { acts.append("insert into \(line.table) default values") }
    if line.updates.isEmpty { acts.append("select 1 from \(line.table) for key share") }
    if !line.deletes {
      acts += ["delete from \(line.table)", "do $$ begin lock table \(line.table) in row exclusive mode; end $$"]
    }
    acts += columns.filter { !line.updates.words.contains($0) }.map { "update \(line.table) set \($0) = default" }
    let api = try await desks().api
    for person in [Organisation.Person.teacher, .schoolAdmin, .adviser, .systemAdmin] {
      for act in acts {
        await expectError("42501") {
          try await api.write(Segment(Statement(unchecked: act)(), after: [person.identity.identify()]))
        }
      }
    }
  }

  @Test("Neither role is granted more than the truth table says", arguments: truthTable)
  func grants(on line: TruthLine) async throws {
    let rows = try #require(
      try await desks().database.script(
        """
        select r.name, p.name
        from (values ('beeld_app'), ('beeld_jobs')) r (name)
        cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) p (name)
        where has_table_privilege(r.name, 'beeld.\(line.table)', p.name)
          or p.name in ('select', 'insert', 'update', 'references')
            and has_any_column_privilege(r.name, 'beeld.\(line.table)', p.name)
        """))
    let granted = Set((0..<rows.count).map { "\(rows.string($0, 0)!) \(rows.string($0, 1)!)" })
    let verbs = ["s": "select", "i": "insert", "u": "update", "d": "delete"]
    var expected = Set(line.jobs.map { "beeld_jobs \(verbs[String($0)]!)" })
    if !line.columns.isEmpty { expected.insert("beeld_app select") }
    if !line.inserts.isEmpty { expected.insert("beeld_app insert") }
    if !line.updates.isEmpty { expected.insert("beeld_app update") }
    if line.deletes { expected.insert("beeld_app delete") }
    #expect(granted == expected)
  }

  @Test("The API fills and changes the columns of the truth table and no other", arguments: truthTable)
  func columns(of line: TruthLine) async throws {
    for (act, columns) in [("insert", line.inserts), ("update", line.updates)] {
      let granted = try await desks().database.script(
        """
        select attname
        from pg_attribute
        where attrelid = 'beeld.\(line.table)'::regclass
          and attnum > 0
          and not attisdropped
          and has_column_privilege('beeld_app', attrelid, attnum, '\(act)')
        """)
      #expect(granted.strings.sorted() == columns.words, "\(act)")
    }
  }

  @Test("The API can call the functions of the list and no other", arguments: ["beeld_app"])
  func functions(of role: String) async throws {
    let rows = try await desks().database.script(
      """
      select distinct proname
      from pg_proc
      where pronamespace = 'app'::regnamespace and has_function_privilege('\(role)', oid, 'execute')
      """)
    #expect(rows.strings.sorted() == callableByAPI.words)
  }

  @Test(
    "The helpers that apply no visibility are refused to the API, whoever asks",
    arguments: [
      "select app.people_called('a')",
      "select app.visible_starters(app.today())", "select app.starters_at(app.today(), null)",
      "select app.starters_among(app.today(), null)", "select app.teachers_of_schools(null)",
      "select app.starter_calculation(app.today())", "select app.recording_verdicts(app.today())",
      "select app.tokens()", "select app.issue_token(null, null, 'a', 'b', '1 day')", "select app.revoke_token(null)",
      "select app.report_coverage(app.today())", "select app.report_begin(null, 'coverage', null)",
    ])
  func helpers(call: String) async throws {
    let api = try await desks().api
    for person in [Organisation.Person.teacher, .adviser, .systemAdmin] {
      await expectError("42501") { try await api.read(person.identity.read(Statement(unchecked: call)())) }
    }
  }

  @Test(
    "Neither role reaches another one, creates anything, or reads the server's files",
    arguments: [
      "beeld_app", "beeld_jobs",
    ])
  func roleIsConfined(role: String) async throws {
    let desks = try await desks()
    let client = role == "beeld_app" ? desks.api : desks.jobs
    for act in [
      "set role beeld_owner", "set role postgres", "set session_replication_role = replica",
      "create table beeld.t (a int)", "create table app.t (a int)", "create table public.t (a int)",
      "create function app.f() returns int language sql as 'select 1'", "create schema s", "create extension hstore",
      "alter table beeld.person disable row level security", "drop policy own on beeld.person",
      "grant select on beeld.api_token to beeld_app", "copy beeld.school to program 'true'",
      "select pg_read_file('/etc/hostname')", "select rolpassword from pg_authid",
      "alter role beeld_app bypassrls", "select lo_import('/etc/hostname')",
    ] {
      await expectError("42501") { try await client.write(Segment(Statement(unchecked: act)())) }
    }
  }

  @Test("A role that sets the clock by hand sees the true time, unless tests made it a member of beeld_test")
  func clock() async throws {
    let rows = try await desks().api.read(
      Segment(
        Statement("select abs(extract(epoch from app.now() - pg_catalog.now())) < 3600")(),
        after: [Statement("select set_config('app.now', '2031-01-01', true)")()]))
    #expect(rows.strings == ["t"])
  }
}
