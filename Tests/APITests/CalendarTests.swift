import Foundation
import TestDatabase
import Testing

@testable import API

/// The coach's private calendar, asked as a calendar programme asks for it.
@Suite struct CalendarTests {
  private typealias Person = Organisation.Person
  private typealias School = Organisation.School

  @Test("A coach makes a secret address, and whoever has it reads what is planned, and nothing of whom")
  func wholeWay() async throws {
    try await Site.with(arrangement: Self.planned(("2027-03-08 09:15", .coach, 7), ("2027-06-01 10:00", .coach, 1))) {
      site in
      let made = try await site.send("POST", Self.calendar(of: .coach), as: .coach, "")
      #expect(made.status == 201 && made["cache-control"] == "no-store")
      let answer = try JSONDecoder().decode(Address.self, from: Data(made.body))
      #expect(
        answer.address.hasPrefix("https://beeld.example.org/board/v1/coaches/\(Person.coach.id)/calendar.ics?key="))
      #expect(answer.created_at.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)

      let read = try await site.ask(answer.path)
      #expect(read.status == 200)
      #expect(read["content-type"] == "text/calendar; charset=utf-8")
      #expect(read["cache-control"]?.contains("private") == true)
      let calendar = try Calendar(read.body)
      #expect(calendar["METHOD"] == "PUBLISH" && calendar["VERSION"] == "2.0")
      #expect(calendar.timeZones == ["Europe/Amsterdam"])
      #expect(
        calendar.events.map { [$0["DTSTART"], $0["DTEND"], $0["SEQUENCE"], $0["SUMMARY"], $0["LOCATION"]] } == [
          [
            ";TZID=Europe/Amsterdam:20270308T091500", ";TZID=Europe/Amsterdam:20270308T093500", "7", "Beeldbegeleiding",
            "School 1",
          ],
          [
            ";TZID=Europe/Amsterdam:20270601T100000", ";TZID=Europe/Amsterdam:20270601T102000", "1", "Beeldbegeleiding",
            "School 1",
          ],
        ])
      #expect(calendar.events.allSatisfy { $0["DTSTAMP"]?.wholeMatch(of: /\d{8}T\d{6}Z/) != nil })
      #expect(Set(calendar.events.compactMap { $0["UID"] }).count == 2)
      let names: Set = ["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION"]
      #expect(calendar.events.allSatisfy { Set($0.keys) == names })
      #expect(read.ids.isEmpty && read.names.isEmpty)
      // Not in a UID, whose digits may be anything.
      #expect(calendar.events.allSatisfy { $0.allSatisfy { $0.key == "UID" || !$0.value.contains("5b") } })

      #expect(try await site.ask(answer.path, ["If-None-Match: \(read["etag"] ?? "")"]).status == 304)
      let head = try await site.connect().ask("HEAD", answer.path, as: nil)
      #expect(head.status == 200 && head.body.isEmpty && head["etag"] == read["etag"])

