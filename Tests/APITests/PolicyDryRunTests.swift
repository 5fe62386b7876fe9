import Foundation
import TestDatabase
import Testing

/// Changed rules, tried before they are entered.
@Suite("A dry run of the rules") struct PolicyDryRunTests {
  private struct Outcome: Decodable {
    struct Item: Decodable {
      struct Named: Decodable { let id, name: String }
      struct Status: Decodable {
        struct Window: Decodable {
          let until: String?
          let days_left: Int?
        }
        let coverage, urgency, employment: String
        let window: Window
      }
      let person: Named
      let before, after: Status
    }
    struct Figures: Decodable { let starters, overdue: Int }
    let as_of: String
    let policy_version, changed: Int
    let before, after: Figures
    let items: [Item]
    let next: String?
  }

  private static let shorter = #"{"valid_from":"2040-08-01","programme_start":"2023-08-01","window_months":12}"#

  @Test("It names each starter whose status would be another, and nothing of it is stored")
  func changes() async throws {
    try await Site.with { site in
      let before = try await site.organisation.contents()
      let answer = try await site.send("POST", "/v1/policies/dry-run?limit=500", as: .adviser, Self.shorter)
      #expect(answer.status == 200 && answer["etag"] == nil && answer["location"] == nil, "\(answer.text)")
      let outcome = try outcome(answer)
      #expect(outcome.as_of == "2040-08-01" && outcome.policy_version == 1 && outcome.next == nil)
      #expect(outcome.changed == outcome.items.count && outcome.changed > 0)
      #expect(
        outcome.items.allSatisfy {
          ($0.before.coverage, $0.before.urgency, $0.before.window.until)
            != ($0.after.coverage, $0.after.urgency, $0.after.window.until)
        })
      #expect(try await site.organisation.contents() == before)

      // What was told comes true.
      let made = try await site.send("POST", "/v1/policies", as: .adviser, Self.shorter)
      #expect(made.status == 201)
      for item in outcome.items {
        let starter = try await site.ask(
          "/v1/starters/\(item.person.id)/explanation?as_of=2040-08-01", as: .adviser)
        #expect(starter.text.contains(#""coverage":"\#(item.after.coverage)""#), "\(item.person.name)")
        #expect(starter.text.contains(#""urgency":"\#(item.after.urgency)""#), "\(item.person.name)")
        if let until = item.after.window.until {
          #expect(starter.text.contains(#""until":"\#(until)""#), "\(item.person.name)")
        }
      }
      let again = try await site.send("POST", "/v1/policies/dry-run", as: .adviser, Self.shorter)
      #expect(again.status == 409, "there is one from that day on by now")
    }
  }

  @Test("Pages hold each of them once, under the figures of the whole")
  func pages() async throws {
    try await Site.with { site in
      let whole = try outcome(try await site.send("POST", "/v1/policies/dry-run", as: .adviser, Self.shorter))
      var names: [String] = []
      var next: String?
      repeat {
        let path = "/v1/policies/dry-run?limit=2" + (next.map { "&after=\($0)" } ?? "")
        let answer = try await site.send("POST", path, as: .adviser, Self.shorter)
        let page = try outcome(answer)
        #expect(page.changed == whole.changed && (answer["link"] != nil) == (page.next != nil))
        names += page.items.map(\.person.name)
        next = page.next
      } while next != nil
      #expect(names == whole.items.map(\.person.name))
    }
  }

  @Test("Rules that change nothing change nobody; what entering them refuses is refused here")
  func refusals() async throws {
    try await Site.with { site in
      let same = #"{"valid_from":"2040-08-01","programme_start":"2023-08-01"}"#
      let outcome = try outcome(try await site.send("POST", "/v1/policies/dry-run", as: .adviser, same))
      #expect(outcome.changed == 0 && outcome.items.isEmpty)
      #expect(outcome.before.starters == outcome.after.starters)
      for (body, status) in [
        (same.replacing("2040", with: "2020"), 422), (#"{"valid_from":"2040-08-01"}"#, 422), ("[]", 422), ("{", 400),
        (#"{"valid_from":"2040-08-01","programme_start":"2023-08-01","at_risk_days":90,"due_soon_days":80}"#, 422),
      ] {
        let answer = try await site.send("POST", "/v1/policies/dry-run", as: .adviser, body)
        let real = try await site.send("POST", "/v1/policies", as: .adviser, body)
        #expect(answer.status == status && real.status == status, "\(body): \(answer.text)")
      }
      #expect(try await site.send("POST", "/v1/policies/dry-run", as: .director, same).status == 403)
      #expect(try await site.send("POST", "/v1/policies/dry-run?limit=0", as: .adviser, same).status == 400)
    }
  }

  private func outcome(_ answer: Answer) throws -> Outcome {
    try JSONDecoder().decode(Outcome.self, from: Data(answer.body))
  }
}
