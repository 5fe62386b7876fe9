// What teachers of the organisation own: texts, storyboards, and consents.
extension Organisation {
  public struct Consent: Sendable {
    public let number: Int
    public let teacher: Person
    public let recipient: Person
    /// `learning_question`, `reflection`, `storyboard` or `footage`.
    public let kind: String
    public let item: String
    public let state: String
    let from: Int
    let until: Int

    public var id: String { Organisation.id(24, number) }
    /// Whether it opens anything today.
    public var isLive: Bool { state == "granted" && until > 0 }
  }

  /// One of each kind, and those that open nothing: withdrawn, expired, and lapsed without anybody having noticed. One
  /// recipient has held no role since yesterday.
  public static let consents: [Consent] = [
    consent(1, .twoSchools, .director, "storyboard", id(23, 1)),
    consent(2, .twoSchools, .adviser, "learning_question", id(15, 1)),
    consent(3, .twoSchools, .directorAndCoach, "reflection", id(10, 5), "withdrawn"),
    consent(4, .teacherElsewhere, .adviser, "reflection", id(10, 8), until: -1),
    consent(5, .teacherElsewhere, .formerDirector, "storyboard", id(23, 4), "expired", until: -2),
    consent(6, .teacherElsewhere, .directorElsewhere, "learning_question", id(15, 6)),
    consent(7, .mover, .coach, "reflection", id(10, 10)),
    consent(8, .twoSchools, .coach, "footage", id(10, 5)),
    consent(9, .twoSchools, .formerDirector, "learning_question", id(15, 3)),
  ]

  private static func consent(
    _ number: Int, _ teacher: Person, _ recipient: Person, _ kind: String, _ item: String, _ state: String = "granted",
    until: Int = 60
  ) -> Consent {
    Consent(
      number: number, teacher: teacher, recipient: recipient, kind: kind, item: item, state: state, from: -100,
      until: until)
  }

  public struct Storyboard: Sendable {
    public let number: Int
    /// The number of the trajectory.
    public let of: Int
    public let state: String

    public var id: String { Organisation.id(23, number) }
    public var teacher: Person { trajectories[of - 1].teacher }
  }

  public static let storyboards: [Storyboard] = [
    Storyboard(number: 1, of: 1, state: "presented"),
    Storyboard(number: 2, of: 2, state: "draft"),
    Storyboard(number: 3, of: 5, state: "presented"),
    Storyboard(number: 4, of: 6, state: "draft"),
  ]

  /// A text: that there is one, and whose.
  public struct Text: Sendable {
    public let kind: String
    public let item: String
    public let teacher: Person
    /// The trajectory that it belongs to, where there is one.
    public let trajectory: Trajectory?
  }

  /// Of the teacher's own referral there is none: they erased what they had written.
  public static let texts: [Text] =
    requests.filter { ![4, 8, 10, 11, 12, 13, 16].contains($0.number) }.map { request in
      Text(
        kind: "learning_question", item: request.id, teacher: request.teacher,
        trajectory: trajectories.first { $0.answers == request.number })
    }
    + recordings.filter { [5, 8, 10, 11].contains($0.number) }.map { recording in
      Text(
        kind: "reflection", item: recording.id, teacher: recording.teacher,
        trajectory: recording.trajectory.map { trajectories[$0 - 1] })
    }
    + storyboards.map { Text(kind: "storyboard", item: $0.id, teacher: $0.teacher, trajectory: nil) }

  /// The key of a teacher's texts; nil where there is none.
  public static func dataKey(of teacher: Person) -> String? {
    texts.contains { $0.teacher == teacher } ? id(25, teacher.number) : nil
  }
}

// What of it somebody is to see.
extension Organisation {
  /// Whether a person is named in a consent that somebody sees: its teacher, and while it lives who received it.
  public static func isNamed(_ person: Person, inConsentsOf asker: Person) -> Bool {
    consents.contains { consent in
      [consent.teacher, consent.recipient].contains(person)
        && (consent.teacher == asker || consent.isLive && consent.recipient == asker)
    }
  }

