/// The lines of what concerns parents. That they were told everybody may know; what one of them objects to, the school,
/// and the privacy officer without the pupil; of measures the coach sees those to keep.
let parentLines: [TruthLine] = [
  TruthLine(
    table: "notice",
    columns: "id school_id school_year channel reference published_on attested_by attested_at version",
    teacher: [.all], jobs: "s", inserts: "id school_id school_year channel reference published_on",
    updates: "reference published_on version", deletes: true),
  TruthLine(table: "notice_resource", columns: "id version school_id school_year channel body", teacher: [.all]),
  TruthLine(
    table: "objection",
    columns: """
      id school_id received_on state answered_on pupil_left_on created_at state_since state_by state_reason version
      """,
    director: [.atMySchools], schoolAdmin: [.atMySchools], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "objection_resource", columns: "id version school_id state received_on body whole",
    director: [.atMySchools], schoolAdmin: [.atMySchools], privacyOfficer: [.all]),
  TruthLine(
    table: "placement", columns: "id objection_id school_year group_id placed_at replaced_at",
    director: [.atMySchools], schoolAdmin: [.atMySchools], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "measure",
    columns: "id objection_id kind covers_sound state created_at state_since state_by state_reason version",
    coach: [.keptByMe], director: [.atMySchools], schoolAdmin: [.atMySchools], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "measure_resource", columns: "id version objection_id state body",
    coach: [.keptByMe], director: [.atMySchools], schoolAdmin: [.atMySchools], privacyOfficer: [.all]),
  TruthLine(
    table: "promise",
    columns: "id recording_id measure_id coach_id state created_at state_since state_by state_reason version",
    coach: [.filmedByMe], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "promise_resource", columns: "id version recording_id state body",
    coach: [.filmedByMe], privacyOfficer: [.all]),
  TruthLine(
    table: "quarantine",
    columns: "id recording_id teacher_id cause codes state created_at state_since state_by state_reason version",
    teacher: [.own], coach: [.filmedByMe], adviser: [.all], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "quarantine_resource", columns: "id version recording_id state cause body",
    teacher: [.own], coach: [.filmedByMe], adviser: [.all], privacyOfficer: [.all]),
  TruthLine(table: "objection_tally", columns: "", withheld: "id school_id school_year number", jobs: "s"),
]
