extension Organisation {
  /// One row of the database, and whom and where it concerns.
  public struct Fact: Sendable {
    public let table: String
    /// By what the tests know the row: its primary key.
    public let key: String
    public let person: Person?
    public let school: School?
    public let coach: Person?
    /// Who wrote it; nil for the operator.
    public let actor: Person?
    let values: [(column: String, sql: String)]

    /// Every id of the organisation in the row, that of the row included.
    public var ids: Set<String> { ids(without: []) }

    /// The same, but for those in some columns.
    public func ids(without columns: Set<String>) -> Set<String> {
      let found = values.filter { !columns.contains($0.column) }.flatMap {
        $0.sql.matches(of: /0193b6a0-[0-9a-f]{4}-7000-8000-[0-9a-f]{12}/)
      }
      return Set(found.map { String($0.output) })
    }

    /// Everybody whom the row names by their id.
    public var people: Set<Person> { Set(Person.allCases.filter { ids.contains($0.id) }) }

    /// Whether it is a person's own row, whose key is theirs.
    public var isOfPerson: Bool { ["person", "registration", "coach"].contains(table) }

    /// The value of a column as text.
    public subscript(column: String) -> String? {
      values.first { $0.column == column }.map { $0.sql.filter { $0 != "'" } }
    }

    /// SQL that makes the row again, or makes it again what it was.
    public var restoration: String {
      let key = values[0].column
      let changes = values.dropFirst().map { "\($0.column) = excluded.\($0.column)" }.joined(separator: ", ")
      return insertion + " on conflict (\(key)) do update set \(changes)"
    }

    var insertion: String {
      let columns = values.map(\.column).joined(separator: ", ")
      let row = values.map(\.sql).joined(separator: ", ")
      return """
        select set_config('app.subject_key', '\(actor?.subjectKey ?? "")', true);
        insert into \(table) (\(columns)) values (\(row))
        """
    }
  }

  /// Every row, in an order that satisfies the foreign keys. Rows that the database makes of them (audit, report rows)
  /// are not here.
  public static let facts: [Fact] =
    schoolFacts + personFacts + employmentFacts + roleFacts + careerFacts + coachingFacts + parentFacts + contentFacts
    + tokenFacts + mergedFacts + importFacts + recipientFacts + nightFacts

  static func fact(
    _ table: String, _ key: String, by keyColumn: String = "id", of person: Person? = nil, at school: School? = nil,
    coach: Person? = nil, actor: Person? = nil, _ values: [(String, String)]
  ) -> Fact {
    Fact(
      table: table, key: key, person: person, school: school, coach: coach, actor: actor,
      values: [(keyColumn, "'\(key)'")] + values.map { (column: $0.0, sql: $0.1) })
  }

  private static let schoolFacts: [Fact] =
    School.allCases.flatMap { school in
      [
        fact(
          "school", school.id, at: school,
          [("code", "'\(school.code)'"), ("name", "'School \(school.rawValue)'"), ("board_number", "'12345'")]),
        fact(
          "school_group", id(4, school.rawValue), at: school,
          [("school_id", "'\(school.id)'"), ("school_year", "2026"), ("name", "'5b'")]),
      ]
    } + [
      fact(
        "school_group", filmedGroup, at: .first,
        [
          ("school_id", "'\(School.first.id)'"), ("school_year", "app.school_year(\(day(20)))"), ("name", "'6c'"),
        ])
    ]

  private static let personFacts: [Fact] = Person.allCases.flatMap { person in
    let isTeacher = attribution[person] != nil
    return [
      fact(
        "person", person.id, of: person,
        [
          ("name", "'Person \(person.rawValue)'"), ("subject_key", "'\(person.subjectKey)'"),
          ("is_coach", "\(everCoaches.contains(person))"),
        ]),
      fact(
        "registration", person.id, by: "person_id", of: person,
        [
          ("person_number", "'\(person.personNumber)'"), ("email", "'\(person.rawValue)@example.org'"),
          ("teaching_since", isTeacher ? day(-400) : "null"),
          ("teaching_since_approved_at", isTeacher ? "now()" : "null"),
        ]),
    ]
  }

  private static let employmentFacts: [Fact] = employments.enumerated().map { index, employment in
    fact(
      "employment", id(5, index + 1), of: employment.person, at: employment.school,
      [
        ("person_id", "'\(employment.person.id)'"), ("school_id", "'\(employment.school.id)'"),
        ("job", "'\(employment.job)'"), ("fte", employment.fte), ("from_date", day(employment.from)),
        ("until_date", employment.until.map(day) ?? "null"),
      ])
  }

  private static let roleFacts: [Fact] = [
    role(1, .coach, "coach"),
    role(2, .director, "director", .first),
    role(3, .schoolAdmin, "school_admin", .first),
    role(4, .adviser, "adviser"),
    role(5, .privacyOfficer, "privacy_officer"),
    role(6, .systemAdmin, "system_admin"),
    role(7, .directorAndCoach, "director", .first),
    role(8, .directorAndCoach, "coach"),
    role(9, .directorElsewhere, "director", .second),
    role(10, .formerDirector, "director", .first, until: 0),
    role(11, .futureDirector, "director", .first, from: 1),
    role(12, .formerDirector, "coach", until: -20),
  ]

