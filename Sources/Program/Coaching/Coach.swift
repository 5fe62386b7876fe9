import Postgres

extension Noun {
  /// The coach list.
  public static let coaches = Noun(
    path: "coaches", name: "Coach",
    about: """
      Who coaches today. The names are common knowledge; capacity and load, in recordings of this school year, are told \
      to the coach and the adviser.
      """,
    shape: [
      .init("id", .id), .init("name", .text), .init("capacity", .nullable(.integer(0...1000))),
      .init("load", .nullable(.integer(0...Int.max)), "Made, planned, agreed on, and offered."),
    ],
    one: Statement("select version, body from coach_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.name, p.id) filter (where p.number <= $3), '[]'),
          case
            when max(p.number) > $3
            then (array_agg(app.cursor(p.name, p.id::text) order by p.number) filter (where p.number = $3))[1]
          end)::list_page) as body
        from (
          select c.name, c.id, c.body, row_number() over (order by c.name, c.id) as number
          from coach_resource c
          where ($1::text is null or (c.name, c.id) > ($1, $2::uuid))
          order by c.name, c.id
          limit $3::int + 1
        ) p
        """),
      keys: [.label, .id]),
    form: Form([
      Field("capacity", .integer(0...1000), .changeOnly, "Recordings per school year.", example: "24")
    ]),
    change: Change(
      table: "coach",
      statement: Statement(
        """
        update coach c
        set
          capacity = ($2::jsonb ->> 'capacity')::smallint,
          version = c.version + 1
        where c.person_id = $1
        """)))

  /// Days on which coaches cannot film.
  public static let unavailability = Noun(
    path: "unavailability", collection: "coaches/{id}/unavailability", parent: "person_id", name: "Unavailability",
    about: "Days on which a coach cannot film. No reason is kept.",
    shape: [
      .init("id", .id), .init("coach", .namedPerson), .init("from", .date, "First day away."),
      .init("until", .date, "First day back."),
    ],
    one: Statement("select version, body from coach_unavailability_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.from_date, p.id) filter (where p.number <= $3), '[]'),
          case
            when max(p.number) > $3
            then (array_agg(app.cursor(p.from_date::text, p.id::text) order by p.number) filter (where p.number = $3))[1]
          end)::list_page) as body
        from (
          select u.from_date, u.id, u.body, row_number() over (order by u.from_date, u.id) as number
          from coach_unavailability_resource u
          where ($1::date is null or (u.from_date, u.id) > ($1, $2::uuid))
            and u.person_id = $4
          order by u.from_date, u.id
          limit $3::int + 1
        ) p
        having exists (select from coach where person_id = $4)
        """),
      keys: [.date, .id], filters: [.init("coach", .id, "Whose.")]),
    form: Form(
      [
        Field("from", column: "from_date", .date, "First day away.", example: #""2027-02-15""#),
        Field("until", column: "until_date", .date, "First day back.", example: #""2027-02-22""#),
      ], orders: [.init("until", after: "from")]),
    creation: Creation(
      references: Statement("select app.hold('coach', $1::jsonb ->> 'person_id', null)"),
      statement: Statement(
        """
        insert into coach_unavailability (id, person_id, from_date, until_date)
        select $1, r.person_id, r.from_date, r.until_date
        from jsonb_populate_record(null::coach_unavailability, $2::jsonb) r
        """)),
    change: Change(
      table: "coach_unavailability",
      statement: Statement(
        """
        update coach_unavailability u
        set
          (from_date, until_date) = (
            select r.from_date, r.until_date
            from jsonb_populate_record(u, $2::jsonb) r),
          version = u.version + 1
        where u.id = $1
        """)),
    removal: Removal(
      table: "coach_unavailability", statement: Statement("delete from coach_unavailability where id = $1")))
}
