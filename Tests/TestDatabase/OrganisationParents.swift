// What parents of the organisation's pupils were told, what they object to, and what schools and coaches do about it.
extension Organisation {
  public struct Objection: Sendable {
    public let number: Int
    public let school: School
    public let state: String
    /// Days since it was received.
    let age: Int
    /// The group of this school year in which the pupil is; nil where they are placed in none.
    public let group: String?
    /// Kinds of the texts that the school keeps of it.
    public let texts: [String]

    public var id: String { Organisation.id(27, number) }
  }

  /// One that is answered, in the class that is filmed; one that waits too long, of a pupil whom nobody has placed; one
  /// that was withdrawn; one that is answered, at another school.
  public static let objections: [Objection] = [
    Objection(number: 1, school: .first, state: "measure_set", age: 10, group: filmedGroup, texts: ["pupil"]),
    Objection(number: 2, school: .first, state: "received", age: 25, group: nil, texts: ["pupil"]),
    Objection(number: 3, school: .second, state: "ended", age: 3, group: id(4, 2), texts: ["objection_note"]),
    Objection(number: 4, school: .second, state: "measure_set", age: 4, group: id(4, 2), texts: ["pupil"]),
  ]

  public struct Measure: Sendable {
    public let number: Int
    /// The number of the objection.
    public let answers: Int
    public let kind: String
    public let state: String

    public var id: String { Organisation.id(29, number) }
    public var objection: Objection { objections[answers - 1] }
  }

  public static let measures: [Measure] = [
    Measure(number: 1, answers: 1, kind: "out_of_view", state: "in_force"),
    Measure(number: 2, answers: 1, kind: "cut", state: "ended"),
    Measure(number: 3, answers: 3, kind: "no_recording", state: "ended"),
    Measure(number: 4, answers: 4, kind: "anonymise", state: "in_force"),
  ]

  public struct Promise: Sendable {
    public let number: Int
    /// The number of the recording.
    public let within: Int
    /// The number of the measure.
    public let keeps: Int

    public var id: String { Organisation.id(30, number) }
    public var recording: Recording { recordings.first { $0.number == within }! }
    public var measure: Measure { measures[keeps - 1] }
  }

  public static let promises: [Promise] = [
    Promise(number: 1, within: 6, keeps: 1), Promise(number: 2, within: 5, keeps: 1),
  ]

  public struct Quarantine: Sendable {
    public let number: Int
    /// The number of the recording.
    public let of: Int
    public let cause: String
    public let state: String

    public var id: String { Organisation.id(31, number) }
    public var recording: Recording { recordings.first { $0.number == of }! }
  }

  public static let quarantines: [Quarantine] = [
    Quarantine(number: 1, of: 9, cause: "no_clearance", state: "open"),
    Quarantine(number: 2, of: 10, cause: "objection", state: "released"),
  ]

  /// The key of a school's texts; nil where there is none.
  public static func dataKey(of school: School) -> String? {
    objections.contains { $0.school == school && !$0.texts.isEmpty } ? id(25, 100 + school.rawValue) : nil
  }
}

// What of it somebody is to see.
extension Organisation {
  /// The measures that a coach has to keep: those in force for pupils of a group that they are to film.
  public static func measuresToKeep(by coach: Person) -> [Measure] {
    let groups = recordings.filter { $0.coach == coach && $0.state == "planned" }.compactMap(\.group)
    return measures.filter { measure in
      measure.state == "in_force" && measure.objection.group.map(groups.contains) ?? false
    }
  }
}

extension Organisation.Objection {
  /// Whether somebody reads a text of it: those who answer for the school; which pupil it is about also the coach who is
  /// to film the group.
  public func isReadable(_ kind: String, by person: Organisation.Person) -> Bool {
    guard texts.contains(kind) else { return false }
    let roles = Organisation.roles[person, default: []]
    if roles.contains(.director(school)) || roles.contains(.schoolAdmin(school)) { return true }
    return kind == "pupil" && state != "ended"
      && Organisation.recordings.contains { $0.coach == person && $0.state == "planned" && $0.group == group }
  }
}

extension Organisation {
  /// In an order that satisfies the foreign keys.
  static let parentFacts: [Fact] =
    noticeFacts + objections.map(\.fact) + placementFacts + measures.map(\.fact) + promises.map(\.fact)
    + quarantines.map(\.fact) + tallyFacts

  /// The first school told parents this year and for the next; the second this year, and by the website alone.
  private static let noticeFacts: [Fact] = [
    notice(1, .first, 0, "website"), notice(2, .first, 0, "school_guide"), notice(3, .first, 1, "website"),
    notice(4, .first, 1, "school_guide"), notice(5, .second, 0, "website"),
    notice(6, .second, 0, "school_guide", isProposal: true),
  ]

  private static func notice(
    _ number: Int, _ school: School, _ years: Int, _ channel: String, isProposal: Bool = false
  ) -> Fact {
    fact(
      "notice", id(26, number), at: school,
      [
        ("school_id", "'\(school.id)'"), ("school_year", "app.school_year(app.today()) + \(years)"),
        ("channel", "'\(channel)'"), ("reference", "'https://example.org/\(number)'"),
        ("published_on", isProposal ? "null" : day(-90)), ("attested_at", isProposal ? "null" : "now()"),
        ("attested_by", isProposal ? "null" : "'\(Person.director.id)'"),
      ])
  }

  private static let placementFacts: [Fact] = objections.compactMap { objection in
    objection.group.map { group in
      fact(
        "placement", id(28, objection.number), at: objection.school,
        [
          ("objection_id", "'\(objection.id)'"), ("group_id", "'\(group)'"),
          ("school_year", "(select g.school_year from school_group g where g.id = '\(group)')"),
        ])
    }
  }

  private static let tallyFacts: [Fact] = [
    fact(
      "objection_tally", id(32, 1), at: .third,
      [("school_id", "'\(School.third.id)'"), ("school_year", "2020"), ("number", "2")])
  ]
}

extension Organisation.Objection {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "objection", id, at: school,
      [
        ("school_id", "'\(school.id)'"), ("received_on", Organisation.day(-age)), ("state", "'\(state)'"),
        ("answered_on", state == "received" ? "null" : Organisation.day(1 - age)),
        ("state_reason", state == "ended" ? "'withdrawn'" : "null"),
      ])
  }
}

extension Organisation.Measure {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "measure", id, at: objection.school,
      [
        ("objection_id", "'\(objection.id)'"), ("kind", "'\(kind)'"), ("covers_sound", "true"), ("state", "'\(state)'"),
      ])
  }
}

extension Organisation.Promise {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "promise", id, coach: recording.coach,
      [
        ("recording_id", "'\(recording.id)'"), ("measure_id", "'\(measure.id)'"),
        ("coach_id", recording.coach.map { "'\($0.id)'" } ?? "null"), ("state", "'promised'"),
      ])
  }
}

extension Organisation.Quarantine {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "quarantine", id, of: recording.teacher, coach: recording.coach,
      [
        ("recording_id", "'\(recording.id)'"), ("teacher_id", "'\(recording.teacher.id)'"), ("cause", "'\(cause)'"),
        ("codes", "'{\(cause == "objection" ? "objection_without_measure" : "custody_not_planned")}'"),
        ("state", "'\(state)'"),
      ])
  }
}
