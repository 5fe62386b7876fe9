import Postgres
import Program

/// What a difference between two runs says beside the rows themselves.
public enum Changes {
  static let change = Column(
    "change",
    .code([
      "new": LocalizedText("nieuw", "new"), "resolved": LocalizedText("opgelost", "resolved"),
      "open": LocalizedText("nog open", "still open"),
    ]), LocalizedText("Verschil", "Difference"))
  static let age = Column("age_days", .wholeNumber, LocalizedText("Dagen open", "Days open"))
  static let acknowledged = Column(
    "acknowledged", .code(reasons), LocalizedText("Bekend", "Known"))
  static let acknowledgedUntil = Column("acknowledged_until", .date, LocalizedText("Bekend tot", "Known until"))

  static let groups: [Listing.Group] = [
    ("new", LocalizedText("Nieuw", "New")), ("resolved", LocalizedText("Opgelost", "Resolved")),
    ("open", LocalizedText("Nog open", "Still open")),
  ]
  static let rest = LocalizedText("Overig", "Other")

  /// Why an exception may stand for a while.
  public static let reasons = [
    "being_handled": LocalizedText("wordt aan gewerkt", "being handled"),
    "agreed": LocalizedText("afgesproken", "agreed"),
    "known_in_data": LocalizedText("bekend in de gegevens", "known in the data"),
    "not_applicable": LocalizedText("niet van toepassing", "not applicable"),
  ]

  /// How many there are of each, of the rows that the session may see; acknowledged ones count among new and open.
  struct Counts: Sendable {
    var new = 0, resolved = 0, open = 0, acknowledged = 0

    private static let statement = Statement(
      """
      select
        count(*) filter (where c.change = 'new'), count(*) filter (where c.change = 'resolved'),
        count(*) filter (where c.change = 'open'), count(*) filter (where c.acknowledgement is not null)
      from app.report_changes($1, $2) c
      """)

    init(of run: Run, against earlier: Run?, in session: Session) async throws {
      let statement = Self.statement(.text(run.id.description), .optional(earlier?.id.description))
      guard let row = try await session.query(statement).first else { return }
      new = try row.int(0) ?? 0
      resolved = try row.int(1) ?? 0
      open = try row.int(2) ?? 0
      acknowledged = try row.int(3) ?? 0
    }
  }
}
