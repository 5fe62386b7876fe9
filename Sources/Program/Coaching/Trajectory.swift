import Postgres

extension Noun {
  /// The guidance of one teacher by one coach.
  public static let trajectories = Noun(
    path: "trajectories", name: "Trajectory",
    about: """
      The guidance of one teacher by one coach (traject): one recording and its debrief, by agreement up to six. Opened \
      by the coach who takes a request on; closed by the server when no copy of the footage is left with anybody but the \
      teacher. To the adviser it shows coach, state and number of recordings.
      """,
    shape: [
      .init("id", .id), .init("request", .id), .init("teacher", .nullable(.namedPerson)),
      .init("coach", .nullable(.namedPerson)), .init("origin", .nullable(.choice(origins))),
      .init("state", .choice(trajectoryStates)), .init("state_since", .nullable(.instant)),
      .init("reason", .nullable(.text)),
      .init("recordings", .integer(1...6), "How many both agreed on."),
      .init("made", .integer(0...Int.max), "How many were made."),
      .init("interval_days", .nullable(.integer(1...365))), .init("opened_on", .nullable(.date)),
      .init("allowed_transitions", .list(.choice(trajectoryStates)), "What the asker may make of it."),
    ],
    one: Statement("select version, body from trajectory_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select t.id, t.body, row_number() over (order by t.id) as number
          from trajectory_resource t
          where ($1::uuid is null or t.id > $1)
            and ($3::text is null or t.state = $3)
            and ($4::uuid is null or t.coach_id = $4)
          order by t.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("state", .choice(trajectoryStates), "Only in this state."),
        .init("coach", .id, "Only of this coach: all that one leaves is to be handed on."),
      ]),
    transitions: Transitions(
      [
        .init("paused", may: ["reason"]), .init("open", may: ["reason"]), .init("closing", may: ["reason"]),
      ],
      fields: [
        Field(
          "reason", .choice(trajectoryReasons), .optional, "Why; needed from an adviser who ends it.",
          example: #""goal_reached""#)
      ],
      Statement("select app.move_trajectory($1, $2, $3::jsonb ->> 'to', $3::jsonb ->> 'reason')")))

  static let trajectoryStates = ["open", "paused", "closing", "closed"]
  static let trajectoryReasons = ["teacher_left", "coach_left", "leave", "goal_reached", "other"]

  /// Talks of a trajectory without a recording.
  public static let followUps = Noun(
    path: "follow-ups", collection: "trajectories/{id}/follow-ups", parent: "trajectory_id", name: "FollowUp",
    about: "A talk of a trajectory without a recording (vervolgafspraak), dated by its teacher or its coach.",
    shape: [.init("id", .id), .init("trajectory", .id), .init("talk_on", .date)],
    one: Statement("select version, body from follow_up_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.talk_on, p.id) filter (where p.number <= $3), '[]'),
          case
            when max(p.number) > $3
            then (array_agg(app.cursor(p.talk_on::text, p.id::text) order by p.number) filter (where p.number = $3))[1]
          end)::list_page) as body
        from (
          select f.talk_on, f.id, f.body, row_number() over (order by f.talk_on, f.id) as number
          from follow_up_resource f
          where ($1::date is null or (f.talk_on, f.id) > ($1, $2::uuid))
            and f.trajectory_id = $4
          order by f.talk_on, f.id
          limit $3::int + 1
        ) p
        having exists (select from trajectory where id = $4)
        """),
      keys: [.date, .id], filters: [.init("trajectory", .id, "Whose talks.")]),
    form: Form([Field("talk_on", .date, .fixed, "The day.", example: #""2026-12-10""#)]),
    creation: Creation(
      statement: Statement(
        "select app.add_follow_up($1, ($2::jsonb ->> 'trajectory_id')::uuid, ($2::jsonb ->> 'talk_on')::date)")),
    removal: Removal(table: "follow_up", statement: Statement("delete from follow_up where id = $1")))
}
