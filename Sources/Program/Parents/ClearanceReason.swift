/// One thing that stands against a recording, as `app.clearance_reasons` says it.
public struct ClearanceReason: Sendable {
  public let code: String
  /// school, coach or teacher; nil of what was made.
  public let liftedBy: String?
  /// Channel of a notice, kind of a measure.
  public let subject: String?

  init?(_ json: JSONValue) {
    guard let code = json.text("code") else { return nil }
    self.code = code
    liftedBy = json.text("lifted_by")
    subject = json.text("subject")
  }

  /// The codes there are, in the order of the conditions.
  public static let codes = wordings.map(\.code)

  /// In words, with the remedy.
  public func text(in language: Language) -> String {
    let wording = Self.wordings.first { $0.code == code }?.wording
    let base = wording.map { language(dutch: $0.dutch, english: $0.english) } ?? code
    return subject.map { base + " (" + Self.word(for: $0, in: language) + ")" } ?? base
  }

  func write(to json: inout JSONText, in language: Language) {
    json.object { json in
      json.member("code", code)
      json.member("lifted_by", liftedBy)
      json.member("subject", subject)
      json.member("text", text(in: language))
    }
  }

  private static let wordings: [(code: String, wording: Fault.Wording)] = [
    (
      "notice_missing",
      .init(
        dutch: "Ouders zijn dit schooljaar nog niet langs elke weg geïnformeerd; de school bevestigt het bericht.",
        english: "Parents were not told by every channel this school year; the school attests the notice.")
    ),
    (
      "objection_unplaced",
      .init(
        dutch: "Een leerling met een bezwaar is nog in geen groep geplaatst; de school plaatst de leerling.",
        english: "A pupil with an objection is placed in no group yet; the school places the pupil.")
    ),
    (
      "objection_without_measure",
      .init(
        dutch: "In de groep is een bezwaar waarvoor nog geen maatregel is getroffen; de school treft er een.",
        english: "In the group there is an objection without a measure; the school takes one.")
    ),
    (
      "no_recording",
      .init(
        dutch: "In deze groep wordt niet gefilmd; kies een andere groep of een ander moment.",
        english: "This group is not filmed; choose another group, or another time.")
    ),
    (
      "measure_not_promised",
      .init(
        dutch: "Een maatregel is voor deze opname nog niet toegezegd; de beeldbegeleider zegt haar toe.",
        english: "A measure is not promised for this recording yet; the coach promises it.")
    ),
    (
      "teacher_not_agreed",
      .init(
        dutch: "De leerkracht heeft met deze opname nog niet ingestemd.",
        english: "The teacher has not agreed to this recording yet.")
    ),
    (
      "custody_not_planned",
      .init(
        dutch: "Er is nog geen geregistreerde drager voor de beelden gekozen; de beeldbegeleider kiest er een.",
        english: "No registered carrier is chosen for the footage yet; the coach chooses one.")
    ),
    (
      "coach_unavailable",
      .init(
        dutch: "De beeldbegeleider is er die dag niet; plan opnieuw.",
        english: "The coach is not available that day; plan anew.")
    ),
  ]

  private static func word(for subject: String, in language: Language) -> String {
    switch subject {
    case "website": "website"
    case "school_guide": language(dutch: "schoolgids", english: "school guide")
    default: MeasureWording.text(subject, in: language)
    }
  }
}

/// The kinds of measures in words.
public enum MeasureWording {
  public static func text(_ kind: String, in language: Language) -> String {
    switch kind {
    case "out_of_view": language(dutch: "buiten beeld houden", english: "keep out of view")
    case "other_group": language(dutch: "naar een andere groep", english: "to another group")
    case "anonymise": language(dutch: "onherkenbaar maken", english: "anonymise")
    case "cut": language(dutch: "eruit knippen", english: "cut out")
    case "no_recording": language(dutch: "niet filmen", english: "no recording")
    default: kind
    }
  }
}
