import Testing

@testable import Program

@Suite struct LanguageTests {
  @Test(
    "The best of ours is chosen as RFC 9110 weighs them, Dutch where none fits",
    arguments: [
      (nil, Language.dutch), ("", .dutch), ("nl", .dutch), ("en", .english), ("EN", .english), ("en-GB", .english),
      ("nl-BE", .dutch), ("fy", .dutch), ("fy, en", .english), ("de-DE,de;q=0.9,en;q=0.8", .english),
      ("nl;q=0.5, en;q=0.6", .english), ("en;q=0.5, nl;q=0.6", .dutch), ("en, nl", .english), ("nl, en", .dutch),
      ("en;q=0", .dutch), ("en;q=0, nl;q=0.1", .dutch), ("nl;q=0, en;q=0.1", .english), ("*", .dutch),
      ("*;q=0.1, en;q=0.2", .english), ("en ; q=0.9 , nl;q=0.1", .english), ("en;q=0.001", .english),
      ("en;q=1.0,nl;q=1", .english), ("english", .dutch), ("en_GB", .dutch), (";;;,,,q=", .dutch),
      ("en;q=abc", .dutch), ("en;q=-1", .dutch), ("\u{0}", .dutch), ("en\t;\tq=1", .english),
    ] as [(String?, Language)])
  func preferred(header: String?, language: Language) {
    #expect(Language(acceptLanguage: header) == language)
  }

  @Test("A language that is refused outright is not served where the other is accepted by the wildcard")
  func refusedDutch() {
    #expect(Language(acceptLanguage: "nl;q=0, *") == .english)
  }

  @Test("A header of any length is read in the end")
  func long() {
    #expect(Language(acceptLanguage: String(repeating: "x-y;q=0.1,", count: 3000) + "en") == .english)
  }
}
