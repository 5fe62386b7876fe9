import Postgres

extension Explanation {
  /// One step in the reckoning of a deadline, or of why there is none.
  public enum Step: Sendable, Equatable {
    case firstTeachingDay(CivilDate, source: FirstDaySource)
    case firstTeachingDayMissing(MissingFact)
    case priorExperience(Period, isApproved: Bool, movesFirstDay: Bool)
    case windowMonths(Int, until: CivilDate)
    /// Nil `days` and `untilAfter`: it has no known end, and so has the window.
    case pause(Pause, countsFrom: CivilDate, days: Int?, untilAfter: CivilDate?)
    case pauseNotCounted(Pause, NotCounted)
    case exemption(code: String, Period)
    case outOfScope(OutOfScope, day: CivilDate, windowEnded: CivilDate)
  }

  /// Where the first teaching day was found.
  public enum FirstDaySource: String, Sendable {
    /// It is the first day with this board.
    case employment
    case registration
    case priorExperience = "prior_experience"
  }

  /// `[from, until)`; nil without a known end.
  public struct Period: Sendable, Equatable {
    public var from: CivilDate
    public var until: CivilDate?
  }

  public struct Pause: Sendable, Equatable {
    /// A category of leave, or `before_employment`, `between_employments`, `after_employment`.
    public var category: String
    public var period: Period
  }

  /// Why a pause adds nothing.
  public enum NotCounted: Sendable, Equatable {
    /// An absence of fewer days than the policy asks for.
    case tooShort(days: Int)
    /// Over before the first teaching day.
    case beforeWindow
    /// Begins when the window has ended.
    case afterWindow
    /// Every day of it was counted with another pause.
    case united

    var code: String {
      switch self {
      case .tooShort: "too_short"
      case .beforeWindow: "before_window"
      case .afterWindow: "after_window"
      case .united: "united"
      }
    }
  }

  public enum OutOfScope: String, Sendable {
    case endedBeforeFirstDay = "ended_before_first_day"
    case endedBeforeProgramme = "ended_before_programme"
  }
}

extension Explanation.Step {
  /// The stable code of the step in the API.
  public var code: String {
    switch self {
    case .firstTeachingDay: "first_teaching_day"
    case .firstTeachingDayMissing: "first_teaching_day_missing"
    case .priorExperience(_, let isApproved, _): isApproved ? "prior_experience" : "prior_experience_not_approved"
    case .windowMonths: "window_months"
    case .pause: "pause"
    case .pauseNotCounted: "pause_not_counted"
    case .exemption: "exemption"
    case .outOfScope: "out_of_scope"
    }
  }

  init(_ row: ExplanationRow) throws(PostgresError) {
    switch row.string(.code) {
    case "first_teaching_day":
      self = .firstTeachingDay(try row.needed(try row.date(.fromDate), .fromDate), source: try row.code(.category))
    case "first_teaching_day_missing":
      self = .firstTeachingDayMissing(try row.code(.category))
    case "prior_experience":
      self = .priorExperience(try row.period, isApproved: true, movesFirstDay: row.string(.reason) != nil)
    case "prior_experience_not_approved":
      self = .priorExperience(try row.period, isApproved: false, movesFirstDay: false)
    case "window_months":
      self = .windowMonths(
        try row.needed(try row.int(.amount), .amount), until: try row.needed(try row.date(.untilAfter), .untilAfter))
    case "pause":
      self = .pause(
        try row.pause, countsFrom: try row.needed(try row.date(.countsFrom), .countsFrom),
        days: try row.int(.amount), untilAfter: try row.date(.untilAfter))
    case "pause_not_counted":
      self = .pauseNotCounted(try row.pause, try row.notCounted)
    case "exemption":
      self = .exemption(code: try row.needed(row.string(.category), .category), try row.period)
    case "out_of_scope":
      self = .outOfScope(
        try row.code(.reason), day: try row.needed(try row.date(.fromDate), .fromDate),
        windowEnded: try row.needed(try row.date(.untilDate), .untilDate))
    default:
      throw .decoding(column: "code", row: row.index, expected: "a step")
    }
  }
}

extension ExplanationRow {
  fileprivate var period: Explanation.Period {
    get throws(PostgresError) {
      Explanation.Period(from: try needed(try date(.fromDate), .fromDate), until: try date(.untilDate))
    }
  }

  fileprivate var pause: Explanation.Pause {
    get throws(PostgresError) {
      Explanation.Pause(category: try needed(string(.category), .category), period: try period)
    }
  }

  fileprivate var notCounted: Explanation.NotCounted {
    get throws(PostgresError) {
      switch string(.reason) {
      case "too_short": .tooShort(days: try needed(try int(.amount), .amount))
      case "before_window": .beforeWindow
      case "after_window": .afterWindow
      case "united": .united
      default: throw .decoding(column: "reason", row: index, expected: "why a pause does not count")
      }
    }
  }
}
