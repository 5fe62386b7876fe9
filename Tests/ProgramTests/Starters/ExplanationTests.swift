import Foundation
import Postgres
import Program
import TestDatabase
import Testing

@Suite("The explanation of a deadline")
struct ExplanationTests {
  private static let day = "2026-11-23"

  @Test("adds up by hand for ten thousand careers, in both languages", .timeLimit(.minutes(5)))
  func addsUp() async throws {
    let made = try await CareerDatabase.generated.value
    var failures = 0
    let explanations = try await Self.asAdviser(made.database) { session in
      var explanations: [Explanation?] = []
      for career in made.careers { explanations.append(try await Self.explanation(of: career.id, session)) }
      return explanations
    }
    let statuses = try await CareerDatabase.statuses(on: Calendar.number(Self.day))
    for (career, (status, found)) in zip(made.careers, zip(statuses, explanations)) {
      let complaints = found.map { Self.complaints($0, career, status) } ?? ["no explanation"]
      if !complaints.isEmpty {
        failures += 1
        if failures <= 5 {
          Issue.record("\(complaints.joined(separator: "\n"))\n\(career)\n\(found.map(Self.text) ?? "")")
        }
      }
    }
    #expect(failures == 0, "of \(explanations.count) explanations")
  }

  @Test("of the documented example is the documented answer")
  func documentedExample() async throws {
    let example = try await Example.made()
    let explanation = try #require(
      try await Self.asAdviser(example.database) { try await Self.explanation(of: Example.person, $0) })
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(explanation.json(in: .dutch))) as? [String: NSObject])
    #expect(
      json["window"] == ["from": "2023-08-01", "until": "2026-10-15", "days_left": -39] as NSDictionary)
    #expect(json["coverage"] == "covered" as NSString)
    #expect(json["urgency"] == "none" as NSString)
    let steps = try #require(json["steps"] as? [[String: NSObject]])
    #expect(
      steps.map { $0["code"] as? String }
        == ["first_teaching_day", "window_months", "pause", "pause_not_counted", "pause_not_counted"])
    #expect(steps[0]["source"] == "employment" as NSString)
    #expect(steps[1]["until"] == "2026-08-01" as NSString)
    #expect(steps[2]["days"] == 75 as NSNumber)
    #expect(steps[2]["until_after"] == "2026-10-15" as NSString)
    #expect(
      steps[2]["text"]
        == "Ouderschapsverlof van 1 februari 2024 tot 16 april 2024: 75 dagen erbij, dus tot 15 oktober 2026."
        as NSString)
    #expect(steps[3]["reason"] == "too_short" as NSString)
    #expect(steps[4]["reason"] == "after_window" as NSString)
  }

  @Test("is in plain English where that is asked for")
  func english() async throws {
    let example = try await Example.made()
    let explanation = try #require(
      try await Self.asAdviser(example.database) { try await Self.explanation(of: Example.person, $0) })
    #expect(
      Self.texts(explanation, .english) == [
        "The first qualified teaching day was 1 August 2023, the first day with this board.",
        "The starter period lasts 36 months: without a pause, until 1 August 2026.",
        "Parental leave from 1 February 2024 until 16 April 2024: 75 days added, so until 15 October 2026.",
        "Care leave from 1 October 2024 until 30 October 2024: 29 days, too short to count (that takes 30 days).",
        "Study leave from 15 October 2026 until 20 November 2026: begun after the end of the starter period, "
          + "so without effect.",
        "Recorded on 11 May 2026, debriefed on 13 May 2026: counts.",
        "Recorded and debriefed: covered.",
      ])
  }

  @Test("tells the teacher of an own wish that does not count, and nobody else")
  func ownWishes() async throws {
    let example = try await Example.made()
    let asTeacher = try await Self.explanation(of: Example.person, as: "app.director_of", "{}", in: example.database) {
      Example.person
    }
    let asDirector = try await Self.explanation(
      of: Example.person, as: "app.director_of", "{\(Example.school)}", in: example.database
    ) { Example.adviser }
    #expect(asTeacher?.recordings.map(\.notCounted) == [nil, .ownWish])
    #expect(asDirector?.recordings.map(\.notCounted) == [nil])
    #expect(asDirector?.coverage == .covered)
  }

  static func asAdviser<Result: Sendable>(
    _ database: TestDatabase, _ body: @Sendable (Session) async throws -> Result
  ) async throws -> Result {
    try await database.with { client in
      try await client.withSession { session in
        try await session.transaction {
          _ = try await session.script("set search_path = beeld, app; set local app.adviser = 'on'")
          _ = try await session.script("set local app.person = '\(Example.adviser)'")
          return try await body(session)
        }
      }
    }
  }

  private static func explanation(
    of person: String, as setting: String, _ value: String, in database: TestDatabase,
    by identity: @Sendable () -> String
  ) async throws -> Explanation? {
    let identity = identity()
    return try await database.with { client in
      try await client.withSession { session in
        try await session.transaction {
          _ = try await session.script(
            "set search_path = beeld, app; set local app.person = '\(identity)'; set local \(setting) = '\(value)'")
          return try await Self.explanation(of: person, session)
        }
      }
    }
  }

  private static func explanation(of person: String, _ session: Session) async throws -> Explanation? {
    let query = Explanation.ForPerson(person: UUIDv7(person)!, asOf: CivilDate(day))
    return try Explanation(try await session.query(query.query))
  }

  private static func texts(_ explanation: Explanation, _ language: Language) -> [String] {
    guard let json = try? JSONSerialization.jsonObject(with: Data(explanation.json(in: language))) as? [String: Any],
      let steps = json["steps"] as? [[String: Any]], let recordings = json["recordings"] as? [[String: Any]]
    else { return [] }
    return (steps + recordings + [json]).compactMap { $0["text"] as? String }
  }

  private static func text(_ explanation: Explanation) -> String {
    texts(explanation, .dutch).joined(separator: "\n")
  }

  /// What a reader with pencil and paper would object to.
  private static func complaints(
    _ found: Explanation, _ career: Career, _ status: StarterByHand.Status
  ) -> [String] {
    var complaints: [String] = []
    func expect(_ holds: Bool, _ complaint: @autoclosure () -> String) {
      if !holds { complaints.append(complaint()) }
    }
    expect(found.window.from?.description == status.windowFrom.map(Calendar.text), "another window.from")
    expect(found.window.until?.description == status.windowUntil.map(Calendar.text), "another window.until")
    expect(found.window.daysLeft == status.daysLeft, "other days_left")
    expect(found.coverage.rawValue == status.coverage, "another coverage")

    var total: Int?
    var hasEnd = true
    var lastPause = 0
    for step in found.steps {
      switch step {
      case .firstTeachingDay(let day, _): total = Calendar.number(day.description)
      case .windowMonths(let months, let until):
        total = total.map { Calendar.adding(months: months, to: $0) }
        expect(total == Calendar.number(until.description), "\(months) months do not lead to \(until)")
      case .pause(let pause, let countsFrom, let days, let untilAfter):
        let begins = Calendar.number(countsFrom.description)
        expect(hasEnd, "a pause counts after one without an end")
        expect(begins >= lastPause, "a pause counts before its turn")
        expect(begins < total ?? 0, "a pause counts that begins at \(countsFrom), after the end")
        lastPause = begins
        if let days {
          expect(days > 0, "a pause of no days counts")
          expect(days == Calendar.number(pause.period.until!.description) - begins, "a pause's days do not add up")
          total = total.map { $0 + days }
          expect(total == untilAfter.map { Calendar.number($0.description) }, "\(days) days do not lead to until_after")
        } else {
          hasEnd = false
          expect(pause.period.until == nil && untilAfter == nil, "a pause with an end adds no number of days")
        }
      case .pauseNotCounted(let pause, let reason):
        complaints += objections(to: reason, of: pause, found, end: total)
      default: break
      }
    }
    expect((hasEnd ? total : nil) == status.windowUntil, "the steps do not add up to the window's end")
    let told = found.steps.filter { $0.code.hasPrefix("pause") }
    expect(status.windowFrom == nil || told.count >= career.absences.count, "an absence is not told of")
    expect(
      found.steps.contains { $0.code == "out_of_scope" } == (status.coverage == "out_of_scope"), "scope not explained")
    expect(
      found.recordings.contains { $0.counts && $0.stage == .debriefed } == (status.coveredOn != nil),
      "recordings that do not explain the coverage")
    expect(!found.recordings.contains { $0.notCounted == .ownWish }, "tells the adviser of an own wish")
    // Foundation reads the JSON back, slowly: one career in ten shows the sentences as well as all.
    for language in Language.allCases where career.number.isMultiple(of: 10) {
      let sentences = texts(found, language)
      expect(sentences.count == found.steps.count + found.recordings.count + 1, "a sentence is missing")
      expect(sentences.allSatisfy { $0.hasSuffix(".") && !$0.contains("Optional") }, "not a sentence")
    }
    return complaints
  }

  private static func objections(
    to reason: Explanation.NotCounted, of pause: Explanation.Pause, _ found: Explanation, end: Int?
  ) -> [String] {
    let from = Calendar.number(pause.period.from.description)
    let until = pause.period.until.map { Calendar.number($0.description) }
    switch reason {
    case .tooShort(let least):
      return until! - from < least ? [] : ["\(pause) is not too short"]
    case .beforeWindow:
      return until! <= Calendar.number(found.window.from!.description) ? [] : ["\(pause) is not before the window"]
    case .afterWindow:
      return from >= end ?? .max ? [] : ["\(pause) does not begin after the window, as far as it was reckoned"]
    case .united:
      return []
    }
  }
}
