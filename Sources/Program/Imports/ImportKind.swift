import Postgres

/// A kind of file that can be imported: its columns, and the SQL functions that know what it means.
///
/// A new kind is one more file here (an extension with its `static let`) and one more in `sql/functions/import_*.sql`
/// with the functions that `import_common.sql` lists.
public struct ImportKind: Sendable {
  /// As it is named on the command line and in the API.
  public let name: String

  /// In the order in which they are copied, after the line number and the ids.
  let columns: [ImportColumn]
  /// Headings, in capitals, that files of this kind have and nobody here needs.
  let passedOver: Set<String>
  /// Text that may not be in such a file, which is refused with it; nil where unknown columns are just passed over.
  let refusedProse: RefusedProse?
  /// What it makes is somebody's: the one who uploads the file, never the operator.
  public let isInSomebodysName: Bool
  /// Headings are shown in lower case where they are expected.
  let showsLowerCase: Bool
  /// How many new ids go with each row.
  let idCount: Int
  /// The temporary table that the rows are copied to, and its columns.
  let table: String
  let begin: Statement
  /// The check and the comparison: whether every row of the file is in the table, and whether it is for good.
  let check: @Sendable (_ options: ImportOptions, _ isComplete: Bool, _ isExclusive: Bool) -> BoundStatement
  let counts: Statement
  let changes: Statement
  let apply: Statement

  /// Every kind there is.
  public static let all: [ImportKind] = [.schools, .staff, .absences, .pastRecordings, .referrals]

  /// The kind of this name; nil when there is none.
  public init?(named name: String) {
    guard let kind = Self.all.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  init(
    name: String, columns: [ImportColumn], passedOver: Set<String> = [], refusedProse: RefusedProse? = nil,
    isInSomebodysName: Bool = false, showsLowerCase: Bool, idCount: Int, table: String, begin: Statement,
    check: @escaping @Sendable (ImportOptions, Bool, Bool) -> BoundStatement, counts: Statement, changes: Statement,
    apply: Statement
  ) {
    self.name = name
    self.columns = columns
    self.passedOver = passedOver
    self.refusedProse = refusedProse
    self.isInSomebodysName = isInSomebodysName
    self.showsLowerCase = showsLowerCase
    self.idCount = idCount
    self.table = table
    self.begin = begin
    self.check = check
    self.counts = counts
    self.changes = changes
    self.apply = apply
  }
}

/// What the one who imports can choose.
public struct ImportOptions: Sendable {
  /// Schools: only the locations of the board with this number.
  public var board: String?
  /// Schools: the day of which the file speaks; nil for today, by the database's clock.
  public var date: CivilDate?
  /// Absences and referrals: only of people who work at these schools, or are about to; nil for the whole board.
  public var schools: [UUIDv7]?
  /// How many faults are listed; all are counted.
  public var faultLimit = 1000
  /// How many changes are listed; all are counted.
  public var changeLimit = 1000

  public init(board: String? = nil, date: CivilDate? = nil, schools: [UUIDv7]? = nil) {
    self.board = board
    self.date = date
    self.schools = schools
  }

  /// The day in a file's name, such as `…-2021-10.csv` (the first of the month) or `…_2021-10-15.csv`; the last one
  /// where there are more.
  public static func date(inFileName name: String) -> CivilDate? {
    let parts = name.split { !$0.isASCII || !$0.isNumber }
    func number(_ index: Int, length: Int) -> Int? {
      index < parts.count && parts[index].count == length ? Int(parts[index]) : nil
    }
    func isJoined(_ index: Int) -> Bool {
      guard index + 1 < parts.count else { return false }
      let between = name[parts[index].endIndex..<parts[index + 1].startIndex]
      return between == "-" || between == "_"
    }
    for index in parts.indices.reversed() {
      if parts[index].count == 8, let digits = Int(parts[index]),
        let date = CivilDate(year: digits / 10_000, month: digits / 100 % 100, day: digits % 100)
      {
        return date
      }
      guard let year = number(index, length: 4), isJoined(index), let month = number(index + 1, length: 2) else {
        continue
      }
      let day = isJoined(index + 1) ? number(index + 2, length: 2) : nil
      if let date = CivilDate(year: year, month: month, day: day ?? 1) { return date }
    }
    return nil
  }
}
