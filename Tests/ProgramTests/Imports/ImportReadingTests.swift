import Testing

@testable import Program

@Suite("Rows of an import")
struct ImportReadingTests {
  @Test("of staff are read in any order of columns, spelling of dates and numbers")
  func staff() {
    let seen = ImportSeen(
      .staff,
      """
      teaching_since;From;until;FTE;job;school_code;Email; name ;person_number;colour
      01-08-2023;2023-08-01;;0,8;Teacher;15ib00; an@example.org ; An\u{A0}de Wit \u{A0};P-1;blue
      ;2023-08-01;31-12-2023;1;support;15IB01;;Bo;P2;
      """)
    #expect(seen.faults.isEmpty)
    #expect(seen.header?.unknownColumns == ["colour"])
    #expect(
      seen.rows == [
        "P-1|An\u{A0}de Wit|an@example.org|15IB00|teacher|8000e-4|2023-08-01|\\N|2023-08-01",
        "P2|Bo|\\N|15IB01|support|10000e-4|2023-08-01|2023-12-31|\\N",
      ])
  }

  @Test("of schools are the same in the old shape and in the new one, with a whole location code or its end")
  func shapes() {
    let expected = ["12AB00|'t Hof|41573|Laan|1-3|9001 AB|GROU|LEEUWARDEN|Openbaar|\\N|www.example.org"]
    let old = """
      BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES
      41573;12AB;12AB00;'t Hof;Laan;1-3;9001 AB;GROU;LEEUWARDEN;Openbaar; ;www.example.org
      """
    let new =
      "\u{FEFF}"
      + old.split(separator: "\n").map { line in
        line.split(separator: ";").map { "\"\($0)\"" }.joined(separator: ",")
      }.joined(separator: "\r\n")
      .replacing("BRIN NUMMER", with: "INSTELLINGSCODE").replacing("VESTIGINGSNUMMER", with: "VESTIGINGSCODE")
    for text in [old, new, new.replacing("\"12AB00\"", with: "\"00\"").replacing("9001 AB", with: "9001ab")] {
      let seen = ImportSeen(.schools, text)
      #expect(seen.faults.isEmpty)
      #expect(seen.rows == expected)
    }
  }

  @Test(
    "that are wrong say in which column and why",
    arguments: [
      ("P 1,An,,15IB00,teacher,1,2023-08-01,,", "person_number", .personNumber),
      (",An,,15IB00,teacher,1,2023-08-01,,", "person_number", .required),
      ("P1, ,,15IB00,teacher,1,2023-08-01,,", "name", .required),
      ("P1,\"A\tn\",,15IB00,teacher,1,2023-08-01,,", "name", .controlCharacter),
      ("P1,\"A\nn\",,15IB00,teacher,1,2023-08-01,,", "name", .controlCharacter),
      ("P1,A\u{85}n,,15IB00,teacher,1,2023-08-01,,", "name", .controlCharacter),
      ("P1,\(String(repeating: "é", count: 201)),,15IB00,teacher,1,2023-08-01,,", "name", .tooLong),
      ("P1,An,an@example,15IB00,teacher,1,2023-08-01,,", "email", .email),
      ("P1,An,a n@example.org,15IB00,teacher,1,2023-08-01,,", "email", .email),
      ("P1,An,a@n@example.org,15IB00,teacher,1,2023-08-01,,", "email", .email),
      ("P1,An,,15I,teacher,1,2023-08-01,,", "school_code", .schoolCode),
      ("P1,An,,00,teacher,1,2023-08-01,,", "school_code", .schoolCode),
      ("P1,An,,15IB00,juf,1,2023-08-01,,", "job", .unknownValue),
      ("P1,An,,15IB00,teacher,0,2023-08-01,,", "fte", .fte),
      ("P1,An,,15IB00,teacher,\"1,5001\",2023-08-01,,", "fte", .fte),
      ("P1,An,,15IB00,teacher,0.33333,2023-08-01,,", "fte", .fte),
      ("P1,An,,15IB00,teacher,-1,2023-08-01,,", "fte", .fte),
      ("P1,An,,15IB00,teacher,.,2023-08-01,,", "fte", .fte),
      ("P1,An,,15IB00,teacher,1e9,2023-08-01,,", "fte", .fte),
      ("P1,An,,15IB00,teacher,1,2023-02-29,,", "from", .date),
      ("P1,An,,15IB00,teacher,1,1-8-2023,,", "from", .date),
      ("P1,An,,15IB00,teacher,1,2023/08/01,,", "from", .date),
      ("P1,An,,15IB00,teacher,1,1899-12-31,,", "from", .date),
      ("P1,An,,15IB00,teacher,1,2023-08-01,01-08-2023,", "until", .dateOrder),
      ("P1,An,,15IB00,teacher,1,2023-08-01,infinity,", "until", .date),
      ("P1,An,,15IB00,teacher,1,2023-08-01,,soon", "teaching_since", .date),
      ("P1,An,,15IB00,teacher,1,2023-08-01,", nil, .wrongFieldCount),
      ("P1,An,,15IB00,teacher,1,2023-08-01,,,", nil, .wrongFieldCount),
    ] as [(String, String?, ImportFault.Code)])
  func faults(row: String, column: String?, code: ImportFault.Code) {
    let good = "P7,Bo,bo@example.org,15IB00,teacher,\"0,5\",2023-08-01,,\n"
    let seen = ImportSeen(.staff, ImportSeen.staffHeading + good + row + "\n" + good)
    #expect(seen.faults.map(\.column) == [column])
    #expect(seen.faults.map(\.code) == [code])
    #expect(seen.faults.map(\.line) == [3])
    #expect(seen.rows.count == 2)
    #expect(seen.rowCount == 3)
  }

  @Test("are all looked at: every fault of every row is told, also several of one row")
  func several() {
    let seen = ImportSeen(.staff, ImportSeen.staffHeading + "P 1,,x,y,z,0,a,b,c\n" + "P 2,,x,y,z,0,a,b,c\n")
    #expect(seen.faults.count == 18)
    #expect(seen.rows.isEmpty)
  }

  @Test("of a file with a broken byte name line, column, position and byte")
  func brokenByte() {
    let text =
      Array((ImportSeen.staffHeading + "P1,Zoë,,15IB00,teacher,1,2023-08-01,,\nP2,Bé").utf8)
      + [0xE9] + Array("la,,15IB00,teacher,1,2023-08-01,,\n".utf8)
    let seen = ImportSeen(.staff, text)
    #expect(seen.faults.map(\.line) == [3])
    #expect(seen.faults.first?.column == "name")
    #expect(seen.faults.first?.arguments == ["0xe9", "3", "UTF-8"])
    #expect(
      seen.faults.first?.text(in: .dutch) == "kapotte byte 0xe9 op positie 3: geen teken in UTF-8")
  }

  @Test("cannot be had without their columns, or with one of them twice")
  func columns() {
    let seen = ImportSeen(.staff, "person_number,name,NAME,school_code,job,fte,from,teaching_since\n")
    #expect(
      Set(seen.faults.map { "\($0.column ?? "") \($0.code.rawValue)" })
        == ["email missing_column", "until missing_column", "NAME doubled_column"])
    #expect(ImportSeen(.schools, "a;b\n1;2\n").faults.count == 11)
    #expect(ImportSeen(.staff, ImportSeen.staffHeading).faults.map(\.code) == [.noRows])
    #expect(ImportSeen(.staff, "").faults.map(\.code) == [.emptyFile])
  }

  @Test("that are past counting are counted, and only the first are listed")
  func bounded() {
    let rows = String(repeating: "P 1,An,,15IB00,teacher,1,2023-08-01,,\n", count: 3000)
    let seen = ImportSeen(.staff, ImportSeen.staffHeading + rows)
    #expect(seen.faults.count == 1000)
    #expect(seen.faultCount == 3000)
  }

  @Test("escape what COPY would take for its own")
  func escaping() {
    let seen = ImportSeen(.staff, ImportSeen.staffHeading + "P1,A\\N \\t\\.,,15IB00,teacher,1,2023-08-01,,\n")
    #expect(seen.rows == ["P1|A\\\\N \\\\t\\\\.|\\N|15IB00|teacher|10000e-4|2023-08-01|\\N|\\N"])
  }

  @Test("of any bytes at all never end in anything but rows and faults")
  func noise() {
    var random = SplitMix(seed: 41_573)
    let seed = Array(
      (ImportSeen.staffHeading + "P1,Zoë,z@example.org,15IB00,teacher,\"0,8\",2023-08-01,2024-08-01,\n").utf8)
    for _ in 0..<5000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(Array("\",;\r\n\t \\".utf8).randomElement(using: &random)!, at: place)
        }
      }
      let seen = ImportSeen(.staff, bytes)
      #expect(seen.rows.allSatisfy { $0.utf8.count { $0 == UInt8(ascii: "|") } >= 8 }, "\(bytes)")
      for language in Language.allCases { #expect(seen.faults.allSatisfy { !$0.text(in: language).isEmpty }) }
    }
  }

  @Test(
    "of a register take its day from the file's name",
    arguments: [
      ("duo-vestigingen-bo-2021-10.csv", "2021-10-01"), ("02_alle_vestigingen_2024_02_15.csv", "2024-02-15"),
      ("bo20230901.csv", "2023-09-01"), ("2019-2020 bo 2021-10.csv", "2021-10-01"), ("12-alle-vestigingen.csv", nil),
      ("bo-2021.csv", nil), ("bo-2021-13.csv", nil), ("", nil),
    ] as [(String, String?)])
  func fileDates(name: String, date: String?) {
    #expect(ImportOptions.date(inFileName: name)?.description == date)
  }
}

/// Everything that reading a file of a kind leads to, without the line numbers and ids.
struct ImportSeen {
  static let staffHeading = "person_number,name,email,school_code,job,fte,from,until,teaching_since\n"

  var rows: [String] = []
  var faults: [ImportFault] = []
  var faultCount = 0
  var rowCount = 0
  var header: ImportHeader?

  init(_ kind: ImportKind, _ text: String) { self.init(kind, Array(text.utf8)) }

  init(_ kind: ImportKind, _ bytes: [UInt8]) {
    let file = ImportFile([bytes])
    var reading = ImportReading(kind, encoding: file.encoding, faultLimit: 1000)
    let text = reading.feed(bytes) + reading.finish()
    rows = String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).dropFirst(1 + kind.idCount).joined(separator: "|")
    }
    faults = reading.faults.listed
    faultCount = reading.faults.count
    rowCount = reading.rowCount
    header = reading.header
  }
}
