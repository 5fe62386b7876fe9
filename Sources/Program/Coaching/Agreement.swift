import Postgres

extension Noun {
  /// Acts of two people: proposed by one, agreed or declined by the other.
  public static let agreements = Noun(
    path: "agreements", collection: "trajectories/{id}/agreements", parent: "trajectory_id", name: "Agreement",
    about: """
      What takes two: that a recording is made as planned, that its debrief was held, up to how many recordings the \
      guidance is extended, that a copy is kept, that another coach goes on. It takes effect when the other has agreed.
      """,
    shape: [
      .init("id", .id), .init("kind", .choice(["recording"] + agreementKinds)), .init("trajectory", .id),
      .init("recording", .nullable(.id)), .init("copy", .nullable(.id)), .init("new_coach", .nullable(.namedPerson)),
      .init("recordings", .nullable(.integer(2...6))), .init("interval_days", .nullable(.integer(1...365))),
      .init("until", .nullable(.date), "First day on which the copy is no longer kept."),
      .init("held_on", .nullable(.date)), .init("proposed_by", .choice(["teacher", "coach", "adviser"])),
      .init("state", .choice(agreementStates)), .init("state_since", .instant), .init("reason", .nullable(.text)),
      .init("allowed_transitions", .list(.choice(agreementStates)), "What the asker may make of it."),
    ],
    one: Statement("select version, body from agreement_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select a.id, a.body, row_number() over (order by a.id) as number
          from agreement_resource a
          where ($1::uuid is null or a.id > $1)
            and a.trajectory_id = $3
            and ($4::text is null or a.kind = $4)
            and ($5::text is null or a.state = $5)
            and ($6::uuid is null or a.recording_id = $6)
          order by a.id
          limit $2::int + 1
        ) p
        having exists (select from trajectory where id = $3)
        """),
      keys: [.id],
      filters: [
        .init("trajectory", .id, "Whose agreements."),
        .init("kind", .choice(["recording"] + agreementKinds), "Only of this kind."),
        .init("state", .choice(agreementStates), "Only in this state."),
        .init("recording", .id, "Only about this recording."),
      ]),
    form: Form(
      [
        Field("kind", .choice(agreementKinds), .fixed, "What is proposed.", example: #""debrief""#),
        Field(
          "recording", column: "recording_id", .id, .fixedOptional, "Whose debrief was held.",
          example: #""{recording}""#),
        Field("held_on", .date, .fixedOptional, "The day of the talk.", example: #""2026-11-20""#),
        Field(
          "recordings", .integer(2...6), .fixedOptional, "Up to how many recordings the guidance goes.", example: "2"),
        Field("interval_days", .integer(1...365), .fixedOptional, "Days between recordings.", example: "28"),
        Field("copy", column: "copy_id", .id, .fixedOptional, "Which copy is kept.", example: #""{copy}""#),
        Field(
          "until", column: "until_date", .date, .fixedOptional,
          "First day on which it is no longer kept; at most 12 months from today.", example: #""{later}""#),
        Field("new_coach", column: "new_coach_id", .id, .fixedOptional, "Who goes on.", example: #""{coach}""#),
      ],
      variants: Variants(
        by: "kind",
        [
          .init("keeping", needs: ["copy", "until"]), .init("debrief", needs: ["recording", "held_on"]),
          .init("extension", needs: ["recordings"], may: ["interval_days"]),
          .init("change_of_coach", needs: ["new_coach"]),
        ])),
    creation: Creation(
      statement: Statement("select app.propose($1, ($2::json ->> 'trajectory_id')::uuid, $2)")),
    transitions: Transitions(
      [.init("agreed"), .init("declined")], Statement("select app.decide_agreement($1, $2, $3::jsonb ->> 'to')")))

  static let agreementKinds = ["debrief", "extension", "keeping", "change_of_coach"]
  static let agreementStates = ["proposed", "agreed", "declined"]
}
