/// What the nights removed because its time was over, and what could not go yet.
public struct RetentionReport: Report {
  public let key = "retention"
  public let title = LocalizedText("Wat niet langer bewaard wordt", "What is kept no longer")
  public let about = LocalizedText(
    "Wat ’s nachts verwijderd is omdat de bewaartermijn voorbij is, en wie nog niet verwijderd kon worden.",
    "What the nights removed because its time was over, and who could not be removed yet.")
  public let hasSchools = false

  public let columns = [
    Column("retention", .code(Self.retention), LocalizedText("Bewaren", "Keeping")),
    Column("kind", .code(Self.kinds), LocalizedText("Soort", "Kind")),
    Column("night", .date, LocalizedText("Op, of sinds", "On, or since")),
    Column("number", .wholeNumber, LocalizedText("Aantal", "Number")),
    Column("kept_by", .code(Self.reasons), LocalizedText("Bewaard om", "Kept for")),
  ]

  public let listing = Listing(
    title: LocalizedText("Niet gedaan, bewaard en verwijderd", "Not done, kept and removed"),
    group: "retention",
    order: [
      ("not_done", LocalizedText("Vorige nacht niet afgerond", "Not finished the night before")),
      ("kept", LocalizedText("Langer bewaard", "Kept for longer")),
      ("removed", LocalizedText("Verwijderd", "Removed")),
    ],
    rest: LocalizedText("Overig", "Others"),
    sort: "night")

  public let terms = [
    Term(
      LocalizedText("Verwijderd", "Removed"),
      LocalizedText(
        "Personen twee jaar na hun vertrek, met alles over hen; bezwaren een jaar nadat de leerling weg is; rapportages na "
          + "24 maanden; het logboek na vijf jaar; toegangssleutels dertig dagen na hun einde; namen van opdrachten na een dag.",
        "People two years after their departure, with everything about them; objections a year after the pupil left; report "
          + "runs after 24 months; the audit after five years; tokens thirty days after their end; names of commands after a day."
      )),
    Term(
      LocalizedText("Langer bewaard", "Kept for longer"),
      LocalizedText(
        "Wie twee jaar weg is, blijft bekend zolang een traject open staat of beelden nog ergens zijn: dat moet eerst iemand "
          + "afronden.",
        "Whoever left two years ago stays known while guidance is open or footage is still somewhere: somebody has to end "
          + "that first.")),
  ]

  public init() {}

  private static let retention = [
    "not_done": LocalizedText("niet afgerond", "not finished"),
    "kept": LocalizedText("bewaard", "kept"),
    "removed": LocalizedText("verwijderd", "removed"),
  ]
  private static let kinds = [
    "person": LocalizedText("personen", "people"),
    "objection": LocalizedText("bezwaren", "objections"),
    "report_run": LocalizedText("rapportages", "report runs"),
    "report_row": LocalizedText("regels van rapportages", "rows of report runs"),
    "audit": LocalizedText("regels van het logboek", "audit rows"),
    "api_token": LocalizedText("toegangssleutels", "tokens"),
    "command": LocalizedText("namen van opdrachten", "names of commands"),
  ]
  private static let reasons = [
    "trajectory_open": LocalizedText("een traject dat open staat", "guidance that is open"),
    "recording_planned": LocalizedText("een geplande opname", "a planned recording"),
    "holds_copy": LocalizedText("beelden van een ander in handen", "footage of another in their hands"),
    "copy_to_delete": LocalizedText("eigen beelden die nog weg moeten", "footage of them that is to be deleted"),
    "breach_open": LocalizedText("een verlies dat nog beoordeeld wordt", "a loss that is still to be judged"),
    "quarantine_open": LocalizedText("een opname in quarantaine", "a recording in quarantine"),
  ]
}
