import Postgres
import TestDatabase
import Testing

/// Audit rows name people by a random key; erasing a person removes what the key leads to, not the rows.
@Suite struct ErasureTests {
  @Test("Once a person is erased, no audit row leads from their key to the id by which stored reports still know them")
  func nothingLeadsBack() async throws {
    let database = try await Organisation.fresh().database
    let person = Organisation.Person.colleague
    try await database.script("delete from person where id = '\(person.id)'")
    let kept = try await database.script(
      "select 1 from audit where subject_key = '\(person.subjectKey)' and act = 'insert' and table_name = 'person'")
    #expect(kept?.count == 1, "the audit outlives the person")
    let stored = try await database.script("select 1 from report_row where person_id = '\(person.id)'")
    #expect(stored?.count == 1, "so does the stored run")

    let leads = try await database.script(
      """
      select table_name, act
      from audit
      where subject_key = '\(person.subjectKey)'
        and (row_id = '\(person.id)' or before::text like '%\(person.id)%' or after::text like '%\(person.id)%')
      """)
    #expect(leads?.count == 0)
  }

  @Test("Once a person is erased, nothing of them is in any table but the audit's facts and the ids of stored runs")
  func nothingRemains() async throws {
    let database = try await Organisation.fresh().database
    let person = Organisation.Person.colleague
    try await database.script("delete from person where id = '\(person.id)'")
    for line in truthTable where line.table != "audit" {
      let rows = try await database.script(
        "select 1 from \(line.table) t where t::text ~ '\(person.id)|\(person.rawValue)|\(person.personNumber)'")
      #expect(rows?.count == (line.table == "report_row" ? 1 : 0), "\(line.table)")
    }
    let audit = try await database.script(
      "select 1 from audit t where t::text ~* 'Person \(person.rawValue)|\(person.rawValue)@|\(person.personNumber)'")
    #expect(audit?.count == 0)
  }
}
