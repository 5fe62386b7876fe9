import Foundation
import TestDatabase
import Testing

/// May this recording be made? Every combination of the conditions, and what becomes of what was made without.
@Suite("Clearance")
struct ClearanceTests {
  private typealias Person = Organisation.Person
  private typealias School = Organisation.School

  /// The conditions of clearance; a bit that is set: it is met.
  private enum Condition: Int, CaseIterable {
    case notices = 1
    case answered = 2
    case filmed = 4
    case promised = 8
    case agreed = 16
    case custody = 32
    case available = 64

    /// What stands in the way where it is not met: code, who lifts it, and the subjects.
    var reasons: [Reason] {
      switch self {
      case .notices:
        ["school_guide", "website"].map { Reason(code: "notice_missing", lifted_by: "school", subject: $0) }
      case .answered: [Reason(code: "objection_without_measure", lifted_by: "school", subject: nil)]
      case .filmed: [Reason(code: "no_recording", lifted_by: "school", subject: nil)]
      case .promised: [Reason(code: "measure_not_promised", lifted_by: "coach", subject: "out_of_view")]
      case .agreed: [Reason(code: "teacher_not_agreed", lifted_by: "teacher", subject: nil)]
      case .custody: [Reason(code: "custody_not_planned", lifted_by: "coach", subject: nil)]
      case .available: [Reason(code: "coach_unavailable", lifted_by: "coach", subject: nil)]
      }
    }
  }

  private struct Reason: Hashable {
    let code: String
    let lifted_by: String?
    let subject: String?
  }

  private struct Answered: Decodable {
    struct Reason: Decodable {
      let code: String
      let lifted_by: String?
      let subject: String?
      let text: String
    }
    struct Measure: Decodable {
      let kind: String
      let covers_sound: Bool
      let state: String
    }
    let recording: String
    let state: String
    let is_cleared: Bool?
    let reasons: [Reason]
    let quarantined: Bool
    let measures: [Measure]?
  }

  private static func recording(_ combination: Int) -> String { Organisation.id(45, combination) }
  private static func address(_ combination: Int) -> String { "/v1/recordings/\(recording(combination))" }

  /// A recording for each combination, in a group of its own: at the first school, which has told parents, or the third,
  /// which has not; on a day on which the coach is there, or away. In each group the pupils of three answered objections
  /// and, where that is the combination, of one that nobody has answered.
  private static let arrangement = """
    set session_replication_role = replica;
    delete from promise; delete from measure; delete from placement; delete from content where school_id is not null;
    delete from objection;
    insert into coach_unavailability (id, person_id, from_date, until_date)
    values ('\(Organisation.id(46, 1))', '\(Person.coach.id)', app.today() + 30, app.today() + 31);
    create temporary table c as
    select n, app.today() + 30 - (n >> 6) as day, format('-7000-8000-%s', lpad(n::text, 12, '0')) as tail
    from generate_series(0, 127) n;
    insert into school_group (id, school_id, school_year, name)
    select ('0193b6a0-0040' || tail)::uuid, case when n & 1 = 0 then '\(School.third.id)' else '\(School.first.id)' end::uuid,
      app.school_year(day), 'g' || n
    from c;
    insert into trajectory (id, request_id, teacher_id, coach_id, origin, state)
    select ('0193b6a0-0041' || tail)::uuid, ('0193b6a0-0041' || tail)::uuid, '\(Person.teacher.id)', '\(Person.coach.id)',
      'starter_programme', 'open'
    from c;
    insert into recording (
      id, teacher_id, coach_id, group_id, origin, counts_for_programme, state, planned_on, scheduled_for, scheduled_at,
      trajectory_id, ordinal, carrier_id, teacher_agreed_at)
    select ('0193b6a0-0045' || tail)::uuid, '\(Person.teacher.id)', '\(Person.coach.id)', ('0193b6a0-0040' || tail)::uuid,
      'starter_programme', true, 'planned', app.today() - 1, day, (day + time '10:00') at time zone 'Europe/Amsterdam',
      ('0193b6a0-0041' || tail)::uuid, 1, case when n & 32 <> 0 then '\(Organisation.id(19, 1))'::uuid end,
      case when n & 16 <> 0 then now() - interval '1 hour' end
    from c;
    create temporary table o as
    select c.*, k.kind, ('0193b6a0-' || lpad((50 + k.number)::text, 4, '0') || tail)::uuid as id
    from c
    join (values (0, null, 2), (1, 'no_recording', 4), (2, 'out_of_view', 0)) k(number, kind, met)
      on n & k.met = 0;
    insert into objection (id, school_id, received_on, state, answered_on, created_at)
    select o.id, g.school_id, app.today() - 3, case when kind is null then 'received' else 'measure_set' end,
      case when kind is not null then app.today() - 2 end, now() - interval '1 hour'
    from o
    join school_group g on g.id = ('0193b6a0-0040' || tail)::uuid;
    insert into placement (id, objection_id, school_year, group_id, placed_at)
    select o.id, o.id, app.school_year(day), ('0193b6a0-0040' || tail)::uuid, now() - interval '1 hour'
    from o;
    insert into measure (id, objection_id, kind, covers_sound, created_at)
    select o.id, o.id, kind, false, now() - interval '1 hour'
    from o
    where kind is not null;
    insert into promise (id, recording_id, measure_id, coach_id, created_at)
    select o.id, ('0193b6a0-0045' || tail)::uuid, o.id, '\(Person.coach.id)', now() - interval '1 hour'
    from o
    where kind = 'out_of_view' and n & 8 <> 0;
    set session_replication_role = origin
    """

