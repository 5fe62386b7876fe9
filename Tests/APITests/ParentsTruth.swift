import Foundation
import TestDatabase

/// The routes of notices, objections and clearance that answer something else than the rows of a table.
let parentsTruths: [RouteTruth] = [
  RouteTruth(
    route: "GET /v1/objections/count", subject: .counts, adviser: .everything, privacyOfficer: .everything),
  RouteTruth(
    route: "GET /v1/objections/{id}/impact", subject: .impact, director: .mySchools, schoolAdmin: .mySchools),
  RouteTruth(
    route: "GET /v1/recordings/{id}/clearance", subject: .clearance, teacher: .own, coach: .guidedOrFilmed),
]

enum ParentsTruth {
  typealias Person = Organisation.Person
  typealias School = Organisation.School

  /// What waits for those who answer for a school, told from the facts by hand: notices that are missing, objections to
  /// answer, pupils to place, in the weeks before the holidays end also for the year to come.
  static func tasks(at school: School) -> Set<String> {
    let live = Organisation.objections.filter { $0.school == school && $0.state != "ended" }
    let waiting = live.filter {
      $0.state == "received" || $0.group == nil || isNextYearAtHand && $0.group == Organisation.id(4, 2)
    }
    return Set(waiting.map(\.id)).union(school == .second ? [school.id] : [])
  }

  /// From sixty days before the first of August on.
  private static var isNextYearAtHand: Bool {
    let today = Organisation.date(0).dropFirst(5)
    return today >= "06-02" && today < "08-01"
  }

  /// For the teacher and the coach; the measures that are to be kept in it the coach alone.
  static func clearances(at path: String, for person: Person) -> [Expectation] {
    Organisation.facts(of: "recording").map { fact in
      let filmed = person.isCoach && (fact.guide == person || fact.coach == person)
      let recording = Organisation.recordings.first { $0.id == fact.key }
      let kept = Organisation.measures.filter {
        filmed && $0.state == "in_force" && $0.objection.group != nil && $0.objection.group == recording?.group
      }
      let promises = Organisation.promises.filter { filmed && $0.recording.id == fact.key }
      return .there(
        path, fact.key, filmed || fact.person == person,
        Set([fact.key] + (kept + promises.map(\.measure)).flatMap { [$0.id, $0.objection.id] } + promises.map(\.id)))
    }
  }

  /// For those who answer for the school; which recordings are planned in the pupil's group, its administration is told.
  static func impacts(at path: String, for person: Person) -> [Expectation] {
    Organisation.objections.map { objection in
      let roles = Organisation.roles[person, default: []]
      return .there(
        path, objection.id,
        !roles.isDisjoint(with: [.schoolAdmin(objection.school), .director(objection.school)]),
        touched(by: objection.id, for: person))
    }
  }

  /// Groups in which recordings are planned that an objection touches: the pupil's or, where they are in none, all of the
  /// school's.
  static func touched(by objection: String, for person: Person) -> Set<String> {
    guard let objection = Organisation.objections.first(where: { $0.id == objection }), objection.state != "ended",
      Organisation.roles[person, default: []].contains(.schoolAdmin(objection.school))
    else { return [] }
    let isTouched = objection.group.map { $0 == Organisation.filmedGroup } ?? (objection.school == .first)
    return isTouched ? [Organisation.filmedGroup] : []
  }

  /// Every objection, for texts of a kind that objections have; nil for other kinds. A text says of which item it is.
  static func texts(_ kind: String, at path: String, for person: Person) -> [Expectation]? {
    guard ["pupil", "objection_note"].contains(kind) else { return nil }
    return Organisation.objections.map { .there(path, $0.id, $0.isReadable(kind, by: person), [$0.id]) }
  }
}
