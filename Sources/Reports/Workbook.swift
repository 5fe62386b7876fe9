import CLibxlsxwriter
import Dispatch
import Glibc

/// A spreadsheet in the making, in a file of its own that goes with it: rows go to disk as they come, and none is kept.
///
/// Made and written by one task, which waits while `finish` works on another thread: nobody ever uses it beside
/// somebody else, which is what makes it safe to hand over.
final class Workbook: @unchecked Sendable {
  /// What libxlsxwriter or the operating system did not do.
  struct Failure: Error, Sendable, CustomStringConvertible {
    let description: String
  }

  /// How a cell is drawn; the numbers and days in it are numbers and days.
  enum Look: CaseIterable {
    case plain, heading, wholeNumber, year, decimal, date
  }

  private static let rowLimit: UInt32 = 1_048_576

  private let folder: String
  private let name: String
  private var book: UnsafeMutablePointer<lxw_workbook>?
  private var sheet: UnsafeMutablePointer<lxw_worksheet>?
  private var formats: [Look: UnsafeMutablePointer<lxw_format>] = [:]
  private var row: UInt32 = 0

  /// - Parameter dateFormat: how days are shown, in the format codes of spreadsheets.
  /// - Throws: `Failure`.
  init(dateFormat: String) throws {
    var template = Array("/tmp/beeld-sheet.XXXXXX".utf8CString)
    // Only for its owner: it names people.
    guard let made = mkdtemp(&template) else {
      throw Failure(description: "no folder for a spreadsheet: \(String(cString: strerror(errno)))")
    }
    folder = String(cString: made)
    name = folder + "/sheet.xlsx"
    var options = lxw_workbook_options(constant_memory: 1, tmpdir: nil, use_zip64: 1)
    book = workbook_new_opt(name, &options)
    guard book != nil else { throw Failure(description: "no memory for a spreadsheet") }
    for look in Look.allCases { formats[look] = format(look, dateFormat) }
  }

  deinit {
    if let book { lxw_workbook_free(book) }
    unlink(name)
    rmdir(folder)
  }

  private func format(_ look: Look, _ dateFormat: String) -> UnsafeMutablePointer<lxw_format>? {
    guard let format = workbook_add_format(book) else { return nil }
    switch look {
    case .plain: break
    case .heading:
      format_set_bold(format)
      format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      format_set_text_wrap(format)
    case .wholeNumber: format_set_num_format(format, "#,##0")
    case .year: format_set_num_format(format, "0")
    case .decimal: format_set_num_format(format, "#,##0.00")
    case .date: format_set_num_format(format, dateFormat)
    }
    return format
  }

  /// What stands among the properties of the document.
  func setProperties(title: String, _ custom: [(name: String, value: String)]) throws {
    try title.withCString { title in
      var properties = lxw_doc_properties()
      properties.title = UnsafeMutablePointer(mutating: title)
      try check(workbook_set_properties(book, &properties))
    }
    for property in custom { try check(workbook_set_custom_property_string(book, property.name, property.value)) }
  }

  /// Begins a sheet: its headings stay in view, and are printed on every page.
  func beginSheet(_ name: String, _ columns: [(heading: String, width: Double, isHidden: Bool)]) throws {
    guard let begun = workbook_add_worksheet(book, name) else { throw Failure(description: "no sheet \(name)") }
    sheet = begun
    worksheet_set_landscape(begun)
    worksheet_set_paper(begun, 9)
    worksheet_fit_to_pages(begun, 1, 0)
    try check(worksheet_repeat_rows(begun, 0, 0))
    for (index, column) in columns.enumerated() {
      let place = UInt16(index)
      var options = lxw_row_col_options(hidden: column.isHidden ? 1 : 0, level: 0, collapsed: 0)
      try check(worksheet_set_column_opt(begun, place, place, column.width, nil, &options))
    }
    row = 0
    for (index, column) in columns.enumerated() { try write(column.heading, at: index, .heading) }
    worksheet_freeze_panes(begun, 1, 0)
  }

  /// Filters over the columns of the sheet, as far as it was written.
  func endSheet(columns: Int) throws {
    try check(worksheet_autofilter(sheet, 0, 0, row, UInt16(max(columns - 1, 0))))
  }

  var isFull: Bool { row + 1 == Self.rowLimit }

  func nextRow() { row += 1 }

  /// A text is a text, whatever is in it: never a formula.
  func write(_ text: String, at column: Int, _ look: Look = .plain) throws {
    try check(worksheet_write_string(sheet, row, UInt16(column), text, formats[look]))
  }

  func write(_ number: Double, at column: Int, _ look: Look) throws {
    try check(worksheet_write_number(sheet, row, UInt16(column), number, formats[look]))
  }

  func write(year: Int, month: Int, day: Int, at column: Int) throws {
    var date = lxw_datetime(year: Int32(year), month: Int32(month), day: Int32(day), hour: 0, min: 0, sec: 0)
    try check(worksheet_write_datetime(sheet, row, UInt16(column), &date, formats[.date]))
  }

  /// Packs what was written, which takes its time, on a thread that may wait for it.
  func finish() async throws {
    let status = await withCheckedContinuation { continuation in
      DispatchQueue.global(qos: .utility).async { continuation.resume(returning: self.close()) }
    }
    try check(status)
  }

  private func close() -> lxw_error {
    defer { book = nil }
    return workbook_close(book)
  }

  /// The packed file, in pieces.
  func read(piece: Int, _ take: (ArraySlice<UInt8>) async throws -> Void) async throws {
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(description: "\(name): \(String(cString: strerror(errno)))") }
    defer { Glibc.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: piece)
    while true {
      let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(description: "\(name): \(String(cString: strerror(errno)))")
      }
      if count == 0 { return }
      try await take(bytes[..<count])
    }
  }

  private func check(_ status: lxw_error) throws {
    guard status == LXW_NO_ERROR else {
      throw Failure(description: lxw_strerror(status).map { String(cString: $0) } ?? "libxlsxwriter gave no reason")
    }
  }
}
