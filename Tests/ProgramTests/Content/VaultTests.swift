import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Program

@Suite("The vault")
struct VaultTests {
  private let keys = MasterKeys.newLine(named: "a") + "\n"

  @Test("Who may read a text reads it; everybody else finds nothing")
  func reading() async throws {
    try await Guidance.with { guidance in
      let vault = Vault(try MasterKeys(keys), database: guidance.api)
      try await guidance.write("Mijn vraag.", .learningQuestion, of: Guidance.request, in: vault)
      for person in Organisation.Person.allCases {
        let read = try await guidance.read(.learningQuestion, of: Guidance.request, as: person, in: vault)
        let isReader = person == .teacher || person == .coach
        #expect(read == (isReader ? #"{"text":"Mijn vraag."}"# : "BE404"), "\(person)")
      }
    }
  }

  @Test("First texts that are written at once share one key, and each opens")
  func firstTexts() async throws {
    try await Guidance.with { guidance in
      let vault = Vault(try MasterKeys(keys), database: guidance.api)
      try await withThrowingTaskGroup { group in
        for round in 0..<4 {
          let (kind, item): (ContentKind, String) =
            round.isMultiple(of: 2) ? (.learningQuestion, Guidance.request) : (.reflection, Guidance.recording)
          group.addTask { try await guidance.write("Tekst \(round)", kind, of: item, in: vault) }
        }
        try await group.waitForAll()
      }
      for (kind, item) in [(ContentKind.learningQuestion, Guidance.request), (.reflection, Guidance.recording)] {
        #expect(try await guidance.read(kind, of: item, in: vault).hasPrefix(#"{"text":"Tekst"#))
      }
      #expect(try await guidance.organisation.database.script("select 1 from data_key")?.count == 1)
    }
  }

