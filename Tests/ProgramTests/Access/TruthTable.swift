import TestDatabase

/// One line of the matrix "who sees what": a table, its columns, and the rows that each role shows. Whatever is not
/// named is not shown. Everybody is the teacher of their own data; several roles show the union.
struct TruthLine {
  let table: String
  /// SQL that names a row as `Organisation.Fact.key` does.
  var key = "id::text"
  /// Columns that the API may read; of a table that it may not read at all: none.
  let columns: String
  /// Columns that exist and that the API may not read.
  var withheld = ""
  var teacher: [VisibilityScope] = []
  var coach: [VisibilityScope] = []
  var director: [VisibilityScope] = []
  var schoolAdmin: [VisibilityScope] = []
  var adviser: [VisibilityScope] = []
  var privacyOfficer: [VisibilityScope] = []
  var systemAdmin: [VisibilityScope] = []
  /// What the server's own work may do with the table: letters of select, insert, update, delete.
  var jobs = ""
  /// Columns that the API may fill, may change, and whether it may remove rows; of which rows, `sql/tests` shows.
  var inserts = ""
  var updates = ""
  var deletes = false
  /// Policies that the organisation has no row to tell by: `sql/tests/report_kinds.sql` and `report_diff.sql` try them.
  var triedInSQL: Set<String> = []
}

/// Every table and view of the schema `beeld`. Sources: the matrix of the API's design, and the rule of its
/// resources "who writes".
let truthTable: [TruthLine] = registryLines + coachingLines + parentLines + nightLines

