import TestDatabase

private typealias Attempt = WritingTruth.Attempt
private typealias Fact = Organisation.Fact
private typealias Person = Organisation.Person
private typealias Actor = Machine.Actor

/// Guidance: its states, what the two agree on, talks, storyboards and consents.
let guidanceWriting: [WritingTruth] = [
  WritingTruth.steps(
    .trajectory, at: "/v1/trajectories", to: ["open", "paused", "closing"],
    body: { #"{"to":"\#($1)","reason":"other"}"# }, actors: { $1.part(in: $0) },
    instead: { fact, state, person in
      // Recordings of both open ones are not talked over.
      person.guides(fact) && state == "closing" && fact["state"] == "open"
        ? .conflict("recordings_unfinished") : nil
    }),
  WritingTruth(route: "POST /v1/trajectories/{id}/agreements", attempts: proposals),
  WritingTruth.steps(
    .agreement, at: "/v1/agreements", to: ["agreed", "declined"],
    actors: { fact, person in
      let isTeacher = fact.person == person
      let decides = fact["proposed_as"] == "teacher" ? person.guides(fact) : isTeacher
      return Set(
        [
          (Actor.teacher, isTeacher), (.coach, person.guides(fact)), (.counterpart, decides),
          (.adviser, person.isAdviser && fact["kind"] == "change_of_coach"),
        ].filter(\.1).map(\.0))
    },
    instead: { fact, state, person in
      fact["kind"] == "change_of_coach" && state == "agreed" && fact.person == person ? .conflict("copies_first") : nil
    }),
  WritingTruth(
    route: "POST /v1/trajectories/{id}/follow-ups",
    attempts: Organisation.facts(of: "trajectory").map { fact in
      Attempt("/v1/trajectories/\(fact.key)/follow-ups", #"{"talk_on":"\#(Organisation.date(7))"}"#, fact) {
        byBoth(fact, $0) { $0 == "open" ? .done : .conflict("trajectory_not_open") }
      }
    }),
  WritingTruth(
    route: "DELETE /v1/follow-ups/{id}",
    attempts: Organisation.facts(of: "follow_up").map { fact in
      Attempt("/v1/follow-ups/\(fact.key)", "", fact) { byBoth(fact, $0) { _ in .done } }
    }),
  WritingTruth(
    route: "POST /v1/storyboards",
    attempts: Organisation.facts(of: "trajectory").map { fact in
      Attempt("/v1/storyboards", #"{"trajectory":"\#(fact.key)"}"#, fact) {
        fact.person == $0 ? .done : .invalid(["/trajectory"])
      }
    }),
  WritingTruth.steps(
    .storyboard, at: "/v1/storyboards", to: ["presented"],
    body: { #"{"to":"\#($1)","presented_orally_on":"\#(Organisation.date(-2))"}"# },
    actors: { $0.person == $1 ? [.teacher] : [] }),
  WritingTruth.texts(
    "storyboard", of: "storyboard", at: "/v1/storyboards", "text",
    #"{"strengths":"Rust.","development_points":"Wachten."}"#),
  WritingTruth(
    route: "POST /v1/consents",
    attempts: Organisation.texts.filter { $0.kind != "storyboard" }.map { text in
      let body =
        #"{"recipient":"\#(Person.directorAndCoach.id)","item_kind":"\#(text.kind)","item":"\#(text.item)","purpose":"guidance","until":"\#(Organisation.date(30))"}"#
      return Attempt("/v1/consents", body, Fact(table: "consent", key: "")) { person in
        if person == .directorAndCoach { return .invalid(["/item"]) }
        return text.teacher == person ? .done : .invalid(["/item"])
      }
    }),
  WritingTruth.steps(.consent, at: "/v1/consents", to: ["withdrawn"], actors: { $0.person == $1 ? [.teacher] : [] }),
  WritingTruth(
    route: "DELETE /v1/me/content",
    attempts: [Attempt("/v1/me/content", "", Fact(table: "content", key: "")) { _ in .done }]),
]

private let proposals: [Attempt] =
  [
    // Up to four recordings: where the guidance is open.
    (1, #""kind":"extension","recordings":4"#, nil, [:]), (2, #""kind":"extension","recordings":4"#, nil, [:]),
    (3, #""kind":"extension","recordings":4"#, .conflict("trajectory_not_open"), [:]),
    (4, #""kind":"extension","recordings":4"#, nil, [:]),
    (5, #""kind":"extension","recordings":4"#, .conflict("trajectory_not_open"), [:]),
    (6, #""kind":"extension","recordings":4"#, .conflict("trajectory_not_open"), [:]),
    (1, #""kind":"extension","recordings":2"#, .invalid(["/recordings"]), [:]),
    // A debrief: of what was made and is not talked over, and once.
    (1, debrief(5), .conflict("proposed_already"), [:]), (1, debrief(6), .conflict("not_made"), [:]),
    (1, debrief(9), .invalid(["/recording"]), [:]), (4, debrief(9), nil, [:]),
    (3, debrief(8), .conflict("not_made"), [:]),
    // Keeping a copy, which only the teacher renews.
    (1, keeping(3), nil, [:]), (1, keeping(1), .conflict("not_held"), [:]), (1, keeping(6), .invalid(["/copy"]), [:]),
    (3, keeping(4), .conflict("proposed_already"), [:]), (3, keeping(5), .conflict("not_held"), [:]),
    (4, keeping(6), nil, [:]), (6, keeping(8), nil, [.coach: .forbidden]),
  ].map { (number: Int, body: String, verdict: Verdict?, others: [Person: Verdict]) in
    let trajectory = Organisation.fact(of: "trajectory", number)
    return Attempt("/v1/trajectories/\(trajectory.key)/agreements", "{\(body)}", trajectory) { person in
      others[person] ?? byBoth(trajectory, person) { _ in verdict ?? .done }
    }
  } + changesOfCoach

private func debrief(_ number: Int) -> String {
  #""kind":"debrief","recording":"\#(Organisation.fact(of: "recording", number).key)","held_on":"\#(Organisation.date(-1))""#
}

private func keeping(_ number: Int) -> String {
  #""kind":"keeping","copy":"\#(Organisation.fact(of: "copy", number).key)","until":"\#(Organisation.date(30))""#
}

/// The adviser proposes another coach, who may coach there, while there is something to go on with.
private let changesOfCoach: [Attempt] = [
  (1, Person.directorAndCoach, .invalid(["/new_coach"])), (1, .adviser, .invalid(["/new_coach"])),
  (3, .coach, .conflict("trajectory_not_open")), (4, .coach, .conflict("proposed_already")),
  (5, .directorAndCoach, .conflict("trajectory_not_open")), (6, .directorAndCoach, .done),
].map { (number: Int, coach: Person, verdict: Verdict) in
  let trajectory = Organisation.fact(of: "trajectory", number)
  return Attempt(
    "/v1/trajectories/\(trajectory.key)/agreements", #"{"kind":"change_of_coach","new_coach":"\#(coach.id)"}"#,
    trajectory
  ) { $0.isAdviser ? verdict : trajectory.refusal(to: $0) }
}

/// What the teacher and the coach may both do, in the state that the guidance is in.
private func byBoth(_ fact: Fact, _ person: Person, _ verdict: (String) -> Verdict) -> Verdict {
  guard fact.person == person || person.guides(fact) else { return fact.refusal(to: person) }
  return verdict(fact["state"] ?? "")
}
