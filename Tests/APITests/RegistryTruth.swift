import TestDatabase

/// The lines of the registry's own resources: each speaks of the facts of one table.
let registryTruths: [RouteTruth] = Registry.all.flatMap { registry in
  [
    registry.truth("GET " + registry.collection, .facts(registry)),
    registry.truth("GET " + registry.path + "/{id}", .fact(registry)),
  ]
}

/// A kind of fact of the registry: where the API answers it, and whom it shows which of its rows.
struct Registry: Equatable {
  let table: String
  let path: String
  let collection: String
  private let teacher: RouteTruth.Reach
  private let coach: RouteTruth.Reach
  private let director: RouteTruth.Reach
  private let schoolAdmin: RouteTruth.Reach
  private let adviser: RouteTruth.Reach
  private let privacyOfficer: RouteTruth.Reach
  private let systemAdmin: RouteTruth.Reach

  /// - Parameter school: for the director as for the administration, of whom the former may be told less.
  private init(
    _ table: String, _ path: String, collection: String? = nil, teacher: RouteTruth.Reach = .nothing,
    coach: RouteTruth.Reach = .nothing, school: RouteTruth.Reach = .nothing, director: RouteTruth.Reach? = nil,
    adviser: RouteTruth.Reach = .everything, privacyOfficer: RouteTruth.Reach = .nothing,
    systemAdmin: RouteTruth.Reach = .nothing
  ) {
    self.table = table
    self.path = path
    self.collection = collection ?? path
    self.teacher = teacher
    self.coach = coach
    self.director = director ?? school
    schoolAdmin = school
    self.adviser = adviser
    self.privacyOfficer = privacyOfficer
    self.systemAdmin = systemAdmin
  }

  static let people = Registry(
    "person", "/v1/people", teacher: .own, coach: .thoseIFilm, school: .everMyStaff, systemAdmin: .everything)
  static let employments = Registry(
    "employment", "/v1/employments", teacher: .own, school: .mySchools, systemAdmin: .everything)
  static let absences = Registry("absence", "/v1/absences", teacher: .own, school: .myStaff)
  static let priorExperience = Registry("prior_experience", "/v1/prior-experience", teacher: .own, school: .myStaff)
  static let exemptions = Registry("exemption", "/v1/exemptions", teacher: .own, school: .myStaff)
  static let roleAssignments = Registry(
    "role_assignment", "/v1/role-assignments", teacher: .own, school: .mySchools, privacyOfficer: .everything,
    systemAdmin: .everything)
  static let groups = Registry(
    "school_group", "/v1/groups", collection: "/v1/schools/{id}/groups", teacher: .everything)
  static let policies = Registry("policy", "/v1/policies", teacher: .everything)

  static let imports = Registry(
    "import", "/v1/imports", school: .own, director: .nothing, adviser: .own, systemAdmin: .own)

  static let all: [Registry] = [
    .people, .employments, .absences, .priorExperience, .exemptions, .roleAssignments, .groups, .policies, .imports,
  ]

  fileprivate func truth(_ route: String, _ subject: RouteTruth.Subject) -> RouteTruth {
    RouteTruth(
      route: route, subject: subject, teacher: teacher, coach: coach, director: director, schoolAdmin: schoolAdmin,
      adviser: adviser, privacyOfficer: privacyOfficer, systemAdmin: systemAdmin)
  }
}

extension Registry {
  typealias Person = Organisation.Person
  typealias Fact = Organisation.Fact

  /// The list, or the lists where each school has one.
  func lists(at path: String, _ reaches: RouteTruth.Reaches, for person: Person) -> [Expectation] {
    let shown = facts.filter { reaches.show($0, to: person) }
    guard path.contains("{") else { return [expectation(path, "", shown, for: person)] }
    return Organisation.School.allCases.map { school in
      expectation(path, school.id, shown.filter { $0.school == school }, for: person)
    }
  }

  func each(at path: String, _ reaches: RouteTruth.Reaches, for person: Person) -> [Expectation] {
    facts.map { fact in
      reaches.show(fact, to: person)
        ? expectation(path, fact.key, [fact], for: person) : .there(path, fact.key, false, [])
    }
  }

  /// Whom somebody knows by name.
  static func known(to person: Person) -> Set<Person> {
    let truth = people.truth("", .facts(people))
    return Set(people.facts.filter { truth.reaches(of: person).show($0, to: person) }.compactMap(\.person))
  }

  /// Whether the API shows somebody this fact.
  static func shows(_ fact: Fact, to person: Person) -> Bool {
    guard let registry = all.first(where: { $0.table == fact.table }) else { return true }
    return registry.truth("", .fact(registry)).reaches(of: person).show(fact, to: person)
  }

  private var facts: [Fact] {
    table == "policy" ? [Fact(table: table, key: "1")] : Organisation.facts.filter { $0.table == table }
  }

  /// An answer with these facts: their ids, and the names of those whom the asker knows.
  private func expectation(_ path: String, _ id: String, _ facts: [Fact], for person: Person) -> Expectation {
    // An import is answered to its maker alone, and does not say whose it is.
    let named = table == "import" ? [] : facts.reduce(into: Set<Person>()) { $0.formUnion($1.people) }
    let ids = facts.reduce(into: Set(named.map(\.id))) { $0.formUnion($1.idsOfNobody) }
    return .there(path, id, true, ids, named: named.intersection(Self.known(to: person)))
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
      let isOfPerson = ["person", "registration"].contains(fact.table)
      ids.formUnion(isOfPerson ? [fact.person?.subjectKey ?? fact.key] : fact.idsOfNobody)
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
      case .thoseIFilm: Organisation.recordings.contains { $0.coach == person && $0.teacher == fact.person }
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
