import Postgres
import Program
import TestDatabase
import Testing

/// Writers who meet: of one version one succeeds, a command given twice is done once, and two entries that become one
/// lose nothing that is being entered.
@Suite struct WriteRaceTests {
  @Test("Of eight editors who all know the same version, one changes the row and the others are told")
  func editors() async throws {
    let race = try await Race()
    let school = Organisation.School.first.id
    for version in 1...5 {
      let outcomes = await race.atOnce(8) { number in
        [
          "select app.hold('school', '\(school)', \(version))",
          "update school set name = 'Name \(number)', version = version + 1 where id = '\(school)'",
        ]
      } as: { _ in
        .systemAdmin
      }
      #expect(outcomes.filter { $0 == "done" }.count == 1)
      #expect(outcomes.filter { $0 == "BE412 \(version + 1)" }.count == 7)
    }
    await race.close()
  }

  @Test(
    "Who holds a row makes the next editor wait, who then sees what became of it", arguments: ["commit", "rollback"])
  func holding(end: String) async throws {
    let race = try await Race()
    let school = Organisation.School.first.id
    let hold = "select app.hold('school', '\(school)', 1)"
    try await race.api.withSession { first in
      try await first.script("begin; \(Race.identify(.systemAdmin)); \(hold)")
      try await first.script("update school set name = 'First', version = version + 1 where id = '\(school)'")
      let second = Task { await race.outcome(of: [hold], as: .systemAdmin) }
      try await race.waits(for: first)
      try await first.script(end)
      #expect(await second.value == (end == "commit" ? "BE412 2" : "done"))
    }
    await race.close()
  }

  @Test("Of two who wait for each other the command is undone, and done when the other is through")
  func deadlock() async throws {
    let race = try await Race()
    let identity = Identity(try #require(Token(presented: Organisation.Person.systemAdmin.token)))
    let (one, other) = (Organisation.School.first.id, Organisation.School.second.id)
    let acts = [one, other].map {
      Statement(unchecked: "update school set name = 'Both', version = version + 1 where id = '\($0)'")()
    }
    let command = Command(acts, on: one, status: 200) { _ in
      Statement(unchecked: "select version, row_to_json(s) from school s where id = '\(one)'")()
    }
    try await race.api.withSession { first in
      try await first.script("begin; \(Race.identify(.systemAdmin)); select app.hold('school', '\(other)', 1)")
      let second = Task { try await command.perform(as: identity, named: Command.Name(), request: "r", in: race.api) }
      try await race.waits(for: first)
      // Whoever has waited for a second looks whether somebody waits in a ring: the command, which waits the longest.
      try await first.script("select app.hold('school', '\(one)', 1); commit")
      #expect(try await second.value.rows.first?.int(0) == 2)
    }
    let names = try await race.database.script("select 1 from school where name = 'Both' and version = 2")
    #expect(names?.count == 2)
    await race.close()
  }

  @Test("A command that fifty connections send at once under one key is done once")
  func command() async throws {
    let race = try await Race()
    let outcomes = await race.atOnce(50) { _ in
      [
        "select app.begin_command('q', 'key', 'hash', 201, 'group')",
        """
        insert into school_group (id, school_id, school_year, name)
        values (gen_random_uuid(), '\(Organisation.School.first.id)', 2026, gen_random_uuid()::text)
        """,
      ]
    } as: { _ in
      .schoolAdmin
    }
    #expect(outcomes.filter { $0 == "done" }.count == 1)
    #expect(Set(outcomes).isSubset(of: ["done", "BE208 201 group", "BE409 in_progress"]))
    let groups = try await race.database.script("select 1 from school_group where name ~ '^.{36}$'")
    #expect(groups?.count == 1)
    await race.close()
  }

  @Test("While a command runs its second sending is refused at once; then it is answered, or begins when it had failed")
  func commandInProgress() async throws {
    let race = try await Race()
    let begin = "select app.begin_command('q', 'key', 'hash', 200, 'r')"
    try await race.api.withSession { first in
      for (end, outcome) in [("rollback", "done"), ("commit", "BE208 200 r")] {
        try await race.database.script("delete from command")
        try await first.script("begin; \(Race.identify(.teacher)); \(begin)")
        #expect(await race.outcome(of: [begin], as: .teacher) == "BE409 in_progress")
        #expect(await race.outcome(of: [begin], as: .adviser) == "done", "another's key is another key")
        try await first.script(end)
        #expect(await race.outcome(of: [begin], as: .teacher) == outcome)
      }
    }
    await race.close()
  }

  @Test("A fact that is being entered of an entry that is merged moves with it")
  func factBeforeMerge() async throws {
    let race = try await Race()
    let (duplicate, survivor) = (Organisation.Person.support, Organisation.Person.alumnus)
    try await race.api.withSession { first in
      try await first.script("begin; \(Race.identify(.adviser)); \(Race.absence(of: duplicate))")
      let merge = Task {
        await race.outcome(of: ["select app.merge_people('\(duplicate.id)', '\(survivor.id)')"], as: .adviser)
      }
      try await race.waits(for: first)
      try await first.script("commit")
      #expect(await merge.value == "done")
    }
    let moved = try await race.database.script(
      "select 1 from absence where person_id = '\(survivor.id)' and category = 'study_leave'")
    #expect(moved?.count == 1)
    await race.close()
  }

  @Test("A fact of an entry that is being merged waits for it, and is refused when the entry is gone")
  func factAfterMerge() async throws {
    let race = try await Race()
    let (duplicate, survivor) = (Organisation.Person.support, Organisation.Person.alumnus)
    try await race.api.withSession { first in
      try await first.script(
        "begin; \(Race.identify(.adviser)); select app.merge_people('\(duplicate.id)', '\(survivor.id)')")
      let entering = Task { await race.outcome(of: [Race.absence(of: duplicate)], as: .adviser) }
      try await race.waits(for: first)
      try await first.script("commit")
      #expect(await entering.value == "23503")
    }
    await race.close()
  }

  @Test("Twenty who note the use of the same tokens at once do not stand in each other's way")
  func notes() async throws {
    let race = try await Race()
    let tokens = Organisation.Person.allCases.map(\.token)
    let outcomes = await race.atOnce(20) { number in
      let hashes = tokens.map { "sha256('\($0)')" }
      let turned = number.isMultiple(of: 2) ? hashes : hashes.reversed()
      return ["select app.note_token_use(array[\(turned.joined(separator: ", "))])"]
    } as: { _ in
      nil
    }
    #expect(Set(outcomes) == ["done"])
    let unnoted = try await race.database.script(
      "select 1 from api_token where last_used_at is null and revoked_at is null and expires_at > now()")
    #expect(unnoted?.count == 0)
    await race.close()
  }
}

/// An organisation, and many connections to it as the API's.
private struct Race {
  let database: TestDatabase
  let api: Database

