import TestDatabase
import Testing

/// Entity tags: who has an answer already is not sent it again, and nobody is told that what they have still holds when
/// it does not.
@Suite struct EntityTagTests {
  private static let resources = [
    "/v1/me", "/v1/schools/\(Organisation.School.first.id)", "/v1/report-runs/\(Organisation.reportRunID)",
    "/v1/requests/\(Organisation.requests[0].id)", "/v1/coaches/\(Organisation.Person.coach.id)",
  ]

  @Test("A resource has a strong tag of its version and its body, and with it the answer is 304 without a body")
  func notModified() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for path in Self.resources {
        let answer = try await wire.ask(path, as: .adviser)
        let tag = try #require(answer["ETag"])
        #expect(tag.wholeMatch(of: /"[0-9]+-[0-9a-f]+"/) != nil, "\(path)")
        for condition in [tag, "W/\(tag)", "*", #""other", \#(tag)"#, #"\#(tag), "other""#, #"W/"x" ,W/\#(tag)"#] {
          let again = try await wire.ask("GET", path, as: .adviser, ["If-None-Match: \(condition)"])
          #expect(again.status == 304 && again.body.isEmpty, "\(path) \(condition)")
          #expect(again["ETag"] == tag && again["Vary"] == answer["Vary"], "\(path) \(condition)")
          #expect(again["Cache-Control"] == answer["Cache-Control"], "\(path) \(condition)")
        }
        for condition in [
          #""other""#, String(tag.dropFirst().dropLast()), tag.uppercased(), "", #""""#, tag.dropLast() + #"0""#,
        ] {
          guard condition != tag else { continue }
          let again = try await wire.ask("GET", path, as: .adviser, ["If-None-Match: \(condition)"])
          #expect(again.status == 200 && again.body == answer.body, "\(path) \(condition)")
        }
      }
    }
  }

  @Test("A tag changes with what the reader sees, and only then")
  func changes() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let path = "/v1/schools/\(Organisation.School.first.id)"
      let before = try await wire.ask(path, as: .adviser)["ETag"]
      #expect(try await wire.ask(path, as: .teacher)["ETag"] == before)
      try await site.organisation.database.script(
        "update school set name = 'Renamed', version = version + 1 where id = '\(Organisation.School.first.id)'")
      let after = try await wire.ask("GET", path, as: .adviser, ["If-None-Match: \(before ?? "")"])
      #expect(after.status == 200 && after["ETag"] != before && after["ETag"]?.hasPrefix("\"2-") == true)
      try await site.organisation.database.script(
        "update school set city = 'Elsewhere' where id = '\(Organisation.School.first.id)'")
      let sameVersion = try await wire.ask("GET", path, as: .adviser, ["If-None-Match: \(after["ETag"] ?? "")"])
      #expect(sameVersion.status == 200, "the body's hash tells, where the version does not")
    }
  }

  @Test("Who is told less of the same row has another tag for it, and of another room none at all")
  func told() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for (path, whole, less) in [
        ("/v1/trajectories/\(Organisation.trajectories[0].id)", Organisation.Person.coach, Organisation.Person.adviser),
        ("/v1/coaches/\(Organisation.Person.coach.id)", .coach, .teacher),
      ] {
        let known = try #require(try await wire.ask(path, as: whole)["ETag"])
        let answer = try await wire.ask("GET", path, as: less, ["If-None-Match: \(known)"])
        #expect(answer.status == 200 && answer["ETag"] != known, "\(path)")
      }
    }
  }

  @Test("A tag of another's answer is no way to learn what it was: without the right to see there is no 304")
  func othersTag() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let run = "/v1/report-runs/\(Organisation.reportRunID)"
      let tag = try #require(try await wire.ask(run, as: .adviser)["ETag"])
      for condition in [tag, "*"] {
        #expect(try await wire.ask("GET", run, as: .teacher, ["If-None-Match: \(condition)"]).status == 404)
        #expect(try await wire.ask("GET", run, as: nil, ["If-None-Match: \(condition)"]).status == 401)
      }
      let mine = try #require(try await wire.ask("/v1/me", as: .teacher)["ETag"])
      #expect(try await wire.ask("GET", "/v1/me", as: .colleague, ["If-None-Match: \(mine)"]).status == 200)
    }
  }
}