  private static func missing(_ combination: Int) -> Set<Reason> {
    Set(Condition.allCases.filter { combination & $0.rawValue == 0 }.flatMap(\.reasons))
  }

  private func clearance(
    _ wire: Wire, _ combination: Int, as person: Organisation.Person, _ language: String = "nl"
  ) async throws -> Answered {
    let answer = try await wire.ask(
      Self.address(combination) + "/clearance", as: person, ["Accept-Language: \(language)"])
    #expect(answer.status == 200, "\(combination): \(answer.text)")
    #expect(answer["content-language"] == language)
    return try JSONDecoder().decode(Answered.self, from: Data(answer.body))
  }

  @Test("Of all 128 combinations of the conditions one is cleared, and of the others every reason is told at once")
  func combinations() async throws {
    try await Site.with(arrangement: Self.arrangement) { site in
      let wire = try site.connect()
      for combination in 0..<128 {
        let asked = try await clearance(wire, combination, as: .coach)
        let told = asked.reasons.map { Reason(code: $0.code, lifted_by: $0.lifted_by, subject: $0.subject) }
        #expect(told.count == Set(told).count, "\(combination)")
        #expect(Set(told) == Self.missing(combination), "\(combination)")
        #expect(asked.is_cleared == (combination == 127) && asked.state == "planned" && !asked.quarantined)
        #expect(
          asked.measures?.map { "\($0.kind) \($0.state)" }.sorted()
            == (combination & 4 == 0 ? ["no_recording open"] : [])
              + ["out_of_view " + (combination & 8 == 0 ? "open" : "promised")],
          "\(combination)")
      }
    }
  }

  @Test("The teacher learns every reason but of what kind a measure is; both languages word each of them")
  func teacher() async throws {
    try await Site.with(arrangement: Self.arrangement) { site in
      let wire = try site.connect()
      for combination in [0, 5, 47, 119, 127] {
        let asked = try await clearance(wire, combination, as: .teacher)
        let expected = Self.missing(combination).map {
          Reason(
            code: $0.code, lifted_by: $0.lifted_by, subject: $0.code == "measure_not_promised" ? nil : $0.subject)
        }
        #expect(
          Set(asked.reasons.map { Reason(code: $0.code, lifted_by: $0.lifted_by, subject: $0.subject) })
            == Set(expected))
        #expect(asked.measures == nil)
        let english = try await clearance(wire, combination, as: .teacher, "en")
        #expect(english.reasons.map(\.code) == asked.reasons.map(\.code))
        for (one, other) in zip(asked.reasons, english.reasons) {
          #expect(one.text != other.text && !one.text.contains(one.code) && one.text.count > 20)
        }
      }
      let outsiders = Person.allCases.filter { $0 != .teacher && $0 != .coach }
      for person in outsiders {
        for accept in ["application/json", "text/html"] {
          let answer = try await wire.ask(Self.address(0) + "/clearance", as: person, ["Accept: \(accept)"])
          #expect(answer.status == 404, "\(person)")
        }
      }
      #expect(try await wire.ask(Self.address(0) + "/clearance", as: .coach, ["Accept: text/csv"]).status == 406)
    }
  }

  @Test("What is made is judged by what was known; without clearance it is stored, quarantined and handed to nobody")
  func made() async throws {
    try await Site.with(arrangement: Self.arrangement) { site in
      let wire = try site.connect()
      // Away the coach is on another day than this.
      for combination in 64..<128 {
        let moment = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let answer = try await wire.send(
          "POST", Self.address(combination) + "/transitions", as: .coach,
          #"{"to":"made","made_at":"\#(moment)","carrier":"\#(Organisation.id(19, 1))"}"#, ["If-Match: *"])
        #expect(answer.status == 200 && answer.text.contains(#""state":"made""#), "\(answer.text)")
        let judged = try await clearance(wire, combination, as: .coach)
        #expect(Set(judged.reasons.map(\.code)) == Set(Self.missing(combination).map(\.code)), "\(combination)")
        #expect(judged.is_cleared == (combination == 127) && judged.quarantined == (combination != 127))
        #expect(judged.state == "made" && judged.reasons.allSatisfy { $0.lifted_by == nil })
      }
      let page = try await site.ask("/v1/quarantines?state=open&limit=500", as: .adviser)
      #expect(page.text.matches(of: /"no_clearance"/).count == 64, "63, and that of the organisation")
      let tasks = try await site.ask("/v1/me/tasks", as: .privacyOfficer)
      #expect(tasks.text.matches(of: /"judge_quarantine"/).count == 64)

      let copies = try await site.ask("/v1/copies?recording=\(Self.recording(126))", as: .coach)
      let copy = try #require(copies.text.firstMatch(of: /"id":"([^"]+)"/)?.1)
      let handing = try await site.send(
        "POST", "/v1/copies/\(copy)/transitions", as: .coach, #"{"to":"handed_over"}"#, ["If-Match: *"])
      #expect(handing.status == 409)
      #expect(try handing.problem().code == "quarantined")
    }
  }

  @Test("The card is one page, complete in itself, and names pupils to the coach alone; that they were read is told")
  func card() async throws {
    try await Site.with { site in
      let recording = "/v1/recordings/\(Organisation.recordings[5].id)/clearance"
      let pupil = Organisation.objections[0].id
      for (language, words) in [
        ("nl", ["Vrijgavekaart", "buiten beeld houden", "ook het geluid", "Person twoSchools", "Stick 1"]),
        ("en", ["Clearance card", "keep out of view", "sound too", "6c"]),
      ] {
        let card = try await site.ask(recording, as: .coach, ["Accept: text/html", "Accept-Language: \(language)"])
        #expect(card.status == 200 && card["content-type"] == "text/html; charset=utf-8")
        #expect(card["cache-control"] == "no-store" && card["content-language"] == language)
        for word in words + ["<html lang=\"\(language)\">", "A5", ">\(pupil)<"] {
          #expect(card.text.contains(word), "\(word)")
        }
        for fetched in ["<script", "src=", "url(", "@import", "href="] { #expect(!card.text.contains(fetched)) }
      }
      let teachers = try await site.ask(recording, as: .twoSchools, ["Accept: text/html"])
      #expect(teachers.status == 200 && !teachers.text.contains(pupil) && !teachers.text.contains("buiten beeld"))
      let trail = try await site.ask("/v1/audit?resource=content&limit=500", as: .privacyOfficer)
      #expect(trail.text.matches(of: /"act":"read"/).count == 2)
    }
  }
}
