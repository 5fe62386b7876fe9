import TestDatabase
import Testing

/// Many people over the two connections that all reads share.
@Suite struct InterleavingTests {
  @Test("Of ten thousand interleaved requests of everybody, each answer is its asker's own")
  func everybodyAtOnce() async throws {
    try await Site.with { site in
      let starters = try #require(routeTruths.first { $0.route == "GET /v1/starters" })
      let counts = try await withThrowingTaskGroup(of: (Int, Int).self, returning: (Int, Int).self) { group in
        for client in 0..<50 {
          group.addTask {
            let wire = try site.connect()
            var answered = 0
            var foreign = 0
            for round in 0..<200 {
              let person = Organisation.Person.allCases[(client &* 7 &+ round) % Organisation.Person.allCases.count]
              switch (client + round) % 4 {
              case 0:
                let answer = try await wire.ask("/v1/starters", as: person)
                let expected = starters.expectations(for: person)[0].ids
                if answer.status != 200 || answer.ids != expected { foreign += 1 }
              case 1:
                // One whose identity is refused must not leave anything to the neighbours, nor take from them.
                let answer = try await wire.ask("/v1/me", ["Authorization: Bearer \(Organisation.token("unknown"))"])
                if answer.status != 401 || !answer.ids.isEmpty { foreign += 1 }
              default:
                let answer = try await wire.ask("/v1/me", as: person)
                let people = answer.ids.filter { $0.hasPrefix("0193b6a0-0002") }
                if answer.status != 200 || people != [person.id] { foreign += 1 }
              }
              answered += 1
            }
            return (answered, foreign)
          }
        }
        return try await group.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
      }
      #expect(counts.0 == 10_000)
      #expect(counts.1 == 0, "answers that were another's, or refused for no reason")
      let sessions = try await site.organisation.database.script(
        "select 1 from pg_stat_activity where datname = current_database() and usename = 'beeld_app'")
      #expect(sessions?.count ?? 0 <= 2, "two connections carried them all")
    }
  }
}
