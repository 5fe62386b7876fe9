import Postgres
import Program
import TestDatabase
import Testing

/// What is let go at night, by several instances at once, some of which stop in the middle.
@Suite("Retention") struct RetentionTests {
  /// A hundred people who left three years ago, and ten who work here.
  private static let arrangement = """
    do $$
    begin
      perform pg_advisory_xact_lock(78);
      if not exists (select from pg_roles where rolname = 'beeld_test') then
        create role beeld_test;
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end
    $$;
    insert into school (id, code, name, board_number)
    values ('0193b6a0-0001-7000-8000-000000000001', '01AA00', 'School', '12345');
    insert into person (id, name)
    select ('0193b6a0-0002-7000-8000-000000000' || n)::uuid, 'Person ' || n from generate_series(100, 209) n;
    insert into registration (person_id, person_number)
    select p.id, 'N' || right(p.id::text, 3) from person p;
    insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
    select gen_random_uuid(), p.id, '0193b6a0-0001-7000-8000-000000000001', 'teacher', 1, '2020-08-01',
      case when p.name < 'Person 200' then date '2023-08-01' end
    from person p
    """

  /// The night of this test: 23 November 2026.
  private static let clock = Statement("select set_config('app.now', '2026-11-23T04:00:00Z', true)")

  /// One piece, at the time of the night; nil when there is nothing to do.
  private static func step(_ kind: Retention.Kind, rows: Int, in database: Database) async throws -> Int? {
    try await database.write(Segment(Retention.step(kind, rows: rows), after: [clock()])).int(0, 0)
  }

  /// Whether the people of the night have all been let go.
  private static func isFinished(in database: TestDatabase) async throws -> Bool {
    let finished = try await database.script(
      "select exists (select from retention where kind = 'person' and finished_at is not null)")
    return finished.strings == ["t"]
  }

  @Test(
    "Of eight instances at once each departed person is removed by one, and counted once",
    .timeLimit(.minutes(5)))
  func together() async throws {
    let database = try await TestDatabase.fresh()
    try await database.script(Self.arrangement)
    let pieces = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await database.with { client in
            var done: [Int] = []
            // Whoever finds another at work looks again: here in a moment, in the server later.
            while true {
              if let number = try await Self.step(.person, rows: 120, in: client) {
                done.append(number)
              } else if try await Self.isFinished(in: database) {
                return done
              } else {
                try await Task.sleep(for: .milliseconds(20))
              }
            }
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(pieces.reduce(0, +) == 100 && pieces.allSatisfy { $0 <= 3 })
    #expect(pieces.filter { $0 == 0 }.count == 1, "the night ends once")
    let left = try await database.script("select count(*) from person")
    #expect(left.strings == ["10"])
    let counted = try await database.script(
      "select number || ' ' || (finished_at is not null) from retention where kind = 'person'")
    #expect(counted.strings == ["100 true"])
    let noted = try await database.script(
      "select count(*) || ' ' || count(distinct subject_key) from audit where table_name = 'person' and act = 'delete'")
    #expect(noted.strings == ["100 100"])
  }

  @Test("A piece that breaks off removes nothing and counts nothing, and the next instance goes on")
  func interrupted() async throws {
    let database = try await TestDatabase.fresh()
    try await database.script(Self.arrangement)
    try await database.with { client in
      #expect(try await Self.step(.person, rows: 800, in: client) == 20)
      let dying = Statement("select 1 / 0")
      await #expect(throws: PostgresError.self) {
        _ = try await client.write(Segment(dying(), after: [Self.clock(), Retention.step(.person, rows: 800)]))
      }
      let midway = try await database.script(
        "select (select count(*) from person) || ' ' || number || ' ' || (finished_at is null) from retention")
      #expect(midway.strings == ["90 20 true"])
      var pieces: [Int] = []
      while let number = try await Self.step(.person, rows: 800, in: client) { pieces.append(number) }
      #expect(pieces == [20, 20, 20, 20, 0])
    }
  }

  @Test("Whoever is engaged again at that very moment stays")
  func engaged() async throws {
    let database = try await TestDatabase.fresh()
    try await database.script(Self.arrangement)
    try await database.with { client in
      try await database.with { registry in
        try await registry.withSession { session in
          try await session.transaction {
            _ = try await session.script(
              """
              insert into beeld.employment (id, person_id, school_id, job, fte, from_date)
              values (gen_random_uuid(), '0193b6a0-0002-7000-8000-000000000100', '0193b6a0-0001-7000-8000-000000000001',
                'teacher', 1, '2026-12-01')
              """)
            var removed = 0
            while let number = try await Self.step(.person, rows: 4000, in: client), number > 0 { removed += number }
            #expect(removed == 99)
          }
        }
      }
    }
    let left = try await database.script("select count(*) from person where name = 'Person 100'")
    #expect(left.strings == ["1"])
  }

  @Test("Each kind is looked after in its night, and none is forgotten")
  func kinds() async throws {
    let database = try await TestDatabase.fresh()
    try await database.script(Self.arrangement)
    try await database.with { client in
      for kind in Retention.Kind.allCases {
        var pieces = 0
        while let number = try await Self.step(kind, rows: 1000, in: client), number > 0 { pieces += 1 }
        #expect(pieces == (kind == .person ? 4 : 0))
      }
    }
    let finished = try await database.script("select kind from retention where finished_at is not null order by kind")
    #expect(finished.strings == Retention.Kind.allCases.map(\.rawValue).sorted())
  }
}
