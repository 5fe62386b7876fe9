import Postgres

/// A change of the registry as one implicit transaction: all of it happens, or none.
///
/// In the order of the segment: who asks, the command's name, what must hold beforehand, the change, and the resource
/// as it is afterwards, read under the same identity.
public struct Command: Sendable {
  /// What makes a command one that is done once, however often it is sent.
  public struct Name: Sendable {
    /// The client's `Idempotency-Key`, or one of ours, so that a command whose answer was lost can be sent again.
    let key: String
    /// SHA-256 of what was asked: the same key with another request is a mistake.
    let hash: [UInt8]

    public init(key: String, hash: [UInt8]) {
      self.key = key
      self.hash = hash
    }

    /// A name of our own.
    public init() {
      let id = UUIDv7().description
      key = id
      hash = Array(id.utf8)
    }
  }

  /// The key of the resource, as in its address.
  public let resource: String
  /// The status of the answer when it is done.
  public let status: Int
  let acts: [BoundStatement]
  /// Reads a resource by its key: columns `version` and `body`; no row where it is gone.
  let read: @Sendable (String) -> BoundStatement

  /// - Parameter acts: what is done, in order, each raising when it may not be.
  public init(
    _ acts: [BoundStatement], on resource: String, status: Int, read: @escaping @Sendable (String) -> BoundStatement
  ) {
    self.acts = acts
    self.resource = resource
    self.status = status
    self.read = read
  }
}

extension Command {
  /// The same with more to be done before it.
  public func after(_ more: [BoundStatement]) -> Command {
    Command(more + acts, on: resource, status: status, read: read)
  }

  /// The same with more to be done after it.
  public func before(_ more: [BoundStatement]) -> Command {
    Command(acts + more, on: resource, status: status, read: read)
  }

  /// What came of a command.
  public struct Done: Sendable {
    public let status: Int
    public let resource: String
    /// Whether it had been done before under its name, and this answers for that.
    public let isRepeated: Bool
    /// Columns `version` and `body` of the resource as it is now; no row where it is gone, or not the asker's to see.
    public let rows: Rows
  }

  /// Does it, once: when the connection is lost and nobody knows whether it was done, it is sent again under the same
  /// name, and the database's index decides. Of commands that wait for each other PostgreSQL undoes one, which is sent
  /// again when the other is through.
  /// - Parameter request: the id of the request, for the audit.
  /// - Throws: `PostgresError`; `connectionLost(.unknown)` only where the second attempt was lost too.
  public func perform(
    as identity: Identity, named name: Name, request: String, scope: Identity.Scope = .write, in database: Database
  ) async throws -> Done {
    let segment = segment(as: identity, named: name, request: request, scope: scope)
    do {
      return Done(
        status: status, resource: resource, isRepeated: false,
        rows: try await Self.writeTwice(segment, in: database))
    } catch PostgresError.server(let error) where error.sqlState == .doneBefore {
      return try await again(error.detail ?? "", as: identity, in: database)
    }
  }

  /// What is sent for it.
  public func segment(
    as identity: Identity, named name: Name, request: String, scope: Identity.Scope = .write
  ) -> Segment {
    let begin = Self.begin(.text(request), .text(name.key), .binary(name.hash), .int(status), .text(resource))
    return Segment(read(resource), after: [identity.identify(for: scope), begin] + acts)
  }

  private static func writeTwice(_ segment: Segment, in database: Database) async throws -> Rows {
    do {
      return try await database.write(segment)
    } catch {
      guard isWorthAnother(error) else { throw error }
      return try await database.write(segment)
    }
  }

  private static func isWorthAnother(_ error: PostgresError) -> Bool {
    switch error {
    case .connectionLost(outcome: .unknown): true
    case .server(let error): error.sqlState == .deadlockDetected
    default: false
    }
  }

  /// The answer of a command that was done before: its status, and its resource as it is now.
  private func again(_ detail: String, as identity: Identity, in database: Database) async throws -> Done {
    let parts = detail.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let status = Int(parts[0]) else {
      throw PostgresError.decoding(column: "detail", row: 0, expected: "status and resource")
    }
    let resource = String(parts[1])
    return Done(
      status: status, resource: resource, isRepeated: true, rows: try await database.read(identity.read(read(resource)))
    )
  }

  /// Raises `BE208` with `<status> <resource>` as its detail when the command of this name has been done before,
  /// `BE409` (`in_progress`) while another connection is at it, `BE422` (`key_reused`) when the name was another's.
  private static let begin = Statement("select app.begin_command($1, $2, $3, $4, $5)")
}

extension Command {
  /// For the server's own work: lets go of the names of commands that are a day old; answers how many.
  public static var forget: BoundStatement { forgetting() }

  private static let forgetting = Statement("select app.forget_commands()")
}

extension SQLState {
  fileprivate static let doneBefore = SQLState(rawValue: "BE208")
}
