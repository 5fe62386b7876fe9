import Testing

@testable import Program

@Suite("A CSV file")
struct CSVReaderTests {
  @Test(
    "reads the same however it was written",
    arguments: [
      "code,name\n12AB00,De Brug\n12AB01,\"De \"\"Oude\"\" Brug, noord\"\n",
      "code;name\r\n12AB00;De Brug\r\n12AB01;\"De \"\"Oude\"\" Brug, noord\"\r\n",
      "code,name\r12AB00,De Brug\r12AB01,\"De \"\"Oude\"\" Brug, noord\"\r",
      "\u{FEFF}\"code\",\"name\"\n\"12AB00\",\"De Brug\"\n\"12AB01\",\"De \"\"Oude\"\" Brug, noord\"",
      "\n\ncode,name\n\n12AB00,De Brug\n,\n   \n12AB01,\"De \"\"Oude\"\" Brug, noord\"\n\n",
      "code,name\n12AB00, \"De Brug\" \n12AB01,  \"De \"\"Oude\"\" Brug, noord\"  \n",
    ])
  func spellings(text: String) {
    let seen = CSVSeen(Array(text.utf8))
    #expect(seen.rows == [["code", "name"], ["12AB00", "De Brug"], ["12AB01", "De \"Oude\" Brug, noord"]])
    #expect(seen.defects.isEmpty)
  }

  @Test("keeps quotes, delimiters and line breaks that stand inside a field")
  func insides() {
    let seen = CSVSeen(Array("a;b\n'tis; 6\" disk\n\"x;y\r\nz\";\"\"\n".utf8))
    #expect(seen.rows == [["a", "b"], ["'tis", " 6\" disk"], ["x;y\r\nz", ""]])
    #expect(seen.lines == [1, 2, 3])
  }

  @Test("counts physical lines, also through quoted line breaks of every kind")
  func lines() {
    let seen = CSVSeen(Array("a,b\r\n\"1\r\n2\r3\n4\",x\r\n\r\n5,6\r\n".utf8))
    #expect(seen.rows.count == 3)
    #expect(seen.lines == [1, 2, 7])
  }

  @Test("names the place of what is wrong with it")
  func places() {
    let text = "a,b,c\n1,2,3\n4,\"5\"x,6\n7,8,9\u{1}\n\"o\np\u{7F}\",q,r\ns,t,\"u\nv\n"
    let defects = CSVSeen(Array(text.utf8)).defects
    #expect(
      defects == [
        CSVDefect(reason: .textAfterQuote, line: 3, record: 2, field: 1, position: 2),
        CSVDefect(reason: .brokenByte(1), line: 4, record: 3, field: 2, position: 2),
        CSVDefect(reason: .brokenByte(0x7F), line: 6, record: 4, field: 0, position: 4),
        CSVDefect(reason: .unclosedQuote, line: 7, record: 5, field: 2, position: 1),
      ])
  }

  @Test("that holds nothing, or UTF-16, is told to do so")
  func nothing() {
    #expect(CSVSeen([]).defects.map(\.reason) == [.emptyFile])
    #expect(CSVSeen([0xEF, 0xBB, 0xBF]).defects.map(\.reason) == [.emptyFile])
    #expect(CSVSeen([0xFF, 0xFE, 0x61, 0, 0x2C, 0, 0x62, 0]).defects.map(\.reason) == [.utf16])
  }

  @Test("gives up on a quote left open before it has swallowed the file")
  func swallowed() {
    let noise = [UInt8](repeating: UInt8(ascii: "x"), count: 3 * CSVReader.recordLimit)
    let seen = CSVSeen(Array("a,b\n1,\"".utf8) + noise)
    #expect(seen.defects.map(\.reason) == [.recordTooLong(limit: CSVReader.recordLimit)])
    #expect(seen.defects.first?.line == 2)
    let wide = CSVSeen(Array("a,b\n".utf8) + [UInt8](repeating: UInt8(ascii: ","), count: 5000))
    #expect(wide.defects.map(\.reason) == [.tooManyFields(limit: CSVReader.fieldLimit)])
  }

  @Test("reads the same whatever the chunks it comes in")
  func chunks() {
    let text =
      Array("\u{FEFF}a;bë;c\r\n\"1\r\n\"\"2\"\"\";é\u{301};\r\r\n'3;\"ü\" ;x\u{2}y\n\"z\";;\"".utf8) + [0xC3, 0x0A]
    let whole = CSVSeen(text)
    for split in 0...text.count {
      #expect(CSVSeen(chunks: [Array(text[..<split]), Array(text[split...])]) == whole)
    }
    #expect(CSVSeen(chunks: text.map { [$0] }) == whole)
  }

  @Test("of any bytes at all is read to its end, twice the same")
  func noise() {
    var random = SplitMix(seed: 20_261_123)
    let alphabet: [UInt8] =
      Array("ab 1;,\"\n\r\t".utf8) + [0, 0x7F, 0xC3, 0xAB, 0x80, 0x81, 0xE2, 0x82, 0xAC, 0xFF, 0xFE, 0xEF, 0xBB, 0xBF]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        Bool.random(using: &random)
          ? alphabet.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
      }
      let whole = CSVSeen(bytes)
      #expect(CSVSeen(chunks: bytes.map { [$0] }) == whole, "\(bytes)")
      for row in whole.rows { #expect(row.allSatisfy { $0.utf8.count <= 3 * bytes.count }) }
      for defect in whole.defects { #expect(defect.line <= bytes.count + 1) }
    }
  }
}

