/// What the doctor found in one place, and what to do about it.
struct Finding: Sendable {
  enum Verdict: String, Sendable {
    case fine = "ok"
    /// It works, and it could be better.
    case concern = "warn"
    /// It does not work, or is not safe.
    case fault
  }

  let verdict: Verdict
  let subject: String
  let says: String
  var remedy: String?

  static func fine(_ subject: String, _ says: String) -> Finding {
    Finding(verdict: .fine, subject: subject, says: says)
  }

  static func concern(_ subject: String, _ says: String, remedy: String) -> Finding {
    Finding(verdict: .concern, subject: subject, says: says, remedy: remedy)
  }

  static func fault(_ subject: String, _ says: String, remedy: String) -> Finding {
    Finding(verdict: .fault, subject: subject, says: says, remedy: remedy)
  }

  /// One line, and one more with the remedy where there is one.
  var text: String {
    let mark = verdict.rawValue + String(repeating: " ", count: 6 - verdict.rawValue.count)
    let line = "\(mark)\(subject): \(says)"
    return remedy.map { line + "\n      \($0)" } ?? line
  }
}
