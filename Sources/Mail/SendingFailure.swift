/// Why a mail was not taken.
///
/// Codes are ours, in the form of the database's codes; what a mail server says is not passed on, since it may quote
/// addresses.
public enum SendingFailure: Error, Sendable, Hashable {
  /// The mail server refuses this mail for good (5xx): `smtp_550`.
  case refused(String)
  /// It does not take this mail now (4xx): `smtp_451`.
  case deferred(String)
  /// The mail server cannot be spoken to, by nobody: `no_connection`, `timed_out`, `not_trusted`, `login_denied` …
  case unreachable(String)
  /// Given up on this side.
  case interrupted

  /// Its code.
  public var code: String {
    switch self {
    case .refused(let code), .deferred(let code), .unreachable(let code): code
    case .interrupted: "interrupted"
    }
  }
}
