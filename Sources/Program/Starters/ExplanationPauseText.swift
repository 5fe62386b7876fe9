extension ExplanationText {
  func counted(
    _ pause: Explanation.Pause, _ countsFrom: CivilDate, _ days: Int?, _ untilAfter: CivilDate?
  ) -> String {
    let name = pauseName(pause.category)
    guard let days, let untilAfter else {
      return language(
        dutch:
          "\(name) vanaf \(written(pause.period.from)), einde niet bekend: zolang is er geen einddatum.",
        english:
          "\(name) from \(written(pause.period.from)), end not known: until it is, there is no deadline.")
    }
    let partly =
      countsFrom == pause.period.from
      ? ""
      : language(
        dutch: ", geteld vanaf \(written(countsFrom))", english: ", counted from \(written(countsFrom))")
    return language(
      dutch: "\(name) \(span(pause.period))\(partly): \(self.days(days)) erbij, dus tot \(written(untilAfter)).",
      english: "\(name) \(span(pause.period))\(partly): \(self.days(days)) added, so until \(written(untilAfter)).")
  }

  func notCounted(_ pause: Explanation.Pause, _ reason: Explanation.NotCounted) -> String {
    let what = "\(pauseName(pause.category)) \(span(pause.period))"
    return switch reason {
    case .tooShort(let least):
      language(
        dutch: "\(what): \(length(pause.period)), te kort om mee te tellen (dat is vanaf \(days(least))).",
        english: "\(what): \(length(pause.period)), too short to count (that takes \(days(least))).")
    case .beforeWindow:
      language(
        dutch: "\(what): voorbij voor de eerste lesdag, dus zonder gevolg.",
        english: "\(what): over before the first teaching day, so without effect.")
    case .afterWindow:
      language(
        dutch: "\(what): begonnen na het einde van de startersperiode, dus zonder gevolg.",
        english: "\(what): begun after the end of the starter period, so without effect.")
    case .united:
      language(
        dutch: "\(what): deze dagen zijn al meegeteld.",
        english: "\(what): these days have been counted already.")
    }
  }

  private func length(_ period: Explanation.Period) -> String {
    days((period.until ?? period.from).dayNumber - period.from.dayNumber)
  }

  private func pauseName(_ category: String) -> String {
    switch category {
    case "parental_leave": language(dutch: "Ouderschapsverlof", english: "Parental leave")
    case "maternity_leave": language(dutch: "Zwangerschaps- en bevallingsverlof", english: "Maternity leave")
    case "care_leave": language(dutch: "Zorgverlof", english: "Care leave")
    case "study_leave": language(dutch: "Studieverlof", english: "Study leave")
    case "unpaid_leave": language(dutch: "Onbetaald verlof", english: "Unpaid leave")
    case "long_term_absence": language(dutch: "Langdurige afwezigheid", english: "Long-term absence")
    case "before_employment":
      language(dutch: "Nog niet in dienst als leraar", english: "Not yet employed as a teacher")
    case "between_employments":
      language(dutch: "Geen aanstelling als leraar", english: "No employment as a teacher")
    case "after_employment":
      language(dutch: "Niet meer in dienst als leraar", english: "No longer employed as a teacher")
    default: language(dutch: "Ander verlof", english: "Other leave")
    }
  }

  func exemption(_ code: String) -> String {
    switch code {
    case "qualified_elsewhere": language(dutch: "elders bekwaam bevonden", english: "found proficient elsewhere")
    case "coached_elsewhere": language(dutch: "elders begeleid", english: "coached elsewhere")
    case "no_teaching_duties": language(dutch: "geeft geen les", english: "no teaching duties")
    case "end_of_career": language(dutch: "einde van de loopbaan", english: "end of career")
    default: language(dutch: "andere afspraak", english: "other agreement")
    }
  }
}
