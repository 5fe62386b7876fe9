import Postgres

extension Noun {
  /// Coaching requests: the teacher's own wish, referrals out of appraisal talks, invitations of starters.
  public static let requests = Noun(
    path: "requests", name: "Request",
    about: """
      A coaching request (aanvraag). A teacher asks out of an own wish, which no director and no school ever learns of; \
      a director refers a teacher after an appraisal talk, by its date and kind, never its text; a starter is invited.
      """,
    shape: [
      .init("id", .id), .init("teacher", .namedPerson), .init("origin", .choice(origins)),
      .init("aim", .nullable(.choice(aims)), "What the learning question is for."),
      .init("subject", .nullable(.choice(subjects)), "What it is about."),
      .init("coach", .nullable(.namedPerson), "Whom it is offered to, or who took it on."),
      .init("state", .choice(requestStates)), .init("state_since", .nullable(.instant)),
      .init("reason", .nullable(.text), "Why it came into its state, as a code, where one was given."),
      .init("made_by", .choice(["teacher", "director", "adviser", "server"])),
      .init("school", .nullable(.namedSchool), "Of the talk, or of attribution; never of an own wish."),
      .init("talk_on", .nullable(.date)), .init("talk_kind", .nullable(.choice(talkKinds))),
      .init("expires_on", .nullable(.date), "First day on which an unanswered invitation is expired."),
      .init("created_at", .nullable(.instant)),
      .init("allowed_transitions", .list(.choice(requestStates)), "What the asker may make of it."),
    ],
    one: Statement("select version, body from request_resource where id = $1"),
    list: Listing(
      Statement(
        """
        select row_to_json(row(
          coalesce(json_agg(p.body order by p.id) filter (where p.number <= $2), '[]'),
          case when max(p.number) > $2 then app.cursor(max(p.id::text) filter (where p.number <= $2)) end)::list_page) as body
        from (
          select q.id, q.body, row_number() over (order by q.id) as number
          from request_resource q
          where ($1::uuid is null or q.id > $1)
            and ($3::text is null or q.state = $3)
            and ($4::text is null or q.origin = $4)
            and ($5::uuid is null or q.teacher_id = $5)
            and ($6::uuid is null or q.coach_id = $6)
          order by q.id
          limit $2::int + 1
        ) p
        """),
      keys: [.id],
      filters: [
        .init("state", .choice(requestStates), "Only in this state."),
        .init("origin", .choice(origins), "Only of this origin."), .init("teacher", .id, "Only of this teacher."),
        .init("coach", .id, "Only offered to, or taken on by, this coach."),
      ]),
    form: Form(
      [
        Field("origin", .choice(origins), .fixed, "Why.", example: #""appraisal""#),
        Field("teacher", column: "teacher_id", .id, .fixedOptional, "Who is to be coached.", example: #""{person}""#),
        Field("talk_on", .date, .fixedOptional, "Day of the appraisal talk.", example: #""2026-10-05""#),
        Field("talk_kind", .choice(talkKinds), .fixedOptional, "Kind of the talk.", example: #""progress""#),
      ] + questionFields,
      variants: Variants(
        by: "origin",
        [
          .init("appraisal", needs: ["teacher", "talk_on", "talk_kind"]),
          .init("starter_programme", needs: ["teacher"]),
          .init("own_wish", needs: ["aim", "subject", "learning_question"]),
        ])),
    creation: Creation(statement: Statement("select app.make_request($1, $2)")),
    transitions: Transitions(
      [
        .init("withdrawn"), .init("submitted", may: ["aim", "subject", "learning_question", "reason"]),
        .init("offered", needs: ["coach"], may: ["reason"]), .init("assigned"),
        .init("declined"),
      ],
      fields: [
        Field("coach", column: "coach_id", .id, .optional, "Whom it is offered to.", example: #""{coach}""#),
        Field(
          "reason", .choice(requestReasons), .optional,
          "Why a coach is to take it on beyond their capacity, or why a coach declines.", example: #""continuity""#),
      ] + questionFields,
      Statement("select app.move_request($1, $2, $3::json ->> 'to', $3::json ->> 'reason', $3)")),
    texts: Texts([.learningQuestion], .before))

  public static let origins = ["own_wish", "appraisal", "starter_programme"]
  static let aims = ["personal", "team", "pupil_needs"]
  static let subjects = ["classroom_management", "interaction", "didactics"]
  static let talkKinds = ["goal_setting", "progress", "appraisal"]
  static let requestStates = [
    "invited", "submitted", "offered", "assigned", "closed", "declined", "expired", "withdrawn",
  ]
  static let requestReasons = ["deadline_near", "continuity", "no_other_coach", "unavailable", "workload", "other"]

  private static let questionFields = [
    Field("aim", .choice(aims), .fixedOptional, "What the learning question is for.", example: #""personal""#),
    Field("subject", .choice(subjects), .fixedOptional, "What it is about.", example: #""interaction""#),
    Field(
      "learning_question", .prose(limit: 4000), .fixedOptional,
      "The learning question itself: the teacher's own, encrypted, read by nobody without the teacher's word.",
      example: #""Hoe houd ik de kring bij elkaar?""#),
  ]
}

/// Coaches who may take a request on, the best first, with the reasons.
public enum SuggestedCoaches {
  public static let shape = Shape.named(
    "SuggestedCoaches",
    .object([
      .init(
        "items",
        .list(
          .object([
            .init("rank", .integer(1...Int.max)), .init("coach", .namedPerson), .init("capacity", .integer(0...1000)),
            .init("load", .integer(0...Int.max)),
            .init(
              "reasons",
              .list(.choice(["has_room", "full", "available", "unavailable_today", "coached_before", "same_school"])),
              "What speaks for and against."),
          ])), "The best first.")
    ]))

  public static func query(_ request: UUIDv7) -> BoundStatement { statement(.text(request.description)) }

  private static let statement = Statement("select app.suggested_coaches($1) as body")
}

/// Invitations of many starters at once.
public enum Invitations {
  public static let form = Form([
    Field(
      "teachers", .list(.id), .required, "Whom to invite; who was invited already and has not answered is left as is.",
      example: #"["{person}"]"#)
  ])

  /// The invitations that wait for an answer afterwards.
  public static func command(_ draft: Draft) -> Command? {
    guard let teachers = draft.texts("teachers"), !teachers.isEmpty else { return nil }
    let ids = teachers.map { _ in UUIDv7().description }
    return Command(
      [inviting(.texts(ids), .texts(teachers))], on: "invitations", status: 200,
      read: { _ in invited(.texts(teachers)) })
  }

  private static let inviting = Statement("select app.invite_starters($1, $2)")
  private static let invited = Statement(
    """
    select 1 as version, row_to_json(row(coalesce(json_agg(q.body order by q.id), '[]'), null)::list_page) as body
    from request_resource q
    where q.teacher_id = any ($1::uuid[])
      and q.state = 'invited'
    """)
}
