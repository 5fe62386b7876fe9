import TestDatabase

/// Who writes what. Sources: the column "who writes" of the API's resources, and the matrix of its design.
let writingTruths: [WritingTruth] =
  schoolWriting + peopleWriting + factWriting + roleWriting + importWriting
  + coachingWriting + reportWriting + scheduleWriting

private typealias Attempt = WritingTruth.Attempt
private typealias Fact = Organisation.Fact
private typealias Person = Organisation.Person
private typealias School = Organisation.School

/// Of every kind that a role tells apart somebody: own staff of today, to come, of once, of two schools, of another.
private let people: [Person] = [
  .teacher, .newcomer, .alumnus, .mover, .twoSchools, .teacherElsewhere, .support, .schoolAdmin, .adviser, .systemAdmin,
]

private func facts(_ table: String) -> [Fact] { Organisation.facts.filter { $0.table == table } }

/// Something to be made that concerns somebody or some school.
private func made(_ table: String, of person: Person? = nil, at school: School? = nil) -> Fact {
  Fact(table: table, key: "", person: person, school: school)
}

/// One request for every fact of a table.
private func each(_ table: String, _ path: String, _ body: String, undo: String? = nil) -> [Attempt] {
  each(table, path, "", body, undo: undo)
}

private func each(_ table: String, _ path: String, _ tail: String, _ body: String, undo: String? = nil) -> [Attempt] {
  facts(table).map { fact in
    Attempt(path: "\(path)/\(fact.key)\(tail)", body: body, fact: fact, undo: undo)
  }
}

