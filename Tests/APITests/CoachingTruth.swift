import TestDatabase

/// The routes of the coaching that answer something else than the rows of a table. Texts come last: reading another's is
/// written into the audit.
let coachingTruths: [RouteTruth] =
  [
    RouteTruth(route: "GET /v1/me/tasks", subject: .tasks, teacher: .own),
    RouteTruth(route: "GET /v1/me/recipients", subject: .recipients, teacher: .own),
    RouteTruth(route: "GET /v1/consents/count", subject: .counts, privacyOfficer: .everything),
    RouteTruth(route: "GET /v1/me/visibility", subject: .visibility, teacher: .own),
    RouteTruth(route: "GET /v1/me/export", subject: .export, teacher: .own),
    RouteTruth(
      route: "GET /v1/requests/{id}/suggested-coaches", subject: .suggestedCoaches, adviser: .everything),
    RouteTruth(
      route: "GET /v1/schools/{id}/planned-recordings", subject: .plannedRecordings, schoolAdmin: .mySchools),
    RouteTruth(route: "GET /v1/requests/{id}/learning-question", subject: .texts("learning_question"), teacher: .own),
    RouteTruth(route: "GET /v1/recordings/{id}/reflection", subject: .texts("reflection"), teacher: .own),
    RouteTruth(route: "GET /v1/storyboards/{id}/text", subject: .texts("storyboard"), teacher: .own),
    RouteTruth(route: "GET /v1/objections/{id}/pupil", subject: .texts("pupil"), director: .mySchools),
    RouteTruth(route: "GET /v1/objections/{id}/note", subject: .texts("objection_note"), director: .mySchools),
  ]

enum CoachingTruth {
  typealias Person = Organisation.Person

  /// What waits for whom, told from the facts by hand.
  static let tasks: [Person: Set<String>] = [
    .colleague: [request(4)],
    .newcomer: [request(8), request(12)],
    .twoSchools: [request(16), agreement(1), followUp(1)],
    .teacherElsewhere: [agreement(4), Organisation.trajectories[2].id],
    .teacherFarAway: [agreement(5), followUp(2)],
    .coach: [request(5), request(13), agreement(3), recording(6), recording(7), followUp(1)],
    .adviser: Set([request(3), request(7), copy(4), copy(6), Organisation.trajectories[3].id, quarantine(1)] + claims),
    .privacyOfficer: Set(
      Organisation.facts.filter { $0.table == "breach" && $0["outcome"] == nil }.map(\.key) + [quarantine(1)]),
    .directorAndCoach: ParentsTruth.tasks(at: .first).union([copy(4)]),
    .director: ParentsTruth.tasks(at: .first),
    .schoolAdmin: ParentsTruth.tasks(at: .first),
    .directorElsewhere: ParentsTruth.tasks(at: .second),
  ]

  static func tasks(at path: String, for person: Person) -> Expectation {
    Expectation(path: path, status: 200, ids: tasks[person, default: []])
  }

  /// The coaches and advisers, and the directors of the schools where one works now.
  static func recipients(at path: String, for person: Person) -> Expectation {
    let schools = Organisation.employments.filter { $0.person == person && $0.from <= 0 && !$0.isOver }.map(\.school)
    let found = Person.allCases.filter { $0 != person }.flatMap { other in
      Organisation.roles[other, default: []].filter { role in
        switch role {
        case .coach, .adviser: true
        case .director(let school): schools.contains(school)
        case .schoolAdmin, .privacyOfficer, .systemAdmin: false
        }
      }.map { (other, $0.schools) }
    }
    let directed = found.flatMap(\.1)
    return Expectation(
      path: path, status: 200, ids: Set(found.map(\.0.id) + directed.map(\.id)), named: Set(found.map(\.0)))
  }

