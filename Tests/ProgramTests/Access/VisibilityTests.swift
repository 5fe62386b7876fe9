import Postgres
import Program
import TestDatabase
import Testing

/// The truth table against PostgreSQL, logged in as the API is.
@Suite struct VisibilityTests {
  private static let desks = Task { try await Desks() }

  private func desks() async throws -> Desks { try await Self.desks.value }

  @Test("Every table and view that exists is in the truth table, and nothing else is")
  func tables() async throws {
    let rows = try await desks().database.script(
      "select relname from pg_class where relnamespace = 'beeld'::regnamespace and relkind in ('r', 'v', 'm', 'f', 'p')"
    )
    #expect(rows.strings.sorted() == truthTable.map(\.table).sorted())
  }

  @Test("Every column that exists is in the truth table, as readable or as withheld", arguments: truthTable)
  func columns(of line: TruthLine) async throws {
    let rows = try #require(
      try await desks().database.script(
        """
        select attname, has_column_privilege('beeld_app', attrelid, attnum, 'select')
        from pg_attribute
        where attrelid = 'beeld.\(line.table)'::regclass and attnum > 0 and not attisdropped
        """))
    var readable: [String] = []
    var withheld: [String] = []
    for row in rows {
      if try row.bool(1) == true { readable.append(row.string(0)!) } else { withheld.append(row.string(0)!) }
    }
    #expect(readable.sorted() == line.columns.words)
    #expect(withheld.sorted() == line.withheld.words)
  }

  @Test("Everybody sees the rows that their roles show, and no other", arguments: truthTable)
  func rows(of line: TruthLine) async throws {
    guard !line.columns.isEmpty else { return }
    let api = try await desks().api
    for person in Organisation.Person.allCases {
      let seen = try await api.read(person.identity.read(line.keys())).strings
      #expect(seen.count == Set(seen).count, "\(line.table) shows a row twice")
      let expected = line.expected(for: person)
      #expect(Set(seen) == expected, "\(line.table) as \(person)")
    }
  }

  @Test("The organisation has in every table a row to see and, but for common knowledge, one not to see")
  func fixture() {
    for line in truthTable where !line.columns.isEmpty && !(line.facts.isEmpty && !line.triedInSQL.isEmpty) {
      #expect(!line.facts.isEmpty, "\(line.table)")
      guard !line.isCommonKnowledge else { continue }
      let shown = Organisation.Person.allCases.map { line.expected(for: $0).count }
      #expect(shown.contains { $0 < line.facts.count }, "everybody sees all of \(line.table)")
      #expect(shown.contains { $0 > 0 }, "nobody sees any of \(line.table)")
    }
  }

  @Test("Without an identity no table shows a row", arguments: truthTable)
  func nobody(reads line: TruthLine) async throws {
    let api = try await desks().api
    let question = Segment(Statement(unchecked: "select 1 from \(line.table)")())
    if line.columns.isEmpty {
      await expectError("42501") { try await api.read(question) }
    } else {
      let seen = try await api.read(question)
      #expect(seen.count == 0)
    }
  }

  @Test("An identity ends with its request: the next one on the same connection has none", arguments: truthTable)
  func identityEnds(for line: TruthLine) async throws {
    guard !line.columns.isEmpty else { return }
    let api = try await desks().api
    let rows = try await api.read(Organisation.Person.adviser.identity.read(Statement("select pg_backend_pid()")()))
    let after = try await api.read(
      Segment(
        Statement(unchecked: "select pg_backend_pid() from (select count(*) n from \(line.table)) t where n = 0")()))
    #expect(after.strings == rows.strings, "the connection is the same, and it shows nothing of \(line.table)")
  }

  @Test("A refused token leaves no identity behind, and what follows it does not run")
  func refusedTokenShowsNothing() async throws {
    let api = try await desks().api
    let unknown = Identity(Token())
    await expectError("BE401") { try await api.read(unknown.read(Statement("select 1 from school")())) }
    let seen = try await api.read(Segment(Statement("select 1 from school")()))
    #expect(seen.count == 0)
  }

  @Test("A request takes one identity: a second one is refused")
  func secondIdentityIsRefused() async throws {
    let identities = [Organisation.Person.teacher, .adviser].map { $0.identity.identify() }
    let api = try await desks().api
    await expectError("BE500") {
      try await api.read(Segment(Statement("select 1 from school")(), after: identities))
    }
  }

  @Test("The server's own work sees every fact, no token, no audit row", arguments: truthTable)
  func jobs(read line: TruthLine) async throws {
    let jobs = try await desks().jobs
    guard line.jobs.contains("s") else {
      await expectError("42501") { try await jobs.read(Segment(line.keys())) }
      return
    }
    let seen = try await jobs.read(Segment(line.keys())).strings
    #expect(Set(seen) == Set(line.facts.map(\.key)))
  }
}

/// An organisation, and clients of it in both roles that log in, for the tests of a suite to share.
struct Desks: Sendable {
  let database: TestDatabase
  let api: Database
  let jobs: Database

  init() async throws {
    database = try await Organisation.fresh().database
    api = database.connect(as: "beeld_app") { $0.patience = .seconds(30) }
    jobs = database.connect(as: "beeld_jobs") { $0.patience = .seconds(30) }
  }
}

extension TruthLine: CustomTestStringConvertible {
  var testDescription: String { table }

  func keys() -> BoundStatement { Statement(unchecked: "select \(key) from \(table)")() }
}

extension Organisation.Person {
  var identity: Identity { Identity(Token(presented: token)!) }
}

/// Expects that PostgreSQL refuses with this SQLSTATE.
func expectError(
  _ state: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Rows
) async {
  let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { _ = try await body() }
  #expect(error?.sqlState?.rawValue == state, sourceLocation: sourceLocation)
}

extension String {
  var words: [String] { split(separator: " ").map(String.init).sorted() }
}

extension Rows? {
  var strings: [String] { self.map(\.strings) ?? [] }
}

extension Rows {
  /// The first column.
  var strings: [String] { (0..<count).map { string($0, 0) ?? "" } }
}
