import Postgres

/// The private calendar of a coach: what is planned, at an address that is secret and that the coach alone makes.
public enum CalendarFeed {
  /// A new address for a calendar, and the end of the one before.
  public struct Opening: Sendable {
    public let key = CalendarKey()
    private let id = UUIDv7()
    private let coach: UUIDv7

    public init(of coach: UUIDv7) { self.coach = coach }

    /// Raises `BE404` for who is no coach, `BE403` for another than the identity.
    public var command: Command {
      Command(
        [CalendarFeed.open(.text(id.description), .text(coach.description), .binary(key.hash))], on: id.description,
        status: 201, read: { CalendarFeed.own(.text($0)) })
    }

    /// When the address was made; nil where what was done is another command, which had been given before.
    public func createdAt(_ done: Command.Done) -> String? {
      done.resource == id.description && done.rows.count == 1 ? done.rows.string(0, 1) : nil
    }
  }

  /// Ends the address, if there is one. Raises as `Opening` does.
  public static func closing(of coach: UUIDv7) -> Command {
    Command([close(.text(coach.description))], on: coach.description, status: 204, read: { _ in nothing() })
  }

  /// What is planned, as whoever has the key may know it. Raises `BE404` whatever is wrong.
  public static func events(of coach: UUIDv7, _ key: CalendarKey) -> BoundStatement {
    planned(.text(coach.description), .binary(key.hash))
  }

  /// The answer to who made an address.
  public static let shape = Shape.named(
    "CalendarAddress",
    .object([
      .init("address", .text, "To be given to a calendar programme. Told this once."), .init("created_at", .instant),
    ]))

  private static let open = Statement("select app.open_calendar($1, $2, $3)")
  private static let close = Statement("select app.close_calendar($1)")
  private static let own = Statement("select 1 as version, app.my_calendar($1) as body")
  private static let nothing = Statement("select 1 as version, '{}' as body")
  private static let planned = Statement("select uid, sequence, stamped, starts, ends, place from app.calendar($1, $2)")
}
