import Postgres
import Program
import TestDatabase
import Testing

@Suite("A file of referrals")
struct ReferralsImportTests {
  typealias Person = Organisation.Person

  static let heading = "person_number,talk_date,kind_of_talk\n"

  static func file(_ rows: String...) -> [UInt8] { Array((heading + rows.joined(separator: "\n") + "\n").utf8) }

  private static func row(_ person: Person, _ date: String = "2026-10-05", _ kind: String = "progress") -> String {
    "\(person.personNumber),\(date),\(kind)"
  }

  private static let made = """
    select r.person_number, q.origin, q.state, m.person_number, q.made_as, s.code, q.talk_on, q.talk_kind,
      q.expires_on - app.today(), b.person_number
    from request q
    join registration r on r.person_id = q.teacher_id
    left join registration m on m.person_id = q.made_by
    left join registration b on b.person_id = q.state_by
    left join school s on s.id = q.school_id
    order by q.talk_on, r.person_number
    """

  /// A desk without the organisation's own requests.
  private static func open(_ body: (ImportDesk) async throws -> Void) async throws {
    try await ImportDesk.open { desk in
      _ = try await desk.bench.base.script("delete from request")
      try await body(desk)
    }
  }

  private static func preview(_ file: [UInt8], as person: Person, on desk: ImportDesk) async throws -> ImportOutcome {
    try await desk.run(try await desk.upload(.referrals, file, as: person)).preview()
  }

  private static func commit(_ file: [UInt8], as person: Person, on desk: ImportDesk) async throws -> ImportOutcome {
    let run = desk.run(try await desk.upload(.referrals, file, as: person))
    _ = try await run.preview()
    switch try await run.commit() {
    case .committed(let outcome), .changedSincePreview(let outcome): return outcome
    }
  }