      let key = String(answer.path.split(separator: "=").last ?? "")
      let kept = try await site.rows(
        "select f::text from beeld.calendar_feed f union all select a::text from beeld.audit a union all select c::text from beeld.command c"
      )
      #expect(kept.count > 1 && kept.allSatisfy { !$0.contains(key) })
    }
  }

  @Test("A new address ends the one before, also when the request is given again; revoking ends it")
  func anew() async throws {
    try await Site.with(arrangement: Self.planned(("2027-03-08 09:15", .coach, 1))) { site in
      let named = ["Idempotency-Key: again"]
      let first = try await site.open(.coach, named)
      let before = try Calendar(try await site.ask(first).body)
      let second = try await site.open(.coach, named)
      #expect(first != second)
      #expect(try await site.ask(first).status == 404)
      let read = try await site.ask(second)
      #expect(read.status == 200)
      #expect(try Calendar(read.body).events == before.events)

      _ = try await site.organisation.database.script(
        "update beeld.recording set version = version + 1 where scheduled_at = '2027-03-08 09:15 Europe/Amsterdam'")
      let changed = try await site.ask(second, ["If-None-Match: \(read["etag"] ?? "")"])
      #expect(changed.status == 200)
      #expect(try Calendar(changed.body).events.first?["SEQUENCE"] == "2")
      #expect(try Calendar(changed.body).events.first?["UID"] == before.events.first?["UID"])

      #expect(try await site.send("DELETE", Self.calendar(of: .coach), as: .coach, "").status == 204)
      #expect(try await site.ask(second).status == 404)
      #expect(try await site.send("DELETE", Self.calendar(of: .coach), as: .coach, "").status == 204)
    }
  }

  @Test("Whatever is wrong with an address is one and the same answer")
  func oneAnswer() async throws {
    try await Site.with { site in
      let good = try await site.open(.coach)
      let other = try await site.open(.directorAndCoach)
      let key = try #require(good.split(separator: "=").last)
      let absent = try await site.ask("/v1/coaches/\(Person.coach.id)/calendar.ics")
      #expect(absent.status == 404)
      let path = "/v1/coaches/\(Person.coach.id)/calendar.ics"
      for wrong in [
        path + "?key=", path + "?key=\(key.dropLast())x", path + "?key=\(key)&key=\(key)", path + "?key=\(key)&x=1",
        path + "?KEY=\(key)", path + "?key=%00", path + "?" + (other.split(separator: "?").last ?? ""),
        "/v1/coaches/\(Person.directorAndCoach.id)/calendar.ics?key=\(key)",
        "/v1/coaches/\(Person.teacher.id)/calendar.ics?key=\(key)", "/v1/coaches/none/calendar.ics?key=\(key)",
      ] {
        let answer = try await site.ask(wrong)
        #expect(answer.likeness == absent.likeness, "\(wrong)")
      }
      #expect(try await site.ask(good, ["Authorization: Bearer nonsense"]).status == 200)
      for end in [
        "update beeld.role_assignment set until_date = app.today() where role = 'coach' and person_id = '\(Person.coach.id)'",
        "update beeld.registration set disabled_at = now() where person_id = '\(Person.directorAndCoach.id)'",
      ] { _ = try await site.organisation.database.script(end) }
      #expect(try await site.ask(good).likeness == absent.likeness)
      #expect(try await site.ask(other).likeness == absent.likeness)
      #expect(try await site.send("POST", Self.calendar(of: .coach), as: .coach, "").status == 404)
    }
  }

  @Test("Nobody makes or revokes the address of another's calendar")
  func ownOnly() async throws {
    try await Site.with { site in
      let address = try await site.open(.coach)
      for person in Person.allCases where person != .coach {
        for method in ["POST", "DELETE"] {
          let path = Self.calendar(of: .coach)
          #expect(try await site.send(method, path, as: person, "").status == 403, "\(method) \(person)")
          let own = try await site.send(method, Self.calendar(of: person), as: person, "").status
          #expect(own == (person == .directorAndCoach ? (method == "POST" ? 201 : 204) : 404), "\(method) \(person)")
        }
      }
      #expect(try await site.connect().ask("POST", Self.calendar(of: .coach), as: nil).status == 401)
      #expect(try await site.ask(address).status == 200)
    }
  }

  @Test("One key is asked so often and no oftener; another is not its concern")
  func limit() async throws {
    try await Site.with { site in
      let (one, other) = (try await site.open(.coach), try await site.open(.directorAndCoach))
      let wire = try site.connect()
      var answers: [Answer] = []
      for _ in 0..<40 { answers.append(try await wire.ask(one)) }
      #expect(Set(answers.map(\.status)) == [200, 429])
      #expect(answers.first { $0.status == 429 }?["retry-after"] != nil)
      #expect(try await wire.ask(other).status == 200)
    }
  }

  @Test("The days on which the clock changes, and names that no line holds, come back as they were")
  func difficult() async throws {
    let name = #"Christelijke "Daltonschool" It Bûtenplak; mei, \foar en mei de bern fan it hiele doarp Sânfurd 🎒 é"#
    try await Site.with(
      arrangement: Self.planned(
        ("2027-03-28 01:50", .coach, 1), ("2027-03-28 03:10", .coach, 1), ("2027-10-31 00:30", .coach, 1),
        ("2027-10-31 03:00", .coach, 1))
          + """
          ;
          set session_replication_role = replica;
          update beeld.school set name = '\(name.replacing("'", with: "''"))' where code = '01AA00';
          \(Self.planning("timestamptz '2027-10-31 00:50+00'", .coach, 1));
          \(Self.planning("timestamptz '2027-10-31 01:20+00'", .coach, 1));
          reset session_replication_role
          """
    ) { site in
      let read = try await site.ask(try await site.open(.coach))
      let calendar = try Calendar(read.body)
      #expect(
        calendar.events.map { [$0["DTSTART"], $0["DTEND"]] } == [
          [";TZID=Europe/Amsterdam:20270328T015000", ";TZID=Europe/Amsterdam:20270328T031000"],
          [";TZID=Europe/Amsterdam:20270328T031000", ";TZID=Europe/Amsterdam:20270328T033000"],
          [";TZID=Europe/Amsterdam:20271031T003000", ";TZID=Europe/Amsterdam:20271031T005000"],
          [";TZID=Europe/Amsterdam:20271031T025000", ":20271031T011000Z"],
          [":20271031T012000Z", ":20271031T014000Z"],
          [";TZID=Europe/Amsterdam:20271031T030000", ";TZID=Europe/Amsterdam:20271031T032000"],
        ])
      #expect(calendar.events.allSatisfy { $0["LOCATION"].map(Calendar.unescaped) == name })
    }
  }

  @Test("The key is in no line of the log, however much is logged")
  func log() async throws {
    let lines = LogLines()
    try await Site.with(logger: lines.logger) { site in
      let address = try await site.open(.coach)
      _ = try await site.ask(address)
      _ = try await site.ask(address + "&wrong=1")
      let key = try #require(address.split(separator: "=").last)
      #expect(lines.text.contains("/v1/coaches/{id}/calendar.ics"))
      #expect(!lines.text.contains(key) && !lines.text.contains("beeldcal_"))
    }
  }

  private struct Address: Decodable {
    let address: String
    let created_at: String

    /// As it is asked of the server itself.
    var path: String { address.replacing("https://beeld.example.org/board", with: "") }
  }

  static func calendar(of person: Organisation.Person) -> String { "/v1/coaches/\(person.id)/calendar" }

  /// No recordings planned but at these local times for these coaches, in a version. Behind the machine's back, whose rules
  /// have their own tests.
  private static func planned(_ recordings: (at: String, coach: Person, version: Int)...) -> String {
    (["set session_replication_role = replica", "delete from beeld.recording where scheduled_at is not null"]
      + recordings.map { planning("timestamp '\($0.at)' at time zone 'Europe/Amsterdam'", $0.coach, $0.version) }
      + ["reset session_replication_role"]).joined(separator: ";\n")
  }

  private static func planning(_ at: String, _ coach: Person, _ version: Int) -> String {
    """
    insert into beeld.recording
      (id, teacher_id, coach_id, group_id, origin, state, planned_on, scheduled_for, scheduled_at, version)
    select
      gen_random_uuid(), '\(Person.teacher.id)', '\(coach.id)', g.id, 'own_wish', 'planned', app.today() - 1,
      (at at time zone 'Europe/Amsterdam')::date, at, \(version)
    from (select \(at) as at) t, beeld.school_group g
    where g.school_id = '\(School.first.id)'
      and g.id <> '\(Organisation.filmedGroup)'
    """
  }
}

