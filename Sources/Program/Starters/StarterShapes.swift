// What answers about starters look like.

extension Shape {
  private static let window = Shape.named(
    "StarterWindow",
    .object([
      .init("from", .nullable(.date), "First qualified teaching day; null while it is missing."),
      .init("until", .nullable(.date), "First day after the window; null while it cannot be said."),
      .init("days_left", .nullable(.integer(-100_000...100_000)), "0 or less when it has ended."),
    ]))

  private static let axes: [Member] = [
    .init("coverage", .choice(Coverage.allCases.map(\.rawValue))),
    .init("urgency", .choice(Urgency.allCases.map(\.rawValue))),
    .init("employment", .choice(EmploymentAxis.allCases.map(\.rawValue))),
  ]

  private static let missing = Member(
    "data_incomplete", .list(.choice(MissingFact.allCases.map(\.rawValue))), "The facts that are missing.")

  /// One starter of `GET /v1/starters`.
  public static let starter = Shape.named(
    "Starter",
    .object(
      [.init("person", .namedPerson), .init("school", .nullable(.namedSchool), "School of attribution.")] + axes + [
        .init("window", window), missing,
      ]))

  /// The status of a starter by some rules.
  static let starterStatus = Shape.named("StarterStatus", .object(axes + [.init("window", window)]))

  /// One's own status, in `GET /v1/me`.
  public static let ownStarter = Shape.named(
    "OwnStarter", .object(axes + [.init("window", window), missing]))

  /// The proof of a deadline.
  public static let explanation = Shape.named(
    "Explanation",
    .object(
      [
        .init("as_of", .date), .init("policy_version", .integer(1...10_000)), .init("window", window),
        .init("steps", .list(step), "In the order of reckoning; the days add up by hand."),
        .init("recordings", .list(recording)),
      ] + axes + [.init("text", .text)]))

  private static let step = Shape.named(
    "ExplanationStep",
    .object(
      [.init("code", .choice(stepCodes))]
        + [
          Member("date", .date), Member("source", .text), Member("missing", .text), Member("from", .date),
          Member("until", .nullable(.date)), Member("months", .integer(1...120)), Member("category", .text),
          Member("counts_from", .date), Member("days", .nullable(.integer(0...100_000))),
          Member("until_after", .nullable(.date)), Member("reason", .text), Member("window_ended", .date),
        ].map(\.optional) + [.init("text", .text)]))

  private static let stepCodes = [
    "first_teaching_day", "first_teaching_day_missing", "prior_experience", "prior_experience_not_approved",
    "window_months", "pause", "pause_not_counted", "exemption", "out_of_scope",
  ]

  private static let recording = Shape.named(
    "ExplanationRecording",
    .object([
      .init("id", .id), .init("date", .date), .init("counts", .flag), .init("debriefed", .flag),
      .init("state", .choice(["planned", "recorded", "debriefed", "waived", "cancelled"])),
      .init("reason", .nullable(.text), "Why it does not count."), .init("text", .text),
    ]))

  /// The figures of the programme.
  public static let coverage = Shape.named(
    "Coverage",
    .object([
      .init("as_of", .date), .init("policy_version", .integer(1...10_000)), .init("total", coverageFigures),
      Member("schools", .list(.object([.init("school", .namedSchool)] + counts))).optional,
      Member("cohorts", .list(.object([.init("cohort", .nullable(.integer(1900...2200)))] + counts))).optional,
    ]))

  public static let coverageFigures = Shape.named("CoverageFigures", .object(counts))

  private static let counts: [Member] =
    [
      "starters", "open", "planned", "recorded", "covered", "covered_late", "exempt", "due_soon", "at_risk", "overdue",
      "paused", "data_incomplete",
    ].map { Member($0, .integer(0...Int.max)) } + [
      .init(
        "coverage_rate", .nullable(.number), "(covered + covered_late) ÷ (starters − exempt); null where nobody counts."
      ),
      .init("on_time_rate", .nullable(.number), "Of the windows that ended this school year, those covered by then."),
    ]
}
