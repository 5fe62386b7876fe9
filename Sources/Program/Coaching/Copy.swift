import Postgres

extension Noun {
  /// The custody ledger.
  public static let copies = Noun(
    path: "copies", name: "Copy",
    about: """
      One copy of a recording's footage in one pair of hands. The first is made with the recording. Handed over, it goes \
      on as another one of whoever has it then; deleted, it is attested. The teacher sees every copy, a coach those \
      they hold, the adviser those overdue or lost.
      """,
    shape: [
      .init("id", .id), .init("recording", .id), .init("holder", .nullable(.namedPerson)),
      .init(
        "carrier",
        .object([
          .init("id", .id), .init("kind", .choice(carrierKinds)),
          .init("name", .nullable(.text), "Null for who does not see carriers."),
        ])),
      .init("state", .choice(copyStates)), .init("state_since", .instant), .init("given_to", .nullable(.namedPerson)),
      .init("deletion_demanded", .flag), .init("kept_until", .nullable(.date), "By agreement with the teacher."),
      .init("deletion_due_on", .nullable(.date)), .init("is_overdue", .flag),
      .init("allowed_transitions", .list(.choice(copyStates)), "What the asker may make of it."),
    ],
    one: Statement("select version, body from copy_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select c.id, c.body, row_number() over (order by c.id) as number
          from copy_resource c
          where ($1::uuid is null or c.id > $1)
            and ($3::uuid is null or c.recording_id = $3)
            and ($4::text is null or c.state = $4)
            and ($5::uuid is null or c.holder_id = $5)
          order by c.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("recording", .id, "Only of this recording."), .init("state", .choice(copyStates), "Only in this state."),
        .init("holder", .id, "Only those that this person has, or had last."),
      ]),
    form: Form(
      [
        Field(
          "recording", column: "recording_id", .id, .fixed, "Of which recording the asker has a copy.",
          example: #""{recording}""#),
        Field(
          "carrier", column: "carrier_id", .id, .fixed, "What the new one is on.", example: #""{carrier}""#),
        Field(
          "deletion_demanded", .flag, .changeOnly,
          "The teacher's demand that it be deleted; true, and never taken back.",
          example: "true"),
      ]),
    creation: Creation(
      statement: Statement(
        "select app.make_copy($1, ($2::jsonb ->> 'recording_id')::uuid, ($2::jsonb ->> 'carrier_id')::uuid)")),
    change: Change(
      table: nil,
      statement: Statement("select app.demand_deletion($1, $2, ($3::jsonb ->> 'deletion_demanded')::boolean)")),
    transitions: Transitions(
      [.init("deleted"), .init("handed_over", may: ["to_person"]), .init("lost")],
      fields: [
        Field(
          "to_person", .id, .optional, "Who has it now: the teacher where nobody is named, or the coach who goes on.",
          example: #""{coach}""#)
      ],
      Statement("select app.move_copy($1, $2, $3::json ->> 'to', null, $3)")))

  static let copyStates = ["held", "handed_over", "deleted", "lost"]
  static let carrierKinds = ["usb", "cloud"]
}
