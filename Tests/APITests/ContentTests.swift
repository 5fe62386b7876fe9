import Foundation
import TestDatabase
import Testing

/// Texts of teachers over HTTP: written by their teacher, read by whom the teacher lets read.
@Suite("Content")
struct ContentTests {
  private typealias Person = Organisation.Person

  private static let request = "0193b6a0-0030-7000-8000-000000000001"
  private static let trajectory = "0193b6a0-0030-7000-8000-000000000002"
  private static let recording = "0193b6a0-0030-7000-8000-000000000003"
  private static let question = "/v1/requests/\(request)/learning-question"
  private static let reflection = "/v1/recordings/\(recording)/reflection"

  private static let reflected = """
    {"moments":[{"at":"0:00","text":"Het begin.\\nRust."},{"at":"20:00","text":"Het slot."}],"suggestions":["Wacht."]}
    """

  /// The coach coaches the teacher: a request, its trajectory, a recording that was made.
  private static let guidance = """
    set session_replication_role = replica;
    insert into request (id, teacher_id, origin, state, made_by, made_as, aim, subject, coach_id)
    values ('\(request)', '\(Person.teacher.id)', 'own_wish', 'assigned', '\(Person.teacher.id)', 'teacher', 'personal', 'didactics', '\(Person.coach.id)');
    insert into trajectory (id, request_id, teacher_id, coach_id, origin, state)
    values ('\(trajectory)', '\(request)', '\(Person.teacher.id)', '\(Person.coach.id)', 'own_wish', 'open');
    insert into recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, trajectory_id, ordinal)
    values ('\(recording)', '\(Person.teacher.id)', '\(Person.coach.id)', 'own_wish', false, 'made', '2026-10-01', '2026-10-08', '2026-10-08', '\(trajectory)', 1);
    set session_replication_role = origin
    """

  private static func day(_ days: Int) -> String {
    let date = Date(timeIntervalSinceNow: Double(days) * 86_400)
    return date.formatted(.iso8601.year().month().day())
  }

  private func put(_ site: Site, _ path: String, _ json: String, as person: Person = .teacher, _ header: String? = nil)
    async throws -> Answer
  {
    try await site.send("PUT", path, as: person, json, [header ?? "If-None-Match: *"])
  }

