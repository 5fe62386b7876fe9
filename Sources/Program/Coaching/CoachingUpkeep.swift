import Postgres

/// What follows from the passing of time in the coaching: the server's own steps, each answering how many it took.
public enum CoachingUpkeep {
  /// Invitations expire, offers lapse, trajectories pause with leave and go on after it, those closing close.
  public static var steps: BoundStatement { steps_() }

  /// Starters whose window has come into the policy's month are invited.
  public static var invitations: BoundStatement { invitations_() }

  private static let steps_ = Statement(
    "select coalesce(sum(s.value::int), 0)::int from json_each_text(app.coaching_upkeep()) s")
  private static let invitations_ = Statement("select app.invite_due_starters()")
}
