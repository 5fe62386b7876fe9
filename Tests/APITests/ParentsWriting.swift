import TestDatabase

private typealias Attempt = WritingTruth.Attempt
private typealias Fact = Organisation.Fact
private typealias Person = Organisation.Person
private typealias School = Organisation.School
private typealias Actor = Machine.Actor

/// Notices, objections, measures, promises and quarantines.
let parentsWriting: [WritingTruth] = noticeWriting + objectionWriting + measureWriting

extension Organisation.Person {
  /// Whether somebody answers for a school: its director or its administration.
  fileprivate func answers(for school: Organisation.School?) -> Bool {
    guard let school else { return false }
    return !Organisation.roles[self, default: []].isDisjoint(with: [.director(school), .schoolAdmin(school)])
  }

  fileprivate var answersForNone: Bool { !Organisation.School.allCases.contains(where: answers) }

  fileprivate func actors(to fact: Organisation.Fact) -> Set<Machine.Actor> {
    guard let school = fact.school else { return [] }
    let roles = Organisation.roles[self, default: []]
    return Set(
      [
        (Machine.Actor.director, roles.contains(.director(school))),
        (.schoolAdmin, roles.contains(.schoolAdmin(school))),
      ]
      .filter(\.1).map(\.0))
  }
}

private let noticeWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/schools/{id}/notices",
    attempts: School.allCases.map { school in
      Attempt(
        path: "/v1/schools/\(school.id)/notices",
        body: #"{"school_year":2031,"channel":"website","reference":"https://example.org"}"#,
        fact: Fact(table: "notice", key: "", school: school), makes: true)
    },
    director: .mySchools, schoolAdmin: .mySchools),
  WritingTruth(
    route: "POST /v1/schools/{id}/notices/proposals",
    attempts: School.allCases.map { school in
      Attempt(
        path: "/v1/schools/\(school.id)/notices/proposals", body: #"{"school_year":2030}"#,
        fact: Fact(table: "notice", key: "", school: school), makes: true, undo: "select 1")
    },
    director: .mySchools, schoolAdmin: .mySchools),
  WritingTruth(
    route: "PATCH /v1/notices/{id}",
    attempts: Organisation.facts(of: "notice").map { fact in
      Attempt(
        path: "/v1/notices/\(fact.key)", body: #"{"published_on":"\#(Organisation.date(-1))"}"#, fact: fact)
    },
    director: .mySchools, schoolAdmin: .mySchools),
  WritingTruth(
    route: "DELETE /v1/notices/{id}",
    attempts: Organisation.facts(of: "notice").map { fact in
      Attempt("/v1/notices/\(fact.key)", "", fact) {
        if !$0.answers(for: fact.school) { return .forbidden }
        return fact["published_on"] == "null" ? .done : .conflict("attested")
      }
    }),
]

