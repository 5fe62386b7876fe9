import Postgres

extension Noun {
  /// Fitting measures, below their objection.
  public static let measures = Noun(
    path: "measures", collection: "objections/{id}/measures", parent: "objection_id", name: "Measure",
    about: """
      What a school does so that a pupil is not filmed: out_of_view, other_group, anonymise, cut, or no_recording. The \
      first one answers the objection; when the last one ends, it waits for one again. A coach sees those to keep in own \
      recordings.
      """,
    shape: [
      .init("id", .id), .init("objection", .id), .init("kind", .choice(measureKinds)), .init("covers_sound", .flag),
      .init("state", .choice(measureStates)), .init("set_at", .instant), .init("state_since", .instant),
      .init("allowed_transitions", .list(.choice(["ended"])), "What the asker may make of it."),
    ],
    one: Statement("select version, body from measure_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select m.id, m.body, row_number() over (order by m.id) as number
          from measure_resource m
          where ($1::uuid is null or m.id > $1)
            and m.objection_id = $3
            and ($4::text is null or m.state = $4)
          order by m.id
          limit $2::int + 1
        ) p
        having exists (select from objection where id = $3) or exists (select from measure where objection_id = $3)
        """),
      keys: [.id],
      filters: [
        .init("objection", .id, "Of which objection."), .init("state", .choice(measureStates), "Only in this state."),
      ]),
    form: Form([
      Field("kind", .choice(measureKinds), .fixed, "What is done.", example: #""other_group""#),
      Field("covers_sound", .flag, .fixed, "Whether the voice is covered too.", example: "true"),
    ]),
    creation: Creation(statement: Statement("select app.set_measure($1, ($2::json ->> 'objection_id')::uuid, $2)")),
    transitions: Transitions([.init("ended")], Statement("select app.move_measure($1, $2, $3::json ->> 'to')")))

  static let measureKinds = ["out_of_view", "other_group", "anonymise", "cut", "no_recording"]
  static let measureStates = ["in_force", "ended"]

  /// A coach's word on measures, recording by recording.
  public static let promises = Noun(
    path: "promises", collection: "recordings/{id}/promises", parent: "recording_id", name: "Promise",
    about: """
      The coach's word that a measure is kept in a recording, given before it is made, and attested when it was. What is \
      to be anonymised or cut is attested before the footage is handed over.
      """,
    shape: [
      .init("id", .id), .init("recording", .id), .init("measure", .id), .init("kind", .nullable(.choice(measureKinds))),
      .init("state", .choice(promiseStates)), .init("promised_at", .instant), .init("state_since", .instant),
      .init("allowed_transitions", .list(.choice(["attested"])), "What the asker may make of it."),
    ],
    one: Statement("select version, body from promise_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select r.id, r.body, row_number() over (order by r.id) as number
          from promise_resource r
          where ($1::uuid is null or r.id > $1)
            and r.recording_id = $3
          order by r.id
          limit $2::int + 1
        ) p
        having exists (select from recording where id = $3) or exists (select from promise where recording_id = $3)
        """),
      keys: [.id], filters: [.init("recording", .id, "In which recording.")]),
    form: Form([
      Field("measure", column: "measure_id", .id, .fixed, "Which measure.", example: #""{measure}""#)
    ]),
    creation: Creation(
      statement: Statement(
        "select app.make_promise($1, ($2::json ->> 'recording_id')::uuid, ($2::json ->> 'measure_id')::uuid)")),
    transitions: Transitions([.init("attested")], Statement("select app.move_promise($1, $2, $3::json ->> 'to')")))

  static let promiseStates = ["promised", "attested"]
}
