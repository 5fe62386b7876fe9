import Postgres

extension Noun {
  /// Exemptions from the programme, granted by the policy adviser.
  public static let exemptions = Noun(
    path: "exemptions", name: "Exemption",
    about: "The adviser's decision that a starter need not be recorded, until its review date, on which it lapses.",
    shape: [
      .init("id", .id), .init("person", .namedPerson), .init("code", .choice(exemptionCodes), "Why, as a code."),
      .init("evidence", .text, "Name of the evidence seen."), .init("from", .date, "First day it holds."),
      .init("review_date", .date, "First day it no longer holds."), .init("granted_by", .nullable(.namedPerson)),
    ],
    one: Statement("select version, body from exemption_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select e.id, e.body, row_number() over (order by e.id) as number
          from exemption_resource e
          where ($1::uuid is null or e.id > $1)
            and ($3::uuid is null or e.person_id = $3)
            and ($4::text is null or e.code = $4)
            and ($5::date is null or (e.from_date <= $5 and e.review_date > $5))
          order by e.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("person", .id, "Only of this person."), .init("code", .choice(exemptionCodes), "Only for this reason."),
        .init("on", .date, "Only those in force on this day."),
      ]),
    form: Form(
      [
        Field("person", column: "person_id", .id, .fixed, "Who is exempt.", example: #""{person}""#),
        Field("code", .choice(exemptionCodes), "Why.", example: #""coached_elsewhere""#),
        Field("evidence", .label, "Name of the evidence seen.", example: #""Verslag eigen opleider""#),
        Field("from", column: "from_date", .date, "First day it holds.", example: #""2026-09-01""#),
        Field("review_date", .date, "The day on which it lapses.", example: #""2027-09-01""#),
      ], orders: [.init("review_date", after: "from")]),
    creation: Creation(
      references: Statement(
        """
        select app.refuse_unknown(
          case when not exists (select from person where id = ($1::jsonb ->> 'person_id')::uuid) then '/person' end)
        """),
      statement: Statement(
        """
        insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
        select $1, r.person_id, r.code, r.evidence, r.from_date, r.review_date, app.me()
        from jsonb_populate_record(null::exemption, normalize($2, nfc)::jsonb) r
        """)),
    change: Change(
      table: "exemption",
      statement: Statement(
        """
        update exemption e
        set
          (code, evidence, from_date, review_date) = (
            select r.code, r.evidence, r.from_date, r.review_date
            from jsonb_populate_record(e, normalize($2, nfc)::jsonb) r),
          version = e.version + 1
        where e.id = $1
        """)),
    removal: Removal(table: "exemption", statement: Statement("delete from exemption where id = $1")))

  static let exemptionCodes = [
    "qualified_elsewhere", "coached_elsewhere", "no_teaching_duties", "end_of_career", "other_agreement",
  ]
}
