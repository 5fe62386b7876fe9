import TestDatabase

/// The lines of the registry's own resources: each speaks of the facts of one table.
let registryTruths: [RouteTruth] = Registry.all.flatMap(\.truths)

/// Those of the coaching among them.
let coachingRegistryTruths: [RouteTruth] = Registry.coaching.flatMap(\.truths)

/// A kind of fact of the registry: where the API answers it, and whom it shows which of its rows.
struct Registry: Equatable {
  let table: String
  let path: String
  let collection: String
  /// The column that names what they belong to, where they are listed below that.
  let parent: String?
  private let teacher: RouteTruth.Reach
  private let coach: RouteTruth.Reach
  private let director: RouteTruth.Reach
  private let schoolAdmin: RouteTruth.Reach
  private let adviser: RouteTruth.Reach
  private let privacyOfficer: RouteTruth.Reach
  private let systemAdmin: RouteTruth.Reach

  /// - Parameter school: for the director as for the administration, of whom the former may be told less.
  private init(
    _ table: String, _ path: String, collection: String? = nil, below parent: String? = nil,
    teacher: RouteTruth.Reach = .nothing, coach: RouteTruth.Reach = .nothing, school: RouteTruth.Reach = .nothing,
    director: RouteTruth.Reach? = nil,
    adviser: RouteTruth.Reach = .everything, privacyOfficer: RouteTruth.Reach = .nothing,
    systemAdmin: RouteTruth.Reach = .nothing
  ) {
    self.table = table
    self.path = path
    self.collection = collection ?? path
    self.parent = parent
    self.teacher = teacher
    self.coach = coach
    self.director = director ?? school
    schoolAdmin = school
    self.adviser = adviser
    self.privacyOfficer = privacyOfficer
    self.systemAdmin = systemAdmin
  }

  static let people = Registry(
    "person", "/v1/people", teacher: .ownAndWhomIKnow, coach: .thoseICoach, school: .everMyStaff,
    systemAdmin: .everything)
  static let employments = Registry(
    "employment", "/v1/employments", teacher: .own, school: .mySchools, systemAdmin: .everything)
  static let absences = Registry("absence", "/v1/absences", teacher: .own, school: .myStaff)
  static let priorExperience = Registry("prior_experience", "/v1/prior-experience", teacher: .own, school: .myStaff)
  static let exemptions = Registry("exemption", "/v1/exemptions", teacher: .own, school: .myStaff)
  static let roleAssignments = Registry(
    "role_assignment", "/v1/role-assignments", teacher: .own, school: .mySchools, privacyOfficer: .everything,
    systemAdmin: .everything)
  static let groups = Registry(
    "school_group", "/v1/groups", collection: "/v1/schools/{id}/groups", below: "school_id", teacher: .everything)
  static let policies = Registry("policy", "/v1/policies", teacher: .everything)

  static let imports = Registry(
    "import", "/v1/imports", school: .own, adviser: .own, systemAdmin: .own)

  static let requests = Registry(
    "request", "/v1/requests", teacher: .own, coach: .askedOfMe, director: .askedOfMyStaff)
  static let coaches = Registry("coach_list", "/v1/coaches", teacher: .everything)
  static let unavailability = Registry(
    "coach_unavailability", "/v1/unavailability", collection: "/v1/coaches/{id}/unavailability", below: "person_id",
    coach: .own)
  static let trajectories = Registry("trajectory", "/v1/trajectories", teacher: .own, coach: .guided)
  static let agreements = Registry(
    "agreement", "/v1/agreements", collection: "/v1/trajectories/{id}/agreements", below: "trajectory_id",
    teacher: .own, coach: .guided, adviser: .changesOfCoach)
  static let followUps = Registry(
    "follow_up", "/v1/follow-ups", collection: "/v1/trajectories/{id}/follow-ups", below: "trajectory_id",
    teacher: .own, coach: .guided, adviser: .nothing)
  static let recordings = Registry("recording", "/v1/recordings", teacher: .own, coach: .guidedOrFilmed)
  static let copies = Registry(
    "copy", "/v1/copies", teacher: .ownAndHeld, adviser: .astray, privacyOfficer: .everything)
  static let carriers = Registry("carrier", "/v1/carriers", coach: .everything, privacyOfficer: .everything)
  static let breaches = Registry("breach", "/v1/breaches", adviser: .nothing, privacyOfficer: .everything)
  static let storyboards = Registry("storyboard", "/v1/storyboards", teacher: .ownAndOpened, adviser: .nothing)
  static let consents = Registry("consent", "/v1/consents", teacher: .ownAndOpened, adviser: .nothing)
  static let notices = Registry(
    "notice", "/v1/notices", collection: "/v1/schools/{id}/notices", below: "school_id", teacher: .everything)
  static let objections = Registry(
    "objection", "/v1/objections", school: .mySchools, adviser: .nothing, privacyOfficer: .everything)
  static let measures = Registry(
    "measure", "/v1/measures", collection: "/v1/objections/{id}/measures", below: "objection_id", coach: .keptByMe,
    school: .mySchools, adviser: .nothing, privacyOfficer: .everything)
  static let promises = Registry(
    "promise", "/v1/promises", collection: "/v1/recordings/{id}/promises", below: "recording_id", coach: .filmed,
    adviser: .nothing, privacyOfficer: .everything)
  static let quarantines = Registry(
    "quarantine", "/v1/quarantines", teacher: .own, coach: .filmed, privacyOfficer: .everything)
  /// What room coaches have, which is told beside their names.
  static let rooms = Registry("coach", "/v1/coaches", coach: .own)

