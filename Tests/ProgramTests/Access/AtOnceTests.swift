import Postgres
import Program
import TestDatabase
import Testing

/// Roles and tokens end by date and at once: the next request knows.
@Suite struct AtOnceTests {
  @Test("A role that ended yesterday, or begins tomorrow, shows nothing")
  func rolesOfOtherDays() async throws {
    try await withOrganisation { _, api in
      for person in [Organisation.Person.formerDirector, .futureDirector] {
        let seen = try await api.staff(seenBy: person)
        #expect(seen == [person.id])
      }
    }
  }

  @Test("A role that ends today is gone at the next request")
  func roleEnds() async throws {
    try await withOrganisation { database, api in
      #expect(try await api.staff(seenBy: .director).count > 1)
      try await database.script(
        "update role_assignment set until_date = app.today() where person_id = '\(Organisation.Person.director.id)'")
      #expect(try await api.staff(seenBy: .director) == [Organisation.Person.director.id])
    }
  }

  @Test("A role that begins today is there at the next request")
  func roleBegins() async throws {
    try await withOrganisation { database, api in
      try await database.script(
        "update role_assignment set from_date = app.today() where person_id = '\(Organisation.Person.futureDirector.id)'"
      )
      let seen = try await api.staff(seenBy: .futureDirector)
      #expect(seen == (try await api.staff(seenBy: .director)).union([Organisation.Person.futureDirector.id]))
    }
  }

  @Test("A role's last day is the day before its end")
  func roleOnItsLastDay() async throws {
    try await withOrganisation { database, api in
      try await database.script(
        "update role_assignment set until_date = app.today() + 1 where person_id = '\(Organisation.Person.director.id)'"
      )
      #expect(try await api.staff(seenBy: .director).count > 1)
    }
  }

  @Test("A revoked token is refused at the next request")
  func revoked() async throws {
    try await withOrganisation { database, api in
      #expect(try await api.staff(seenBy: .adviser).count > 1)
      let revoked = try await database.with("beeld_jobs") { jobs in
        try await jobs.write(
          Segment(
            Statement("select app.revoke_token(id) from app.tokens() where person_number = $1 and revoked_at is null")(
              .text(Organisation.Person.adviser.personNumber))))
      }
      #expect(revoked.strings == ["t", "f"] || revoked.strings == ["f", "t"] || revoked.strings == ["t", "t"])
      await expectError("BE401") { try await api.read(Organisation.Person.adviser.identity.read(signOfLife())) }
    }
  }

  @Test("A disabled person is refused at the next request, and again let in when enabled")
  func disabled() async throws {
    try await withOrganisation { database, api in
      let person = Organisation.Person.teacher
      try await database.script("update registration set disabled_at = now() where person_id = '\(person.id)'")
      await expectError("BE401") { try await api.read(person.identity.read(signOfLife())) }
      try await database.script(
        "update registration set disabled_at = now() + interval '1 hour' where person_id = '\(person.id)'")
      #expect(try await api.read(person.identity.read(signOfLife())).strings == ["1"])
    }
  }

  @Test(
    "Tokens that were revoked, have expired, or were never issued, are refused alike",
    arguments: [
      Organisation.token("revoked"), Organisation.token("expired"), Organisation.token("unknown"),
    ])
  func refused(token: String) async throws {
    try await withOrganisation { _, api in
      let identity = Identity(try #require(Token(presented: token)))
      let error = await #expect(throws: PostgresError.self) { try await api.read(identity.read(signOfLife())) }
      guard case .server(let report) = error else { return #expect(Bool(false), "no answer of the server") }
      #expect(report.sqlState.rawValue == "BE401")
      #expect(report.message == "token not accepted" && report.detail == nil && report.hint == nil)
    }
  }

  @Test("A person who is erased is refused, though the token was good")
  func erased() async throws {
    try await withOrganisation { database, api in
      let person = Organisation.Person.support
      try await database.script("delete from person where id = '\(person.id)'")
      await expectError("BE401") { try await api.read(person.identity.read(signOfLife())) }
    }
  }

  private func withOrganisation(_ body: (TestDatabase, Database) async throws -> Void) async throws {
    let database = try await Organisation.fresh().database
    let api = database.connect(as: "beeld_app") { $0.patience = .seconds(30) }
    var outcome: Result<Void, any Error> = .success(())
    do { try await body(database, api) } catch { outcome = .failure(error) }
    await api.shutdown(graceful: .seconds(5))
    try outcome.get()
  }

  private func signOfLife() -> BoundStatement { Statement("select 1")() }
}

extension Database {
  fileprivate func staff(seenBy person: Organisation.Person) async throws -> Set<String> {
    Set(try await read(person.identity.read(Statement("select person_id from registration")())).strings)
  }
}