private let registryLines: [TruthLine] = [
  TruthLine(
    table: "school",
    columns: """
      id code name board_number street house_number postal_code city municipality denomination phone website \
      open_from open_until merged_into version
      """,
    teacher: [.all], jobs: "siud",
    inserts: """
      id code name board_number street house_number postal_code city municipality denomination phone website \
      open_from open_until merged_into
      """,
    updates: """
      code name board_number street house_number postal_code city municipality denomination phone website \
      open_from open_until merged_into version
      """),
  TruthLine(
    table: "school_group", columns: "id school_id school_year name version",
    teacher: [.all], jobs: "siud",
    inserts: "id school_id school_year name", updates: "school_year name version", deletes: true),
  TruthLine(
    table: "policy", key: "version::text",
    columns: """
      version valid_from programme_start window_months pause_days at_risk_days due_soon_days teacher_days coach_days \
      first_recording_days debrief_days invitation_days deletion_days coach_capacity objection_days notice_days \
      invitation_month decided_by
      """,
    teacher: [.all], jobs: "siud",
    inserts: """
      version valid_from programme_start window_months pause_days at_risk_days due_soon_days teacher_days coach_days \
      first_recording_days debrief_days invitation_days deletion_days coach_capacity objection_days notice_days \
      invitation_month decided_by
      """),
  TruthLine(
    table: "person", columns: "id name is_coach version", withheld: "subject_key",
    teacher: [.own, .ofCoaches, .namedInMyConsents], coach: [.ofThoseICoach], director: [.everOnMyStaff],
    schoolAdmin: [.everOnMyStaff],
    adviser: [.all], systemAdmin: [.all], jobs: "siud", updates: "name version"),
  TruthLine(
    table: "registration", key: "person_id::text",
    columns: """
      person_id person_number email teaching_since teaching_since_approved_at teaching_since_claimed_on language \
      subject disabled_at version
      """,
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff],
    adviser: [.all], systemAdmin: [.all], jobs: "siud",
    updates: "person_number email teaching_since teaching_since_approved_at language subject disabled_at version"),
  TruthLine(
    table: "employment", columns: "id person_id school_id job fte from_date until_date version",
    teacher: [.own], director: [.atMySchools], schoolAdmin: [.atMySchools],
    adviser: [.all], systemAdmin: [.all], jobs: "siud",
    inserts: "id person_id school_id job fte from_date until_date",
    updates: "school_id job fte from_date until_date version", deletes: true),
  TruthLine(
    table: "role_assignment", columns: "id person_id role school_id from_date until_date granted_by version",
    teacher: [.own], director: [.atMySchools], schoolAdmin: [.atMySchools],
    adviser: [.all], privacyOfficer: [.all], systemAdmin: [.all], jobs: "siud",
    inserts: "id person_id role school_id from_date until_date granted_by",
    updates: "from_date until_date version", deletes: true),
  TruthLine(
    table: "absence", columns: "id person_id category from_date until_date version",
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff], adviser: [.all], jobs: "siud",
    inserts: "id person_id category from_date until_date", updates: "category from_date until_date version",
    deletes: true),
  TruthLine(
    table: "prior_experience",
    columns: """
      id person_id from_date until_date evidence claimed_by approved_by approved_at declined_by declined_at version
      """,
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff], adviser: [.all], jobs: "siud",
    inserts: "id person_id from_date until_date evidence claimed_by",
    updates: "from_date until_date evidence version", deletes: true),
  TruthLine(
    table: "exemption", columns: "id person_id code evidence from_date review_date granted_by version",
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff], adviser: [.all], jobs: "siud",
    inserts: "id person_id code evidence from_date review_date granted_by",
    updates: "code evidence from_date review_date version", deletes: true),
  TruthLine(
    table: "report_schedule",
    columns: "id report at enabled enabled_from version cadence weekday month_day required",
    director: [.all], adviser: [.all], systemAdmin: [.all], jobs: "s",
    inserts: "id report at enabled enabled_from cadence weekday month_day required",
    updates: "at enabled enabled_from cadence weekday month_day required version"),
  TruthLine(
    table: "report_recipient", columns: "id schedule_id role school_id",
    adviser: [.all], systemAdmin: [.all], jobs: "s"),
  TruthLine(
    table: "report_delivery",
    columns: """
      id run_id person_id state reason exceptions new_exceptions resolved_exceptions acknowledged_exceptions attempt \
      queued_at lease_until retry_at finished_at version
      """,
    adviser: [.all], systemAdmin: [.all], jobs: "su"),
  TruthLine(
    table: "report_delivery_key", key: "encode(hash, 'hex')", columns: "", withheld: "hash delivery_id"),
  TruthLine(
    table: "report_unsubscription", columns: "", withheld: "id person_id schedule_id created_at", jobs: "s"),
  TruthLine(
    table: "report_schedule_resource", columns: "id version report enabled body",
    director: [.all], adviser: [.all], systemAdmin: [.all]),
  TruthLine(
    table: "report_delivery_resource", columns: "id version run_id state body",
    adviser: [.all], systemAdmin: [.all]),
  TruthLine(
    table: "report_run",
    columns: """
      id report as_of schedule_id period state attempt late started_at lease_until retry_at finished_at failure \
      revision policy_version schema_version columns row_count row_hash version duration_ms form
      """,
    director: [.all], adviser: [.all], systemAdmin: [.all], jobs: "siu"),
  TruthLine(
    table: "report_row", key: "person_id::text",
    columns: "run_id ordinal person_id school_id cells key severity since",
    director: [.atMySchools], adviser: [.all], jobs: "si",
    triedInSQL: ["adviser_reads_custody", "school_admin_reads_own_schools"]),
  TruthLine(
    table: "report", key: "key::text", columns: "key columns board counts schools",
    director: [.reports(["coverage", "intake", "notices", "objections", "data-quality"])],
    schoolAdmin: [.reports(["notices", "objections"])],
    adviser: [.all], privacyOfficer: [.reports(["custody", "objections", "retention"])], systemAdmin: [.all], jobs: "s"),
  TruthLine(
    table: "report_acknowledgement",
    columns: """
      id run_id key reason until_date report school_id severity from_date made_by made_at version
      """,
    director: [.atMySchools], adviser: [.all], jobs: "s",
    inserts: "id run_id key reason until_date", updates: "version", deletes: true,
    triedInSQL: ["board_reads", "director_reads_own_schools", "school_admin_reads_own_schools"]),
  TruthLine(
    table: "report_acknowledgement_resource", columns: "id version run_id report key body",
    director: [.atMySchools], adviser: [.all], triedInSQL: ["board_reads"]),
  TruthLine(
    table: "request_step", key: "request_id::text", columns: "", withheld: "request_id at state coach_id by_coach",
    jobs: "s"),
  TruthLine(
    table: "import",
    columns: """
      id kind person_id school_ids board of_date file_name state byte_count sha256 encoding row_count change_count \
      fault_count difference preview faults created_at committed_at version
      """,
    director: [.own], schoolAdmin: [.own], adviser: [.own], systemAdmin: [.own], jobs: "su"),
  TruthLine(table: "import_chunk", key: "ordinal::text", columns: "", withheld: "import_id ordinal bytes", jobs: "sid"),
  TruthLine(
    table: "audit", key: "table_name || ' ' || row_id",
    columns: "id at actor_key origin request_id act table_name row_id subject_key changed before after",
    teacher: [.own, .myActs], privacyOfficer: [.all], systemAdmin: [.actsOn(["role_assignment", "api_token"])]),
  TruthLine(
    table: "access", key: "person_id::text", columns: "",
    withheld: """
      person_id from_date until_date subject_key disabled_at coach adviser privacy_officer system_admin director_of \
      school_admin_of schools
      """),
  TruthLine(
    table: "api_token", columns: "",
    withheld: "id hash name person_id created_at expires_at revoked_at scopes last_used_at"),
  TruthLine(table: "calendar_feed", columns: "", withheld: "id person_id hash uid_key created_at"),
  TruthLine(
    table: "merged_person", columns: "id survivor_id subject_key merged_at merged_by",
    withheld: "person_number", adviser: [.all], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "command", key: "key", columns: "", withheld: "person_id key hash status resource at"),
  // The resources of the API: views that ask with the rights of their reader.
  TruthLine(
    table: "person_resource", columns: "id version name person_number email is_linked body",
    teacher: [.own, .ofCoaches, .namedInMyConsents], coach: [.ofThoseICoach], director: [.everOnMyStaff],
    schoolAdmin: [.everOnMyStaff],
    adviser: [.all], systemAdmin: [.all]),
  TruthLine(
    table: "employment_resource", columns: "id version person_id school_id job from_date until_date body",
    teacher: [.own], director: [.atMySchools], schoolAdmin: [.atMySchools], adviser: [.all], systemAdmin: [.all]),
  TruthLine(
    table: "role_assignment_resource", columns: "id version person_id role school_id from_date until_date body",
    teacher: [.own], director: [.atMySchools], schoolAdmin: [.atMySchools],
    adviser: [.all], privacyOfficer: [.all], systemAdmin: [.all]),
  TruthLine(
    table: "absence_resource", columns: "id version person_id category from_date until_date body",
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff], adviser: [.all]),
  TruthLine(
    table: "prior_experience_resource", columns: "id version person_id state body",
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff], adviser: [.all]),
  TruthLine(
    table: "exemption_resource", columns: "id version person_id code from_date review_date body",
    teacher: [.own], director: [.ofMyStaff], schoolAdmin: [.ofMyStaff], adviser: [.all]),
  TruthLine(table: "group_resource", columns: "id version school_id school_year name body", teacher: [.all]),
  TruthLine(table: "policy_resource", key: "number::text", columns: "number valid_from body", teacher: [.all]),
  TruthLine(table: "schema_migration", key: "number::text", columns: "", withheld: "number name checksum applied_at"),
  TruthLine(table: "schema_object", key: "path", columns: "", withheld: "path checksum applied_at"),
]

