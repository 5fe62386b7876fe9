import ArgumentParser
import Mail
import Postgres
import Program

/// Looks whether reports are made and told: at the mail server, at what was given up, and at scheduled runs that failed.
struct MailExamination {
  let settings: Settings

  private static let troubles = Statement("select * from app.delivery_troubles()")

  func findings() async -> [Finding] {
    do {
      let row = try await settings.withDatabase(as: .jobs) { try await $0.read(Segment(Self.troubles())) }
      let (recipients, queued) = (try row.int(0, 0) ?? 0, try row.int(0, 1) ?? 0)
      return [
        await server(recipients), deliveries(queued: queued, dead: try row.int(0, 2) ?? 0),
        runs(abandoned: try row.int(0, 3) ?? 0),
      ]
    } catch {
      return [
        .fault("mail", "an examination broke off: \(error)", remedy: "Ask again when the database is at rest.")
      ]
    }
  }

  private func server(_ recipients: Int) async -> Finding {
    guard let mail = settings.mail else {
      return recipients == 0
        ? .fine("mail", "none is configured, and nobody is to be told of reports")
        : .concern(
          "mail", "none is configured: nobody is told of reports, though schedules name recipients",
          remedy: "Set BEELD_SMTP_URL and BEELD_MAIL_FROM.")
    }
    do {
      try await mail.mailer().tryOut()
      return .fine("mail", "\(mail.server) answers")
    } catch let failure as SendingFailure {
      return .fault("mail", "\(mail.server): \(failure.code)", remedy: Self.remedy(failure))
    } catch let error as ValidationError {
      return .fault("mail", error.message, remedy: "Set the variable so, or mend the file.")
    } catch {
      return .fault("mail", "\(error)", remedy: "Ask again.")
    }
  }

  private static func remedy(_ failure: SendingFailure) -> String {
    switch failure.code {
    case "login_denied": "Mend the user in BEELD_SMTP_URL and the password."
    case "not_trusted": "Name the file of its authority in BEELD_SMTP_CA_FILE, or the host as its certificate does."
    case "no_tls", "tls_failed": "Use a port of the mail server that offers TLS: smtps, or smtp with STARTTLS."
    default: "Is the mail server there, and may this machine speak to it? BEELD_SMTP_URL names it."
    }
  }

  private func deliveries(queued: Int, dead: Int) -> Finding {
    dead == 0
      ? .fine("deliveries", "\(queued) waiting, none given up in the last seven days")
      : .concern(
        "deliveries", "\(dead) given up in the last seven days",
        remedy: "GET /v1/report-runs/{id}/deliveries says whose and why; mend addresses, or the mail server.")
  }

  private func runs(abandoned: Int) -> Finding {
    abandoned == 0
      ? .fine("scheduled reports", "none given up in the last 30 days")
      : .fault(
        "scheduled reports", "\(abandoned) given up in the last 30 days and not made since",
        remedy: "The log says why; then: beeld report run REPORT --as-of DAY.")
  }
}
