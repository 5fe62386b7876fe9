import TestDatabase
import Testing

/// Parameters are read strictly, and all faults are told at once.
@Suite struct ParameterTests {
  @Test("One answer names every faulty parameter, with what would be right")
  func allAtOnce() async throws {
    try await Site.with { site in
      let query = [
        "limit=0", "after=!", "as_of=2026-02-30", "coverage=nope", "urgency=Overdue", "employment=",
        "data_incomplete=1",
        "school=toolong", "q=a", "q=b", "nonsense=1", "%ZZ=1", "also%20nonsense", "x=%",
      ]
      let answer = try await site.ask("/v1/starters?" + query.joined(separator: "&"), as: .adviser)
      let problem = try answer.problem()
      #expect(answer.status == 400 && problem.code == "invalid_parameters")
      let faults = Set((problem.errors ?? []).map { "\($0.parameter ?? "") \($0.code)" })
      #expect(
        faults == [
          "limit invalid_limit", "after invalid_cursor", "as_of invalid_date", "coverage invalid_choice",
          "urgency invalid_choice", "employment invalid_choice", "data_incomplete invalid_boolean",
          "school invalid_format",
          "q repeated_parameter", "nonsense unknown_parameter", "%ZZ undecodable_parameter",
          "also nonsense unknown_parameter", "x undecodable_parameter",
        ])
      #expect(problem.errors?.allSatisfy { !$0.detail.isEmpty } == true)
    }
  }

  @Test("Every route refuses a parameter that it does not know")
  func unknown() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for truth in routeTruths where truth.subject != .operation {
        for expected in truth.expectations(for: .adviser) where expected.status == 200 {
          let path = expected.path + (expected.path.contains("?") ? "&" : "?") + "limits=5"
          let answer = try await wire.ask(path, as: .adviser)
          #expect(answer.status == 400, "\(path)")
          #expect(try answer.problem().errors?.map(\.parameter) == ["limits"], "\(path)")
        }
      }
    }
  }

  @Test("A parameter given twice is refused, however its name is spelled")
  func repeated() async throws {
    try await Site.with { site in
      for query in ["limit=1&limit=1", "limit=1&%6cimit=2", "q=&q="] {
        let answer = try await site.ask("/v1/schools?" + query, as: .teacher)
        #expect(answer.status == 400, "\(query)")
      }
    }
  }

  @Test("Values that are none of the kind are refused")
  func malformed() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let bad: [(parameter: String, values: [String])] = [
        (
          "limit",
          [
            "0", "501", "-1", "1.0", "+5", "", "abc", "%201", "1%20", "999999999999999999999", "1e2", "%EF%BC%91",
            "0x10",
          ]
        ),
        ("after", ["", "!", "%00", "YQ%3D%3D", "YR", String(repeating: "A", count: 4001), "_w"]),
        (
          "as_of",
          ["", "2026-2-1", "2026-02-29", "1899-12-31", "2200-01-01", "infinity", "today", "2026-01-01%00", "now"]
        ),
        ("coverage", ["", "OPEN", "open,covered", "open%20", "null"]),
        ("data_incomplete", ["", "TRUE", "1", "yes", "null"]),
        (
          "q",
          [
            "%00", "a%00b", "%0A", "%7F", "%C2%85", "%FF", "%C0%80", "%ED%A0%80", String(repeating: "a", count: 201),
            "%",
          ]
        ),
      ]
      for (parameter, values) in bad {
        for value in values {
          let answer = try await wire.ask("/v1/starters?\(parameter)=\(value)", as: .adviser)
          #expect(answer.status == 400, "\(parameter)=\(value)")
          #expect(try answer.problem().errors?.count == 1, "\(parameter)=\(value)")
        }
      }
    }
  }

  @Test("Whatever people write is searched for as it is, and nothing in it is a pattern")
  func search() async throws {
    let arrangement = #"""
      insert into school (id, code, name, board_number) values
        (gen_random_uuid(), '90AA00', 'It Bûtenplak', '12345'), (gen_random_uuid(), '90AA01', '100% \_''"<b>', '12345')
      """#
    try await Site.with(arrangement: arrangement) { site in
      let wire = try site.connect()
      for (q, codes) in [
        ("b%C3%BBtenplak", ["90AA00"]), ("B%C3%9BTEN", ["90AA00"]), ("90aa", ["90AA00", "90AA01"]),
        ("100%25", ["90AA01"]),
        ("%25", ["90AA01"]), ("_", ["90AA01"]), ("%5C", ["90AA01"]), ("'", ["90AA01"]), ("%22", ["90AA01"]),
        ("%3Cb%3E", ["90AA01"]), ("It+B", ["90AA00"]), ("'%3B+drop+table+school%3B--", []), ("%F0%9F%91%A9", []),
        (String(repeating: "z", count: 200), []),
      ] {
        let answer = try await wire.ask("/v1/schools?q=\(q)", as: .support)
        #expect(answer.status == 200, "\(q)")
        let found = answer.text.matches(of: /"code" ?: ?"([^"]*)"/).map { String($0.output.1) }
        #expect(found == codes, "\(q)")
      }
    }
  }

  @Test("Addresses that name nothing are 404, malformed ids too, and 401 comes first")
  func malformedIDs() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let ids = [
        "1", "x", "null", "%00", "%FF", "..", "%2E%2E", "%2F", "0193b6a0-0001-7000-8000-00000000000",
        "0193b6a0-0001-7000-8000-0000000000011", "0193b6a0000170008000000000000001", "'", "%27%20or%201%3D1--",
        "{0193b6a0-0001-7000-8000-000000000001}", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        String(repeating: "a", count: 2000),
      ]
      for truth in routeTruths where truth.route.contains("{") {
        let parts = truth.route.split(separator: " ")[1].split(separator: "/")
        // Rules go by their number too.
        for id in ids where truth.subject != .fact(.policies) || id != "1" {
          let path = "/" + parts.map { $0.hasPrefix("{") ? id : String($0) }.joined(separator: "/")
          let answer = try await wire.ask(path, as: .adviser)
          #expect(answer.status == 404, "\(path)")
          #expect(try answer.problem().code == "not_found", "\(path)")
        }
        let known = "/" + parts.map { $0.hasPrefix("{") ? "x" : String($0) }.joined(separator: "/")
        #expect(try await wire.ask(known).status == (truth.subject == .secret ? 404 : 401))
      }
      for path in ["/", "/v1", "/v1/", "/v2/me", "/V1/me", "/v1/Me", "/v1/nothing", "/v1/me/x", "/v1/schools/x/y"] {
        #expect(try await wire.ask(path, as: .adviser).status == 404, "\(path)")
      }
    }
  }
}
