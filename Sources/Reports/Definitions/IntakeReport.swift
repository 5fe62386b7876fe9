/// Which referrals and invitations wait for somebody, at which step, and which for longer than agreed.
public struct IntakeReport: Report {
  public let key = "intake"
  public let title = LocalizedText("Aanvragen in behandeling", "Requests in progress")
  public let about = LocalizedText(
    "Verwijzingen en uitnodigingen die op iemand wachten, en hoe lang al.",
    "Referrals and invitations that wait for somebody, and for how long.")
  public let person: LocalizedText? = LocalizedText("Leraar", "Teacher")

  public let columns = [
    Column("step", .code(Self.steps), LocalizedText("Wacht op", "Waits for")),
    Column("origin", .code(Self.origins), LocalizedText("Herkomst", "Origin")),
    Column("coach", .person, LocalizedText("Begeleider", "Coach")),
    Column("waiting_since", .date, LocalizedText("Wacht sinds", "Waiting since")),
    Column("due_on", .date, LocalizedText("Afgesproken vóór", "Agreed by")),
    Column("days_over", .wholeNumber, LocalizedText("Dagen te laat", "Days late")),
  ]

  public let listing = Listing(
    title: LocalizedText("Wat er wacht", "What waits"), group: "step",
    order: ["invited", "submitted", "offered", "first_recording", "debrief"].map { step in
      (step, Self.steps[step] ?? LocalizedText(step, step))
    },
    rest: LocalizedText("Overig", "Other"), sort: "due_on")

  public let terms = [
    Term(
      LocalizedText("Ernstig", "Serious"),
      LocalizedText(
        "Langer over tijd dan er voor deze stap was afgesproken.",
        "Late by more than as long again as was agreed for the step.")),
    Term(
      LocalizedText("Aanvraag", "Request"),
      LocalizedText(
        "Een verwijzing na een gesprek of een uitnodiging van het startersprogramma. Wat een leraar uit eigen wens vraagt, "
          + "staat in geen enkele rapportage.",
        "A referral after a talk, or an invitation of the starter programme. What a teacher asks of their own wish stands "
          + "in no report.")),
  ]

  public init() {}

  private static let steps = [
    "invited": LocalizedText("antwoord van de leraar", "the teacher's answer"),
    "submitted": LocalizedText("een begeleider", "a coach to be named"),
    "offered": LocalizedText("antwoord van de begeleider", "the coach's answer"),
    "first_recording": LocalizedText("de eerste opname", "the first recording"),
    "debrief": LocalizedText("het nagesprek", "the debrief"),
  ]
  private static let origins = [
    "appraisal": LocalizedText("gesprekkencyclus", "appraisal"),
    "starter_programme": LocalizedText("startersprogramma", "starter programme"),
  ]
}
