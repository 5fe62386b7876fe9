import Postgres

extension Noun {
  /// That an exception of a report may stand for a while, below the run in which it was seen.
  public static let reportAcknowledgements = Noun(
    path: "report-acknowledgements", collection: "report-runs/{id}/acknowledgements", parent: "run_id",
    name: "ReportAcknowledgement",
    about: """
      That somebody knows of an exception of a report, why it may stand, and until when. After that day, or when it gets \
      worse, the exception is back. Of a run: what is said of its exceptions. Of several of one exception the latest rules.
      """,
    shape: [
      .init("id", .id), .init("run", .id, "The run in which it was seen."), .init("report", .text),
      .init("key", .id, "The key of the exception's row."), .init("school", .nullable(.namedSchool)),
      .init("severity", .choice(["attention", "serious"]), "What is more serious later is not covered."),
      .init("reason", .choice(reasonsToStand)), .init("from", .date), .init("until", .date),
      .init("made_by", .nullable(.namedPerson)), .init("made_at", .instant),
    ],
    one: Statement("select version, body from report_acknowledgement_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select a.id, a.body, row_number() over (order by a.id) as number
          from app.report_acknowledged($3) k
          join report_acknowledgement_resource a on a.id = k.acknowledgement
          where ($1::uuid is null or a.id > $1)
          order by a.id
          limit $2::int + 1
        ) p
        having exists (select from report_run where id = $3)
        """),
      keys: [.id], filters: [.init("run", .id, "Of which run.")]),
    form: Form([
      Field("key", .id, .fixed, "The key of the exception's row.", example: #""{late}""#),
      Field("reason", .choice(reasonsToStand), .fixed, "Why it may stand.", example: #""being_handled""#),
      Field(
        "until", column: "until_date", .date, .fixed,
        "First day on which it does so no longer; at most twelve months away.",
        example: #""{later}""#),
    ]),
    creation: Creation(
      references: Statement("select app.refuse_unknown_run(($1::jsonb ->> 'run_id')::uuid)"),
      statement: Statement(
        """
        insert into report_acknowledgement (id, run_id, key, reason, until_date)
        select $1, r.run_id, r.key, r.reason, r.until_date
        from jsonb_populate_record(null::report_acknowledgement, $2::jsonb) r
        """)),
    removal: Removal(
      table: "report_acknowledgement", statement: Statement("delete from report_acknowledgement where id = $1")))

  static let reasonsToStand = ["being_handled", "agreed", "known_in_data", "not_applicable"]
}
