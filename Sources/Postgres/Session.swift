/// An exclusive connection, good inside the closure of `Database.withSession` only.
///
/// Operations run one after the other in the order of their calls. When the calling task is cancelled the server is
/// asked to stop. Statements are not prepared here: a report or an import runs once, and is planned best with its
/// actual values.
public final class Session: Sendable {
  let link: ExclusiveLink
  let reactor: Reactor
  private let lease: UInt64
  private let limits: (operation: Duration, cleaning: Duration)

  init(_ link: ExclusiveLink, _ reactor: Reactor, _ configuration: Database.Configuration) {
    self.link = link
    self.reactor = reactor
    lease = link.lease
    limits = (configuration.operationLimit, configuration.cancelGrace)
  }

  /// Runs one statement. A broken connection is `connectionLost(.unknown)`, inside `transaction` `.notSent`.
  public func query(_ bound: BoundStatement) async throws(PostgresError) -> Rows {
    if let objection = bound.objection { throw .misuse(objection) }
    return try await onlyRows(perform(.query(bound)))
  }

  /// Runs several statements separated by semicolons, as one transaction unless the text says otherwise; returns the
  /// result of each. For migrations; never with anything a user wrote.
  @discardableResult
  public func script(_ sql: String) async throws(PostgresError) -> [Rows] {
    if sql.utf8.contains(0) { throw .misuse("the script holds a NUL character") }
    guard case .rows(let results) = try await perform(.script(sql)) else { return [] }
    return results
  }

  /// The rows of a statement as they come; the server sends no faster than they are taken. Leaving the loop early
  /// stops the statement.
  public func stream(_ bound: BoundStatement) -> RowStream { RowStream(session: self, bound: bound) }

  /// Hands this session's notices to `body` as well, besides the observer. Called on the thread that serves all
  /// connections: it hands on and returns.
  public func onNotice(_ body: @escaping @Sendable (ServerError) -> Void) {
    reactor.post { self.link.listenForNotices(body, lease: self.lease) }
  }

  func perform(_ kind: Operation.Kind, isShielded: Bool = false, leavesUncommitted: Bool? = nil)
    async throws(PostgresError) -> Operation.Answer
  {
    let operation = Operation(
      kind, link, lease: lease, limit: isShielded ? limits.cleaning : limits.operation, isShielded: isShielded)
    operation.leavesUncommitted = leavesUncommitted
    return try await operation.outcome(from: reactor).get()
  }

  /// Ends what is being read or written, without waiting for it; what comes next waits for its turn.
  func leave() {
    reactor.post(Operation(.leave, link, lease: lease, limit: limits.cleaning, isShielded: true))
  }

  func onlyRows(_ answer: Operation.Answer) throws(PostgresError) -> Rows {
    guard case .rows(let results) = answer, let rows = results.last else {
      throw .misuse("the statement gave no result")
    }
    return rows
  }
}
