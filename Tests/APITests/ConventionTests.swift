import Foundation
import TestDatabase
import Testing

/// What every answer has, whatever was asked.
@Suite struct ConventionTests {
  @Test("Every answer names its request and forbids a browser to guess, frame or run it")
  func headers() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      var names: Set<String> = []
      var asked = 0
      for (path, person) in try addresses() {
        let answer = try await wire.ask(path, as: person)
        #expect(answer.all("X-Content-Type-Options") == ["nosniff"], "\(path)")
        #expect(answer.all("Referrer-Policy") == ["no-referrer"], "\(path)")
        #expect(answer.all("Content-Security-Policy").first?.contains("frame-ancestors 'none'") == true, "\(path)")
        #expect(answer.all("X-Request-ID").count == 1, "\(path)")
        #expect(answer.all("Content-Type").count == 1, "\(path)")
        #expect(answer.all("Server").isEmpty, "\(path)")
        names.insert(answer["X-Request-ID"] ?? "")
        asked += 1
      }
      #expect(names.count == asked, "no two requests share a name")
    }
  }

  @Test("What was asked with an identity is never kept for another")
  func caching() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for (path, person) in try addresses() where person != nil {
        let answer = try await wire.ask(path, as: person)
        let cache = answer["Cache-Control"] ?? ""
        #expect(cache == "no-store" || cache == "private, no-cache", "\(path)")
        guard answer.status == 200 else { continue }
        let vary = (answer["Vary"] ?? "").lowercased()
        #expect(vary.contains("authorization") && vary.contains("accept-language"), "\(path)")
      }
    }
  }

  @Test("HEAD is GET without the body: the same status, the same headers, the same length")
  func head() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for (path, person) in try addresses() where path != "/metrics" {
        let whole = try await wire.ask("GET", path, as: person)
        guard whole.status == 200 else { continue }
        let head = try await wire.ask("HEAD", path, as: person)
        #expect(head.status == whole.status, "\(path)")
        for name in ["content-type", "etag", "cache-control", "vary", "link", "www-authenticate", "content-language"] {
          #expect(head[name] == whole[name], "\(name) of \(path)")
        }
        if let length = whole["content-length"], whole.status == 200 {
          #expect(head["content-length"] == length, "length of \(path)")
        }
      }
    }
  }

  @Test("A HEAD that is refused has no body either: what follows on the connection is the next answer")
  func refusedHead() async throws {
    try await Site.with { site in
      for path in ["/v1/me", "/v1/schools?limit=0", "/v1/schools/x"] {
        let wire = try site.connect()
        let head = try await wire.ask("HEAD", path, as: nil)
        #expect((400..<500).contains(head.status), "\(path)")
        let next = try await wire.ask("/health/live")
        #expect(next.status == 200 && next.text.contains("alive"), "\(path)")
      }
    }
  }

  @Test("A method that an address does not know is 405, and Allow names those that it knows")
  func methods() async throws {
    try await Site.with { site in
      for truth in routeTruths {
        let path = truth.expectations(for: .adviser)[0].path
        let routes = site.server.routes.routes.filter { "GET \($0.path)" == truth.route }
        let known = Set(routes.map(\.method.rawValue)).union(["HEAD"])
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] where !known.contains(method) {
          let answer = try await site.connect().ask(method, path, as: .adviser, ["Content-Length: 0"])
          #expect(answer.status == 405, "\(method) \(path)")
          let allowed = (answer["Allow"] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
          #expect(Set(allowed) == known, "\(method) \(path)")
          #expect(try answer.problem().code == "method_not_allowed")
        }
      }
    }
  }

  @Test("An address that no route fits is a problem like any other, in the language that was asked for")
  func unrouted() async throws {
    try await Site.with { site in
      for path in ["/", "/nothing", "/v1", "/v1/nothing", "/v1/schools/x/y", "/%00"] {
        let answer = try await site.ask(path, as: .adviser, ["Accept-Language: en"])
        #expect(answer.status == 404 && answer["Content-Language"] == "en", "\(path)")
        #expect(try answer.problem().title == "Not found", "\(path)")
      }
    }
  }

  @Test("Words are Dutch unless English is wanted more, and the answer says which they are")
  func language() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let explanation = "/v1/starters/\(Organisation.Person.teacher.id)/explanation"
      for (header, language) in [
        (nil, "nl"), ("en", "en"), ("nl", "nl"), ("en-GB,en;q=0.9", "en"), ("nl;q=0.2,en;q=0.3", "en"),
        ("en;q=0.2,nl;q=0.3", "nl"), ("fy", "nl"), ("*", "nl"), ("", "nl"), ("en;q=0", "nl"),
      ] as [(String?, String)] {
        let wanted = header.map { ["Accept-Language: \($0)"] } ?? []
        for path in [explanation, "/v1/schools/x"] {
          let answer = try await wire.ask("GET", path, as: .teacher, wanted)
          #expect(answer["Content-Language"] == language, "\(path) in \(header ?? "nothing")")
          let isDutch = answer.text.contains("De eerste bevoegde lesdag") || answer.text.contains("Niet gevonden")
          #expect(isDutch == (language == "nl"), "\(path) in \(header ?? "nothing")")
        }
      }
    }
  }

  @Test("Open routes tell nothing of people, and readiness follows the schema and the wish to stop")
  func operations() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let database = site.organisation.database
      for person in Organisation.Person.allCases {
        _ = try await wire.ask("/v1/starters/\(person.id)/explanation?as_of=2026-11-23", as: .adviser)
        _ = try await wire.ask("/\(person.id)/\(person.rawValue)", as: person)
      }
      let metrics = try await wire.ask("/metrics")
      #expect(metrics.status == 200 && metrics.ids.isEmpty && metrics.names.isEmpty)
      #expect(!metrics.text.contains("2026-11-23") && !metrics.text.contains("teacherElsewhere"))
      #expect(metrics.text.contains("/v1/starters/{person}/explanation"))

      let version = try await database.script("select app.schema_version()")?.int(0, 0) ?? 0
      for (offset, status) in [(0, 200), (1, 200), (2, 503)] {
        if offset > 0 {
          try await database.script("insert into schema_migration values (\(version + offset), 'later', 'later')")
        }
        #expect(try await wire.ask("/health/ready").status == status, "schema N + \(offset)")
      }
      try await database.script("delete from schema_migration where number >= \(version)")
      let tooOld = try await wire.ask("/health/ready")
      #expect(tooOld.status == 503 && tooOld["Retry-After"] != nil)
      try await database.script("insert into schema_migration values (\(version), 'same', 'same')")
      #expect(try await wire.ask("/health/ready").status == 200)
      site.readiness.drain()
      #expect(try await wire.ask("/health/ready").status == 503)
      #expect(try await wire.ask("/health/live").status == 200)
    }
  }

  /// Every address of the truth table, some that are refused, some that are faulty.
  private func addresses() throws -> [(String, Organisation.Person?)] {
    let known = routeTruths.flatMap { truth in
      truth.expectations(for: .adviser).map {
        ($0.path, truth.subject == .operation ? nil : Organisation.Person.adviser)
      }
    }
    return known + [("/v1/me", nil), ("/v1/schools?limit=0", .teacher), ("/v1/coverage", .teacher)]
      + [("/v1/schools?limit=1", .teacher), ("/v1/schools/x", .teacher)]
  }
}
