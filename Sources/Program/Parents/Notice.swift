import Postgres

extension Noun {
  /// What a school told parents, by school year and channel.
  public static let notices = Noun(
    path: "notices", collection: "schools/{id}/notices", parent: "school_id", name: "Notice",
    about: """
      That a school told parents of the filming, each school year by website and by school guide. Without a day it is a \
      proposal, which clears no recording; whoever gives the day, attests it.
      """,
    shape: [
      .init("id", .id), .init("school", .namedSchool),
      .init("school_year", .integer(years), "The year in which the school year begins."),
      .init("channel", .choice(channels)), .init("reference", .text, "Address of the page, or edition of the guide."),
      .init("published_on", .nullable(.date), "The day from which parents could read it; null of a proposal."),
      .init("is_proposal", .flag), .init("attested_by", .nullable(.namedPerson)),
      .init("attested_at", .nullable(.instant)),
    ],
    one: Statement("select version, body from notice_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.number) filter (where p.number <= $4), '[]'),
          case
            when max(p.number) > $4
            then (array_agg(app.cursor(p.school_year::text, p.channel, p.id::text) order by p.number) filter (where p.number = $4))[1]
          end)::list_page) as body
        from (
          select n.school_year, n.channel, n.id, n.body, row_number() over (order by n.school_year, n.channel, n.id) as number
          from notice_resource n
          where ($1::int is null or (n.school_year, n.channel, n.id) > ($1, $2, $3::uuid))
            and n.school_id = $5
            and ($6::int is null or n.school_year = $6)
          order by n.school_year, n.channel, n.id
          limit $4::int + 1
        ) p
        having exists (select from school where id = $5)
        """),
      keys: [.integer(years), .label, .id],
      filters: [
        .init("school", .id, "Whose notices."), .init("school_year", .integer(years), "Only of this school year."),
      ]),
    form: Form(
      [
        Field(
          "school_year", .integer(years), .fixed, "The year in which the school year begins: 2026 for 2026/2027.",
          example: "2028"),
        Field("channel", .choice(channels), .fixed, "By what.", example: #""website""#),
        Field(
          "reference", .label, "Address of the page, or edition of the guide.",
          example: #""https://example.org/beeldbegeleiding""#),
        Field(
          "published_on", .date, .optional, isNullable: true,
          "The day from which parents could read it; by giving it you attest it.", example: "null"),
      ], changeExample: ["reference"]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from school where id = ($1::jsonb ->> 'school_id')::uuid) then '/school' end)
        """),
      statement: Statement(
        """
        insert into notice (id, school_id, school_year, channel, reference, published_on)
        select $1, r.school_id, r.school_year, r.channel, r.reference, r.published_on
        from jsonb_populate_record(null::notice, normalize($2, nfc)::jsonb) r
        """)),
    change: Change(
      table: "notice",
      statement: Statement(
        """
        update notice n
        set
          (reference, published_on) = (
            select r.reference, r.published_on
            from jsonb_populate_record(n, normalize($2, nfc)::jsonb) r),
          version = n.version + 1
        where n.id = $1
        """)),
    removal: Removal(table: "notice", statement: Statement("delete from notice where id = $1")))

  public static let channels = ["website", "school_guide"]
}

/// Last year's notices as proposals for the next school year: nothing counts until somebody attests it.
public enum NoticeProposals {
  public static let form = Form([
    Field(
      "school_year", .integer(Noun.years.lowerBound...Noun.years.upperBound - 1), .required,
      "The school year whose notices are copied to the next, as proposals.", example: "2026")
  ])

  /// The notices of the next school year afterwards; those that were there stay as they were.
  public static func command(school: UUIDv7, _ draft: Draft) -> Command? {
    guard let year = draft.text("school_year").flatMap({ Int($0) }) else { return nil }
    let ids = Noun.channels.map { _ in UUIDv7().description }
    return Command(
      [statement(.text(school.description), .int(year), .texts(ids))], on: school.description, status: 200,
      read: { notices(.text($0), .int(year + 1)) })
  }

  private static let statement = Statement("select app.propose_notices($1, $2, $3)")
  private static let notices = Statement(
    """
    select 1 as version, row_to_json(row(coalesce(json_agg(n.body order by n.channel), '[]'), null)::list_page) as body
    from notice_resource n
    where n.school_id = $1
      and n.school_year = $2
    """)
}
