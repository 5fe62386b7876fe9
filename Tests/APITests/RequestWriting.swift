import TestDatabase

private typealias Attempt = WritingTruth.Attempt
private typealias Fact = Organisation.Fact
private typealias Person = Organisation.Person
private typealias Actor = Machine.Actor

private let question = #""aim":"personal","subject":"interaction","learning_question":"Hoe?""#

/// Asking, inviting, and what becomes of a request.
let requestWriting: [WritingTruth] = [
  WritingTruth(route: "POST /v1/requests", attempts: [ownWish] + referrals + invitations),
  WritingTruth(
    route: "POST /v1/requests/invitations",
    attempts: invited.map { teacher in
      Attempt(
        "/v1/requests/invitations", #"{"teachers":["\#(teacher.id)"]}"#, Organisation.fact(of: "person", teacher.number)
      ) {
        mayInvite($0, teacher, pointer: "/teachers/0")
      }
    }),
  requestSteps,
  WritingTruth.texts("learning_question", of: "request", at: "/v1/requests", "learning-question", #"{"text":"Hoe?"}"#),
]

/// Who teaches asks, and once at a time.
private let ownWish = Attempt(
  "/v1/requests", #"{"origin":"own_wish",\#(question)}"#, Fact(table: "request", key: "")
) { person in
  let isOpen = Organisation.requests.contains {
    $0.isOwnWish && $0.teacher == person && ["submitted", "offered", "assigned"].contains($0.state)
  }
  return !person.teaches ? .forbidden : isOpen ? .conflict("open_request") : .done
}

/// Of every kind that a director or an adviser tells apart somebody.
private let invited: [Person] = [
  .teacher, .colleague, .newcomer, .alumnus, .mover, .twoSchools, .teacherElsewhere, .teacherFarAway, .support,
]

private let referrals = invited.map { teacher in
  Attempt(
    "/v1/requests",
    #"{"origin":"appraisal","teacher":"\#(teacher.id)","talk_on":"\#(Organisation.date(-3))","talk_kind":"progress"}"#,
    Fact(table: "request", key: "")
  ) { mayInviteOnce($0, teacher) }
}

private let invitations = invited.map { teacher in
  Attempt(
    "/v1/requests", #"{"origin":"starter_programme","teacher":"\#(teacher.id)"}"#, Fact(table: "request", key: "")
  ) { mayInviteOnce($0, teacher) }
}

/// A director invites the teachers of their schools, an adviser those of the board. What is running already, a director
/// is not told by any refusal.
private func mayInvite(_ person: Person, _ teacher: Person, pointer: String = "/teacher") -> Verdict {
  if !person.isAdviser && !person.isDirector { return .forbidden }
  return teacher.teaches && (person.isAdviser || person.directs(teacher)) ? .done : .invalid([pointer])
}

private func mayInviteOnce(_ person: Person, _ teacher: Person) -> Verdict {
  let verdict = mayInvite(person, teacher)
  let hasInvited = Organisation.requests.contains {
    $0.maker == person && $0.teacher == teacher && $0.state == "invited"
  }
  return verdict == .done && hasInvited ? .conflict("invited_already") : verdict
}

private let requestSteps = WritingTruth.steps(
  .request, at: "/v1/requests", to: ["submitted", "offered", "assigned", "declined", "withdrawn"],
  body: { fact, state in
    switch state {
    case "submitted" where fact["state"] == "invited": #"{"to":"submitted",\#(question)}"#
    case "offered": #"{"to":"offered","coach":"\#(Person.coach.id)"}"#
    default: #"{"to":"\#(state)"}"#
    }
  },
  actors: { fact, person in
    let isDirector = !fact.isOwnWish && person.directs(fact.person)
    return Set(
      [
        (Actor.teacher, fact.person == person), (.coach, fact.coach == person && person.isCoach),
        (.director, isDirector), (.adviser, person.isAdviser),
        (.maker, fact["made_by"] == person.id && !fact.isOwnWish && (isDirector || person.isAdviser)),
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

/// Coaches, their room and their days.
let coachWriting: [WritingTruth] = [
  WritingTruth(
    route: "PATCH /v1/coaches/{id}",
    attempts: Organisation.facts(of: "coach").map { fact in
      Attempt("/v1/coaches/\(fact.key)", #"{"capacity":12}"#, fact) { person in
        let isOfToday = fact.person?.isCoach ?? false
        if !mayManage(fact, person) { return isOfToday ? .forbidden : .absent }
        return isOfToday ? .done : .doneOutOfSight
      }
    }),
  WritingTruth(
    route: "POST /v1/coaches/{id}/unavailability",
    attempts: Organisation.facts(of: "coach").map { fact in
      Attempt(
        "/v1/coaches/\(fact.key)/unavailability",
        #"{"from":"\#(Organisation.date(300))","until":"\#(Organisation.date(301))"}"#, fact
      ) { person in
        mayManage(fact, person) ? .done : fact.person?.isCoach ?? false ? .forbidden : .absent
      }
    }),
  WritingTruth(
    route: "POST /v1/coaches/{id}/calendar",
    attempts: Organisation.facts(of: "coach").map { fact in
      Attempt("/v1/coaches/\(fact.key)/calendar", "", fact) { ownCalendar(fact, $0) }
    }),
  WritingTruth(
    route: "DELETE /v1/coaches/{id}/calendar",
    attempts: Organisation.facts(of: "coach").map { fact in
      Attempt("/v1/coaches/\(fact.key)/calendar", "", fact) { ownCalendar(fact, $0) }
    }),
  WritingTruth(
    route: "PATCH /v1/unavailability/{id}", attempts: unavailability(#"{"until":"\#(Organisation.date(205))"}"#)),
  WritingTruth(route: "DELETE /v1/unavailability/{id}", attempts: unavailability("")),
]

/// A coach of today manages their own, the adviser everybody's.
private func mayManage(_ fact: Fact, _ person: Person) -> Bool {
  person.isAdviser || fact.person == person && person.isCoach
}

/// A calendar is its coach's alone.
private func ownCalendar(_ fact: Fact, _ person: Person) -> Verdict {
  guard fact.person?.isCoach ?? false else { return .absent }
  return fact.person == person ? .done : .forbidden
}

private func unavailability(_ body: String) -> [Attempt] {
  Organisation.facts(of: "coach_unavailability").map { fact in
    Attempt("/v1/unavailability/\(fact.key)", body, fact) { mayManage(fact, $0) ? .done : .absent }
  }
}
