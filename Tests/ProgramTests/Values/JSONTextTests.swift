import Postgres
import TestDatabase
import Testing

@testable import Program

@Suite struct JSONTextTests {
  @Test("PostgreSQL reads back every string that was written, whatever is in it")
  func strings() async throws {
    var generator = SystemRandomNumberGenerator()
    var texts =
      (1...0x7f).map { String(UnicodeScalar(UInt8($0))) } + [
        "", "It Bûtenplak", "👩🏽‍🏫", "\"\\/", "\u{2028}\u{2029}", "</script>", "\u{7f}\u{80}\u{9f}\u{a0}",
        "\u{fffd}\u{ffff}\u{10ffff}",
      ]
    for _ in 1...200 {
      texts.append(
        String(
          String.UnicodeScalarView(
            (0..<20).compactMap { _ in UnicodeScalar(UInt32.random(in: 1...0x10ffff, using: &generator)) })))
    }
    var json = JSONText()
    json.array { list in for text in texts { list.string(text) } }
    let written = String(decoding: json.bytes, as: UTF8.self)
    let rows = try await TestDatabase.empty().with { database in
      try await database.read(
        Segment(
          Statement("select value from json_array_elements_text($1::json) with ordinality order by ordinality")(
            .text(written))))
    }
    #expect((0..<rows.count).map { rows.string($0, 0) ?? "" } == texts)
  }

  @Test("Objects, lists and values of every kind nest in the order of the calls")
  func nesting() {
    var json = JSONText()
    json.object {
      $0.member("a", "x" as String?)
      $0.member("b", nil as String?)
      $0.member("c", -7)
      $0.member("d", nil as Int?)
      $0.member("e", true)
      $0.member("f", nil as Bool?)
      $0.member("g", CivilDate("2026-11-23"))
      $0.member("h", nil as CivilDate?)
      $0.member(named: "i\"", "y")
      $0.key("j")
      $0.array { list in
        list.int(1)
        list.object { _ in }
        list.array { _ in }
        list.null()
        list.bool(false)
        list.object { $0.member("k", 2) }
      }
      $0.member("l", "end" as String?)
    }
    #expect(
      String(decoding: json.bytes, as: UTF8.self)
        == #"{"a":"x","b":null,"c":-7,"d":null,"e":true,"f":null,"g":"2026-11-23","h":null,"i\"":"y","#
        + #""j":[1,{},[],null,false,{"k":2}],"l":"end"}"#)
  }

  @Test("The extremes of whole numbers are written exactly")
  func numbers() {
    var json = JSONText()
    json.array {
      $0.int(.max)
      $0.int(.min)
    }
    #expect(String(decoding: json.bytes, as: UTF8.self) == "[9223372036854775807,-9223372036854775808]")
  }
}
