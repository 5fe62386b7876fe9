import Postgres

extension Noun {
  /// Classes of a school in a school year.
  public static let groups = Noun(
    path: "groups", collection: "schools/{id}/groups", parent: "school_id", name: "Group",
    about: "A class of a school in one school year (1 August to 31 July).",
    shape: [
      .init("id", .id), .init("school", .namedSchool),
      .init("school_year", .integer(years), "The year in which the school year begins."), .init("name", .text),
    ],
    one: Statement("select version, body from group_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.number) filter (where p.number <= $4), '[]'),
          case
            when max(p.number) > $4
            then (array_agg(app.cursor(p.school_year::text, p.name, p.id::text) order by p.number) filter (where p.number = $4))[1]
          end)::list_page) as body
        from (
          select g.school_year, g.name, g.id, g.body, row_number() over (order by g.school_year, g.name, g.id) as number
          from group_resource g
          where ($1::int is null or (g.school_year, g.name, g.id) > ($1, $2, $3::uuid))
            and g.school_id = $5
            and ($6::int is null or g.school_year = $6)
          order by g.school_year, g.name, g.id
          limit $4::int + 1
        ) p
        having exists (select from school where id = $5)
        """),
      keys: [.integer(years), .label, .id],
      filters: [
        .init("school", .id, "Whose groups."), .init("school_year", .integer(years), "Only of this school year."),
      ]),
    form: Form([
      Field(
        "school_year", .integer(years), .fixed, "The year in which the school year begins: 2026 for 2026/2027.",
        example: "2026"),
      Field("name", .label, "Its name at the school.", example: #""5b""#),
    ]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from school where id = ($1::jsonb ->> 'school_id')::uuid) then '/school' end)
        """),
      statement: Statement(
        """
        insert into school_group (id, school_id, school_year, name)
        select $1, r.school_id, r.school_year, r.name
        from jsonb_populate_record(null::school_group, normalize($2, nfc)::jsonb) r
        """)),
    change: Change(
      table: "school_group",
      statement: Statement(
        """
        update school_group g
        set
          name = normalize($2, nfc)::jsonb ->> 'name',
          version = g.version + 1
        where g.id = $1
        """)),
    removal: Removal(table: "school_group", statement: Statement("delete from school_group where id = $1")))

  /// School years that a group may be of.
  public static let years = 2000...2199
}

/// The roll-over of a school's groups to the next school year: the same names, once.
public enum GroupRollOver {
  public static let form = Form([
    Field(
      "school_year", .integer(Noun.years.lowerBound...Noun.years.upperBound - 1), .required,
      "The school year whose groups are copied to the next.", example: "2026")
  ])

  /// The groups of the next school year afterwards; those that were there stay as they were.
  public static func command(school: UUIDv7, _ draft: Draft) -> Command? {
    guard let year = draft.text("school_year").flatMap({ Int($0) }) else { return nil }
    let ids = (0..<limit).map { _ in UUIDv7().description }
    return Command(
      [statement(.text(school.description), .int(year), .texts(ids))], on: school.description, status: 200,
      read: { groups(.text($0), .int(year + 1)) })
  }

  /// Groups that one school may have in a year.
  private static let limit = 200
  private static let statement = Statement("select app.roll_over_groups($1, $2, $3)")
  private static let groups = Statement(
    """
    select 1 as version, row_to_json(row(coalesce(json_agg(g.body order by g.name, g.id), '[]'), null)::list_page) as body
    from group_resource g
    where g.school_id = $1
      and g.school_year = $2
    """)
}
