import Foundation
import Postgres
import Program
import TestDatabase
import Testing

@Suite("An uploaded import")
struct ImportRunTests {
  private static let staff: [UInt8] = {
    let rows = (1...20_000).map {
      "P\($0),Naam van persoon \($0),p\($0)@example.org,0\($0 % 3 + 1)AA00,teacher,1,2022-08-01,,2022-08-01"
    }
    return Array((ImportBench.staffHeading + rows.joined(separator: "\r\n")).utf8)
  }()

  private static let three = ImportBench.staff(
    "P1,An,an@example.org,01AA00,teacher,1,2022-08-01,,", "P2,Bo,,01AA00,teacher,1,2022-08-01,,",
    "P3,Cis,,02AA00,support,0.5,2022-08-01,,")

  @Test("comes in in pieces, shows its difference, and makes it in its maker's name; the file is then gone")
  func wholeWay() async throws {
    try await ImportDesk.open { desk in
      let id = try await desk.upload(.staff, Self.staff, as: .systemAdmin)
      #expect(try await desk.state(id) == "uploading|2|\((Self.staff.count + 262_143) / 262_144)")
      let before = try await desk.bench.contents().filter { !$0.hasPrefix("audit") }
      let preview = try await desk.run(id).preview()
      #expect(preview.count("person", .new) == 20_000)
      #expect(try await desk.bench.contents().filter { !$0.hasPrefix("audit") } == before)
      guard case .committed(let outcome) = try await desk.run(id).commit(version: 3) else {
        Issue.record("not committed")
        return
      }
      #expect(outcome.counts == preview.counts)
      #expect(try await desk.state(id) == "committed|4|0")
      #expect(try await desk.bench.rows("select count(*) from registration where person_number ~ '^P'") == ["20000"])
      #expect(
        try await desk.bench.rows(
          """
          select distinct actor_key, request_id, origin from audit
          where table_name in ('person', 'employment') and origin = 'import'
          """) == ["\(Organisation.Person.systemAdmin.subjectKey)|r-1|import"])
      #expect(await ImportDesk.refusal { try await desk.run(id).commit() } == "BE409 committed")
      #expect(await ImportDesk.refusal { try await desk.run(id).discard() } == "BE409 committed")
      #expect(await ImportDesk.refusal { try await desk.run(id).preview() } == "BE409 committed")
    }
  }

  @Test("is shown to its maker alone, its faults in the language that is asked for")
  func shown() async throws {
    try await ImportDesk.open { desk in
      let id = try await desk.upload(
        .staff, ImportBench.staff("P1,An,an,01AA00,teacher,1,2022-08-01,,", "P1,Al,,99AA99,pilot,1,2022-08-01,,"),
        as: .adviser)
      _ = try await desk.run(id).preview()
      for person in Organisation.Person.allCases where person != .adviser {
        #expect(try await desk.shown(id, to: person) == nil)
      }
      let (dutch, english) = (
        try await desk.shown(id, to: .adviser), try await desk.shown(id, to: .adviser, in: .english)
      )
      let body = try #require(dutch)
      let json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
      #expect(json["state"] as? String == "previewed")
      #expect(json["file_name"] as? String == "Personeel “nieuw”.csv")
      #expect(json["allowed_transitions"] as? [String] == ["discarded"])
      #expect(json["fault_count"] as? Int == 2)
      let preview = try #require(json["preview"] as? [String: Any])
      let faults = try #require(preview["faults"] as? [[String: Any]])
      #expect(
        faults.map { $0["detail"] as? String } == [
          "‘an’ is geen e-mailadres", "‘pilot’ is onbekend: verwacht teacher, director, support",
        ])
      #expect(faults.map { $0["line"] as? Int } == [2, 3])
      #expect(english?.contains("‘pilot’ is unknown: expected teacher, director, support") == true)
      #expect(await ImportDesk.refusal { try await desk.run(id).commit() } == "BE409 faults")
    }
  }

  @Test("begins only for whom its kind is", arguments: ImportKind.all.map(\.name))
  func begin(name: String) async throws {
    let kind = try #require(ImportKind(named: name))
    try await ImportDesk.open { desk in
      for person in Organisation.Person.allCases {
        let roles = Organisation.roles[person] ?? []
        let mayImport =
          switch kind.name {
          case "schools", "staff": roles.contains(.adviser) || roles.contains(.systemAdmin)
          case "absences": roles.contains(.adviser) || roles.contains(.schoolAdmin(.first))
          case "referrals":
            roles.contains(.adviser) || !roles.isDisjoint(with: [.director(.first), .director(.second)])
          default: roles.contains(.adviser)
          }
        let refusal = await ImportDesk.refusal { try await desk.begin(kind, as: person) }
        #expect(refusal == (mayImport ? nil : "BE403"), "\(person)")
      }
      let scopes = try await desk.bench.rows(
        "select distinct school_ids from import where kind = '\(name)' and file_name is not null order by 1")
      let schools: [Organisation.School] =
        switch kind.name {
        case "absences": [.first]
        case "referrals": [.first, .second]
        default: []
        }
      #expect(scopes == schools.map { "{\($0.id)}" } + [""])
    }
  }

  @Test("of a school's absences knows nobody of another school")
  func schoolScope() async throws {
    try await ImportDesk.open { desk in
      let file = AbsencesImportTests.file(
        "\(Organisation.Person.colleague.personNumber),study_leave,2024-02-01,",
        "\(Organisation.Person.teacherElsewhere.personNumber),study_leave,2024-02-01,",
        "\(Organisation.Person.alumnus.personNumber),study_leave,2024-02-01,", "nobody,study_leave,2024-02-01,")
      let own = try await desk.run(try await desk.upload(.absences, file, as: .schoolAdmin)).preview()
      #expect(own.faults.map { "\($0.line) \($0.code.rawValue)" } == (3...5).map { "\($0) unknown_person" })
      let board = try await desk.run(try await desk.upload(.absences, file, as: .adviser)).preview()
      #expect(board.faults.map(\.line) == [5])
    }
  }

  @Test(
    "is refused when its maker has lost the right after the preview",
    arguments: [
      "update role_assignment set until_date = app.today() where person_id = '\(Organisation.Person.schoolAdmin.id)'",
      "update registration set disabled_at = now() where person_id = '\(Organisation.Person.schoolAdmin.id)'",
      "update role_assignment set school_id = '\(Organisation.School.second.id)' where role = 'school_admin'",
    ])
  func rightLost(how: String) async throws {
    try await ImportDesk.open { desk in
      let number = Organisation.Person.colleague.personNumber
      let file = AbsencesImportTests.file("\(number),study_leave,2024-02-01,")
      let id = try await desk.upload(.absences, file, as: .schoolAdmin)
      _ = try await desk.run(id).preview()
      _ = try await desk.bench.base.script(how)
      let before = try await desk.bench.contents()
      #expect(await ImportDesk.refusal { try await desk.run(id).commit() } == "BE403")
      #expect(await ImportDesk.refusal { try await desk.run(id).preview() } == "BE403")
      #expect(try await desk.bench.contents() == before)
      #expect(try await desk.state(id) == "previewed|3|1")
    }
  }

  @Test("makes the difference that was previewed or none: what others changed meanwhile is previewed anew")
  func changedSincePreview() async throws {
    try await ImportDesk.open { desk in
      let id = try await desk.upload(.staff, Self.three, as: .adviser)
      _ = try await desk.run(id).preview()
      let other = try await desk.upload(
        .staff, ImportBench.staff("P1,An,an@example.org,01AA00,teacher,1,2022-08-01,,"), as: .systemAdmin)
      _ = try await desk.run(other).preview()
      _ = try await desk.run(other).commit()
      guard case .changedSincePreview(let outcome) = try await desk.run(id).commit(version: 3) else {
        Issue.record("committed something else than was previewed")
        return
      }
      #expect(outcome.count("person", .new) == 2)
      #expect(
        try await desk.bench.rows("select count(*) from registration where person_number in ('P2', 'P3')") == ["0"])
      #expect(try await desk.shown(id, to: .adviser)?.contains(#""change_count":4"#) == true)
      #expect(await ImportDesk.refusal { try await desk.run(id).commit(version: 3) } == "BE412 4")
      guard case .committed = try await desk.run(id).commit(version: 4) else {
        Issue.record("not committed")
        return
      }
      #expect(
        try await desk.bench.rows("select count(*) from registration where person_number in ('P2', 'P3')") == ["2"])
    }
  }

  @Test("with a fault that came up after the preview commits nothing and shows it")
  func faultSincePreview() async throws {
    try await ImportDesk.open { desk in
      let id = try await desk.upload(.staff, Self.three, as: .adviser)
      _ = try await desk.run(id).preview()
      _ = try await desk.bench.base.script(
        "update registration set email = 'AN@example.org' where person_id = '\(Organisation.Person.support.id)'")
      guard case .changedSincePreview(let outcome) = try await desk.run(id).commit() else {
        Issue.record("committed in spite of a fault")
        return
      }
      #expect(outcome.faults.map(\.code) == [.emailTaken])
      #expect(await ImportDesk.refusal { try await desk.run(id).commit() } == "BE409 faults")
    }
  }

  @Test("is let go of when it is too large, discarded, older than a day, or the sixth of one person")
  func letGo() async throws {
    try await ImportDesk.open { desk in
      let large = try await desk.begin(.staff, as: .adviser)
      await #expect(throws: ImportFile.TooLarge.self) {
        try await ImportUpload.receive(ImportDesk.crumbs(Self.staff), for: large, in: desk.jobs, limit: 300_000)
      }
      #expect(try await desk.state(large) == "discarded|2|0")

      let discarded = try await desk.upload(.staff, Self.three, as: .adviser)
      _ = try await desk.run(discarded).preview()
      try await desk.run(discarded).discard(version: 3)
      #expect(try await desk.state(discarded) == "discarded|4|0")
      #expect(try await desk.shown(discarded, to: .adviser)?.hasSuffix(#""preview":null}"#) == true)
      #expect(await ImportDesk.refusal { try await desk.run(discarded).commit() } == "BE409 discarded")

      let old = try await desk.upload(.staff, Self.three, as: .adviser)
      _ = try await desk.run(old).preview()
      let young = try await desk.upload(.staff, Self.three, as: .adviser)
      _ = try await desk.bench.base.script(
        "update import set created_at = created_at - interval '24 hours 1 second' where id = '\(old)'")
      let forget = Statement("select app.forget_imports()")
      #expect(try await desk.jobs.write(Segment(forget())).first?.int(0) == 1)
      #expect(try await desk.jobs.write(Segment(forget())).first?.int(0) == 0)
      #expect(try await desk.state(old) == "discarded|4|0")
      #expect(try await desk.state(young) == "uploading|2|1")

      for _ in 1...4 { _ = try await desk.upload(.staff, Self.three, as: .adviser) }
      #expect(try await desk.state(young) == "uploading|2|1")
      _ = try await desk.upload(.staff, Self.three, as: .adviser)
      #expect(try await desk.state(young) == "discarded|3|0")
    }
  }

  @Test("whose upload breaks off leaves nothing of its file, and is not previewed")
  func brokenOff() async throws {
    struct HungUp: Error {}
    try await ImportDesk.open { desk in
      let id = try await desk.begin(.staff, as: .adviser)
      let source = AsyncThrowingStream<[UInt8], any Error> { continuation in
        for _ in 0..<8 { continuation.yield([UInt8](repeating: 0x41, count: 100_000)) }
        continuation.finish(throwing: HungUp())
      }
      await #expect(throws: HungUp.self) { try await ImportUpload.receive(source, for: id, in: desk.jobs) }
      #expect(try await desk.state(id) == "discarded|2|0")

      var halfway = ImportUpload(try await desk.begin(.staff, as: .adviser), in: desk.jobs)
      try await halfway.append(Self.staff.prefix(300_000))
      #expect(try await desk.state(halfway.id) == "uploading|1|1")
      #expect(await ImportDesk.refusal { try await desk.run(halfway.id).preview() } == "BE409 uploading")
      #expect(await ImportDesk.refusal { try await desk.run(halfway.id).commit() } == "BE409 uploading")
      try await desk.run(halfway.id).discard()
      let rest = Self.staff.dropFirst(300_000)
      #expect(await ImportDesk.refusal { try await halfway.append(rest) } == "BE409 discarded")
      #expect(try await desk.state(halfway.id) == "discarded|2|0")
    }
  }

  @Test("of any bytes at all is answered, and what is kept of it can be shown", arguments: ImportKind.all.map(\.name))
  func anyBytes(name: String) async throws {
    let kind = try #require(ImportKind(named: name))
    let heading = Array(
      [
        "schools": "BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;BEVOEGD GEZAG NUMMER;STRAATNAAM",
        "staff": ImportBench.staffHeading, "absences": AbsencesImportTests.heading,
        "referrals": ReferralsImportTests.heading,
      ][name, default: "person_number,date,debriefed_on"].utf8)
    var chance = SplitMix(seed: 20_261_123)
    try await ImportDesk.open { desk in
      for attempt in 0..<40 {
        var file = attempt.isMultiple(of: 4) ? [] : heading + Array("\n".utf8)
        for _ in 0..<Int.random(in: 0...300, using: &chance) {
          let marks = Array("\0\"\",;\n\r\t\\é\u{85}\u{202E}P12024-02-0115IB00".utf8)
          let isMark = Bool.random(using: &chance)
          file.append(isMark ? marks.randomElement(using: &chance)! : UInt8.random(in: 0...255, using: &chance))
        }
        let id = try await desk.upload(kind, file, as: .adviser)
        let outcome = try await desk.run(id).preview()
        for language in [Language.dutch, .english] {
          let body = try #require(try await desk.shown(id, to: .adviser, in: language))
          let json = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
          let faults = (json?["preview"] as? [String: Any])?["faults"] as? [[String: Any]]
          #expect(faults?.compactMap { $0["detail"] as? String } == outcome.faults.map { $0.text(in: language) })
        }
      }
    }
  }
}
