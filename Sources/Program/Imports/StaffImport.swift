import Postgres

extension ImportKind {
  /// People and their employments, as the board's personnel system has them: one row for each employment.
  public static let staff = ImportKind(
    name: "staff",
    columns: [
      ImportColumn("person_number", ["PERSON_NUMBER"], .personNumber, isRequired: true),
      ImportColumn("name", ["NAME"], .text(atMost: 200), isRequired: true),
      ImportColumn("email", ["EMAIL"], .email),
      ImportColumn("school_code", ["SCHOOL_CODE"], .locationCode, isRequired: true),
      ImportColumn("job", ["JOB"], .oneOf(["teacher", "director", "support"]), isRequired: true),
      ImportColumn("fte", ["FTE"], .fte, isRequired: true),
      ImportColumn("from", ["FROM"], .date, isRequired: true),
      ImportColumn("until", ["UNTIL"], .date(after: "from")),
      ImportColumn("teaching_since", ["TEACHING_SINCE"], .date),
    ],
    showsLowerCase: true,
    idCount: 2,
    table: """
      pg_temp.incoming_staff (line, employment_id, person_id, person_number, name, email, school_code, job, fte, \
      from_date, until_date, teaching_since)
      """,
    begin: Statement("select app.import_staff_begin()"),
    check: { _, _, isExclusive in Statement("select app.import_staff_check($1)")(.bool(isExclusive)) },
    counts: Statement("select object, act, number from app.import_staff_counts()"),
    changes: Statement("select line, object, key, act, field, old_value, new_value from app.import_staff_changes($1)"),
    apply: Statement("select app.import_staff_apply()")
  )
}
