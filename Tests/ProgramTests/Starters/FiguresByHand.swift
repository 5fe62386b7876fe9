/// The figures counted one starter at a time.
struct FiguresByHand: Equatable {
  private(set) var counts: [String: Int] = [:]
  private var windowsEnded = 0
  private var windowsEndedCovered = 0

  init(_ statuses: [StarterByHand.Status], on day: Int) {
    for name in Self.names { counts[name] = 0 }
    for status in statuses where Self.counts(status) {
      count("starters")
      count(status.coverage)
      if ["due_soon", "at_risk", "overdue"].contains(status.urgency) { count(status.urgency) }
      if status.employment == "paused" { count("paused") }
      if !status.missing.isEmpty { count("data_incomplete") }
      if let until = status.windowUntil, until <= day, Calendar.schoolYear(of: until) == Calendar.schoolYear(of: day) {
        windowsEnded += 1
        if status.coverage == "covered" { windowsEndedCovered += 1 }
      }
    }
  }

  static func counts(_ status: StarterByHand.Status) -> Bool {
    ["active", "paused"].contains(status.employment) && status.coverage != "out_of_scope"
  }

  static let names = [
    "starters", "open", "planned", "recorded", "covered", "covered_late", "exempt", "due_soon", "at_risk", "overdue",
    "paused", "data_incomplete",
  ]

  var coverageRate: Double? {
    Self.rate(counts["covered"]! + counts["covered_late"]!, of: counts["starters"]! - counts["exempt"]!)
  }

  var onTimeRate: Double? { Self.rate(windowsEndedCovered, of: windowsEnded) }

  private static func rate(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : (Double(part) / Double(whole) * 10_000).rounded() / 10_000
  }

  private mutating func count(_ name: String) { counts[name, default: 0] += 1 }
}
