import ArgumentParser
import Configuration
import Jobs
import Mail
import Postgres

/// The organisation's mail server, and in whose name reports are told.
struct MailSettings: Sendable {
  var server: MailServer
  let from: Mailbox
  /// Where the password stands, if not in the address.
  let passwordFile: String?

  /// Nil when none of the variables is set. Server and sender go together.
  static func read(_ reader: ConfigReader, _ faults: inout [String]) -> MailSettings? {
    let address = reader.string(forKey: "beeld.smtp.url", isSecret: true)
    let sender = reader.string(forKey: "beeld.mail.from")
    let passwordFile = reader.string(forKey: "beeld.smtp.password.file")
    let authorities = reader.string(forKey: "beeld.smtp.ca.file")
    guard let address, let sender else {
      if address != nil || sender != nil || passwordFile != nil || authorities != nil {
        faults.append(
          address == nil
            ? "BEELD_SMTP_URL is missing: give \(MailServer.expected)"
            : "BEELD_MAIL_FROM is missing: give \(Mailbox.expected)")
      }
      return nil
    }
    var server = MailServer(address)
    let from = Mailbox(sender)
    // The address may hold a password: it is not repeated.
    if server == nil { faults.append("BEELD_SMTP_URL is wrong; expected \(MailServer.expected)") }
    if from == nil { faults.append("BEELD_MAIL_FROM is '\(sender)'; expected \(Mailbox.expected)") }
    if passwordFile != nil, let server, server.user == nil || server.password != nil {
      faults.append("BEELD_SMTP_PASSWORD_FILE needs a user in BEELD_SMTP_URL, and no password there")
    }
    if server?.user != nil, server?.password == nil, passwordFile == nil {
      faults.append("BEELD_SMTP_URL has a user and no password: give it in BEELD_SMTP_PASSWORD_FILE, or after a colon")
    }
    server?.authorities = authorities
    return server.flatMap { server in
      from.map { MailSettings(server: server, from: $0, passwordFile: passwordFile) }
    }
  }

  /// Sends mails as configured.
  /// - Throws: `ValidationError` where a file is missing or wrong.
  func mailer(patience: Mailer.Patience = .init()) throws -> Mailer {
    var server = server
    if let passwordFile { server.password = try Self.password(in: passwordFile) }
    if let authorities = server.authorities, try Self.text(of: authorities, "BEELD_SMTP_CA_FILE").isEmpty {
      throw ValidationError("BEELD_SMTP_CA_FILE: \(authorities): there are no certificates in it")
    }
    return Mailer(server, patience: patience)
  }

  /// The first line of the file, which nobody sees.
  private static func password(in path: String) throws -> String {
    let text = try text(of: path, "BEELD_SMTP_PASSWORD_FILE")
    let line = text.prefix { !$0.isNewline }
    guard !line.isEmpty else { throw ValidationError("BEELD_SMTP_PASSWORD_FILE: \(path): its first line is empty") }
    return String(line)
  }

  private static func text(of path: String, _ variable: String) throws -> String {
    do {
      guard let text = try DataFolder.read(path) else {
        throw ValidationError("\(variable): \(path): there is no such file")
      }
      return text
    } catch let failure as DataFolder.Failure {
      throw ValidationError("\(variable): \(failure)")
    }
  }
}

extension Settings {
  /// The mails that wait, as configured; nil where no mail server is.
  /// - Throws: `ValidationError` where a file is missing or wrong.
  func dueMails(in database: Database) throws -> DueMails? {
    try mail.map { mail in
      DueMails(database, mailer: try mail.mailer(), from: mail.from, publicURL: publicAddress.text)
    }
  }
}
