import TestDatabase

/// One line of the matrix "who sees what", for a route. Whatever is not named is not there: 404 for a resource, nothing
/// in a list. Everybody is the teacher of their own data; several roles show the union.
struct RouteTruth {
  /// As the server's own table of routes writes it.
  let route: String
  let subject: Subject
  var teacher = Reach.nothing
  var coach = Reach.nothing
  var director = Reach.nothing
  var schoolAdmin = Reach.nothing
  var adviser = Reach.nothing
  var privacyOfficer = Reach.nothing
  var systemAdmin = Reach.nothing

  /// Whom or what a role shows.
  enum Reach {
    case nothing, own
    /// Whom one coaches or films; of names also who is offered to one.
    case thoseICoach
    /// Oneself, every coach, and who is named with one in a consent.
    case ownAndWhomIKnow
    /// One's own, and what is in one's hands, or is opened to one by a consent.
    case ownAndHeld, ownAndOpened
    /// What is asked of one as a coach; the guidance that one gives, and what one filmed.
    case askedOfMe, guided, guidedOrFilmed
    /// Requests of one's staff that are no own wishes.
    case askedOfMyStaff
    /// What one filmed or is to film; measures to keep in that.
    case filmed, keptByMe
    /// Copies that are lost, overdue, or with somebody who coaches no more; changes of coach.
    case astray, changesOfCoach
    /// Also what one did oneself.
    case ownAndMyActs
    /// Of the schools of the role: who teaches there or is about to, and who is still reckoned to them.
    case mySchools
    /// Of the people who work at the schools of the role, or are about to; and of those who ever did.
    case myStaff, everMyStaff
    /// That there is such a thing, and nothing of the people in it.
    case heading
    /// Changes of roles and tokens.
    case securityEvents
    case everything
  }

  /// What the route speaks of, and with that which ids its answers hold.
  enum Subject: Equatable {
    case operation, me, schools, school, overview, starters, explanation, figures, runs, run, runRows
    /// When reports are made, and who is told; the mails of a run.
    case schedules, schedule, deliveries
    /// What changed in a run, and what was said of it: of nobody, where nothing is an exception.
    case runChanges, runRemarks, noRemark
    /// The facts of a table of the registry: the list of them, or one by one.
    case facts(Registry), fact(Registry)
    case audit
    /// Numbers of the board, without anybody in them.
    case numbers
    case tasks, recipients, counts, visibility, export, suggestedCoaches, plannedRecordings, clearance, impact
    /// Texts of this kind.
    case texts(String)
    /// What is had by a secret in the address alone.
    case secret
  }
}

let routeTruths: [RouteTruth] =
  [
    RouteTruth(route: "GET /health/live", subject: .operation),
    RouteTruth(route: "GET /health/ready", subject: .operation),
    RouteTruth(route: "GET /metrics", subject: .operation),
    RouteTruth(route: "GET /openapi.json", subject: .operation),
    RouteTruth(route: "GET /docs", subject: .operation),
    RouteTruth(route: "GET /v1/me", subject: .me, teacher: .own),
    RouteTruth(route: "GET /v1/schools", subject: .schools, teacher: .everything),
    RouteTruth(route: "GET /v1/schools/{id}", subject: .school, teacher: .everything),
    RouteTruth(
      route: "GET /v1/schools/{id}/overview", subject: .overview, director: .mySchools, schoolAdmin: .mySchools,
      adviser: .everything),
    RouteTruth(
      route: "GET /v1/starters", subject: .starters, teacher: .own, coach: .thoseICoach, director: .mySchools,
      schoolAdmin: .mySchools, adviser: .everything),
    RouteTruth(
      route: "GET /v1/starters/{person}/explanation", subject: .explanation, teacher: .own, director: .mySchools,
      adviser: .everything),
    RouteTruth(
      route: "GET /v1/coverage", subject: .figures, director: .mySchools, schoolAdmin: .mySchools, adviser: .everything),
    RouteTruth(
      route: "GET /v1/report-runs", subject: .runs, director: .heading, adviser: .everything, systemAdmin: .heading),
    RouteTruth(
      route: "GET /v1/report-runs/{id}", subject: .run, director: .heading, adviser: .everything, systemAdmin: .heading),
    RouteTruth(
      route: "GET /v1/report-runs/{id}/rows", subject: .runRows, director: .mySchools, adviser: .everything,
      systemAdmin: .heading),
    RouteTruth(
      route: "GET /v1/report-runs/{id}/diff", subject: .runChanges, director: .heading, adviser: .everything,
      systemAdmin: .heading),
    RouteTruth(
      route: "GET /v1/report-runs/{id}/acknowledgements", subject: .runRemarks, director: .heading,
      adviser: .everything, systemAdmin: .heading),
    RouteTruth(route: "GET /v1/report-acknowledgements/{id}", subject: .noRemark),
    RouteTruth(route: "GET /v1/reports", subject: .numbers, teacher: .everything),
    RouteTruth(
      route: "GET /v1/report-schedules", subject: .schedules, director: .heading, adviser: .everything,
      systemAdmin: .everything),
    RouteTruth(
      route: "GET /v1/report-schedules/{id}", subject: .schedule, director: .heading, adviser: .everything,
      systemAdmin: .everything),
    RouteTruth(
      route: "GET /v1/report-runs/{id}/deliveries", subject: .deliveries, director: .heading, adviser: .everything,
      systemAdmin: .everything),
    RouteTruth(route: "GET /v1/report-deliveries/{id}/subscription", subject: .secret),
    RouteTruth(
      route: "GET /v1/audit", subject: .audit, teacher: .ownAndMyActs, privacyOfficer: .everything,
      systemAdmin: .securityEvents),
  ] + registryTruths + calendarTruths + parentsTruths + coachingTruths + figureTruths

