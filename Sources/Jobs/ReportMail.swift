import Postgres
import Program
import Reports

/// What a mail says of a run: counts and where to read it, and nothing of anybody.
struct ReportMail {
  let language: Language
  let subject: String
  let text: String
  /// Nil where the recipient may not unsubscribe.
  let unsubscribe: String?

  /// - Parameter row: as `app.delivery_hold` answers: address, language, run, report, as_of, late, required, exceptions,
  ///   new, resolved, acknowledged.
  init(_ row: Row, publicURL: String, delivery: UUIDv7, key: UnsubscribeKey) throws {
    let language = row.string(1).flatMap { Language(rawValue: $0) } ?? .dutch
    let report = row.string(3) ?? ""
    let title = Reports.named(report)?.title(language) ?? report
    let date = row.string(4).flatMap { CivilDate($0) }?.written(in: language) ?? ""
    let counts = Counts(
      exceptions: try row.int(7) ?? 0, new: try row.int(8) ?? 0, resolved: try row.int(9) ?? 0,
      acknowledged: try row.int(10) ?? 0)
    let address = "\(publicURL)/v1/report-runs/\(row.string(2) ?? "")"
    let unsubscribe =
      try row.bool(6) == true ? nil : "\(publicURL)/v1/report-deliveries/\(delivery)/subscription?key=\(key.text)"
    self.language = language
    self.unsubscribe = unsubscribe
    subject = "\(title): \(counts.summary(in: language))"
    text =
      [
        language(dutch: "\(title), stand van \(date).", english: "\(title), as of \(date).")
          + (try row.bool(5) == true
            ? language(dutch: " Later gemaakt dan gepland.", english: " Made later than planned.") : ""),
        counts.lines(in: language).joined(separator: "\n"),
        language(dutch: "Het hele rapport:", english: "The whole report:") + "\n" + address,
        Self.reason(unsubscribe, language),
      ].joined(separator: "\n\n") + "\n"
  }

  private static func reason(_ unsubscribe: String?, _ language: Language) -> String {
    let why = language(
      dutch: "U krijgt dit bericht vanwege uw rol: als er iets verandert, en eens per week.",
      english: "You are sent this because of your role: when something changes, and once a week.")
    guard let unsubscribe else { return why }
    return why + "\n" + language(dutch: "Geen berichten meer:", english: "No more of these:") + "\n" + unsubscribe
  }
}

/// How many exceptions there are, and how many came and went.
private struct Counts {
  let exceptions: Int
  let new: Int
  let resolved: Int
  let acknowledged: Int

  func summary(in language: Language) -> String {
    guard new + resolved > 0 else {
      return language(
        dutch: "\(exceptions) \(exceptions == 1 ? "aandachtspunt" : "aandachtspunten"), niets nieuws",
        english: "\(exceptions) \(exceptions == 1 ? "exception" : "exceptions"), nothing new")
    }
    return language(dutch: "\(new) nieuw, \(resolved) opgelost", english: "\(new) new, \(resolved) resolved")
  }

  func lines(in language: Language) -> [String] {
    [
      (language(dutch: "Aandachtspunten", english: "Exceptions"), exceptions),
      (
        language(
          dutch: "  nieuw, erger of terug sinds het vorige rapport",
          english: "  new, worse or back since the report before"), new
      ),
      (language(dutch: "Opgelost sinds het vorige rapport", english: "Resolved since the report before"), resolved),
      (language(dutch: "Erkend, en daarom niet meegeteld", english: "Acknowledged, and so not counted"), acknowledged),
    ].map { "\($0): \($1)" }
  }
}
