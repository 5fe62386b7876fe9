/// What is missing in the registry, what contradicts itself, and what is about to become wrong.
public struct DataQualityReport: Report {
  public let key = "data-quality"
  public let title = LocalizedText("Kwaliteit van de gegevens", "Quality of the data")
  public let about = LocalizedText(
    "Wat in de administratie ontbreekt, elkaar tegenspreekt of binnenkort afloopt.",
    "What is missing in the registry, contradicts itself, or is about to end.")

  public let columns = [
    Column("finding", .code(Self.findings), LocalizedText("Bevinding", "Finding")),
    Column("other_person", .person, LocalizedText("Ook genoemd", "Also named")),
    Column("role", .code(Self.roles), LocalizedText("Rol", "Role")),
    Column("from_date", .date, LocalizedText("Vanaf", "From")),
    Column("until_date", .date, LocalizedText("Tot", "Until")),
  ]

  public let listing = Listing(
    title: LocalizedText("De bevindingen", "The findings"), group: "finding",
    order: Self.order.map { finding in
      (finding, Self.findings[finding] ?? LocalizedText(finding, finding))
    },
    rest: LocalizedText("Overig", "Other"), sort: "until_date")

  public let terms = [
    Term(
      LocalizedText("Ernstig", "Serious"),
      LocalizedText(
        "Zonder bevestigde eerste lesdag is er geen termijn; een rol waarvoor niemand kan inloggen wordt niet vervuld.",
        "Without a confirmed first teaching day there is no deadline; a role that nobody can sign in for is not filled."
      )),
    Term(
      LocalizedText("Waarschijnlijk dubbel", "Likely double"),
      LocalizedText(
        "Twee personen met dezelfde naam, afgezien van hoofdletters, accenten en leestekens, zonder "
          + "verschillende bevestigde eerste lesdag.",
        "Two people of one name, leaving aside capitals, accents and marks, without different confirmed first days.")),
  ]

  public init() {}

  private static let order = [
    "start_missing", "start_unconfirmed", "no_login", "role_ending", "role_without_employment", "absences_overlap",
    "experience_overlaps_employment", "more_than_full_time", "likely_double",
  ]
  private static let findings = [
    "start_missing": LocalizedText("eerste lesdag ontbreekt", "first teaching day is missing"),
    "start_unconfirmed": LocalizedText("eerste lesdag niet bevestigd", "first teaching day not confirmed"),
    "no_login": LocalizedText("kan niet inloggen", "cannot sign in"),
    "role_ending": LocalizedText("rol loopt binnen 30 dagen af", "role ends within 30 days"),
    "role_without_employment": LocalizedText(
      "rol zonder aanstelling op de school", "role without a post at the school"),
    "absences_overlap": LocalizedText("verlof overlapt", "absences overlap"),
    "experience_overlaps_employment": LocalizedText(
      "eerdere ervaring overlapt de aanstelling", "prior experience overlaps employment"),
    "more_than_full_time": LocalizedText("meer dan voltijds aangesteld", "employed for more than full time"),
    "likely_double": LocalizedText("waarschijnlijk dubbel", "likely double"),
  ]
  private static let roles = [
    "coach": LocalizedText("begeleider", "coach"), "director": LocalizedText("directeur", "director"),
    "school_admin": LocalizedText("schooladministratie", "school administration"),
    "adviser": LocalizedText("beleidsadviseur", "policy adviser"),
    "privacy_officer": LocalizedText("functionaris gegevensbescherming", "privacy officer"),
    "system_admin": LocalizedText("systeembeheerder", "system administrator"),
  ]
}
