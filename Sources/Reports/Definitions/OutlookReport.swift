import Postgres
import Program

/// Which deadlines will be met if nothing changes: places that coaches have left, month by month, and starter by starter.
public struct OutlookReport: Report {
  public let key = "outlook"
  public let title = LocalizedText("Vooruitblik op de termijnen", "Outlook on the deadlines")
  public let about = LocalizedText(
    "Welke starters op tijd gefilmd worden als er niets verandert, en voor wie de begeleiders geen plaats meer hebben.",
    "Which starters will be filmed in time if nothing changes, and for whom coaches have no place left.")

  public let columns = [
    Column("outlook", .code(Self.outlook), LocalizedText("Vooruitzicht", "Outlook")),
    Column("window_until", .date, LocalizedText("Uiterlijk vóór", "Due before")),
    Column("days_left", .wholeNumber, LocalizedText("Dagen over", "Days left")),
    Column("coverage", .code(CoverageReport.coverage), LocalizedText("Stand", "Status")),
    Column("employment", .code(CoverageReport.employment), LocalizedText("Dienstverband", "Employment")),
    Column("month", .date, LocalizedText("Maand, eerste dag", "Month, first day")),
    Column("deadlines", .wholeNumber, LocalizedText("Termijnen", "Deadlines")),
    Column("in_hand", .wholeNumber, LocalizedText("Geregeld", "In hand")),
    Column("in_time", .wholeNumber, LocalizedText("Plaats op tijd", "Place in time")),
    Column("missed", .wholeNumber, LocalizedText("Gemist", "Missed")),
    Column("places", .wholeNumber, LocalizedText("Plaatsen over", "Places left")),
    Column("recordings_needed", .wholeNumber, LocalizedText("Opnamen te kort", "Recordings short")),
  ]

  public let listing = Listing(
    title: LocalizedText("Per maand, en per starter", "By month, and by starter"),
    group: "outlook",
    order: [
      ("month", LocalizedText("De maanden", "The months")),
      ("missed", LocalizedText("Wordt gemist als er niets verandert", "Will be missed if nothing changes")),
      ("overdue", LocalizedText("Termijn al verstreken", "Deadline passed already")),
      ("in_time", LocalizedText("Er is een plaats op tijd", "There is a place in time")),
      ("in_hand", LocalizedText("Gefilmd, gepland of toegezegd", "Filmed, planned or promised")),
      ("no_deadline", LocalizedText("Termijn niet bekend", "Deadline not known")),
    ],
    rest: LocalizedText("Overig", "Others"),
    sort: "window_until")

  public let terms = [
    Term(
      LocalizedText("Plaatsen over", "Places left"),
      LocalizedText(
        "opnamen waarvoor begeleiders nog ruimte hebben: hun capaciteit in het schooljaar zonder wat gemaakt, gepland, "
          + "afgesproken of aangeboden is, gelijkmatig over het jaar verdeeld, zonder de dagen waarop zij er niet zijn.",
        "recordings for which coaches still have room: their capacity of the school year without what is made, planned, "
          + "agreed or offered, spread evenly over the year, without the days on which they are away.")),
    Term(
      LocalizedText("Gemist", "Missed"),
      LocalizedText(
        "geen plaats vóór de termijn: de plaatsen gaan naar de vroegste termijnen, en zo worden zo weinig mogelijk starters "
          + "gemist.",
        "no place before the deadline: places go to the earliest deadlines, and so as few starters as possible are missed."
      )
    ),
    Term(
      LocalizedText("Opnamen te kort", "Recordings short"),
      LocalizedText(
        "hoeveel opnamen meer er tot en met die maand nodig zijn om niemand te missen.",
        "how many recordings more it takes up to the end of that month for nobody to be missed.")),
  ]

  private static let figures = Statement("select app.report_outlook_figures($1)")

  public init() {}

  public func figures(of run: Run) -> BoundStatement { Self.figures(.text(run.id.description)) }

  public func summary(of run: Run, in language: Language, session: Session) async throws -> Summary {
    OutlookSummary(try await OutlookLines(of: run, in: session), self, language).summary
  }

  private static let outlook = [
    "month": LocalizedText("maand", "month"),
    "missed": LocalizedText("wordt gemist", "will be missed"),
    "overdue": LocalizedText("verstreken", "passed"),
    "in_time": LocalizedText("plaats op tijd", "place in time"),
    "in_hand": LocalizedText("geregeld", "in hand"),
    "no_deadline": LocalizedText("geen termijn bekend", "no deadline known"),
  ]
}
