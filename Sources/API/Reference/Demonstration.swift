import Foundation
import Program

/// What the examples of the document speak of: the demonstration organisation, which `beeld dev` makes anew with the
/// same ids, so that every example can be tried as it stands.
enum Demonstration {
  /// A school, a person who works there, and another entry of a person; a coach, and what the teacher and the coach of
  /// the tour have between them; the school of the director and the administration of the tour; whose deadline has
  /// passed.
  private static let names: [(placeholder: String, value: String)] = [
    ("{school}", id(1, 3)), ("{person}", id(3, 1002)), ("{survivor}", id(3, 2007)), ("{coach}", id(3, 501)),
    ("{director}", id(3, 101)), ("{group}", id(2, 11)), ("{recording}", id(9, 1)), ("{request}", id(10, 18)),
    ("{own_school}", id(1, 1)), ("{measure}", id(23, 5)),
    ("{trajectory}", id(11, 18)), ("{carrier}", id(12, 1)), ("{copy}", id(13, 1)), ("{storyboard}", id(16, 1)),
    ("{late}", id(3, 1005)),
  ]

  /// What an example puts in the future: a moment tomorrow, and a day in half a year.
  private static var times: [(placeholder: String, value: String)] {
    [("{soon}", day(after: 1) + "T09:30:00Z"), ("{later}", day(after: 180))]
  }

  private static func day(after days: Double) -> String {
    Date.now.addingTimeInterval(days * 24 * 3600).formatted(.iso8601.year().month().day())
  }

  /// An example as it is written in a field, with the organisation's ids for its placeholders.
  static func value(of example: String) -> JSONValue? {
    let text = (names + times).reduce(example) { $0.replacing($1.placeholder, with: $1.value) }
    // An example that is no JSON is left out; a test counts them.
    return try? JSONValue(Array(text.utf8))
  }

  /// The key of a resource of this kind.
  static func key(of path: String) -> String? {
    keys.first { path.hasPrefix($0.path) }?.key
  }

  /// The trajectory that is closing is the one with a copy to agree about; a parent objected after the other recording.
  private static let keys: [(path: String, key: String)] = [
    ("/v1/trajectories/{id}/agreements", id(11, 1)), ("/v1/recordings/{id}/promises", id(9, 10)),
    ("/v1/schools/", id(1, 1)), ("/v1/groups/", id(2, 11)), ("/v1/people/", id(3, 1002)),
    ("/v1/starters/", id(3, 1001)),
    ("/v1/employments/", id(4, 1)), ("/v1/role-assignments/", id(5, 1)), ("/v1/absences/", id(6, 1)),
    ("/v1/prior-experience/", id(7, 1)), ("/v1/exemptions/", id(8, 1)), ("/v1/policies/", "1"),
    ("/v1/recordings/", id(9, 1)), ("/v1/requests/", id(10, 18)), ("/v1/trajectories/", id(11, 18)),
    ("/v1/carriers/", id(12, 1)), ("/v1/copies/", id(13, 1)), ("/v1/agreements/", id(14, 2)),
    ("/v1/unavailability/", id(15, 1)), ("/v1/storyboards/", id(16, 1)), ("/v1/consents/", id(17, 1)),
    ("/v1/report-acknowledgements/", id(21, 1)), ("/v1/report-runs/", id(20, 1)),
    ("/v1/breaches/", id(18, 1)), ("/v1/follow-ups/", id(19, 1)), ("/v1/coaches/", id(3, 501)),
    ("/v1/report-schedules/", id(30, 2)),
    ("/v1/notices/", id(20, 11)), ("/v1/objections/", id(21, 1)), ("/v1/measures/", id(23, 1)),
    ("/v1/promises/", id(24, 1)), ("/v1/quarantines/", id(25, 1)),
  ]

  private static func id(_ kind: Int, _ number: Int) -> String {
    let digits = String(number)
    return "019a0000-0000-70\(kind < 10 ? "0" : "")\(kind)-8000-" + String(repeating: "0", count: 12 - digits.count)
      + digits
  }
}
