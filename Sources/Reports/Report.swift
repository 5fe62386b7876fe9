import Postgres
import Program

/// A compliance report: its columns, and what its page says before and beside the rows.
///
/// A new report is one type of this kind, listed in `Reports.all`, and one file of SQL: `app.report_<key>(as_of)`,
/// which reckons the rows, and `app.report_<key>_columns()`, which names their cells. Storing, hashing, schedules and
/// formats come by themselves.
public protocol Report: Sendable {
  /// As in SQL, in commands and in addresses.
  var key: String { get }
  var title: LocalizedText { get }
  /// What the cells of a row are, by name; a run of an earlier day may have fewer.
  var columns: [Column] { get }
  /// Which rows the page lists, in which groups.
  var listing: Listing { get }
  /// The figures of a run, as JSON: what the API answers for the same day.
  func figures(of run: Run) -> BoundStatement
  /// What the page says before the list, reckoned from the rows that the session may see.
  func summary(of run: Run, in language: Language, session: Session) async throws -> Summary
}

/// The reports there are.
public enum Reports {
  public static let all: [any Report] = [CoverageReport()]

  public static func named(_ key: String) -> (any Report)? {
    all.first { $0.key == key }
  }
}

/// The rows that a page lists by name, in groups.
public struct Listing: Sendable {
  /// The rows taken: those whose cell of this column is one of these values, for each.
  public let among: [(column: String, values: [String])]
  /// The column whose value makes the group.
  public let group: String
  /// The groups, in order; rows of other values are not listed.
  public let order: [(value: String, title: LocalizedText)]
  /// The column by which the rows of a group are sorted, as text; where it is empty they come last.
  public let sort: String
  /// The columns shown, besides the person and the school.
  public let shown: [String]
  /// The columns that share a last column of remarks, and the values of each that are not worth one.
  public let remarks: [(column: String, except: [String])]
}