  private static func told(_ outcome: ImportOutcome) -> [String] {
    outcome.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue) \($0.value ?? "") \($0.arguments)" }
  }

  @Test("makes invitations in the director's name, as one by one; the same file again changes nothing")
  func liberties() async throws {
    try await Self.open { desk in
      let file: [UInt8] =
        Array("Kind_of_talk;Afdeling;TALK_DATE;person_number\nBeoordelingsgesprek;Caf".utf8) + [0xE9]
        + Array(
          ";05-10-2026; \(Person.teacher.personNumber) \nFUNCTIONERINGSGESPREK;;2026-10-06;\(Person.twoSchools.personNumber)\n"
            .utf8)
      let outcome = try await Self.commit(file, as: .director, on: desk)
      #expect(outcome.isCommitted)
      #expect(outcome.unknownColumns == ["Afdeling"])
      #expect(
        outcome.changes.map { "\($0.act) \($0.object) \($0.key) \($0.to ?? "")" } == [
          "new referral \(Person.teacher.personNumber) 2026-10-05 appraisal",
          "new referral \(Person.twoSchools.personNumber) 2026-10-06 progress",
        ])
      let director = Person.director.personNumber
      #expect(
        try await desk.bench.rows(Self.made) == [
          "\(Person.teacher.personNumber)|appraisal|invited|\(director)|director|01AA00|2026-10-05|appraisal|30|\(director)",
          "\(Person.twoSchools.personNumber)|appraisal|invited|\(director)|director|01AA00|2026-10-06|progress|30|\(director)",
        ])
      #expect(
        try await desk.bench.rows(
          "select distinct actor_key, request_id from audit where table_name = 'request' and origin = 'import'")
          == ["\(Person.director.subjectKey)|r-1"])
      let again = try await Self.commit(file, as: .director, on: desk)
      #expect(again.counts.map { "\($0.object) \($0.act) \($0.number)" } == ["referral unchanged 2"])
      #expect(try await desk.bench.rows(Self.made).count == 2)
    }
  }

  @Test("equals what POST /v1/requests makes of the same", arguments: [Person.director, .adviser])
  func oneRule(maker: Person) async throws {
    try await Self.open { desk in
      let facts = """
        select origin, state, made_by, made_as, school_id, talk_on, talk_kind, expires_on, state_by, state_reason, version
        from request
        """
      _ = try await Self.commit(Self.file(Self.row(.twoSchools)), as: maker, on: desk)
      let imported = try await desk.bench.rows(facts)
      _ = try await desk.bench.base.script("delete from request")
      let draft = """
        {"origin": "appraisal", "teacher_id": "\(Person.twoSchools.id)", "talk_on": "2026-10-05", "talk_kind": "progress"}
        """
      let make = Statement("select app.make_request($1, $2)")
      _ = try await desk.api.write(
        Segment(make(.text(UUIDv7().description), .text(draft)), after: [maker.identity.identify()]))
      #expect(imported.count == 1)
      #expect(try await desk.bench.rows(facts) == imported)
    }
  }

  @Test(
    "finds the invitation that is there whatever became of it, whoever made it",
    arguments: ["invited", "declined", "expired", "withdrawn", "submitted", "closed"])
  func known(state: String) async throws {
    try await Self.open { desk in
      let file = Self.file(Self.row(.teacher))
      _ = try await Self.commit(file, as: .adviser, on: desk)
      _ = try await desk.bench.base.script(
        """
        set session_replication_role = replica;
        update request set state = '\(state)', aim = 'team', subject = 'didactics';
        reset session_replication_role
        """)
      let outcome = try await Self.preview(file, as: .director, on: desk)
      #expect(outcome.counts.map { "\($0.act) \($0.number)" } == ["unchanged 1"])
      #expect(outcome.faultCount == 0)
      let other = try await Self.preview(Self.file(Self.row(.teacher, "2026-10-06")), as: .director, on: desk)
      #expect(other.count("referral", .new) == 1)
      #expect(other.faultCount == 0)
    }
  }

  @Test("is refused as a whole for each row that cannot be, by line and column")
  func faults() async throws {
    try await Self.open { desk in
      _ = try await Self.commit(Self.file(Self.row(.colleague)), as: .director, on: desk)
      let tomorrow = try #require(try await desk.bench.rows("select app.today() + 1").first)
      let before = try await desk.bench.rows(Self.made)
      let outcome = try await Self.preview(
        Self.file(
          Self.row(.teacherElsewhere), "NOBODY,2026-10-05,progress", Self.row(.alumnus), Self.row(.support),
          Self.row(.teacher, tomorrow), Self.row(.colleague, "2026-10-06"), Self.row(.newcomer),
          Self.row(.newcomer, "2026-10-06"), Self.row(.twoSchools, "2026-10-05", "chat"), ",2026-10-05,"),
        as: .director, on: desk)
      #expect(outcome.faultCount == 10)
      #expect(
        Self.told(outcome) == [
          "2 person_number unknown_person \(Person.teacherElsewhere.personNumber) []",
          "3 person_number unknown_person NOBODY []",
          "4 person_number unknown_person \(Person.alumnus.personNumber) []",
          "5 person_number not_a_teacher \(Person.support.personNumber) []",
          "6 talk_date in_future \(tomorrow) []",
          "7 person_number already_invited \(Person.colleague.personNumber) []",
          "9 person_number doubled \(Person.newcomer.personNumber) [\"8\"]",
          "10 kind_of_talk unknown_value chat [\"goal_setting\", \"progress\", \"appraisal\"]",
          "11 person_number required  []", "11 kind_of_talk required  []",
        ])
      #expect(try await desk.bench.rows(Self.made) == before)
      #expect(outcome.faults[3].text(in: .dutch) == "‘\(Person.support.personNumber)’ is geen leerkracht")
      #expect(
        outcome.faults[5].text(in: .english)
          == "‘\(Person.colleague.personNumber)’ has not answered an invitation of yours yet")
      let board = try await Self.preview(
        Self.file(Self.row(.teacherElsewhere), "NOBODY,2026-10-05,progress", Self.row(.alumnus)), as: .adviser, on: desk
      )
      #expect(board.faults.map { "\($0.line) \($0.code.rawValue)" } == ["3 unknown_person", "4 not_a_teacher"])
    }
  }

  @Test("tells of an entry that was merged into another school's no more than of nobody")
  func merged() async throws {
    try await Self.open { desk in
      _ = try await desk.bench.base.script(
        """
        insert into merged_person (id, survivor_id, subject_key, merged_at, person_number)
        values (gen_random_uuid(), '\(Person.teacherElsewhere.id)', gen_random_uuid(), now(), 'OLD1'),
          (gen_random_uuid(), '\(Person.teacher.id)', gen_random_uuid(), now(), 'OLD2')
        """)
      let outcome = try await Self.preview(
        Self.file(
          "OLD1,2026-10-05,progress", Self.row(.teacherElsewhere), "OLD2,2026-10-05,progress", Self.row(.teacher)),
        as: .director, on: desk)
      #expect(
        Self.told(outcome) == [
          "2 person_number unknown_person OLD1 []",
          "3 person_number unknown_person \(Person.teacherElsewhere.personNumber) []",
          "5 person_number doubled \(Person.teacher.personNumber) [\"4\"]",
        ])
    }
  }

  @Test("is answered the same, to the byte, whatever the teacher wishes on their own")
  func ownWish() async throws {
    try await Self.open { desk in
      let file = Self.file(Self.row(.teacher), Self.row(.colleague, "2026-10-05", "chat"), Self.row(.colleague))
      let good = Self.file(Self.row(.teacher))
      func answers(_ person: Person) async throws -> [String] {
        var answers: [String] = []
        for file in [file, good] {
          let outcome = try await Self.preview(file, as: person, on: desk)
          answers.append(String(decoding: outcome.json(in: .english), as: UTF8.self))
        }
        return answers
      }
      for person in [Person.director, .adviser] {
        let before = try await answers(person)
        for state in ["submitted", "assigned", "closed", "withdrawn"] {
          _ = try await desk.bench.base.script(
            """
            set session_replication_role = replica;
            delete from request;
            insert into request (id, teacher_id, origin, state, made_by, made_as, aim, subject)
            values
              (gen_random_uuid(), '\(Person.teacher.id)', 'own_wish', '\(state)', '\(Person.teacher.id)', 'teacher', 'team', 'didactics'),
              (gen_random_uuid(), '\(Person.colleague.id)', 'own_wish', '\(state)', '\(Person.colleague.id)', 'teacher', 'team', 'didactics');
            reset session_replication_role
            """)
          #expect(try await answers(person) == before, "\(person) \(state)")
        }
        _ = try await desk.bench.base.script(
          "set session_replication_role = replica; delete from request; reset session_replication_role")
      }
    }
  }

  @Test(
    "with a column for what was said is refused with it, by its name and with the remedy",
    arguments: [
      "Gespreksverslag", "toelichting", "Opmerking", "OPMERKINGEN", "notes", "comment", "Comments", "text",
      "Vrije tekst",
      "summary", "Samenvatting", "conclusie", "Oordeel leidinggevende", "feedback",
    ])
  func textColumn(name: String) async throws {
    try await Self.open { desk in
      let file = Array("person_number;talk_date;\(name);kind_of_talk\nP1;2026-10-05;;progress\n".utf8)
      let id = try await desk.upload(.referrals, file, as: .director)
      let outcome = try await desk.run(id).preview()
      #expect(outcome.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue)" } == ["1 \(name) prose"])
      #expect(
        outcome.faults.first?.text(in: .english) == "looks like text of the talk, which has no place here: leave it out"
      )
      #expect(outcome.faults.first?.text(in: .dutch).hasSuffix("laat dit weg") == true)
      #expect(try await desk.state(id) == "previewed|3|0")
    }
  }

  @Test("with a long text anywhere is refused, and repeats nothing of it")
  func longCells() async throws {
    try await Self.open { desk in
      let limit = String(repeating: "é", count: 60)
      let said = "Zij moet rustiger worden in de kring, en vaker wachten voor zij antwoord geeft."
      let number = Person.teacher.personNumber
      let file = Array(
        """
        person_number,talk_date,kind_of_talk,school,x
        \(number),2026-10-05,progress,\(limit),
        \(number),2026-10-05,progress,,"\(said)"
        \(number),2026-10-05,"\(said)",,

        """.utf8)
      let id = try await desk.upload(.referrals, file, as: .director)
      let outcome = try await desk.run(id).preview()
      #expect(
        outcome.faults.map { "\($0.line) \($0.column ?? "") \($0.code.rawValue) \($0.value ?? "")" }
          == ["3 x prose ", "4 kind_of_talk prose "])
      let headless = try await desk.upload(
        .referrals, Array("\(number),2026-10-05,progress,\"\(said)\"\n".utf8), as: .director)
      _ = try await desk.run(headless).preview()
      for id in [id, headless] {
        #expect(try await desk.state(id) == "previewed|3|0")
        #expect(try await desk.shown(id, to: .director)?.contains("rustiger") == false)
        #expect(try await desk.bench.rows("select i from import i where i::text like '%rustiger%'") == [])
      }
    }
  }

  @Test("of a director who is none any more, or of other schools, is committed by nobody")
  func rightLost() async throws {
    try await Self.open { desk in
      let id = try await desk.upload(.referrals, Self.file(Self.row(.teacher)), as: .director)
      _ = try await desk.run(id).preview()
      _ = try await desk.bench.base.script(
        "update role_assignment set school_id = '\(Organisation.School.second.id)' where person_id = '\(Person.director.id)'"
      )
      #expect(await ImportDesk.refusal { try await desk.run(id).commit() } == "BE403")
      #expect(try await desk.bench.rows(Self.made) == [])
    }
  }

  @Test("that found its teacher free is previewed anew when somebody was quicker")
  func quicker() async throws {
    try await Self.open { desk in
      let file = Self.file(Self.row(.teacher))
      let late = desk.run(try await desk.upload(.referrals, file, as: .director))
      _ = try await late.preview()
      _ = try await Self.commit(file, as: .adviser, on: desk)
      guard case .changedSincePreview(let outcome) = try await late.commit() else {
        Issue.record("made a referral twice")
        return
      }
      #expect(outcome.count("referral", .unchanged) == 1)
      #expect(try await desk.bench.rows(Self.made).count == 1)
    }
  }

  @Test("is nobody's without an identity: the operator imports none")
  func operatorRefused() async throws {
    let bench = try await ImportBench.withSchools()
    let refusal = await ImportDesk.refusal { try await bench.preview(.referrals, Self.file("P1,2026-10-05,progress")) }
    #expect(refusal == "BE500")
  }

  @Test("knows every kind of talk that the table does")
  func kinds() async throws {
    let bench = try await ImportBench.withSchools()
    let allowed = try await bench.rows(
      """
      select m[1]
      from pg_constraint c
      cross join regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') m
      where c.conname = 'request_talk_kind_known'
      """)
    let dutch = ["Doelstellingengesprek", "VOORTGANGSGESPREK", "functioneringsgesprek", "beoordelingsgesprek"]
    let seen = ImportSeen(
      .referrals, Self.heading + (allowed + dutch).map { "P1,2026-10-05,\($0)" }.joined(separator: "\n"))
    #expect(seen.faults.isEmpty)
    #expect(
      seen.rows.map { String($0.split(separator: "|")[2]) } == allowed
        + ["goal_setting", "progress", "progress", "appraisal"])
    let refused = ImportSeen(.referrals, Self.heading + "P1,2026-10-05,chat")
    #expect(refused.faults.first?.arguments.sorted() == allowed.sorted())
  }
}
