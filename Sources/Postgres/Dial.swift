import CLibpq
import Glibc

/// A connection just opened, on its way from the thread that opened it to the reactor.
///
/// Whoever holds it is the only one who does: it is made on one thread and handed over once.
struct FreshConnection: @unchecked Sendable {
  let pointer: OpaquePointer

  func discard() { PQfinish(pointer) }

  /// libpq's words in one line: of several hosts it has one for each.
  static func oneLine(_ message: UnsafePointer<CChar>) -> String {
    String(cString: message).split(separator: "\n")
      .map { String($0.drop { $0 == " " || $0 == "\t" }) }
      .joined(separator: "; ")
  }
}

/// Opening a connection.
///
/// It happens on a short-lived thread of its own and with libpq's blocking call: name resolution blocks, SCRAM computes
/// for milliseconds, TLS does both, and only the blocking call tries the hosts of a conninfo one after another with a
/// time-out for each. There are never more such threads than connections that may be open.
struct Dial: Sendable {
  enum Outcome: Sendable {
    case connected(FreshConnection)
    case failed(String)
  }

  let keywords: [String]
  let values: [String]

  /// Nil keywords of the configuration leave what the conninfo says.
  init(_ configuration: Database.Configuration, extraOptions: String) throws(PostgresError) {
    let given = try Dial.parse(configuration.conninfo)
    var settings = [("dbname", configuration.conninfo)]
    if let user = configuration.user { settings.append(("user", user)) }
    let options = [given["options"], configuration.sessionOptions, extraOptions].compactMap { $0 }
    settings.append(("options", options.filter { !$0.isEmpty }.joined(separator: " ")))
    settings.append(("client_encoding", "UTF8"))
    // The read lane's sessions are read-only by their own setting, and a primary would pass for none there.
    if given["target_session_attrs"] == "read-write" { settings.append(("target_session_attrs", "primary")) }
    let defaults = [
      ("application_name", configuration.applicationName),
      ("connect_timeout", String(max(2, configuration.connectTimeout))),
      ("keepalives_idle", String(max(1, configuration.keepaliveIdle.components.seconds))),
      ("keepalives_interval", "3"),
      ("keepalives_count", "3"),
      ("tcp_user_timeout", String(configuration.tcpUserTimeout.nanoseconds / 1_000_000)),
    ]
    settings += defaults.filter { given[$0.0] == nil }
    keywords = settings.map(\.0)
    values = settings.map(\.1)
  }

  /// Calls back from another thread, exactly once.
  func start(_ done: @escaping @Sendable (Outcome) -> Void) {
    let isStarted = Thread.start(name: "postgres-dial") { done(connect()) }
    if !isStarted { done(.failed("no thread to connect on")) }
  }

  private func connect() -> Outcome {
    let keywordPointers = keywords.map { strdup($0) }
    let valuePointers = values.map { strdup($0) }
    defer { (keywordPointers + valuePointers).forEach { free($0) } }
    let connection = PQconnectdbParams(
      keywordPointers.map { UnsafePointer($0) } + [nil], valuePointers.map { UnsafePointer($0) } + [nil], 1)
    guard let connection else { return .failed("out of memory") }
    if PQstatus(connection) == CONNECTION_OK { return .connected(FreshConnection(pointer: connection)) }
    let reason = PQerrorMessage(connection).map { FreshConnection.oneLine($0) } ?? ""
    PQfinish(connection)
    return .failed(reason)
  }

  private static func parse(_ conninfo: String) throws(PostgresError) -> [String: String] {
    // libpq's own message would quote the part it did not understand, which may be the password.
    guard let options = PQconninfoParse(conninfo, nil) else {
      throw .misuse("the conninfo is not a libpq connection string")
    }
    defer { PQconninfoFree(options) }
    var given: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return given
  }
}
