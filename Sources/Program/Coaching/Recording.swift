import Postgres

extension Noun {
  /// Recordings: that they are planned, made and talked over; never the footage.
  public static let recordings = Noun(
    path: "recordings", name: "Recording",
    about: """
      Twenty minutes of a lesson in one group. The coach plans it and reports it made; the teacher and the coach agree \
      that it was talked over. To the adviser it shows coach, state and number.
      """,
    shape: [
      .init("id", .id),
      .init("trajectory", .nullable(.id), "Null in a board's history from before this administration."),
      .init("ordinal", .nullable(.integer(1...6))), .init("teacher", .nullable(.namedPerson)),
      .init("coach", .nullable(.namedPerson)), .init("origin", .nullable(.choice(origins))),
      .init("state", .choice(recordingStates)), .init("state_since", .nullable(.instant)),
      .init("reason", .nullable(.text)), .init("scheduled_at", .nullable(.instant)),
      .init("group", .nullable(.object([.init("id", .id), .init("name", .text)]))),
      .init("school", .nullable(.namedSchool)), .init("carrier", .nullable(.id), "What the footage is to be kept on."),
      .init("teacher_agreed", .nullable(.flag), "Whether the teacher agreed to it as it is planned."),
      .init("recorded_on", .nullable(.date)), .init("made_at", .nullable(.instant)),
      .init("handed_over_on", .nullable(.date), "When the teacher first had a copy."),
      .init("debriefed_on", .nullable(.date)), .init("counts_for_programme", .nullable(.flag)),
      .init("quarantined", .flag, "Made without clearance: does not count until released."),
      .init("allowed_transitions", .list(.choice(recordingStates)), "What the asker may make of it."),
    ],
    one: Statement("select version, body from recording_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select k.id, k.body, row_number() over (order by k.id) as number
          from recording_resource k
          where ($1::uuid is null or k.id > $1)
            and ($3::text is null or k.state = $3)
            and ($4::uuid is null or k.trajectory_id = $4)
            and ($5::uuid is null or k.coach_id = $5)
          order by k.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("state", .choice(recordingStates), "Only in this state."),
        .init("trajectory", .id, "Only of this trajectory."), .init("coach", .id, "Only of this coach."),
      ]),
    form: Form(
      [
        Field("trajectory", column: "trajectory_id", .id, .fixed, "Of which trajectory.", example: #""{trajectory}""#),
        Field(
          "scheduled_at", .instant, "When it is to be made; another time asks the teacher anew.",
          example: #""{soon}""#),
        Field("group", column: "group_id", .id, "The class in the picture.", example: #""{group}""#),
        Field(
          "carrier", column: "carrier_id", .id, .optional, "What the footage is to be kept on.",
          example: #""{carrier}""#),
        Field(
          "counts_for_programme", .flag, .changeOnly,
          "The teacher's word on whether a recording of an own wish counts for the starter programme.", example: "true"),
      ], changeExample: ["scheduled_at"]),
    creation: Creation(
      statement: Statement("select app.plan_recording($1, ($2::json ->> 'trajectory_id')::uuid, $2)")),
    change: Change(table: nil, statement: Statement("select app.change_recording($1, $2, $3)")),
    transitions: Transitions(
      [
        .init("cancelled", may: ["reason"]), .init("made", needs: ["made_at"], may: ["carrier"]),
        .init("waived", may: ["reason"]), .init("voided", may: ["reason"]),
      ],
      fields: [
        Field("made_at", .instant, .optional, "When the filming began.", example: #""2026-11-12T09:30:00Z""#),
        Field(
          "carrier", column: "carrier_id", .id, .optional, "What the footage is on, where none was planned.",
          example: #""{carrier}""#),
        Field("reason", .choice(recordingReasons), .optional, "Why.", example: #""teacher_ill""#),
      ],
      Statement("select app.move_recording($1, $2, $3::json ->> 'to', $3::json ->> 'reason', $3)")))

  static let recordingStates = ["planned", "made", "debriefed", "waived", "cancelled", "voided"]
  static let recordingReasons = [
    "teacher_ill", "coach_ill", "group_away", "technical", "entered_by_mistake", "other",
  ]
}

/// What a school's administration is told of recordings at its school: that one takes place, when, in which group.
public enum PlannedRecordings {
  public static let shape = Shape.named(
    "PlannedRecordings",
    .object([
      .init(
        "items",
        .list(
          .object([
            .init("scheduled_at", .instant), .init("group", .object([.init("id", .id), .init("name", .text)])),
          ])), "The first to come first.")
    ]))

  public static func query(_ school: UUIDv7) -> BoundStatement { statement(.text(school.description)) }

  private static let statement = Statement("select app.planned_recordings($1) as body")
}
