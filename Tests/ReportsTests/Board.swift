import Glibc
import Postgres
import Program
import TestDatabase

@testable import Reports

/// A board of three schools with starters in every status, some under names that a format could trip over.
struct Board: Sendable {
  let database: TestDatabase

  static let names = [
    "Anne de Vries", "Ünal Yılmaz-O’Brien", "=HYPERLINK(\"http://example.org\";\"klik\")", "+31 6 12345678", "-2+3",
    "@SUM(A1:A9)", "'t Hart", "''dubbel''", "Jan;=1+1", "Piet, zoon van \"Kees\"", "<script>alert(1)</script>",
    "&amp; \"en\" 'zo'", "{{name}} {{{person}}}", "Ana;'María;-1", "–", "\\N", "NULL", "12345", "-114", "O\u{0308}mer",
  ].map { $0 == "O\u{0308}mer" ? "\u{D6}mer" : $0 }

  static let schools = ["It Bûtenplak", "Basisschool 't Swannestee", "De <Wind>roos & \"Zon\"; =1"]

  static func fresh() async throws -> Board {
    let board = Board(database: try await TestDatabase.fresh())
    try await board.database.script(facts)
    return board
  }

  /// Everything counted back from today, so that the statuses stay what they are.
  private static let facts = """
    set app.origin = 'operator';
    insert into school (id, code, name, board_number)
    select format('0193b6a0-0001-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, format('1%sAB00', n), name, '41573'
    from unnest(\(literal(schools))) with ordinality s (name, n);
    insert into person (id, name)
    select format('0193b6a0-0002-7000-8000-%s', lpad(n::text, 12, '0'))::uuid, name
    from unnest(\(literal(names))) with ordinality p (name, n);
    create temporary table teacher as
    select p.id, row_number() over (order by p.id)::integer as n, app.today() - 60 - 70 * row_number() over (order by p.id)::integer as since
    from person p;
    insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
    select t.id, 'N' || t.n, case when t.n <> 4 then t.since end, case when t.n not in (4, 5) then now() end
    from teacher t;
    insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
    select gen_random_uuid(), t.id, format('0193b6a0-0001-7000-8000-%s', lpad((1 + t.n % 3)::text, 12, '0'))::uuid, 'teacher',
      1, t.since, case t.n when 6 then app.today() - 10 end
    from teacher t;
    insert into employment (id, person_id, school_id, job, fte, from_date)
    select gen_random_uuid(), t.id, format('0193b6a0-0001-7000-8000-%s', lpad('1', 12, '0'))::uuid, 'director', 1, t.since
    from teacher t
    where t.n = 7;
    insert into absence (id, person_id, category, from_date, until_date)
    select gen_random_uuid(), t.id, 'parental_leave', app.today() - 20, app.today() + 40
    from teacher t
    where t.n = 8;
    insert into exemption (id, person_id, code, evidence, from_date, review_date)
    select gen_random_uuid(), t.id, 'qualified_elsewhere', 'Brief', app.today() - 100, app.today() + 100
    from teacher t
    where t.n = 9;
    insert into recording (id, teacher_id, origin, state, planned_on, scheduled_for, recorded_on, debriefed_on)
    select gen_random_uuid(), t.id, 'starter_programme', k.state, app.today() - 50, app.today() - 40 + k.shift,
      case when k.state <> 'planned' then app.today() - 40 end, case when k.state = 'debriefed' then app.today() - 30 end
    from teacher t
    join (values (1, 'debriefed', 0), (2, 'debriefed', 0), (10, 'made', 0), (11, 'planned', 60), (14, 'debriefed', 0))
      k (n, state, shift) on k.n = t.n;
    """

  private static func literal(_ texts: [String]) -> String {
    "array["
      + texts.map { "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'" }
      .joined(separator: ", ") + "]"
  }

  /// Makes a report as the server does.
  func run(_ report: String = "coverage", asOf: CivilDate? = nil) async throws -> UUIDv7 {
    try await database.with("beeld_jobs") { jobs in
      try await jobs.withSession { try await MakeReport(report, asOf: asOf).run(in: $0) }
    }
  }

  /// What changed in a run, as the server's own work sees it.
  func changes(
    in run: UUIDv7, against earlier: UUIDv7? = nil, _ format: ReportFormat, _ language: Language = .dutch
  ) async throws -> String {
    try await database.with("beeld_jobs") { jobs in
      try await jobs.withSession { session in
        try await ReportDocument(ofChangesIn: run, against: earlier, as: format, in: language, session: session)
          .text(in: session)
      }
    }
  }

  /// A run as a document, as the server's own work sees it.
  func document(
    _ run: UUIDv7, _ format: ReportFormat, _ language: Language = .dutch, byteOrderMark: Bool = false
  ) async throws -> String {
    try await database.with("beeld_jobs") { jobs in
      try await jobs.withSession { session in
        var document = try await ReportDocument(of: run, as: format, in: language, session: session)
        document.hasByteOrderMark = byteOrderMark
        return try await document.text(in: session)
      }
    }
  }

  /// The stored rows, their cells parted.
  static let rows =
    """
    (select ordinal, key, person_id, school_id, case severity when 1 then 'attention' when 2 then 'serious' end as severity,
      since, string_to_array(cells, e'\\t', '') as cells from report_row)
    """

  /// One value, asked as superuser.
  func value(_ sql: String) async throws -> String? {
    try await database.script(sql)?.first?.string(0)
  }

  /// Values by rows, asked as superuser.
  func table(_ sql: String) async throws -> [[String?]] {
    try await database.script(sql).map { rows in
      rows.map { row in (0..<rows.columnCount).map { row.string($0) } }
    } ?? []
  }
}

extension ReportDocument {
  /// The whole of it.
  func text(in session: Session) async throws -> String {
    var bytes: [UInt8] = []
    try await write(in: session) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// SQLSTATE of what is thrown; nil when nothing is.
func sqlState(_ body: () async throws -> Void) async throws -> String? {
  do {
    try await body()
    return nil
  } catch let error as PostgresError {
    return error.sqlState?.rawValue ?? "\(error)"
  }
}
