/// Objections of parents that have no measure yet, and whose day has passed. The adviser is told how many.
public struct ObjectionsReport: Report {
  public let key = "objections"
  public let title = LocalizedText("Bezwaren van ouders", "Objections of parents")
  public let about = LocalizedText(
    "Bezwaren die nog niet beëindigd zijn, en of de school een maatregel heeft genomen.",
    "Objections that have not ended, and whether the school has taken a measure.")
  public let person: LocalizedText? = nil

  public let columns = [
    Column("situation", .code(Self.situations), LocalizedText("Stand", "Situation")),
    Column("received_on", .date, LocalizedText("Ontvangen", "Received")),
    Column("due_on", .date, LocalizedText("Antwoord vóór", "Answer by")),
    Column("legal_until", .date, LocalizedText("Wettelijk uiterlijk", "Legal limit")),
    Column("days_over", .wholeNumber, LocalizedText("Dagen te laat", "Days late")),
    Column("measures", .codes(Self.measures), LocalizedText("Maatregelen", "Measures")),
    Column("unplaced", .code(Self.answers), LocalizedText("Zonder groep", "In no group")),
  ]

  public let listing = Listing(
    title: LocalizedText("De bezwaren", "The objections"), group: "situation",
    order: ["past_due", "without_measure", "measure_set"].map { situation in
      (situation, Self.situations[situation] ?? LocalizedText(situation, situation))
    },
    rest: LocalizedText("Overig", "Other"), sort: "due_on")

  public let terms = [
    Term(
      LocalizedText("Zonder groep", "In no group"),
      LocalizedText(
        "De leerling is voor dit schooljaar nog niet in een groep geplaatst: zolang mag op de hele school niet gefilmd "
          + "worden.",
        "The pupil is in no group of this school year yet: until then nobody films at the school.")),
    Term(
      LocalizedText("Wie ziet wat", "Who sees what"),
      LocalizedText(
        "Scholen zien hun eigen bezwaren, het bestuur alleen de aantallen.",
        "Schools see their own objections, the board sees numbers alone.")),
  ]

  public init() {}

  private static let situations = [
    "past_due": LocalizedText("zonder maatregel, over tijd", "without a measure, past due"),
    "without_measure": LocalizedText("zonder maatregel", "without a measure"),
    "measure_set": LocalizedText("maatregel genomen", "measure taken"),
  ]
  private static let measures = [
    "out_of_view": LocalizedText("buiten beeld", "out of view"),
    "other_group": LocalizedText("in een andere groep", "in another group"),
    "anonymise": LocalizedText("onherkenbaar maken", "anonymise"),
    "cut": LocalizedText("wegknippen", "cut"),
    "no_recording": LocalizedText("geen opname", "no recording"),
  ]
  private static let answers = ["yes": LocalizedText("ja", "yes"), "no": LocalizedText("nee", "no")]
}
