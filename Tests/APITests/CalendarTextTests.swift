import Testing

@testable import API

@Suite("A line of a calendar")
struct CalendarTextTests {
  private static func line(_ content: String) -> [String] {
    var text = CalendarText()
    text.line(content)
    return String(decoding: text.bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test("of 75 octets is one, of more goes on after a space")
  func folding() {
    let seventyFive = String(repeating: "x", count: 75)
    #expect(Self.line(seventyFive) == [seventyFive, ""])
    #expect(Self.line(seventyFive + "y") == [seventyFive, " y", ""])
    let seventyFour = String(repeating: "z", count: 74)
    #expect(Self.line(seventyFive + seventyFour + "y") == [seventyFive, " " + seventyFour, " y", ""])
    #expect(Self.line("") == ["", ""])
  }

  @Test("is never folded within a character", arguments: ["é", "€", "🎒"])
  func characters(character: String) {
    for start in 0..<80 {
      let content = String(repeating: "x", count: start) + String(repeating: character, count: 80)
      let lines = Self.line(content)
      #expect(lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\u{FFFD}") })
      #expect(lines.dropLast().enumerated().map { $0 == 0 ? $1 : String($1.dropFirst()) }.joined() == content)
    }
  }

  @Test("holds what would end a value or a line only escaped")
  func escapes() {
    #expect(CalendarText.escaped(#"a;b,c\d"# + "\ne\r\nf:g\"") == #"a\;b\,c\\d\ne\nf:g""#)
  }
}
