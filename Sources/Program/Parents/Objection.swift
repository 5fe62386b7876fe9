import Postgres

extension Noun {
  /// What parents object to.
  public static let objections = Noun(
    path: "objections", name: "Objection",
    about: """
      A parent's objection to filming, registered by the school, which answers it with a fitting measure within 20 days. \
      Until then nobody films the group, and what was filmed of it is quarantined. Which pupil it is about stands at an \
      address of its own; to the privacy officer it is nobody's.
      """,
    shape: [
      .init("id", .id), .init("school", .namedSchool), .init("received_on", .date),
      .init("answer_due_on", .date, "20 days after the receipt, or as the board's rules say."),
      .init("legal_due_on", .date, "A month after the receipt."), .init("answered_on", .nullable(.date)),
      .init("is_overdue", .flag), .init("state", .choice(objectionStates)), .init("state_since", .instant),
      .init("reason", .nullable(.text)), .init("pupil_left_on", .nullable(.date)),
      .init(
        "placements",
        .list(
          .object([
            .init("school_year", .integer(years)), .init("group", .object([.init("id", .id), .init("name", .text)])),
          ])), "In which group the pupil is, by school year."),
      .init(
        "measures",
        .list(
          .object([
            .init("id", .id), .init("kind", .choice(measureKinds)), .init("covers_sound", .flag),
            .init("state", .choice(measureStates)),
          ])), "Also those that ended."),
      .init("allowed_transitions", .list(.choice(objectionStates)), "What the asker may make of it."),
      .init(
        "impact", .nullable(ObjectionImpact.shape), "What it touches; null in lists, and for who does not work there.",
        isRequired: false),
    ],
    one: Statement("select version, whole from objection_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select o.id, o.body, row_number() over (order by o.id) as number
          from objection_resource o
          where ($1::uuid is null or o.id > $1)
            and ($3::uuid is null or o.school_id = $3)
            and ($4::text is null or o.state = $4)
            and (
              $5::uuid is null
              or exists (
                select
                from placement p
                where p.objection_id = o.id
                  and p.group_id = $5
                  and p.replaced_at is null))
          order by o.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("school", .id, "Only of this school."), .init("state", .choice(objectionStates), "Only in this state."),
        .init("group", .id, "Only of pupils in this group."),
      ]),
    form: Form(
      [
        Field("school", column: "school_id", .id, .fixed, "Which school.", example: #""{own_school}""#),
        Field("received_on", .date, "The day on which the school received it.", example: #""2026-11-02""#),
        Field("pupil", .pattern(.pupilReference), .fixed, PupilReference.about, example: #""L-0412""#),
        Field(
          "group", column: "group_id", .id, .optional,
          "The pupil's group, of any school year; left out while the pupil is placed in none.", example: #""{group}""#),
        Field(
          "note", column: "objection_note", .prose(limit: 2000), .fixedOptional,
          "For the school alone; encrypted, as the pupil's reference is.",
          example: #""Ouder wil vooraf bericht als er gefilmd wordt.""#),
        Field(
          "pupil_left_on", .date, .changeOnly, isNullable: true, "Of one that has ended: when the pupil left.",
          example: #""2026-11-20""#),
      ], changeExample: ["group"]),
    creation: Creation(statement: Statement("select app.register_objection($1, $2)")),
    change: Change(table: nil, statement: Statement("select app.change_objection($1, $2, $3)")),
    transitions: Transitions(
      [
        .init("measure_set", needs: ["kind", "covers_sound"]),
        .init("ended", needs: ["reason"], may: ["pupil_left_on"]),
      ],
      fields: [
        Field("kind", .choice(measureKinds), .fixedOptional, "The first measure.", example: #""out_of_view""#),
        Field("covers_sound", .flag, .fixedOptional, "Whether the voice is covered too.", example: "false"),
        Field(
          "reason", .choice(["withdrawn", "pupil_left"]), .fixedOptional,
          "Why it ends: the parent withdrew it, or the pupil left.",
          example: #""withdrawn""#),
        Field("pupil_left_on", .date, .fixedOptional, "Today where nothing is said.", example: #""2026-11-20""#),
      ],
      Statement("select app.move_objection($1, $2, $3)")),
    texts: Texts([.pupil, .objectionNote], .after, ofSchool: "school_id"))

  static let objectionStates = ["received", "measure_set", "ended"]
}

/// What an objection touches, and who must do what.
public enum ObjectionImpact {
  public static let shape = Shape.named(
    "ObjectionImpact",
    .object([
      .init(
        "planned", .list(.object([.init("scheduled_at", .instant), .init("group", group)])),
        "Planned recordings of the group, also of a day gone by, to the administration; whose they are is not told."),
      .init(
        "made", .list(.object([.init("recorded_on", .date), .init("group", group), .init("quarantined", .flag)])),
        "Recordings that show the pupil and still exist, to the administration; of no origin."),
      .init(
        "to_do",
        .list(
          .object([.init("who", .choice(["school", "coach"])), .init("what", .choice(acts)), .init("due_on", .date)]))),
    ]))

  /// - Parameter objection: of which.
  public static func query(_ objection: UUIDv7) -> BoundStatement { statement(.text(objection.description)) }

  private static let statement = Statement(
    """
    select i.impact as body
    from (select app.objection_impact(o.id) as impact from objection o where o.id = $1) i
    where i.impact is not null
    """)
  private static let group = Shape.object([.init("id", .id), .init("name", .text)])
  private static let acts = [
    "set_measure", "place_pupil", "wait_or_plan_anew", "promise_measure", "attest_measure", "delete_copies",
  ]
}

/// How many objections there are, for who sees none of them.
public enum ObjectionCounts {
  public static let shape = Shape.named(
    "ObjectionCounts",
    .object(
      ["received", "measure_set", "ended", "overdue", "no_longer_kept"].map { .init($0, .integer(0...Int.max)) }))

  public static var query: BoundStatement { statement() }

  private static let statement = Statement(
    "select c.counts as body from app.objection_counts() as c(counts) where c.counts is not null")
}

/// The server's own work on objections.
public enum Objections {
  /// Lets go of those whose time is over; answers how many.
  public static var forget: BoundStatement { forgetting() }

  private static let forgetting = Statement("select app.forget_objections()")
}
