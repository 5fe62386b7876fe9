import Postgres
import Program

/// The reports that somebody may see, as the API tells of them: what their columns are and what their codes mean.
public struct ReportCatalogue: Sendable {
  private static let statement = Statement("select k.key from report k order by k.key")

  /// Which there are, decided by row-level security.
  public static var query: BoundStatement { statement() }

  private static let kinds = ["code", "codes", "whole_number", "decimal", "date", "person", "carrier"]

  public static let shape = Shape.named(
    "Report",
    .object([
      .init("key", .text, "Its name, as in runs and schedules."), .init("title", .text),
      .init("about", .text, "What it tells."),
      .init("person", .nullable(.text), "What the person of a row is; null where rows are about no person."),
      .init("has_schools", .flag, "Whether rows belong to schools."),
      .init(
        "columns",
        .list(
          .object([
            .init("key", .text), .init("kind", .choice(kinds)), .init("label", .text),
            .init(
              "codes", .list(.object([.init("code", .text), .init("meaning", .text)])),
              "What its codes mean; none where it has no codes."),
          ])), "The cells of a row, in order; beside them each row names its severity, since when, and its key."),
    ]))

  /// The list, as JSON.
  /// - Parameter rows: what the query answered.
  public static func json(_ rows: Rows, in language: Language) -> [UInt8] {
    let reports = rows.compactMap { $0.string(0).flatMap { Reports.named($0) } }
    var text = JSONText()
    text.object { page in
      page.key("items")
      page.array { items in
        for report in reports { items.report(report, language) }
      }
      page.member("next", nil as String?)
    }
    return text.bytes
  }
}

extension JSONText {
  fileprivate mutating func report(_ report: any Report, _ language: Language) {
    object { item in
      item.member("key", report.key)
      item.member("title", report.title(language))
      item.member("about", report.about(language))
      item.member("person", report.person?(language))
      item.member("has_schools", report.hasSchools)
      item.key("columns")
      item.array { columns in
        for column in report.columns { columns.column(column, language) }
      }
    }
  }

  private mutating func column(_ column: Column, _ language: Language) {
    object { item in
      item.member("key", column.key)
      item.member("kind", column.kind.name)
      item.member("label", column.label(language))
      item.key("codes")
      item.array { codes in
        for (code, meaning) in column.kind.meanings.sorted(by: { $0.key < $1.key }) {
          codes.object {
            $0.member("code", code)
            $0.member("meaning", meaning(language))
          }
        }
      }
    }
  }
}

extension Column.Kind {
  fileprivate var name: String {
    switch self {
    case .code: "code"
    case .codes: "codes"
    case .wholeNumber, .schoolYear: "whole_number"
    case .decimal: "decimal"
    case .date: "date"
    case .person: "person"
    case .carrier: "carrier"
    }
  }

  /// What its codes mean; empty where it has none.
  var meanings: [String: LocalizedText] {
    switch self {
    case .code(let meanings), .codes(let meanings): meanings
    case .wholeNumber, .schoolYear, .decimal, .date, .person, .carrier: [:]
    }
  }
}
