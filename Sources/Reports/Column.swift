/// One column of a report: the name under which runs keep it, what its cells are, and what people read above it.
public struct Column: Sendable {
  /// What the text of a cell is. An empty cell is nothing, whatever the kind.
  public enum Kind: Sendable {
    /// One code, and what people read for it.
    case code([String: LocalizedText])
    /// Codes parted by blanks.
    case codes([String: LocalizedText])
    case wholeNumber
    /// The year in which a school year begins.
    case schoolYear
    /// A number with a point, to be shown with so many decimals.
    case decimal(Int)
    /// `YYYY-MM-DD`.
    case date
    /// The id of a person, whose name is joined when the run is shown.
    case person
    /// The id of a stick or a service, whose name is joined when the run is shown.
    case carrier
  }

  /// As in `report.columns`, in CSV's first line and in JSON.
  public let key: String
  public let kind: Kind
  public let label: LocalizedText

  public init(_ key: String, _ kind: Kind, _ label: LocalizedText) {
    self.key = key
    self.kind = kind
    self.label = label
  }
}

extension Column {
  /// How serious an exception is: beside the cells of every report.
  static let severity = Column(
    "severity",
    .code([
      "attention": LocalizedText("vraagt aandacht", "asks for attention"),
      "serious": LocalizedText("ernstig", "serious"),
    ]), LocalizedText("Uitzondering", "Exception"))
  /// Since when it is one.
  static let since = Column("since", .date, LocalizedText("Sinds", "Since"))
  /// What a row is about, the same in every run.
  static let key = Column("key", .code([:]), LocalizedText("Kenmerk", "Key"))
}
