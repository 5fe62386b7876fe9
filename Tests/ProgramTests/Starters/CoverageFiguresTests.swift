import Foundation
import Postgres
import Program
import Testing

@Suite("The figures")
struct CoverageFiguresTests {
  @Test("are what counting by hand gives, for the board, each school and each cohort", .timeLimit(.minutes(5)))
  func areCounted() async throws {
    let made = try await CareerDatabase.generated.value
    let days = ["2024-07-31", "2024-08-01", "2026-11-23"].map { Calendar.number($0) }
    for day in days {
      let onDay = try await CareerDatabase.statuses(on: day)
      for grouping in CoverageFigures.Grouping.allCases {
        let query = CoverageFigures(asOf: CivilDate(Calendar.text(day)), grouping: grouping).query
        let json = try #require(
          try await ExplanationTests.asAdviser(made.database) { session in
            try await session.query(query).first?.bytes(0).map { Data($0) }
          })
        let body = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(body["as_of"] as? String == Calendar.text(day))
        #expect(body["policy_version"] as? Int == 1)
        Self.compare(body["total"], FiguresByHand(onDay, on: day), "the board on \(Calendar.text(day))")
        switch grouping {
        case .board: #expect(body.count == 3)
        case .school:
          let groups = Dictionary(grouping: onDay.filter(FiguresByHand.counts), by: \.school)
          let lines = try #require(body["schools"] as? [[String: Any]])
          let codes = lines.compactMap { ($0["school"] as? [String: Any])?["code"] as? String }
          #expect(codes == groups.keys.map { CareerDatabase.codes[$0]! }.sorted())
          for (code, line) in zip(codes, lines) {
            let school = CareerDatabase.codes.first { $0.value == code }!.key
            Self.compare(line, FiguresByHand(groups[school]!, on: day), "school \(code) on \(Calendar.text(day))")
          }
        case .cohort:
          let groups = Dictionary(grouping: onDay.filter(FiguresByHand.counts), by: \.cohort)
          let lines = try #require(body["cohorts"] as? [[String: Any]])
          #expect(lines.map { $0["cohort"] as? Int } == groups.keys.sorted { $0 ?? .max < $1 ?? .max })
          for line in lines {
            let cohort = line["cohort"] as? Int
            Self.compare(
              line, FiguresByHand(groups[cohort]!, on: day), "cohort \(cohort ?? 0) on \(Calendar.text(day))")
          }
        }
      }
    }
  }

  private static func compare(_ found: Any?, _ byHand: FiguresByHand, _ what: String) {
    guard let found = found as? [String: Any] else {
      Issue.record("no figures of \(what)")
      return
    }
    for name in FiguresByHand.names { #expect(found[name] as? Int == byHand.counts[name], "\(name) of \(what)") }
    #expect(found["coverage_rate"] as? Double == byHand.coverageRate, "coverage_rate of \(what)")
    #expect(found["on_time_rate"] as? Double == byHand.onTimeRate, "on_time_rate of \(what)")
  }
}
