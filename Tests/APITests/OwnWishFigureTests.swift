import Testing

/// The only figures about voluntary requests.
@Suite("Figures about voluntary requests") struct OwnWishFigureTests {
  @Test("They are the adviser's, by year that is over, and take no filter")
  func figures() async throws {
    let arrangement = """
      insert into own_wish_year (school_year, requests, guided, classroom_management, interaction, didactics)
      values (2022, 24, 6, 7, 8, 9), (2023, null, null, null, null, null)
      """
    try await Site.with(arrangement: arrangement) { site in
      let answer = try await site.ask("/v1/figures/own-wishes", as: .adviser)
      #expect(
        answer.text.filter { $0 != " " && $0 != "\n" }
          == #"{"items":[{"school_year":2023,"requests":null,"guided":null,"subjects":null},"#
          + #"{"school_year":2022,"requests":24,"guided":6,"subjects":{"classroom_management":7,"interaction":8,"didactics":9}},"#
          + #"{"school_year":2021,"requests":12,"guided":null,"subjects":null}]}"#)
      for filter in ["school=01AA00", "as_of=2026-01-01", "group_by=school", "school_year=2022", "limit=1"] {
        #expect(try await site.ask("/v1/figures/own-wishes?" + filter, as: .adviser).status == 400, "\(filter)")
      }
    }
  }
}
