-- Parents: what they were told each school year, what they object to, the measures that a school takes, and what of it
-- every recording has to wait for. Facts only: which pupil it is about is sealed, under a key of the school's.

alter table policy
  add column objection_days smallint not null default 20 constraint policy_objection_days_range check (objection_days between 1 and 31),
  add column notice_days smallint not null default 60 constraint policy_notice_days_range check (notice_days between 0 and 365);
comment on column policy.objection_days is 'Calendar days in which a parent who objects is to have an answer; at most the month that the law gives [L].';
comment on column policy.notice_days is 'Calendar days before a school year begins from which what is missing for it stands among a school''s tasks.';

create function app.this_instant()
  returns timestamptz
  language sql volatile parallel safe
as $$ select case when current_setting('app.now', true) <> '' then app.set_clock() else pg_catalog.clock_timestamp() end $$;
comment on function app.this_instant() is
  'The instant at which it is asked, where app.now() is that at which the transaction began: for facts that lift what stood against a recording. Whoever writes them may have waited for others at the school (app.hold_school), and what was made meanwhile was made while it stood.';

grant execute on function app.this_instant() to beeld_jobs;

create table notice (
  id uuid constraint notice_pkey primary key,
  school_id uuid not null constraint notice_school_fkey references school,
  school_year smallint not null constraint notice_school_year_range check (school_year between 2000 and 2199),
  channel text not null constraint notice_channel_known check (channel in ('website', 'school_guide')),
  reference label not null,
  published_on civil_date,
  attested_by uuid constraint notice_attested_by_fkey references person on delete set null,
  attested_at timestamptz,
  version integer not null default 1,
  constraint notice_once unique (school_id, school_year, channel),
  constraint notice_attested_when_published check ((published_on is null) = (attested_at is null))
);
comment on table notice is 'That a school told parents of the filming: by website and school guide, every school year [S]. Without a day it is a proposal, which tells nobody anything yet.';
comment on column notice.id is 'UUIDv7.';
comment on column notice.school_id is 'Which school.';
comment on column notice.school_year is 'The year in which the school year begins.';
comment on column notice.channel is 'website or school_guide.';
comment on column notice.reference is 'Address of the page, or edition of the guide.';
comment on column notice.published_on is 'The day from which parents could read it; null of a proposal.';
comment on column notice.attested_by is 'Who attested that; null of a proposal, and when that person is erased.';
comment on column notice.attested_at is 'When it was attested; null of a proposal.';
comment on column notice.version is 'Counts changes; the ETag compares it.';

create table objection (
  id uuid constraint objection_pkey primary key,
  school_id uuid not null constraint objection_school_fkey references school,
  received_on civil_date not null,
  state text not null constraint objection_state_known check (state in ('received', 'measure_set', 'ended')),
  answered_on civil_date,
  pupil_left_on civil_date,
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint objection_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint objection_ended_for_a_reason check (
    state <> 'ended' or coalesce(state_reason in ('withdrawn', 'pupil_left'), false)),
  constraint objection_answered_once check (state = 'received' or answered_on is not null),
  constraint objection_left_for_good check (pupil_left_on is null or state = 'ended')
);
comment on table objection is 'A parent''s objection to filming, registered by the school. Never rejected: the school takes a fitting measure [S]. Whose parent it is, is content of the school''s.';
comment on column objection.id is 'UUIDv7.';
comment on column objection.school_id is 'Which school.';
comment on column objection.received_on is 'The day on which the school received it; the terms run from it.';
comment on column objection.state is 'received, measure_set or ended.';
comment on column objection.answered_on is 'The day of the first measure, or of the end without one; null until then.';
comment on column objection.pupil_left_on is 'The day on which the pupil left the school; what is kept of the objection is let go a year after it.';
comment on column objection.created_at is 'When it was registered: from then on it blocks.';
comment on column objection.state_since is 'When it came into its state.';
comment on column objection.state_by is 'Who brought it there; null for the server.';
comment on column objection.state_reason is 'Why it ended: withdrawn or pupil_left; why it is open again: no_measure_left.';
comment on column objection.version is 'Counts changes; the ETag compares it.';
create index objection_school on objection (school_id);

