import Postgres
import TestDatabase
import Testing

@testable import Program

@Suite struct CursorTests {
  private static let parts = [
    "", "a", "12AB00", "2026-11-23", "It Bûtenplak", "👩🏽‍🏫", String(repeating: "ž", count: 500), "\u{1E}", "~~~???>>>",
    "0193b6a0-0001-7000-8000-000000000001", "\n", "\"\\{}",
  ]

  @Test("What app.cursor writes is read back, whatever the sort keys are")
  func roundTrip() async throws {
    try await TestDatabase.fresh().with("beeld_app") { database in
      for count in 1...3 {
        for first in Self.parts {
          let keys = [first] + (1..<count).map { _ in Self.parts.randomElement()! }
          let rows = try await database.read(Segment(Statement("select app.cursor(variadic $1)")(.texts(keys))))
          let text = try #require(rows.string(0, 0))
          #expect(Cursor(text, count: count)?.keys == keys)
          #expect(Cursor(text, count: count + 1) == nil, "a cursor of another list is refused")
          let isSafe = text.utf8.allSatisfy {
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0)
          }
          #expect(isSafe)
        }
      }
    }
  }

  @Test("Null is read as the empty key")
  func null() async throws {
    let text = try await TestDatabase.fresh().script("select app.cursor(null, 'b')")?.string(0, 0)
    #expect(Cursor(try #require(text), count: 2)?.keys == ["", "b"])
  }

  @Test(
    "Nothing else is a cursor",
    arguments: [
      "A", "YQ==", "YR", "Y Q", "YQ\n", "Y+Q", "_w", "gA", "AA", "é", "\u{0}", "YQB", "7aCA",
    ])
  func refused(text: String) {
    #expect(Cursor(text, count: 1) == nil)
  }

  @Test("Base64URL is PostgreSQL's base64 with the other alphabet, for every length, and has one spelling")
  func base64() async throws {
    try await TestDatabase.empty().with { database in
      var generator = SystemRandomNumberGenerator()
      for length in 0...100 {
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = Base64URL.encode(bytes)
        let rows = try await database.read(
          Segment(
            Statement(#"select translate(rtrim(encode($1::bytea, 'base64'), '='), E'+/\n', '-_')"#)(.binary(bytes))))
        #expect(rows.string(0, 0) == text)
        #expect(Base64URL.decode(text) == bytes)
        guard let last = text.last else { continue }
        let spellings = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".filter {
          Base64URL.decode(text.dropLast() + String($0)) == bytes
        }
        #expect(spellings == String(last))
      }
    }
  }
}
