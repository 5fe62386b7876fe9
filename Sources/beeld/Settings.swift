import API
import ArgumentParser
import Configuration
import Foundation
import Logging
import Postgres
import Program

/// The configuration of the process, read once from the environment and refused as a whole where it is wrong.
struct Settings: Sendable {
  /// libpq conninfo or URI of the database; several hosts are allowed.
  var databaseURL: String
  var listen = Address(host: "127.0.0.1", port: 8080)
  /// Under which the server is known outside; nil where that is where it listens.
  var publicURL: PublicURL?
  var logLevel = Logger.Level.info
  var logFormat = LogFormat.text
  /// The organisation's OpenID Connect provider; without one, only the server's own tokens are good.
  var openID: OpenIDSettings?

  /// The organisation's mail server; without one, nobody is told of reports.
  var mail: MailSettings?

  /// Where the master keys of teachers' texts stand; without, texts can be neither written nor read.
  var masterKeyFile: String?

  /// Requests that one identity may make a second, in the long run.
  var requestsPerSecond = 50

  /// Origins of pages that may ask from a browser (CORS); none where nothing is said.
  var origins: Set<String> = []

  /// What the server's own addresses in answers begin with.
  var publicAddress: PublicURL { publicURL ?? PublicURL(of: listen) }

  enum LogFormat: String, CaseIterable, Sendable { case text, json }

  /// Host and port to listen on.
  struct Address: Sendable, Equatable {
    var host: String
    var port: Int

    init(host: String, port: Int) {
      self.host = host
      self.port = port
    }

    /// Reads `host:port`, `[v6]:port`; nil for anything else.
    init?(_ text: String) {
      guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
        (0...65535).contains(port)
      else { return nil }
      let host = text[..<colon].trimmingPrefix("[")
      self.init(host: String(host.hasSuffix("]") ? host.dropLast() : host), port: port)
      if self.host.isEmpty { return nil }
    }
  }

  /// As whom the server logs in. The URL names the place; what is to be done there decides the role.
  enum Role {
    /// `beeld_app`: the API, under row-level security.
    case app
    /// `beeld_jobs`: imports and reports over the facts of the whole board.
    case jobs
    /// Whoever the URL names: migrations.
    case administrator

    var user: String? {
      switch self {
      case .app: "beeld_app"
      case .jobs: "beeld_jobs"
      case .administrator: nil
      }
    }
  }

  init(databaseURL: String) {
    self.databaseURL = databaseURL
  }

  /// - Throws: `ValidationError` that names every wrong variable and what was expected.
  static func fromEnvironment() throws -> Settings {
    let reader = ConfigReader(provider: EnvironmentVariablesProvider())
    var faults = unknownVariables()
    var settings = Settings(databaseURL: reader.string(forKey: "beeld.database.url", isSecret: true, default: ""))
    if settings.databaseURL.isEmpty {
      faults.append(
        "BEELD_DATABASE_URL is missing: give a libpq connection string, "
          + "for example 'host=/var/run/postgresql dbname=beeld'")
    }
    read(reader, "beeld.listen", into: &settings.listen, expected: "host:port, for example 127.0.0.1:8080", &faults) {
      Address($0)
    }
    read(reader, "beeld.public.url", into: &settings.publicURL, expected: PublicURL.expected, &faults) {
      PublicURL($0).map(Optional.some)
    }
    read(reader, "beeld.log.level", into: &settings.logLevel, expected: choices(Logger.Level.self), &faults) {
      Logger.Level(rawValue: $0)
    }
    read(reader, "beeld.log.format", into: &settings.logFormat, expected: choices(LogFormat.self), &faults) {
      LogFormat(rawValue: $0)
    }
    read(reader, "beeld.requests.per.second", into: &settings.requestsPerSecond, expected: "1 to 1000000", &faults) {
      Int($0).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
    }
    read(
      reader, "beeld.cors.origins", into: &settings.origins,
      expected: "origins such as https://portal.example.org, parted by commas", &faults, Self.origins)
    settings.openID = OpenIDSettings.read(reader, &faults)
    settings.mail = MailSettings.read(reader, &faults)
    settings.masterKeyFile = reader.string(forKey: "beeld.master.key.file").flatMap { $0.isEmpty ? nil : $0 }
    guard faults.isEmpty else { throw ValidationError(faults.joined(separator: "\n")) }
    return settings
  }

