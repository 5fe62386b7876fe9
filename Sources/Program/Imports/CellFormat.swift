/// A cell's bytes as UTF-8, without the spaces around it, not empty.
typealias Cell = ArraySlice<UInt8>

/// What a column's cells look like: reads one, and writes it as PostgreSQL is to have it.
struct CellFormat: Sendable {
  /// What is wrong with a cell.
  struct Objection {
    let code: ImportFault.Code
    var arguments: [String] = []
  }

  /// Writes the value of `cell`, or says what is wrong with it; `row` is for formats that look at their neighbours.
  let write: @Sendable (_ cell: Cell, _ row: CellRow, _ text: inout CopyText) -> Objection?

  /// Text of so many characters at most, without control characters.
  static func text(atMost limit: Int) -> CellFormat {
    CellFormat { cell, _, text in
      if let objection = Self.objection(toText: cell, limit: limit) { return objection }
      text.append(cell)
      return nil
    }
  }

  /// One of the codes, or a name of one, in either case.
  static func oneOf(_ codes: [String], or names: [String: String] = [:]) -> CellFormat {
    let known = (codes.map { ($0, $0) } + names).map { (name: Array($0.0.utf8), code: Array($0.1.utf8)) }
    return CellFormat { cell, _, text in
      let name = cell.map(lowercase)
      guard let found = known.first(where: { $0.name == name }) else {
        return Objection(code: .unknownValue, arguments: codes)
      }
      text.append(found.code)
      return nil
    }
  }

  /// As the constraint `registration_person_number_shape`.
  static let personNumber = CellFormat { cell, _, text in
    let marks: [UInt8] = [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")]
    guard cell.count <= 32, cell.first.map(isAlphanumeric) == true,
      cell.allSatisfy({ isAlphanumeric($0) || marks.contains($0) })
    else { return Objection(code: .personNumber) }
    text.append(cell)
    return nil
  }

  /// As the constraint `registration_email_shape`.
  static let email = CellFormat { cell, _, text in
    if let objection = objection(toText: cell, limit: 254) { return objection }
    let parts = cell.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !hasSpace(cell),
      parts[1].dropFirst().dropLast().contains(UInt8(ascii: "."))
    else { return Objection(code: .email) }
    text.append(cell)
    return nil
  }

  /// Full-time equivalent: more than 0, at most 1.5, point or comma, no more than the four decimals that are kept.
  static let fte = CellFormat { cell, _, text in
    guard let value = tenThousandths(cell), value > 0, value <= 15_000 else { return Objection(code: .fte) }
    text.append("\(value)e-4".utf8)
    return nil
  }

  /// A day, `YYYY-MM-DD` or `DD-MM-YYYY`.
  static let date = CellFormat { cell, _, text in
    guard let date = day(cell) else { return Objection(code: .date) }
    text.append(date.description.utf8)
    return nil
  }

  /// A day after the one in the column `first`, if that one is a day at all.
  static func date(after first: String) -> CellFormat {
    date(besides: first) { $0 <= $1 ? .dateOrder : nil }
  }

  /// The day in the column `first` or a later one.
  static func date(notBefore first: String) -> CellFormat {
    date(besides: first) { $0 < $1 ? .debriefOrder : nil }
  }

  private static func date(
    besides first: String, _ refuse: @escaping @Sendable (CivilDate, CivilDate) -> ImportFault.Code?
  ) -> CellFormat {
    CellFormat { cell, row, text in
      guard let date = day(cell) else { return Objection(code: .date) }
      if let other = row.cell(first).flatMap(day), let code = refuse(date, other) { return Objection(code: code) }
      text.append(date.description.utf8)
      return nil
    }
  }
}

extension CellFormat {
  static func objection(toText cell: Cell, limit: Int) -> Objection? {
    var characters = 0
    var previous: UInt8 = 0
    for byte in cell {
      // U+0080 to U+009F, the second block of control characters, are C2 80 to C2 9F.
      if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return Objection(code: .controlCharacter) }
      if byte & 0xC0 != 0x80 { characters += 1 }
      previous = byte
    }
    return characters > limit ? Objection(code: .tooLong, arguments: [String(limit)]) : nil
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isCapital(uppercase(byte)) }
  static func isCapital(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
  static func uppercase(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte }
  static func lowercase(_ byte: UInt8) -> UInt8 { isCapital(byte) ? byte + 0x20 : byte }

  /// Any character that Unicode calls white space.
  private static func hasSpace(_ cell: Cell) -> Bool {
    if cell.allSatisfy({ $0 < 0x80 }) { return cell.contains(0x20) }
    return String(decoding: cell, as: UTF8.self).unicodeScalars.contains { $0.properties.isWhitespace }
  }

  private static func number(_ digits: Cell) -> Int? {
    var value = 0
    for digit in digits {
      guard isDigit(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value
  }

  static func day(_ cell: Cell) -> CivilDate? {
    guard cell.count == 10 else { return nil }
    let parts = cell.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].count == 2,
      let first = number(parts[0]), let month = number(parts[1]), let last = number(parts[2])
    else { return nil }
    return switch parts[0].count {
    case 4: CivilDate(year: first, month: month, day: last)
    case 2: CivilDate(year: last, month: month, day: first)
    default: nil
    }
  }

  private static func tenThousandths(_ cell: Cell) -> Int? {
    let separator = cell.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    let whole = cell[..<(separator ?? cell.endIndex)]
    let fraction = separator.map { cell[($0 + 1)...] } ?? []
    guard !whole.isEmpty, whole.count <= 4, separator == nil || !fraction.isEmpty, fraction.count <= 12,
      fraction.dropFirst(4).allSatisfy({ $0 == UInt8(ascii: "0") }),
      let units = number(whole), let parts = number(fraction.prefix(4))
    else { return nil }
    let scale = [10_000, 1000, 100, 10, 1][min(fraction.count, 4)]
    return units * 10_000 + parts * scale
  }
}