extension Site {
  /// Makes the address of a coach's calendar; as it is asked of the server itself.
  fileprivate func open(_ coach: Organisation.Person, _ headers: [String] = []) async throws -> String {
    let made = try await send("POST", CalendarTests.calendar(of: coach), as: coach, "", headers)
    let address = try #require(made.text.firstMatch(of: /"address": ?"([^"]*)"/)).output.1
    return String(address.replacing("https://beeld.example.org/board", with: ""))
  }

  fileprivate func rows(_ sql: String) async throws -> [String] {
    let rows = try await organisation.database.script(sql)
    return rows?.compactMap { $0.string(0) } ?? []
  }
}

/// A calendar read back, as strictly as RFC 5545 lets one.
private struct Calendar {
  struct Malformed: Error {
    let line: String
  }

  /// Properties by name; where there are parameters, they stand before the value with their semicolon.
  private(set) var events: [[String: String]] = []
  private(set) var timeZones: [String] = []
  private var properties: [String: String] = [:]

  subscript(name: String) -> String? { properties[name] }

  init(_ body: [UInt8]) throws {
    var open: [String] = []
    for line in try Self.lines(body) {
      guard let parts = line.wholeMatch(of: /([A-Z-]+)(;[^:]*)?:(.*)/) else { throw Malformed(line: line) }
      let name = String(parts.output.1)
      // A time is told with what its zone is; other values by themselves.
      let value =
        name.hasPrefix("DTSTA") && name != "DTSTAMP" || name == "DTEND" ? line.dropFirst(name.count) : parts.output.3
      switch (name, open.last) {
      case ("BEGIN", _):
        open.append(String(value))
        if value == "VEVENT" { events.append([:]) }
      case ("END", let last?) where last == value: open.removeLast()
      case (_, "VEVENT"):
        guard events[events.count - 1].updateValue(String(value), forKey: name) == nil else {
          throw Malformed(line: line)
        }
      case ("TZID", "VTIMEZONE"): timeZones.append(String(value))
      case (_, "VCALENDAR"): properties[name] = String(value)
      case (_, "DAYLIGHT"), (_, "STANDARD"): break
      default: throw Malformed(line: line)
      }
    }
    guard open.isEmpty else { throw Malformed(line: "END") }
  }

  static func unescaped(_ value: String) -> String { value.replacing(/\\([\\;,])/) { String($0.output.1) } }

  /// Unfolded. Every line ends in CRLF, has at most 75 octets, and is whole in UTF-8 by itself.
  private static func lines(_ body: [UInt8]) throws -> [String] {
    let physical = body.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard physical.last?.isEmpty == true else { throw Malformed(line: "the last") }
    var lines: [String] = []
    for bytes in physical.dropLast() {
      guard bytes.last == 0x0D, bytes.count <= 76, let text = String(validating: bytes.dropLast(), as: UTF8.self) else {
        throw Malformed(line: String(decoding: bytes, as: UTF8.self))
      }
      if text.hasPrefix(" ") {
        guard !lines.isEmpty else { throw Malformed(line: text) }
        lines[lines.count - 1] += text.dropFirst()
      } else {
        lines.append(text)
      }
    }
    return lines
  }
}
