// The coaching of the organisation. The teacher is left to tests that coach somebody of their own: of theirs there is one
// referral that waits for a coach, and no text.
extension Organisation {
  public struct Request: Sendable {
    public let number: Int
    public let teacher: Person
    public let origin: String
    public let state: String
    public let coach: Person?
    /// As whom: `teacher`, `director`, `adviser` or `server`.
    public let madeAs: String
    public let maker: Person?
    let school: School?

    public var id: String { Organisation.id(15, number) }
    public var isOwnWish: Bool { origin == "own_wish" }
  }

  public static let requests: [Request] = [
    invitation(1, .twoSchools, "assigned", to: .coach),
    ownWish(2, .colleague, "assigned", to: .coach),
    ownWish(3, .twoSchools, "submitted"),
    referral(4, .colleague, "invited", by: .director, .first),
    ownWish(5, .mover, "offered", to: .coach),
    invitation(6, .teacherElsewhere, "assigned", to: .directorAndCoach),
    referral(7, .mover, "submitted", by: .directorElsewhere, .second),
    invitation(8, .newcomer, "invited", by: nil),
    invitation(9, .teacherFarAway, "assigned", to: .formerDirector),
    referral(10, .alumnus, "expired", by: .director, .first),
    ownWish(11, .teacherElsewhere, "withdrawn"),
    invitation(12, .newcomer, "invited"),
    referral(13, .teacher, "offered", to: .coach, by: .director, .first),
    invitation(14, .mover, "closed", to: .coach),
    ownWish(15, .teacherElsewhere, "assigned", to: .coach),
    referral(16, .twoSchools, "invited", by: .directorElsewhere, .second),
  ]

  private static func ownWish(_ number: Int, _ teacher: Person, _ state: String, to coach: Person? = nil) -> Request {
    Request(
      number: number, teacher: teacher, origin: "own_wish", state: state, coach: coach, madeAs: "teacher",
      maker: teacher, school: nil)
  }

  private static func referral(
    _ number: Int, _ teacher: Person, _ state: String, to coach: Person? = nil, by maker: Person, _ school: School
  ) -> Request {
    Request(
      number: number, teacher: teacher, origin: "appraisal", state: state, coach: coach, madeAs: "director",
      maker: maker, school: school)
  }

  private static func invitation(
    _ number: Int, _ teacher: Person, _ state: String, to coach: Person? = nil, by maker: Person? = .adviser
  ) -> Request {
    Request(
      number: number, teacher: teacher, origin: "starter_programme", state: state, coach: coach,
      madeAs: maker == nil ? "server" : "adviser", maker: maker, school: attribution[teacher])
  }

  public struct Trajectory: Sendable {
    public let number: Int
    /// The number of its request.
    public let answers: Int
    public let state: String
    /// Who coaches now.
    public let coach: Person

    public var id: String { Organisation.id(16, number) }
    public var request: Request { requests.first { $0.number == answers }! }
    public var teacher: Person { request.teacher }
    /// Whether its coach may still go on: has the role today.
    public var isCoached: Bool { roles[coach, default: []].contains(.coach) }
  }

  /// One that its coach, having lost the role, is to hand on; one that another coach filmed in before.
  public static let trajectories: [Trajectory] = [
    Trajectory(number: 1, answers: 1, state: "open", coach: .coach),
    Trajectory(number: 2, answers: 2, state: "open", coach: .coach),
    Trajectory(number: 3, answers: 6, state: "closing", coach: .directorAndCoach),
    Trajectory(number: 4, answers: 9, state: "open", coach: .formerDirector),
    Trajectory(number: 5, answers: 14, state: "closed", coach: .coach),
    Trajectory(number: 6, answers: 15, state: "paused", coach: .coach),
  ]

  public struct Copy: Sendable {
    public let number: Int
    /// The number of the recording.
    public let of: Int
    public let holder: Person
    public let state: String
    /// Kept beyond the day on which it was to be deleted, and the days that the rules leave.
    public let isOverdue: Bool
    let rest: [(String, String)]

    public var id: String { Organisation.id(17, number) }
    public var recording: Recording { recordings.first { $0.number == of }! }
    public var teacher: Person { recording.teacher }
    /// In the hands of somebody who coaches no more.
    public var isStranded: Bool {
      state == "held" && holder != teacher && !roles[holder, default: []].contains(.coach)
    }

    init(
      _ number: Int, of: Int, _ holder: Person, _ state: String, isOverdue: Bool = false,
      _ rest: [(String, String)] = []
    ) {
      (self.number, self.of, self.holder, self.state) = (number, of, holder, state)
      (self.isOverdue, self.rest) = (isOverdue, rest)
    }
  }

