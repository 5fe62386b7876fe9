import Postgres

extension Problem {
  /// What an error of the database means to the client. Its message never gets there.
  init(_ error: PostgresError) {
    self =
      switch error {
      case .server(let error): Self.of(error.sqlState)
      case .unavailable(let delay), .saturated(let delay): .unavailable(retryAfter: delay)
      case .deadlineExceeded, .connectionLost, .shuttingDown, .cancelled: .unavailable(retryAfter: .seconds(1))
      case .misuse, .decoding, .rolledBack: .internal
      }
  }

  private static func of(_ state: SQLState) -> Problem {
    switch state.rawValue {
    case "BE401": .unauthenticated(.refused)
    case "BE403": .forbidden
    case "BE404": .notFound
    case "BE409": .conflict
    case "57014", "55P03", "53200", "53300", "57P01", "57P02", "57P03": .unavailable(retryAfter: .seconds(1))
    default: .internal
    }
  }
}
