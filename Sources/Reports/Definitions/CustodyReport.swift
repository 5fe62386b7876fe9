/// Footage that is to be gone, that is kept by agreement, that is lost, and what it stands on.
public struct CustodyReport: Report {
  public let key = "custody"
  public let title = LocalizedText("Beheer van de beelden", "Custody of the footage")
  public let about = LocalizedText(
    "Kopieën die weg moeten, die volgens afspraak bewaard worden of die zoek zijn, en waar zij op staan.",
    "Copies that are to be gone, that are kept by agreement, or that are lost, and what they stand on.")
  public let person: LocalizedText? = LocalizedText("Wie ze heeft of had", "Who has or had it")
  public let hasSchools = false

  public let columns = [
    Column("finding", .code(Self.findings), LocalizedText("Bevinding", "Finding")),
    Column("carrier", .carrier, LocalizedText("Drager", "Carrier")),
    Column("carrier_kind", .code(Self.carrierKinds), LocalizedText("Soort", "Kind")),
    Column("copies", .wholeNumber, LocalizedText("Kopieën", "Copies")),
    Column("held_since", .date, LocalizedText("In handen sinds", "In hand since")),
    Column("due_on", .date, LocalizedText("Weg vanaf", "Due from")),
    Column("days_over", .wholeNumber, LocalizedText("Dagen sindsdien", "Days since")),
    Column("kept_until", .date, LocalizedText("Bewaard tot", "Kept until")),
    Column("judge_before", .date, LocalizedText("Datalek beoordelen vóór", "Judge the breach before")),
  ]

  public let listing = Listing(
    title: LocalizedText("Kopieën en dragers", "Copies and carriers"), group: "finding",
    order: ["lost", "overdue", "due", "kept", "carrier_retired", "carrier"].map { finding in
      (finding, Self.findings[finding] ?? LocalizedText(finding, finding))
    },
    rest: LocalizedText("Overig", "Other"), sort: "due_on")

  public let terms = [
    Term(
      LocalizedText("Over tijd", "Overdue"),
      LocalizedText(
        "Niet verwijderd binnen de dagen die het beleid laat nadat het traject eindigde, de leraar het vroeg, een "
          + "bezwaar het eiste of de afspraak om te bewaren afliep.",
        "Not deleted within the days that the policy leaves after the trajectory ended, the teacher demanded it, an "
          + "objection required it, or the agreement to keep it ran out."))
  ]

  public init() {}

  private static let findings = [
    "lost": LocalizedText("zoek", "lost"),
    "overdue": LocalizedText("verwijdering over tijd", "deletion overdue"),
    "due": LocalizedText("te verwijderen", "to be deleted"),
    "kept": LocalizedText("bewaard volgens afspraak", "kept by agreement"),
    "carrier_retired": LocalizedText("drager buiten gebruik", "carrier out of use"),
    "carrier": LocalizedText("drager in gebruik", "carrier in use"),
  ]
  private static let carrierKinds = [
    "usb": LocalizedText("usb-stick", "USB stick"), "cloud": LocalizedText("clouddienst", "cloud service"),
  ]
}
