import Foundation
import TestDatabase
import Testing

@Suite("Writing the registry")
struct WritingTests {
  private typealias Person = Organisation.Person
  private static let school = Organisation.School.first.id

  private static func employment(_ person: Person, from: String, more: String = "") -> String {
    #"{"person":"\#(person.id)","school":"\#(school)","job":"support","fte":0.5,"from":"\#(from)"\#(more)}"#
  }

  @Test("What is made is answered with its address, and can be read, changed and removed")
  func wholeLife() async throws {
    try await Site.with { site in
      let made = try await site.send(
        "POST", "/v1/employments", as: .schoolAdmin, Self.employment(.teacher, from: "2030-08-01"))
      #expect(made.status == 201, "\(made.text)")
      let address = try #require(made["location"])
      let tag = try #require(made["etag"])
      let read = try await site.ask(address, as: .schoolAdmin)
      #expect(read.status == 200 && read.body == made.body && read["etag"] == tag)

      let changed = try await site.send(
        "PATCH", address, as: .schoolAdmin, #"{"fte":0.75,"until":"2031-08-01"}"#, ["If-Match: \(tag)"])
      #expect(changed.status == 200, "\(changed.text)")
      #expect(changed.text.contains(#""fte":0.75"#) && changed.text.contains(#""until":"2031-08-01""#))
      let next = try #require(changed["etag"])
      #expect(next.hasPrefix("\"2-"))

      let cleared = try await site.send(
        "PATCH", address, as: .schoolAdmin, #"{"until":null}"#, ["If-Match: W/\(next)"])
      #expect(cleared.status == 200 && cleared.text.contains(#""until":null"#), "\(cleared.text)")
      let last = try #require(cleared["etag"])
      let removed = try await site.connect().ask("DELETE", address, as: .schoolAdmin, ["If-Match: \(last)"])
      #expect(removed.status == 204)
      #expect(try await site.ask(address, as: .schoolAdmin).status == 404)

      let audit = try await site.ask("/v1/audit?resource=employment&limit=4", as: .schoolAdmin)
      #expect(audit.status == 200, "\(audit.text)")
      #expect(audit.text.contains(#""act":"delete""#) && audit.text.contains(made["x-request-id"] ?? "none"))
    }
  }

  @Test("Of two who change the same version, one is told that the other was before")
  func staleVersion() async throws {
    try await Site.with { site in
      let made = try await site.send(
        "POST", "/v1/employments", as: .adviser, Self.employment(.teacher, from: "2030-08-01"))
      let (address, tag) = (try #require(made["location"]), try #require(made["etag"]))
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for fte in ["0.2", "0.3"] {
          group.addTask {
            try await site.send("PATCH", address, as: .adviser, "{\"fte\":\(fte)}", ["If-Match: \(tag)"]).status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }.sorted()
      }
      #expect(statuses == [200, 412])
      let without = try await site.send("PATCH", address, as: .adviser, #"{"fte":0.4}"#)
      #expect(without.status == 428)
      #expect(try without.problem().code == "precondition_required")
      let odd = try await site.send("PATCH", address, as: .adviser, #"{"fte":0.4}"#, ["If-Match: 5"])
      #expect(odd.status == 400)
    }
  }

  @Test("Fifty copies of a keyed request have one effect and one answer")
  func idempotency() async throws {
    try await Site.with { site in
      let body = Self.employment(.teacher, from: "2030-08-01")
      let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
        for _ in 0..<50 {
          group.addTask {
            var answer: Answer
            repeat {
              answer = try await site.send("POST", "/v1/employments", as: .adviser, body, ["Idempotency-Key: once"])
            } while answer.status == 409 && answer.text.contains("in_progress")
            return answer
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(answers.map(\.status)) == [201])
      #expect(Set(answers.compactMap { $0["location"] }).count == 1)
      #expect(Set(answers.map(\.text)).count == 1)
      let count = try await site.organisation.database.script(
        "select count(*) from beeld.employment where job = 'support' and from_date = '2030-08-01'")
      #expect(count?.string(0, 0) == "1")

      let other = try await site.send(
        "POST", "/v1/employments", as: .adviser, Self.employment(.teacher, from: "2031-08-01"),
        ["Idempotency-Key: once"])
      #expect(other.status == 422)
      #expect(try other.problem().code == "key_reused")
      for key in ["two words", "één", String(repeating: "k", count: 256)] {
        let odd = try await site.send("POST", "/v1/employments", as: .adviser, body, ["Idempotency-Key: \(key)"])
        #expect(odd.status == 400, "\(key)")
      }
    }
  }

  @Test(
    "A keyed file is one import, however often it is sent; another file under its key is refused; what broke off has no key"
  )
  func keyedImport() async throws {
    try await Site.with { site in
      func send(_ file: String, _ key: String) async throws -> Answer {
        try await site.send(
          "POST", "/v1/imports?kind=absences", as: .schoolAdmin, file,
          ["Content-Type: text/csv", "Idempotency-Key: \(key)"])
      }
      let open = try await site.ask("/v1/imports?state=uploading", as: .schoolAdmin)
      let heading = "person_number,category,from,until\n"
      let file = heading + "\(Person.teacher.personNumber),parental_leave,2030-01-01,2030-02-01\n"
      let first = try await send(file, "file")
      #expect(first.status == 201 && first.text.contains(#""state":"previewed""#), "\(first.text)")
      let again = try await send(file, "file")
      #expect(again.status == 201 && again.body == first.body, "\(again.text)")
      let other = try await send(heading, "file")
      #expect(try other.status == 422 && other.problem().code == "key_reused", "\(other.text)")

      let length = ["Content-Type: text/csv", "Idempotency-Key: cut", "Content-Length: 1000"]
      let cut = try site.connect()
      let lines = ["POST /v1/imports?kind=absences HTTP/1.1", "Host: 127.0.0.1"]
      let token = ["Authorization: Bearer \(Person.schoolAdmin.token)"]
      try await cut.send(Array(((lines + token + length + ["", heading]).joined(separator: "\r\n")).utf8))
      try await cut.leave()
      let whole = try await send(file, "cut")
      #expect(whole.status == 201 && whole.text.contains(#""state":"previewed""#), "\(whole.text)")

      let address = try #require(first["location"])
      func commit(_ key: String) async throws -> Answer {
        try await site.send(
          "POST", address + "/transitions", as: .schoolAdmin, #"{"to":"committed"}"#,
          ["If-Match: \(first["etag"] ?? "")", "Idempotency-Key: \(key)"])
      }
      let done = try await commit("commit")
      #expect(done.status == 200 && done.text.contains(#""state":"committed""#), "\(done.text)")
      let repeated = try await commit("commit")
      #expect(repeated.status == 200 && repeated.body == done.body, "\(repeated.text)")
      #expect(try await commit("another").status != 200)
      let absences = try await site.organisation.database.script(
        "select count(*) from beeld.absence where from_date = '2030-01-01'")
      #expect(absences?.string(0, 0) == "1")
      #expect(try await site.ask("/v1/imports?state=uploading", as: .schoolAdmin).body == open.body)
    }
  }

  @Test("Of fifty clients who send one command and are cut off before the answer, all learn the same afterwards")
  func repliesCut() async throws {
    try await Site.with { site in
      let body = Self.employment(.teacher, from: "2030-08-01")
      let key = ["Idempotency-Key: cut"]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<50 {
          group.addTask { try await site.connect().sendOnly("POST", "/v1/employments", as: .adviser, body, key) }
        }
        try await group.waitForAll()
      }
      var answer: Answer
      repeat {
        answer = try await site.send("POST", "/v1/employments", as: .adviser, body, key)
      } while answer.status == 409 && answer.text.contains("in_progress")
      #expect(answer.status == 201, "\(answer.text)")
      let again = try await site.send("POST", "/v1/employments", as: .adviser, body, key)
      #expect(again.status == 201 && again.body == answer.body && again["location"] == answer["location"])
      let count = try await site.organisation.database.script(
        "select count(*) from beeld.employment where job = 'support' and from_date = '2030-08-01'")
      #expect(count?.string(0, 0) == "1")
    }
  }

  @Test("Every faulty field is named in one answer, and nothing is changed")
  func faults() async throws {
    try await Site.with { site in
      let answer = try await site.send(
        "POST", "/v1/employments", as: .adviser,
        #"{"person":"x","job":"king","fte":9,"from":"2026-02-30","until":null,"extra/~":1}"#)
      #expect(answer.status == 422)
      let found = try answer.problem().errors ?? []
      #expect(
        Set(found.compactMap(\.pointer)) == ["/person", "/school", "/job", "/fte", "/from", "/extra~1~0"])
      let order = try await site.send(
        "POST", "/v1/employments", as: .adviser,
        Self.employment(.teacher, from: "2030-08-01", more: #","until":"2030-08-01""#))
      #expect(try order.problem().errors?.first?.code == "not_later")
      let unknown = try await site.send(
        "POST", "/v1/employments", as: .adviser,
        Self.employment(.teacher, from: "2030-08-01").replacing(
          Person.teacher.id, with: "0193b6a0-0000-7000-8000-0000000000ff"))
      #expect(try unknown.problem().errors?.first?.pointer == "/person")
    }
  }

  @Test(
    "What is no JSON, or not said to be, is refused with the place",
    arguments: [
      ("{", 400), ("", 400), ("[]", 422), ("{\"a\":1,\"a\":2}", 400), ("{\"a\":\"\\u0000\"}", 400),
      ("{\"a\":\"\\ud800\"}", 400), (String(repeating: "[", count: 40), 400), ("nul", 400), ("{\"a\":01}", 400),
      ("1e999", 422), ("{\"person\":null}", 422),
    ])
  func malformed(body: String, status: Int) async throws {
    try await Site.with { site in
      let answer = try await site.send("POST", "/v1/employments", as: .adviser, body)
      #expect(answer.status == status, "\(answer.text)")
      _ = try answer.problem()
      let type = try await site.send("POST", "/v1/employments", as: .adviser, "{}", ["Content-Type: text/plain"])
      #expect(type.status == 415)
    }
  }

  @Test("Nobody gives themselves a role, and each gives only their own kinds")
  func roles() async throws {
    try await Site.with { site in
      for (role, person, asker, status) in [
        ("coach", Person.adviser, Person.adviser, 403), ("adviser", .teacher, .adviser, 403),
        ("coach", .teacher, .systemAdmin, 403), ("coach", .support, .director, 403), ("coach", .support, .adviser, 201),
        ("privacy_officer", .support, .systemAdmin, 201),
      ] {
        let answer = try await site.send(
          "POST", "/v1/role-assignments", as: asker,
          #"{"person":"\#(person.id)","role":"\#(role)","school":null,"from":"2020-01-01"}"#)
        #expect(answer.status == status, "\(role) by \(asker): \(answer.text)")
      }
    }
  }

  @Test("A role that ends, a person who is disabled, a token that is revoked: the very next request knows")
  func endsAtOnce() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      #expect(try await wire.ask("/v1/audit?resource=school", as: .privacyOfficer).status == 200)
      let made = try await site.send(
        "POST", "/v1/role-assignments", as: .adviser,
        #"{"person":"\#(Person.support.id)","role":"director","school":"\#(Self.school)","from":"2020-01-01"}"#)
      #expect(made.status == 201, "\(made.text)")
      let (address, tag) = (try #require(made["location"]), try #require(made["etag"]))
      #expect(try await wire.ask("/v1/coverage", as: .support).status == 200)
      let ended = try await site.send(
        "PATCH", address, as: .adviser, #"{"until":"2020-01-02"}"#, ["If-Match: \(tag)"])
      #expect(ended.status == 200, "\(ended.text)")
      #expect(try await wire.ask("/v1/coverage", as: .support).status == 404)

      let person = try await site.ask("/v1/people/\(Person.support.id)", as: .systemAdmin)
      let disabled = try await site.send(
        "PATCH", "/v1/people/\(Person.support.id)", as: .systemAdmin, #"{"disabled":true}"#,
        ["If-Match: \(try #require(person["etag"]))"])
      #expect(disabled.status == 200 && disabled.text.contains(#""disabled":true"#), "\(disabled.text)")
      #expect(try await wire.ask("/v1/me", as: .support).status == 401)

      try await site.organisation.database.script(
        "update beeld.api_token set revoked_at = now() where person_id = '\(Person.coach.id)'")
      #expect(try await wire.ask("/v1/me", as: .coach).status == 401)
    }
  }

  @Test("A claim of experience is decided by the adviser, and not by who made it")
  func claims() async throws {
    try await Site.with { site in
      let made = try await site.send(
        "POST", "/v1/prior-experience", as: .teacher,
        #"{"person":"\#(Person.teacher.id)","from":"2019-08-01","until":"2020-08-01","evidence":"Letter"}"#)
      #expect(made.status == 201 && made.text.contains(#""allowed_transitions":[]"#), "\(made.text)")
      let (address, tag) = (try #require(made["location"]), try #require(made["etag"]))
      let own = try await site.send(
        "POST", address + "/transitions", as: .teacher, #"{"to":"approved"}"#, ["If-Match: \(tag)"])
      #expect(own.status == 403)
      let seen = try await site.ask(address, as: .adviser)
      #expect(seen.text.contains(#""allowed_transitions":["approved","declined"]"#))
      let approved = try await site.send(
        "POST", address + "/transitions", as: .adviser, #"{"to":"approved"}"#, ["If-Match: \(tag)"])
      #expect(approved.status == 200 && approved.text.contains(#""state":"approved""#), "\(approved.text)")
      let again = try await site.send(
        "POST", address + "/transitions", as: .adviser, #"{"to":"declined"}"#,
        ["If-Match: \(try #require(approved["etag"]))"])
      #expect(again.status == 409)
    }
  }

  @Test("A school registers a person together with the first employment there, and only there")
  func people() async throws {
    try await Site.with { site in
      func body(_ number: String, _ employment: String) -> String {
        #"{"name":"Noor \u0301e","person_number":"\#(number)","email":"\#(number)@example.org"\#(employment)}"#
      }
      func post(_ school: String) -> String {
        #","employment":{"school":"\#(school)","job":"teacher","fte":0.8,"from":"2026-08-01"}"#
      }
      let made = try await site.send("POST", "/v1/people", as: .schoolAdmin, body("X1", post(Self.school)))
      #expect(made.status == 201, "\(made.text)")
      let elsewhere = try await site.send(
        "POST", "/v1/people", as: .schoolAdmin, body("X2", post(Organisation.School.second.id)))
      #expect(elsewhere.status == 403)
      let without = try await site.send("POST", "/v1/people", as: .schoolAdmin, body("X3", ""))
      #expect(try without.problem().errors?.first?.pointer == "/employment")
      let taken = try await site.send("POST", "/v1/people", as: .adviser, body("X1", ""))
      #expect(taken.status == 409)
      #expect(try taken.problem().code == "taken")

      let found = try await site.ask("/v1/people?q=X1", as: .schoolAdmin)
      #expect(found.text.contains(#""person_number":"X1""#))
      let address = try #require(made["location"])
      let tag = try #require(made["etag"])
      let approved = try await site.send(
        "PATCH", address, as: .adviser, #"{"teaching_since":"2025-08-01","teaching_since_approved":true}"#,
        ["If-Match: \(tag)"])
      #expect(approved.text.contains(#""teaching_since_approved":true"#), "\(approved.text)")
      let changed = try await site.send(
        "PATCH", address, as: .schoolAdmin, #"{"teaching_since":"2024-08-01"}"#,
        ["If-Match: \(try #require(approved["etag"]))"])
      #expect(changed.text.contains(#""teaching_since_approved":false"#), "\(changed.text)")
      let refused = try await site.send(
        "PATCH", address, as: .schoolAdmin, #"{"disabled":true,"name":"Other"}"#,
        ["If-Match: \(try #require(changed["etag"]))"])
      #expect(refused.status == 403)
      #expect(try await site.ask(address, as: .adviser).body == changed.body)
    }
  }

  @Test("Groups roll over to the next school year, once")
  func groups() async throws {
    try await Site.with { site in
      let path = "/v1/schools/\(Self.school)/groups"
      for name in ["5a", "5b"] {
        let made = try await site.send(
          "POST", path, as: .schoolAdmin, #"{"school_year":2030,"name":"\#(name)"}"#)
        #expect(made.status == 201, "\(made.text)")
      }
      #expect(try await site.send("POST", path, as: .director, #"{"school_year":2030,"name":"5c"}"#).status == 403)
      for _ in 0..<2 {
        let rolled = try await site.send("POST", path + "/roll-over", as: .schoolAdmin, #"{"school_year":2030}"#)
        #expect(rolled.status == 200, "\(rolled.text)")
      }
      let next = try await site.ask(path + "?school_year=2031", as: .teacher)
      #expect(next.text.components(separatedBy: #""school_year":2031"#).count == 3, "\(next.text)")
    }
  }

  @Test("Two entries of one person become one, with all its facts")
  func merging() async throws {
    try await Site.with { site in
      let answer = try await site.send(
        "POST", "/v1/people/\(Person.newcomer.id)/merge", as: .adviser, #"{"into":"\#(Person.alumnus.id)"}"#)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try await site.ask("/v1/people/\(Person.newcomer.id)", as: .adviser).status == 404)
      let refused = try await site.send(
        "POST", "/v1/people/\(Person.colleague.id)/merge", as: .director, #"{"into":"\#(Person.teacher.id)"}"#)
      #expect(refused.status == 403)
    }
  }

  @Test("Rules are added for days to come, by the adviser")
  func policies() async throws {
    try await Site.with { site in
      let body = #"{"valid_from":"2040-08-01","programme_start":"2023-08-01","pause_days":42}"#
      #expect(try await site.send("POST", "/v1/policies", as: .director, body).status == 403)
      let made = try await site.send("POST", "/v1/policies", as: .adviser, body)
      #expect(made.status == 201 && made.text.contains(#""pause_days":42"#), "\(made.text)")
      #expect(made["location"] == "/v1/policies/2040-08-01")
      #expect(try await site.send("POST", "/v1/policies", as: .adviser, body).status == 409)
      let past = try await site.send(
        "POST", "/v1/policies", as: .adviser, body.replacing("2040", with: "2020"))
      #expect(past.status == 422)
    }
  }
}
