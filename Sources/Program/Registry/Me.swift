import Postgres

/// The person who asks: registration, roles of today, and the own starter status.
public enum Me {
  static let statement = Statement(
    """
    select r.version, row_to_json(m) as body
    from person p
    join registration r on r.person_id = p.id
    cross join lateral (
      select
        row(p.id, p.name)::named_person as person,
        r.person_number,
        r.email,
        r.language,
        (
          select coalesce(json_agg(row_to_json(h) order by h.role, h.school), '[]')
          from (
            select
              a.role,
              case when s.id is not null then row(s.id, s.code, s.name)::named_school end as school,
              a.from_date as "from",
              a.until_date as until
            from role_assignment a
            left join school s on s.id = a.school_id
            where a.person_id = p.id
              and a.from_date <= app.today()
              and (a.until_date is null or a.until_date > app.today())
          ) h
        ) as roles,
        app.my_starter_status() as starter
    ) m
    where p.id = app.me()
    """)

  public static let shape = Shape.named(
    "Me",
    .object([
      .init("person", .namedPerson), .init("person_number", .text), .init("email", .nullable(.text)),
      .init("language", .choice(Noun.languages)),
      .init(
        "roles",
        .list(
          .object([
            .init("role", .choice(Noun.roles)), .init("school", .nullable(.namedSchool)), .init("from", .date),
            .init("until", .nullable(.date)),
          ])), "The roles of today."),
      .init("starter", .nullable(.ownStarter), "Null for who never was a teacher here."),
    ]))

  public static var query: BoundStatement { statement() }
}
