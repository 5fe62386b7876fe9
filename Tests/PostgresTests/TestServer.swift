import Glibc
import Testing

@testable import Postgres

/// The cluster the tests run on, named by `BEELD_TEST_DATABASE_URL`, and a database of its own for each suite.
enum TestServer {
  static let conninfo: String = {
    guard let value = getenv("BEELD_TEST_DATABASE_URL") else {
      fatalError("BEELD_TEST_DATABASE_URL is not set: the tests need a PostgreSQL cluster")
    }
    return String(cString: value)
  }()

  /// Where the cluster of a client listens: the folder of its socket, and its port.
  static func place(of database: Database) async throws -> (folder: String, port: String) {
    let rows = try await database.read(
      Segment("select split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port')"))
    return (try #require(rows.string(0, 0)), try #require(rows.string(0, 1)))
  }

  /// How many lives a randomised test lives. ThreadSanitizer slows them down much and has nothing to find in them.
  static let lives: UInt64 = getenv("BEELD_TEST_LIVES").flatMap { UInt64(String(cString: $0)) } ?? 2_000

  private actor Databases {
    private var makings: [String: Task<Void, any Error>] = [:]

    func need(_ name: String) async throws {
      let making =
        makings[name]
        ?? Task {
          let database = Database(.init(conninfo: TestServer.conninfo))
          try await database.withSession { session in
            try await session.script("drop database if exists \(name) with (force)")
            try await session.script("create database \(name)")
          }
          await database.shutdown()
        }
      makings[name] = making
      try await making.value
    }
  }

  private static let databases = Databases()

  /// Gives `body` a client of the suite's own database and shuts it down afterwards.
  static func run<Result: Sendable>(
    _ suite: String, _ change: (inout Database.Configuration) -> Void = { _ in }, log: ObservationLog = .init(),
    _ body: (Database) async throws -> Result
  ) async throws -> Result {
    let name = "postgres_tests_\(getpid())_" + suite
    try await databases.need(name)
    var configuration = Database.Configuration(conninfo: conninfo + " dbname=" + name)
    // No bound that a busy machine under ThreadSanitizer meets: a test of one sets its own.
    configuration.readDeadline = .seconds(60)
    configuration.writeDeadline = .seconds(60)
    configuration.sessionDeadline = .seconds(60)
    configuration.headAgeLimit = .seconds(30)
    configuration.patience = .seconds(30)
    change(&configuration)
    let database = Database(configuration) { log.append($0) }
    do {
      let result = try await body(database)
      await database.shutdown(graceful: .seconds(2))
      return result
    } catch {
      await database.shutdown(graceful: .zero)
      throw error
    }
  }
}

/// What the client has reported.
final class ObservationLog: Sendable {
  private let entries = Guarded<[Observation]>([])

  var all: [Observation] { entries.withLock { $0 } }

  func append(_ observation: Observation) { entries.withLock { $0.append(observation) } }

  func count(where fits: (Observation) -> Bool) -> Int { entries.withLock { $0.count(where: fits) } }
}

/// Waits until the condition holds; fails after ten seconds.
func eventually(
  _ what: Comment, at location: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
  let clock = ContinuousClock()
  // A bound on what never comes, and not on a machine that is slow.
  let limit = clock.now + .seconds(60)
  while try await !condition() {
    try #require(clock.now < limit, what, sourceLocation: location)
    try await clock.sleep(for: .milliseconds(5))
  }
}

/// The error `body` ends in; fails when it ends in none.
func failure<Result>(
  at location: SourceLocation = #_sourceLocation, of body: () async throws -> Result
) async throws -> PostgresError {
  do {
    _ = try await body()
  } catch let error as PostgresError {
    return error
  }
  Issue.record("it succeeded", sourceLocation: location)
  throw PostgresError.misuse("it succeeded")
}

/// A generator whose every run is the same.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

extension Segment {
  /// A statement put together by a test.
  init(_ sql: String, _ parameters: Parameter...) {
    self.init(Statement(unchecked: sql).bind(parameters))
  }
}

extension Rows {
  /// The number in a column of the first row.
  func number(_ column: Int = 0) -> Int? { string(0, column).flatMap { Int($0) } }
}

/// A word from one task to another.
final class Flag: Sendable {
  private let value = Guarded(false)
  var isRaised: Bool { value.withLock { $0 } }
  func raise() { value.withLock { $0 = true } }
}

/// `#expect` for the innermost loops of randomised runs, where its own bookkeeping would be most of the work.
func hold(
  _ condition: Bool, _ what: @autoclosure () -> Comment = "an invariant", at location: SourceLocation = #_sourceLocation
) {
  if !condition { Issue.record(what(), sourceLocation: location) }
}
