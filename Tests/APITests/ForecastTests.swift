import Foundation
import Testing

/// The deadlines to come against the places that coaches have left.
@Suite("The forecast") struct ForecastTests {
  private struct Forecast: Decodable {
    struct Figures: Decodable, Equatable {
      var month: String?
      let deadlines, in_hand, in_time, missed, places, recordings_needed: Int
      var overdue, no_deadline: Int?
    }
    struct Item: Decodable {
      struct Named: Decodable { let id, name: String }
      struct Window: Decodable { let until: String }
      let person: Named
      let window: Window
    }
    let as_of: String
    let total: Figures
    let months: [Figures]
    let items: [Item]
    let next: String?
  }

  /// No coach has room; nine more teachers of the first school have one deadline, and one has none.
  private static let arrangement = """
    update coach set capacity = 0;
    insert into person (id, name)
    select ('0193b6a0-0002-7000-8000-0000000002' || n)::uuid, 'Person more ' || n from generate_series(10, 19) n;
    insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
    select ('0193b6a0-0002-7000-8000-0000000002' || n)::uuid, 'M' || n, date '2024-02-01', case when n <> 19 then now() end
    from generate_series(10, 19) n;
    insert into employment (id, person_id, school_id, job, fte, from_date)
    select gen_random_uuid(), ('0193b6a0-0002-7000-8000-0000000002' || n)::uuid, '0193b6a0-0001-7000-8000-000000000001',
      'teacher', 1, date '2024-02-01'
    from generate_series(10, 19) n
    """

  @Test("It says by month who has a place and for whom there is none, and pages name each who will be missed once")
  func pages() async throws {
    try await Site.with(arrangement: Self.arrangement) { site in
      let path = "/v1/coverage/forecast?as_of=2026-11-23"
      let whole = try await forecast(site, path + "&limit=500")
      #expect(whole.as_of == "2026-11-23" && whole.next == nil)
      let missed = whole.items.filter { $0.person.name.hasPrefix("Person more") }
      #expect(missed.count == 9 && missed.allSatisfy { $0.window.until == "2027-02-01" })
      #expect(whole.items.count == whole.total.missed && whole.total.recordings_needed == whole.total.missed)
      #expect(whole.total.places == 0 && whole.total.in_time == 0)
      #expect(whole.total.deadlines == whole.total.in_hand + whole.total.in_time + whole.total.missed)
      #expect(whole.total.no_deadline == 1)
      let january = try #require(whole.months.first { $0.month == "2027-01" })
      #expect(january.deadlines == 9 && january.missed == 9 && january.recordings_needed == 9)
      #expect(whole.months.first?.month == "2026-11" && whole.months.last?.recordings_needed == whole.total.missed)
      #expect(whole.months.reduce(0) { $0 + $1.deadlines } == whole.total.deadlines)

      var names: [String] = []
      var next: String?
      repeat {
        let address = path + "&limit=4" + (next.map { "&after=\($0)" } ?? "")
        let answer = try await site.ask(address, as: .adviser)
        let page = try JSONDecoder().decode(Forecast.self, from: Data(answer.body))
        #expect((answer["link"] != nil) == (page.next != nil))
        #expect(page.total == whole.total && page.months == whole.months)
        names += page.items.map(\.person.name)
        next = page.next
      } while next != nil
      #expect(names == whole.items.map(\.person.name))
    }
  }

  @Test("With room enough nobody is missed")
  func room() async throws {
    try await Site.with(arrangement: Self.arrangement + "; update coach set capacity = 500") { site in
      let forecast = try await forecast(site, "/v1/coverage/forecast?as_of=2026-11-23")
      #expect(forecast.items.isEmpty && forecast.total.missed == 0 && forecast.total.in_time >= 9)
      #expect(forecast.total.places == forecast.months.reduce(0) { $0 + $1.places })
    }
  }

  @Test("A cursor of another list, or without a deadline, is refused")
  func cursors() async throws {
    try await Site.with { site in
      let without = Data("\n\(UUID().uuidString)".utf8).base64EncodedString()
      for cursor in ["!", "YQ", without.replacing("=", with: "")] {
        let answer = try await site.ask("/v1/coverage/forecast?after=\(cursor)", as: .adviser)
        #expect(answer.status == 400, "\(cursor)")
      }
    }
  }

  private func forecast(_ site: Site, _ path: String) async throws -> Forecast {
    let answer = try await site.ask(path, as: .adviser)
    #expect(answer.status == 200, "\(answer.text)")
    return try JSONDecoder().decode(Forecast.self, from: Data(answer.body))
  }
}
