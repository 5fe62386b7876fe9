/// Chance with a seed (SplitMix64), so that a career that fails today fails tomorrow.
struct SeededChance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Makes careers with everything that the rules speak of, and what lies just beside it.
struct CareerGenerator {
  static let schools = 6
  private static let categories = [
    "parental_leave", "maternity_leave", "care_leave", "study_leave", "unpaid_leave", "long_term_absence",
    "other_leave",
  ]
  private static let remarkable = [
    "2020-02-29", "2020-07-31", "2020-08-01", "2021-08-31", "2021-11-30", "2022-01-31", "2023-08-01", "2024-02-29",
    "2024-08-31",
  ].map { Calendar.number($0) }

  private var chance: SeededChance
  private var recordings = 0

  init(seed: UInt64) { chance = SeededChance(state: seed) }

  mutating func career(_ number: Int) -> Career {
    var career = Career(number: number)
    let start = oneIn(3) ? Self.remarkable.randomElement(using: &chance)! : day(2018, 2026)
    career.spells = spells(from: start)
    if !career.spells.contains(where: { $0.job == "teacher" }) {
      career.spells.append(.init(school: 1, job: "teacher", tenths: 8, from: start, until: nil))
    }
    if !oneIn(12) {
      career.teachingSince =
        oneIn(2) ? start : max(0, start + Int.random(in: -1500...400, using: &chance))
      career.isTeachingSinceApproved = !oneIn(12)
    }
    career.absences = absences(around: start)
    if oneIn(3) {
      for _ in 0..<Int.random(in: 1...2, using: &chance) {
        let from = start + Int.random(in: -1600...500, using: &chance)
        career.priorExperience.append(
          .init(from: from, until: from + Int.random(in: 1...900, using: &chance), isApproved: !oneIn(3)))
      }
    }
    if oneIn(5) {
      var from = start + Int.random(in: -100...900, using: &chance)
      for _ in 0..<Int.random(in: 1...2, using: &chance) {
        let review = from + Int.random(in: 1...600, using: &chance)
        career.exemptions.append(.init(from: from, review: review))
        from = review + Int.random(in: 0...200, using: &chance)
      }
    }
    if !oneIn(3) {
      for _ in 0..<Int.random(in: 1...4, using: &chance) { career.recordings.append(recording(around: start)) }
    }
    return career
  }

  private mutating func spells(from start: Int) -> [Career.Spell] {
    var spells: [Career.Spell] = []
    var from = start
    for _ in 0..<[1, 1, 1, 2, 2, 3, 4].randomElement(using: &chance)! {
      let until = oneIn(3) ? nil : from + [1, 30, 200, 365, 800, 1095].randomElement(using: &chance)! + small()
      let spell = Career.Spell(
        school: Int.random(in: 1...Self.schools, using: &chance),
        job: oneIn(8) ? ["director", "support"].randomElement(using: &chance)! : "teacher",
        tenths: [2, 4, 5, 5, 8].randomElement(using: &chance)!, from: from, until: until)
      if !spells.contains(where: { $0.school == spell.school && $0.job == spell.job && overlap($0, spell) }) {
        spells.append(spell)
      }
      let next = until ?? from + 300
      from = next + [0, 0, 0, 1, -200, 45, 400].randomElement(using: &chance)!
      from = max(from, start)
    }
    return spells
  }

  private mutating func absences(around start: Int) -> [Career.Absence] {
    guard !oneIn(3) else { return [] }
    var absences: [Career.Absence] = []
    var from = start + Int.random(in: -200...900, using: &chance)
    for _ in 0..<Int.random(in: 1...4, using: &chance) {
      let length = [1, 15, 29, 29, 30, 30, 31, 76, 112, 300].randomElement(using: &chance)!
      let absence = Career.Absence(
        category: Self.categories.randomElement(using: &chance)!, from: from, until: oneIn(14) ? nil : from + length)
      if !absences.contains(where: {
        $0.category == absence.category && $0.from < absence.until ?? .max && absence.from < $0.until ?? .max
      }) {
        absences.append(absence)
      }
      // Touching, overlapping, with a day between, and far apart.
      from += [length, length, length - 10, length + 1, 5, 200, 500].randomElement(using: &chance)!
    }
    return absences
  }

  private mutating func recording(around start: Int) -> Career.Recording {
    recordings += 1
    let origin = ["own_wish", "appraisal", "starter_programme", "starter_programme"].randomElement(using: &chance)!
    let state = ["planned", "made", "debriefed", "debriefed", "debriefed", "waived", "cancelled", "voided"]
      .randomElement(using: &chance)!
    let scheduledFor = start + Int.random(in: -300...1700, using: &chance)
    let wasMade = ["made", "debriefed", "waived"].contains(state) || (state == "voided" && oneIn(2))
    let recordedOn = wasMade ? scheduledFor + Int.random(in: -3...20, using: &chance) : nil
    let wasDebriefed = state == "debriefed" || (state == "voided" && wasMade && oneIn(2))
    let plannedOn = scheduledFor - Int.random(in: -5...120, using: &chance)
    let hasEnded = ["waived", "cancelled", "voided"].contains(state)
    return Career.Recording(
      number: recordings, origin: origin, counts: origin != "own_wish" || oneIn(2), state: state,
      plannedOn: plannedOn, scheduledFor: scheduledFor, recordedOn: recordedOn,
      debriefedOn: wasDebriefed ? recordedOn! + Int.random(in: 0...60, using: &chance) : nil,
      endedOn: hasEnded ? (recordedOn ?? plannedOn) + Int.random(in: 0...90, using: &chance) : nil,
      isQuarantined: oneIn(10))
  }

  private func overlap(_ one: Career.Spell, _ other: Career.Spell) -> Bool {
    one.from < other.until ?? .max && other.from < one.until ?? .max
  }

  private mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &chance) == 0 }
  private mutating func small() -> Int { Int.random(in: 0...3, using: &chance) }
  private mutating func day(_ first: Int, _ last: Int) -> Int {
    Calendar.number(first, 1, 1) + Int.random(in: 0..<(last - first + 1) * 365, using: &chance)
  }
}
