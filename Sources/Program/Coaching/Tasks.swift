import Postgres

/// What waits for the person who asks.
public enum Tasks {
  public static let shape = Shape.named(
    "Tasks",
    .object([
      .init(
        "items",
        .list(
          .object([
            .init("task", .choice(kinds), "What is to be done."),
            .init("due_on", .date, "By when, from the answer times of the board's rules."), .init("is_overdue", .flag),
            .init("resource", .text, "The address of what it is about."),
          ])), "The first due first.")
    ]))

  public static var query: BoundStatement { statement() }

  private static let statement = Statement(
    """
    select row_to_json(w) as body
    from (
      select coalesce(json_agg(row_to_json(i) order by i.due_on, i.task, i.resource), '[]') as items
      from (
        select t.task, t.due_on, t.due_on < app.today() as is_overdue, t.resource
        from app.tasks() t
      ) i
    ) w
    """)

  static let kinds = [
    "answer_invitation", "answer_offer", "name_a_coach", "decide", "plan_first_recording", "plan_next_recording",
    "hold_follow_up", "film", "hand_over",
    "hold_debrief", "present_storyboard", "delete_copy", "overdue_copy", "hand_on", "judge_breach", "decide_claim",
    "approve_teaching_since", "review_exemption", "abandoned_report",
    "publish_notice", "answer_objection", "place_pupil", "promise_measure", "attest_measure", "wait_for_school",
    "hold_footage", "judge_quarantine",
  ]
}
