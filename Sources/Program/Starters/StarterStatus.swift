/// How far a starter is with the recording that the programme asks for; the first that holds.
public enum Coverage: String, CaseIterable, Sendable {
  /// The window had ended before the first day with this board, or before the programme began.
  case outOfScope = "out_of_scope"
  /// Recorded before the window's end, and talked over.
  case covered
  /// Recorded after the window's end, and talked over.
  case coveredLate = "covered_late"
  /// The adviser decided that no recording is needed, for the time being.
  case exempt
  /// Recorded, not yet talked over.
  case recorded
  case planned
  case open
}

/// How near the deadline is for a starter who is still to be recorded.
public enum Urgency: String, CaseIterable, Sendable {
  case overdue
  case atRisk = "at_risk"
  case dueSoon = "due_soon"
  case none
}

/// Whether a starter is at work.
public enum EmploymentAxis: String, CaseIterable, Sendable {
  /// The first employment as a teacher is yet to begin.
  case future
  case active
  /// Employed, and on leave that stops the clock.
  case paused
  /// Was employed and no longer is, also where a return is known.
  case left
}

/// What must be known of a starter before a window can be reckoned.
public enum MissingFact: String, CaseIterable, Sendable {
  case teachingSince = "teaching_since"
  /// The date is there, but nobody has confirmed it.
  case teachingSinceApproval = "teaching_since_approval"
}
