import Testing

@testable import Reports

@Suite("Cells of CSV")
struct CSVCellTests {
  @Test(
    "What a spreadsheet would run begins with an apostrophe, and nothing else does",
    arguments: [
      ("=1+1", "'=1+1"), ("+31 6 12345678", "'+31 6 12345678"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
      ("\t=1", "\"'\t'=1\""), ("\r=1", "\"'\r'=1\""), ("'t Hart", "''t Hart"), ("'", "''"),
      ("Jan;=1+1", "\"Jan;'=1+1\""),
      ("a\n-b", "\"a\n'-b\""), ("a;b", "\"a;b\""), ("12-3", "12-3"), ("a=b", "a=b"), ("–", "–"),
      ("It Bûtenplak", "It Bûtenplak"),
      ("-114", "-114"), ("114", "114"), ("-", "'-"), ("--1", "'--1"), ("-1.5", "'-1.5"), ("", ""), (" =1", "\" =1\""),
      ("\"x\"", "\"\"\"x\"\"\""), ("a,b", "\"a,b\""),
    ])
  func defused(cell: String, written: String) {
    #expect(Self.written(cell.utf8) == Array(written.utf8))
  }

  @Test("Any bytes at all come back as they were, and none begins a cell that could run")
  func reversible() throws {
    var chance = SeededGenerator(seed: 20_261_123)
    let alphabet = Array("=+-@'\t\r\n;, \"0123456789ab\u{E9}".utf8)
    for _ in 0..<20_000 {
      let original = (0..<Int.random(in: 0...12, using: &chance)).map { _ in
        Bool.random(using: &chance)
          ? alphabet.randomElement(using: &chance)! : UInt8.random(in: 0...127, using: &chance)
      }
      let written = Self.written(original)
      let line = String(decoding: Array("x,".utf8) + written + Array(",y\r\n".utf8), as: UTF8.self)
      let fields = try #require(parseCSV(line)?.first, "\(original)")
      try #require(fields.count == 3, "\(original)")
      let expected = Array(String(decoding: original, as: UTF8.self).utf8)
      #expect(CSVCell.undefused(fields[1]) == expected, "\(original)")
      #expect(Self.runs(fields[1]) == false, "\(original)")
    }
  }

  /// Whether some separator would make a cell of this that a spreadsheet runs: independent of how it is written.
  private static func runs(_ cell: [UInt8]) -> Bool {
    let text = String(decoding: cell, as: UTF8.self)
    if text.wholeMatch(of: /-?[0-9]+/) != nil { return false }
    return text.unicodeScalars.split(omittingEmptySubsequences: false) { ";\t\r\n".unicodeScalars.contains($0) }
      .contains { piece in piece.first.map { "=+-@".unicodeScalars.contains($0) } ?? false }
  }

  private static func written(_ cell: some Sequence<UInt8>) -> [UInt8] {
    var bytes = Array("before,".utf8)
    CSVCell.append(cell, to: &bytes)
    return Array(bytes.dropFirst("before,".utf8.count))
  }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