/// Every function of the schema `app` that the API may call, and every one that the server's own work may.
let callableByAPI = """
  coverage cursor identify me my_schools my_staff my_starter_status now school_year_start schema_version set_clock \
  starter_explanation starter_list today ended_this_year coverage_figures coverage_figures_of coverage_tally \
  coverage_tally_sum report_coverage_figures report_coverage_lines report_run_shown report_run_before \
  report_acknowledged report_changes report_is_counted_for_me report_tally_of_cells report_tally_of_whole report_tally \
  report_figures refuse_unknown_run is_in_order \
  begin_command create_person decide_prior_experience hold i_see identify_subject link_subject merge_people \
  my_administered_staff my_administration next_policy_version note_token_use refuse_unknown roll_over_groups \
  visible_names begin_import may_import shown_import change_person holds_board_role keys_of_person school_overview \
  actor_bit actors add_follow_up allowed_transitions begin_storyboard change_recording coach_load coaches_today \
  consent_counts consented_item copy_due_on copy_is_overdue decide_agreement demand_deletion destroy_data_key grant_consent instant \
  invite_starters is_set make_copy make_request move_consent move_copy move_recording move_request move_storyboard \
  move_trajectory my_coached my_data_key my_directed_staff my_directorships my_offered my_recipients plan_recording \
  planned_recordings policy_on propose read_content school_year suggested_coaches tasks works_at write_content \
  entered_on work_to_hand_on \
  coach_bookings coverage_forecast dry_run_policy dry_run_status dry_run_statuses own_wish_figures recording_stands \
  report_outlook_figures report_outlook_lines \
  calendar close_calendar erase_my_content my_calendar my_contents my_data my_erasure my_visibility open_calendar \
  abandoned_runs change_report_schedule make_report_schedule report_due_at report_first_night report_next \
  report_nights report_unknown subscribe subscription take_recipients \
  change_objection clearance make_promise move_measure move_objection move_promise move_quarantine my_clearance_tasks \
  my_measures my_notice_tasks my_recordings notice_gaps objection_counts objection_impact propose_notices register_objection \
  objection_due_on school_years_at_hand sealing_key set_measure
  """