  init() async throws {
    database = try await Organisation.fresh().database
    api = database.connect(as: "beeld_app") {
      $0.writeConnections = 8
      $0.longConnections = 2
      // Beside all other tests the one who is waited for can be slower than a request waits for a lock.
      $0.sessionOptions += " -c lock_timeout=60s"
    }
  }

  func close() async { await api.shutdown(graceful: .seconds(5)) }

  static func identify(_ person: Organisation.Person) -> String {
    "select app.identify(sha256('\(person.token)'), 'write')"
  }

  static func absence(of person: Organisation.Person) -> String {
    """
    insert into absence (id, person_id, category, from_date, until_date)
    values (gen_random_uuid(), '\(person.id)', 'study_leave', '2020-01-01', '2020-02-01')
    """
  }

  /// What becomes of these statements in one segment: `done`, or the SQLSTATE and its detail.
  func outcome(of statements: [String], as person: Organisation.Person?) async -> String {
    let all = [person.map(Self.identify)].compactMap { $0 } + statements
    let bound = all.map { Statement(unchecked: $0)() }
    do {
      _ = try await api.write(Segment(bound[bound.count - 1], after: Array(bound.dropLast())))
      return "done"
    } catch PostgresError.server(let error) {
      let isOurs = error.sqlState.rawValue.hasPrefix("BE")
      return [error.sqlState.rawValue, isOurs ? error.detail : nil].compactMap { $0 }.joined(separator: " ")
    } catch {
      return "\(error)"
    }
  }

  func atOnce(
    _ number: Int, _ statements: @escaping @Sendable (Int) -> [String],
    as person: @escaping @Sendable (Int) -> Organisation.Person?
  ) async -> [String] {
    await withTaskGroup(of: String.self, returning: [String].self) { group in
      for index in 0..<number {
        group.addTask { await outcome(of: statements(index), as: person(index)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Returns once somebody waits for a lock that this session has.
  func waits(for session: Session) async throws {
    let pid = try await session.query(Statement("select pg_backend_pid()")()).string(0, 0) ?? ""
    while try await database.script(
      "select 1 from pg_stat_activity where \(pid) = any (pg_blocking_pids(pid))")?.count == 0
    { await Task.yield() }
  }
}
