import TestDatabase
import Testing

@testable import Program

/// A form of a text stands twice, in Swift for a good message and in SQL for truth: both are to say the same.
@Suite("Patterns")
struct TextPatternTests {
  private static let table: [(TextPattern, constraint: String, good: [String], bad: [String])] = [
    (.schoolCode, "school_code_shape", ["12AB00"], ["12ab00", "12AB0", "12AB000", "12AB00\n", ""]),
    (.boardNumber, "school_board_number_shape", ["41573"], ["4157", "415733", "4157a", " 41573"]),
    (.postalCode, "school_postal_code_shape", ["8501 AB"], ["0501 AB", "8501AB", "8501 ab", "8501  AB"]),
    (
      .personNumber, "registration_person_number_shape", ["A", "100.234-x_y", String(repeating: "9", count: 32)],
      [".a", "a b", "é", String(repeating: "9", count: 33), ""]
    ),
    (
      .email, "registration_email_shape", ["a@b.nl", "joke.de-vries@school.example"],
      ["a@b", "a b@c.nl", "a@@b.nl", "@b.nl", "a@b.nl ", "a\u{7}@b.nl", ""]
    ),
  ]

  @Test("Each takes and refuses what the database's constraint takes and refuses")
  func agreement() async throws {
    let database = try await TestDatabase.fresh()
    for (pattern, constraint, good, bad) in Self.table {
      let expression = try await database.script(
        "select substring(pg_get_constraintdef(oid) from 'CHECK (.*)') from pg_constraint where conname = '\(constraint)'"
      )
      let check = try #require(expression?.string(0, 0), "\(constraint)")
      let column = constraint.split(separator: "_").dropFirst().dropLast().joined(separator: "_")
      for (texts, isGood) in [(good, true), (bad, false)] {
        for text in texts {
          #expect(pattern.fits(text) == isGood, "\(constraint): \(text)")
          let judged = try await database.script(
            "select \(check) from (select \(Self.literal(text))::text as \(column)) t")
          #expect(try judged?.bool(0, 0) == isGood, "\(constraint) in SQL: \(text)")
        }
      }
    }
  }

  private static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
