/// The rules a second time, written to be read beside the product's text and walked day by day: slow, and sharing
/// nothing with the SQL but that text.
struct StarterByHand {
  struct Policy {
    var version: Int
    var validFrom: String
    var programmeStart: String
    var months = 36
    var pauseDays = 30
    var atRiskDays = 90
    var dueSoonDays = 180
  }

  struct Status: Equatable {
    var school: Int
    var windowFrom: Int?
    var windowUntil: Int?
    var daysLeft: Int?
    var coverage: String
    var urgency: String
    var employment: String
    var cohort: Int?
    var missing: [String]
    var coveredOn: Int?
    var policy: Int
    var firstDay: Int
    var assumedUntil: Int?
    var recordedOn: Int?
    var plannedFor: Int?
    var exemptUntil: Int?
  }

  /// No career has a date beyond it, so a pause that is still going on here has no known end.
  static let horizon = Calendar.number(2045, 1, 1)

  let policies: [Policy]
  /// The code of each school.
  let codes: [Int: String]

  /// On each of the days; the walk along the calendar is made once for each policy.
  func statuses(of career: Career, on days: [Int]) -> [Status] {
    var ends: [Int: Int?] = [:]
    return days.map { day in
      let policy = policy(on: day)
      let end = ends[policy.version] ?? end(of: career, under: policy)
      ends[policy.version] = .some(end)
      return status(of: career, on: day, under: policy, windowEnd: end)
    }
  }

  private func status(of career: Career, on day: Int, under policy: Policy, windowEnd until: Int?) -> Status {
    let teaching = career.spells.filter { $0.job == "teacher" }
    let firstDay = firstDay(of: career)

    let firstTeachingDay = firstTeachingDay(of: career)
    let windowUntil = firstTeachingDay == nil ? nil : until
    let worth = RecordingsByHand(career.recordings, on: day, notBefore: firstTeachingDay)

    let coverage: String
    let programmeStart = Calendar.number(policy.programmeStart)
    let exemption = career.exemptions.first { $0.from <= day && day < $0.review }
    if let until, until <= firstDay || until <= programmeStart {
      coverage = "out_of_scope"
    } else if let recordedOn = worth.debriefed.min() {
      if let windowUntil, recordedOn >= windowUntil { coverage = "covered_late" } else { coverage = "covered" }
    } else if exemption != nil {
      coverage = "exempt"
    } else if !worth.made.isEmpty {
      coverage = "recorded"
    } else if !worth.planned.isEmpty {
      coverage = "planned"
    } else {
      coverage = "open"
    }

    var missing: [String] = []
    if firstTeachingDay == nil {
      missing = [career.teachingSince == nil ? "teaching_since" : "teaching_since_approval"]
    }
    return Status(
      school: school(of: teaching, on: day), windowFrom: firstTeachingDay, windowUntil: windowUntil,
      daysLeft: windowUntil.map { $0 - day }, coverage: coverage,
      urgency: urgency(coverage, windowUntil, worth, on: day, under: policy),
      employment: employment(career, teaching, firstTeachingDay, on: day, under: policy),
      cohort: firstTeachingDay.map(Calendar.schoolYear(of:)), missing: missing, coveredOn: worth.debriefs.min(),
      policy: policy.version, firstDay: firstDay, assumedUntil: until,
      recordedOn: worth.debriefed.min() ?? worth.made.min(), plannedFor: worth.planned.min(),
      exemptUntil: exemption?.review)
  }

  /// S: the approved teaching_since; approved prior experience moves it to its earliest day.
  private func firstTeachingDay(of career: Career) -> Int? {
    guard career.isTeachingSinceApproved, var day = career.teachingSince else { return nil }
    for experience in career.priorExperience where experience.isApproved { day = min(day, experience.from) }
    return day
  }

  private func firstDay(of career: Career) -> Int { career.spells.filter { $0.job == "teacher" }.map(\.from).min()! }

