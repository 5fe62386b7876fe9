/// The sentences of an explanation, for the teacher whom it concerns as much as for the adviser who has to defend it.
struct ExplanationText {
  let language: Language

  func callAsFunction(_ step: Explanation.Step) -> String {
    switch step {
    case .firstTeachingDay(let day, let source): firstTeachingDay(day, source)
    case .firstTeachingDayMissing(let fact): missing(fact)
    case .priorExperience(let period, let isApproved, let moves): priorExperience(period, isApproved, moves)
    case .windowMonths(let months, let until):
      language(
        dutch: "De startersperiode duurt \(months) maanden: zonder onderbreking tot \(written(until)).",
        english: "The starter period lasts \(months) months: without a pause, until \(written(until)).")
    case .pause(let pause, let countsFrom, let days, let untilAfter): counted(pause, countsFrom, days, untilAfter)
    case .pauseNotCounted(let pause, let reason): notCounted(pause, reason)
    case .exemption(let code, let period):
      language(
        dutch: "Vrijgesteld \(span(period)) (\(exemption(code))). Daarna vervalt de vrijstelling.",
        english: "Exempt \(span(period)) (\(exemption(code))). The exemption lapses after that.")
    case .outOfScope(let reason, let day, let ended): outOfScope(reason, day, ended)
    }
  }

  func written(_ day: CivilDate) -> String { day.written(in: language) }

  /// `van … tot …`, the second day not included, as everywhere.
  func span(_ period: Explanation.Period) -> String {
    guard let until = period.until else {
      return language(dutch: "vanaf \(written(period.from))", english: "from \(written(period.from))")
    }
    return language(
      dutch: "van \(written(period.from)) tot \(written(until))",
      english: "from \(written(period.from)) until \(written(until))")
  }

  func days(_ count: Int) -> String {
    language(dutch: count == 1 ? "1 dag" : "\(count) dagen", english: count == 1 ? "1 day" : "\(count) days")
  }

  private func firstTeachingDay(_ day: CivilDate, _ source: Explanation.FirstDaySource) -> String {
    switch source {
    case .employment:
      language(
        dutch: "De eerste bevoegde lesdag was \(written(day)), de eerste dag bij dit bestuur.",
        english: "The first qualified teaching day was \(written(day)), the first day with this board.")
    case .registration:
      language(
        dutch: "De eerste bevoegde lesdag was \(written(day)), zoals het bestuur heeft bevestigd.",
        english: "The first qualified teaching day was \(written(day)), as the board has confirmed.")
    case .priorExperience:
      language(
        dutch: "De eerste bevoegde lesdag was \(written(day)), het begin van goedgekeurde eerdere ervaring.",
        english: "The first qualified teaching day was \(written(day)), the start of approved prior experience.")
    }
  }

  private func missing(_ fact: MissingFact) -> String {
    switch fact {
    case .teachingSince:
      language(
        dutch: "De eerste bevoegde lesdag ontbreekt en wordt niet geraden: zolang is er geen einddatum.",
        english: "The first qualified teaching day is missing, and is not guessed: until then there is no deadline.")
    case .teachingSinceApproval:
      language(
        dutch: "De opgegeven eerste bevoegde lesdag is nog niet bevestigd. Tot dat gebeurd is, is er geen einddatum.",
        english: "The first qualified teaching day given has not been confirmed. Until it is, there is no deadline.")
    }
  }

  private func priorExperience(_ period: Explanation.Period, _ isApproved: Bool, _ movesFirstDay: Bool) -> String {
    switch (isApproved, movesFirstDay) {
    case (false, _):
      language(
        dutch: "Eerdere ervaring \(span(period)) is niet goedgekeurd en telt niet mee.",
        english: "Prior experience \(span(period)) has not been approved and does not count.")
    case (true, true):
      language(
        dutch: "Eerdere ervaring \(span(period)) is goedgekeurd: de startersperiode begint op de eerste dag ervan.",
        english: "Prior experience \(span(period)) has been approved: the starter period begins on its first day.")
    case (true, false):
      language(
        dutch: "Eerdere ervaring \(span(period)) is goedgekeurd; de eerste lesdag blijft dezelfde.",
        english: "Prior experience \(span(period)) has been approved; the first teaching day remains the same.")
    }
  }

  private func outOfScope(_ reason: Explanation.OutOfScope, _ day: CivilDate, _ ended: CivilDate) -> String {
    switch reason {
    case .endedBeforeFirstDay:
      language(
        dutch:
          "De startersperiode was op \(written(ended)) al voorbij, voor de eerste dag bij dit bestuur (\(written(day))).",
        english:
          "The starter period was over by \(written(ended)), before the first day with this board (\(written(day))).")
    case .endedBeforeProgramme:
      language(
        dutch:
          "De startersperiode was op \(written(ended)) al voorbij, voor het begin van het programma (\(written(day))).",
        english: "The starter period was over by \(written(ended)), before the programme began (\(written(day))).")
    }
  }
}