  private static func role(
    _ number: Int, _ person: Person, _ role: String, _ school: School? = nil, from: Int = -300, until: Int? = nil
  ) -> Fact {
    fact(
      "role_assignment", id(6, number), of: person, at: school,
      [
        ("person_id", "'\(person.id)'"), ("role", "'\(role)'"), ("school_id", school.map { "'\($0.id)'" } ?? "null"),
        ("from_date", day(from)), ("until_date", until.map(day) ?? "null"),
      ])
  }

  /// Of every teacher a short leave, a claim of experience, and an exemption that has lapsed: none changes a deadline.
  private static let careerFacts: [Fact] = Person.allCases.filter { attribution[$0] != nil }.flatMap { person in
    let owner = ("person_id", "'\(person.id)'")
    return [
      fact(
        "absence", id(7, person.number), of: person,
        [owner, ("category", "'care_leave'"), ("from_date", day(-200)), ("until_date", day(-190))]),
      fact(
        "prior_experience", id(8, person.number), of: person, actor: person,
        [
          owner, ("from_date", day(-900)), ("until_date", day(-700)), ("evidence", "'Statement'"),
          ("claimed_by", "'\(person.id)'"),
        ]),
      fact(
        "exemption", id(9, person.number), of: person, actor: .adviser,
        [
          owner, ("code", "'other_agreement'"), ("evidence", "'Letter'"), ("from_date", day(-300)),
          ("review_date", day(-250)), ("granted_by", "'\(Person.adviser.id)'"),
        ]),
    ]
  }

  /// The teacher had been entered twice. The key under which the audit knows the entry that is gone is its id here, so
  /// that one text names the row in both.
  private static let mergedFacts: [Fact] = [
    fact(
      "merged_person", id(13, 1), of: .teacher, actor: .adviser,
      [
        ("survivor_id", "'\(Person.teacher.id)'"), ("subject_key", "'\(id(13, 1))'"), ("merged_at", "now()"),
        ("merged_by", "'\(Person.adviser.id)'"),
      ])
  ]

  /// Uploads, those of a teacher and of a former director among them, who lost the role that they had made them in.
  private static let importFacts: [Fact] = [
    upload(1, .adviser, "past-recordings"),
    upload(2, .systemAdmin, "staff"),
    upload(3, .schoolAdmin, "absences", .first),
    upload(4, .teacher, "staff"),
    upload(5, .formerDirector, "absences", .first),
    upload(6, .director, "referrals", .first),
  ]

  private static func upload(_ number: Int, _ person: Person, _ kind: String, _ school: School? = nil) -> Fact {
    fact(
      "import", id(14, number), of: person, actor: person,
      [
        ("kind", "'\(kind)'"), ("person_id", "'\(person.id)'"),
        ("school_ids", school.map { "'{\($0.id)}'" } ?? "null"),
      ])
  }

  /// What a night removed, and what is told of the wishes of a year.
  private static let nightFacts: [Fact] = [
    fact(
      "retention", "2026-01-10", by: "night",
      [("kind", "'api_token'"), ("number", "3"), ("finished_at", "'2026-01-10 03:31:00Z'")]),
    fact("own_wish_year", "2021", by: "school_year", [("requests", "12")]),
  ]

  private static let tokenFacts: [Fact] =
    Person.allCases.map { token($0.number, for: $0, $0.token, expires: "now() + interval '1 year'") } + [
      token(101, for: .adviser, token("expired"), expires: "now() - interval '1 second'"),
      token(102, for: .adviser, token("revoked"), expires: "now() + interval '1 year'", revoked: "now()"),
    ]

  private static func token(
    _ number: Int, for person: Person, _ text: String, expires: String, revoked: String = "null"
  ) -> Fact {
    fact(
      "api_token", id(11, number), of: person,
      [
        ("hash", "sha256('\(text)')"), ("name", "'Test'"), ("person_id", "'\(person.id)'"),
        ("created_at", "now() - interval '1 day'"), ("expires_at", expires), ("revoked_at", revoked),
      ])
  }
}

extension Organisation.Fact {
  /// A row that somebody else than the organisation's script makes.
  public init(
    table: String, key: String, person: Organisation.Person? = nil, school: Organisation.School? = nil,
    actor: Organisation.Person? = nil
  ) {
    self.init(table: table, key: key, person: person, school: school, coach: nil, actor: actor, values: [])
  }
}

extension Organisation {
  /// The audit rows that the facts leave behind, by table and row: every fact is audited.
  /// A person's own rows go by the subject key: the id would be the mapping that erasure removes.
  public static let auditFacts: [Fact] = facts.map { fact in
    let key = fact.isOfPerson ? fact.person?.subjectKey ?? fact.key : fact.key
    return Fact(table: fact.table, key: "\(fact.table) \(key)", person: fact.person, actor: fact.actor)
  }

  private static let recipientFacts: [Fact] = [
    fact(
      "report_recipient", id(40, 1),
      [("schedule_id", "'\(reportScheduleID)'"), ("role", "'director'"), ("school_id", "'\(School.first.id)'")])
  ]

  /// What became of the mails of the report run, which is there before them.
  public static let deliveryFacts: [Fact] = [
    fact(
      "report_delivery", id(41, 1), of: .director,
      [
        ("run_id", "'\(reportRunID)'"), ("person_id", "'\(Person.director.id)'"), ("state", "'skipped'"),
        ("reason", "'nothing_new'"), ("finished_at", "now()"),
      ])
  ]

  /// The rows of the report run: every teacher, at the school of attribution.
  public static let reportRowFacts: [Fact] = Person.allCases.filter { attribution[$0] != nil }.map {
    Fact(table: "report_row", key: $0.id, person: $0, school: attribution[$0])
  }
}
