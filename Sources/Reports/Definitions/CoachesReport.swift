/// What room the coaches have, what fills it, what they refused, and whose work is to be handed on.
public struct CoachesReport: Report {
  public let key = "coaches"
  public let title = LocalizedText("Begeleiders", "Coaches")
  public let about = LocalizedText(
    "De ruimte van elke begeleider dit schooljaar en wat die vult, zonder wat leraren uit eigen wens vroegen.",
    "The room of each coach in this school year and what fills it, without what teachers asked of their own wish.")
  public let person: LocalizedText? = LocalizedText("Begeleider", "Coach")
  public let hasSchools = false

  public let columns = [
    Column("situation", .code(Self.situations), LocalizedText("Stand", "Situation")),
    Column("capacity", .wholeNumber, LocalizedText("Ruimte", "Capacity")),
    Column("load", .wholeNumber, LocalizedText("Bezet", "Load")),
    Column("load_rate", .decimal(2), LocalizedText("Bezet deel", "Share taken")),
    Column("made", .wholeNumber, LocalizedText("Gemaakt", "Made")),
    Column("planned", .wholeNumber, LocalizedText("Gepland", "Planned")),
    Column("agreed", .wholeNumber, LocalizedText("Toegezegd", "Agreed on")),
    Column("offered", .wholeNumber, LocalizedText("Aangeboden", "Offered")),
    Column("refused", .wholeNumber, LocalizedText("Afgewezen", "Refused")),
    Column("lapsed", .wholeNumber, LocalizedText("Verlopen", "Lapsed")),
    Column("open_trajectories", .wholeNumber, LocalizedText("Lopende trajecten", "Open trajectories")),
    Column("away_until", .date, LocalizedText("Afwezig tot", "Away until")),
    Column("role_until", .date, LocalizedText("Begeleider tot", "Coach until")),
  ]

  public let listing = Listing(
    title: LocalizedText("De begeleiders", "The coaches"), group: "situation",
    order: ["left_with_work", "leaving_with_work", "over_capacity", "full", "has_room"].map { situation in
      (situation, Self.situations[situation] ?? LocalizedText(situation, situation))
    },
    rest: LocalizedText("Overig", "Other"), sort: "role_until")

  public let terms = [
    Term(
      LocalizedText("Bezet", "Load"),
      LocalizedText(
        "Opnamen van dit schooljaar: gemaakt, gepland, toegezegd maar nog niet gepland, en één voor elk aanbod dat op "
          + "antwoord wacht.",
        "Recordings of this school year: made, planned, agreed on and not planned yet, and one for each offer that waits "
          + "for an answer.")),
    Term(
      LocalizedText("Verlopen", "Lapsed"),
      LocalizedText(
        "Aangeboden en niet op tijd beantwoord, of teruggenomen.", "Offered and not answered in time, or taken back.")),
  ]

  public init() {}

  private static let situations = [
    "left_with_work": LocalizedText("geen begeleider meer, met werk", "coach no more, with work left"),
    "leaving_with_work": LocalizedText("stopt binnenkort, met werk", "about to stop, with work left"),
    "over_capacity": LocalizedText("boven de ruimte", "over capacity"),
    "full": LocalizedText("vol", "full"),
    "has_room": LocalizedText("heeft ruimte", "has room"),
  ]
}
