/// One column of a report: the name under which runs keep it, what its cells are, and what people read above it.
public struct Column: Sendable {
  /// What the text of a cell is. An empty cell is nothing, whatever the kind.
  public enum Kind: Sendable {
    /// One code, and what people read for it.
    case code([String: LocalizedText])
    /// Codes parted by blanks.
    case codes([String: LocalizedText])
    case wholeNumber
    /// `YYYY-MM-DD`.
    case date
  }

  /// As in `report_run.columns`, in CSV's first line and in JSON.
  public let key: String
  public let kind: Kind
  public let label: LocalizedText

  public init(_ key: String, _ kind: Kind, _ label: LocalizedText) {
    self.key = key
    self.kind = kind
    self.label = label
  }
}
