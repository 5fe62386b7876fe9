import Postgres
import Program

/// A coach's planned recordings for a calendar programme: when, where, and nothing of whom.
enum CoachCalendar {
  /// - Parameter events: the answer to `CalendarFeed.events`.
  static func bytes(_ events: Rows) throws(PostgresError) -> [UInt8] {
    var text = CalendarText()
    text.lines(opening)
    for event in events {
      guard let uid = event.string(0), let sequence = event.string(1), let stamped = event.string(2),
        let starts = event.string(3), let ends = event.string(4)
      else { throw .decoding(column: "uid", row: event.index, expected: "an event") }
      text.lines([
        "BEGIN:VEVENT", "UID:\(uid)", "DTSTAMP:\(stamped)", "SEQUENCE:\(sequence)", "DTSTART\(starts)", "DTEND\(ends)",
        "SUMMARY:Beeldbegeleiding",
      ])
      if let place = event.string(5) { text.line("LOCATION:" + CalendarText.escaped(place)) }
      text.line("END:VEVENT")
    }
    text.line("END:VCALENDAR")
    return text.bytes
  }

  /// The time zone as the law has had it since 1996; nothing here is older.
  private static let opening = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//beeld//beeldbegeleiding//NL", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
    "BEGIN:VTIMEZONE", "TZID:Europe/Amsterdam",
    "BEGIN:DAYLIGHT", "DTSTART:19960331T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200", "TZNAME:CEST", "END:DAYLIGHT",
    "BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100", "TZNAME:CET", "END:STANDARD",
    "END:VTIMEZONE",
  ]
}
