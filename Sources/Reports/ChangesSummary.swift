import Program

/// What the page of a difference says before its list.
struct ChangesSummary {
  private let counts: Changes.Counts
  private let earlier: Run?
  private let language: Language
  private let wording: Wording

  init(_ counts: Changes.Counts, against earlier: Run?, _ language: Language) {
    self.counts = counts
    self.earlier = earlier
    self.language = language
    wording = Wording(language)
  }

  var summary: Summary { Summary(lead: lead, figures: figures, chart: nil, table: nil, terms: []) }

  private func say(_ dutch: String, _ english: String) -> String { language(dutch: dutch, english: english) }

  private var lead: String {
    guard let earlier else {
      return say("Er is geen eerdere uitgave om mee te vergelijken.", "There is no earlier run to compare with.")
    }
    let day = wording.date(earlier.asOf)
    guard counts.new + counts.resolved > 0 else {
      return say(
        "Sinds \(day) is er niets bijgekomen of opgelost.", "Since \(day) nothing is new and nothing resolved.")
    }
    return say(
      "Sinds \(day): \(wording.number(counts.new)) nieuw, \(wording.number(counts.resolved)) opgelost.",
      "Since \(day): \(wording.number(counts.new)) new, \(wording.number(counts.resolved)) resolved.")
  }

  private var figures: [Summary.Figure] {
    [
      .init(value: wording.number(counts.new), label: say("Nieuw", "New"), note: "", isAlarming: counts.new > 0),
      .init(value: wording.number(counts.resolved), label: say("Opgelost", "Resolved"), note: ""),
      .init(value: wording.number(counts.open), label: say("Nog open", "Still open"), note: ""),
      .init(
        value: wording.number(counts.acknowledged), label: say("Bekend", "Known"),
        note: say("mag nog even zo blijven", "may stand for a while")),
    ]
  }
}
