import CLibpq

/// An error or a notice as the server reported it.
public struct ServerError: Error, Sendable, Hashable {
  /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, `INFO`, `LOG` or `DEBUG`, never translated.
  public let severity: String
  public let sqlState: SQLState
  /// What the server says. It may quote values of users.
  public let message: String
  /// It may quote values of users, such as the key that was not unique.
  public let detail: String?
  public let hint: String?
  public let schema: String?
  public let table: String?
  public let column: String?
  public let constraint: String?
  /// Where in the statement, in characters, from 1.
  public let position: Int?
  /// The functions that were being run.
  public let context: String?
  /// The server's own function that reported it, the one part of a message that no language setting changes.
  public let sourceFunction: String?

  /// The session has ended with this error.
  public var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }
}

extension ServerError: CustomStringConvertible, CustomDebugStringConvertible {
  /// Names only what belongs to the schema; safe in any log.
  public var description: String {
    var parts = ["\(severity) \(sqlState)"]
    if let constraint { parts.append("constraint \(constraint)") }
    if let table { parts.append("table \(table)") }
    if let column { parts.append("column \(column)") }
    return parts.joined(separator: ", ")
  }

  /// Everything the server said, values of users included.
  public var debugDescription: String {
    var lines = ["\(severity) \(sqlState): \(message)"]
    if let detail { lines.append("detail: \(detail)") }
    if let hint { lines.append("hint: \(hint)") }
    if let position { lines.append("position: \(position)") }
    if let context { lines.append("context: \(context)") }
    if let constraint { lines.append("constraint: \(constraint)") }
    if let table { lines.append("table: \(schema.map { $0 + "." } ?? "")\(table)") }
    if let column { lines.append("column: \(column)") }
    return lines.joined(separator: "\n")
  }
}

extension ServerError {
  /// Nil when the report is libpq's own and not the server's, as when the connection broke.
  init?(_ result: OpaquePointer) {
    func field(_ code: Character) -> String? {
      code.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
    }
    guard let state = field("C") else { return nil }
    severity = field("V") ?? field("S") ?? "ERROR"
    sqlState = SQLState(rawValue: state)
    message = field("M") ?? ""
    detail = field("D")
    hint = field("H")
    schema = field("s")
    table = field("t")
    column = field("c")
    constraint = field("n")
    position = field("P").flatMap { Int($0) }
    context = field("W")
    sourceFunction = field("R")
  }

  /// The plan of a prepared statement no longer fits, because the schema changed beneath it. Nothing was done.
  var isStalePlan: Bool {
    sqlState == .undefinedPreparedStatement
      || (sqlState == .featureNotSupported && sourceFunction == "RevalidateCachedQuery")
  }

  /// The commit happened on this server, but the standby has not confirmed it: after a fail-over it may be gone.
  var isUnconfirmedCommit: Bool { sourceFunction == "SyncRepWaitForLSN" }
}
