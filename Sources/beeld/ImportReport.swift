import Program

/// What is printed of an import.
struct ImportReport {
  private let outcome: ImportOutcome
  private let file: String
  private let language: Language

  init(_ outcome: ImportOutcome, file: String, language: Language) {
    self.outcome = outcome
    self.file = file
    self.language = language
  }

  /// `FILE:LINE: COLUMN: text (code)`, as compilers name the place of an error.
  var faultLines: [String] {
    outcome.faults.map { fault in
      let column = fault.column.map { "\($0): " } ?? ""
      return "\(file):\(fault.line): \(column)\(fault.text(in: language)) (\(fault.code.rawValue))"
    } + more(outcome.faultCount - outcome.faults.count, faultNoun)
  }

  /// One line for each thing that is new, `+`, closed, `-`, or a field that changes, `~`.
  var changeLines: [String] {
    let things = Set(outcome.changes.map { "\($0.object) \($0.key)" }).count
    return outcome.changes.map { change in
      let name = "\(noun(change.object, 1)) \(change.key)"
      return switch (change.act, change.field) {
      case (.new, _): "+ \(name)  \(change.to ?? "")"
      case (.closed, _): "- \(name)  \(word(.closed)) \(change.to ?? "")"
      case (_, let field): "~ \(name)  \(field ?? ""): \(quoted(change.from)) → \(quoted(change.to))"
      }
    } + more(outcome.changeCount - things, changeNoun)
  }

  var summaryLines: [String] {
    var lines: [String] = []
    if !outcome.unknownColumns.isEmpty {
      let columns = outcome.unknownColumns.joined(separator: ", ")
      lines.append(
        language(dutch: "Onbekende kolommen, niet gebruikt: ", english: "Unknown columns, not used: ") + columns)
    }
    let rows = language(dutch: "rijen", english: "rows")
    lines.append("\(file): \(outcome.rows) \(rows), \(outcome.encoding.rawValue), ‘\(outcome.delimiter)’")
    lines += objects.map(line)
    lines.append(verdict)
    return lines
  }

  private var objects: [String] {
    outcome.counts.map(\.object).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func line(_ object: String) -> String {
    let total = outcome.counts.reduce(0) { $0 + ($1.object == object ? $1.number : 0) }
    let parts = ImportOutcome.Act.allCases
      .map { (act: $0, number: outcome.count(object, $0)) }
      .filter { $0.number > 0 }
      .map { "\($0.number) \(word($0.act))" }
    return "\(total) \(noun(object, total)): \(parts.joined(separator: ", "))"
  }

  private var verdict: String {
    if outcome.faultCount > 0 {
      let faults = "\(outcome.faultCount) " + faultNoun(outcome.faultCount)
      return language(dutch: "\(faults): er is niets veranderd.", english: "\(faults): nothing has changed.")
    }
    let changes = "\(outcome.changeCount) " + changeNoun(outcome.changeCount)
    if outcome.isCommitted { return language(dutch: "\(changes) vastgelegd.", english: "\(changes) made.") }
    return language(
      dutch: "Voorbeeld: \(changes). Er is niets veranderd; met --commit wel.",
      english: "Preview: \(changes). Nothing has changed; --commit does it.")
  }

  private func more(_ number: Int, _ noun: (Int) -> String) -> [String] {
    if number <= 0 { return [] }
    let rest = "\(number) \(noun(number))"
    return [language(dutch: "… en nog \(rest)", english: "… and \(rest) more")]
  }

  private func faultNoun(_ number: Int) -> String {
    language(dutch: number == 1 ? "fout" : "fouten", english: number == 1 ? "fault" : "faults")
  }

  private func changeNoun(_ number: Int) -> String {
    language(dutch: number == 1 ? "wijziging" : "wijzigingen", english: number == 1 ? "change" : "changes")
  }

  private func quoted(_ value: String?) -> String { value.map { "‘\($0)’" } ?? "–" }

  private func noun(_ object: String, _ number: Int) -> String {
    switch object {
    case "school": language(dutch: number == 1 ? "school" : "scholen", english: number == 1 ? "school" : "schools")
    case "person": language(dutch: number == 1 ? "persoon" : "personen", english: number == 1 ? "person" : "people")
    case "employment":
      language(
        dutch: number == 1 ? "aanstelling" : "aanstellingen", english: number == 1 ? "employment" : "employments")
    case "absence":
      language(dutch: number == 1 ? "afwezigheid" : "afwezigheden", english: number == 1 ? "absence" : "absences")
    case "recording":
      language(dutch: number == 1 ? "opname" : "opnamen", english: number == 1 ? "recording" : "recordings")
    case "referral":
      language(dutch: number == 1 ? "verwijzing" : "verwijzingen", english: number == 1 ? "referral" : "referrals")
    default: object
    }
  }

  private func word(_ act: ImportOutcome.Act) -> String {
    switch act {
    case .new: language(dutch: "nieuw", english: "new")
    case .changed: language(dutch: "gewijzigd", english: "changed")
    case .closed: language(dutch: "gesloten", english: "closed")
    case .reopened: language(dutch: "heropend", english: "reopened")
    case .unchanged: language(dutch: "ongewijzigd", english: "unchanged")
    }
  }
}
