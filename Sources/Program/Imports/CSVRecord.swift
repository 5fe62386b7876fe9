/// One record of a CSV file, its fields as UTF-8. Reused from record to record: what must outlive the call is copied.
public struct CSVRecord: Sendable {
  /// Ordinal of the record; the header is 0.
  public internal(set) var number = 0
  /// Physical line on which it begins, from 1.
  public internal(set) var line = 1
  /// What is wrong with it as CSV. A field with a defect is there, but means nothing.
  public internal(set) var defects: [CSVDefect] = []

  var bytes: [UInt8] = []
  var ends: [Int] = []

  /// How many fields it has.
  public var count: Int { ends.count }

  /// No field of it has anything but spaces in it: an empty line, or a row that a spreadsheet left behind.
  var isBlank: Bool { defects.isEmpty && bytes.allSatisfy { $0 == 0x20 } }

  func range(_ field: Int) -> Range<Int> { (field == 0 ? 0 : ends[field - 1])..<ends[field] }

  /// The field's text.
  public func string(_ field: Int) -> String { String(decoding: bytes[range(field)], as: UTF8.self) }

  mutating func begin(line: Int) {
    self.line = line
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    if !defects.isEmpty { defects.removeAll() }
  }
}

/// What can be wrong with a file as CSV, before anybody asks what its fields mean.
public struct CSVDefect: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// A byte that is no part of a character in the file's encoding, or a control character.
    case brokenByte(UInt8)
    /// A quote that is opened and never closed.
    case unclosedQuote
    /// Something else than a delimiter follows a closing quote.
    case textAfterQuote
    /// A record longer than the limit, in bytes; often the work of an unclosed quote.
    case recordTooLong(limit: Int)
    /// More fields in a record than the limit.
    case tooManyFields(limit: Int)
    /// The file is UTF-16, as spreadsheets call "Unicode text".
    case utf16
    /// There is nothing in the file.
    case emptyFile
  }

  public let reason: Reason
  /// Physical line, from 1.
  public let line: Int
  /// Ordinal of the record; the header is 0.
  public let record: Int
  /// Ordinal of the field in its record, from 0.
  public let field: Int
  /// Position of the byte in its field, from 1.
  public let position: Int

  /// The reader cannot tell any more where records begin and end.
  public var isFatal: Bool {
    switch reason {
    case .brokenByte, .textAfterQuote: false
    case .unclosedQuote, .recordTooLong, .tooManyFields, .utf16, .emptyFile: true
    }
  }
}
