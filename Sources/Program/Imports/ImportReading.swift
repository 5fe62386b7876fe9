/// Reads a file of a kind: good rows become text for COPY, everything else a fault.
struct ImportReading {
  let kind: ImportKind
  private(set) var header: ImportHeader?
  private(set) var faults: ImportFaults
  /// Rows below the header, faulty ones included.
  private(set) var rowCount = 0
  private(set) var text = CopyText()

  private var reader: CSVReader
  private var isHeadless = false
  private var ids = IDSource()

  init(_ kind: ImportKind, encoding: TextEncoding, faultLimit: Int) {
    self.kind = kind
    reader = CSVReader(encoding: encoding)
    faults = ImportFaults(limit: faultLimit)
  }

  var encoding: TextEncoding { reader.encoding }
  var delimiter: String { reader.delimiter == UInt8(ascii: ";") ? ";" : "," }
  /// Nothing that follows can be read: for want of a header, or because it is no CSV any more.
  var hasEnded: Bool { reader.hasEnded || isHeadless }

  /// Reads the next bytes; the rows that end in them, for COPY.
  mutating func feed(_ chunk: [UInt8]) -> [UInt8] {
    // The reader cannot hand records to a method of the value that holds it: it is taken out meanwhile.
    var reader = self.reader
    self.reader = CSVReader(encoding: reader.encoding)
    reader.feed(chunk) { take($0) }
    self.reader = reader
    return text.take()
  }

  /// Reads what is left.
  mutating func finish() -> [UInt8] {
    var reader = self.reader
    self.reader = CSVReader(encoding: reader.encoding)
    reader.finish { take($0) }
    self.reader = reader
    if rowCount == 0, faults.isEmpty { faults.append(ImportFault(line: 1, code: .noRows)) }
    return text.take()
  }

  private mutating func take(_ record: CSVRecord) {
    if isHeadless { return }
    guard record.number > 0, let header else { return takeHeader(record) }
    rowCount += 1
    let before = faults.count
    for defect in record.defects { faults.append(fault(of: defect)) }
    if record.defects.contains(where: \.isFatal) { return }
    guard record.count == header.width else {
      let counts = [String(record.count), String(header.width)]
      return faults.append(ImportFault(line: record.line, code: .wrongFieldCount, arguments: counts))
    }
    let row = CellRow(record: record, header: header)
    refuseProse(in: row)
    write(row)
    if faults.count == before { text.endRow() } else { text.discardRow() }
  }

  private mutating func takeHeader(_ record: CSVRecord) {
    for defect in record.defects { faults.append(fault(of: defect)) }
    isHeadless = !faults.isEmpty
    if isHeadless { return }
    let header = ImportHeader(record, of: kind, faults: &faults)
    isHeadless = !faults.isEmpty
    if !isHeadless { self.header = header }
  }

  /// Also in columns that nobody here needs. What it says is not repeated.
  private mutating func refuseProse(in row: CellRow) {
    guard let prose = kind.refusedProse else { return }
    for field in 0..<row.record.count where row.cell(at: field).map(prose.isMeant) == true {
      note(.init(code: .prose), in: row, field)
    }
  }

  private mutating func write(_ row: CellRow) {
    text.append(String(row.record.line).utf8)
    for _ in 0..<kind.idCount { text.append(ids.next().description.utf8) }
    for (index, column) in kind.columns.enumerated() where column.isStored {
      guard let field = row.header.fields[index] else { continue }
      guard let cell = row.cell(at: field) else {
        text.appendNull()
        if column.isRequired { note(.init(code: .required), in: row, field) }
        continue
      }
      if kind.refusedProse?.isMeant(by: cell) == true { continue }
      if let objection = column.format.write(cell, row, &text) { note(objection, in: row, field, cell) }
    }
  }

  private mutating func note(_ objection: CellFormat.Objection, in row: CellRow, _ field: Int, _ cell: Cell? = nil) {
    // Of a broken field the defect has been told; what it would mean is not worth another fault.
    if row.record.defects.contains(where: { $0.field == field }) { return }
    faults.append(
      ImportFault(
        line: row.record.line, column: row.header.label(ofField: field), code: objection.code,
        value: cell.map { String(decoding: $0.prefix(400), as: UTF8.self) }, arguments: objection.arguments))
  }

  private func fault(of defect: CSVDefect) -> ImportFault {
    let column = header?.label(ofField: defect.field) ?? "#\(defect.field + 1)"
    func fault(_ code: ImportFault.Code, _ arguments: [String] = [], in column: String? = column) -> ImportFault {
      ImportFault(line: defect.line, column: column, code: code, arguments: arguments)
    }
    return switch defect.reason {
    case .brokenByte(let byte):
      fault(.brokenByte, [Self.hexadecimal(byte), String(defect.position), encoding.rawValue])
    case .unclosedQuote: fault(.unclosedQuote)
    case .textAfterQuote: fault(.textAfterQuote)
    case .recordTooLong(let limit): fault(.recordTooLong, [String(limit)])
    case .tooManyFields(let limit): fault(.tooManyFields, [String(limit)], in: nil)
    case .utf16: fault(.utf16, in: nil)
    case .emptyFile: fault(.emptyFile, in: nil)
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
