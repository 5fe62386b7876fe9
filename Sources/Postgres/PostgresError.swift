/// Everything that can go wrong between a call and its answer.
public enum PostgresError: Error, Sendable, Hashable {
  /// The server refused or failed the statement; its transaction had no effect.
  case server(ServerError)
  /// The connection broke before the answer.
  case connectionLost(outcome: Outcome)
  /// No connection can be had now; new attempts are under way.
  case unavailable(retryAfter: Duration)
  /// The queue of the lane is full; refused at once, nothing was sent.
  case saturated(retryAfter: Duration)
  /// The time was up. On the write lane only before anything was sent: afterwards it is `connectionLost(.unknown)`.
  case deadlineExceeded
  /// The calling task was cancelled. A write that had been sent still takes effect.
  case cancelled
  /// The COMMIT was answered with ROLLBACK, because a statement before it had failed; nothing took effect.
  case rolledBack
  /// The database is being shut down on this side.
  case shuttingDown
  /// The call itself is wrong; says how.
  case misuse(String)
  /// A value is not what the caller asked for.
  case decoding(column: String, row: Int, expected: String)

  /// What is known of the effect of a statement whose answer never came.
  public enum Outcome: Sendable, Hashable {
    /// It has certainly had no effect; it may be sent again.
    case notSent
    /// It may have been committed.
    case unknown
  }

  /// The SQLSTATE, when the server has answered.
  public var sqlState: SQLState? {
    if case .server(let error) = self { return error.sqlState }
    return nil
  }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  /// Leaks no data: no message, no detail, no values.
  public var description: String {
    switch self {
    case .server(let error): "server: \(error.description)"
    case .connectionLost(.notSent): "connection lost, no effect"
    case .connectionLost(.unknown): "connection lost, outcome unknown"
    case .unavailable(let delay): "no connection, retry after \(delay)"
    case .saturated(let delay): "queue full, retry after \(delay)"
    case .deadlineExceeded: "deadline exceeded"
    case .cancelled: "cancelled"
    case .rolledBack: "rolled back"
    case .shuttingDown: "shutting down"
    case .misuse(let what): "misuse: \(what)"
    case .decoding(let column, let row, let expected): "column \(column) of row \(row) is not \(expected)"
    }
  }

  /// Everything, what the server quoted of users' values included.
  public var debugDescription: String {
    if case .server(let error) = self { return error.debugDescription }
    return description
  }
}
