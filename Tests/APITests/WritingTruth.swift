import TestDatabase

/// One line of the matrix "who writes what", for a route and what is sent to it. Whatever is not named is refused: 403
/// to who sees it, 404 to who does not. Everybody has the rights of a teacher over their own data; several roles have
/// the union of what each may.
struct WritingTruth {
  /// As the server's own table of routes writes it.
  let route: String
  let attempts: [Attempt]
  var everybody = Right.nothing
  var director = Right.nothing
  var schoolAdmin = Right.nothing
  var adviser = Right.nothing
  var systemAdmin = Right.nothing
  /// SQL that makes what the organisation has not, before anybody asks.
  var arrangement = ""

  /// What of the facts a role may write.
  enum Right {
    case nothing, everything
    /// What concerns oneself, what one claimed oneself, and what concerns anybody else.
    case own, ownClaims, others
    /// Of the schools that one administers, and of the people who work there or are about to.
    case mySchools, myStaff
    /// Roles of these kinds, of anybody else.
    case roles(Set<String>)
  }

  /// One request, on one fact that is there or that it is to make.
  struct Attempt {
    let path: String
    let body: String
    let fact: Organisation.Fact
    /// Whether it makes the fact: then whom it names must be somebody whom the asker sees.
    var makes = false
    /// The role that it gives or changes.
    var role: String?
    /// Somebody else of whom it speaks.
    var second: Organisation.Person?
    /// SQL that undoes what the restoration of the fact does not.
    var undo: String?
    /// Where rights over facts do not say it all: what each is answered. Then all of the coaching is brought back.
    var verdicts: [Organisation.Person: Verdict]?
  }
}

extension WritingTruth {
  typealias Person = Organisation.Person
  typealias School = Organisation.School
  typealias Fact = Organisation.Fact

  var method: String { String(route.prefix { $0 != " " }) }

  /// The status of the answer when all is well.
  var success: Int {
    if method == "DELETE" { return route == "DELETE /v1/me/content" ? 200 : 204 }
    let acts = ["transitions", "merge", "roll-over", "invitations", "proposals", "dry-run"]
    let isAct = acts.contains { route.hasSuffix($0) }
    return method == "POST" && !isAct ? 201 : 200
  }

  /// What somebody is to be answered.
  func verdict(of attempt: Attempt, by person: Person) -> Verdict {
    if let verdicts = attempt.verdicts { return verdicts[person] ?? .absent }
    return switch status(of: attempt, by: person) {
    case success: .done
    case 404: .absent
    case 422: .invalid(["/" + (attempt.fact.table == "person" ? "employment" : "person")])
    default: .forbidden
    }
  }

  private func status(of attempt: Attempt, by person: Person) -> Int {
    let known = Registry.known(to: person)
    // A school enters nobody without a first employment there: the field is named to whoever may enter people at all.
    if route == "POST /v1/people", !attempt.body.contains("employment"), isSchoolAdmin(person) { return 422 }
    if attempt.makes {
      if let whom = attempt.fact.person, !known.contains(whom) { return 422 }
    } else {
      if !Registry.shows(attempt.fact, to: person) { return 404 }
      if let second = attempt.second, !known.contains(second) { return 404 }
    }
    return rights(of: person).contains { $0.allow(attempt, by: person, at: $1) } ? success : 403
  }

  private func isSchoolAdmin(_ person: Person) -> Bool {
    Organisation.roles[person, default: []].contains { if case .schoolAdmin = $0 { true } else { false } }
  }

  private func rights(of person: Person) -> [(Right, Set<School>)] {
    var rights: [(Right, Set<School>)] = [(everybody, [])]
    for role in Organisation.roles[person, default: []] {
      switch role {
      case .schoolAdmin(let school): rights.append((schoolAdmin, [school]))
      case .adviser: rights.append((adviser, []))
      case .systemAdmin: rights.append((systemAdmin, []))
      case .director(let school): rights.append((director, [school]))
      case .coach, .privacyOfficer: break
      }
    }
    return rights
  }
}

extension WritingTruth.Right {
  func allow(
    _ attempt: WritingTruth.Attempt, by person: Organisation.Person, at schools: Set<Organisation.School>
  ) -> Bool {
    let fact = attempt.fact
    return switch self {
    case .nothing: false
    case .everything: true
    case .own: fact.person == person
    case .ownClaims: fact.actor == person
    case .others: fact.person != person && attempt.second != person
    case .mySchools: fact.school.map(schools.contains) ?? false
    case .myStaff: fact.isOfStaff(of: schools) { !$0.isOver }
    case .roles(let roles): fact.person != person && attempt.role.map(roles.contains) ?? false
    }
  }
}
