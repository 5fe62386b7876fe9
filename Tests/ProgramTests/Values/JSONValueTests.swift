import Testing

@testable import Program

@Suite("Reading JSON")
struct JSONValueTests {
  private func read(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

  @Test("What is JSON is read, numbers with their text")
  func good() throws {
    #expect(
      try read(#" {"a":[1,-0.50e+1,true,null,"é\n\u00e9\ud83d\ude00/"]} "#)
        == .object([
          .init(name: "a", value: .array([.number("1"), .number("-0.50e+1"), .bool(true), .null, .string("é\né😀/")]))
        ]))
    #expect(try read("[]") == .array([]))
    #expect(try read("{}") == .object([]))
  }

  @Test(
    "What is not is refused with the reason and the place",
    arguments: [
      ("", "truncated", 0), ("[1,]", "syntax", 3), ("[1", "truncated", 2), ("{\"a\":1,}", "syntax", 7),
      ("{\"a\" 1}", "syntax", 5), ("01", "syntax", 1), ("-", "truncated", 1), ("1.", "truncated", 2),
      ("\"\u{1}\"", "syntax", 1), ("\"\\x\"", "syntax", 2), ("\"\\ud800\"", "encoding", 3),
      ("\"\\udc00\"", "encoding", 3),
      ("\"\\u0000\"", "nul", 3), ("{\"a\":1,\"a\":2}", "doubled", 7), ("nulL", "syntax", 0), ("1 2", "syntax", 2),
      (String(repeating: "[", count: 33), "depth", 32), ("NaN", "syntax", 0), ("+1", "syntax", 0),
    ])
  func bad(text: String, reason: String, offset: Int) {
    #expect(throws: JSONValue.Malformed(reason: .init(rawValue: reason) ?? .syntax, offset: offset)) {
      try JSONValue(Array(text.utf8))
    }
  }

  @Test("Bytes that are no UTF-8 are refused, and a megabyte is read in no time")
  func bytes() throws {
    #expect(throws: JSONValue.Malformed.self) { try JSONValue([UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")]) }
    let many = "[" + String(repeating: "1,", count: 500_000) + "1]"
    let started = ContinuousClock.now
    guard case .array(let items) = try read(many) else {
      Issue.record("not an array")
      return
    }
    #expect(items.count == 500_001)
    #expect(ContinuousClock.now - started < .seconds(10))
  }
}
