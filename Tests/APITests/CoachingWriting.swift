import Foundation
import TestDatabase

/// Who writes what of the coaching, and how whoever does not is refused. Steps follow the machines as the product's
/// description has them; what stands in the way beside them is said case by case.
let coachingWriting: [WritingTruth] =
  requestWriting + coachWriting + guidanceWriting + recordingWriting + custodyWriting + parentsWriting

extension WritingTruth.Attempt {
  /// An attempt, and what each is answered.
  init(_ path: String, _ body: String, _ fact: Organisation.Fact, _ verdict: (Organisation.Person) -> Verdict) {
    self.init(
      path: path, body: body, fact: fact,
      verdicts: Dictionary(uniqueKeysWithValues: Organisation.Person.allCases.map { ($0, verdict($0)) }))
  }
}

extension WritingTruth {
  /// Attempts to bring every row of a table to each state.
  /// - Parameters:
  ///   - actors: what somebody is to a row.
  ///   - instead: another answer than the machine's, where something else stands in the way.
  static func steps(
    _ machine: Machine, at path: String, to states: [String],
    body: (Fact, String) -> String = { #"{"to":"\#($1)"}"# }, actors: (Fact, Person) -> Set<Machine.Actor>,
    instead: (Fact, String, Person) -> Verdict? = { _, _, _ in nil }
  ) -> WritingTruth {
    WritingTruth(
      route: "POST \(path)/{id}/transitions",
      attempts: Organisation.facts(of: machine.name).flatMap { fact in
        states.map { state in
          Attempt("\(path)/\(fact.key)/transitions", body(fact, state), fact) { person in
            let actors = actors(fact, person)
            guard Registry.shows(fact, to: person) else { return .absent }
            if let verdict = instead(fact, state, person) { return verdict }
            guard machine.isTheirs(state, actors) else { return .forbidden }
            let allowed = machine.allowed(from: fact["state"] ?? "", to: actors)
            return allowed.contains(state) ? .done : .notNow(allowed)
          }
        }
      })
  }

  /// A text is written by its teacher, where there is something to write about, and `If-Match` asks for one that is
  /// there.
  static func texts(
    _ kind: String, of table: String, at path: String, _ tail: String, _ body: String
  ) -> WritingTruth {
    WritingTruth(
      route: "PUT \(path)/{id}/\(tail)",
      attempts: Organisation.facts(of: table).map { fact in
        Attempt("\(path)/\(fact.key)/\(tail)", body, fact) { person in
          guard fact.person == person else {
            return Organisation.isOpened(kind, fact.key, to: person) ? .forbidden : fact.refusal(to: person)
          }
          if kind == "reflection", !["made", "debriefed", "waived"].contains(fact["state"]) {
            return .conflict("nothing_filmed")
          }
          return Organisation.texts.contains { $0.kind == kind && $0.item == fact.key } ? .done : .stale
        }
      })
  }
}

extension Organisation {
  static func facts(of table: String) -> [Fact] { facts.filter { $0.table == table } }

  /// The fact of a table with this number.
  static func fact(of table: String, _ number: Int) -> Fact {
    facts(of: table).first { $0.key.hasSuffix(String(format: "-%012d", number)) }!
  }

  /// A day, counted from today.
  static func date(_ offset: Int) -> String {
    Date(timeIntervalSinceNow: Double(offset) * 86_400).formatted(.iso8601.year().month().day())
  }
}

extension Organisation.Fact {
  /// What somebody is told who may not: that they may not where they see it, else nothing.
  func refusal(to person: Organisation.Person) -> Verdict { Registry.shows(self, to: person) ? .forbidden : .absent }
}

extension Organisation.Person {
  private var roles: Set<Organisation.Role> { Organisation.roles[self, default: []] }

  var isCoach: Bool { roles.contains(.coach) }
  var isAdviser: Bool { roles.contains(.adviser) }
  var isPrivacyOfficer: Bool { roles.contains(.privacyOfficer) }
  var isDirector: Bool { !directed.isEmpty }

  /// Whether somebody is director of a school where a person works, or is about to.
  func directs(_ person: Organisation.Person?) -> Bool {
    Organisation.employments.contains { $0.person == person && directed.contains($0.school) && !$0.isOver }
  }

  var directed: [Organisation.School] {
    roles.compactMap { if case .director(let school) = $0 { school } else { nil } }
  }

  var teaches: Bool {
    Organisation.employments.contains { $0.person == self && $0.job == "teacher" && !$0.isOver }
  }

  /// Whether somebody coaches there today; in the history from before, whoever films.
  func guides(_ fact: Organisation.Fact) -> Bool { isCoach && (fact.guide ?? fact.coach) == self }

  /// What somebody is to guidance and to what belongs to it.
  func part(in fact: Organisation.Fact) -> Set<Machine.Actor> {
    Set(
      [
        (Machine.Actor.teacher, fact.person == self), (.coach, guides(fact)), (.adviser, isAdviser),
      ].filter(\.1).map(\.0))
  }
}
