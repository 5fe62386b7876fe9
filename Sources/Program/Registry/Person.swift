import Postgres

extension Noun {
  /// People: the name, and what the board registers beside it.
  public static let people = Noun(
    path: "people", name: "Person",
    about: """
      One human being, once, whatever the number of schools. Who may see the name only, a coach for one, gets null for \
      the rest.
      """,
    shape: [
      .init("id", .id), .init("name", .text), .init("person_number", .nullable(.text), "In the personnel system."),
      .init("email", .nullable(.text)), .init("language", .nullable(.choice(languages)), "Of mails to this person."),
      .init("teaching_since", .nullable(.date), "First qualified teaching day, anywhere."),
      .init(
        "teaching_since_approved", .nullable(.flag), "Whether the adviser confirmed it; else it counts as missing."),
      .init("linked", .nullable(.flag), "Whether a login of the organisation's provider is linked."),
      .init("disabled", .nullable(.flag), "Whether the person is refused at the door."),
    ],
    one: Statement("select version, body from person_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.number) filter (where p.number <= $3), '[]'),
          case
            when max(p.number) > $3
            then (array_agg(app.cursor(p.name, p.id::text) order by p.number) filter (where p.number = $3))[1]
          end)::list_page) as body
        from (
          select r.name, r.id, r.body, row_number() over (order by r.name, r.id) as number
          from person_resource r
          where ($1::text is null or (r.name, r.id) > ($1, $2::uuid))
            and ($4::text is null or position(lower($4) in lower(concat_ws(' ', r.name, r.person_number, r.email))) > 0)
            and ($5::uuid is null or r.id in (
              select e.person_id
              from employment e
              where e.school_id = $5
                and coalesce(e.until_date > app.today(), true)))
            and ($6::boolean is null or $6 = r.is_linked)
          order by r.name, r.id
          limit $3::int + 1
        ) p
        """),
      keys: [.label, .id],
      filters: [
        .init("q", .label, "Part of the name, the person number or the address, either case."),
        .init("school", .id, "Only who works at this school, or is about to."),
        .init("linked", .flag, "Only people with a linked login, or only those without."),
      ]),
    form: Form(
      [
        Field("name", .label, "Full name as written.", example: #""Sanne Voorbeeld""#),
        Field("person_number", .pattern(.personNumber), "In the personnel system.", example: #""P-2041""#),
        Field(
          "email", .pattern(.email), .optional, isNullable: true, "Address at work.",
          example: #""s.voorbeeld@example.org""#),
        Field("language", .choice(languages), .optional, "Of mails to this person.", example: #""nl""#),
        Field(
          "teaching_since", .date, .optional, isNullable: true,
          "First qualified teaching day. Changed by anybody but the adviser it waits for approval.",
          example: #""2025-08-01""#),
        Field(
          "teaching_since_approved", .flag, .changeOnly, "Set by the adviser, never of oneself.", example: "true"),
        Field(
          "subject", .pattern(.subject), .changeOnly, isNullable: true,
          "sub of the person at the organisation's OpenID provider; set by the system administrator.",
          example: #""248289761001""#),
        Field("disabled", .flag, .changeOnly, "Refused at the door from the next request on.", example: "false"),
        Field(
          "employment",
          .object([
            .init("school", .id), .init("job", .choice(jobs)),
            .init("fte", .decimal(above: 0, through: 1.5, places: 4)),
            .init("from", .date), .init("until", .nullable(.date), isRequired: false),
          ]), .fixedOptional,
          "The first employment; a school must give one, at itself.",
          example: #"{"school": "{school}", "job": "teacher", "fte": 0.8, "from": "2026-08-01"}"#),
      ], changeExample: ["email", "language"]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case
            when d.draft #>> '{employment,school}' is not null
              and not exists (select from school where id = (d.draft #>> '{employment,school}')::uuid)
            then '/employment/school'
          end)
        from (select $1::jsonb as draft) d
        """),
      statement: Statement("select app.create_person($1, normalize($2, nfc)::json)")),
    change: Change(table: nil, statement: Statement("select app.change_person($1, $2, normalize($3, nfc)::jsonb)")))

  static let languages = Language.allCases.map(\.rawValue)
}

/// Two entries of one human being become one.
public enum PersonMerge {
  public static let form = Form([
    Field(
      "into", .id, .required, "The entry that stays; the one in the address goes, and all its facts with it.",
      example: #""{survivor}""#)
  ])

  /// The person that stays, afterwards.
  public static func command(duplicate: UUIDv7, _ draft: Draft) -> Command? {
    guard let survivor = draft.text("into") else { return nil }
    return Command(
      [statement(.text(duplicate.description), .text(survivor))], on: survivor, status: 200,
      read: Noun.people.one)
  }

  private static let statement = Statement("select app.merge_people($1, $2)")
}