  /// Who sees something of somebody's: the roles at the schools where they work and of the whole board, their coaches,
  /// those who filmed and those who are asked, while they are coaches, those who have a copy, and to whom they opened
  /// something; each with what makes it so.
  static func visibility(at path: String, for person: Person) -> Expectation {
    var seen: [(Person, String?)] = []
    for other in Person.allCases where other != person {
      for role in Organisation.roles[other, default: []] {
        switch role {
        case .adviser, .privacyOfficer, .systemAdmin: seen.append((other, nil))
        case .director(let school), .schoolAdmin(let school):
          let works = Organisation.employments.contains { $0.person == person && $0.school == school && !$0.isOver }
          if works { seen.append((other, school.id)) }
        case .coach: break
        }
      }
    }
    seen += Organisation.trajectories.filter { $0.teacher == person && $0.isCoached }.map { ($0.coach, $0.id) }
    for recording in Organisation.recordings where recording.teacher == person {
      guard let coach = recording.coach, coach != recording.trajectoryCoach else { continue }
      if Organisation.roles[coach, default: []].contains(.coach) { seen.append((coach, recording.id)) }
    }
    seen += Organisation.requests.filter { $0.teacher == person && $0.state == "offered" }.map { ($0.coach!, $0.id) }
    seen += Organisation.copies.filter { $0.teacher == person && $0.holder != person && $0.state == "held" }
      .map { ($0.holder, $0.id) }
    seen += Organisation.consents.filter { $0.teacher == person && $0.isLive }.map { ($0.recipient, $0.id) }
    return Expectation(
      path: path, status: 200, ids: Set(seen.map(\.0.id) + seen.compactMap(\.1)), named: Set(seen.map(\.0)))
  }

  /// What is inside is compressed; the names of its files tell which texts there are.
  static func export(at path: String, for person: Person) -> Expectation {
    Expectation(path: path, status: 200, ids: Set(Organisation.texts.filter { $0.teacher == person }.map(\.item)))
  }

  /// To the adviser whoever may coach: no director of a school where the teacher works. Who sees the request and is none,
  /// is refused.
  static func suggestedCoaches(at path: String, for person: Person) -> [Expectation] {
    Organisation.facts.filter { $0.table == "request" }.map { fact in
      guard Registry.shows(fact, to: person) else { return .there(path, fact.key, false, []) }
      let fit = Person.allCases.filter { coach in
        let roles = Organisation.roles[coach, default: []]
        return roles.contains(.coach)
          && !roles.contains { !$0.schools.isEmpty && fact.isOfStaff(of: $0.schools) { !$0.isOver } }
      }
      guard person == .adviser else { return .refused(path, fact.key) }
      return .there(path, fact.key, true, Set(fit.map(\.id)), named: Set(fit))
    }
  }

  /// Every item that could have a text of the kind. A text says of which item it is.
  static func texts(_ kind: String, at path: String, for person: Person) -> [Expectation] {
    if let objections = ParentsTruth.texts(kind, at: path, for: person) { return objections }
    let tables = ["learning_question": "request", "reflection": "recording", "storyboard": "storyboard"]
    return Organisation.facts.filter { $0.table == tables[kind] }.map { fact in
      let text = Organisation.texts.first { $0.kind == kind && $0.item == fact.key }
      return .there(path, fact.key, text?.isReadable(by: person) ?? false, [fact.key])
    }
  }

  private static func request(_ number: Int) -> String {
    Organisation.requests.first { $0.number == number }?.id ?? ""
  }

  private static func recording(_ number: Int) -> String {
    Organisation.recordings.first { $0.number == number }?.id ?? ""
  }

  private static func copy(_ number: Int) -> String { Organisation.copies.first { $0.number == number }?.id ?? "" }

  private static func followUp(_ number: Int) -> String { Organisation.fact(of: "follow_up", number).key }

  private static func quarantine(_ number: Int) -> String { Organisation.quarantines[number - 1].id }

  private static func agreement(_ number: Int) -> String {
    Organisation.agreements.first { $0.number == number }?.id ?? ""
  }

  private static var claims: [String] { Organisation.facts.filter { $0.table == "prior_experience" }.map(\.key) }
}

extension Expectation {
  /// - Parameter id: put in the place of the variable part.
  static func refused(_ path: String, _ id: String) -> Expectation {
    let there = Expectation.there(path, id, true, [])
    return Expectation(path: there.path, status: 403, ids: [])
  }
}
