import Postgres
import Program

/// Who of the starters has been filmed and has talked it over, whose deadline nears, and whose has passed.
public struct CoverageReport: Report {
  public let key = "coverage"
  public let title = LocalizedText("Dekking van het startersprogramma", "Coverage of the starter programme")

  public let about = LocalizedText(
    "Welke starters zijn gefilmd en hebben dat nabesproken, en van wie de termijn nadert of voorbij is.",
    "Which starters have been filmed and have talked it over, and whose deadline nears or has passed.")

  public let columns = [
    Column("coverage", .code(Self.coverage), LocalizedText("Stand", "Status")),
    Column("urgency", .code(Self.urgency), LocalizedText("Termijn", "Deadline")),
    Column("employment", .code(Self.employment), LocalizedText("Dienstverband", "Employment")),
    Column("window_from", .date, LocalizedText("Starter sinds", "Starter since")),
    Column("window_until", .date, LocalizedText("Uiterlijk vóór", "Due before")),
    Column("days_left", .wholeNumber, LocalizedText("Dagen over", "Days left")),
    Column("covered_on", .date, LocalizedText("Afgerond op", "Completed on")),
    Column("cohort", .schoolYear, LocalizedText("Cohort", "Cohort")),
    Column("data_incomplete", .codes(Self.missing), LocalizedText("Ontbreekt", "Missing")),
  ]

  public let listing = Listing(
    title: LocalizedText("Wie er nog moet, en de anderen", "Who is still to come, and the others"),
    among: [("employment", ["active", "paused"]), ("coverage", ["open", "planned", "recorded"])],
    group: "urgency",
    order: [
      ("overdue", LocalizedText("Termijn verstreken", "Deadline passed")),
      ("at_risk", LocalizedText("Termijn in gevaar", "Deadline at risk")),
      ("due_soon", LocalizedText("Termijn nadert", "Deadline approaching")),
      ("none", LocalizedText("Op schema, of nog geen termijn", "On course, or no deadline yet")),
    ],
    rest: LocalizedText("Afgerond, vrijgesteld of niet in dienst", "Completed, exempt or not employed"),
    sort: "window_until")

  private static let figures = Statement("select app.report_coverage_figures($1)")

  public init() {}

  public func figures(of run: Run) -> BoundStatement { Self.figures(.text(run.id.description)) }

  public func summary(of run: Run, in language: Language, session: Session) async throws -> Summary {
    let lines = try await CoverageLines(of: run, in: session)
    let rules = try await CoverageRules(version: run.policyVersion, in: session)
    return CoverageSummary(lines, rules, language).summary
  }

  static let coverage = [
    "open": LocalizedText("open", "open"),
    "planned": LocalizedText("gepland", "planned"),
    "recorded": LocalizedText("opgenomen", "recorded"),
    "covered": LocalizedText("afgerond", "completed"),
    "covered_late": LocalizedText("te laat afgerond", "completed late"),
    "exempt": LocalizedText("vrijgesteld", "exempt"),
  ]
  static let urgency = [
    "overdue": LocalizedText("verstreken", "passed"),
    "at_risk": LocalizedText("in gevaar", "at risk"),
    "due_soon": LocalizedText("nadert", "approaching"),
    "none": LocalizedText("–", "–"),
  ]
  static let employment = [
    "active": LocalizedText("in dienst", "employed"),
    "paused": LocalizedText("onderbroken", "on pause"),
    "future": LocalizedText("nog niet begonnen", "yet to begin"),
    "left": LocalizedText("uit dienst", "left"),
  ]
  static let missing = [
    "teaching_since": LocalizedText("eerste bevoegde lesdag ontbreekt", "first qualified teaching day is missing"),
    "teaching_since_approval": LocalizedText(
      "eerste bevoegde lesdag niet bevestigd", "first qualified teaching day not confirmed"),
  ]
}

/// The numbers of the policy by which a run was reckoned, for the wording of its terms.
struct CoverageRules: Sendable {
  let windowMonths, pauseDays, atRiskDays, dueSoonDays: Int

  private static let statement = Statement(
    "select p.window_months, p.pause_days, p.at_risk_days, p.due_soon_days from policy p where p.version = $1")

  init(version: Int, in session: Session) async throws {
    let row = try await session.query(Self.statement(.int(version))).first
    windowMonths = try row?.int(0) ?? 0
    pauseDays = try row?.int(1) ?? 0
    atRiskDays = try row?.int(2) ?? 0
    dueSoonDays = try row?.int(3) ?? 0
  }
}
