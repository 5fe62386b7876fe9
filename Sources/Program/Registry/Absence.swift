import Postgres

extension Noun {
  /// Leave, which may stop the starter clock.
  public static let absences = Noun(
    path: "absences", name: "Absence",
    about: "Leave that may stop the starter clock: a category, never a medical reason.",
    shape: [
      .init("id", .id), .init("person", .namedPerson), .init("category", .choice(categories)),
      .init("from", .date, "First day away."),
      .init("until", .nullable(.date), "First day back; null when not known."),
    ],
    one: Statement("select version, body from absence_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select a.id, a.body, row_number() over (order by a.id) as number
          from absence_resource a
          where ($1::uuid is null or a.id > $1)
            and ($3::uuid is null or a.person_id = $3)
            and ($4::text is null or a.category = $4)
            and ($5::date is null or (a.from_date <= $5 and coalesce(a.until_date > $5, true)))
          order by a.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("person", .id, "Only of this person."), .init("category", .choice(categories), "Only of this category."),
        .init("on", .date, "Only those that run on this day."),
      ]),
    form: Form(
      [
        Field("person", column: "person_id", .id, .fixed, "Who is away.", example: #""{person}""#),
        Field("category", .choice(categories), "Kind of leave, never the reason.", example: #""parental_leave""#),
        Field("from", column: "from_date", .date, "First day away.", example: #""2026-10-01""#),
        Field(
          "until", column: "until_date", .date, .optional, isNullable: true, "First day back; null when not known.",
          example: #""2026-12-01""#),
      ], orders: [.init("until", after: "from")]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from person where id = ($1::jsonb ->> 'person_id')::uuid) then '/person' end)
        """),
      statement: Statement(
        """
        insert into absence (id, person_id, category, from_date, until_date)
        select $1, r.person_id, r.category, r.from_date, r.until_date
        from jsonb_populate_record(null::absence, $2::jsonb) r
        """)),
    change: Change(
      table: "absence",
      statement: Statement(
        """
        update absence a
        set
          (category, from_date, until_date) = (
            select r.category, r.from_date, r.until_date
            from jsonb_populate_record(a, $2::jsonb) r),
          version = a.version + 1
        where a.id = $1
        """)),
    removal: Removal(table: "absence", statement: Statement("delete from absence where id = $1")))

  static let categories = [
    "parental_leave", "maternity_leave", "care_leave", "study_leave", "unpaid_leave", "long_term_absence",
    "other_leave",
  ]
}
