import Glibc
import Postgres
import Schema

/// A migrated database of one test's own: a clone, made in some 60 ms, of a template that is built once per schema.
///
/// The cluster is the one at `BEELD_TEST_DATABASE_URL` (a superuser's conninfo), started for the tests and thrown away
/// with everything in it afterwards; so nobody drops the clones.
public struct TestDatabase: Sendable {
  public let name: String
  private let cluster: String

  /// A new clone of the migrated template.
  public static func fresh() async throws -> TestDatabase {
    try await copy(of: Template.shared.name(in: clusterConninfo()))
  }

  /// An empty database in the same cluster, without any schema.
  public static func empty() async throws -> TestDatabase {
    try await copy(of: "template0 encoding 'UTF8'")
  }

  /// A new clone of this one, to which nobody may be connected meanwhile.
  func clone() async throws -> TestDatabase { try await Self.copy(of: name) }

  private static func copy(of template: String) async throws -> TestDatabase {
    let cluster = try clusterConninfo()
    let name = "beeld_test_\(getpid())_\(UInt32.random(in: 0 ... .max))"
    let administrator = Database(.patient(cluster))
    try await administrator.withSession { session in
      _ = try await session.script("create database \(name) template \(template)")
    }
    await administrator.shutdown(graceful: .seconds(5))
    return TestDatabase(name: name, cluster: cluster)
  }

  /// Conninfo of this database for its superuser.
  public var conninfo: String { Self.naming(name, in: cluster) }

  /// A client of this database; shut it down when the test is done with it.
  /// - Parameter role: the login role; nil for the superuser, whom row-level security does not hold.
  public func connect(as role: String? = nil, _ adjust: (inout Database.Configuration) -> Void = { _ in }) -> Database {
    var configuration = Database.Configuration(conninfo: conninfo)
    configuration.user = role
    configuration.readConnections = 1
    configuration.writeConnections = 2
    configuration.patience = .seconds(30)
    adjust(&configuration)
    return Database(configuration)
  }

  /// Runs `body` with a client as `role`, and shuts it down afterwards whatever happened.
  public func with<Result: Sendable>(
    _ role: String? = nil, _ body: (Database) async throws -> Result
  ) async throws -> Result {
    let database = connect(as: role)
    do {
      let result = try await body(database)
      await database.shutdown(graceful: .seconds(5))
      return result
    } catch {
      await database.shutdown(graceful: .seconds(5))
      throw error
    }
  }

  /// Runs statements as superuser, for arranging a test's facts.
  @discardableResult
  public func script(_ sql: String) async throws -> Rows? {
    try await with { database in
      try await database.withSession { try await $0.script("set search_path = beeld, app; " + sql).last }
    }
  }

  static func clusterConninfo() throws -> String {
    guard let value = getenv("BEELD_TEST_DATABASE_URL") else { throw NoCluster() }
    return String(cString: value)
  }

  static func naming(_ database: String, in conninfo: String) -> String {
    // The last mention of a keyword is the one that libpq takes.
    "\(conninfo) dbname=\(database)"
  }

  struct NoCluster: Error, CustomStringConvertible {
    var description: String {
      "BEELD_TEST_DATABASE_URL is not set: run deploy/test, or name a superuser of a throwaway cluster, for example 'host=/tmp/pg user=postgres dbname=postgres'"
    }
  }
}

/// The migrated template, made once per schema and cluster, whichever test process comes first.
private actor Template {
  static let shared = Template()
  private var building: Task<String, any Error>?

  func name(in cluster: String) async throws -> String {
    if let building { return try await building.value }
    let task = Task { try await Self.build(in: cluster) }
    building = task
    return try await task.value
  }

  private static func build(in cluster: String) async throws -> String {
    let name = "beeld_template_\(Schema.current.fingerprint.prefix(16))"
    let administrator = Database(.patient(cluster))
    try await administrator.withSession { session in
      // Advisory locks belong to a database: all processes build from the same one, so this one is shared.
      _ = try await session.script("select pg_advisory_lock(77)")
      let known = Statement("select from pg_database where datname = $1 and datistemplate")
      if try await session.query(known(.text(name))).count == 0 {
        _ = try await session.script("drop database if exists \(name)")
        _ = try await session.script("create database \(name) template template0 encoding 'UTF8'")
        let fresh = Database(.patient(TestDatabase.naming(name, in: cluster)))
        try await Migrator().migrate(fresh)
        await fresh.shutdown(graceful: .seconds(5))
        _ = try await session.script("alter database \(name) with is_template true allow_connections false")
      }
      _ = try await session.script("select pg_advisory_unlock(77)")
    }
    await administrator.shutdown(graceful: .seconds(5))
    return name
  }
}

extension Database.Configuration {
  /// On a machine that is busy with hundreds of tests, a connection that is not to be had at once is no fault.
  fileprivate static func patient(_ conninfo: String) -> Self {
    var configuration = Self(conninfo: conninfo)
    configuration.patience = .seconds(60)
    return configuration
  }
}
