/// The forms in which a run is handed out.
public enum ReportFormat: String, CaseIterable, Sendable {
  /// One object: the run, its figures, its rows.
  case json
  /// The rows, RFC 4180, with `CSVCell`'s rule for spreadsheets.
  case csv
  /// A spreadsheet (Office Open XML): the rows, and what their codes mean.
  case xlsx
  /// A page that is complete in itself, for the screen and for paper.
  case html

  /// The media type without its parameters.
  public var essence: String {
    switch self {
    case .json: "application/json"
    case .csv: "text/csv"
    case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case .html: "text/html"
    }
  }

  public var mediaType: String {
    switch self {
    case .json: "application/json"
    case .csv: "text/csv; charset=utf-8; header=present"
    case .xlsx: essence
    case .html: "text/html; charset=utf-8"
    }
  }

  /// How the name of a file ends that people keep it in; nil of what is looked at where it is.
  public var fileEnding: String? {
    switch self {
    case .json, .html: nil
    case .csv, .xlsx: rawValue
    }
  }
}
