import Postgres

extension Noun {
  /// When reports are made of their own accord, and who is told.
  public static let reportSchedules = Noun(
    path: "report-schedules", name: "ReportSchedule",
    about: """
      When a report is made of its own accord, in local time of Europe/Amsterdam, and which roles are told by mail: when \
      something changed for them, and once a week in any case. Seen by those whose report it is; recipients by the board.
      """,
    shape: [
      .init("id", .id), .init("report", .text, "Which report."), .init("cadence", .choice(cadences)),
      .init("weekday", .nullable(.integer(1...7)), "Of a weekly one: 1 is Monday."),
      .init("month_day", .nullable(.integer(1...31)), "Of a monthly one; the last day where the month is shorter."),
      .init("at", .text, "Local time, `04:30`."), .init("enabled", .flag),
      .init("required", .flag, "Whether recipients may not unsubscribe."),
      .init(
        "recipients",
        .list(
          .object([
            .init("role", .choice(recipientRoles)),
            .init("school", .nullable(.namedSchool), "Only at this school; null: at any, each for their own."),
          ]))),
      .init(
        "next",
        .list(
          .object([.init("night", .date, "The day it will speak of."), .init("at", .instant, "When it is due.")])),
        "The next five nights; none of one that is switched off."),
    ],
    one: Statement("select version, body from report_schedule_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select s.id, s.body, row_number() over (order by s.id) as number
          from report_schedule_resource s
          where ($1::uuid is null or s.id > $1)
            and ($3::text is null or s.report = $3)
            and ($4::boolean is null or s.enabled = $4)
          order by s.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("report", .label, "Only of this report."),
        .init("enabled", .flag, "Only those that run, or only others."),
      ]),
    form: Form(
      [
        Field("report", .label, .fixed, "Which report.", example: #""coverage""#),
        Field("cadence", .choice(cadences), "On which days.", example: #""weekly""#),
        Field(
          "weekday", .integer(1...7), .optional, isNullable: true, "Of a weekly one: 1 is Monday, 7 Sunday.",
          example: "1"
        ),
        Field(
          "month_day", .integer(1...31), .optional, isNullable: true,
          "Of a monthly one; the last day where the month is shorter.", example: "31"),
        Field("at", .pattern(.timeOfDay), "Local time, to the minute.", example: #""06:30""#),
        Field("enabled", .flag, .optional, "Whether it is made; true.", example: "true"),
        Field("required", .flag, .optional, "Whether recipients may not unsubscribe; false.", example: "false"),
        Field(
          "recipients",
          .several(
            .object([.init("role", .choice(recipientRoles)), .init("school", .nullable(.id), isRequired: false)]),
            0...100),
          .optional, "Whoever holds these roles when it is made; nobody.",
          example: #"[{"role": "adviser", "school": null}, {"role": "director", "school": "{school}"}]"#),
      ],
      variants: Variants(
        by: "cadence",
        [
          .init("daily"), .init("weekdays"), .init("weekly", needs: ["weekday"]),
          .init("monthly", needs: ["month_day"]),
        ]),
      changeExample: ["at", "recipients"]),
    creation: Creation(statement: Statement("select app.make_report_schedule($1, $2)")),
    change: Change(table: nil, statement: Statement("select app.change_report_schedule($1, $2, $3)")))

  static let cadences = ["daily", "weekdays", "weekly", "monthly"]
  static let recipientRoles = ["director", "school_admin", "adviser", "privacy_officer"]
}

extension TextPattern {
  /// `report_schedule_whole_minute`
  static let timeOfDay = TextPattern(
    expression: "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", limit: 5, dutch: "Geef een tijd als 04:30.",
    english: "Give a time such as 04:30.")
}

/// The schedules for the operator's terminal.
public enum ReportSchedules {
  /// Columns: id, report, cadence with its day, time, enabled, the next five nights and how many roles are told.
  public static var overview: BoundStatement { statement() }

  private static let statement = Statement(
    """
    select
      s.id, s.report, concat_ws(' ', s.cadence, s.weekday, s.month_day), to_char(s.at, 'HH24:MI'), s.enabled,
      array_to_string(array(select n.night::text from app.report_next(s, 5) n order by n.night), ' '),
      (select count(*) from report_recipient r where r.schedule_id = s.id)
    from report_schedule s
    order by s.report, s.at, s.id
    """)
}
