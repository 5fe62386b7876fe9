/// Why a file cannot be imported, and where.
public struct ImportFault: Hashable, Sendable {
  /// Stable codes, the same for people (`text(in:)`) and machines.
  public enum Code: String, CaseIterable, Sendable {
    case absenceOverlap = "absence_overlap"
    case alreadyInvited = "already_invited"
    case boardNumber = "board_number"
    case brokenByte = "broken_byte"
    case contradiction
    case controlCharacter = "control_character"
    case date
    case dateOrder = "date_order"
    case debriefOrder = "debrief_order"
    case doubled
    case doubledColumn = "doubled_column"
    case email
    case emailTaken = "email_taken"
    case emptyFile = "empty_file"
    case fte
    case inFuture = "in_future"
    case missingColumn = "missing_column"
    case noRows = "no_rows"
    case notATeacher = "not_a_teacher"
    case notHistory = "not_history"
    case overlap
    case personNumber = "person_number"
    case postalCode = "postal_code"
    case prose
    case recordTooLong = "record_too_long"
    case required
    case schoolCode = "school_code"
    case textAfterQuote = "text_after_quote"
    case tooLong = "too_long"
    case tooManyFields = "too_many_fields"
    case unclosedQuote = "unclosed_quote"
    case unknownBoard = "unknown_board"
    case unknownPerson = "unknown_person"
    case unknownSchool = "unknown_school"
    case unknownValue = "unknown_value"
    case utf16
    case wrongFieldCount = "wrong_field_count"
  }

  /// Physical line of the file, from 1.
  public let line: Int
  /// The column's heading as it stands in the file; nil where the fault is not one column's.
  public let column: String?
  public let code: Code
  /// The faulty value, shortened; a cell of the file, so personal data: for the one who imports, never for a log.
  public let value: String?
  /// What the wording needs beside the value, in an order of the code's own.
  public let arguments: [String]

  public init(line: Int, column: String? = nil, code: Code, value: String? = nil, arguments: [String] = []) {
    self.line = line
    self.column = column
    self.code = code
    self.value = value.map(Self.shortened)
    self.arguments = arguments
  }

  /// At most 60 characters, on one line, with nothing in it that a terminal would act upon.
  static func shortened(_ value: String) -> String {
    var text = ""
    for (index, scalar) in value.unicodeScalars.enumerated() {
      if index == 60 { return text + "…" }
      let isShown = scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
      text.unicodeScalars.append(isShown ? scalar : "\u{FFFD}")
    }
    return text
  }
}

/// The faults of a file: all are counted, the first so many are kept.
struct ImportFaults: Sendable {
  private(set) var listed: [ImportFault] = []
  private(set) var count = 0
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { count == 0 }

  mutating func append(_ fault: ImportFault) {
    if count < limit { listed.append(fault) }
    count += 1
  }
}
