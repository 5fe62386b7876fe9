import Postgres

extension ContentKind {
  /// What a teacher tells the director of strengths and development points.
  public static let storyboard = ContentKind(
    "storyboard", name: "StoryboardText", path: "storyboards/{id}/text", tag: "Storyboards",
    about: "Strengths and development points. The teacher's alone; read by whom a consent of theirs names.",
    form: Form([
      Field(
        "strengths", .prose(limit: 8000), "What goes well.", example: #""Rust bij de wisselingen van de les.""#),
      Field(
        "development_points", .prose(limit: 8000), "What is to be developed.",
        example: #""Langer wachten na een vraag.""#),
    ]),
    shape: [.init("strengths", .text), .init("development_points", .text)])
}

extension Noun {
  /// Storyboards: that there is one, and whether it was presented; its text is content.
  public static let storyboards = Noun(
    path: "storyboards", name: "Storyboard",
    about: """
      With a storyboard a teacher tells the director of strengths and development points. It is the teacher's; its text \
      stands at an address of its own. It is presented once a consent opens it to the director, or on the day of an \
      oral presentation.
      """,
    shape: [
      .init("id", .id), .init("teacher", .namedPerson), .init("trajectory", .id, "Out of which guidance it came."),
      .init("state", .choice(storyboardStates)),
      .init("presented_orally_on", .nullable(.date), "Null where it was opened to the director."),
      .init("created_at", .instant), .init("state_since", .instant),
      .init("allowed_transitions", .list(.choice(["presented"])), "What the asker may make of it."),
    ],
    one: Statement("select version, body from storyboard_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select s.id, s.body, row_number() over (order by s.id) as number
          from storyboard_resource s
          where ($1::uuid is null or s.id > $1)
            and ($3::text is null or s.state = $3)
            and ($4::uuid is null or s.trajectory_id = $4)
          order by s.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("state", .choice(storyboardStates), "Only in this state."),
        .init("trajectory", .id, "Only out of this trajectory."),
      ]),
    form: Form([
      Field(
        "trajectory", column: "trajectory_id", .id, .fixed, "Out of which guidance it comes.",
        example: #""{trajectory}""#)
    ]),
    creation: Creation(statement: Statement("select app.begin_storyboard($1, ($2::jsonb ->> 'trajectory_id')::uuid)")),
    transitions: Transitions(
      [.init("presented", may: ["presented_orally_on"])],
      fields: [
        Field(
          "presented_orally_on", .date, .optional,
          "Day of an oral presentation; left out where it is open to the director.", example: #""2026-11-02""#)
      ],
      Statement(
        """
        select app.move_storyboard($1, $2, $3::jsonb ->> 'to', ($3::jsonb ->> 'presented_orally_on')::date)
        """)))

  static let storyboardStates = ["draft", "presented"]
}
