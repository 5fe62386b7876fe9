/// What happens to connections and queues: one typed stream that feeds logs and metrics.
///
/// The observer is called on the thread that serves all connections: it hands on and returns, it never waits.
public enum Observation: Sendable {
  case connected(LaneName)
  /// An attempt to connect failed. The reason is libpq's and may name host and user.
  case connectFailed(LaneName, reason: String)
  /// An open connection ended that was not closed from here.
  case lost(LaneName, reason: String)
  /// The next attempt to connect comes after this delay.
  case reconnecting(LaneName, after: Duration)
  /// A `NOTICE`, `WARNING` or the like.
  case notice(LaneName, ServerError)
  /// The request at the head of a shared connection took too long; the connection was given up.
  case watchdogRetired(LaneName, age: Duration)
  /// A prepared statement no longer fitted the schema; its connection is being replaced.
  case stalePlan(LaneName)
  /// A request waited this long for a connection.
  case waited(LaneName, Duration)
  /// A request was refused because the queue was full.
  case queueFull(LaneName)
  /// A session was handed back in a state that needed repair, or could not be repaired.
  case sessionRepaired(reason: String)
}

/// The ways to the database; none waits for another.
public enum LaneName: String, Sendable, Hashable, CaseIterable {
  case read, write, long, listen
}