private let schoolWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/schools",
    attempts: [
      Attempt(
        path: "/v1/schools", body: #"{"code":"98ZY00","name":"De Nieuwe","board_number":"41573"}"#,
        fact: made("school"), makes: true)
    ],
    systemAdmin: .everything),
  WritingTruth(
    route: "PATCH /v1/schools/{id}", attempts: each("school", "/v1/schools", #"{"city":"Sneek"}"#),
    systemAdmin: .everything),
  WritingTruth(
    route: "POST /v1/schools/{id}/groups",
    attempts: School.allCases.map {
      Attempt(
        path: "/v1/schools/\($0.id)/groups", body: #"{"school_year":2031,"name":"8c"}"#,
        fact: made("school_group", at: $0), makes: true)
    },
    schoolAdmin: .mySchools),
  WritingTruth(
    route: "POST /v1/schools/{id}/groups/roll-over",
    attempts: School.allCases.map {
      Attempt(
        path: "/v1/schools/\($0.id)/groups/roll-over", body: #"{"school_year":2026}"#,
        fact: made("school_group", at: $0), makes: true, undo: "delete from beeld.school_group where school_year = 2027"
      )
    },
    schoolAdmin: .mySchools),
  WritingTruth(
    route: "PATCH /v1/groups/{id}", attempts: each("school_group", "/v1/groups", #"{"name":"7a"}"#),
    schoolAdmin: .mySchools),
  WritingTruth(
    route: "DELETE /v1/groups/{id}",
    attempts: each("school_group", "/v1/groups", "").map { attempt in
      // One that is to be filmed stays.
      guard attempt.fact.key == Organisation.filmedGroup else { return attempt }
      let verdicts = Person.allCases.map { ($0, $0 == .schoolAdmin ? Verdict.conflict("in_use") : .forbidden) }
      return Attempt(
        path: attempt.path, body: "", fact: attempt.fact, verdicts: Dictionary(uniqueKeysWithValues: verdicts))
    },
    schoolAdmin: .mySchools),
  WritingTruth(
    route: "POST /v1/policies",
    attempts: [
      Attempt(
        path: "/v1/policies", body: #"{"valid_from":"2120-08-01","programme_start":"2023-08-01"}"#,
        fact: made("policy"), makes: true, undo: "delete from beeld.policy where version > 1")
    ],
    adviser: .everything),
  WritingTruth(
    route: "POST /v1/policies/dry-run",
    attempts: [
      Attempt(
        path: "/v1/policies/dry-run", body: #"{"valid_from":"2120-08-01","programme_start":"2023-08-01"}"#,
        fact: made("policy"), makes: true, undo: "select 1")
    ],
    adviser: .everything),
]

private let peopleWriting: [WritingTruth] =
  [
    WritingTruth(
      route: "POST /v1/people",
      attempts: [nil, School.first, .second].map { school in
        let post = school.map { #","employment":{"school":"\#($0.id)","job":"support","fte":1,"from":"2030-08-01"}"# }
        return Attempt(
          path: "/v1/people", body: #"{"name":"Somebody New","person_number":"NEW-1"\#(post ?? "")}"#,
          fact: made("person", at: school), makes: true)
      },
      schoolAdmin: .mySchools, adviser: .everything, systemAdmin: .everything),
    WritingTruth(
      route: "POST /v1/people/{id}/merge",
      attempts: [(Person.newcomer, Person.alumnus), (.support, .adviser), (.adviser, .support)].map { gone, into in
        Attempt(
          path: "/v1/people/\(gone.id)/merge", body: #"{"into":"\#(into.id)"}"#, fact: personFact(gone), second: into)
      },
      adviser: .others),
    changeOfPeople(#"{"name":"Another Name"}"#, school: .myStaff, adviser: .everything, systemAdmin: .everything),
    changeOfPeople(
      #"{"language":"en"}"#, everybody: .own, school: .myStaff, adviser: .everything, systemAdmin: .everything),
    changeOfPeople(
      #"{"email":"another@example.org"}"#, everybody: .own, school: .myStaff, adviser: .everything,
      systemAdmin: .everything),
    changeOfPeople(#"{"person_number":"ANOTHER-1"}"#, adviser: .everything, systemAdmin: .everything),
    changeOfPeople(
      #"{"teaching_since":"2001-01-01"}"#, school: .myStaff, adviser: .everything, systemAdmin: .everything),
    changeOfPeople(
      #"{"teaching_since_approved":false}"#, among: [.teacher, .newcomer, .teacherElsewhere], adviser: .others),
    changeOfPeople(#"{"subject":"another-subject"}"#, systemAdmin: .everything),
    changeOfPeople(#"{"disabled":true}"#, adviser: .others, systemAdmin: .others),
  ]

private func personFact(_ person: Person) -> Fact {
  facts("person").first { $0.person == person } ?? made("person", of: person)
}

private func changeOfPeople(
  _ body: String, among: [Person] = people, everybody: WritingTruth.Right = .nothing,
  school: WritingTruth.Right = .nothing, adviser: WritingTruth.Right = .nothing,
  systemAdmin: WritingTruth.Right = .nothing
) -> WritingTruth {
  WritingTruth(
    route: "PATCH /v1/people/{id}",
    attempts: among.map { person in
      let undo = facts("registration").first { $0.person == person }?.restoration
      return Attempt(
        path: "/v1/people/\(person.id)", body: body, fact: personFact(person),
        undo: (undo ?? "") + "; update beeld.registration set subject = null, disabled_at = null, language = 'nl'")
    },
    everybody: everybody, schoolAdmin: school, adviser: adviser, systemAdmin: systemAdmin)
}

private let factWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/employments",
    attempts: people.flatMap { person in
      [School.first, .second].map { school in
        Attempt(
          path: "/v1/employments",
          body:
            #"{"person":"\#(person.id)","school":"\#(school.id)","job":"support","fte":0.1,"from":"1950-08-01","until":"1951-08-01"}"#,
          fact: made("employment", of: person, at: school), makes: true)
      }
    },
    schoolAdmin: .mySchools, adviser: .everything, systemAdmin: .everything),
  WritingTruth(
    route: "PATCH /v1/employments/{id}", attempts: each("employment", "/v1/employments", #"{"fte":0.5}"#),
    schoolAdmin: .mySchools, adviser: .everything, systemAdmin: .everything),
  WritingTruth(
    route: "DELETE /v1/employments/{id}", attempts: each("employment", "/v1/employments", ""),
    schoolAdmin: .mySchools, adviser: .everything, systemAdmin: .everything),
  WritingTruth(
    route: "POST /v1/absences",
    attempts: of("absence", "/v1/absences", #""category":"other_leave","from":"2150-08-01""#),
    schoolAdmin: .myStaff, adviser: .everything),
  WritingTruth(
    route: "PATCH /v1/absences/{id}", attempts: each("absence", "/v1/absences", #"{"category":"study_leave"}"#),
    schoolAdmin: .myStaff, adviser: .everything),
  WritingTruth(
    route: "DELETE /v1/absences/{id}", attempts: each("absence", "/v1/absences", ""),
    schoolAdmin: .myStaff, adviser: .everything),
  WritingTruth(
    route: "POST /v1/prior-experience",
    attempts: of(
      "prior_experience", "/v1/prior-experience", #""from":"2001-08-01","until":"2002-08-01","evidence":"Brief""#),
    everybody: .own, schoolAdmin: .myStaff, adviser: .everything),
  WritingTruth(
    route: "PATCH /v1/prior-experience/{id}",
    attempts: each("prior_experience", "/v1/prior-experience", #"{"evidence":"Verklaring"}"#), everybody: .ownClaims),
  WritingTruth(
    route: "DELETE /v1/prior-experience/{id}", attempts: each("prior_experience", "/v1/prior-experience", ""),
    everybody: .ownClaims, adviser: .others),
  WritingTruth(
    route: "POST /v1/prior-experience/{id}/transitions",
    attempts: ["approved", "declined"].flatMap {
      each(
        "prior_experience", "/v1/prior-experience", "/transitions", #"{"to":"\#($0)"}"#,
        undo: """
          update beeld.prior_experience
          set approved_by = null, approved_at = null, declined_by = null, declined_at = null
          """)
    },
    adviser: .others),
  WritingTruth(
    route: "POST /v1/exemptions",
    attempts: of(
      "exemption", "/v1/exemptions",
      #""code":"other_agreement","evidence":"Brief","from":"2150-08-01","review_date":"2151-08-01""#),
    adviser: .others),
  WritingTruth(
    route: "PATCH /v1/exemptions/{id}", attempts: each("exemption", "/v1/exemptions", #"{"evidence":"Brief"}"#),
    adviser: .others),
  WritingTruth(
    route: "DELETE /v1/exemptions/{id}", attempts: each("exemption", "/v1/exemptions", ""), adviser: .others),
]

/// A fact for each of the people, to be made.
private func of(_ table: String, _ path: String, _ body: String) -> [Attempt] {
  people.map { person in
    Attempt(
      path: path, body: #"{"person":"\#(person.id)",\#(body)}"#, fact: made(table, of: person), makes: true)
  }
}

private let boardRoles: Set = ["adviser", "privacy_officer", "system_admin"]
private let schoolRoles: Set = ["coach", "director", "school_admin"]

private let roleWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/role-assignments",
    attempts: (boardRoles.sorted() + schoolRoles.sorted()).flatMap { role in
      [Person.teacher, .teacherElsewhere, .schoolAdmin, .adviser, .systemAdmin].map { person in
        let school = ["director", "school_admin"].contains(role) ? "\"\(School.first.id)\"" : "null"
        return Attempt(
          path: "/v1/role-assignments",
          body:
            #"{"person":"\#(person.id)","role":"\#(role)","school":\#(school),"from":"1950-01-01","until":"1951-01-01"}"#,
          fact: made("role_assignment", of: person), makes: true, role: role)
      }
    },
    adviser: .roles(schoolRoles), systemAdmin: .roles(boardRoles)),
  WritingTruth(
    route: "PATCH /v1/role-assignments/{id}", attempts: assignments(#"{"until":"2150-01-01"}"#),
    adviser: .roles(schoolRoles), systemAdmin: .roles(boardRoles)),
  WritingTruth(
    route: "DELETE /v1/role-assignments/{id}", attempts: assignments(""),
    adviser: .roles(schoolRoles), systemAdmin: .roles(boardRoles)),
]

private func assignments(_ body: String) -> [Attempt] {
  facts("role_assignment").map { fact in
    Attempt(path: "/v1/role-assignments/\(fact.key)", body: body, fact: fact, role: fact["role"])
  }
}

private let importWriting: [WritingTruth] = [
  upload("schools", adviser: .everything, systemAdmin: .everything),
  upload("staff", adviser: .everything, systemAdmin: .everything),
  upload("absences", schoolAdmin: .everything, adviser: .everything),
  upload("past-recordings", adviser: .everything),
  upload("referrals", director: .everything, adviser: .everything),
  WritingTruth(
    route: "POST /v1/imports/{id}/transitions",
    attempts: each(
      "import", "/v1/imports", "/transitions", #"{"to":"discarded"}"#,
      undo: "update beeld.import set state = 'uploading'"),
    everybody: .own),
]

private func upload(
  _ kind: String, director: WritingTruth.Right = .nothing, schoolAdmin: WritingTruth.Right = .nothing,
  adviser: WritingTruth.Right = .nothing, systemAdmin: WritingTruth.Right = .nothing
) -> WritingTruth {
  WritingTruth(
    route: "POST /v1/imports",
    attempts: [Attempt(path: "/v1/imports?kind=\(kind)", body: "a,b\n1,2\n", fact: made("import"), makes: true)],
    director: director, schoolAdmin: schoolAdmin, adviser: adviser, systemAdmin: systemAdmin)
}
