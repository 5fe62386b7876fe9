import Postgres
import Program

/// A compliance report: what its rows are, in which groups a page lists them, and what it says before them.
///
/// A new report is one type of this kind, listed in `Reports.all`, and one file of SQL: `app.report_<key>(as_of)`, which
/// reckons the rows, and a row of the table `report`, which says whose it is and names its cells. Storing, hashing,
/// comparing, schedules, visibility and formats come by themselves.
public protocol Report: Sendable {
  /// As in SQL, in commands and in addresses.
  var key: String { get }
  var title: LocalizedText { get }
  /// What it tells, in a sentence.
  var about: LocalizedText { get }
  /// What the person of a row is, above the names; nil where rows are about no person.
  var person: LocalizedText? { get }
  /// Whether rows belong to schools.
  var hasSchools: Bool { get }
  /// What the cells of a row are, by name; a run of an earlier day may have fewer.
  var columns: [Column] { get }
  /// In which groups, and in which order, a page lists the rows.
  var listing: Listing { get }
  /// Words that a reader may not know.
  var terms: [Term] { get }
  /// The figures of a run, as JSON.
  func figures(of run: Run) -> BoundStatement
  /// What the page says before the list, reckoned from the rows that the session may see.
  func summary(of run: Run, in language: Language, session: Session) async throws -> Summary
}

/// The reports there are.
public enum Reports {
  public static let all: [any Report] = [
    CoverageReport(), IntakeReport(), CoachesReport(), CustodyReport(), NoticesReport(), ObjectionsReport(),
    DataQualityReport(), OutlookReport(), RetentionReport(),
  ]

  public static func named(_ key: String) -> (any Report)? {
    all.first { $0.key == key }
  }
}

/// A word of a report, and what it means there.
public struct Term: Sendable {
  public let name, meaning: LocalizedText

  public init(_ name: LocalizedText, _ meaning: LocalizedText) {
    self.name = name
    self.meaning = meaning
  }
}

/// How a page lists the rows: in groups by the value of a column, those of no group last.
public struct Listing: Sendable {
  public typealias Group = (value: String, title: LocalizedText)

  public let title: LocalizedText
  /// The rows that go into groups: those whose cell of this column is one of these values, for each.
  public let among: [(column: String, values: [String])]
  /// The column whose value makes the group; by it figures are counted too.
  public let group: String
  /// The groups, in order.
  public let order: [Group]
  /// The title of the other rows.
  public let rest: LocalizedText
  /// The column by which the rows of a group are sorted, as text; where it is empty they come last.
  public let sort: String

  public init(
    title: LocalizedText, among: [(column: String, values: [String])] = [], group: String, order: [Group],
    rest: LocalizedText, sort: String
  ) {
    self.title = title
    self.among = among
    self.group = group
    self.order = order
    self.rest = rest
    self.sort = sort
  }
}

// What most reports have alike.
extension Report {
  public var person: LocalizedText? { LocalizedText("Naam", "Name") }
  public var hasSchools: Bool { true }
  public var terms: [Term] { [] }

  /// How many rows there are, by school and by the listing's group.
  public func figures(of run: Run) -> BoundStatement { Tally.figures(of: run, by: listing.group) }

  /// The same in words, a chart and a table.
  public func summary(of run: Run, in language: Language, session: Session) async throws -> Summary {
    try await TallySummary(Tally(of: run, by: listing.group, in: session), self, language).summary
  }
}