@Suite("The encoding of a file")
struct TextEncodingTests {
  private func encoding(_ bytes: [UInt8], chunk: Int = .max) -> TextEncoding {
    var survey = EncodingSurvey()
    var rest = bytes[...]
    while !rest.isEmpty {
      survey.feed(Array(rest.prefix(chunk)))
      rest = rest.dropFirst(chunk)
    }
    return survey.encoding
  }

  @Test("is UTF-8 where all of it is, whatever chunks it comes in")
  func utf8() {
    let text = Array("It Bûtenplak, Ĳsselstein, 學校 🏫 and plain words enough to fill a few machine words".utf8)
    for chunk in 1...20 { #expect(encoding(text, chunk: chunk) == .utf8) }
    #expect(encoding([]) == .utf8)
  }

  @Test("is Windows-1252 where accents are single bytes")
  func windows() {
    #expect(encoding(Array("It B".utf8) + [0xFB] + Array("tenplak".utf8)) == .windows1252)
    // É’ is C9 92, which would also be a whole character of UTF-8.
    #expect(encoding([0xC9, 0x92, 0x20, 0xEB, 0x20, 0xEF]) == .windows1252)
  }

  @Test("stays UTF-8 when one of its bytes is broken")
  func broken() {
    #expect(encoding(Array("Bûtenplak ë ".utf8) + [0xC3, 0x20]) == .utf8)
    #expect(encoding([0xEF, 0xBB, 0xBF, 0x61, 0xEB, 0x62]) == .utf8)
    #expect(encoding(Array("é".utf8) + [0xFF]) == .utf8)
  }

  @Test("is followed: the characters come out as UTF-8, and undefined bytes are broken ones")
  func characters() {
    let bytes = Array("a,b\n".utf8) + [0x80, 0x2C, 0x92, 0x73, 0xFB, 0x9C]
    #expect(CSVSeen(bytes, .windows1252).rows.last == ["€", "’sûœ"])
    for byte: UInt8 in [0x81, 0x8D, 0x8F, 0x90, 0x9D] {
      let seen = CSVSeen(Array("a,b\nx,é".utf8.dropLast(2)) + [0xE9, byte], .windows1252)
      #expect(seen.defects == [CSVDefect(reason: .brokenByte(byte), line: 2, record: 1, field: 1, position: 2)])
    }
  }

  @Test("follows the standard's tables of what is no UTF-8")
  func strictness() {
    let wrong: [[UInt8]] = [
      [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xFF],
    ]
    for bytes in wrong {
      #expect(CSVSeen(Array("a,b\nx,".utf8) + bytes, .utf8).defects.first?.reason == .brokenByte(bytes[0]))
    }
    var random = SplitMix(seed: 8)
    for _ in 0..<50_000 {
      let bytes = (0..<4).map { _ in UInt8.random(in: 0x7E...0xFF, using: &random) }
      var sequence = UTF8Sequence()
      let accepted = bytes.allSatisfy { byte in
        switch sequence.take(byte) {
        case .complete, .pending: true
        case .stray, .strayBefore: false
        }
      }
      #expect((accepted && sequence.isBetween) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
    }
  }
}

/// Everything a reader says of a file.
struct CSVSeen: Equatable {
  var rows: [[String]] = []
  var lines: [Int] = []
  var defects: [CSVDefect] = []

  init(_ bytes: [UInt8], _ encoding: TextEncoding? = nil) { self.init(chunks: [bytes], encoding) }

  init(chunks: [[UInt8]], _ encoding: TextEncoding? = nil) {
    var survey = EncodingSurvey()
    for chunk in chunks { survey.feed(chunk) }
    var reader = CSVReader(encoding: encoding ?? survey.encoding)
    for chunk in chunks { reader.feed(chunk) { note($0) } }
    reader.finish { note($0) }
  }

  private mutating func note(_ record: CSVRecord) {
    rows.append((0..<record.count).map { record.string($0) })
    lines.append(record.line)
    defects += record.defects
  }
}

/// A generator with a seed, so that a failure can be had again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
