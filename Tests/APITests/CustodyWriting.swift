import TestDatabase

private typealias Attempt = WritingTruth.Attempt
private typealias Fact = Organisation.Fact
private typealias Person = Organisation.Person
private typealias Actor = Machine.Actor

private let carrier = Organisation.fact(of: "carrier", 1).key

/// Recordings: planned, made, ended, and written about.
let recordingWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/recordings",
    attempts: Organisation.facts(of: "trajectory").map { fact in
      let body =
        #"{"trajectory":"\#(fact.key)","scheduled_at":"\#(Organisation.date(20))T09:30:00Z","group":"\#(Organisation.filmedGroup)","carrier":"\#(carrier)"}"#
      return Attempt("/v1/recordings", body, fact) { person in
        if !Registry.shows(fact, to: person) { return .invalid(["/trajectory"]) }
        if !person.guides(fact) { return .forbidden }
        if fact["state"] != "open" { return .conflict("trajectory_not_open") }
        return fact.key == Organisation.trajectories[0].id ? .conflict("recordings_agreed") : .done
      }
    }),
  WritingTruth(
    route: "PATCH /v1/recordings/{id}",
    attempts: Organisation.facts(of: "recording").flatMap { fact in
      [
        Attempt("/v1/recordings/\(fact.key)", #"{"carrier":"\#(fact["carrier_id"] ?? carrier)"}"#, fact) { person in
          if !person.guides(fact) { return fact.refusal(to: person) }
          return fact["state"] == "planned" ? .done : .conflict("not_planned")
        },
        Attempt("/v1/recordings/\(fact.key)", #"{"counts_for_programme":true}"#, fact) {
          fact.person == $0 ? .done : fact.refusal(to: $0)
        },
        Attempt("/v1/recordings/\(fact.key)", #"{"counts_for_programme":false}"#, fact) {
          guard fact.person == $0 else { return fact.refusal(to: $0) }
          return fact.isOwnWish ? .done : .invalid(["/counts_for_programme"])
        },
      ]
    }),
  WritingTruth.steps(
    .recording, at: "/v1/recordings", to: ["made", "waived", "cancelled", "voided"],
    body: {
      $1 == "made"
        ? #"{"to":"made","made_at":"\#(Organisation.date(-1))T09:30:00Z","carrier":"\#(carrier)"}"#
        : #"{"to":"\#($1)"}"#
    },
    actors: { $1.part(in: $0) }),
  WritingTruth.texts(
    "reflection", of: "recording", at: "/v1/recordings", "reflection",
    #"{"moments":[{"at":"1:00","text":"Een."},{"at":"2:00","text":"Twee."}]}"#),
]

/// The custody of the footage.
let custodyWriting: [WritingTruth] = [
  WritingTruth(
    route: "POST /v1/copies",
    attempts: Organisation.facts(of: "recording").map { fact in
      Attempt("/v1/copies", #"{"recording":"\#(fact.key)","carrier":"\#(carrier)"}"#, fact) { person in
        if !person.guides(fact) { return fact.refusal(to: person) }
        let isHeld = Organisation.copies.contains {
          $0.recording.id == fact.key && $0.holder == person && $0.state == "held"
        }
        return isHeld ? .done : .conflict("no_copy_held")
      }
    }),
  WritingTruth(
    route: "PATCH /v1/copies/{id}",
    attempts: Organisation.facts(of: "copy").map { fact in
      Attempt("/v1/copies/\(fact.key)", #"{"deletion_demanded":true}"#, fact) { person in
        guard fact.person == person else { return fact.refusal(to: person) }
        return fact["state"] == "held" && fact.copy?.holder != person ? .done : .conflict("not_held")
      }
    }),
  WritingTruth.steps(
    .copy, at: "/v1/copies", to: ["handed_over", "deleted", "lost"],
    actors: { fact, person in
      guard let copy = fact.copy else { return [] }
      let holds = copy.holder == person
      return Set(
        [
          (Actor.teacher, holds && copy.teacher == person),
          (.coach, holds && copy.teacher != person && copy.state == "held"),
          (.adviser, person.isAdviser && copy.isStranded),
        ].filter(\.1).map(\.0))
    },
    instead: { fact, state, person in
      // Whose hands it left sees it no more; the adviser sees what is lost.
      guard let copy = fact.copy, copy.state == "held", copy.teacher != person else { return nil }
      let isQuarantined = Organisation.quarantines.contains {
        $0.recording.id == copy.recording.id && $0.state == "open"
      }
      if copy.holder == person, state == "handed_over", isQuarantined { return .conflict("quarantined") }
      return copy.holder == person || person.isAdviser && copy.isStranded && state == "deleted"
        ? .doneOutOfSight : nil
    }),
  WritingTruth(
    route: "POST /v1/carriers",
    attempts: [
      Attempt("/v1/carriers", #"{"kind":"usb","name":"Stick 9"}"#, Fact(table: "carrier", key: "")) {
        $0.isAdviser || $0.isPrivacyOfficer ? .done : .forbidden
      }
    ]),
  WritingTruth(
    route: "PATCH /v1/carriers/{id}",
    attempts: Organisation.facts(of: "carrier").map { fact in
      Attempt("/v1/carriers/\(fact.key)", #"{"name":"Stick 9"}"#, fact) {
        $0.isAdviser || $0.isPrivacyOfficer ? .done : fact.refusal(to: $0)
      }
    }),
  WritingTruth(
    route: "PATCH /v1/breaches/{id}",
    attempts: Organisation.facts(of: "breach").map { fact in
      Attempt("/v1/breaches/\(fact.key)", #"{"outcome":"reported"}"#, fact) { $0.isPrivacyOfficer ? .done : .absent }
    }),
]
