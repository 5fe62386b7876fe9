import Testing

/// What an attempt to write is answered.
enum Verdict: Sendable, Equatable {
  case done
  /// Done, and with that no longer the asker's to see.
  case doneOutOfSight
  case forbidden, absent
  /// The version, or that there is none, is not as the asker said.
  case stale
  /// With this code.
  case conflict(String)
  /// Not in this state; these steps are.
  case notNow([String])
  /// Of these members.
  case invalid([String])

  func status(success: Int) -> Int {
    switch self {
    case .done: success
    case .doneOutOfSight: 204
    case .forbidden: 403
    case .absent: 404
    case .stale: 412
    case .conflict, .notNow: 409
    case .invalid: 422
    }
  }

  var isDone: Bool { self == .done || self == .doneOutOfSight }

  /// Checks that an answer of this status says so.
  func check(_ answer: Answer, _ what: String) throws {
    guard answer.status >= 400 else { return }
    let problem = try answer.problem()
    switch self {
    case .conflict(let code): #expect(problem.code == code, "\(what): \(answer.text)")
    case .notNow(let steps):
      #expect(problem.code == "transition_not_allowed", "\(what): \(answer.text)")
      #expect(problem.allowed_transitions == steps, "\(what): \(answer.text)")
    case .invalid(let pointers):
      #expect(problem.errors?.compactMap(\.pointer) == pointers, "\(what): \(answer.text)")
    default: break
    }
  }
}
