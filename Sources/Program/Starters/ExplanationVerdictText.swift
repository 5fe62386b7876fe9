extension ExplanationText {
  /// - Parameter until: the window's end.
  func callAsFunction(_ recording: Explanation.Recording, windowUntil until: CivilDate?) -> String {
    if let reason = recording.notCounted { return notCounted(recording, reason) }
    let day = written(recording.date)
    guard recording.counts else {
      return language(dutch: "Gepland voor \(day).", english: "Planned for \(day).")
    }
    let isLate = until.map { recording.date >= $0 } ?? false
    let punctuality =
      isLate
      ? language(dutch: ", na het einde van de startersperiode", english: ", after the end of the starter period")
      : ""
    guard let debriefedOn = recording.debriefedOn else {
      return language(
        dutch: "Opgenomen op \(day)\(punctuality); het nagesprek moet nog worden bevestigd.",
        english: "Recorded on \(day)\(punctuality); the debrief is yet to be confirmed.")
    }
    return language(
      dutch: "Opgenomen op \(day)\(punctuality), nagesprek op \(written(debriefedOn)): telt mee.",
      english: "Recorded on \(day)\(punctuality), debriefed on \(written(debriefedOn)): counts.")
  }

  /// What it all comes to, in a sentence or two.
  func verdict(_ explanation: Explanation) -> String {
    switch explanation.coverage {
    case .outOfScope:
      language(dutch: "Valt buiten het startersprogramma.", english: "Outside the starter programme.")
    case .covered:
      language(dutch: "Er is een opname gemaakt en nabesproken: voldaan.", english: "Recorded and debriefed: covered.")
    case .coveredLate:
      language(
        dutch: "Er is een opname gemaakt en nabesproken, na het einde van de startersperiode: alsnog voldaan.",
        english: "Recorded and debriefed, after the end of the starter period: covered, late.")
    case .exempt:
      language(dutch: "Vrijgesteld: nu is geen opname nodig.", english: "Exempt: no recording is needed now.")
    case .recorded:
      language(
        dutch: "Er is een opname gemaakt; na het nagesprek is voldaan.",
        english: "Recorded; covered once the debrief is done.")
    case .planned:
      language(dutch: "Er is een opname gepland.", english: "A recording is planned.") + deadline(explanation.window)
    case .open:
      language(dutch: "Er is nog geen opname.", english: "There is no recording yet.") + deadline(explanation.window)
    }
  }

  private func deadline(_ window: Explanation.Window) -> String {
    guard let until = window.until, let daysLeft = window.daysLeft else {
      return language(dutch: " Een einddatum is er nu niet.", english: " There is no deadline at present.")
    }
    let day = written(until)
    return daysLeft > 0
      ? language(
        dutch: " Die moet vóór \(day) zijn gemaakt; nog \(days(daysLeft)).",
        english: " It must be made before \(day); \(days(daysLeft)) left.")
      : language(
        dutch: " Die had vóór \(day) gemaakt moeten zijn.", english: " It should have been made before \(day).")
  }

  private func notCounted(_ recording: Explanation.Recording, _ reason: Explanation.Recording.Reason) -> String {
    let day = written(recording.date)
    return switch reason {
    case .ownWish:
      language(
        dutch: "Vrijwillig, \(day): telt pas mee als de leraar dat wil.",
        english: "Voluntary, \(day): counts only once the teacher says so.")
    case .quarantined:
      language(
        dutch: "\(day): gemaakt zonder vrijgave, telt niet mee zolang dat zo is.",
        english: "\(day): made without clearance, does not count while that is so.")
    case .waived:
      language(
        dutch: "Opgenomen op \(day); van het nagesprek is afgezien, telt niet mee.",
        english: "Recorded on \(day); the debrief was waived, does not count.")
    case .cancelled:
      language(dutch: "Gepland voor \(day), afgezegd.", english: "Planned for \(day), cancelled.")
    case .beforeWindow:
      language(
        dutch: "\(day): voor de eerste bevoegde lesdag, telt niet mee.",
        english: "\(day): before the first qualified teaching day, does not count.")
    }
  }
}
