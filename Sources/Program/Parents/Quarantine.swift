import Postgres

extension Noun {
  /// Recordings that were made without clearance, or that a later objection touches.
  public static let quarantines = Noun(
    path: "quarantines", name: "Quarantine",
    about: """
      A recording that was made without clearance, or that a later objection touches. It does not count, is not handed \
      over, copied or talked over; it is deleted, or released by the adviser or the privacy officer when what was \
      missing is made good. What only a later objection stopped is released by itself when its measures are attested.
      """,
    shape: [
      .init("id", .id), .init("recording", .id), .init("cause", .choice(["no_clearance", "objection"])),
      .init("codes", .list(.choice(ClearanceReason.codes)), "What was missing when it began."),
      .init("state", .choice(quarantineStates)), .init("begun_at", .instant), .init("state_since", .instant),
      .init("allowed_transitions", .list(.choice(["deleted", "released"])), "What the asker may make of it."),
    ],
    one: Statement("select version, body from quarantine_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select q.id, q.body, row_number() over (order by q.id) as number
          from quarantine_resource q
          where ($1::uuid is null or q.id > $1)
            and ($3::text is null or q.state = $3)
            and ($4::uuid is null or q.recording_id = $4)
          order by q.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("state", .choice(quarantineStates), "Only in this state."),
        .init("recording", .id, "Only of this recording."),
      ]),
    transitions: Transitions([.init("released")], Statement("select app.move_quarantine($1, $2, $3::json ->> 'to')")))

  static let quarantineStates = ["open", "released", "deleted"]
}
