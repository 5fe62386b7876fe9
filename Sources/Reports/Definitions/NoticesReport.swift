/// Which schools have told parents of the filming this school year, and which have not.
public struct NoticesReport: Report {
  public let key = "notices"
  public let title = LocalizedText("Informatie aan ouders", "Notices to parents")
  public let about = LocalizedText(
    "Of scholen ouders dit schooljaar via website en schoolgids over de opnamen hebben ingelicht.",
    "Whether schools have told parents of the filming this school year, by website and school guide.")
  public let person: LocalizedText? = nil

  public let columns = [
    Column("situation", .code(Self.situations), LocalizedText("Stand", "Situation")),
    Column("school_year", .schoolYear, LocalizedText("Schooljaar", "School year")),
    Column("website", .date, LocalizedText("Website", "Website")),
    Column("school_guide", .date, LocalizedText("Schoolgids", "School guide")),
    Column("missing", .codes(Self.channels), LocalizedText("Ontbreekt", "Missing")),
  ]

  public let listing = Listing(
    title: LocalizedText("De scholen", "The schools"), group: "situation",
    order: ["not_informed", "next_year", "informed"].map { situation in
      (situation, Self.situations[situation] ?? LocalizedText(situation, situation))
    },
    rest: LocalizedText("Overig", "Other"), sort: "school_year")

  public let terms = [
    Term(
      LocalizedText("Ernstig", "Serious"),
      LocalizedText(
        "Het schooljaar is begonnen en ouders zijn niet ingelicht: opnamen mogen zo niet gemaakt worden.",
        "The school year has begun and parents were not told: as it is, no recording may be made."))
  ]

  public init() {}

  private static let situations = [
    "not_informed": LocalizedText("dit jaar niet ingelicht", "not informed this year"),
    "next_year": LocalizedText("nog doen voor komend jaar", "to be done for next year"),
    "informed": LocalizedText("ingelicht", "informed"),
  ]
  private static let channels = [
    "website": LocalizedText("website", "website"), "school_guide": LocalizedText("schoolgids", "school guide"),
  ]
}
