-- Recordings, as far as coverage needs them. Never the footage itself.

create table recording (
  id uuid constraint recording_pkey primary key,
  teacher_id uuid not null constraint recording_teacher_fkey references person on delete cascade,
  coach_id uuid constraint recording_coach_fkey references person on delete set null,
  group_id uuid constraint recording_group_fkey references school_group,
  origin text not null constraint recording_origin_known check (origin in ('own_wish', 'appraisal', 'starter_programme')),
  counts_for_programme boolean not null default true
    constraint recording_counts_unless_own_wish check (counts_for_programme or origin = 'own_wish'),
  state text not null constraint recording_state_known check (
    state in ('planned', 'made', 'debriefed', 'waived', 'cancelled', 'voided')),
  planned_on civil_date not null,
  scheduled_for civil_date not null,
  recorded_on civil_date,
  debriefed_on civil_date,
  ended_on civil_date,
  quarantined boolean not null default false,
  version integer not null default 1,
  constraint recording_teacher_is_not_coach check (coach_id <> teacher_id),
  constraint recording_recorded_when_made check (
    (recorded_on is not null) = (state in ('made', 'debriefed', 'waived')) or state = 'voided'),
  constraint recording_debriefed_when_done check ((debriefed_on is not null) = (state = 'debriefed') or state = 'voided'),
  constraint recording_ended_when_ended check ((ended_on is not null) = (state in ('waived', 'cancelled', 'voided'))),
  constraint recording_debrief_follows check (debriefed_on >= recorded_on)
);
comment on table recording is 'Twenty minutes of a lesson in one group: that it is planned, made, talked over. The footage is elsewhere.';
comment on column recording.id is 'UUIDv7.';
comment on column recording.teacher_id is 'Whose lesson.';
comment on column recording.coach_id is 'Who films; null in a board''s history from before this administration.';
comment on column recording.group_id is 'The class in the picture.';
comment on column recording.origin is 'Why the guidance exists: own_wish, appraisal or starter_programme.';
comment on column recording.counts_for_programme is 'Whether it counts for the starter programme: always but for own_wish, where the teacher says so.';
comment on column recording.state is 'planned, made, debriefed, waived, cancelled or voided.';
comment on column recording.planned_on is 'The day on which it was planned.';
comment on column recording.scheduled_for is 'The day for which it is planned.';
comment on column recording.recorded_on is 'The day on which it was made; punctuality is judged on it.';
comment on column recording.debriefed_on is 'The day on which both confirmed the debrief.';
comment on column recording.ended_on is 'The day on which it was waived, cancelled or voided.';
comment on column recording.quarantined is 'Made without clearance: does not count until released.';
comment on column recording.version is 'Counts changes; the ETag compares it.';
create index recording_coach on recording (coach_id);
