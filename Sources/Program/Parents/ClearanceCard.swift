import Postgres

/// What a coach takes along to the class: the recording as it is planned, whether it is cleared, and what is to be kept
/// in it, of which pupil.
public struct ClearanceCard: Sendable {
  public let clearance: Clearance
  /// When it is to be made, or was, in Europe/Amsterdam.
  public let day: CivilDate?
  public let time: String?
  public let group: String?
  public let school: String?
  public let teacher: String?
  public let coach: String?
  /// What the footage goes on; nil for who does not see carriers.
  public let carrier: String?
  /// When the card was made, in Europe/Amsterdam.
  public let printedOn: CivilDate?
  public let printedAt: String?
  /// References to pupils by objection, as far as the asker may know them.
  public let pupils: [UUIDv7: String]

  /// - Parameter rows: what `query` answered.
  /// - Returns: nil where there is no such recording for the asker.
  public init?(_ rows: Rows, _ clearance: Clearance, pupils: [UUIDv7: String]) {
    guard rows.count == 1 else { return nil }
    self.clearance = clearance
    self.pupils = pupils
    day = rows.string(0, 0).flatMap { CivilDate($0) }
    time = rows.string(0, 1)
    group = rows.string(0, 2)
    school = rows.string(0, 3)
    teacher = rows.string(0, 4)
    coach = rows.string(0, 5)
    carrier = rows.string(0, 6)
    printedOn = rows.string(0, 7).flatMap { CivilDate($0) }
    printedAt = rows.string(0, 8)
  }

  /// - Parameter recording: of which.
  public static func query(_ recording: UUIDv7) -> BoundStatement { statement(.text(recording.description)) }

  private static let statement = Statement(
    """
    select
      to_char(w.at, 'YYYY-MM-DD'), to_char(w.at, 'HH24:MI'), g.name, s.name, t.name, c.name, r.name,
      to_char(w.now, 'YYYY-MM-DD'), to_char(w.now, 'HH24:MI')
    from recording k
    cross join lateral (
      select
        coalesce(k.made_at, k.scheduled_at) at time zone 'Europe/Amsterdam' as at,
        app.now() at time zone 'Europe/Amsterdam' as now
    ) w
    left join school_group g on g.id = k.group_id
    left join school s on s.id = g.school_id
    left join person t on t.id = k.teacher_id
    left join person c on c.id = k.coach_id
    left join carrier r on r.id = k.carrier_id
    where k.id = $1
    """)
}

extension Vault {
  /// Which pupil an objection is about, as its school refers to them; written into the audit where the school is
  /// another's.
  /// - Returns: nil where the identity may not know.
  /// - Throws: `PostgresError`; `ContentFault`.
  public func pupil(of objection: UUIDv7, as identity: Identity, request: String) async throws -> String? {
    do {
      let opened = try await read(.pupil, of: objection, as: identity, request: request)
      return try opened.flatMap { try JSONValue($0.text.bytes).text("reference") }
    } catch PostgresError.server(let error) where error.sqlState.rawValue == "BE404" {
      return nil
    }
  }
}
