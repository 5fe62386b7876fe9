import TestDatabase

/// Which rows a role shows, said of the organisation's own data: nothing here knows a policy.
enum VisibilityScope {
  case all
  /// Rows that concern oneself.
  case own
  /// Rows of the schools of one's role.
  case atMySchools
  /// Rows of people who work at those schools, or are about to.
  case ofMyStaff
  /// Rows of people who work there or ever did.
  case everOnMyStaff
  /// Rows of recordings that one films.
  case filmedByMe
  /// Rows of people whom one coaches or films, or is asked to coach.
  case ofThoseICoach
  /// Rows of whoever is or has been a coach.
  case ofCoaches
  /// Rows of the guidance that one gives now.
  case guidedByMe
  /// Requests of one's staff, but for own wishes.
  case askedOfMyStaff
  /// What one has in one's hands.
  case heldByMe
  /// Copies that are lost, overdue, or with somebody who coaches no more.
  case astray
  /// Changes of coach.
  case changesOfCoach
  /// What a live consent opens to one, and that consent.
  case openedToMe
  /// Rows of those who are named in a consent that one sees.
  case namedInMyConsents
  /// Measures that one has to keep in a recording.
  case keptByMe
  /// Rows that one wrote.
  case myActs
  /// Audit rows of these tables.
  case actsOn([String])
  /// These reports.
  case reports([String])

  func contains(_ fact: Organisation.Fact, for person: Organisation.Person, schools: Set<Organisation.School>) -> Bool {
    switch self {
    case .all: true
    case .own: fact.person == person
    case .atMySchools: fact.school.map(schools.contains) ?? false
    case .ofMyStaff: hasEmployment(fact.person, at: schools) { !$0.isOver }
    case .everOnMyStaff: hasEmployment(fact.person, at: schools) { _ in true }
    case .filmedByMe: fact.coach == person
    case .ofThoseICoach: fact.person.map { Organisation.isKnown($0, toCoach: person) } ?? false
    case .ofCoaches: fact.person.map(Organisation.everCoaches.contains) ?? false
    case .guidedByMe: fact.guide == person
    case .askedOfMyStaff: !fact.isOwnWish && hasEmployment(fact.person, at: schools) { !$0.isOver }
    case .heldByMe: fact.copy.map { $0.holder == person && $0.state == "held" } ?? false
    case .astray: fact.copy.map { $0.isOverdue || $0.isStranded || $0.state == "lost" } ?? false
    case .changesOfCoach: fact["kind"] == "change_of_coach"
    case .openedToMe: fact.isOpened(to: person)
    case .namedInMyConsents: fact.person.map { Organisation.isNamed($0, inConsentsOf: person) } ?? false
    case .keptByMe: Organisation.measuresToKeep(by: person).contains { $0.id == fact.key }
    case .myActs: fact.actor == person
    case .actsOn(let tables): tables.contains(fact.table)
    case .reports(let keys): keys.contains(fact.key)
    }
  }

  private func hasEmployment(
    _ person: Organisation.Person?, at schools: Set<Organisation.School>, where fits: (Organisation.Employment) -> Bool
  ) -> Bool {
    Organisation.employments.contains { $0.person == person && schools.contains($0.school) && fits($0) }
  }
}

extension Organisation.Role {
  var schools: Set<Organisation.School> {
    switch self {
    case .director(let school), .schoolAdmin(let school): [school]
    case .coach, .adviser, .privacyOfficer, .systemAdmin: []
    }
  }
}
