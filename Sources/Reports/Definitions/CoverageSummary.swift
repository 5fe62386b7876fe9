import Program

/// What the page of the coverage report says of a run's figures.
struct CoverageSummary {
  private let lines: CoverageLines
  private let rules: CoverageRules
  private let language: Language
  private let wording: Wording

  init(_ lines: CoverageLines, _ rules: CoverageRules, _ language: Language) {
    self.lines = lines
    self.rules = rules
    self.language = language
    wording = Wording(language)
  }

  var summary: Summary {
    Summary(lead: lead, figures: figures, chart: chart, table: table, terms: CoverageTerms(rules, language).all)
  }

  private func say(_ dutch: String, _ english: String) -> String { language(dutch: dutch, english: english) }

  private func count(_ number: Int) -> String { wording.number(number) }

  private var lead: String {
    guard let total = lines.total, total.starters > 0 else {
      return say("Op deze dag telt niemand mee als starter.", "On this day nobody counts as a starter.")
    }
    let done = total.covered + total.coveredLate
    let whole = total.starters - total.exempt
    let first = say(
      "Van \(count(whole)) starters die aan de beurt komen \(done == 1 ? "heeft" : "hebben") er \(count(done))"
        + " een opname met nagesprek afgerond.",
      "Of \(count(whole)) starters to be filmed, \(count(done)) \(done == 1 ? "has" : "have") completed a recording"
        + " and its debrief.")
    return first + " " + deadlines(total)
  }

  private func deadlines(_ total: CoverageFigures) -> String {
    switch (total.overdue, total.atRisk) {
    case (0, 0): say("Er is geen termijn verstreken of in gevaar.", "No deadline has passed, and none is at risk.")
    case (let passed, 0):
      say("Voor \(count(passed)) is de termijn verstreken.", "For \(count(passed)) the deadline has passed.")
    case (0, let risky):
      say("Voor \(count(risky)) is de termijn in gevaar.", "For \(count(risky)) the deadline is at risk.")
    case (let passed, let risky):
      say(
        "Voor \(count(passed)) is de termijn verstreken, voor \(count(risky)) is die in gevaar.",
        "For \(count(passed)) the deadline has passed, for \(count(risky)) it is at risk.")
    }
  }

  private var figures: [Summary.Figure] {
    guard let total = lines.total else { return [] }
    let done = total.covered + total.coveredLate
    return [
      .init(
        value: wording.percentage(total.coverageRate), label: say("Dekking", "Coverage"),
        note: say(
          "\(count(done)) van \(count(total.starters - total.exempt))",
          "\(count(done)) of \(count(total.starters - total.exempt))")),
      .init(
        value: wording.percentage(total.onTimeRate), label: say("Op tijd", "On time"),
        note: say("van de termijnen die dit schooljaar afliepen", "of the deadlines that fell in this school year")),
      .init(
        value: count(total.starters), label: "Starters",
        note: say(
          "\(count(total.paused)) onderbroken, \(count(total.dataIncomplete)) met onvolledige gegevens",
          "\(count(total.paused)) on pause, \(count(total.dataIncomplete)) with incomplete data")),
      .init(
        value: count(total.overdue), label: say("Verstreken", "Passed"),
        note: say("de termijn is voorbij", "the deadline is over"), isAlarming: total.overdue > 0),
      .init(
        value: count(total.atRisk), label: say("In gevaar", "At risk"),
        note: say(
          "binnen \(rules.atRiskDays) dagen, niets op tijd gepland",
          "within \(rules.atRiskDays) days, nothing planned in time"), isAlarming: total.atRisk > 0),
      .init(
        value: count(total.dueSoon), label: say("Nadert", "Approaching"),
        note: say("binnen \(rules.dueSoonDays) dagen", "within \(rules.dueSoonDays) days")),
    ]
  }

  /// In the order of `CoverageFigures.parts`.
  private static let kinds = ["covered", "covered_late", "recorded", "planned", "open", "exempt"]

  private var chart: Summary.Chart {
    Summary.Chart(
      title: say("Stand per cohort", "Status by cohort"),
      description: say(
        "Starters naar het schooljaar waarin hun startersperiode begon.",
        "Starters by the school year in which their starter window began."),
      kinds: Self.kinds.map { .init(label: CoverageReport.coverage[$0]?(language) ?? $0, tone: $0) },
      bars: lines.cohorts.map { cohort in
        .init(
          label: cohort.year.map(wording.schoolYear) ?? say("begin onbekend", "start unknown"),
          parts: cohort.figures.parts)
      })
  }

  private var table: Summary.Table {
    let status = say("Stand", "Status")
    let deadline = say("Termijn", "Deadline")
    let kinds = Self.kinds.map {
      Summary.Table.Column(label: CoverageReport.coverage[$0]?(language) ?? $0, group: status)
    }
    let urgencies = ["overdue", "at_risk", "due_soon"].map {
      Summary.Table.Column(label: CoverageReport.urgency[$0]?(language) ?? $0, group: deadline)
    }
    let ends = [Summary.Table.Column(label: say("dekking", "coverage"))]
    let schools = lines.schools.map { row($0.name ?? "—", note: $0.code ?? "", $0.figures) }
    let total = lines.total.map { row(say("Samen", "Together"), note: "", $0, isTotal: true) }
    return Summary.Table(
      title: say("Per school", "By school"), name: say("School", "School"),
      columns: [.init(label: "starters")] + kinds + urgencies + ends,
      rows: schools + (total.map { [$0] } ?? []))
  }

  private func row(
    _ name: String, note: String, _ figures: CoverageFigures, isTotal: Bool = false
  ) -> Summary.Table.Row {
    let counts = [figures.starters] + figures.parts
    let urgencies = [figures.overdue, figures.atRisk, figures.dueSoon]
    return .init(
      name: name, note: note,
      cells: counts.map { .init(text: count($0), isZero: $0 == 0) }
        + urgencies.enumerated().map { index, number in
          .init(text: count(number), isZero: number == 0, isAlarming: index < 2 && number > 0)
        }
        + [.init(text: wording.percentage(figures.coverageRate))],
      parts: figures.parts, isTotal: isTotal)
  }
}
