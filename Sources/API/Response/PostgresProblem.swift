import Postgres
import Program

extension Problem {
  /// What an error of the database means to the client. Its message never gets there.
  init(_ error: PostgresError) {
    self =
      switch error {
      case .server(let error): Self.of(error)
      case .unavailable(let delay), .saturated(let delay): .unavailable(retryAfter: delay)
      case .connectionLost(outcome: .unknown): .outcomeUnknown
      case .deadlineExceeded, .connectionLost, .shuttingDown, .cancelled: .unavailable(retryAfter: .seconds(1))
      case .misuse, .decoding, .rolledBack: .internal
      }
  }

  private static func of(_ error: ServerError) -> Problem {
    switch (error.sqlState.rawValue, error.sqlState.category) {
    case ("BE401", _): .unauthenticated(.refused)
    case ("BE403", _): error.detail == "scope" ? .outOfScope : .forbidden(error.detail ?? "")
    // A policy of row-level security that does not let the new row in.
    case ("42501", _): .forbidden
    case ("BE404", _): .notFound
    case ("BE409", _): conflict(error.detail)
    case ("BE412", _): .preconditionFailed
    case ("BE422", _): unprocessable(error.detail ?? "")
    case (_, "23"): violation(of: error)
    // Connection, resources, operator's intervention, lock or time not had, conflict of transactions: it passes.
    case (_, "08"), (_, "53"), (_, "57"), (_, "40"), ("55P03", _), ("25P03", _): .unavailable(retryAfter: .seconds(1))
    default: .internal
    }
  }

  private static func conflict(_ detail: String?) -> Problem {
    switch detail {
    case "in_progress": .inProgress
    case let allowed? where allowed.hasPrefix("transitions:"):
      .notAllowedNow(allowed.dropFirst("transitions:".count).split(separator: ",").map(String.init))
    case let code? where Obstacle(rawValue: code) != nil:
      .conflict(code: code, Obstacle(rawValue: code)?.wording ?? Obstacle.other)
    case let facts? where facts.split(separator: " ").allSatisfy({ mergeable.contains(String($0)) }):
      .conflict(
        code: "contradicting_facts",
        Fault.Wording(
          dutch: "Deze feiten van beiden spreken elkaar tegen; verbeter ze eerst: \(facts).",
          english: "These facts of the two contradict each other; correct them first: \(facts)."))
    default: .conflict
    }
  }

  /// Facts that a merge moves, and that may contradict each other.
  private static let mergeable: Set = [
    "employment", "role_assignment", "absence", "exemption", "recording", "consent", "request", "trajectory",
    "agreement",
    "coach_unavailability",
  ]

  /// With the fields that this person may not change, where the detail is their pointers.
  private static func forbidden(_ detail: String) -> Problem {
    var problem = Problem.forbidden
    problem.faults = detail.split(separator: " ").filter { $0.hasPrefix("/") }.map { .notYours(pointer: String($0)) }
    return problem
  }

  private static func unprocessable(_ detail: String) -> Problem {
    if detail == "key_reused" { return .keyReused }
    let pointers = detail.split(separator: " ").filter { $0.hasPrefix("/") }
    return .invalidFields(
      pointers.map { pointer in
        moments.contains(String(pointer))
          ? .moment(pointer: String(pointer)) : .reference(pointer: String(pointer))
      })
  }

  /// Fields that tell when something was, and are refused where it cannot have been.
  private static let moments: Set = ["/made_at", "/held_on", "/published_on", "/received_on", "/pupil_left_on"]

  private static func violation(of error: ServerError) -> Problem {
    switch error.constraint.flatMap(ConstraintProblem.meaning) {
    case .invalid(let pointer, let wording):
      .invalidFields([Fault(.pointer(pointer), code: "refused", dutch: wording.dutch, english: wording.english)])
    case .conflict(let code, let wording): .conflict(code: code, wording)
    case .forbidden: .forbidden
    case nil where error.sqlState == .checkViolation || error.sqlState == .notNullViolation: .invalidFields([])
    case nil: .conflict
    }
  }
}
