import Postgres

extension ImportKind {
  /// Referrals out of appraisal talks, as a personnel or appraisal system has them: who, when, and which kind of talk.
  /// What was said in it is refused, and the file with it. Made in the name of the one who imports, so that the
  /// transaction must have an identity: `ImportRun` sets it, the operator has none.
  public static let referrals = ImportKind(
    name: "referrals",
    columns: [
      ImportColumn("person_number", ["PERSON_NUMBER"], .personNumber, isRequired: true),
      ImportColumn("talk_date", ["TALK_DATE"], .date, isRequired: true),
      ImportColumn("kind_of_talk", ["KIND_OF_TALK"], .oneOf(talkKinds, or: dutchTalkKinds), isRequired: true),
    ],
    refusedProse: .ofTalk,
    isInSomebodysName: true,
    showsLowerCase: true,
    idCount: 1,
    table: "pg_temp.incoming_referral (line, id, person_number, talk_on, talk_kind)",
    begin: Statement("select app.import_referrals_begin()"),
    check: { options, _, isExclusive in
      Statement("select app.import_referrals_check($1, $2)")(
        options.schools.map { .texts($0.map(\.description)) } ?? .null, .bool(isExclusive))
    },
    counts: Statement("select object, act, number from app.import_referrals_counts()"),
    changes: Statement(
      "select line, object, key, act, field, old_value, new_value from app.import_referrals_changes($1)"),
    apply: Statement("select app.import_referrals_apply()")
  )

  /// As the constraint `request_talk_kind_known`.
  private static let talkKinds = ["goal_setting", "progress", "appraisal"]

  /// What the schools call them, and the code of each.
  private static let dutchTalkKinds = [
    "doelstellingengesprek": "goal_setting", "voortgangsgesprek": "progress", "functioneringsgesprek": "progress",
    "beoordelingsgesprek": "appraisal",
  ]
}
