import Postgres

extension Explanation {
  /// A recording, and whether it counts.
  public struct Recording: Sendable, Equatable {
    public var id: UUIDv7
    /// When it was made; else for when it is, or was, planned.
    public var date: CivilDate
    public var stage: Stage
    public var debriefedOn: CivilDate?
    /// Why it does not count for the programme; nil where it does, or would once made.
    public var notCounted: Reason?

    /// What it was on the day judged.
    public enum Stage: String, Sendable {
      case planned
      /// Made, not yet talked over.
      case recorded
      case debriefed
      case waived
      case cancelled
    }

    public enum Reason: String, Sendable {
      /// A voluntary one, which its teacher has not let count.
      case ownWish = "own_wish"
      /// Made without clearance.
      case quarantined
      case waived
      case cancelled
      /// Made before the first teaching day.
      case beforeWindow = "before_window"
    }

    /// Whether it is made and counts: then the debrief is all that may be missing.
    public var counts: Bool { notCounted == nil && (stage == .recorded || stage == .debriefed) }

    init(_ row: ExplanationRow) throws(PostgresError) {
      id = try row.needed(row.string(.id).flatMap { UUIDv7($0) }, .id)
      date = try row.needed(try row.date(.fromDate), .fromDate)
      stage = try row.code(.code)
      debriefedOn = try row.date(.untilDate)
      notCounted = row.string(.reason) == nil ? nil : try row.code(.reason)
    }
  }
}
