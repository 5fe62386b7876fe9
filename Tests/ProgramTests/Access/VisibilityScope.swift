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
  /// Rows of people whom one films.
  case ofThoseIFilm
  /// Rows that one wrote.
  case myActs
  /// Audit rows of these tables.
  case actsOn([String])

  func contains(_ fact: Organisation.Fact, for person: Organisation.Person, schools: Set<Organisation.School>) -> Bool {
    switch self {
    case .all: true
    case .own: fact.person == person
    case .atMySchools: fact.school.map(schools.contains) ?? false
    case .ofMyStaff: hasEmployment(fact.person, at: schools) { !$0.isOver }
    case .everOnMyStaff: hasEmployment(fact.person, at: schools) { _ in true }
    case .filmedByMe: fact.coach == person
    case .ofThoseIFilm: Organisation.recordings.contains { $0.coach == person && $0.teacher == fact.person }
    case .myActs: fact.actor == person
    case .actsOn(let tables): tables.contains(fact.table)
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
