import Foundation
import TestDatabase

/// Who writes what of the coaching, and how whoever does not is refused. Steps follow the machines as the product's
/// description has them; what stands in the way beside them is said here case by case.
let coachingWriting: [WritingTruth] = requestWriting + coachWriting + trajectoryWriting + recordingWriting + custodyWriting

private typealias Attempt = WritingTruth.Attempt
private typealias Fact = Organisation.Fact
private typealias Person = Organisation.Person
private typealias Actor = Machine.Actor

private func facts(_ table: String) -> [Fact] { Organisation.facts.filter { $0.table == table } }

/// The fact of a table with this number.
private func fact(_ table: String, _ number: Int) -> Fact {
  facts(table).first { $0.key.hasSuffix(String(format: "-%012d", number)) }!
}

private func isCoach(_ person: Person) -> Bool { Organisation.roles[person, default: []].contains(.coach) }
private func isAdviser(_ person: Person) -> Bool { Organisation.roles[person, default: []].contains(.adviser) }
private func isPrivacyOfficer(_ person: Person) -> Bool {
  Organisation.roles[person, default: []].contains(.privacyOfficer)
}

/// Whether somebody is director of a school where a person works, or is about to.
private func directs(_ person: Person, _ other: Person?) -> Bool {
  Organisation.roles[person, default: []].contains { role in
    if case .director(let school) = role {
      Organisation.employments.contains { $0.person == other && $0.school == school && !$0.isOver }
    } else {
      false
    }
  }
}

private func isDirector(_ person: Person) -> Bool {
  Organisation.roles[person, default: []].contains { if case .director = $0 { true } else { false } }
}

private func teaches(_ person: Person) -> Bool {
  Organisation.employments.contains { $0.person == person && $0.job == "teacher" && !$0.isOver }
}

/// The day, counted from today, and the same at half past nine.
private func day(_ offset: Int) -> String {
  Date(timeIntervalSinceNow: Double(offset) * 86_400).formatted(.iso8601.year().month().day())
}

private func instant(_ offset: Int) -> String { day(offset) + "T09:30:00Z" }

/// An attempt, and what each is answered.
private func attempt(
  _ path: String, _ body: String, _ fact: Fact, _ verdict: (Person) -> Verdict
) -> Attempt {
  let verdicts = Person.allCases.map { ($0, verdict($0)) }
  return Attempt(path: path, body: body, fact: fact, verdicts: Dictionary(uniqueKeysWithValues: verdicts))
}

/// What somebody is told who may not: that they may not where they see it, else nothing.
private func refusal(of fact: Fact, to person: Person) -> Verdict {
  Registry.shows(fact, to: person) ? .forbidden : .absent
}

