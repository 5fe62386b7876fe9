import Postgres

extension Noun {
  /// Employments: person × school × job, for a time.
  public static let employments = Noun(
    path: "employments", name: "Employment",
    about: "A person's work at a school, for a time (aanstelling). A teacher may have several at once.",
    shape: [
      .init("id", .id), .init("person", .namedPerson), .init("school", .namedSchool),
      .init("job", .choice(jobs), "Only `teacher` counts for the starter programme."),
      .init("fte", .number, "Full-time equivalent; it does not stretch the starter window."),
      .init("from", .date, "First day."),
      .init("until", .nullable(.date), "First day after the last; null when no end is known."),
    ],
    one: Statement("select version, body from employment_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select e.id, e.body, row_number() over (order by e.id) as number
          from employment_resource e
          where ($1::uuid is null or e.id > $1)
            and ($3::uuid is null or e.person_id = $3)
            and ($4::uuid is null or e.school_id = $4)
            and ($5::text is null or e.job = $5)
            and ($6::date is null or (e.from_date <= $6 and coalesce(e.until_date > $6, true)))
          order by e.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("person", .id, "Only of this person."), .init("school", .id, "Only at this school."),
        .init("job", .choice(jobs), "Only in this job."), .init("on", .date, "Only those that run on this day."),
      ]),
    form: Form(
      [
        Field("person", column: "person_id", .id, .fixed, "Who is employed.", example: #""{person}""#),
        Field("school", column: "school_id", .id, .fixed, "Where.", example: #""{school}""#),
        Field("job", .choice(jobs), .fixed, "As what.", example: #""teacher""#),
        Field(
          "fte", .decimal(above: 0, through: 1.5, places: 4), "Full-time equivalent (werktijdfactor).", example: "0.8"),
        Field("from", column: "from_date", .date, "First day.", example: #""2026-08-01""#),
        Field(
          "until", column: "until_date", .date, .optional, isNullable: true,
          "First day after the last; null when no end is known.", example: #""2027-08-01""#),
      ], orders: [.init("until", after: "from")]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from person where id = (d.draft ->> 'person_id')::uuid) then '/person' end,
          case when not exists (select from school where id = (d.draft ->> 'school_id')::uuid) then '/school' end)
        from (select $1::jsonb as draft) d
        """),
      statement: Statement(
        """
        insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
        select $1, r.person_id, r.school_id, r.job, r.fte, r.from_date, r.until_date
        from jsonb_populate_record(null::employment, $2::jsonb) r
        """)),
    change: Change(
      table: "employment",
      statement: Statement(
        """
        update employment e
        set
          (fte, from_date, until_date) = (
            select r.fte, r.from_date, r.until_date
            from jsonb_populate_record(e, $2::jsonb) r),
          version = e.version + 1
        where e.id = $1
        """)),
    removal: Removal(table: "employment", statement: Statement("delete from employment where id = $1")))

  static let jobs = ["teacher", "director", "support"]
}