  public static let copies: [Copy] = [
    Copy(2, of: 5, .coach, "handed_over", [("given_to", "'\(Person.twoSchools.id)'")]),
    Copy(1, of: 5, .twoSchools, "held", [("source_id", "'\(id(17, 2))'")]),
    Copy(3, of: 5, .coach, "held"),
    Copy(4, of: 8, .directorAndCoach, "held", isOverdue: true, [("deletion_due_on", day(-30))]),
    Copy(5, of: 8, .directorAndCoach, "lost"),
    Copy(6, of: 9, .formerDirector, "held"),
    Copy(7, of: 10, .coach, "deleted"),
    Copy(8, of: 11, .directorAndCoach, "held", [("kept_until", day(100))]),
    Copy(9, of: 10, .coach, "lost"),
  ]

  public struct Agreement: Sendable {
    public let number: Int
    public let kind: String
    /// The number of the trajectory.
    public let within: Int
    /// `teacher`, `coach` or `adviser`.
    public let proposedAs: String
    public let state: String
    let rest: [(String, String)]

    public var id: String { Organisation.id(20, number) }
    public var trajectory: Trajectory { trajectories.first { $0.number == within }! }
  }

  public static let agreements: [Agreement] = [
    Agreement(
      number: 1, kind: "recording", within: 1, proposedAs: "coach", state: "proposed",
      rest: [("recording_id", "'\(id(10, 6))'")]),
    Agreement(
      number: 2, kind: "recording", within: 2, proposedAs: "coach", state: "agreed",
      rest: [("recording_id", "'\(id(10, 7))'")]),
    Agreement(
      number: 3, kind: "debrief", within: 1, proposedAs: "teacher", state: "proposed",
      rest: [("recording_id", "'\(id(10, 5))'"), ("held_on", day(-1))]),
    Agreement(
      number: 4, kind: "keeping", within: 3, proposedAs: "coach", state: "proposed",
      rest: [("recording_id", "'\(id(10, 8))'"), ("copy_id", "'\(id(17, 4))'"), ("until_date", day(90))]),
    Agreement(
      number: 5, kind: "change_of_coach", within: 4, proposedAs: "adviser", state: "proposed",
      rest: [("new_coach_id", "'\(Person.coach.id)'")]),
    Agreement(
      number: 6, kind: "extension", within: 1, proposedAs: "coach", state: "declined", rest: [("recordings", "3")]),
  ]

  /// Who is or has been a coach.
  public static let everCoaches: [Person] = [.coach, .directorAndCoach, .formerDirector]
}

// What of it somebody is to see.
extension Organisation {
  /// Whether a coach knows a teacher by name: coaches or films them, or did, or is asked to.
  public static func isKnown(_ teacher: Person, toCoach person: Person) -> Bool {
    isCoached(teacher, by: person)
      || requests.contains { $0.coach == person && $0.state == "offered" && $0.teacher == teacher }
  }

  /// Whether somebody coaches or films a teacher, or did.
  public static func isCoached(_ teacher: Person, by person: Person) -> Bool {
    trajectories.contains { $0.coach == person && $0.teacher == teacher }
      || recordings.contains { $0.coach == person && $0.teacher == teacher }
  }
}

extension Organisation.Fact {
  /// Who gives, now, the guidance that the row belongs to.
  public var guide: Organisation.Person? {
    let id = table == "trajectory" ? key : self["trajectory_id"]
    return Organisation.trajectories.first { $0.id == id }?.coach
  }

  public var isOwnWish: Bool { self["origin"] == "own_wish" }

  /// The copy that the row is.
  public var copy: Organisation.Copy? { Organisation.copies.first { $0.id == key } }
}

extension Organisation {
  /// In an order that satisfies the foreign keys.
  static let coachingFacts: [Fact] =
    coachFacts + requests.map(\.fact) + trajectories.map(\.fact) + carrierFacts + recordings.map(\.fact)
    + copies.map(\.fact) + agreements.map(\.fact) + breachFacts + followUpFacts

  private static let coachFacts: [Fact] = everCoaches.enumerated().flatMap { index, person in
    [
      fact("coach", person.id, by: "person_id", of: person, [("capacity", "30")]),
      fact(
        "coach_unavailability", id(22, index + 1), of: person,
        [("person_id", "'\(person.id)'"), ("from_date", day(200)), ("until_date", day(207))]),
    ]
  }