/// Attempts to bring every row of a table to each state.
/// - Parameters:
///   - actors: what somebody is to a row.
///   - instead: another answer than the machine's, where something else stands in the way.
private func steps(
  _ machine: Machine, at path: String, to states: [String], body: (Fact, String) -> String = { #"{"to":"\#($1)"}"# },
  actors: (Fact, Person) -> Set<Actor>, instead: (Fact, String, Person) -> Verdict? = { _, _, _ in nil }
) -> WritingTruth {
  WritingTruth(
    route: "POST \(path)/{id}/transitions",
    attempts: facts(machine.name).flatMap { fact in
      states.map { state in
        attempt("\(path)/\(fact.key)/transitions", body(fact, state), fact) { person in
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

private let question = #""aim":"personal","subject":"interaction","learning_question":"Hoe?""#

private let requestWriting: [WritingTruth] = [
  WritingTruth(route: "POST /v1/requests", attempts: [ownWish] + referrals + invitations),
  WritingTruth(
    route: "POST /v1/requests/invitations",
    attempts: invited.map { teacher in
      attempt("/v1/requests/invitations", #"{"teachers":["\#(teacher.id)"]}"#, fact("person", teacher.number)) {
        mayInvite($0, teacher, pointer: "/teachers/0")
      }
    }),
  requestSteps,
  texts("learning_question", of: "request", at: "/v1/requests", "learning-question", #"{"text":"Hoe?"}"#),
]

/// Who teaches asks, and once at a time.
private let ownWish = attempt(
  "/v1/requests", #"{"origin":"own_wish",\#(question)}"#, Fact(table: "request", key: "")
) { person in
  let isOpen = Organisation.requests.contains {
    $0.isOwnWish && $0.teacher == person && ["submitted", "offered", "assigned"].contains($0.state)
  }
  return !teaches(person) ? .forbidden : isOpen ? .conflict("open_request") : .done
}

/// Of every kind that a director or an adviser tells apart somebody.
private let invited: [Person] = [
  .teacher, .colleague, .newcomer, .alumnus, .mover, .twoSchools, .teacherElsewhere, .teacherFarAway, .support,
]

private let referrals = invited.map { teacher in
  attempt(
    "/v1/requests",
    #"{"origin":"appraisal","teacher":"\#(teacher.id)","talk_on":"\#(day(-3))","talk_kind":"progress"}"#,
    Fact(table: "request", key: "")
  ) { mayInviteOnce($0, teacher) }
}

private let invitations = invited.map { teacher in
  attempt(
    "/v1/requests", #"{"origin":"starter_programme","teacher":"\#(teacher.id)"}"#, Fact(table: "request", key: "")
  ) { mayInviteOnce($0, teacher) }
}

/// A director invites the teachers of their schools, an adviser those of the board. What is running already, a director
/// is not told by any refusal.
private func mayInvite(_ person: Person, _ teacher: Person, pointer: String = "/teacher") -> Verdict {
  if !isAdviser(person) && !isDirector(person) { return .forbidden }
  return teaches(teacher) && (isAdviser(person) || directs(person, teacher)) ? .done : .invalid([pointer])
}

private func mayInviteOnce(_ person: Person, _ teacher: Person) -> Verdict {
  let verdict = mayInvite(person, teacher)
  let hasInvited = Organisation.requests.contains {
    $0.maker == person && $0.teacher == teacher && $0.state == "invited"
  }
  return verdict == .done && hasInvited ? .conflict("invited_already") : verdict
}

private let requestSteps = steps(
  .request, at: "/v1/requests", to: ["submitted", "offered", "assigned", "declined", "withdrawn"],
  body: { fact, state in
    switch state {
    case "submitted" where fact["state"] == "invited": #"{"to":"submitted",\#(question)}"#
    case "offered": #"{"to":"offered","coach":"\#(Person.coach.id)"}"#
    default: #"{"to":"\#(state)"}"#
    }
  },
  actors: { fact, person in
    let isDirector = !fact.isOwnWish && directs(person, fact.person)
    return Set(
      [
        (Actor.teacher, fact.person == person), (.coach, fact.coach == person && isCoach(person)),
        (.director, isDirector), (.adviser, isAdviser(person)),
        (.maker, fact["made_by"] == person.id && !fact.isOwnWish && (isDirector || isAdviser(person))),
      ].filter(\.1).map(\.0))
  },
  instead: { fact, state, person in
    // The text comes first, and is its teacher's to write.
    if state == "submitted", fact["state"] == "invited", fact.person != person { return .forbidden }
    if state == "submitted", fact.key == Organisation.requests[15].id, fact.person == person {
      return .conflict("open_request")
    }
    // Who declines what was offered is asked no longer.
    if state == "submitted", fact["state"] == "offered", fact.coach == person { return .doneOutOfSight }
    return nil
  })

/// A text is written by its teacher, where there is something to write about, and `If-Match` asks for one that is there.
private func texts(_ kind: String, of table: String, at path: String, _ tail: String, _ body: String) -> WritingTruth {
  WritingTruth(
    route: "PUT \(path)/{id}/\(tail)",
    attempts: facts(table).map { fact in
      attempt("\(path)/\(fact.key)/\(tail)", body, fact) { person in
        guard fact.person == person else {
          return Organisation.isOpened(kind, fact.key, to: person) ? .forbidden : refusal(of: fact, to: person)
        }
        if kind == "reflection", !["made", "debriefed", "waived"].contains(fact["state"]) {
          return .conflict("nothing_filmed")
        }
        return Organisation.texts.contains { $0.kind == kind && $0.item == fact.key } ? .done : .stale
      }
    })
}

private let coachWriting: [WritingTruth] = [
  WritingTruth(
    route: "PATCH /v1/coaches/{id}",
    attempts: facts("coach").map { fact in
      attempt("/v1/coaches/\(fact.key)", #"{"capacity":12}"#, fact) { person in
        let isOfToday = fact.person.map(isCoach) ?? false
        if !mayManage(fact, person) { return isOfToday ? .forbidden : .absent }
        return isOfToday ? .done : .doneOutOfSight
      }
    }),
  WritingTruth(
    route: "POST /v1/coaches/{id}/unavailability",
    attempts: facts("coach").map { fact in
      attempt(
        "/v1/coaches/\(fact.key)/unavailability", #"{"from":"\#(day(300))","until":"\#(day(301))"}"#, fact
      ) { person in
        mayManage(fact, person) ? .done : fact.person.map(isCoach) ?? false ? .forbidden : .absent
      }
    }),
  WritingTruth(
    route: "POST /v1/coaches/{id}/calendar",
    attempts: facts("coach").map { fact in
      attempt("/v1/coaches/\(fact.key)/calendar", "", fact) { ownCalendar(fact, $0) }
    }),
  WritingTruth(
    route: "DELETE /v1/coaches/{id}/calendar",
    attempts: facts("coach").map { fact in
      attempt("/v1/coaches/\(fact.key)/calendar", "", fact) { ownCalendar(fact, $0) }
    }),
  WritingTruth(
    route: "PATCH /v1/unavailability/{id}", attempts: unavailability(#"{"until":"\#(day(205))"}"#)),
  WritingTruth(route: "DELETE /v1/unavailability/{id}", attempts: unavailability("")),
]

/// A coach of today manages their own, the adviser everybody's.
private func mayManage(_ fact: Fact, _ person: Person) -> Bool {
  isAdviser(person) || fact.person == person && isCoach(person)
}

/// A calendar is its coach's alone.
private func ownCalendar(_ fact: Fact, _ person: Person) -> Verdict {
  guard fact.person.map(isCoach) ?? false else { return .absent }
  return fact.person == person ? .done : .forbidden
}

private func unavailability(_ body: String) -> [Attempt] {
  facts("coach_unavailability").map { fact in
    attempt("/v1/unavailability/\(fact.key)", body, fact) { mayManage(fact, $0) ? .done : .absent }
  }
}

private func guidanceActors(_ fact: Fact, _ person: Person) -> Set<Actor> {
  Set(
    [
      (Actor.teacher, fact.person == person), (.coach, isGuide(of: fact, person)), (.adviser, isAdviser(person)),
    ].filter(\.1).map(\.0))
}

/// Whether somebody coaches there today; in the history from before, whoever films.
private func isGuide(of fact: Fact, _ person: Person) -> Bool {
  isCoach(person) && (fact.guide ?? fact.coach) == person
}

private let trajectoryWriting: [WritingTruth] = [
  steps(
    .trajectory, at: "/v1/trajectories", to: ["open", "paused", "closing"],
    body: { #"{"to":"\#($1)","reason":"other"}"# }, actors: guidanceActors,
    instead: { fact, state, person in
      // Recordings of both open ones are not talked over.
      isGuide(of: fact, person) && state == "closing" && fact["state"] == "open"
        ? .conflict("recordings_unfinished") : nil
    }),
  WritingTruth(route: "POST /v1/trajectories/{id}/agreements", attempts: proposals),
  steps(
    .agreement, at: "/v1/agreements", to: ["agreed", "declined"],
    actors: { fact, person in
      let isTeacher = fact.person == person
      let decides = fact["proposed_as"] == "teacher" ? isGuide(of: fact, person) : isTeacher
      return Set(
        [
          (Actor.teacher, isTeacher), (.coach, isGuide(of: fact, person)), (.counterpart, decides),
          (.adviser, isAdviser(person) && fact["kind"] == "change_of_coach"),
        ].filter(\.1).map(\.0))
    },
    instead: { fact, state, person in
      fact["kind"] == "change_of_coach" && state == "agreed" && fact.person == person ? .conflict("copies_first") : nil
    }),
  WritingTruth(
    route: "POST /v1/trajectories/{id}/follow-ups",
    attempts: facts("trajectory").map { fact in
      attempt("/v1/trajectories/\(fact.key)/follow-ups", #"{"talk_on":"\#(day(7))"}"#, fact) {
        byBoth(fact, $0) { $0 == "open" ? .done : .conflict("trajectory_not_open") }
      }
    }),
  WritingTruth(
    route: "DELETE /v1/follow-ups/{id}",
    attempts: facts("follow_up").map { fact in
      attempt("/v1/follow-ups/\(fact.key)", "", fact) { byBoth(fact, $0) { _ in .done } }
    }),
  WritingTruth(
    route: "POST /v1/storyboards",
    attempts: facts("trajectory").map { fact in
      attempt("/v1/storyboards", #"{"trajectory":"\#(fact.key)"}"#, fact) {
        fact.person == $0 ? .done : .invalid(["/trajectory"])
      }
    }),
  steps(
    .storyboard, at: "/v1/storyboards", to: ["presented"],
    body: { #"{"to":"\#($1)","presented_orally_on":"\#(day(-2))"}"# },
    actors: { $0.person == $1 ? [.teacher] : [] }),
  texts(
    "storyboard", of: "storyboard", at: "/v1/storyboards", "text",
    #"{"strengths":"Rust.","development_points":"Wachten."}"#),
  WritingTruth(
    route: "POST /v1/consents",
    attempts: Organisation.texts.filter { $0.kind != "storyboard" }.map { text in
      let body =
        #"{"recipient":"\#(Person.directorAndCoach.id)","item_kind":"\#(text.kind)","item":"\#(text.item)","purpose":"guidance","until":"\#(day(30))"}"#
      return attempt("/v1/consents", body, Fact(table: "consent", key: "")) { person in
        if person == .directorAndCoach { return .invalid(["/item"]) }
        return text.teacher == person ? .done : .invalid(["/item"])
      }
    }),
  steps(.consent, at: "/v1/consents", to: ["withdrawn"], actors: { $0.person == $1 ? [.teacher] : [] }),
  WritingTruth(
    route: "DELETE /v1/me/content",
    attempts: [attempt("/v1/me/content", "", Fact(table: "content", key: "")) { _ in .done }]),
]

/// What the teacher and the coach may both do, in the state that the guidance is in.
private func byBoth(_ fact: Fact, _ person: Person, _ verdict: (String) -> Verdict) -> Verdict {
  guard fact.person == person || isGuide(of: fact, person) else { return refusal(of: fact, to: person) }
  return verdict(fact["state"] ?? "")
}

private let proposals: [Attempt] = [
  // Up to four recordings: where the guidance is open.
  (1, #""kind":"extension","recordings":4"#, nil, [:]), (2, #""kind":"extension","recordings":4"#, nil, [:]),
  (3, #""kind":"extension","recordings":4"#, .conflict("trajectory_not_open"), [:]),
  (4, #""kind":"extension","recordings":4"#, nil, [:]),
  (5, #""kind":"extension","recordings":4"#, .conflict("trajectory_not_open"), [:]),
  (6, #""kind":"extension","recordings":4"#, .conflict("trajectory_not_open"), [:]),
  (1, #""kind":"extension","recordings":2"#, .invalid(["/recordings"]), [:]),
  // A debrief: of what was made and is not talked over, and once.
  (1, debrief(5), .conflict("proposed_already"), [:]), (1, debrief(6), .conflict("not_made"), [:]),
  (1, debrief(9), .invalid(["/recording"]), [:]), (4, debrief(9), nil, [:]), (3, debrief(8), .conflict("not_made"), [:]),
  // Keeping a copy, which only the teacher renews.
  (1, keeping(3), nil, [:]), (1, keeping(1), .conflict("not_held"), [:]), (1, keeping(6), .invalid(["/copy"]), [:]),
  (3, keeping(4), .conflict("proposed_already"), [:]), (3, keeping(5), .conflict("not_held"), [:]),
  (4, keeping(6), nil, [:]), (6, keeping(8), nil, [.coach: .forbidden]),
].map { (number: Int, body: String, verdict: Verdict?, others: [Person: Verdict]) in
  let trajectory = fact("trajectory", number)
  return attempt("/v1/trajectories/\(trajectory.key)/agreements", "{\(body)}", trajectory) { person in
    others[person] ?? byBoth(trajectory, person) { _ in verdict ?? .done }
  }
} + changesOfCoach

private func debrief(_ number: Int) -> String {
  #""kind":"debrief","recording":"\#(fact("recording", number).key)","held_on":"\#(day(-1))""#
}

private func keeping(_ number: Int) -> String {
  #""kind":"keeping","copy":"\#(fact("copy", number).key)","until":"\#(day(30))""#
}

/// The adviser proposes another coach, who may coach there, while there is something to go on with.
private let changesOfCoach: [Attempt] = [
  (1, Person.directorAndCoach, .invalid(["/coach"])), (1, .adviser, .invalid(["/coach"])),
  (3, .coach, .conflict("trajectory_not_open")), (4, .coach, .conflict("proposed_already")),
  (5, .directorAndCoach, .conflict("trajectory_not_open")), (6, .directorAndCoach, .done),
].map { (number: Int, coach: Person, verdict: Verdict) in
  let trajectory = fact("trajectory", number)
  return attempt(
    "/v1/trajectories/\(trajectory.key)/agreements", #"{"kind":"change_of_coach","new_coach":"\#(coach.id)"}"#,
    trajectory
  ) { isAdviser($0) ? verdict : refusal(of: trajectory, to: $0) }
}

private let carrier = fact("carrier", 1).key

private let recordingWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/recordings",
    attempts: facts("trajectory").map { fact in
      let body =
        #"{"trajectory":"\#(fact.key)","scheduled_at":"\#(instant(20))","group":"\#(Organisation.filmedGroup)","carrier":"\#(carrier)"}"#
      return attempt("/v1/recordings", body, fact) { person in
        if !Registry.shows(fact, to: person) { return .invalid(["/trajectory"]) }
        if !isGuide(of: fact, person) { return .forbidden }
        if fact["state"] != "open" { return .conflict("trajectory_not_open") }
        return fact.key == Organisation.trajectories[0].id ? .conflict("recordings_agreed") : .done
      }
    }),
  WritingTruth(
    route: "PATCH /v1/recordings/{id}",
    attempts: facts("recording").flatMap { fact in
      [
        attempt("/v1/recordings/\(fact.key)", #"{"carrier":"\#(fact["carrier_id"] ?? carrier)"}"#, fact) { person in
          if !isGuide(of: fact, person) { return refusal(of: fact, to: person) }
          return fact["state"] == "planned" ? .done : .conflict("not_planned")
        },
        attempt("/v1/recordings/\(fact.key)", #"{"counts_for_programme":true}"#, fact) {
          fact.person == $0 ? .done : refusal(of: fact, to: $0)
        },
        attempt("/v1/recordings/\(fact.key)", #"{"counts_for_programme":false}"#, fact) {
          guard fact.person == $0 else { return refusal(of: fact, to: $0) }
          return fact.isOwnWish ? .done : .invalid(["/counts_for_programme"])
        },
      ]
    }),
  steps(
    .recording, at: "/v1/recordings", to: ["made", "waived", "cancelled", "voided"],
    body: { $1 == "made" ? #"{"to":"made","made_at":"\#(instant(-1))","carrier":"\#(carrier)"}"# : #"{"to":"\#($1)"}"# },
    actors: guidanceActors),
  texts(
    "reflection", of: "recording", at: "/v1/recordings", "reflection",
    #"{"moments":[{"at":"1:00","text":"Een."},{"at":"2:00","text":"Twee."}]}"#),
]

private let custodyWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/copies",
    attempts: facts("recording").map { fact in
      attempt("/v1/copies", #"{"recording":"\#(fact.key)","carrier":"\#(carrier)"}"#, fact) { person in
        if !isGuide(of: fact, person) { return refusal(of: fact, to: person) }
        let isHeld = Organisation.copies.contains {
          $0.recording.id == fact.key && $0.holder == person && $0.state == "held"
        }
        return isHeld ? .done : .conflict("no_copy_held")
      }
    }),
  WritingTruth(
    route: "PATCH /v1/copies/{id}",
    attempts: facts("copy").map { fact in
      attempt("/v1/copies/\(fact.key)", #"{"deletion_demanded":true}"#, fact) { person in
        guard fact.person == person else { return refusal(of: fact, to: person) }
        return fact["state"] == "held" && fact.copy?.holder != person ? .done : .conflict("not_held")
      }
    }),
  steps(
    .copy, at: "/v1/copies", to: ["handed_over", "deleted", "lost"],
    actors: { fact, person in
      guard let copy = fact.copy else { return [] }
      let holds = copy.holder == person
      return Set(
        [
          (Actor.teacher, holds && copy.teacher == person),
          (.coach, holds && copy.teacher != person && copy.state == "held"),
          (.adviser, isAdviser(person) && copy.isStranded),
        ].filter(\.1).map(\.0))
    },
    instead: { fact, state, person in
      // Whose hands it left sees it no more; the adviser sees what is lost.
      guard let copy = fact.copy, copy.state == "held", copy.teacher != person else { return nil }
      return copy.holder == person || isAdviser(person) && copy.isStranded && state == "deleted"
        ? .doneOutOfSight : nil
    }),
  WritingTruth(
    route: "POST /v1/carriers",
    attempts: [
      attempt("/v1/carriers", #"{"kind":"usb","name":"Stick 9"}"#, Fact(table: "carrier", key: "")) {
        isAdviser($0) || isPrivacyOfficer($0) ? .done : .forbidden
      }
    ]),
  WritingTruth(
    route: "PATCH /v1/carriers/{id}",
    attempts: facts("carrier").map { fact in
      attempt("/v1/carriers/\(fact.key)", #"{"name":"Stick 9"}"#, fact) {
        isAdviser($0) || isPrivacyOfficer($0) ? .done : refusal(of: fact, to: $0)
      }
    }),
  WritingTruth(
    route: "PATCH /v1/breaches/{id}",
    attempts: facts("breach").map { fact in
      attempt("/v1/breaches/\(fact.key)", #"{"outcome":"reported"}"#, fact) { isPrivacyOfficer($0) ? .done : .absent }
    }),
]
