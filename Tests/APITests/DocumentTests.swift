import Foundation
import Program
import TestDatabase
import Testing

@testable import API

/// The OpenAPI document and the router are one: each says exactly what the other does.
@Suite("The document")
struct DocumentTests {
  private struct Document: Decodable {
    struct Operation: Decodable {
      let operationId: String
      let parameters: [Parameter]?
      let responses: [String: Anything]
      let requestBody: Anything?
    }
    struct Parameter: Decodable {
      let name: String
      let `in`: String
      let required: Bool
    }
    struct Anything: Decodable {}
    let openapi: String
    let paths: [String: [String: Operation]]
  }

  @Test("Every route is in the document with its parameters, and nothing else is")
  func bothDirections() async throws {
    try await Site.with { site in
      let answer = try await site.ask("/openapi.json")
      #expect(answer.status == 200 && answer["content-type"] == "application/json; charset=utf-8")
      let document = try JSONDecoder().decode(Document.self, from: Data(answer.body))
      #expect(document.openapi.hasPrefix("3.1"))

      let documented = document.paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) \(path)" }
      }
      let routes = site.server.routes.routes
      #expect(documented.sorted() == routes.map { "\($0.method) \($0.path)" }.sorted())
      #expect(Set(routes.map(\.name)).count == routes.count)
      for route in routes {
        let operation = try #require(document.paths[route.path]?[route.method.rawValue.lowercased()])
        let named = Set((operation.parameters ?? []).filter { $0.in == "query" }.map(\.name))
        #expect(named == Set(route.parameters.map(\.name)), "\(route.name)")
        let inPath = (operation.parameters ?? []).filter { $0.in == "path" }.map(\.name)
        #expect(inPath == route.pathParameters, "\(route.name)")
        #expect((operation.requestBody != nil) == (route.body != nil), "\(route.name)")
        #expect(route.access == .open || operation.responses["401"] != nil, "\(route.name)")
      }
    }
  }

  @Test("Every route that the document names is answered by its own handler, and no other method is")
  func router() async throws {
    try await Site.with { site in
      for route in site.server.routes.routes {
        let path = route.path.replacing(/\{[a-z]+\}/, with: Organisation.School.first.id)
        let allowed = try await site.connect().ask("TRACE", path, as: .adviser)["allow"] ?? ""
        #expect(allowed.contains(route.method.rawValue), "\(route.name)")
      }
    }
  }

  @Test("Every field of a form has an example that the form takes")
  func examples() {
    for route in site(of: .creation) {
      #expect(throws: Never.self, "\(route.0)") {
        try route.1.draft(of: route.1.example(for: .creation), for: .creation)
      }
    }
  }

  private func site(of act: Form.Act) -> [(String, Form)] {
    Noun.all.filter(\.isCreatable).compactMap { noun in noun.form.map { (noun.name, $0) } }
  }

  @Test("The reference page names every route and needs nothing from elsewhere")
  func page() async throws {
    try await Site.with { site in
      let page = try await site.ask("/docs")
      #expect(page.status == 200 && page["content-type"] == "text/html; charset=utf-8")
      for route in site.server.routes.routes {
        #expect(page.text.contains("\(route.method) \(route.path)"), "\(route.name)")
      }
      for fetched in ["<script", "src=", "url(", "@import", "href=\"http"] { #expect(!page.text.contains(fetched)) }
      #expect(
        try await site.connect().ask("GET", "/docs", as: nil, ["If-None-Match: \(page["etag"] ?? "")"]).status == 304)
    }
  }

  @Test("Every constraint that has a wording exists, and every rule of uniqueness has one")
  func constraints() async throws {
    let organisation = try await Organisation.fresh()
    let rows = try await organisation.database.script(
      """
      select c.conname, c.contype in ('x', 'u') and r.relname = any ('{\(Self.written.joined(separator: ","))}')
      from pg_constraint c
      join pg_namespace n on n.oid = c.connamespace
      left join pg_class r on r.oid = c.conrelid
      where n.nspname = 'beeld'
      union
      select i.relname, r.relname = any ('{\(Self.written.joined(separator: ","))}')
      from pg_index x
      join pg_class i on i.oid = x.indexrelid
      join pg_class r on r.oid = x.indrelid
      where i.relnamespace = 'beeld'::regnamespace
        and x.indisunique
        and not exists (select from pg_constraint c where c.conindid = x.indexrelid)
      """)
    let found = try #require(rows)
    let existing = Set(found.compactMap { $0.string(0) })
    // Raised by functions in the name of a constraint, which no check can be.
    let raised: Set = [
      "person_first_employment", "policy_valid_from_ahead", "request_talk_held", "report_acknowledgement_until_ahead",
      "report_acknowledgement_a_year_at_most",
    ]
    #expect(Set(ConstraintProblem.names).subtracting(raised).isSubset(of: existing))
    for row in found where try row.bool(1) == true {
      let name = row.string(0) ?? ""
      #expect(Self.servers.contains(name) != ConstraintProblem.names.contains(name), "\(name)")
    }
  }

  /// The tables that somebody writes through the API.
  private static let written = [
    "school", "school_group", "registration", "employment", "absence", "prior_experience", "exemption",
    "role_assignment", "policy", "request", "trajectory", "recording", "copy", "agreement", "follow_up", "carrier",
    "breach",
    "coach", "coach_unavailability", "storyboard", "consent", "notice", "objection", "placement", "measure", "promise",
    "quarantine", "report_schedule", "report_acknowledgement",
  ]

  /// Rules of uniqueness that only the server's own steps could meet, and the target of a foreign key.
  private static let servers: Set = [
    "request_one_invitation_of_server", "trajectory_request_unique", "copy_handed_over_once", "breach_copy_unique",
    "carrier_id_kind", "quarantine_one_open",
  ]
}