private let objectionWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/objections",
    attempts: School.allCases.map { school in
      let body =
        #"{"school":"\#(school.id)","received_on":"\#(Organisation.date(-1))","pupil":"L-0412","group":"\#(group(of: school))","note":"Belt terug."}"#
      return Attempt("/v1/objections", body, Fact(table: "objection", key: "")) { person in
        person.answersForNone ? .forbidden : person.answers(for: school) ? .done : .invalid(["/school"])
      }
    }),
  WritingTruth(
    route: "PATCH /v1/objections/{id}",
    attempts: Organisation.facts(of: "objection").flatMap { fact in
      [
        Attempt("/v1/objections/\(fact.key)", #"{"received_on":"\#(Organisation.date(-30))"}"#, fact) {
          $0.answers(for: fact.school) ? .done : fact.refusal(to: $0)
        },
        Attempt("/v1/objections/\(fact.key)", #"{"group":"\#(group(of: fact.school ?? .first))"}"#, fact) {
          if !$0.answers(for: fact.school) { return fact.refusal(to: $0) }
          return fact["state"] == "ended" ? .conflict("objection_ended") : .done
        },
        Attempt("/v1/objections/\(fact.key)", #"{"pupil_left_on":"\#(Organisation.date(-1))"}"#, fact) {
          if !$0.answers(for: fact.school) { return fact.refusal(to: $0) }
          return fact["state"] == "ended" ? .done : .conflict("objection_not_ended")
        },
      ]
    }),
  WritingTruth.steps(
    .objection, at: "/v1/objections", to: ["measure_set", "ended"],
    body: { fact, state in
      state == "ended"
        ? #"{"to":"ended","reason":"withdrawn"}"# : #"{"to":"measure_set","kind":"other_group","covers_sound":false}"#
    },
    actors: { $1.actors(to: $0) }),
  schoolTexts("pupil", "pupil", #"{"reference":"L-0413"}"#),
  schoolTexts("objection_note", "note", #"{"text":"Belt terug."}"#),
]

/// A group of a school, of this school year or another.
private func group(of school: School) -> String { Organisation.id(4, school.rawValue) }

/// Texts of a school are written by whoever answers for it; who knows of the objection is refused.
private func schoolTexts(_ kind: String, _ tail: String, _ body: String) -> WritingTruth {
  WritingTruth(
    route: "PUT /v1/objections/{id}/\(tail)",
    attempts: Organisation.objections.map { objection in
      let fact = Organisation.fact(of: "objection", objection.number)
      return Attempt("/v1/objections/\(objection.id)/\(tail)", body, fact) { person in
        if person.answers(for: objection.school) { return objection.texts.contains(kind) ? .done : .stale }
        return objection.isReadable(kind, by: person) ? .forbidden : fact.refusal(to: person)
      }
    })
}

private let measureWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/objections/{id}/measures",
    attempts: Organisation.facts(of: "objection").map { fact in
      Attempt("/v1/objections/\(fact.key)/measures", #"{"kind":"other_group","covers_sound":true}"#, fact) {
        if !$0.answers(for: fact.school) { return fact.refusal(to: $0) }
        return fact["state"] == "ended" ? .conflict("objection_ended") : .done
      }
    }),
  WritingTruth.steps(.measure, at: "/v1/measures", to: ["ended"], actors: { $1.actors(to: $0) }),
  WritingTruth(route: "POST /v1/recordings/{id}/promises", attempts: promises),
  WritingTruth.steps(
    .promise, at: "/v1/promises", to: ["attested"],
    actors: { $0.coach == $1 && $1.isCoach ? [.coach] : [] },
    instead: { fact, _, person in
      // One is of a recording that is to come.
      fact.coach == person && fact.key == Organisation.promises[0].id ? .conflict("not_made") : nil
    }),
  WritingTruth.steps(
    .quarantine, at: "/v1/quarantines", to: ["released"],
    actors: { _, person in
      Set([(Actor.adviser, person.isAdviser), (.privacyOfficer, person.isPrivacyOfficer)].filter(\.1).map(\.0))
    }),
]

/// The coach promises what is to be kept in a recording of theirs, once.
private let promises: [Attempt] = Organisation.facts(of: "recording").flatMap { fact in
  Organisation.measures.filter { $0.number != 2 }.map { measure in
    Attempt("/v1/recordings/\(fact.key)/promises", #"{"measure":"\#(measure.id)"}"#, fact) { person in
      if !person.guides(fact) { return fact.refusal(to: person) }
      let recording = Organisation.recordings.first { $0.id == fact.key }
      let isToBeKept =
        measure.state == "in_force" && recording?.state == "planned" && recording?.group == measure.objection.group
        && recording?.group != nil
      let isPromised = Organisation.promises.contains { $0.recording.id == fact.key && $0.keeps == measure.number }
      if !isToBeKept && !isPromised { return .invalid(["/measure"]) }
      return isPromised ? .conflict("promised_already") : .done
    }
  }
}