  private static let carrierFacts: [Fact] = [("usb", "Stick 1", nil), ("cloud", "Cloud", nil), ("usb", "Stick 2", -5)]
    .enumerated().map { index, carrier in
      fact(
        "carrier", id(19, index + 1),
        [("kind", "'\(carrier.0)'"), ("name", "'\(carrier.1)'"), ("retired_on", carrier.2.map(day) ?? "null")])
    }

  /// Of a loss that is to be judged, and of one that was.
  private static let breachFacts: [Fact] = [
    fact("breach", id(18, 1), [("copy_id", "'\(id(17, 5))'"), ("due_at", "now() + interval '1 day'")]),
    fact(
      "breach", id(18, 2),
      [
        ("copy_id", "'\(id(17, 9))'"), ("due_at", "now() - interval '9 days'"),
        ("settled_at", "now() - interval '10 days'"), ("outcome", "'not_notifiable'"),
        ("settled_by", "'\(Person.privacyOfficer.id)'"),
      ]),
  ]

  private static let followUpFacts: [Fact] = [1, 4, 6].enumerated().map { index, number in
    let trajectory = trajectories[number - 1]
    return fact(
      "follow_up", id(21, index + 1), of: trajectory.teacher,
      [
        ("trajectory_id", "'\(trajectory.id)'"), ("teacher_id", "'\(trajectory.teacher.id)'"),
        ("coach_id", "'\(trajectory.coach.id)'"), ("talk_on", day(5)),
      ])
  }
}

extension Organisation.Request {
  fileprivate var fact: Organisation.Fact {
    let isAsked = !["invited", "declined", "expired"].contains(state)
    let isReferral = origin == "appraisal"
    return Organisation.fact(
      "request", id, of: teacher, coach: coach, actor: maker,
      [
        ("teacher_id", "'\(teacher.id)'"), ("origin", "'\(origin)'"), ("state", "'\(state)'"),
        ("coach_id", coach.map { "'\($0.id)'" } ?? "null"), ("made_as", "'\(madeAs)'"),
        ("made_by", maker.map { "'\($0.id)'" } ?? "null"), ("school_id", school.map { "'\($0.id)'" } ?? "null"),
        ("aim", isAsked ? "'personal'" : "null"), ("subject", isAsked ? "'interaction'" : "null"),
        ("talk_on", isReferral ? Organisation.day(-20) : "null"), ("talk_kind", isReferral ? "'progress'" : "null"),
        ("expires_on", isOwnWish ? "null" : Organisation.day(20)),
      ])
  }
}

extension Organisation.Trajectory {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "trajectory", id, of: teacher, coach: coach,
      [
        ("request_id", "'\(request.id)'"), ("teacher_id", "'\(teacher.id)'"), ("coach_id", "'\(coach.id)'"),
        ("origin", "'\(request.origin)'"), ("state", "'\(state)'"), ("recordings", "2"),
      ])
  }
}

extension Organisation.Recording {
  fileprivate var fact: Organisation.Fact {
    let within =
      trajectory.map { [("trajectory_id", "'\(Organisation.id(16, $0))'"), ("ordinal", "\(ordinal)")] } ?? []
    return Organisation.fact(
      "recording", id, of: teacher, coach: coach,
      [
        ("teacher_id", "'\(teacher.id)'"),
        ("coach_id", coach.map { "'\($0.id)'" } ?? "null"),
        ("origin", "'\(origin)'"), ("counts_for_programme", "\(counts)"),
      ] + within + rest)
  }
}

extension Organisation.Copy {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "copy", id, of: teacher,
      [
        ("recording_id", "'\(recording.id)'"), ("teacher_id", "'\(teacher.id)'"), ("holder_id", "'\(holder.id)'"),
        ("carrier_id", "'\(Organisation.id(19, 1))'"), ("carrier_kind", "'usb'"), ("state", "'\(state)'"),
      ] + rest)
  }
}

extension Organisation.Agreement {
  fileprivate var fact: Organisation.Fact {
    let proposer: Organisation.Person =
      switch proposedAs {
      case "teacher": trajectory.teacher
      case "adviser": .adviser
      default: trajectory.coach
      }
    return Organisation.fact(
      "agreement", id, of: trajectory.teacher, actor: proposer,
      [
        ("kind", "'\(kind)'"), ("trajectory_id", "'\(trajectory.id)'"), ("teacher_id", "'\(trajectory.teacher.id)'"),
        ("coach_id", "'\(trajectory.coach.id)'"), ("proposed_by", "'\(proposer.id)'"),
        ("proposed_as", "'\(proposedAs)'"), ("state", "'\(state)'"),
      ] + rest)
  }
}
