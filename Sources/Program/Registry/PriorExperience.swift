import Postgres

extension Noun {
  /// Teaching elsewhere before: claims, and what was decided of them.
  public static let priorExperience = Noun(
    path: "prior-experience", name: "PriorExperience",
    about: """
      Teaching elsewhere before. A claim counts for nothing until the policy adviser approves it; then it moves the \
      first teaching day back.
      """,
    shape: [
      .init("id", .id), .init("person", .namedPerson), .init("from", .date, "First day elsewhere."),
      .init("until", .date, "First day after it."),
      .init("evidence", .text, "Name of the evidence seen, never the evidence itself."),
      .init("state", .choice(experienceStates)), .init("claimed_by", .nullable(.namedPerson)),
      .init("decided_by", .nullable(.namedPerson)), .init("decided_at", .nullable(.instant)),
      .init("allowed_transitions", .list(.choice(["approved", "declined"])), "What the asker may make of it."),
    ],
    one: Statement("select version, body from prior_experience_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select e.id, e.body, row_number() over (order by e.id) as number
          from prior_experience_resource e
          where ($1::uuid is null or e.id > $1)
            and ($3::uuid is null or e.person_id = $3)
            and ($4::text is null or e.state = $4)
          order by e.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("person", .id, "Only of this person."), .init("state", .choice(experienceStates), "Only in this state."),
      ]),
    form: Form(
      [
        Field("person", column: "person_id", .id, .fixed, "Whose experience.", example: #""{person}""#),
        Field("from", column: "from_date", .date, "First day elsewhere.", example: #""2024-08-01""#),
        Field("until", column: "until_date", .date, "First day after it.", example: #""2025-08-01""#),
        Field(
          "evidence", .label, "Name of the evidence, for example a statement of the former employer.",
          example: #""Verklaring vorige werkgever""#),
      ], orders: [.init("until", after: "from")]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from person where id = ($1::jsonb ->> 'person_id')::uuid) then '/person' end)
        """),
      statement: Statement(
        """
        insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by)
        select $1, r.person_id, r.from_date, r.until_date, r.evidence, app.me()
        from jsonb_populate_record(null::prior_experience, normalize($2, nfc)::jsonb) r
        """)),
    change: Change(
      table: "prior_experience",
      statement: Statement(
        """
        update prior_experience e
        set
          (from_date, until_date, evidence) = (
            select r.from_date, r.until_date, r.evidence
            from jsonb_populate_record(e, normalize($2, nfc)::jsonb) r),
          version = e.version + 1
        where e.id = $1
        """)),
    removal: Removal(table: "prior_experience", statement: Statement("delete from prior_experience where id = $1")),
    transitions: Transitions(
      [.init("approved"), .init("declined")],
      Statement("select app.decide_prior_experience($1, $2, $3::jsonb ->> 'to')")))

  static let experienceStates = ["claimed", "approved", "declined"]
}
