import Postgres

/// A small organisation for tests of visibility: two schools of the board and a third, somebody in every role, and of
/// every kind of fact some that a role may see and some that it may not. All of it is data, of which the rows in the
/// database and the expectations of the tests are both made.
public struct Organisation: Sendable {
  public let database: TestDatabase

  /// A database of its own with the organisation in it: a clone of one that this process has written once.
  public static func fresh() async throws -> Organisation {
    Organisation(database: try await written.value.clone())
  }

  private static let written = Task {
    let database = try await TestDatabase.fresh()
    let script = facts.map(\.insertion) + [reportRun] + deliveryFacts.map(\.insertion)
    try await database.script((hushed("disable") + script + hushed("enable")).joined(separator: ";\n"))
    return database
  }

  /// Triggers that would make facts of facts, or ask who makes them: here both are said.
  private static func hushed(_ act: String) -> [String] {
    [
      ("role_assignment", "role_assignment_coach"), ("recording", "recording_3_follows"),
      ("consent", "consent_2_guard"), ("objection", "objection_3_follows"), ("placement", "placement_3_follows"),
      ("measure", "measure_3_follows"),
      ("promise", "promise_3_follows"), ("quarantine", "quarantine_3_follows_insert"),
    ].map { "alter table \($0.0) \(act) trigger \($0.1)" }
  }
}

extension Organisation {
  public enum School: Int, CaseIterable, Sendable {
    case first = 1
    case second, third

    public var id: String { Organisation.id(1, rawValue) }
    public var code: String { "0\(rawValue)AA00" }
  }

  public enum Person: String, CaseIterable, Sendable {
    /// Filmed by the coach: once for the programme, and once by own wish, which does not count.
    case teacher
    /// Keeps a voluntary recording private, which no coach of today made.
    case colleague
    /// Begins at the first school in three weeks.
    case newcomer
    /// Left the first school and works nowhere.
    case alumnus
    /// Left the first school for the second.
    case mover
    /// Works at the first and, for the larger part, at the second school.
    case twoSchools
    case teacherElsewhere, teacherFarAway
    case coach, director, schoolAdmin, adviser, privacyOfficer, systemAdmin
    case directorAndCoach, directorElsewhere
    /// Works in the office of the first school, without any role.
    case support
    /// Was director of the first school until yesterday, and a coach before that, who still has a copy.
    case formerDirector
    /// Will be director of the first school from tomorrow.
    case futureDirector

    public var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
    public var id: String { Organisation.id(2, number) }
    public var subjectKey: String { Organisation.id(3, number) }
    public var personNumber: String { "N\(100 + number)" }
    /// A bearer token that is good for a year.
    public var token: String { Organisation.token(rawValue) }
  }

  public enum Role: Hashable, Sendable {
    case coach, adviser, privacyOfficer, systemAdmin
    case director(School), schoolAdmin(School)
  }

  /// The roles that hold today.
  public static let roles: [Person: Set<Role>] = [
    .coach: [.coach],
    .director: [.director(.first)],
    .schoolAdmin: [.schoolAdmin(.first)],
    .adviser: [.adviser],
    .privacyOfficer: [.privacyOfficer],
    .systemAdmin: [.systemAdmin],
    .directorAndCoach: [.director(.first), .coach],
    .directorElsewhere: [.director(.second)],
  ]

  /// Days are counted from today; `until` is exclusive.
  public struct Employment: Sendable {
    public let person: Person
    public let school: School
    public let job: String
    public let fte: String
    public let from: Int
    public let until: Int?

    public var isOver: Bool { (until ?? 1) <= 0 }
  }

  public static let employments: [Employment] = [
    job(.teacher, .first),
    job(.colleague, .first),
    job(.newcomer, .first, from: 21),
    job(.alumnus, .first, until: -50),
    job(.mover, .first, until: -100),
    job(.mover, .second, from: -100),
    job(.twoSchools, .first, fte: "0.3"),
    job(.twoSchools, .second, fte: "0.6"),
    job(.teacherElsewhere, .second),
    job(.teacherFarAway, .third),
    job(.director, .first, "director"),
    job(.schoolAdmin, .first, "support"),
    job(.support, .first, "support"),
    job(.formerDirector, .first, "director", until: 0),
    job(.directorElsewhere, .second, "director"),
  ]

  /// The school that each teacher is reckoned to.
  public static let attribution: [Person: School] = [
    .teacher: .first, .colleague: .first, .newcomer: .first, .alumnus: .first,
    .mover: .second, .twoSchools: .second, .teacherElsewhere: .second, .teacherFarAway: .third,
  ]

  public struct Recording: Sendable {
    public let number: Int
    public let teacher: Person
    public let coach: Person?
    public let origin: String
    public let counts: Bool
    public let state: String
    /// The number of its trajectory; nil in the history from before.
    public let trajectory: Int?
    let ordinal: Int
    let rest: [(String, String)]