create table placement (
  id uuid constraint placement_pkey primary key,
  objection_id uuid not null constraint placement_objection_fkey references objection on delete cascade,
  school_year smallint not null,
  group_id uuid not null constraint placement_group_fkey references school_group,
  placed_at timestamptz not null default app.now(),
  replaced_at timestamptz
);
comment on table placement is 'In which group the pupil of an objection is, school year by school year. A pupil who changes group takes the objection along; where they were before stays known.';
comment on column placement.id is 'UUIDv7.';
comment on column placement.objection_id is 'Which objection.';
comment on column placement.school_year is 'That of the group.';
comment on column placement.group_id is 'The group.';
comment on column placement.placed_at is 'From when on this was known.';
comment on column placement.replaced_at is 'Until when; null while it holds.';
create unique index placement_one_group on placement (objection_id, school_year) where replaced_at is null;
create index placement_group on placement (group_id);
create index placement_objection on placement (objection_id);

create table measure (
  id uuid constraint measure_pkey primary key,
  objection_id uuid not null constraint measure_objection_fkey references objection on delete cascade,
  kind text not null constraint measure_kind_known check (kind in ('out_of_view', 'other_group', 'anonymise', 'cut', 'no_recording')),
  covers_sound boolean not null,
  state text not null default 'in_force' constraint measure_state_known check (state in ('in_force', 'ended')),
  created_at timestamptz not null default app.this_instant(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint measure_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1
);
comment on table measure is 'A fitting measure (passende maatregel) that a school takes for an objection; one that ended stays.';
comment on column measure.id is 'UUIDv7.';
comment on column measure.objection_id is 'For which objection.';
comment on column measure.kind is 'out_of_view, other_group, anonymise, cut or no_recording.';
comment on column measure.covers_sound is 'Whether the voice is covered too.';
comment on column measure.state is 'in_force or ended.';
comment on column measure.created_at is 'From when on it is in force.';
comment on column measure.state_since is 'When it came into its state.';
comment on column measure.state_by is 'Who brought it there; null for the server, which ends measures with their objection.';
comment on column measure.state_reason is 'Why, as a code, where one was given.';
comment on column measure.version is 'Counts changes; the ETag compares it.';
create index measure_objection on measure (objection_id);
create unique index measure_one_of_a_kind on measure (objection_id, kind) where state = 'in_force';

create table promise (
  id uuid constraint promise_pkey primary key,
  recording_id uuid not null constraint promise_recording_fkey references recording on delete cascade,
  measure_id uuid not null constraint promise_measure_fkey references measure on delete cascade,
  coach_id uuid constraint promise_coach_fkey references person on delete set null,
  state text not null default 'promised' constraint promise_state_known check (state in ('promised', 'attested')),
  created_at timestamptz not null default app.this_instant(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint promise_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint promise_once unique (recording_id, measure_id)
);
comment on table promise is 'A coach''s word that a measure is kept in one recording; attested when it was made and seen to be so.';
comment on column promise.id is 'UUIDv7.';
comment on column promise.recording_id is 'In which recording.';
comment on column promise.measure_id is 'Which measure.';
comment on column promise.coach_id is 'Whose word; null when that person is erased.';
comment on column promise.state is 'promised or attested.';
comment on column promise.created_at is 'When it was promised.';
comment on column promise.state_since is 'When it came into its state.';
comment on column promise.state_by is 'Who brought it there.';
comment on column promise.state_reason is 'Why, as a code, where one was given.';
comment on column promise.version is 'Counts changes; the ETag compares it.';
create index promise_measure on promise (measure_id);

create table quarantine (
  id uuid constraint quarantine_pkey primary key,
  recording_id uuid not null constraint quarantine_recording_fkey references recording on delete cascade,
  teacher_id uuid not null constraint quarantine_teacher_fkey references person on delete cascade,
  cause text not null constraint quarantine_cause_known check (cause in ('no_clearance', 'objection')),
  codes text[] not null,
  state text not null default 'open' constraint quarantine_state_known check (state in ('open', 'released', 'deleted')),
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint quarantine_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1
);
comment on table quarantine is 'A recording that was made without clearance, or that a later objection touches: it goes nowhere, and is deleted, or released when what was missing is made good.';
comment on column quarantine.id is 'UUIDv7.';
comment on column quarantine.recording_id is 'Which recording.';
comment on column quarantine.teacher_id is 'Whose recording.';
comment on column quarantine.cause is 'no_clearance: made without it; objection: one that came afterwards.';
comment on column quarantine.codes is 'What was missing when it began, as codes of app.clearance_reasons.';
comment on column quarantine.state is 'open, released or deleted.';
comment on column quarantine.created_at is 'When it began.';
comment on column quarantine.state_since is 'When it came into its state.';
comment on column quarantine.state_by is 'Who brought it there; null for the server.';
comment on column quarantine.state_reason is 'Why, as a code, where one was given.';
comment on column quarantine.version is 'Counts changes; the ETag compares it.';
create unique index quarantine_one_open on quarantine (recording_id) where state = 'open';
create index quarantine_recording on quarantine (recording_id);

create table objection_tally (
  id uuid constraint objection_tally_pkey primary key,
  school_id uuid not null constraint objection_tally_school_fkey references school,
  school_year smallint not null,
  number integer not null constraint objection_tally_range check (number > 0),
  constraint objection_tally_once unique (school_id, school_year)
);
comment on table objection_tally is 'How many objections, received in a school year, are no longer kept: so that figures stay right when they have gone.';
comment on column objection_tally.id is 'UUIDv7.';
comment on column objection_tally.school_id is 'Which school.';
comment on column objection_tally.school_year is 'The year in which the school year begins in which they were received.';
comment on column objection_tally.number is 'How many.';

-- What the making of a recording was judged by, kept as evidence.
alter table recording
  add column carrier_since timestamptz,
  add column clearance_codes text[];
comment on column recording.carrier_since is 'Since when it is planned on its carrier; null where that was planned before anybody asked.';
comment on column recording.quarantined is 'Does not count: made without clearance, until released; or touched by a later objection before it was talked over. What was covered stays covered for ever.';
comment on column recording.clearance_codes is 'What was missing when it was made, judged by the facts committed up to made_at, as codes of app.clearance_reasons; empty: it was cleared; null: not judged.';
-- What is there has none: nothing to look through.
alter table recording add constraint recording_judged_when_made check (clearance_codes is null or recorded_on is not null) not valid;

alter table copy add column required_on civil_date;
comment on column copy.required_on is 'From this day on it is to be deleted, whoever has it, also the teacher: a parent''s objection leaves no other way.';

-- Who was away, as it was known when something was judged.
alter table coach_unavailability add column created_at timestamptz not null default app.now();
comment on column coach_unavailability.created_at is 'When it was entered.';

-- Keys and texts of schools beside those of teachers.
alter table data_key
  alter column person_id drop not null,
  add column school_id uuid constraint data_key_school_fkey references school,
  add constraint data_key_of_one check (num_nonnulls(person_id, school_id) = 1) not valid;
comment on table data_key is 'The key under which the content of a teacher, or of a school, is sealed, itself wrapped by a master key that stands in a file of the server. Destroying it erases the content for everyone, at once. Neither the API nor the server''s own work has a grant here.';
comment on column data_key.person_id is 'The teacher whose content it seals; null of a school''s.';
comment on column data_key.school_id is 'The school whose content it seals: which pupil an objection is about; null of a teacher''s.';
comment on column data_key.bound_to is 'Id of the person or school when it was made, bound into the wrapping and into everything that is sealed under it. Another than person_id where two entries of one person were merged since.';
create unique index data_key_one_live_per_school on data_key (school_id)
  where destroyed_at is null and retired_at is null;

alter table content
  alter column teacher_id drop not null,
  add column school_id uuid constraint content_school_fkey references school,
  add constraint content_of_one check (num_nonnulls(teacher_id, school_id) = 1) not valid,
  drop constraint content_kind_known,
  add constraint content_kind_known check (
    case when teacher_id is not null then kind in ('learning_question', 'reflection', 'storyboard') else kind in ('pupil', 'objection_note') end) not valid;
comment on table content is 'Texts, sealed by the application: those of teachers (learning questions, reflections, storyboards), and those of schools (which pupil an objection is about). Reached through app.read_content and app.write_content alone, which judge who asks.';
comment on column content.kind is 'learning_question (of a request), reflection (on a recording), storyboard; pupil or objection_note (of an objection).';
comment on column content.item_id is 'The request, recording, storyboard or objection.';
comment on column content.teacher_id is 'Whose it is: the teacher of the item; null where it is a school''s.';
comment on column content.school_id is 'Whose it is: the school of the objection; null where it is a teacher''s.';

insert into transition (machine, from_state, to_state, actor)
select machine, nullif(from_state, ''), to_state, actor
from (values
  ('objection', '', 'received', '{school_admin,director}'::text[]),
  ('objection', 'received', 'measure_set', '{school_admin,director}'),
  ('objection', 'received', 'ended', '{school_admin,director}'),
  ('objection', 'measure_set', 'ended', '{school_admin,director}'),
  ('objection', 'measure_set', 'received', '{server}'),
  ('measure', '', 'in_force', '{school_admin,director}'),
  ('measure', 'in_force', 'ended', '{school_admin,director,server}'),
  ('promise', '', 'promised', '{coach}'),
  ('promise', 'promised', 'attested', '{coach}'),
  ('quarantine', '', 'open', '{server}'),
  ('quarantine', 'open', 'released', '{adviser,privacy_officer,server}'),
  ('quarantine', 'open', 'deleted', '{server}')
) as t(machine, from_state, to_state, actors)
cross join unnest(t.actors) a(actor);

-- Where the schema was there before; where it is not, the functions that are applied after this do it.
do $$
begin
  if to_regprocedure('app.precompute_transitions()') is not null then
    perform app.precompute_transitions();
  end if;
end
$$;

do $$
declare
  added text;
begin
  foreach added in array array['notice', 'objection', 'placement', 'measure', 'promise', 'quarantine', 'objection_tally']
  loop
    execute format('alter table %I enable row level security', added);
  end loop;
end
$$;

-- The functions' bodies are in sql/functions, applied before they first fire.
create function app.notice_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.objection_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.objection_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.placement_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.measure_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.measure_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.promise_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.promise_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.quarantine_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.quarantine_follows() returns trigger language plpgsql as $$ begin return null; end $$;

create trigger notice_1_guard before insert or update or delete on notice
  for each row execute function app.notice_guard();
create trigger notice_version before update on notice for each row
  when (current_user = 'beeld_app' and new.version is distinct from old.version + 1)
  execute function app.version_was_skipped();
create trigger placement_3_follows after insert on placement
  for each row execute function app.placement_follows();
create trigger objection_content after delete on objection
  for each row execute function app.content_goes_with_item('pupil', 'objection_note');

do $$
declare
  machine text;
begin
  foreach machine in array array['objection', 'measure', 'promise', 'quarantine']
  loop
    execute format(
      'create trigger %1$s_1_step before insert or update on %1$I for each row execute function app.take_step()', machine);
    execute format(
      'create trigger %1$s_2_guard before insert or update on %1$I for each row execute function app.%1$s_guard()', machine);
    if machine <> 'quarantine' then
      execute format(
        'create trigger %1$s_3_follows after insert or update on %1$I for each row execute function app.%1$s_follows()', machine);
    end if;
  end loop;
end
$$;
-- An objection quarantines many at once.
create trigger quarantine_3_follows_insert after insert on quarantine referencing new table as new_rows
  for each statement execute function app.quarantine_follows();
create trigger quarantine_3_follows_update after update on quarantine referencing new table as new_rows
  for each statement execute function app.quarantine_follows();

do $$
declare
  watched record;
begin
  for watched in
    select *
    from (values
      ('notice', '', '{attested_by}', 'id'),
      ('objection', '', '{state_by}', 'id'),
      ('placement', '', '{}', 'id'),
      ('measure', '', '{state_by}', 'id'),
      ('promise', '', '{coach_id,state_by}', 'id'),
      ('quarantine', 'teacher_id', '{teacher_id,state_by}', 'id'),
      ('objection_tally', '', '{}', 'id')
    ) as t(name, subject_column, kept_back, key)
  loop
    execute format(
      'create trigger %1$s_audit_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
    execute format(
      'create trigger %1$s_audit_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
    execute format(
      'create trigger %1$s_audit_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
  end loop;
end
$$;
