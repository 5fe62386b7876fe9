/// Reads CSV (RFC 4180 and what spreadsheets make of it) from chunks of any size, in bounded memory.
///
/// Delimiter `,` or `;`, whichever the header has more of; lines end in LF, CRLF or CR; quotes may hold delimiters,
/// line ends and doubled quotes; spaces around quotes do not matter; a byte order mark and empty lines are passed over.
/// Nothing is guessed: what is not as it should be becomes a defect of its record, with line, field and position.
/// After a fatal defect the rest of the file is not read.
public struct CSVReader: Sendable {
  /// The longest record, in bytes: beyond it a quote was surely left open, or it is no CSV at all.
  public static let recordLimit = 256 * 1024
  /// The most fields in a record.
  public static let fieldLimit = 1000

  public let encoding: TextEncoding
  /// What separates fields, `,` or `;`; a comma until the header's line has been seen.
  public private(set) var delimiter = UInt8(ascii: ",")
  /// A fatal defect was met: what follows is not read.
  public private(set) var hasEnded = false

  private enum State {
    case start, unquoted, quoted, quoteInQuoted, afterQuote
  }

  private var heading: HeadingLine? = HeadingLine()
  private var record = CSVRecord()
  private var state = State.start
  private var line = 1
  private var lastWasReturn = false
  private var fieldStart = 0
  private var fieldLine = 1
  private var needsInspection = false

  /// - Parameter encoding: as `EncodingSurvey` found it.
  public init(encoding: TextEncoding) { self.encoding = encoding }

  /// Takes the next bytes, and hands over each record that ends in them; the first is the header.
  public mutating func feed<Failure>(
    _ chunk: [UInt8], _ body: (CSVRecord) throws(Failure) -> Void
  ) throws(Failure) {
    guard heading != nil else { return try consume(chunk, body) }
    heading?.append(chunk)
    if heading?.isComplete == true { try open(body) }
  }

  /// There are no more bytes: hands over the record that has no line end, if there is one.
  public mutating func finish<Failure>(_ body: (CSVRecord) throws(Failure) -> Void) throws(Failure) {
    if heading != nil { try open(body) }
    if hasEnded { return }
    if state == .quoted {
      return try fail(.unclosedQuote, at: fieldLine, body)
    }
    if state != .start || !record.ends.isEmpty {
      endField()
      try endRecord(body)
    }
    hasEnded = true
  }

  private mutating func open<Failure>(_ body: (CSVRecord) throws(Failure) -> Void) throws(Failure) {
    guard let line = heading else { return }
    heading = nil
    delimiter = line.delimiter
    let bytes = line.text
    if bytes.isEmpty { return try fail(.emptyFile, at: 1, body) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return try fail(.utf16, at: 1, body) }
    try consume(bytes, body)
  }

  private mutating func consume<Failure>(
    _ chunk: [UInt8], _ body: (CSVRecord) throws(Failure) -> Void
  ) throws(Failure) {
    var position = 0
    while position < chunk.count, !hasEnded {
      position = takeRun(of: chunk, from: position)
      if record.bytes.count > Self.recordLimit {
        return try fail(.recordTooLong(limit: Self.recordLimit), at: record.line, body)
      }
      if position < chunk.count {
        try takeSpecial(chunk[position], body)
        position += 1
      }
    }
  }

  /// Copies bytes that mean nothing but themselves; returns where the first other one is.
  private mutating func takeRun(of chunk: [UInt8], from start: Int) -> Int {
    guard state == .unquoted || state == .quoted else { return start }
    let separator = state == .unquoted ? delimiter : UInt8(ascii: "\"")
    var seen: UInt8 = 0
    let end = chunk.withUnsafeBufferPointer { bytes in
      var position = start
      while position < bytes.count {
        let byte = bytes[position]
        if byte < 0x20 || byte == 0x22 || byte == separator || byte == 0x7F { break }
        seen |= byte
        position += 1
      }
      record.bytes.append(contentsOf: bytes[start..<position])
      return position
    }
    if seen >= 0x80 { needsInspection = true }
    if end > start { lastWasReturn = false }
    return end
  }

  private mutating func takeSpecial<Failure>(
    _ byte: UInt8, _ body: (CSVRecord) throws(Failure) -> Void
  ) throws(Failure) {
    let followsReturn = lastWasReturn
    lastWasReturn = byte == 0x0D
    if byte == 0x0D || (byte == 0x0A && !followsReturn) { line += 1 }

    switch (state, byte) {
    case (.quoted, 0x22): state = .quoteInQuoted
    case (.quoted, _): keep(byte)
    case (.quoteInQuoted, 0x22):
      keep(byte)
      state = .quoted
    case (_, 0x0A) where followsReturn && state == .start && record.ends.isEmpty: break
    case (_, 0x0A), (_, 0x0D):
      endField()
      try endRecord(body)
    case (_, delimiter):
      endField()
      if record.ends.count >= Self.fieldLimit {
        try fail(.tooManyFields(limit: Self.fieldLimit), at: record.line, body)
      }
    case (.start, 0x22): state = .quoted
    case (.unquoted, 0x22) where record.bytes[fieldStart...].allSatisfy { $0 == 0x20 }:
      record.bytes.removeSubrange(fieldStart...)
      state = .quoted
    case (.start, _):
      state = .unquoted
      keep(byte)
    case (.unquoted, _): keep(byte)
    case (.quoteInQuoted, 0x20), (.afterQuote, 0x20): state = .afterQuote
    case (.quoteInQuoted, _), (.afterQuote, _):
      note(.textAfterQuote, line: line, position: record.bytes.count - fieldStart + 1)
      state = .unquoted
      keep(byte)
    }
  }

  private mutating func keep(_ byte: UInt8) {
    if byte < 0x20 || byte >= 0x7F { needsInspection = true }
    record.bytes.append(byte)
  }

  private mutating func endField() {
    if needsInspection { inspectField() }
    record.ends.append(record.bytes.count)
    state = .start
    fieldStart = record.bytes.count
    fieldLine = line
    needsInspection = false
  }

  private mutating func endRecord<Failure>(_ body: (CSVRecord) throws(Failure) -> Void) throws(Failure) {
    if !record.isBlank {
      try body(record)
      record.number += 1
    }
    record.begin(line: line)
    fieldStart = 0
    fieldLine = line
  }

  private mutating func fail<Failure>(
    _ reason: CSVDefect.Reason, at line: Int, _ body: (CSVRecord) throws(Failure) -> Void
  ) throws(Failure) {
    note(reason, line: line, position: 1)
    hasEnded = true
    try body(record)
  }

  private mutating func note(_ reason: CSVDefect.Reason, line: Int, position: Int) {
    let field = record.ends.count
    // One of a field is enough: a file of noise would otherwise be answered by another of complaints.
    if record.defects.last?.field == field, record.defects.last?.isFatal == false { return }
    record.defects.append(
      CSVDefect(reason: reason, line: line, record: record.number, field: field, position: position))
  }

  /// Makes UTF-8 of the field that has just been read, if it is not, and looks for broken bytes in it.
  private mutating func inspectField() {
    let raw = record.bytes[fieldStart...]
    var characters = FieldCharacters(encoding: encoding)
    characters.read(raw)
    if let broken = characters.broken {
      note(.brokenByte(broken.byte), line: fieldLine + broken.linesBefore, position: broken.position)
    } else if encoding == .windows1252 {
      record.bytes.replaceSubrange(fieldStart..., with: characters.text)
    }
  }
}
