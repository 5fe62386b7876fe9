/// The lines of the coaching and of what teachers own. A director and a school have none of own wishes, nor of
/// trajectories, recordings and copies: they learn coverage from the starter functions.
let coachingLines: [TruthLine] = machineLines + guidanceLines + custodyLines + contentLines

private let machineLines: [TruthLine] = [
  TruthLine(
    table: "transition", key: "concat_ws(' ', machine, coalesce(from_state, '-'), to_state, actor)",
    columns: "machine from_state to_state actor", teacher: [.all]),
  TruthLine(
    table: "allowed_transition", key: "concat_ws(' ', machine, state, actors, array_to_string(transitions, ','))",
    columns: "machine state actors transitions", teacher: [.all]),
]

private let guidanceLines: [TruthLine] = [
  TruthLine(
    table: "request",
    columns: """
      id teacher_id origin state made_by made_as school_id talk_on talk_kind expires_on aim subject coach_id created_at \
      state_since state_by state_reason version
      """,
    teacher: [.own], coach: [.filmedByMe], director: [.askedOfMyStaff], adviser: [.all], jobs: "s"),
  TruthLine(
    table: "request_resource", columns: "id version teacher_id coach_id origin state school_id body",
    teacher: [.own], coach: [.filmedByMe], director: [.askedOfMyStaff], adviser: [.all]),
  TruthLine(
    table: "trajectory",
    columns: """
      id request_id teacher_id coach_id origin state recordings interval_days opened_on state_since state_by \
      state_reason version
      """,
    teacher: [.own], coach: [.guidedByMe], adviser: [.all], jobs: "s"),
  TruthLine(
    table: "trajectory_resource", columns: "id version teacher_id coach_id state body",
    teacher: [.own], coach: [.guidedByMe], adviser: [.all]),
  TruthLine(
    table: "follow_up", columns: "id trajectory_id teacher_id coach_id talk_on version",
    teacher: [.own], coach: [.guidedByMe], jobs: "s", updates: "version", deletes: true),
  TruthLine(
    table: "follow_up_resource", columns: "id version trajectory_id talk_on body",
    teacher: [.own], coach: [.guidedByMe]),
  TruthLine(
    table: "agreement",
    columns: """
      id kind trajectory_id recording_id copy_id teacher_id coach_id new_coach_id proposed_by proposed_as recordings \
      interval_days until_date held_on state created_at state_since state_by state_reason version
      """,
    teacher: [.own], coach: [.guidedByMe], adviser: [.changesOfCoach], jobs: "s"),
  TruthLine(
    table: "agreement_resource", columns: "id version trajectory_id recording_id kind state body",
    teacher: [.own], coach: [.guidedByMe], adviser: [.changesOfCoach]),
  TruthLine(
    table: "recording",
    columns: """
      id teacher_id coach_id group_id origin counts_for_programme state planned_on scheduled_for recorded_on \
      debriefed_on ended_on quarantined trajectory_id ordinal scheduled_at made_at handed_over_on carrier_id \
      carrier_since teacher_agreed_at clearance_codes state_since state_by state_reason version
      """,
    teacher: [.own], coach: [.filmedByMe, .guidedByMe], adviser: [.all], jobs: "siud"),
  TruthLine(
    table: "recording_resource", columns: "id version teacher_id coach_id trajectory_id state scheduled_for body",
    teacher: [.own], coach: [.filmedByMe, .guidedByMe], adviser: [.all]),
  TruthLine(
    table: "coach", key: "person_id::text", columns: "person_id capacity version",
    coach: [.own], adviser: [.all], jobs: "s", updates: "capacity version"),
  TruthLine(table: "coach_resource", columns: "id version name body", teacher: [.all]),
  TruthLine(
    table: "coach_unavailability", columns: "id person_id from_date until_date created_at version",
    coach: [.own], adviser: [.all], jobs: "s", inserts: "id person_id from_date until_date",
    updates: "from_date until_date version", deletes: true),
  TruthLine(
    table: "coach_unavailability_resource", columns: "id version person_id from_date until_date body",
    coach: [.own], adviser: [.all]),
]

/// Who has a copy sees it until it is gone, whatever became of their role.
private let custodyLines: [TruthLine] = [
  TruthLine(
    table: "carrier", columns: "id kind name retired_on version",
    coach: [.all], adviser: [.all], privacyOfficer: [.all], jobs: "s",
    inserts: "id kind name retired_on", updates: "name retired_on version"),
  TruthLine(
    table: "carrier_resource", columns: "id version kind name retired_on body",
    coach: [.all], adviser: [.all], privacyOfficer: [.all]),
  TruthLine(
    table: "copy",
    columns: """
      id recording_id teacher_id holder_id carrier_id carrier_kind state source_id given_to demanded_at kept_until \
      deletion_due_on required_on created_at state_since state_by state_reason version
      """,
    teacher: [.own, .heldByMe], adviser: [.astray], privacyOfficer: [.all], jobs: "s"),
  TruthLine(
    table: "copy_resource", columns: "id version recording_id holder_id teacher_id state body",
    teacher: [.own, .heldByMe], adviser: [.astray], privacyOfficer: [.all]),
  TruthLine(
    table: "breach", columns: "id copy_id found_at due_at settled_at settled_by outcome version",
    privacyOfficer: [.all], jobs: "s", updates: "settled_at settled_by outcome version"),
  TruthLine(table: "breach_resource", columns: "id version is_settled body", privacyOfficer: [.all]),
]

/// Texts and their keys are behind functions; no role shows anything of what a teacher owns.
private let contentLines: [TruthLine] = [
  TruthLine(
    table: "data_key", columns: "",
    withheld: "id person_id school_id bound_to master_key wrapped created_at retired_at destroyed_at"),
  TruthLine(
    table: "content", key: "item_id::text", columns: "",
    withheld: "kind item_id teacher_id school_id data_key_id sealed written_at version"),
  TruthLine(
    table: "storyboard",
    columns: """
      id teacher_id trajectory_id state presented_orally_on created_at state_since state_by state_reason version
      """,
    teacher: [.own, .openedToMe]),
  TruthLine(
    table: "storyboard_resource", columns: "id version teacher_id trajectory_id state body",
    teacher: [.own, .openedToMe]),
  TruthLine(
    table: "consent",
    columns: """
      id teacher_id recipient_id item_kind item_id purpose granted_on until_date state created_at state_since state_by \
      state_reason version
      """,
    teacher: [.own, .openedToMe]),
  TruthLine(
    table: "consent_resource", columns: "id version teacher_id recipient_id item_kind item_id state body",
    teacher: [.own, .openedToMe]),
]
