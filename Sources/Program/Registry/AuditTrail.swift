import Postgres

/// Who did what: one entry for each changed fact, the latest first.
public enum AuditTrail {
  public static let filters = given.map(\.optional)

  private static let given: [Shape.Member] = [
    .init("resource", .choice(tables), "Only changes of this kind of fact."),
    .init("row", .label, "Only changes of the fact with this key."),
    .init("person", .id, "Only facts about this person."), .init("actor", .id, "Only what this person did."),
    .init("request", .label, "Only what was done in this request."),
  ]

  public static let item = Shape.named(
    "AuditEntry",
    .object([
      .init("id", .integer(1...Int.max)), .init("at", .instant),
      .init(
        "actor", .nullable(.namedPerson), "Null for the server and its operator, and where the asker may not see who."),
      .init("origin", .text, "Through what: api, import, login, job, mail or operator."),
      .init("request_id", .nullable(.text)),
      .init(
        "act", .choice(["insert", "update", "delete", "read"]), "`read`: of content, by another than its teacher."),
      .init("resource", .text), .init("row", .text),
      .init("person", .nullable(.namedPerson), "Whom the fact concerns."),
      .init("changed", .nullable(.list(.text)), "Names of what an update changed, values that are not kept included."),
      .init("before", .nullable(.map(.text))), .init("after", .nullable(.map(.text))),
    ]))

  /// A cursor of this list; nil when it was not one.
  public static func cursor(_ text: some StringProtocol) -> Cursor? {
    guard let cursor = Cursor(text, count: 1), let id = Int(cursor.keys[0]), id > 0 else { return nil }
    return cursor
  }

  /// - Parameter values: the filters' values in their order.
  public static func page(_ page: Page, _ values: [String?]) -> BoundStatement {
    statement.bind([.optional(page.after?.keys.first), .int(page.limit)] + values.map { .optional($0) })
  }

  static let tables = [
    "school", "person", "registration", "employment", "role_assignment", "absence", "prior_experience", "exemption",
    "school_group", "policy", "recording", "api_token", "report_schedule", "report_recipient",
    "report_unsubscription", "import", "merged_person",
    "data_key", "content", "storyboard", "consent", "notice", "objection", "objection_tally", "placement", "measure",
    "promise", "quarantine",
  ]

  static let statement = Statement(
    """
    with p as materialized (
      select a.*, row_number() over (order by a.id desc) as number
      from audit a
      where ($1::bigint is null or a.id < $1)
        and ($3::text is null or a.table_name = $3)
        and ($4::text is null or a.row_id = $4)
        and ($5::uuid is null or a.subject_key = any (app.keys_of_person($5)))
        and ($6::uuid is null or a.actor_key = any (app.keys_of_person($6)))
        and ($7::text is null or a.request_id = $7)
      order by a.id desc
      limit $2::int + 1
    ), named as materialized (
      select n.subject_key, row(n.person_id, n.name)::named_person as person
      from app.visible_names(array(select p.actor_key from p union select p.subject_key from p)) n
    )
    select row_to_json(row(
      coalesce(json_agg(r.item order by p.id desc) filter (where p.number <= $2), '[]'),
      case when max(p.number) > $2 then app.cursor((min(p.id) filter (where p.number <= $2))::text) end)::list_page) as body
    from p
    cross join lateral (
      select row_to_json(i) as item
      from (
        select
          p.id, to_char(p.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, (select n.person from named n where n.subject_key = p.actor_key) as actor, p.origin, p.request_id,
          p.act, p.table_name as resource, p.row_id as "row",
          (select n.person from named n where n.subject_key = p.subject_key) as person, p.changed, p.before, p.after
      ) i
    ) r
    """)
}