  /// Walks from S (or where it is missing from the first day with this board), a day at a time, along the days taught and the days away, and carries the end forward by each day of
  /// a pause that began before it. Nil: the pause has no known end.
  private func end(of career: Career, under policy: Policy) -> Int? {
    let start = firstTeachingDay(of: career) ?? firstDay(of: career)
    var isTaught = [Bool](repeating: false, count: Self.horizon + 1)
    var isAway = isTaught
    for spell in career.spells where spell.job == "teacher" {
      mark(&isTaught, from: spell.from, until: spell.until)
    }
    for experience in career.priorExperience where experience.isApproved {
      mark(&isTaught, from: experience.from, until: experience.until)
    }
    for absence in career.absences where qualifies(absence, under: policy) {
      mark(&isAway, from: absence.from, until: absence.until)
    }

    var end = Calendar.adding(months: policy.months, to: start)
    var isPaused = false
    var today = start
    while isPaused || today < end {
      if today == Self.horizon { return nil }
      isPaused = !isTaught[today] || isAway[today]
      if isPaused { end += 1 }
      today += 1
    }
    return end
  }

  private func mark(_ days: inout [Bool], from: Int, until: Int?) {
    let last = min(until ?? Self.horizon + 1, Self.horizon + 1)
    var day = max(from, 0)
    while day < last {
      days[day] = true
      day += 1
    }
  }

  private func policy(on day: Int) -> Policy {
    let inForce = policies.filter { Calendar.number($0.validFrom) <= day }
    let byDate = policies.sorted { Calendar.number($0.validFrom) < Calendar.number($1.validFrom) }
    return byDate.last { policy in inForce.contains { $0.version == policy.version } } ?? byDate[0]
  }

  private func qualifies(_ absence: Career.Absence, under policy: Policy) -> Bool {
    guard let until = absence.until else { return true }
    return until - absence.from >= policy.pauseDays
  }

  private func urgency(
    _ coverage: String, _ until: Int?, _ worth: RecordingsByHand, on day: Int, under policy: Policy
  ) -> String {
    guard ["recorded", "planned", "open"].contains(coverage), let until else { return "none" }
    let madeInTime = worth.made.contains { $0 < until }
    let plannedInTime = worth.planned.contains { $0 < until }
    let daysLeft = until - day
    if madeInTime { return "none" }
    if daysLeft <= 0 { return "overdue" }
    if daysLeft <= policy.atRiskDays, !plannedInTime { return "at_risk" }
    if daysLeft <= policy.dueSoonDays { return "due_soon" }
    return "none"
  }

  private func employment(
    _ career: Career, _ teaching: [Career.Spell], _ firstTeachingDay: Int?, on day: Int, under policy: Policy
  ) -> String {
    guard teaching.contains(where: { isOn($0, day) }) else {
      return teaching.allSatisfy { $0.from > day } ? "future" : "left"
    }
    let isAway = career.absences.contains {
      qualifies($0, under: policy) && $0.from <= day && day < $0.until ?? .max
    }
    return isAway && firstTeachingDay ?? 0 <= day ? "paused" : "active"
  }

  private func school(of teaching: [Career.Spell], on day: Int) -> Int {
    func isBefore(_ one: Career.Spell, _ other: Career.Spell) -> Bool {
      if one.tenths != other.tenths { return one.tenths > other.tenths }
      if one.from != other.from { return one.from < other.from }
      return codes[one.school]! < codes[other.school]!
    }
    let current = teaching.filter { isOn($0, day) }
    if !current.isEmpty { return current.min(by: isBefore)!.school }
    let past = teaching.filter { $0.until ?? .max <= day }
    if !past.isEmpty {
      let last = past.map { $0.until! }.max()!
      return past.filter { $0.until == last }.min(by: isBefore)!.school
    }
    let first = teaching.map(\.from).min()!
    return teaching.filter { $0.from == first }.min(by: isBefore)!.school
  }

  private func isOn(_ spell: Career.Spell, _ day: Int) -> Bool { spell.from <= day && day < spell.until ?? .max }
}
