import Postgres

extension Noun {
  /// Who holds which role, where and for how long.
  public static let roleAssignments = Noun(
    path: "role-assignments", name: "RoleAssignment",
    about: """
      A person's role at a school or for the whole board, for a time. It ends by date and at once: the next request \
      after its end no longer has it. Nobody gives themselves one.
      """,
    shape: [
      .init("id", .id), .init("person", .namedPerson), .init("role", .choice(roles)),
      .init("school", .nullable(.namedSchool), "Of a director or school_admin; null for the whole board."),
      .init("from", .date, "First day."), .init("until", .nullable(.date), "First day without it."),
      .init("granted_by", .nullable(.namedPerson), "Null when an import or the operator gave it."),
    ],
    one: Statement("select version, body from role_assignment_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select a.id, a.body, row_number() over (order by a.id) as number
          from role_assignment_resource a
          where ($1::uuid is null or a.id > $1)
            and ($3::uuid is null or a.person_id = $3)
            and ($4::text is null or a.role = $4)
            and ($5::uuid is null or a.school_id = $5)
            and ($6::date is null or (a.from_date <= $6 and coalesce(a.until_date > $6, true)))
          order by a.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("person", .id, "Only of this person."), .init("role", .choice(roles), "Only this role."),
        .init("school", .id, "Only at this school."), .init("on", .date, "Only those held on this day."),
      ]),
    form: Form(
      [
        Field("person", column: "person_id", .id, .fixed, "Who gets it; never oneself.", example: #""{person}""#),
        Field(
          "role", .choice(roles), .fixed,
          "The adviser gives coach, director and school_admin; the system administrator the others.",
          example: #""coach""#),
        Field(
          "school", column: "school_id", .id, .fixedOptional, isNullable: true,
          "Needed for director and school_admin; for the others there is none.", example: "null"),
        Field("from", column: "from_date", .date, "First day.", example: #""2026-08-01""#),
        Field(
          "until", column: "until_date", .date, .optional, isNullable: true, "First day without it.",
          example: #""2027-08-01""#),
      ], orders: [.init("until", after: "from")]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from person where id = (d.draft ->> 'person_id')::uuid) then '/person' end,
          case
            when d.draft ->> 'school_id' is not null
              and not exists (select from school where id = (d.draft ->> 'school_id')::uuid)
            then '/school'
          end)
        from (select $1::jsonb as draft) d
        """),
      statement: Statement(
        """
        insert into role_assignment (id, person_id, role, school_id, from_date, until_date, granted_by)
        select $1, r.person_id, r.role, r.school_id, r.from_date, r.until_date, app.me()
        from jsonb_populate_record(null::role_assignment, $2::jsonb) r
        """)),
    change: Change(
      table: "role_assignment",
      statement: Statement(
        """
        update role_assignment a
        set
          (from_date, until_date) = (
            select r.from_date, r.until_date
            from jsonb_populate_record(a, $2::jsonb) r),
          version = a.version + 1
        where a.id = $1
        """)),
    removal: Removal(table: "role_assignment", statement: Statement("delete from role_assignment where id = $1")))

  static let roles = ["coach", "director", "school_admin", "adviser", "privacy_officer", "system_admin"]
}
