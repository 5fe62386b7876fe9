import Postgres

extension Noun {
  /// Consents: one recipient, one item, one purpose, until a day.
  public static let consents = Noun(
    path: "consents", name: "Consent",
    about: """
      The teacher's leave for one person to see one item of theirs: a learning question, a reflection, a storyboard, or \
      the footage of a recording. At most 12 months. Withdrawn, it opens nothing from the next request on; a changed \
      consent is a new one.
      """,
    shape: [
      .init("id", .id), .init("teacher", .namedPerson), .init("recipient", .namedPerson),
      .init("item_kind", .choice(consentKinds)), .init("item", .id, "The request, recording or storyboard."),
      .init("purpose", .choice(purposes)), .init("granted_on", .date),
      .init("until", .date, "First day on which it no longer holds."),
      .init("state", .choice(consentStates)), .init("state_since", .instant),
      .init("allowed_transitions", .list(.choice(["withdrawn"])), "What the asker may make of it."),
    ],
    one: Statement("select version, body from consent_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select c.id, c.body, row_number() over (order by c.id) as number
          from consent_resource c
          where ($1::uuid is null or c.id > $1)
            and ($3::text is null or c.state = $3)
            and ($4::text is null or c.item_kind = $4)
            and ($5::uuid is null or c.item_id = $5)
            and ($6::uuid is null or c.recipient_id = $6)
          order by c.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("state", .choice(consentStates), "Only in this state."),
        .init("item_kind", .choice(consentKinds), "Only for items of this kind."),
        .init("item", .id, "Only for this item."), .init("recipient", .id, "Only given to this person."),
      ]),
    form: Form([
      Field(
        "recipient", column: "recipient_id", .id, .fixed, "To whom; `/v1/me/recipients` lists who can be.",
        example: #""{director}""#),
      Field("item_kind", .choice(consentKinds), .fixed, "What is opened.", example: #""footage""#),
      Field(
        "item", column: "item_id", .id, .fixed, "The request, recording or storyboard.", example: #""{recording}""#),
      Field("purpose", .choice(purposes), .fixed, "What for.", example: #""team_learning""#),
      Field(
        "until", column: "until_date", .date, .fixed, "First day on which it no longer holds, at most 12 months away.",
        example: #""{later}""#),
    ]),
    creation: Creation(
      statement: Statement(
        """
        select app.grant_consent(
          $1, (d.draft ->> 'recipient_id')::uuid, d.draft ->> 'item_kind', (d.draft ->> 'item_id')::uuid,
          d.draft ->> 'purpose', (d.draft ->> 'until_date')::date)
        from (select $2::jsonb as draft) d
        """)),
    transitions: Transitions(
      [.init("withdrawn")], Statement("select app.move_consent($1, $2, $3::jsonb ->> 'to', null)")))

  static let consentKinds = ["learning_question", "reflection", "storyboard", "footage"]
  static let consentStates = ["granted", "withdrawn", "expired"]
  static let purposes = ["guidance", "presentation", "appraisal_talk", "team_learning", "training"]
}

/// To whom the person who asks may open content of their own.
public enum Recipients {
  public static let shape = Shape.named(
    "Recipients",
    .object([
      .init(
        "items",
        .list(
          .object([
            .init("person", .namedPerson), .init("role", .choice(["coach", "director", "adviser"])),
            .init("school", .nullable(.namedSchool), "Of a director."),
          ])), "By name; who has several roles stands there more than once.")
    ]))

  public static var query: BoundStatement { statement() }

  private static let statement = Statement(
    """
    select json_build_object('items', coalesce(json_agg(row_to_json(i) order by r.name, r.person_id, r.role), '[]')) as body
    from app.my_recipients() r
    left join school s on s.id = r.school_id
    cross join lateral (
      select
        row(r.person_id, r.name)::named_person as person,
        r.role,
        case when s.id is not null then row(s.id, s.code, s.name)::named_school end as school
    ) i
    """)
}

/// How many consents there are, for the privacy officer, who sees none of them.
public enum ConsentCounts {
  public static let shape = Shape.named(
    "ConsentCounts",
    .object([
      .init("in_force", .integer(0...Int.max)), .init("withdrawn", .integer(0...Int.max)),
      .init("expired", .integer(0...Int.max)),
    ]))

  public static var query: BoundStatement { statement() }

  private static let statement = Statement(
    """
    select c.counts as body
    from app.consent_counts() as c(counts)
    where c.counts is not null
    """)
}

/// The server's own work on consents.
public enum Consents {
  /// Marks those whose last day is over; answers how many.
  public static var expire: BoundStatement { expiring() }

  private static let expiring = Statement("select app.expire_consents()")
}
