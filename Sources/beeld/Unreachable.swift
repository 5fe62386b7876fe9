import Postgres
import Synchronization

/// There is no connection to the database, and why, in libpq's words.
struct Unreachable: Error, CustomStringConvertible {
  let reason: String

  var description: String { "no connection to the database: \(reason)" }

  /// What the last attempt to connect ended in.
  final class LastReason: Sendable {
    private let reason = Mutex<String?>(nil)

    @Sendable func note(_ observation: Observation) {
      if case .connectFailed(_, let said) = observation { reason.withLock { $0 = said } }
    }

    /// The error with its reason, where it is that there is no connection.
    func explain(_ error: any Error) -> any Error {
      guard case PostgresError.unavailable = error, let said = reason.withLock({ $0 }) else { return error }
      return Unreachable(reason: said)
    }
  }
}