  /// Whether a live consent opens an item to somebody.
  public static func isOpened(_ kind: String, _ item: String, to person: Person) -> Bool {
    consents.contains { $0.isLive && $0.recipient == person && $0.kind == kind && $0.item == item }
  }
}

extension Organisation.Text {
  /// Whether somebody reads it: its teacher; the coach while the guidance goes on, but never a storyboard; whom a
  /// consent names. No role does.
  public func isReadable(by person: Organisation.Person) -> Bool {
    person == teacher || Organisation.isOpened(kind, item, to: person)
      || trajectory.map { $0.coach == person && $0.isCoached && ["open", "paused"].contains($0.state) } ?? false
  }
}

extension Organisation.Fact {
  /// Whether it is a consent to somebody that lives, or a storyboard that one opens.
  public func isOpened(to person: Organisation.Person) -> Bool {
    switch table {
    case "consent": Organisation.consents.contains { $0.id == key && $0.isLive && $0.recipient == person }
    default: Organisation.isOpened("storyboard", key, to: person)
    }
  }
}

extension Organisation {
  /// The bytes of keys and texts have the right length and open with no key: who is to open them puts others there.
  static let contentFacts: [Fact] =
    Person.allCases.compactMap { person in dataKey(of: person).map { dataKeyFact($0, of: person) } }
    + School.allCases.compactMap { school in dataKey(of: school).map { dataKeyFact($0, at: school) } }
    + texts.map(\.fact) + objections.flatMap(\.textFacts) + storyboards.map(\.fact) + consents.map(\.fact)

  private static func dataKeyFact(_ key: String, of person: Person) -> Fact {
    fact("data_key", key, of: person, [("person_id", "'\(person.id)'"), ("bound_to", "'\(person.id)'")] + wrapping)
  }

  private static func dataKeyFact(_ key: String, at school: School) -> Fact {
    fact("data_key", key, at: school, [("school_id", "'\(school.id)'"), ("bound_to", "'\(school.id)'")] + wrapping)
  }

  private static let wrapping = [("master_key", "'fixture'"), ("wrapped", "decode(repeat('00', 61), 'hex')")]
}

extension Organisation.Text {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "content", item, by: "item_id", of: teacher, actor: teacher,
      [
        ("kind", "'\(kind)'"), ("teacher_id", "'\(teacher.id)'"),
        ("data_key_id", "'\(Organisation.dataKey(of: teacher) ?? "")'"), ("sealed", "decode(repeat('00', 30), 'hex')"),
      ])
  }
}

extension Organisation.Objection {
  fileprivate var textFacts: [Organisation.Fact] {
    texts.map { kind in
      Organisation.fact(
        "content", id, by: "item_id", at: school,
        [
          ("kind", "'\(kind)'"), ("school_id", "'\(school.id)'"),
          ("data_key_id", "'\(Organisation.dataKey(of: school) ?? "")'"), ("sealed", "decode(repeat('00', 30), 'hex')"),
        ])
    }
  }
}

extension Organisation.Storyboard {
  fileprivate var fact: Organisation.Fact {
    let isOral = number == 3
    return Organisation.fact(
      "storyboard", id, of: teacher, actor: teacher,
      [
        ("teacher_id", "'\(teacher.id)'"), ("trajectory_id", "'\(Organisation.trajectories[of - 1].id)'"),
        ("state", "'\(state)'"), ("presented_orally_on", isOral ? Organisation.day(-3) : "null"),
      ])
  }
}

extension Organisation.Consent {
  fileprivate var fact: Organisation.Fact {
    Organisation.fact(
      "consent", id, of: teacher, actor: teacher,
      [
        ("teacher_id", "'\(teacher.id)'"), ("recipient_id", "'\(recipient.id)'"), ("item_kind", "'\(kind)'"),
        ("item_id", "'\(item)'"), ("purpose", "'guidance'"), ("granted_on", Organisation.day(from)),
        ("until_date", Organisation.day(until)), ("state", "'\(state)'"),
      ])
  }
}