  @Test("A text is written, read back, replaced by its version, and kept by nobody on the way")
  func wholeLife() async throws {
    try await Site.with(arrangement: Self.guidance) { site in
      let written = try await put(site, Self.reflection, Self.reflected)
      #expect(written.status == 201, "\(written.text)")
      let tag = try #require(written["etag"])
      #expect(written["cache-control"] == "no-store")
      let read = try await site.ask(Self.reflection, as: .teacher)
      #expect(
        read.status == 200 && read.body == written.body && read["etag"] == tag && read["cache-control"] == "no-store")
      #expect(read.text == Self.reflected)
      #expect(try await site.ask(Self.reflection, as: .teacher, ["If-None-Match: \(tag)"]).status == 304)

      let second = Self.reflected.replacing("Het slot.", with: "Het eind.")
      #expect(try await put(site, Self.reflection, second).status == 412, "there is one already")
      #expect(try await put(site, Self.reflection, second, "If-Match: \"7-0\"").status == 412)
      let replaced = try await put(site, Self.reflection, second, "If-Match: \(tag)")
      #expect(replaced.status == 200 && replaced.text == second && replaced["etag"]?.hasPrefix("\"2-") == true)
      #expect(try await put(site, Self.reflection, second, "If-Match: \(tag)").status == 412)
      #expect(try await put(site, Self.reflection, second, "If-Match: *").status == 200)
      #expect(try await site.send("PUT", Self.reflection, as: .teacher, second).status == 428)
      #expect(try await put(site, Self.question, #"{"text":"Hoe?"}"#, "If-Match: *").status == 412, "there is none yet")
      #expect(try await put(site, Self.question, #"{"text":"Hoe?"}"#, "If-None-Match: \"1-0\"").status == 400)
    }
  }

  @Test(
    "Exactly two moments, each in the twenty minutes; every faulty place is named",
    arguments: [
      (#"{"moments":[]}"#, ["/moments"]), (#"{"moments":[{"at":"1:00","text":"a"}]}"#, ["/moments"]),
      (#"{"moments":[{"at":"20:01","text":"a"},{"at":"1:60","text":"a"}]}"#, ["/moments/0/at", "/moments/1/at"]),
      (
        #"{"moments":[{"at":"-1:00","text":" "},{"at":"1:00"}]}"#,
        ["/moments/0/at", "/moments/0/text", "/moments/1/text"]
      ),
      (#"{"moments":[{"at":"1:00","text":"a"},{"at":"2:00","text":"b\u0007"}]}"#, ["/moments/1/text"]),
      (#"{"text":"a"}"#, ["/moments", "/text"]),
    ])
  func faults(body: String, pointers: [String]) async throws {
    try await Site.with(arrangement: Self.guidance) { site in
      let answer = try await put(site, Self.reflection, body)
      #expect(answer.status == 422, "\(answer.text)")
      #expect(try answer.problem().errors?.compactMap(\.pointer).sorted() == pointers)
    }
  }

  @Test("Its teacher writes it and nobody else; the coach reads it and no role does")
  func readers() async throws {
    try await Site.with(arrangement: Self.guidance) { site in
      #expect(try await put(site, Self.question, #"{"text":"Mijn vraag"}"#).status == 201)
      #expect(try await put(site, Self.reflection, Self.reflected).status == 201)
      let nothing = try await site.ask("/v1/requests/\(Self.recording)/learning-question", as: .director).likeness
      for person in Person.allCases {
        let isReader = person == .teacher || person == .coach
        for path in [Self.question, Self.reflection] {
          let answer = try await site.ask(path, as: person)
          #expect(answer.status == (isReader ? 200 : 404), "\(path) as \(person)")
          if !isReader { #expect(answer.likeness == nothing, "\(path) as \(person)") }
          if person != .teacher {
            let attempt = try await put(
              site, path, path == Self.question ? #"{"text":"Van mij"}"# : Self.reflected, as: person, "If-Match: *")
            #expect(attempt.status == (person == .coach || person == .adviser ? 403 : 404), "\(path) as \(person)")
          }
        }
      }
      #expect(try await site.ask(Self.question).status == 401)
      #expect(try await site.ask(Self.question, as: .teacher).text == #"{"text":"Mijn vraag"}"#)
    }
  }

  @Test("Who read a text, its teacher sees in the audit, and never the text")
  func audit() async throws {
    try await Site.with(arrangement: Self.guidance) { site in
      #expect(try await put(site, Self.question, #"{"text":"GEPLANT"}"#).status == 201)
      let read = try await site.ask(Self.question, as: .coach)
      #expect(read.status == 200)
      let trail = try await site.ask("/v1/audit?resource=content", as: .teacher)
      #expect(trail.status == 200)
      #expect(trail.text.contains(#""act":"read""#) && trail.text.contains(Person.coach.id))
      #expect(trail.text.contains(read["x-request-id"] ?? "none"))
      for person in [Person.teacher, .coach, .privacyOfficer] {
        #expect(!(try await site.ask("/v1/audit?limit=500", as: person)).text.contains("GEPLANT"), "\(person)")
      }
    }
  }

  @Test("A consent opens one item to one person, and withdrawn it opens nothing to the very next request")
  func consent() async throws {
    try await Site.with(arrangement: Self.guidance) { site in
      #expect(try await put(site, Self.reflection, Self.reflected).status == 201)
      let recipients = try await site.ask("/v1/me/recipients", as: .teacher)
      #expect(recipients.status == 200 && recipients.names.isSuperset(of: [.director, .coach, .adviser]))
      #expect(!recipients.names.contains(.directorElsewhere) && !recipients.names.contains(.schoolAdmin))

      let draft = """
        {"recipient":"\(Person.director.id)","item_kind":"reflection","item":"\(Self.recording)","purpose":"guidance",\
        "until":"\(Self.day(300))"}
        """
      let granted = try await site.send("POST", "/v1/consents", as: .teacher, draft)
      #expect(granted.status == 201, "\(granted.text)")
      #expect(granted.text.contains(#""allowed_transitions":["withdrawn"]"#))
      let (address, tag) = (try #require(granted["location"]), try #require(granted["etag"]))
      #expect(try await site.ask(Self.reflection, as: .director).text == Self.reflected)
      #expect(try await site.ask(Self.question, as: .director).status == 404)
      #expect(
        try await site.ask(Self.reflection, as: .directorAndCoach).status == 404, "another director of that school")
      #expect(try await site.ask(address, as: .director).names == [.director, .teacher])
      #expect(try await site.send("POST", "/v1/consents", as: .teacher, draft).status == 409)

      let withdrawal = ["If-Match: \(tag)"]
      let refused = try await site.send(
        "POST", address + "/transitions", as: .director, #"{"to":"withdrawn"}"#, withdrawal)
      #expect(refused.status == 403)
      let withdrawn = try await site.send(
        "POST", address + "/transitions", as: .teacher, #"{"to":"withdrawn"}"#, withdrawal)
      #expect(withdrawn.status == 200 && withdrawn.text.contains(#""state":"withdrawn""#), "\(withdrawn.text)")
      #expect(try await site.ask(Self.reflection, as: .director).status == 404)
      #expect(try await site.ask(address, as: .director).status == 404)

      for (old, new, pointer) in [
        (Person.director.id, Person.schoolAdmin.id, "/recipient"), (Self.recording, Self.request, "/item"),
        (Self.day(300), Self.day(400), "/until"), (Self.day(300), "2020-01-01", "/until"),
      ] {
        let answer = try await site.send("POST", "/v1/consents", as: .teacher, draft.replacing(old, with: new))
        #expect(answer.status == 422, "\(pointer): \(answer.text)")
        #expect(try answer.problem().errors?.map(\.pointer) == [pointer])
      }
    }
  }

  @Test("A storyboard is the teacher's until it is opened to the director, and then it is presented")
  func storyboard() async throws {
    try await Site.with(arrangement: Self.guidance) { site in
      let begun = try await site.send(
        "POST", "/v1/storyboards", as: .teacher, "{\"trajectory\":\"\(Self.trajectory)\"}")
      #expect(begun.status == 201, "\(begun.text)")
      let address = try #require(begun["location"])
      let id = try #require(address.split(separator: "/").last)
      let text = #"{"strengths":"Rust.","development_points":"Wachten."}"#
      #expect(try await put(site, address + "/text", text).status == 201)
      for person in [Person.coach, .director, .adviser] {
        #expect(try await site.ask(address, as: person).status == 404, "\(person)")
        #expect(try await site.ask(address + "/text", as: person).status == 404, "\(person)")
      }
      let presenting = #"{"to":"presented"}"#
      let early = try await site.send("POST", address + "/transitions", as: .teacher, presenting, ["If-Match: *"])
      #expect(early.status == 409)
      #expect(try early.problem().code == "not_opened")

      let draft = """
        {"recipient":"\(Person.director.id)","item_kind":"storyboard","item":"\(id)","purpose":"presentation",\
        "until":"\(Self.day(30))"}
        """
      #expect(try await site.send("POST", "/v1/consents", as: .teacher, draft).status == 201)
      let shown = try await site.ask(address, as: .director)
      #expect(shown.status == 200 && shown.text.contains(#""state":"presented""#), "\(shown.text)")
      #expect(try await site.ask(address + "/text", as: .director).text == text)
      #expect(!shown.text.contains("Rust."))
    }
  }

  @Test("A learning question comes with its request, sealed; neither list nor resource shows it")
  func withRequest() async throws {
    try await Site.with { site in
      let draft = """
        {"origin":"own_wish","aim":"personal","subject":"interaction","learning_question":"GEPLANTE vraag"}
        """
      let made = try await site.send("POST", "/v1/requests", as: .teacher, draft, ["Idempotency-Key: one"])
      #expect(made.status == 201, "\(made.text)")
      let address = try #require(made["location"])
      #expect(try await site.ask(address + "/learning-question", as: .teacher).text == #"{"text":"GEPLANTE vraag"}"#)
      let again = try await site.send("POST", "/v1/requests", as: .teacher, draft, ["Idempotency-Key: one"])
      #expect(again.status == 201 && again["location"] == address)
      for answer in [
        made, again, try await site.ask(address, as: .teacher), try await site.ask("/v1/requests", as: .teacher),
      ] {
        #expect(!answer.text.contains("GEPLANT"))
      }
      let contents = try await site.organisation.database.script(
        "select string_agg(t::text, ' ') from (select to_jsonb(c)::text from content c union all select to_jsonb(o)::text from command o) t"
      )
      #expect(contents?.string(0, 0)?.contains("GEPLANT") == false)
    }
  }

  @Test("A server without master keys closes texts with a code, and serves everything else")
  func closed() async throws {
    try await Site.with(arrangement: Self.guidance, masterKeys: nil) { site in
      for answer in [
        try await site.ask(Self.question, as: .teacher), try await put(site, Self.question, #"{"text":"a"}"#),
      ] {
        #expect(answer.status == 503 && answer["retry-after"] != nil)
        #expect(try answer.problem().code == "content_closed")
      }
      #expect(try await site.ask("/v1/me", as: .teacher).status == 200)
    }
  }
}
