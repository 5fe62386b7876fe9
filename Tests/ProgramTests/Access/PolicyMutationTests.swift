import Postgres
import Program
import TestDatabase
import Testing

/// Proof that the truth table can tell: every policy by which the API reads is taken away, and opened to everybody, and each
/// time somebody sees other rows than they are to.
@Suite struct PolicyMutationTests {
  private static let desks = Task { try await Desks() }

  @Test("A policy that goes missing, or lets everybody in, is noticed", arguments: truthTable)
  func policies(of line: TruthLine) async throws {
    guard !line.columns.isEmpty, !line.isView else { return }
    let database = try await Self.desks.value.database
    let names = try await database.script(
      """
      select quote_ident(polname)
      from pg_policy
      where polrelid = 'beeld.\(line.table)'::regclass and 'beeld_app'::regrole = any (polroles) and polcmd = 'r'
      """
    ).strings
    #expect(!names.isEmpty)
    let operators = database.connect { $0.patience = .seconds(30) }
    try await operators.withSession { session in
      #expect(try await line.isUpheld(after: "select 1", in: session), "as the policies stand")
      for name in names where !line.triedInSQL.contains(name) {
        let policy = "policy \(name) on beeld.\(line.table)"
        #expect(try await !line.isUpheld(after: "drop \(policy)", in: session), "without \(policy)")
        // A row that everybody may read once there is an identity is told apart by having none.
        let opened = try await line.isUpheld(after: "alter \(policy) using (true)", in: session)
        #expect(!opened, "with \(policy) open to all")
      }
    }
    await operators.shutdown(graceful: .seconds(5))
  }
}

extension TruthLine {
  /// Whether everybody, and nobody, sees what they are to once this has been done; it is undone again.
  fileprivate func isUpheld(after mutation: String, in session: Session) async throws -> Bool {
    try await session.script("begin; set local search_path = beeld, app; \(mutation); set local role beeld_app")
    var isUpheld = true
    for person in [nil] + Organisation.Person.allCases.map(Optional.some) {
      let identify = person.map { "app.identify(sha256('\($0.token)'))" } ?? "null"
      let rows = try await session.script("savepoint s; select \(identify); select \(key) from \(table)")
      try await session.script("rollback to s")
      if Set(rows.last?.strings ?? []) != person.map(expected) ?? [] { isUpheld = false }
    }
    try await session.script("rollback")
    return isUpheld
  }
}
