import Foundation
import Postgres
import Program
import Testing

@Suite("The list of starters")
struct StarterListTests {
  private static let day = Calendar.number("2026-11-23")

  @Test("has every starter once, page by page, the earliest deadline first", .timeLimit(.minutes(5)))
  func pages() async throws {
    let made = try await CareerDatabase.generated.value
    let byHand = Array(zip(made.careers, try await CareerDatabase.statuses(on: Self.day)))
    let expected = byHand.filter { $0.1.coverage != "out_of_scope" }.sorted(by: Self.isBefore).map(\.0.id)
    let found = try await ExplanationTests.asAdviser(made.database) { session in
      try await Self.all(StarterList(page: Page(limit: 500), asOf: CivilDate(Calendar.text(Self.day))), session)
    }
    #expect(found == expected)
  }

  @Test("is narrowed by each filter", .timeLimit(.minutes(5)))
  func filters() async throws {
    let made = try await CareerDatabase.generated.value
    let byHand = Array(zip(made.careers, try await CareerDatabase.statuses(on: Self.day)))
    let whole = StarterList(page: Page(limit: 500), asOf: CivilDate(Calendar.text(Self.day)))
    func narrowed(_ change: (inout StarterList) -> Void) -> StarterList {
      var list = whole
      change(&list)
      return list
    }
    let cases: [(String, StarterList, (Career, StarterByHand.Status) -> Bool)] = [
      ("school", narrowed { $0.school = "15IA00" }, { $1.school == 3 && $1.coverage != "out_of_scope" }),
      ("coverage", narrowed { $0.coverage = .coveredLate }, { $1.coverage == "covered_late" }),
      ("scope", narrowed { $0.coverage = .outOfScope }, { $1.coverage == "out_of_scope" }),
      ("urgency", narrowed { $0.urgency = .atRisk }, { $1.urgency == "at_risk" }),
      (
        "employment", narrowed { $0.employment = .paused },
        { $1.employment == "paused" && $1.coverage != "out_of_scope" }
      ),
      (
        "data_incomplete", narrowed { $0.isDataIncomplete = true },
        { !$1.missing.isEmpty && $1.coverage != "out_of_scope" }
      ),
      (
        "two at once",
        narrowed {
          $0.school = "03AA00"
          $0.urgency = .overdue
        }, { $1.school == 2 && $1.urgency == "overdue" }
      ),
      (
        "name", narrowed { $0.search = "LERAAR 99" },
        { career, status in
          String(career.number).hasPrefix("99") && status.coverage != "out_of_scope"
        }
      ),
      ("nobody's name", narrowed { $0.search = "%" }, { _, _ in false }),
      ("unknown school", narrowed { $0.school = "99ZZ99" }, { _, _ in false }),
    ]
    for (name, list, belongs) in cases {
      let expected = byHand.filter(belongs).sorted(by: Self.isBefore).map(\.0.id)
      let found = try await ExplanationTests.asAdviser(made.database) { try await Self.all(list, $0) }
      #expect(found == expected, "\(name)")
      #expect(expected.isEmpty == ["nobody's name", "unknown school"].contains(name), "\(name)")
    }
  }

  @Test("finds a person by number")
  func personNumber() async throws {
    let example = try await Example.made()
    var list = StarterList(page: Page())
    list.search = "1"
    let asked = list
    #expect(
      try await ExplanationTests.asAdviser(example.database) { try await Self.all(asked, $0) } == [Example.person])
  }

  @Test("shows a line as documented")
  func line() async throws {
    let example = try await Example.made()
    let asked = StarterList(page: Page(), asOf: CivilDate("2026-11-23"))
    let text = try await ExplanationTests.asAdviser(example.database) { session in
      try await session.query(asked.query).first?.string(0)
    }
    let expected = """
      {"items":[{"person":{"id":"\(Example.person)","name":"Eén Leraar"},\
      "school":{"id":"\(Example.school)","code":"15IB00","name":"It Bûtenplak"},\
      "coverage":"covered","urgency":"none","employment":"active",\
      "window":{"from":"2023-08-01","until":"2026-10-15","days_left":-39},"data_incomplete":[]}],\
      "next":null}
      """
    #expect(text == expected)
  }

  private struct Body: Decodable {
    struct Item: Decodable {
      struct Person: Decodable { let id: String }
      let person: Person
    }
    let items: [Item]
    let next: String?
  }

  private static func all(_ list: StarterList, _ session: Session) async throws -> [String] {
    var list = list
    var ids: [String] = []
    while true {
      let body = try #require(try await session.query(list.query).first?.bytes(0))
      let page = try JSONDecoder().decode(Body.self, from: Data(body))
      ids += page.items.map(\.person.id)
      guard let next = page.next else { return ids }
      #expect(page.items.count == list.page.limit)
      let after: Cursor = try #require(StarterList.cursor(next))
      list.page = Page(limit: list.page.limit, after: after)
    }
  }

  private typealias Known = (Career, StarterByHand.Status)

  private static func isBefore(_ one: Known, _ other: Known) -> Bool {
    (one.1.windowUntil ?? .max, one.0.id) < (other.1.windowUntil ?? .max, other.0.id)
  }
}