  @Test("What is swapped in the database, by whoever writes there, does not open elsewhere")
  func swapped() async throws {
    try await Guidance.with { guidance in
      let vault = Vault(try MasterKeys(keys), database: guidance.api)
      let database = guidance.organisation.database
      try await guidance.write("Een vraag.", .learningQuestion, of: Guidance.request, in: vault)
      try await guidance.write("Een terugblik.", .reflection, of: Guidance.recording, in: vault)
      let swap = "update content c set sealed = o.sealed from content o where o.kind <> c.kind"
      try await database.script(swap)
      let question = try await guidance.read(.learningQuestion, of: Guidance.request, in: vault)
      #expect(question == "learning_question of \(Guidance.request) is not what was written")
      #expect(
        try await guidance.read(.reflection, of: Guidance.recording, in: vault).hasSuffix("is not what was written"))
      try await database.script(swap)
      #expect(try await guidance.read(.reflection, of: Guidance.recording, in: vault).contains("terugblik"))

      let id = UUIDv7().description
      try await database.script(
        """
        update data_key set retired_at = now();
        insert into data_key (id, person_id, bound_to, master_key, wrapped)
        select '\(id)', person_id, bound_to, master_key, wrapped from data_key;
        update content set data_key_id = '\(id)' where kind = 'reflection'
        """)
      #expect(
        try await guidance.read(.reflection, of: Guidance.recording, in: vault)
          == "data key \(id) is not what was written")
      try await database.script("update data_key set bound_to = '\(Organisation.Person.colleague.id)'")
      #expect(try await guidance.read(.learningQuestion, of: Guidance.request, in: vault).hasPrefix("data key"))
    }
  }

  @Test("A rotation puts keys under the first master key; texts open before, meanwhile and after, and the old key goes")
  func rotation() async throws {
    try await Guidance.with { guidance in
      let both = keys + MasterKeys.newLine(named: "b")
      let old = Vault(try MasterKeys(keys), database: guidance.api)
      try await guidance.write("Een vraag.", .learningQuestion, of: Guidance.request, in: old)
      let lines = both.split(separator: "\n")
      let turned = try MasterKeys("\(lines[1])\n\(lines[0])")
      #expect(try await Rotation.counts(in: guidance.jobs) == [.init(masterKey: "a", number: 1)])
      #expect(try await Rotation(turned, database: guidance.jobs).run(portion: 1) == 1)
      #expect(try await Rotation(turned, database: guidance.jobs).run(portion: 1) == 0)
      #expect(try await Rotation.counts(in: guidance.jobs) == [.init(masterKey: "b", number: 1)])

      for known in [try MasterKeys(both), turned, try MasterKeys(String(lines[1]))] {
        let vault = Vault(known, database: guidance.api)
        #expect(try await guidance.read(.learningQuestion, of: Guidance.request, in: vault).contains("Een vraag."))
      }
      let closed = try await guidance.read(.learningQuestion, of: Guidance.request, in: old)
      #expect(closed == "\(ContentFault.unknownMasterKey("b"))")
      await #expect(throws: ContentFault.unknownMasterKey("b")) {
        try await Rotation(try MasterKeys(keys), database: guidance.jobs).run()
      }
    }
  }

  @Test("Once the key is destroyed, nobody reads, not even from a copy of the texts with the master key")
  func erasure() async throws {
    try await Guidance.with { guidance in
      let vault = Vault(try MasterKeys(keys), database: guidance.api)
      let database = guidance.organisation.database
      try await guidance.write("Een vraag.", .learningQuestion, of: Guidance.request, in: vault)
      try await database.script("create table public.copy_of_content as table content")
      let erase = Statement("select app.destroy_data_key()")
      let erased = try await guidance.api.write(
        Segment(erase(), after: [Organisation.Person.teacher.identity.identify(for: .write)]))
      #expect(try erased.int(0, 0) == 1)
      for person in [Organisation.Person.teacher, .coach] {
        #expect(try await guidance.read(.learningQuestion, of: Guidance.request, as: person, in: vault) == "BE404")
      }
      try await database.script("insert into content select * from public.copy_of_content")
      #expect(try await guidance.read(.learningQuestion, of: Guidance.request, in: vault) == "BE404")
      #expect(try await database.script("select 1 from data_key where wrapped is not null")?.count == 0)

      try await database.script("delete from content")
      try await guidance.write("Een nieuwe.", .learningQuestion, of: Guidance.request, in: vault)
      #expect(try await guidance.read(.learningQuestion, of: Guidance.request, in: vault).contains("Een nieuwe."))
    }
  }

  @Test("A school's text is under the school's key, whoever of it writes: rotated it opens, and no teacher erases it")
  func schools() async throws {
    try await Guidance.with { guidance in
      let item = Organisation.objections[1].id
      let vault = Vault(try MasterKeys(keys), database: guidance.api)
      try await guidance.write("L-0412", .pupil, of: item, as: .director, in: vault)
      try await guidance.write("L-0413", .pupil, of: item, as: .schoolAdmin, in: vault)
      let owners = try await guidance.organisation.database.script("select school_id, person_id from data_key")
      #expect(owners?.count == 1 && owners?.string(0, 0) == Organisation.School.first.id && owners?.string(0, 1) == nil)

      let lines = (keys + MasterKeys.newLine(named: "b")).split(separator: "\n")
      let turned = try MasterKeys("\(lines[1])\n\(lines[0])")
      #expect(try await Rotation(turned, database: guidance.jobs).run() == 1)
      let erase = Statement("select app.destroy_data_key()")
      _ = try await guidance.api.write(
        Segment(erase(), after: [Organisation.Person.director.identity.identify(for: .write)]))
      let after = Vault(turned, database: guidance.api)
      for person in Organisation.Person.allCases {
        let read = try await guidance.read(.pupil, of: item, as: person, in: after)
        let answers = [.director, .schoolAdmin, .directorAndCoach].contains(person)
        #expect(read == (answers ? #"{"text":"L-0413"}"# : "BE404"), "\(person)")
      }
    }
  }

  @Test("Without master keys nothing is written and nothing is read")
  func closed() async throws {
    try await Guidance.with { guidance in
      let vault = Vault(nil, database: guidance.api)
      let read = try await guidance.read(.learningQuestion, of: Guidance.request, in: vault)
      #expect(read == "\(ContentFault.noMasterKeys)")
      await #expect(throws: ContentFault.noMasterKeys) {
        try await guidance.write("Een vraag.", .learningQuestion, of: Guidance.request, in: vault)
      }
    }
  }

  @Test("A dump of the database holds no sentence that anybody wrote, and no key")
  func dump() async throws {
    try await Guidance.with { guidance in
      let vault = Vault(try MasterKeys(keys), database: guidance.api)
      let planted = ["Zevenentwintig bange bevers", "De juf met de paarse fiets"]
      try await guidance.write(planted[0], .learningQuestion, of: Guidance.request, in: vault)
      try await guidance.write(planted[1], .reflection, of: Guidance.recording, in: vault)
      try await guidance.write(planted[0] + "!", .learningQuestion, of: Guidance.request, in: vault)
      for person in Organisation.Person.allCases {
        _ = try await guidance.read(.reflection, of: Guidance.recording, as: person, in: vault)
      }
      let dump = try guidance.organisation.database.dump()
      #expect(dump.contains("Person teacher"), "it is a dump of this database")
      for sentence in planted {
        let hexadecimal = sentence.utf8.map { String($0, radix: 16) }.joined()
        let base64 = Data(sentence.utf8).base64EncodedString().prefix(20)
        for form in [sentence, hexadecimal, String(base64)] { #expect(!dump.contains(form), "\(form)") }
      }
      let key = keys.split(separator: " ")[1].prefix(43)
      #expect(!dump.contains(key))
    }
  }
}

extension TestDatabase {
  /// All of it, as `pg_dump` writes it.
  fileprivate func dump() throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["pg_dump", "--dbname", conninfo]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw DumpFailed() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private struct DumpFailed: Error {}
}