/// One address to ask, and what somebody is to be answered.
struct Expectation {
  let path: String
  let status: Int
  /// Ids of people, schools, recordings and runs in the answer: these and no others.
  var ids: Set<String> = []
  /// Whose names are in the answer; nil: of nobody whose id is not.
  var named: Set<Organisation.Person>?
}

extension RouteTruth {
  typealias Person = Organisation.Person
  typealias School = Organisation.School

  /// Every address of this route that names something of the organisation, as `person` is to see it.
  func expectations(for person: Person) -> [Expectation] {
    let path = String(route.split(separator: " ")[1])
    let reaches = reaches(of: person)
    let people = reaches.reduce(into: Set<Person>()) { $0.formUnion(starters(within: $1.0, $1.1, of: person)) }
    let schools = reaches.reduce(into: Set<School>()) { $0.formUnion(Self.schools(within: $1.0, $1.1)) }
    let isThere = reaches.contains { $0.0 != .nothing }
    let attributed = Set(people.compactMap { Organisation.attribution[$0]?.id })
    let ids = Set(people.map(\.id))
    let run: Set = [Organisation.reportRunID]

    switch subject {
    case .facts(let registry): return registry.lists(at: path, reaches, for: person)
    case .fact(let registry): return registry.each(at: path, reaches, for: person)
    case .audit: return [AuditTruth.expectation(at: path, reaches, for: person)]
    case .tasks: return [CoachingTruth.tasks(at: path, for: person)]
    case .recipients: return [CoachingTruth.recipients(at: path, for: person)]
    case .counts, .numbers: return [Expectation(path: path, status: isThere ? 200 : 404)]
    case .clearance: return ParentsTruth.clearances(at: path, for: person)
    case .impact: return ParentsTruth.impacts(at: path, for: person)
    case .visibility: return [CoachingTruth.visibility(at: path, for: person)]
    case .export: return [CoachingTruth.export(at: path, for: person)]
    case .suggestedCoaches: return CoachingTruth.suggestedCoaches(at: path, for: person)
    case .plannedRecordings:
      return School.allCases.map {
        .there(path, $0.id, schools.contains($0), $0 == .first ? [Organisation.filmedGroup] : [])
      }
    case .texts(let kind): return CoachingTruth.texts(kind, at: path, for: person)
    case .overview:
      return School.allCases.map { .there(path, $0.id, schools.contains($0), [$0.id]) }
    case .secret:
      return Person.allCases.map { .there(path, $0.id, false, []) }
    case .operation:
      return [Expectation(path: path, status: 200)]
    case .me:
      let own = Organisation.roles[person, default: []].reduce(into: Set<School>()) { $0.formUnion($1.schools) }
      return [Expectation(path: path, status: 200, ids: Set(own.map(\.id)).union([person.id]))]
    case .schools:
      return [Expectation(path: path, status: 200, ids: Set(schools.map(\.id)))]
    case .school:
      return School.allCases.map { .there(path, $0.id, schools.contains($0), [$0.id]) }
    case .starters:
      return [Expectation(path: path, status: 200, ids: ids.union(attributed))]
    case .explanation:
      return Person.allCases.map { .there(path, $0.id, people.contains($0), Self.recordings(of: $0, for: person)) }
    case .figures:
      return ["", "?group_by=cohort"].map { Expectation(path: path + $0, status: isThere ? 200 : 404) }
        + [.there(path + "?group_by=school", "", isThere, Set(schools.map(\.id)))]
    case .schedules, .schedule:
      let isWhole = reaches.contains { $0.0 == .everything }
      let shown: Set = [Organisation.reportScheduleID]
      let all = isWhole ? shown.union([School.first.id]) : shown
      return subject == .schedules
        ? [Expectation(path: path, status: 200, ids: isThere ? all : [])]
        : [.there(path, Organisation.reportScheduleID, isThere, all)]
    case .deliveries:
      let mails = Organisation.deliveryFacts.reduce(into: Set<String>()) { $0.formUnion($1.ids) }
      let isWhole = reaches.contains { $0.0 == .everything }
      return [.there(path, Organisation.reportRunID, isThere, isWhole ? mails : [])]
    case .runs:
      return [Expectation(path: path, status: 200, ids: isThere ? run : [])]
    case .run:
      return [.there(path, Organisation.reportRunID, isThere, run)]
    case .runChanges:
      return [.there(path, Organisation.reportRunID, isThere, run)]
    case .noRemark:
      return [.there(path, Organisation.reportRunID, false, [])]
    case .runRemarks:
      return [.there(path, Organisation.reportRunID, isThere, [])]
    case .runRows:
      return [
        .there(path, Organisation.reportRunID, isThere, ids.union(attributed).union(run).union(schools.map(\.id)))
      ]
    }
  }