  static let coaching: [Registry] = [
    .requests, .coaches, .unavailability, .trajectories, .agreements, .followUps, .recordings, .copies, .carriers,
    .breaches, .storyboards, .consents, .notices, .objections, .measures, .promises, .quarantines,
  ]

  static let all: [Registry] =
    [.people, .employments, .absences, .priorExperience, .exemptions, .roleAssignments, .groups, .policies, .imports]
    + coaching

  fileprivate var truths: [RouteTruth] {
    [truth("GET " + collection, .facts(self)), truth("GET " + path + "/{id}", .fact(self))]
  }

  fileprivate func truth(_ route: String, _ subject: RouteTruth.Subject) -> RouteTruth {
    RouteTruth(
      route: route, subject: subject, teacher: teacher, coach: coach, director: director, schoolAdmin: schoolAdmin,
      adviser: adviser, privacyOfficer: privacyOfficer, systemAdmin: systemAdmin)
  }
}

extension Registry {
  typealias Person = Organisation.Person
  typealias Fact = Organisation.Fact

  /// The list, or the lists where each of what they belong to has one.
  func lists(at path: String, _ reaches: RouteTruth.Reaches, for person: Person) -> [Expectation] {
    let shown = facts.filter { reaches.show($0, to: person) }
    guard let parent else { return [expectation(path, "", shown, for: person)] }
    return parents.map { whole in
      let within = shown.filter { $0[parent] == whole.key }
      return Self.shows(whole, to: person) || !within.isEmpty
        ? expectation(path, whole.key, within, for: person) : .there(path, whole.key, false, [])
    }
  }

  private var parents: [Fact] {
    let tables = [
      "school_id": "school", "trajectory_id": "trajectory", "person_id": "coach", "objection_id": "objection",
      "recording_id": "recording",
    ]
    return Organisation.facts.filter { $0.table == tables[parent ?? ""] }
  }

  func each(at path: String, _ reaches: RouteTruth.Reaches, for person: Person) -> [Expectation] {
    facts.map { fact in
      guard reaches.show(fact, to: person) else { return .there(path, fact.key, false, []) }
      var answer = expectation(path, fact.key, [fact], for: person)
      answer.ids.formUnion(ParentsTruth.touched(by: fact.key, for: person))
      return answer
    }
  }

  /// Whom somebody knows by name.
  static func known(to person: Person) -> Set<Person> {
    let truth = people.truth("", .facts(people))
    return Set(people.facts.filter { truth.reaches(of: person).show($0, to: person) }.compactMap(\.person))
  }

  /// Whether the API shows somebody this fact.
  static func shows(_ fact: Fact, to person: Person) -> Bool {
    guard let registry = (all + [.rooms]).first(where: { $0.table == fact.table }) else { return true }
    return registry.truth("", .fact(registry)).reaches(of: person).show(fact, to: person)
  }

  private var facts: [Fact] {
    switch table {
    case "policy": [Fact(table: table, key: "1")]
    case "coach_list":
      Organisation.facts.filter { fact in
        fact.table == "person" && fact.person.map { Organisation.roles[$0, default: []].contains(.coach) } ?? false
      }
    default: Organisation.facts.filter { $0.table == table }
    }
  }

  /// An answer with these facts: their ids, and the names of those whom the asker knows.
  private func expectation(_ path: String, _ id: String, _ facts: [Fact], for person: Person) -> Expectation {
    let ids = facts.reduce(into: Set<String>()) { $0.formUnion(shownIDs(of: $1, to: person)) }
    let named = Set(Person.allCases.filter { ids.contains($0.id) })
    return .there(path, id, true, ids, named: named.intersection(Self.known(to: person)))
  }
}

