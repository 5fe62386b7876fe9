/// A small board on the day after it brought its history in, judged by hand from the rules. All of it starts on
/// 2022-08-01 and is due before 2025-08-01 unless said otherwise.
enum PastOfABoard {
  static let day = "2025-11-23"

  static let staff = ImportBench.staff(
    teacher("P1", "15IB00"), teacher("P2", "15IB00"), teacher("P3", "15IB00"), teacher("P4", "15IB00"),
    teacher("P5", "15IB01"), teacher("P6", "15IB01", from: "2023-02-01"), teacher("P7", "15IB01", from: "2024-08-01"),
    teacher("P8", "15IB01"), teacher("P9", "15IB01", until: "2024-08-01"),
    "PA,Support,,15IB00,support,1,2022-08-01,,")

  /// P5's 75 days move the deadline to 2025-10-15; P8's 29 days do not stop the clock.
  static let absences = AbsencesImportTests.file(
    "P5,parental_leave,2024-02-01,2024-04-16", "P8,care_leave,2024-02-01,2024-03-01")

  static let recordings = PastRecordingsImportTests.file(
    // In time; too late; in time but never talked over.
    "P1,2025-03-10,2025-09-20", "P2,2025-09-15,2025-09-20", "P3,2025-07-31,",
    // On the last day that the leave gave; on the first day after a window that short leave left as it was.
    "P5,2025-10-14,2025-10-20", "P8,2025-08-01,2025-08-08",
    // Of somebody who left, and of somebody who is no teacher: neither counts.
    "P9,2023-10-01,2023-10-08", "PA,2023-10-01,2023-10-08")

  static let statuses = [
    "P1|covered|none|active|2025-08-01", "P2|covered_late|none|active|2025-08-01",
    "P3|recorded|none|active|2025-08-01", "P4|open|overdue|active|2025-08-01",
    "P5|covered|none|active|2025-10-15", "P6|open|at_risk|active|2026-02-01", "P7|open|none|active|2027-08-01",
    "P8|covered_late|none|active|2025-08-01", "P9|covered|none|left|",
  ]

  /// The board, 15IB00 and 15IB01. Of the windows that ended in the school year those of P1 and P5 were in time.
  static let figures: [[String: Double]] = [
    [
      "starters": 8, "covered": 2, "covered_late": 2, "recorded": 1, "open": 3, "overdue": 1, "at_risk": 1,
      "coverage_rate": 0.5, "on_time_rate": 0.3333,
    ],
    [
      "starters": 4, "covered": 1, "covered_late": 1, "recorded": 1, "open": 1, "overdue": 1, "at_risk": 0,
      "coverage_rate": 0.5, "on_time_rate": 0.25,
    ],
    [
      "starters": 4, "covered": 1, "covered_late": 1, "recorded": 0, "open": 2, "overdue": 0, "at_risk": 1,
      "coverage_rate": 0.5, "on_time_rate": 0.5,
    ],
  ]

  private static func teacher(_ number: String, _ school: String, from: String = "2022-08-01", until: String = "")
    -> String
  {
    "\(number),Naam \(number),,\(school),teacher,1,\(from),\(until),\(from)"
  }
}
