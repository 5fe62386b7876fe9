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
    switch (state.rawValue, state.category) {
    case ("BE401", _): .unauthenticated(.refused)
    case ("BE403", _): .forbidden
    case ("BE404", _): .notFound
    case ("BE409", _): .conflict
    // Connection, resources, operator's intervention, lock or time not had, conflict of transactions: it passes.
    case (_, "08"), (_, "53"), (_, "57"), (_, "40"), ("55P03", _), ("25P03", _): .unavailable(retryAfter: .seconds(1))
    default: .internal
    }
  }
}
