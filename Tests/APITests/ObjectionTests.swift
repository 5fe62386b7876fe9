import Foundation
import TestDatabase
import Testing

/// Objections over HTTP: registered by the school, answered by measures, blocking from the first moment.
@Suite("Objections")
struct ObjectionTests {
  private typealias Person = Organisation.Person

  private static let reference = "PLT-0412"

  private static func draft(
    _ school: Organisation.School = .first, group: String? = Organisation.filmedGroup, pupil: String = reference
  ) -> String {
    let placed = group.map { #","group":"\#($0)""# } ?? ""
    return """
      {"school":"\(school.id)","received_on":"\(Organisation.date(-2))","pupil":"\(pupil)","note":"Belt over \(pupil)"\(placed)}
      """
  }

  private struct Clearance: Decodable {
    struct Reason: Decodable { let code: String }
    let is_cleared: Bool?
    let reasons: [Reason]
  }

  /// What stands against a recording, as its coach is told.
  private func reasons(_ site: Site, _ number: Int) async throws -> [String] {
    let answer = try await site.ask("/v1/recordings/\(Organisation.id(10, number))/clearance", as: .coach)
    return try JSONDecoder().decode(Clearance.self, from: Data(answer.body)).reasons.map(\.code)
  }

  private func move(
    _ site: Site, _ address: String, as person: Person, _ body: String
  ) async throws -> Answer {
    try await site.send("POST", address + "/transitions", as: person, body, ["If-Match: *"])
  }

  private func id(_ answer: Answer) throws -> String {
    String(try #require(answer["location"]?.split(separator: "/").last))
  }

  @Test("Registering one answers with what it touches, and from then on it blocks; which pupil it is about is sealed")
  func registration() async throws {
    let lines = LogLines()
    try await Site.with(logger: lines.logger) { site in
      #expect(try await !reasons(site, 6).contains("objection_without_measure"))
      let key = ["Idempotency-Key: once"]
      let made = try await site.send("POST", "/v1/objections", as: .schoolAdmin, Self.draft(), key)
      #expect(made.status == 201, "\(made.text)")
      let address = try #require(made["location"])
      let again = try await site.send("POST", "/v1/objections", as: .schoolAdmin, Self.draft(), key)
      #expect(again.status == 201 && again["location"] == address)
      #expect(made.text.matches(of: /"scheduled_at"/).count == 2, "both recordings that are planned in the group")
      #expect(made.text.contains(#""what" : "set_measure""#) || made.text.contains(#""what":"set_measure""#))
      #expect(try await reasons(site, 6).contains("objection_without_measure"))
      #expect(try await reasons(site, 7).contains("objection_without_measure"))
      #expect(try await site.ask("/v1/me/tasks", as: .coach).text.contains("wait_for_school"))

      var answers = [made, again]
      for person in Person.allCases {
        let reads = [.schoolAdmin, .director, .directorAndCoach].contains(person)
        let pupil = try await site.ask(address + "/pupil", as: person)
        #expect(pupil.status == (reads || person == .coach ? 200 : 404), "\(person)")
        let note = try await site.ask(address + "/note", as: person)
        #expect(note.status == (reads ? 200 : 404), "\(person)")
        if reads { #expect(pupil.text == #"{"reference":"\#(Self.reference)"}"#) }
        for path in [address, "/v1/objections?limit=500", address + "/impact", "/v1/me/tasks", "/v1/audit?limit=500"] {
          answers.append(try await site.ask(path, as: person))
        }
      }
      answers.append(try await site.ask("/metrics"))
      for answer in answers { #expect(!answer.text.contains(Self.reference), "\(answer.text.prefix(60))") }
      let stored = try await site.organisation.contents(of: ["content", "command", "audit", "objection", "data_key"])
      #expect(!stored.isEmpty && !stored.contains(Self.reference))

      let trail = try await site.ask("/v1/audit?resource=content&limit=500", as: .privacyOfficer)
      #expect(trail.text.matches(of: /"act":"read"/).count == 1, "the coach's reading, and none of the school's own")
    }
    #expect(!lines.text.contains(Self.reference) && !lines.text.isEmpty)
  }

  @Test(
    "What tells who the pupil is, is refused with the reason, in both languages, and repeated nowhere",
    arguments: [
      ("Jansen", "looks_like_name"), ("12-03-2014", "looks_like_date_of_birth"),
      ("123456782", "looks_like_service_number"),
    ])
  func refusals(pupil: String, code: String) async throws {
    let lines = LogLines()
    try await Site.with(logger: lines.logger) { site in
      var details: Set<String> = []
      for language in ["nl", "en"] {
        let made = try await site.send(
          "POST", "/v1/objections", as: .schoolAdmin, Self.draft(pupil: pupil), ["Accept-Language: \(language)"])
        #expect(made.status == 422)
        let fault = try #require(try made.problem().errors?.first)
        #expect(fault.pointer == "/pupil" && fault.code == code)
        #expect(!made.text.contains(pupil))
        details.insert(fault.detail)
        let written = try await site.send(
          "PUT", "/v1/objections/\(Organisation.objections[0].id)/pupil", as: .schoolAdmin,
          #"{"reference":"\#(pupil)"}"#, ["If-Match: *"])
        #expect(try written.problem().errors?.map(\.code) == [code])
      }
      #expect(details.count == 2)
    }
    #expect(!lines.text.contains(pupil))
  }

  @Test("A measure answers it; promised by the coach it clears, and when the last one ends the objection waits again")
  func measures() async throws {
    let arrangement = """
      set session_replication_role = replica;
      delete from objection where id <> '\(Organisation.objections[0].id)';
      update recording set teacher_agreed_at = now() - interval '1 hour' where id = '\(Organisation.id(10, 6))';
      set session_replication_role = origin
      """
    try await Site.with(arrangement: arrangement) { site in
      #expect(try await reasons(site, 6) == [])
      let made = try await site.send("POST", "/v1/objections", as: .director, Self.draft())
      let address = try #require(made["location"])
      #expect(try await reasons(site, 6) == ["objection_without_measure"])

      let bare = try await move(site, address, as: .director, #"{"to":"measure_set"}"#)
      #expect(try bare.problem().errors?.compactMap(\.pointer).sorted() == ["/covers_sound", "/kind"])
      let answered = try await move(
        site, address, as: .director, #"{"to":"measure_set","kind":"anonymise","covers_sound":true}"#)
      #expect(answered.status == 200 && answered.text.contains(#""state":"measure_set""#), "\(answered.text)")
      #expect(try await reasons(site, 6) == ["measure_not_promised"])
      let second = try await site.send(
        "POST", address + "/measures", as: .schoolAdmin, #"{"kind":"anonymise","covers_sound":false}"#)
      #expect(try second.problem().code == "taken")

      let list = try await site.ask(address + "/measures", as: .schoolAdmin)
      let measure = String(try #require(list.text.firstMatch(of: /"id":"([^"]+)"/)?.1))
      let promised = try await site.send(
        "POST", "/v1/recordings/\(Organisation.id(10, 6))/promises", as: .coach, #"{"measure":"\#(measure)"}"#)
      #expect(promised.status == 201, "\(promised.text)")
      #expect(try await reasons(site, 6) == [])
      let promise = try #require(promised["location"])
      let early = try await move(site, promise, as: .coach, #"{"to":"attested"}"#)
      #expect(try early.problem().code == "not_made")

      let ended = try await move(site, "/v1/measures/\(measure)", as: .schoolAdmin, #"{"to":"ended"}"#)
      #expect(ended.status == 200, "\(ended.text)")
      #expect(try await site.ask(address, as: .director).text.contains(#""state":"received""#))
      #expect(try await reasons(site, 6) == ["objection_without_measure"])
      let withdrawn = try await move(site, address, as: .director, #"{"to":"ended","reason":"withdrawn"}"#)
      #expect(withdrawn.status == 200 && withdrawn.text.contains(#""reason":"withdrawn""#))
      #expect(try await reasons(site, 6) == [])
      let over = try await site.send(
        "POST", address + "/measures", as: .director, #"{"kind":"cut","covers_sound":false}"#)
      #expect(try over.problem().code == "objection_ended")
    }
  }

  @Test("Of eight first texts of a school at once every one is sealed, all under one key")
  func atOnce() async throws {
    let arrangement =
      "set session_replication_role = replica; delete from content; delete from data_key; set session_replication_role = origin"
    try await Site.with(arrangement: arrangement) { site in
      let group = Organisation.id(4, 2)
      let answers = try await withThrowingTaskGroup(of: Answer.self) { tasks in
        for number in 0..<8 {
          tasks.addTask {
            try await site.send(
              "POST", "/v1/objections", as: .directorElsewhere, Self.draft(.second, group: group, pupil: "L-\(number)"))
          }
        }
        return try await tasks.reduce(into: [Answer]()) { $0.append($1) }
      }
      #expect(answers.map(\.status) == Array(repeating: 201, count: 8), "\(answers.map(\.text))")
      let keys = try await site.organisation.database.script(
        "select count(*), count(distinct data_key_id) from content where school_id = '\(Organisation.School.second.id)'"
      )
      #expect(keys?.string(0, 0) == "16" && keys?.string(0, 1) == "1")
      for answer in answers {
        let address = try #require(answer["location"])
        #expect(try await site.ask(address + "/pupil", as: .directorElsewhere).text.contains("L-"))
      }
    }
  }

  @Test("Notices of last year are copied as proposals, and count when somebody gives the day on which they were there")
  func notices() async throws {
    try await Site.with { site in
      let path = "/v1/schools/\(Organisation.School.first.id)/notices"
      let year = try #require(
        try await site.ask(path, as: .teacher).text.matches(of: /"school_year":(\d+)/).compactMap { Int($0.output.1) }
          .max())
      let proposed = try await site.send("POST", path + "/proposals", as: .director, #"{"school_year":\#(year)}"#)
      #expect(proposed.status == 200 && proposed.text.matches(of: /"is_proposal":true/).count == 2, "\(proposed.text)")
      let again = try await site.send("POST", path + "/proposals", as: .schoolAdmin, #"{"school_year":\#(year)}"#)
      #expect(again.text == proposed.text, "those that are there stay")

      let notice = "/v1/notices/" + String(try #require(proposed.text.firstMatch(of: /"id":"([^"]+)"/)?.1))
      let early = try await site.send(
        "PATCH", notice, as: .schoolAdmin, #"{"published_on":"\#(Organisation.date(2))"}"#, ["If-Match: *"])
      #expect(try early.problem().errors?.map(\.code) == ["impossible_moment"])
      let attested = try await site.send(
        "PATCH", notice, as: .schoolAdmin, #"{"published_on":"\#(Organisation.date(-1))"}"#, ["If-Match: *"])
      #expect(attested.status == 200 && attested.names == [.schoolAdmin], "\(attested.text)")
      let twice = try await site.send(
        "POST", path, as: .director, #"{"school_year":\#(year),"channel":"website","reference":"https://example.org"}"#)
      #expect(try twice.problem().code == "taken")
    }
  }
}

extension Organisation {
  /// Everything in these tables in one text.
  fileprivate func contents(of tables: [String]) async throws -> String {
    let queries = tables.map { "select t::text as line from \($0) t" }
    let lines = try await database.script(queries.joined(separator: " union all "))
    return (0..<(lines?.count ?? 0)).compactMap { lines?.string($0, 0) }.joined(separator: "\n")
  }
}