// Which ids of a row its answer holds.
extension Registry {
  private func shownIDs(of fact: Fact, to person: Person) -> Set<String> {
    var ids = fact.ids(without: silent(in: fact, to: person)).subtracting(Person.allCases.map(\.subjectKey))
    // A group is answered with its school, a loss with the recording.
    if ids.contains(Organisation.filmedGroup), table == "recording" { ids.insert(Organisation.School.first.id) }
    if table == "breach" { ids.formUnion(Organisation.copies.filter { ids.contains($0.id) }.map(\.recording.id)) }
    // An objection is answered with its measures, and the groups in which the pupil is.
    if let objection = Organisation.objections.first(where: { $0.id == fact.key && table == "objection" }) {
      ids.formUnion(Organisation.measures.filter { $0.objection.id == objection.id }.map(\.id))
      if let group = objection.group { ids.insert(group) }
    }
    return ids
  }

  /// Columns that no answer shows, or not to this person: to the adviser guidance shows coach, state and number.
  private func silent(in fact: Fact, to person: Person) -> Set<String> {
    let isPrivate = fact.person != person && fact.coach != person && fact.guide != person
    return switch table {
    // Answered to its maker alone, and does not say whose it is.
    case "import": ["person_id"]
    case "request": ["made_by"]
    case "trajectory": isPrivate ? ["teacher_id"] : []
    case "recording": isPrivate ? ["teacher_id", "group_id", "carrier_id"] : []
    case "copy": ["teacher_id", "source_id"]
    case "agreement": ["teacher_id", "coach_id", "proposed_by"]
    case "follow_up": ["teacher_id", "coach_id"]
    case "breach": ["settled_by"]
    case "promise": ["coach_id"]
    case "quarantine": ["teacher_id"]
    default: []
    }
  }
}

/// The audit: who did what with each fact.
enum AuditTruth {
  static func expectation(
    at path: String, _ reaches: RouteTruth.Reaches, for person: Organisation.Person
  ) -> Expectation {
    let shown = Organisation.facts.filter { reaches.show($0, to: person) }
    let people = Set(shown.flatMap { [$0.person, $0.actor] }.compactMap { $0 })
    let named = people.intersection(Registry.known(to: person))
    let ids = shown.reduce(into: Set(named.map(\.id))) { ids, fact in
      // A person's own row goes by the key that erasure takes away.
      ids.formUnion(fact.isOfPerson ? [fact.person?.subjectKey ?? fact.key] : fact.idsOfNobody)
    }
    return Expectation(path: path + "?limit=500", status: 200, ids: ids, named: named)
  }
}

extension RouteTruth.Reaches {
  /// Whether one of the roles shows this fact to who holds them.
  fileprivate func show(_ fact: Organisation.Fact, to person: Organisation.Person) -> Bool {
    contains { reach, schools in
      switch reach {
      case .nothing, .heading: false
      case .own: fact.person == person
      case .ownAndMyActs: fact.person == person || fact.actor == person
      case .thoseICoach: fact.person.map { Organisation.isKnown($0, toCoach: person) } ?? false
      case .ownAndWhomIKnow:
        fact.person.map {
          $0 == person || Organisation.everCoaches.contains($0) || Organisation.isNamed($0, inConsentsOf: person)
        } ?? false
      case .ownAndHeld:
        fact.person == person || fact.copy.map { $0.holder == person && $0.state == "held" } ?? false
      case .ownAndOpened: fact.person == person || fact.isOpened(to: person)
      case .askedOfMe: fact.coach == person
      case .guided: fact.guide == person
      case .guidedOrFilmed: fact.guide == person || fact.coach == person
      case .askedOfMyStaff: !fact.isOwnWish && fact.isOfStaff(of: schools) { !$0.isOver }
      case .filmed: fact.coach == person
      case .keptByMe: Organisation.measuresToKeep(by: person).contains { $0.id == fact.key }
      case .astray: fact.copy.map { $0.isOverdue || $0.isStranded || $0.state == "lost" } ?? false
      case .changesOfCoach: fact["kind"] == "change_of_coach"
      case .mySchools: fact.school.map(schools.contains) ?? false
      case .myStaff: fact.isOfStaff(of: schools) { !$0.isOver }
      case .everMyStaff: fact.isOfStaff(of: schools) { _ in true }
      case .securityEvents: ["role_assignment", "api_token"].contains(fact.table)
      case .everything: true
      }
    }
  }
}

extension Organisation.Fact {
  /// The ids in the row that are no person's, nor the key by which the audit knows one.
  fileprivate var idsOfNobody: Set<String> {
    ids.subtracting(Organisation.Person.allCases.flatMap { [$0.id, $0.subjectKey] })
  }

  func isOfStaff(
    of schools: Set<Organisation.School>, where fits: (Organisation.Employment) -> Bool
  ) -> Bool {
    Organisation.employments.contains { $0.person == person && schools.contains($0.school) && fits($0) }
  }
}
