import Postgres

extension Noun {
  /// What footage may be kept on.
  public static let carriers = Noun(
    path: "carriers", name: "Carrier",
    about: "A registered USB stick or an approved cloud service: what footage may be kept on, and nothing else.",
    shape: [
      .init("id", .id), .init("kind", .choice(carrierKinds)), .init("name", .text),
      .init("retired_on", .nullable(.date), "From this day on nothing new is kept on it."),
    ],
    one: Statement("select version, body from carrier_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select c.id, c.body, row_number() over (order by c.id) as number
          from carrier_resource c
          where ($1::uuid is null or c.id > $1)
            and ($3::text is null or c.kind = $3)
            and ($4::boolean is null or $4 = (c.retired_on is null or c.retired_on > app.today()))
          order by c.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("kind", .choice(carrierKinds), "Only of this kind."),
        .init("in_use", .flag, "Only those in use, or only those retired."),
      ]),
    form: Form([
      Field("kind", .choice(carrierKinds), .fixed, "usb or cloud.", example: #""usb""#),
      Field("name", .label, "Number of the stick, name of the service.", example: #""Stick 12""#),
      Field(
        "retired_on", .date, .optional, isNullable: true, "From this day on nothing new is kept on it.",
        example: "null"),
    ]),
    creation: Creation(
      statement: Statement(
        """
        insert into carrier (id, kind, name, retired_on)
        select $1, r.kind, r.name, r.retired_on
        from jsonb_populate_record(null::carrier, normalize($2, nfc)::jsonb) r
        """)),
    change: Change(
      table: "carrier",
      statement: Statement(
        """
        update carrier c
        set
          (name, retired_on) = (
            select r.name, r.retired_on
            from jsonb_populate_record(c, normalize($2, nfc)::jsonb) r),
          version = c.version + 1
        where c.id = $1
        """)))

  /// Lost copies, and what the privacy officer decides of each.
  public static let breaches = Noun(
    path: "breaches", name: "Breach",
    about: """
      A lost copy: within 72 hours the privacy officer decides whether it is reported to the supervisory authority \
      (AVG art. 33). Seen by privacy officers alone.
      """,
    shape: [
      .init("id", .id), .init("copy", .id), .init("recording", .nullable(.id)), .init("found_at", .instant),
      .init("due_at", .instant), .init("settled_at", .nullable(.instant)),
      .init("outcome", .nullable(.choice(breachOutcomes))),
    ],
    one: Statement("select version, body from breach_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select b.id, b.body, row_number() over (order by b.id) as number
          from breach_resource b
          where ($1::uuid is null or b.id > $1)
            and ($3::boolean is null or b.is_settled = $3)
          order by b.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id], filters: [.init("settled", .flag, "Only those decided, or only those not decided yet.")]),
    form: Form([
      Field("outcome", .choice(breachOutcomes), .changeOnly, "What was decided.", example: #""not_notifiable""#)
    ]),
    change: Change(
      table: "breach",
      statement: Statement(
        """
        update breach b
        set
          outcome = $2::jsonb ->> 'outcome',
          settled_at = app.now(),
          settled_by = app.me(),
          version = b.version + 1
        where b.id = $1
        """)))

  static let breachOutcomes = ["reported", "not_notifiable"]
}
