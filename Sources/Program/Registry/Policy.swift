import Postgres

extension Noun {
  /// The board's rules, version by version.
  public static let policies = Noun(
    path: "policies", name: "Policy",
    about: """
      One version of the board's rules. The version in force on a day is the one with the latest valid_from up to it. \
      A version is never changed: a new one takes its place from its first day on.
      """,
    shape: [
      .init("version", .integer(1...10_000), "Named by every explanation and report run."),
      .init("valid_from", .date, "First day it is in force."),
      .init("programme_start", .date, "Windows that ended before this day are out of scope."),
      .init("window_months", .integer(1...120)), .init("pause_days", .integer(1...365)),
      .init("at_risk_days", .integer(0...3650)), .init("due_soon_days", .integer(0...3650)),
      .init("teacher_days", .integer(1...365)), .init("coach_days", .integer(1...365)),
      .init("first_recording_days", .integer(1...365)), .init("debrief_days", .integer(1...365)),
      .init("invitation_days", .integer(1...365)), .init("deletion_days", .integer(0...365)),
      .init("coach_capacity", .integer(0...1000)), .init("objection_days", .integer(1...31)),
      .init("notice_days", .integer(0...365)), .init("invitation_month", .nullable(.integer(1...120))),
      .init("decided_by", .nullable(.namedPerson)),
    ],
    one: Statement("select 1 as version, body from policy_resource where $1 in (number::text, valid_from::text)"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.policy) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor((max(p.policy) filter (where p.number <= $2))::text) end)::list_page) as body
        from (
          select r.number as policy, r.body, row_number() over (order by r.number) as number
          from policy_resource r
          where ($1::int is null or r.number > $1)
          order by r.number
          limit $2::int + 1
        ) p
        """),
      keys: [.integer(1...10_000)]),
    form: Form([
      Field("valid_from", .date, "First day it is in force; after today.", example: #""2099-08-01""#),
      Field(
        "programme_start", .date, "Windows that ended before this day are out of scope.", example: #""2023-08-01""#),
      Field("window_months", .integer(1...120), .optional, "Length of the starter window; 36.", example: "36"),
      Field("pause_days", .integer(1...365), .optional, "Absences of so many days stop the clock; 30.", example: "30"),
      Field("at_risk_days", .integer(0...3650), .optional, "Days before the deadline; 90.", example: "90"),
      Field(
        "due_soon_days", .integer(0...3650), .optional, "Days before the deadline, no fewer than at_risk_days; 180.",
        example: "180"),
      Field("teacher_days", .integer(1...365), .optional, "Days for a teacher to answer; 14.", example: "14"),
      Field("coach_days", .integer(1...365), .optional, "Days for a coach to answer; 7.", example: "7"),
      Field(
        "first_recording_days", .integer(1...365), .optional, "Days from the assignment to the first recording; 30.",
        example: "30"),
      Field("debrief_days", .integer(1...365), .optional, "Days from the hand-over to the debrief; 14.", example: "14"),
      Field("invitation_days", .integer(1...365), .optional, "Days until an invitation expires; 30.", example: "30"),
      Field(
        "deletion_days", .integer(0...365), .optional, "Days from the closing until a copy is overdue; 14.",
        example: "14"),
      Field("coach_capacity", .integer(0...1000), .optional, "Recordings a year of a new coach; 30.", example: "30"),
      Field(
        "objection_days", .integer(1...31), .optional, "Days for a school to answer an objection; 20.", example: "20"),
      Field(
        "notice_days", .integer(0...365), .optional,
        "Days before a school year begins from which its missing notices are among the school's tasks; 60.",
        example: "60"),
      Field(
        "invitation_month", .integer(1...120), .optional, isNullable: true,
        "Month of the starter window in which the server invites who has not been; never where nothing is said.",
        example: "6"),
    ]),
    creation: Creation(
      statement: Statement(
        """
        insert into policy (
          version, valid_from, programme_start, window_months, pause_days, at_risk_days, due_soon_days, teacher_days,
          coach_days, first_recording_days, debrief_days, invitation_days, deletion_days, coach_capacity,
          objection_days, notice_days, invitation_month, decided_by)
        select
          app.next_policy_version(), $1::date, r.programme_start, coalesce(r.window_months, 36), coalesce(r.pause_days, 30),
          coalesce(r.at_risk_days, 90), coalesce(r.due_soon_days, 180), coalesce(r.teacher_days, 14),
          coalesce(r.coach_days, 7), coalesce(r.first_recording_days, 30), coalesce(r.debrief_days, 14),
          coalesce(r.invitation_days, 30), coalesce(r.deletion_days, 14), coalesce(r.coach_capacity, 30),
          coalesce(r.objection_days, 20), coalesce(r.notice_days, 60), r.invitation_month, app.me()
        from jsonb_populate_record(null::policy, $2::jsonb) r
        """),
      key: "valid_from"))
}
