import Postgres

extension ImportKind {
  /// Recordings from before this administration, so that a board starts with its history: without a coach, made for
  /// the starter programme, and covering when both confirmed the debrief.
  public static let pastRecordings = ImportKind(
    name: "past-recordings",
    columns: [
      ImportColumn("person_number", ["PERSON_NUMBER"], .personNumber, isRequired: true),
      ImportColumn("date", ["DATE"], .date, isRequired: true),
      ImportColumn("debriefed_on", ["DEBRIEFED_ON"], .date(notBefore: "date")),
    ],
    showsLowerCase: true,
    idCount: 1,
    table: "pg_temp.incoming_recording (line, id, person_number, recorded_on, debriefed_on)",
    begin: Statement("select app.import_past_recordings_begin()"),
    check: { _, _, isExclusive in Statement("select app.import_past_recordings_check($1)")(.bool(isExclusive)) },
    counts: Statement("select object, act, number from app.import_past_recordings_counts()"),
    changes: Statement(
      "select line, object, key, act, field, old_value, new_value from app.import_past_recordings_changes($1)"),
    apply: Statement("select app.import_past_recordings_apply()")
  )
}
