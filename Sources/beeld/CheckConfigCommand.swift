import ArgumentParser

struct CheckConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Print the configuration that is in force, secrets masked, or what is wrong with it.")

  func run() throws {
    let settings = try Settings.fromEnvironment()
    for (name, value) in settings.inForce { print("\(name)=\(value)") }
    // A file that is named has to be one; its keys are not printed.
    if settings.masterKeyFile != nil { _ = try settings.masterKeys() }
    _ = try settings.mail?.mailer()
  }
}

extension Settings {
  /// Every variable with the value that is in force.
  var inForce: [(name: String, value: String)] {
    [
      ("BEELD_DATABASE_URL", Self.masked(databaseURL)),
      ("BEELD_LISTEN", "\(listen.host):\(listen.port)"),
      ("BEELD_PUBLIC_URL", publicAddress.text),
      ("BEELD_LOG_LEVEL", logLevel.rawValue),
      ("BEELD_LOG_FORMAT", logFormat.rawValue),
      ("BEELD_REQUESTS_PER_SECOND", String(requestsPerSecond)),
      ("BEELD_MASTER_KEY_FILE", masterKeyFile ?? ""),
      ("BEELD_CORS_ORIGINS", origins.sorted().joined(separator: ",")),
      ("BEELD_OIDC_ISSUER", openID?.issuer.text ?? ""), ("BEELD_OIDC_AUDIENCE", openID?.audience ?? ""),
      ("BEELD_OIDC_LINK_BY_EMAIL", String(openID?.linksByEmail ?? false)),
      ("BEELD_SMTP_URL", mail.map { "\($0.server)" } ?? ""),
      ("BEELD_SMTP_PASSWORD_FILE", mail?.passwordFile ?? ""),
      ("BEELD_SMTP_CA_FILE", mail?.server.authorities ?? ""),
      ("BEELD_MAIL_FROM", mail.map { "\($0.from)" } ?? ""),
    ]
  }

  /// A connection string without its passwords, in either of libpq's forms.
  static func masked(_ conninfo: String) -> String {
    conninfo
      .replacing(/((?:ssl)?password\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^\s&]+)/) { "\($0.output.1)***" }
      .replacing(/(:\/\/[^:@\/?#]*:)[^@\/?#]*@/) { "\($0.output.1)***@" }
  }
}
