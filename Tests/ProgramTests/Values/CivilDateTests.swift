import Postgres
import TestDatabase
import Testing

@testable import Program

@Suite struct CivilDateTests {
  @Test("Every day from 1900 to 2199 is the day that PostgreSQL says it is")
  func everyDay() async throws {
    let rows = try #require(
      try await TestDatabase.empty().script(
        """
        select d::date::text, d::date - date '1970-01-01', extract(year from d), extract(month from d), extract(day from d)
        from generate_series(timestamp '1900-01-01', timestamp '2199-12-31', interval '1 day') d
        order by d
        """))
    #expect(rows.count == 109_573)
    var before: CivilDate?
    for row in rows {
      let text = try #require(row.string(0))
      let date = try #require(CivilDate(text), "\(text)")
      let (year, month, day) = (try row.int(2)!, try row.int(3)!, try row.int(4)!)
      let agrees =
        try date.description == text && date.dayNumber == row.int(1) && date.components == (year, month, day)
        && CivilDate(year: year, month: month, day: day) == date && CivilDate(dayNumber: date.dayNumber) == date
      #expect(agrees, "\(text)")
      if let before { #expect(before < date && date.dayNumber == before.dayNumber + 1, "\(text)") }
      before = date
    }
  }

  @Test("No other day exists")
  func noOtherDay() {
    var existing = 0
    for year in 1895...2205 {
      for month in -1...14 {
        for day in -1...33 where CivilDate(year: year, month: month, day: day) != nil { existing += 1 }
      }
    }
    #expect(existing == 109_573)
    #expect(CivilDate(dayNumber: CivilDate.bounds.lowerBound - 1) == nil)
    #expect(CivilDate(dayNumber: CivilDate.bounds.upperBound + 1) == nil)
    #expect(CivilDate(dayNumber: .max) == nil && CivilDate(dayNumber: .min) == nil)
    #expect(CivilDate(year: .max, month: 1, day: 1) == nil)
  }

  @Test(
    "A day is written YYYY-MM-DD and in no other way",
    arguments: [
      "", "2026", "2026-11", "2026-11-2", "26-11-23", "2026-1-23", "2026/11/23", "23-11-2026", "20261123",
      "2026-11-23 ", " 2026-11-23", "2026-11-23T00:00", "+026-11-23", "-026-11-23", "2026-11-2x", "２０２６-11-23",
      "2026-02-29", "1900-02-29", "2100-02-29", "2026-00-10", "2026-13-10", "2026-10-00", "2026-04-31", "1899-12-31",
      "2200-01-01", "infinity", "today", "2026-11-23\u{0}", "2026\u{2010}11\u{2010}23", "0000-00-00", "9999-99-99",
    ])
  func refused(text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test("Leap days are those of the Gregorian calendar")
  func leapDays() {
    #expect(CivilDate("2000-02-29") != nil && CivilDate("2024-02-29") != nil && CivilDate("2196-02-29") != nil)
  }
}