    public var id: String { Organisation.id(10, number) }
    /// Who coaches the teacher now, where it belongs to guidance.
    public var trajectoryCoach: Person? { trajectory.map { trajectories[$0 - 1].coach } }
    /// What its teacher keeps to themselves.
    public var isPrivate: Bool { !counts }
    /// The id of the group that is filmed; nil where none is known.
    public var group: String? { rest.first { $0.0 == "group_id" }.map { $0.1.filter { $0 != "'" } } }
  }

  public static let recordings: [Recording] = [
    recording(1, .teacher, .coach, "starter_programme", debriefed(planned: -60, on: -40, debriefed: -30)),
    recording(2, .teacher, .coach, "own_wish", debriefed(planned: -90, on: -80, debriefed: -70)),
    recording(3, .colleague, nil, "own_wish", debriefed(planned: -20, on: -15, debriefed: -10)),
    recording(4, .teacherElsewhere, .directorAndCoach, "starter_programme", planned(for: 30)),
    recording(
      5, .twoSchools, .coach, "starter_programme", in: 1,
      made(planned: -30, on: -20) + [("handed_over_on", day(-18)), ("carrier_id", "'\(id(19, 1))'")]),
    recording(6, .twoSchools, .coach, "starter_programme", in: 1, ordinal: 2, planned(for: 20, filming: true)),
    recording(7, .colleague, .coach, "own_wish", in: 2, planned(for: 20, filming: true)),
    recording(
      8, .teacherElsewhere, .directorAndCoach, "starter_programme", in: 3,
      debriefed(planned: -60, on: -50, debriefed: -45)),
    recording(
      9, .teacherFarAway, .formerDirector, "starter_programme", in: 4,
      made(planned: -30, on: -25) + [("quarantined", "true")]),
    recording(10, .mover, .coach, "starter_programme", in: 5, debriefed(planned: -80, on: -70, debriefed: -60)),
    recording(
      11, .teacherElsewhere, .directorAndCoach, "own_wish", in: 6,
      made(planned: -100, on: -90, state: "waived") + [("ended_on", day(-80))]),
  ]

  public static let reportRunID = id(12, 1)
  /// The schedule that every database begins with.
  public static let reportScheduleID = id(0, 1)

  private static func job(
    _ person: Person, _ school: School, _ job: String = "teacher", fte: String = "1", from: Int = -400,
    until: Int? = nil
  ) -> Employment {
    Employment(person: person, school: school, job: job, fte: fte, from: from, until: until)
  }

  /// An own wish does not count here, whoever might let it.
  private static func recording(
    _ number: Int, _ teacher: Person, _ coach: Person?, _ origin: String, in trajectory: Int? = nil, ordinal: Int = 1,
    _ rest: [(String, String)]
  ) -> Recording {
    let state = rest.first { $0.0 == "state" }?.1.filter { $0 != "'" } ?? ""
    return Recording(
      number: number, teacher: teacher, coach: coach, origin: origin, counts: origin != "own_wish", state: state,
      trajectory: trajectory, ordinal: ordinal, rest: rest)
  }

  private static func debriefed(planned: Int, on recorded: Int, debriefed: Int) -> [(String, String)] {
    made(planned: planned, on: recorded, state: "debriefed") + [("debriefed_on", day(debriefed))]
  }

  private static func made(planned: Int, on recorded: Int, state: String = "made") -> [(String, String)] {
    [
      ("state", "'\(state)'"), ("planned_on", day(planned)), ("scheduled_for", day(recorded)),
      ("recorded_on", day(recorded)),
    ]
  }

  /// - Parameter filming: with the instant, the class and the carrier that it is planned with today.
  private static func planned(for date: Int, filming: Bool = false) -> [(String, String)] {
    [("state", "'planned'"), ("planned_on", day(-5)), ("scheduled_for", day(date))]
      + (!filming
        ? []
        : [
          ("scheduled_at", "(\(day(date)) + time '10:00') at time zone 'Europe/Amsterdam'"),
          ("group_id", "'\(filmedGroup)'"), ("carrier_id", "'\(id(19, 1))'"),
        ])
  }

  /// The class at the first school in which recordings are planned.
  public static let filmedGroup = id(4, 4)

  static func day(_ offset: Int) -> String { "app.today() + (\(offset))" }

  /// A token of this server's form that says what it is for.
  public static func token(_ purpose: String) -> String {
    "beeld_" + purpose + String(repeating: "0", count: 43 - purpose.utf8.count)
  }

  /// The id of a row, by the number of its kind and its own.
  public static func id(_ kind: Int, _ number: Int) -> String {
    func padded(_ value: Int, _ width: Int) -> String {
      String(repeating: "0", count: width - String(value).count) + String(value)
    }
    return "0193b6a0-\(padded(kind, 4))-7000-8000-\(padded(number, 12))"
  }

  private static var reportRun: String {
    "select app.report_begin('\(reportRunID)', 'coverage', null); select app.report_make('\(reportRunID)', 1)"
  }
}
