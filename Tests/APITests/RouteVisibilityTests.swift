import Foundation
import TestDatabase
import Testing

@testable import API

/// The matrix over HTTP: every route, everybody, own and others'.
@Suite struct RouteVisibilityTests {
  @Test("Every route that the server has is in the truth table, and nothing else is")
  func routes() async throws {
    try await Site.with { site in
      let routes = site.server.routes.routes.filter { $0.method == .get }
      #expect(routes.map { "\($0.method) \($0.path)" }.sorted() == routeTruths.map(\.route).sorted())
      for route in routes where route.access == .open {
        let truth = routeTruths.first { $0.route == "\(route.method) \(route.path)" }
        #expect(truth?.subject == .operation || truth?.subject == .secret, "\(route.path) is open to anybody")
      }
    }
  }

  @Test("Everybody is answered what their roles show, and no id or name beside it, as the document says")
  func matrix() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let documented = site.server.routes.routes.reduce(into: [:]) { $0["\($1.method) \($1.path)"] = $1.problems }
      for person in Organisation.Person.allCases {
        for truth in routeTruths {
          for expected in truth.expectations(for: person) {
            let answer = try await wire.ask(expected.path, as: person)
            #expect(answer.status == expected.status, "\(expected.path) as \(person): \(answer.text)")
            let problems = documented[truth.route] ?? []
            #expect(answer.status < 400 || problems.contains(answer.status), "\(truth.route) is not said to answer so")
            #expect(answer.ids == expected.ids, "\(expected.path) as \(person)")
            let names = answer.names.subtracting([person])
            #expect(Set(names.map(\.id)).isSubset(of: expected.ids), "\(expected.path) as \(person)")
            if let named = expected.named { #expect(answer.names == named, "\(expected.path) as \(person)") }
          }
        }
      }
    }
  }

  @Test("Without a token every route of the matrix is 401 and says nothing, but for those without data")
  func nobody() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for truth in routeTruths {
        for expected in truth.expectations(for: .adviser) {
          let answer = try await wire.ask(expected.path)
          let open: [RouteTruth.Subject] = [.operation, .secret]
          #expect(answer.status == (open.contains(truth.subject) ? expected.status : 401), "\(expected.path)")
          #expect(answer.ids.isEmpty && answer.names.isEmpty, "\(expected.path)")
        }
      }
    }
  }

  @Test("What exists and may not be seen is answered exactly as what does not exist")
  func hiddenIsAbsent() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let nobody = "0193b6a0-0002-7000-8000-000000009999"
      for (path, id, person) in hidden {
        let hidden = try await wire.ask(path.replacingOccurrences(of: "ID", with: id), as: person)
        let absent = try await wire.ask(path.replacingOccurrences(of: "ID", with: nobody), as: person)
        #expect(hidden.status == 404 && absent.status == 404, "\(path)")
        #expect(hidden.likeness == absent.likeness, "\(path)")
      }
    }
  }

  /// Among them an own wish and what came of it, to a director and a school.
  private var hidden: [(path: String, id: String, person: Organisation.Person)] {
    let (wish, guidance) = (Organisation.requests[1].id, Organisation.trajectories[1].id)
    return [
      ("/v1/starters/ID/explanation", Organisation.Person.colleague.id, .teacher),
      ("/v1/report-runs/ID", Organisation.reportRunID, .teacher),
      ("/v1/report-runs/ID/rows", Organisation.reportRunID, .schoolAdmin),
      ("/v1/requests/ID", wish, .director), ("/v1/requests/ID", wish, .schoolAdmin),
      ("/v1/requests/ID/learning-question", wish, .director), ("/v1/requests/ID/learning-question", wish, .systemAdmin),
      ("/v1/requests/ID/suggested-coaches", wish, .director), ("/v1/trajectories/ID", guidance, .director),
      ("/v1/trajectories/ID/agreements", guidance, .director),
      ("/v1/trajectories/ID/follow-ups", guidance, .schoolAdmin),
      ("/v1/recordings/ID", Organisation.recordings[6].id, .director),
      ("/v1/recordings/ID/reflection", Organisation.recordings[4].id, .privacyOfficer),
      ("/v1/copies/ID", Organisation.copies[2].id, .adviser),
      ("/v1/storyboards/ID/text", Organisation.storyboards[1].id, .coach),
      ("/v1/consents/ID", Organisation.consents[3].id, .adviser),
      ("/v1/coaches/ID/unavailability", Organisation.Person.coach.id, .director),
    ]
  }

  @Test("Filters narrow what one sees and never widen it, nor tell of what one does not see")
  func filters() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let outsider = Organisation.Person.teacherFarAway
      for person in Organisation.Person.allCases where person != outsider && person != .adviser {
        let visible = try await wire.ask("/v1/starters?coverage=out_of_scope", as: person).ids
        #expect(visible.isEmpty, "nobody here is out of scope")
        let asked = try await wire.ask("/v1/starters", as: person)
        for query in [
          "q=\(outsider.rawValue)", "q=\(outsider.personNumber)", "school=\(Organisation.School.third.code)",
          "q=Person&school=\(Organisation.School.third.code)", "school=99ZZ99",
        ] {
          let found = try await wire.ask("/v1/starters?" + query, as: person)
          #expect(
            found.status == 200 && found.text.filter { $0 != " " } == #"{"items":[],"next":null}"#,
            "\(query) as \(person)")
        }
        for query in ["q=Person", "coverage=open", "coverage=covered", "data_incomplete=false", "as_of=2026-01-01"] {
          let found = try await wire.ask("/v1/starters?" + query, as: person)
          #expect(
            found.ids.isSubset(of: asked.ids.union(Organisation.School.allCases.map(\.id))), "\(query) as \(person)")
        }
      }
    }
  }

  @Test("Documents of a run show each reader their part of it, in every form")
  func documents() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let truth = try #require(routeTruths.first { $0.subject == .runRows })
      for person in Organisation.Person.allCases {
        let expected = truth.expectations(for: person)[0]
        for form in ["text/csv", "text/html", "application/json"] {
          for path in [expected.path, expected.path.replacingOccurrences(of: "/rows", with: "")] {
            let answer = try await wire.ask(path, as: person, ["Accept: \(form)"])
            #expect(answer.status == expected.status, "\(path) \(form) as \(person)")
            #expect(answer.ids.isSubset(of: expected.ids), "\(path) \(form) as \(person)")
            #expect(Set(answer.names.map(\.id)).isSubset(of: expected.ids), "\(path) \(form) as \(person)")
            if form == "text/csv", answer.status == 200 {
              let people = expected.ids.intersection(Organisation.Person.allCases.map(\.id))
              #expect(Set(answer.names.map(\.id)) == people, "\(path) as \(person)")
            }
          }
        }
      }
    }
  }

  @Test("Figures are of the schools that one answers for, totals included")
  func figures() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      for (person, starters) in [
        (Organisation.Person.adviser, 6), (.director, 2), (.schoolAdmin, 2), (.directorAndCoach, 2),
        (.directorElsewhere, 3),
      ] {
        for grouping in ["board", "school", "cohort"] {
          let answer = try await wire.ask("/v1/coverage?group_by=\(grouping)", as: person)
          let figures = try JSONDecoder().decode(Figures.self, from: Data(answer.body))
          #expect(figures.total.starters == starters, "\(grouping) as \(person)")
          for parts in [figures.schools, figures.cohorts] where parts != nil {
            #expect(parts?.map(\.starters).reduce(0, +) == starters, "\(grouping) as \(person)")
          }
        }
      }
    }
  }

  @Test("The number of rows of a stored run is the board's: a director is not told it, in no form")
  func numberOfRows() async throws {
    try await Site.with { site in
      let run = "/v1/report-runs/\(Organisation.reportRunID)"
      let all = Organisation.attribution.count
      for path in ["/v1/report-runs", run, run + "/rows"] {
        let answer = try await site.ask(path, as: .adviser, ["Accept: application/json"])
        #expect(answer.rowCounts == ["\(all)"], "\(path)")
      }
      for path in ["/v1/report-runs", run] {
        let answer = try await site.ask(path, as: .director, ["Accept: application/json"])
        #expect(answer.status == 200 && answer.rowCounts == ["null"], "\(path)")
      }
      let document = try await site.ask(run + "/rows", as: .director, ["Accept: application/json"])
      #expect(!document.rowCounts.contains("\(all)"))
    }
  }

  private struct Figures: Decodable {
    struct Part: Decodable { let starters: Int }
    let total: Part
    let schools: [Part]?
    let cohorts: [Part]?
  }
}

extension Answer {
  /// Ids of the organisation in the body.
  var ids: Set<String> {
    Set(text.matches(of: /0193b6a0-[0-9a-f]{4}-7000-8000-[0-9a-f]{12}/).map { String($0.output) })
  }

  /// The values of `row_count`, as written.
  var rowCounts: [String] { text.matches(of: /"row_count" ?: ?([^,}]*)/).map { String($0.output.1) } }

  /// People of the organisation whose name is in the body.
  var names: Set<Organisation.Person> {
    Set(text.matches(of: /Person ([A-Za-z]+)/).compactMap { Organisation.Person(rawValue: String($0.output.1)) })
  }

  /// All that an asker could tell this answer from another by: not the moment, not the request's own name.
  var likeness: String {
    // A problem repeats the request's name, whose length grows with the number of requests.
    let own = ["date", "x-request-id"] + (status < 400 ? [] : ["content-length"])
    let kept = headers.filter { !own.contains($0.name) }.map { "\($0.name): \($0.value)" }
    let body = text.replacing(/"request_id":"[^"]*"/, with: "")
    return "\(status)\n" + kept.sorted().joined(separator: "\n") + "\n" + body
  }
}