  typealias Reaches = [(reach: Reach, schools: Set<School>)]

  func reaches(of person: Person) -> Reaches {
    var reaches: Reaches = [(teacher, [])]
    for role in Organisation.roles[person, default: []] {
      switch role {
      case .coach: reaches.append((coach, []))
      case .director(let school): reaches.append((director, [school]))
      case .schoolAdmin(let school): reaches.append((schoolAdmin, [school]))
      case .adviser: reaches.append((adviser, []))
      case .privacyOfficer: reaches.append((privacyOfficer, []))
      case .systemAdmin: reaches.append((systemAdmin, []))
      }
    }
    return reaches
  }

  private func starters(within reach: Reach, _ schools: Set<School>, of person: Person) -> Set<Person> {
    let teachers = Set(Organisation.attribution.keys)
    switch reach {
    case .own, .ownAndMyActs: return teachers.intersection([person])
    case .thoseICoach: return teachers.filter { Organisation.isCoached($0, by: person) }
    case .everything: return teachers
    case .mySchools:
      let reckoned = teachers.filter { schools.contains(Organisation.attribution[$0]!) }
      // A stored run was divided by attribution alone.
      guard subject != .runRows else { return reckoned }
      let working = Organisation.employments.filter { schools.contains($0.school) && $0.job == "teacher" && !$0.isOver }
      return reckoned.union(working.map(\.person))
    default: return []
    }
  }

  private static func schools(within reach: Reach, _ schools: Set<School>) -> Set<School> {
    switch reach {
    case .mySchools, .myStaff, .everMyStaff: schools
    case .everything: Set(School.allCases)
    default: []
    }
  }

  /// The teacher is shown every recording of theirs; whoever else may ask, those that are not private.
  private static func recordings(of teacher: Person, for person: Person) -> Set<String> {
    Set(Organisation.recordings.filter { $0.teacher == teacher && (!$0.isPrivate || teacher == person) }.map(\.id))
  }
}

extension Expectation {
  /// - Parameter id: put in the place of the variable part.
  static func there(
    _ path: String, _ id: String, _ isThere: Bool, _ ids: Set<String>, named: Set<Organisation.Person>? = nil
  ) -> Expectation {
    let pattern = path.split(separator: "/").map { $0.hasPrefix("{") ? id : String($0) }
    return Expectation(
      path: "/" + pattern.joined(separator: "/"), status: isThere ? 200 : 404, ids: isThere ? ids : [],
      named: isThere ? named : nil)
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
