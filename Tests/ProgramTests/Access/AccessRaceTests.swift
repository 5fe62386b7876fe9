import Postgres
import Program
import TestDatabase
import Testing

/// Two who change one person's roles at once: what identify looks up is then what the assignments say, and nobody keeps
/// a role that was taken away.
@Suite struct AccessRaceTests {
  @Test("One takes a role away while another, not yet committed, gives one: either both happen or the later is refused")
  func twoAtOnce() async throws {
    let desks = try await Desks()
    let person = Organisation.Person.directorAndCoach
    let operators = desks.database.connect { $0.longConnections = 2 }
    try await operators.withSession { first in
      try await first.script("begin; delete from beeld.role_assignment where \(of(person)) and role = 'coach'")
      let pid = try await first.query(Statement("select pg_backend_pid()")()).strings[0]
      let second = Task {
        try await operators.withSession { second in
          try await second.script(
            """
            insert into beeld.role_assignment (id, person_id, role, from_date)
            values (gen_random_uuid(), '\(person.id)', 'adviser', app.today())
            """)
        }
      }
      // It waits for the first: committed is then what it must see.
      while try await desks.database.script(
        "select 1 from pg_stat_activity where \(pid) = any (pg_blocking_pids(pid))")?.count == 0
      { await Task.yield() }
      try await first.script("commit")
      let outcome = await second.result
      let settings = try await desks.settings(of: person)
      #expect(settings["coach"] == "", "the role that was taken away is gone")
      #expect(settings["director_of"] == "{\(Organisation.School.first.id)}")
      switch outcome {
      case .success: #expect(settings["adviser"] == "on")
      case .failure: #expect(settings["adviser"] == "")
      }
      #expect(throws: Never.self) { try outcome.get() }
    }
    await operators.shutdown(graceful: .seconds(5))
    await desks.close()
  }

  @Test("Eight who give and take roles of one person at once leave an access that matches the assignments")
  func many() async throws {
    let desks = try await Desks()
    let person = Organisation.Person.support
    let operators = desks.database.connect { $0.writeConnections = 8 }
    let roles = ["coach", "adviser", "privacy_officer", "system_admin"]
    let done = await withTaskGroup(of: Int.self, returning: Int.self) { group in
      for writer in 0..<8 {
        group.addTask {
          var done = 0
          for round in 0..<20 {
            let role = roles[(writer + round) % roles.count]
            let act =
              round % 2 == 0
              ? "insert into beeld.role_assignment (id, person_id, role, from_date) values (gen_random_uuid(), '\(person.id)', '\(role)', '2020-01-01')"
              : "delete from beeld.role_assignment where \(of(person)) and role = '\(role)'"
            // What another's change refuses has not happened; all that counts here is what is left.
            do {
              _ = try await operators.write(Segment(Statement(unchecked: act)()))
              done += 1
            } catch {}
          }
          return done
        }
      }
      return await group.reduce(0, +)
    }
    #expect(done > 8)
    let held = try await desks.database.script("select role from role_assignment where \(of(person))").strings
    let settings = try await desks.settings(of: person)
    for role in roles { #expect(settings[role] == (held.contains(role) ? "on" : ""), "\(role)") }
    await operators.shutdown(graceful: .seconds(5))
    await desks.close()
  }
}

private func of(_ person: Organisation.Person) -> String { "person_id = '\(person.id)'" }

extension Desks {
  /// What identify leaves of roles in the settings, by name.
  func settings(of person: Organisation.Person) async throws -> [String: String] {
    let rows = try await api.read(
      person.identity.read(
        Statement(
          """
          select n, coalesce(current_setting('app.' || n, true), '')
          from unnest(array['coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools']) n
          """)()))
    return Dictionary(uniqueKeysWithValues: (0..<rows.count).map { (rows.string($0, 0)!, rows.string($0, 1)!) })
  }

  func close() async {
    await api.shutdown(graceful: .seconds(5))
    await jobs.shutdown(graceful: .seconds(5))
  }
}