  /// The master keys.
  /// - Throws: `ValidationError` where the file is not set, missing or wrong.
  func masterKeys() throws -> MasterKeys {
    guard let masterKeyFile else {
      throw ValidationError(
        "BEELD_MASTER_KEY_FILE is missing: name the file of the master keys; `beeld keys new --file` makes one")
    }
    return try MasterKeyFile(path: masterKeyFile).keys()
  }

  /// A client of the database in a role. Shut it down when done.
  func database(
    as role: Role, observe: @escaping @Sendable (Observation) -> Void = { _ in },
    adjust: (inout Database.Configuration) -> Void = { _ in }
  ) -> Database {
    var configuration = Database.Configuration(conninfo: databaseURL)
    configuration.user = role.user
    adjust(&configuration)
    return Database(configuration, observe: observe)
  }

  /// Runs `body` with a client in a role, and shuts it down whatever happened: for commands.
  /// - Throws: what `body` throws; `Unreachable` where there is no connection.
  func withDatabase<Result: Sendable>(as role: Role, _ body: (Database) async throws -> Result) async throws -> Result {
    let observer = DatabaseObserver(logger: Logger(label: "beeld") { _ in SwiftLogNoOpLogHandler() })
    let database = database(as: role, observe: observer.observe)
    do {
      let result = try await body(database)
      await database.shutdown(graceful: .seconds(5))
      return result
    } catch {
      await database.shutdown(graceful: .seconds(5))
      guard case PostgresError.unavailable = error, let reason = observer.lastRefusal else { throw error }
      throw Unreachable(reason: reason)
    }
  }

  private static let known = [
    "BEELD_DATABASE_URL", "BEELD_LISTEN", "BEELD_PUBLIC_URL", "BEELD_LOG_LEVEL", "BEELD_LOG_FORMAT",
    "BEELD_REQUESTS_PER_SECOND", "BEELD_CORS_ORIGINS", "BEELD_MASTER_KEY_FILE",
    "BEELD_OIDC_ISSUER", "BEELD_OIDC_AUDIENCE", "BEELD_OIDC_LINK_BY_EMAIL",
    "BEELD_SMTP_URL", "BEELD_SMTP_PASSWORD_FILE", "BEELD_SMTP_CA_FILE", "BEELD_MAIL_FROM",
  ]

  /// A misspelt variable would otherwise be a setting that silently does nothing.
  private static func unknownVariables() -> [String] {
    ProcessInfo.processInfo.environment.keys
      .filter { $0.hasPrefix("BEELD_") && !known.contains($0) && !$0.hasPrefix("BEELD_TEST_") }
      .sorted()
      .map { "\($0) is not a variable of beeld; it knows \(known.joined(separator: ", "))" }
  }

  private static func read<Value>(
    _ reader: ConfigReader, _ key: ConfigKey, into value: inout Value, expected: String, _ faults: inout [String],
    _ parse: (String) -> Value?
  ) {
    guard let text = reader.string(forKey: key) else { return }
    if let parsed = parse(text) {
      value = parsed
    } else {
      let name = key.components.joined(separator: "_").uppercased()
      faults.append("\(name) is '\(text)'; expected \(expected)")
    }
  }

  /// Nil unless each is a scheme and an authority, as browsers send it.
  private static func origins(_ text: String) -> Set<String>? {
    let list = text.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }.map { String($0) }
    let fits = list.allSatisfy { $0.wholeMatch(of: /https?:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?/) != nil }
    return fits && !list.isEmpty ? Set(list) : nil
  }

  private static func choices<Choice: CaseIterable & RawRepresentable<String>>(_: Choice.Type) -> String {
    "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
