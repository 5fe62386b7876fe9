import Postgres

extension ImportKind {
  /// Absences, as a personnel system has them: a category, never a medical reason. Of a school's own staff where
  /// `ImportOptions.schools` says so.
  public static let absences = ImportKind(
    name: "absences",
    columns: [
      ImportColumn("person_number", ["PERSON_NUMBER"], .personNumber, isRequired: true),
      ImportColumn("category", ["CATEGORY"], .oneOf(absenceCategories), isRequired: true),
      ImportColumn("from", ["FROM"], .date, isRequired: true),
      ImportColumn("until", ["UNTIL"], .date(after: "from")),
    ],
    showsLowerCase: true,
    idCount: 1,
    table: "pg_temp.incoming_absence (line, id, person_number, category, from_date, until_date)",
    begin: Statement("select app.import_absences_begin()"),
    check: { options, _, isExclusive in
      Statement("select app.import_absences_check($1, $2)")(
        options.schools.map { .texts($0.map(\.description)) } ?? .null, .bool(isExclusive))
    },
    counts: Statement("select object, act, number from app.import_absences_counts()"),
    changes: Statement(
      "select line, object, key, act, field, old_value, new_value from app.import_absences_changes($1)"),
    apply: Statement("select app.import_absences_apply()")
  )

  /// As the constraint `absence_category_known`.
  private static let absenceCategories = [
    "parental_leave", "maternity_leave", "care_leave", "study_leave", "unpaid_leave", "long_term_absence",
    "other_leave",
  ]
}
