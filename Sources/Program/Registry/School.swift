import Postgres

extension Noun {
  /// School locations as everybody sees them.
  public static let schools = Noun(
    path: "schools", name: "School",
    about: "A school location (vestiging). Closed or merged, never deleted: employments and history point there.",
    shape: facts([
      .init("street", .nullable(.text)), .init("house_number", .nullable(.text)),
      .init("postal_code", .nullable(.text)),
      .init("city", .nullable(.text)), .init("municipality", .nullable(.text)), .init("denomination", .nullable(.text)),
      .init("phone", .nullable(.text)), .init("website", .nullable(.text)), .init("open_from", .nullable(.date)),
      .init("open_until", .nullable(.date), "First day it is no longer open; null while open."),
      .init("merged_into", .nullable(.id), "The school that went on with this one."),
    ]),
    one: Statement(
      """
      select s.version, row_to_json(r) as body
      from school s
      cross join lateral (
        select s.id, s.code, s.name, s.board_number, s.street, s.house_number, s.postal_code, s.city, s.municipality,
          s.denomination, s.phone, s.website, s.open_from, s.open_until, s.merged_into) r
      where s.id = $1
      """),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.item order by p.code) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.code) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select s.code, row_to_json(r) as item, row_number() over (order by s.code) as number
          from school s
          cross join lateral (
            select s.id, s.code, s.name, s.board_number, s.city, s.municipality, s.open_from, s.open_until) r
          where ($1::text is null or s.code > $1)
            and ($3::text is null or position(lower($3) in lower(concat_ws(' ', s.code, s.name, s.city))) > 0)
            and ($4::boolean is null or $4 = (coalesce(s.open_from <= app.today(), true) and coalesce(s.open_until > app.today(), true)))
          order by s.code
          limit $2::int + 1
        ) p
        """),
      keys: [.pattern(.schoolCode)],
      filters: [
        .init("q", .label, "Part of the name, the town or the code, either case."),
        .init("open", .flag, "Only schools that are open today, or only those that are not."),
      ],
      item: .named(
        "SchoolItem",
        .object(
          facts([
            .init("city", .nullable(.text)), .init("municipality", .nullable(.text)),
            .init("open_from", .nullable(.date)), .init("open_until", .nullable(.date)),
          ])))),
    form: Form(
      [
        Field("code", .pattern(.schoolCode), .fixed, "BRIN and location code.", example: #""99XY00""#),
        Field("name", .label, "As its board registered it.", example: #""De Zeester""#),
        Field("board_number", .pattern(.boardNumber), "Number of the competent authority.", example: #""41573""#),
        detail("street", example: #""Dorpsstraat""#), detail("house_number", example: #""12a""#),
        Field(
          "postal_code", .pattern(.postalCode), .optional, isNullable: true, "With its space.", example: #""8501 AB""#),
        detail("city", example: #""Joure""#), detail("municipality", example: #""De Fryske Marren""#),
        detail("denomination", example: #""Openbaar""#), detail("phone", example: #""0513123456""#),
        detail("website", example: #""https://example.org""#),
        Field("open_from", .date, .optional, isNullable: true, "First day it is open.", example: #""2020-08-01""#),
        Field(
          "open_until", .date, .optional, isNullable: true, "First day it is no longer open.", example: #""2030-08-01""#
        ),
        Field(
          "merged_into", .id, .changeOnly, isNullable: true, "The school that goes on with this one.", example: "null"),
      ], orders: [.init("open_until", after: "open_from")]),
    creation: Creation(
      statement: Statement(
        """
        insert into school (
          id, code, name, board_number, street, house_number, postal_code, city, municipality, denomination, phone, website,
          open_from, open_until)
        select
          $1, r.code, r.name, r.board_number, r.street, r.house_number, r.postal_code, r.city, r.municipality,
          r.denomination, r.phone, r.website, r.open_from, r.open_until
        from jsonb_populate_record(null::school, normalize($2, nfc)::jsonb) r
        """)),
    change: Change(
      table: "school",
      references: Statement(
        """
        select app.refuse_unknown(
          case
            when d.draft ->> 'merged_into' is not null
              and not exists (select from school where id = (d.draft ->> 'merged_into')::uuid)
            then '/merged_into'
          end)
        from (select $1::jsonb as draft) d
        """),
      statement: Statement(
        """
        update school s
        set
          (name, board_number, street, house_number, postal_code, city, municipality, denomination, phone, website,
            open_from, open_until, merged_into) = (
            select
              r.name, r.board_number, r.street, r.house_number, r.postal_code, r.city, r.municipality, r.denomination,
              r.phone, r.website, r.open_from, r.open_until, r.merged_into
            from jsonb_populate_record(s, normalize($2, nfc)::jsonb) r),
          version = s.version + 1
        where s.id = $1
        """)))

  private static func facts(_ more: [Shape.Member]) -> [Shape.Member] {
    [
      .init("id", .id), .init("code", .text, "BRIN (4 characters) and location code (2)."),
      .init("name", .text, "As its board registered it, spelling kept."), .init("board_number", .text),
    ] + more
  }

  private static func detail(_ name: String, example: String) -> Field {
    Field(name, .label, .optional, isNullable: true, "As registered.", example: example)
  }
}