extension TruthLine {
  /// Whether it shows rows of other tables, and has none of its own.
  var isView: Bool { table.hasSuffix("_resource") }

  /// Whether everybody sees all of it.
  var isCommonKnowledge: Bool {
    ["school", "school_group", "policy", "notice", "transition", "allowed_transition", "coaches"].contains(source)
  }

  /// The table whose rows a view shows; of a table: itself.
  private var source: String {
    switch table {
    case "group_resource": "school_group"
    // Of coaches everybody sees those of today, whatever of their room.
    case "coach_resource": "coaches"
    case _ where isView: String(table.dropLast("_resource".count))
    default: table
    }
  }

  /// The rows of this table, as facts.
  var facts: [Organisation.Fact] {
    switch source {
    case "audit": Organisation.auditFacts
    case "report_row": Organisation.reportRowFacts
    case "report":
      [
        "coaches", "coverage", "custody", "data-quality", "intake", "notices", "objections", "outlook", "retention",
      ].map { .init(table: table, key: $0) }
    case "report_run": [.init(table: table, key: Organisation.reportRunID)]
    // Of own wishes nothing is noted.
    case "request_step":
      Organisation.requests.filter { !$0.isOwnWish }.map { .init(table: table, key: $0.id) }
    case "report_schedule": [.init(table: table, key: Organisation.reportScheduleID)]
    case "report_delivery": Organisation.deliveryFacts
    case "policy": [.init(table: table, key: "1")]
    case "transition": Machine.all.flatMap(\.facts)
    case "allowed_transition": Machine.all.flatMap(\.masks)
    case "coaches": Organisation.coachesOfToday
    default: Organisation.facts.filter { $0.table == source }
    }
  }

  /// The keys of the rows that somebody is to see.
  func expected(for person: Organisation.Person) -> Set<String> {
    var keys = rows(in: teacher, for: person, schools: [])
    for role in Organisation.roles[person] ?? [] {
      keys.formUnion(rows(in: scopes(of: role), for: person, schools: role.schools))
    }
    return keys
  }

  private func rows(
    in scopes: [VisibilityScope], for person: Organisation.Person, schools: Set<Organisation.School>
  ) -> Set<String> {
    Set(facts.filter { fact in scopes.contains { $0.contains(fact, for: person, schools: schools) } }.map(\.key))
  }

  private func scopes(of role: Organisation.Role) -> [VisibilityScope] {
    switch role {
    case .coach: coach
    case .director: director
    case .schoolAdmin: schoolAdmin
    case .adviser: adviser
    case .privacyOfficer: privacyOfficer
    case .systemAdmin: systemAdmin
    }
  }
}

extension Organisation {
  fileprivate static var coachesOfToday: [Fact] {
    Person.allCases.filter { roles[$0, default: []].contains(.coach) }.map {
      Fact(table: "coach_resource", key: $0.id, person: $0)
    }
  }
}

extension Machine {
  /// Its steps as rows of the database's table.
  fileprivate var facts: [Organisation.Fact] {
    steps.map { step in
      let before = step.from == "" ? "-" : step.from
      return .init(table: "transition", key: "\(name) \(before) \(step.to) \(step.actor.rawValue)")
    }
  }

  /// What anybody may do in each state, as rows of the derived table: for everything that somebody may be at once.
  fileprivate var masks: [Organisation.Fact] {
    Set(steps.map(\.from)).subtracting([""]).flatMap { state in
      (1...255).compactMap { mask -> Organisation.Fact? in
        let allowed = allowed(from: state, to: Set(Actor.allCases.filter { $0.bit & mask != 0 }))
        guard !allowed.isEmpty else { return nil }
        return .init(
          table: "allowed_transition", key: "\(name) \(state) \(mask) \(allowed.joined(separator: ","))")
      }
    }
  }
}
