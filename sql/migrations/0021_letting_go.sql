-- Indexes for letting go: whoever removes a person, a copy or a run, has every row found that points to it.
-- Not concurrently: of one board these are indexed in a moment, for which writers wait and readers do not.

create index agreement_copy on agreement (copy_id) where copy_id is not null;
comment on index agreement_copy is 'What was agreed on of a copy.';
create index agreement_teacher on agreement (teacher_id);
comment on index agreement_teacher is 'What a teacher agreed on.';
create index agreement_coach on agreement (coach_id);
comment on index agreement_coach is 'What a coach agreed on.';
create index agreement_new_coach on agreement (new_coach_id) where new_coach_id is not null;
comment on index agreement_new_coach is 'What made somebody the next coach.';
create index agreement_proposed_by on agreement (proposed_by) where proposed_by is not null;
comment on index agreement_proposed_by is 'What somebody proposed.';
create index quarantine_teacher on quarantine (teacher_id);
comment on index quarantine_teacher is 'Quarantines of a teacher''s recordings.';
create index copy_holder on copy (holder_id);
comment on index copy_holder is 'Copies that somebody has, or had.';
create index copy_given_to on copy (given_to) where given_to is not null;
comment on index copy_given_to is 'Copies that somebody was given.';
create index copy_state_by on copy (state_by) where state_by is not null;
comment on index copy_state_by is 'Copies that somebody brought to their state.';
create index request_made_by on request (made_by) where made_by is not null;
comment on index request_made_by is 'Requests that somebody made.';
create index report_acknowledgement_run on report_acknowledgement (run_id);
comment on index report_acknowledgement_run is 'What was said of a run.';
create index request_state_by on request (state_by) where state_by is not null;
comment on index request_state_by is 'Requests that somebody brought to their state.';
create index trajectory_state_by on trajectory (state_by) where state_by is not null;
comment on index trajectory_state_by is 'Trajectories that somebody brought to their state.';
create index recording_state_by on recording (state_by) where state_by is not null;
comment on index recording_state_by is 'Recordings that somebody brought to their state.';
create index agreement_state_by on agreement (state_by) where state_by is not null;
comment on index agreement_state_by is 'Agreements that somebody brought to their state.';
create index follow_up_teacher on follow_up (teacher_id);
comment on index follow_up_teacher is 'Follow-up talks with a teacher.';
create index follow_up_coach on follow_up (coach_id);
comment on index follow_up_coach is 'Follow-up talks with a coach.';
