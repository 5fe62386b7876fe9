-- The coaching: requests, coaches, trajectories, recordings within them, agreements of two people, and the custody of
-- the footage. Facts only: what was asked, seen or advised is content, and stands elsewhere.

-- State machines. What may follow what, and by whom, is data; that nothing else happens, app.take_step sees to.
create table transition (
  machine code not null,
  from_state code,
  to_state code not null,
  actor code not null constraint transition_actor_known check (
    actor in ('teacher', 'coach', 'director', 'adviser', 'maker', 'counterpart', 'privacy_officer', 'school_admin', 'server')),
  constraint transition_once unique nulls not distinct (machine, from_state, to_state, actor)
);
comment on table transition is 'Every step of every state machine, and who takes it. Whatever is not listed does not exist.';
comment on column transition.machine is 'The table whose rows go these ways.';
comment on column transition.from_state is 'The state before; null for being made.';
comment on column transition.to_state is 'The state after.';
comment on column transition.actor is 'Who may: teacher, coach (the one concerned), director (of the school), adviser, maker, counterpart (of who proposed), privacy_officer, school_admin; server for what follows by itself, and for the act of two when both have agreed.';
alter table transition enable row level security;

create table allowed_transition (
  machine code not null,
  state code not null,
  actors smallint not null,
  transitions text[] not null,
  constraint allowed_transition_pkey primary key (machine, state, actors)
);
comment on table allowed_transition is 'Derived from transition: the states that somebody may bring a row to, by machine, state and what they are to the row. One look-up where a join of three would be.';
comment on column allowed_transition.machine is 'The table.';
comment on column allowed_transition.state is 'The state the row is in.';
comment on column allowed_transition.actors is 'Sum of what the asker is to the row: see app.actor_bit.';
comment on column allowed_transition.transitions is 'The states, in the order of the alphabet.';
alter table allowed_transition enable row level security;

-- Its body is in sql/functions/transition.sql, which fills the derived table when it is applied.
create function app.transitions_changed() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger transition_derived after insert or update or delete on transition
  for each statement execute function app.transitions_changed();

insert into transition (machine, from_state, to_state, actor)
select machine, nullif(from_state, ''), to_state, actor
from (values
  ('request', '', 'submitted', '{teacher}'::text[]),
  ('request', '', 'invited', '{director,adviser,server}'),
  ('request', 'invited', 'submitted', '{teacher}'),
  ('request', 'invited', 'declined', '{teacher}'),
  ('request', 'invited', 'expired', '{server}'),
  ('request', 'invited', 'withdrawn', '{maker}'),
  ('request', 'submitted', 'offered', '{adviser}'),
  ('request', 'submitted', 'withdrawn', '{teacher}'),
  ('request', 'offered', 'assigned', '{coach}'),
  ('request', 'offered', 'submitted', '{coach,adviser,server}'),
  ('request', 'offered', 'withdrawn', '{teacher}'),
  ('request', 'assigned', 'closed', '{server}'),
  ('trajectory', '', 'open', '{server}'),
  ('trajectory', 'open', 'paused', '{adviser,server}'),
  ('trajectory', 'paused', 'open', '{adviser,server}'),
  ('trajectory', 'open', 'closing', '{teacher,coach,adviser}'),
  ('trajectory', 'paused', 'closing', '{teacher,adviser}'),
  ('trajectory', 'closing', 'closed', '{server}'),
  ('recording', '', 'planned', '{coach}'),
  ('recording', '', 'made', '{server}'),
  ('recording', '', 'debriefed', '{server}'),
  ('recording', 'planned', 'made', '{coach}'),
  ('recording', 'planned', 'cancelled', '{coach,teacher,server}'),
  ('recording', 'made', 'debriefed', '{server}'),
  ('recording', 'made', 'waived', '{teacher}'),
  ('recording', 'made', 'voided', '{adviser}'),
  ('copy', '', 'held', '{coach,server}'),
  ('copy', 'held', 'handed_over', '{coach}'),
  ('copy', 'held', 'deleted', '{coach,teacher,adviser}'),
  ('copy', 'held', 'lost', '{coach,teacher}'),
  ('agreement', '', 'proposed', '{teacher,coach,adviser,server}'),
  ('agreement', 'proposed', 'agreed', '{counterpart}'),
  ('agreement', 'proposed', 'declined', '{counterpart,server}')
) as t(machine, from_state, to_state, actors)
cross join unnest(t.actors) a(actor);

-- The rules with numbers that belong to the coaching.
alter table policy
  add column teacher_days smallint not null default 14 constraint policy_teacher_days_range check (teacher_days between 1 and 365),
  add column coach_days smallint not null default 7 constraint policy_coach_days_range check (coach_days between 1 and 365),
  add column first_recording_days smallint not null default 30
    constraint policy_first_recording_days_range check (first_recording_days between 1 and 365),
  add column debrief_days smallint not null default 14 constraint policy_debrief_days_range check (debrief_days between 1 and 365),
  add column invitation_days smallint not null default 30
    constraint policy_invitation_days_range check (invitation_days between 1 and 365),
  add column deletion_days smallint not null default 14
    constraint policy_deletion_days_range check (deletion_days between 0 and 365),
  add column coach_capacity smallint not null default 30
    constraint policy_coach_capacity_range check (coach_capacity between 0 and 1000),
  add column invitation_month smallint
    constraint policy_invitation_month_range check (invitation_month between 1 and 120);
comment on column policy.teacher_days is 'Calendar days in which a teacher is to answer.';
comment on column policy.coach_days is 'Calendar days in which a coach is to answer an offer; then it lapses.';
comment on column policy.first_recording_days is 'Calendar days from the assignment in which the first recording is to be made.';
comment on column policy.debrief_days is 'Calendar days from the hand-over in which the debrief is to be held.';
comment on column policy.invitation_days is 'Calendar days after which an invitation expires.';
comment on column policy.deletion_days is 'Calendar days after the beginning of the closing after which a copy that is not deleted is overdue.';
comment on column policy.coach_capacity is 'Recordings per school year that a new coach has room for, until told otherwise.';
comment on column policy.invitation_month is 'Month of the starter window, from 1, in which the server itself invites a starter who has not been; null: never.';

-- Coaches: their names are common knowledge, their room is not.
alter table person add column is_coach boolean not null default false;
comment on column person.is_coach is 'Derived: is or has been a coach, and so known to everybody by name.';

create table coach (
  person_id uuid constraint coach_pkey primary key constraint coach_person_fkey references person on delete cascade,
  capacity smallint not null constraint coach_capacity_range check (capacity between 0 and 1000),
  version integer not null default 1
);
comment on table coach is 'The room of everybody who is or has been a coach. Made with the first assignment of the role.';
comment on column coach.person_id is 'The coach.';
comment on column coach.capacity is 'Recordings per school year (1 August to 31 July).';
comment on column coach.version is 'Counts changes; the ETag compares it.';

create table coach_unavailability (
  id uuid constraint coach_unavailability_pkey primary key,
  person_id uuid not null constraint coach_unavailability_person_fkey references coach on delete cascade on update cascade,
  from_date civil_date not null,
  until_date civil_date not null,
  version integer not null default 1,
  constraint coach_unavailability_order check (until_date > from_date),
  constraint coach_unavailability_no_overlap exclude using gist (
    person_id with =, daterange(from_date, until_date) with &&)
);
comment on table coach_unavailability is 'Days on which a coach cannot film. No reason is kept.';
comment on column coach_unavailability.id is 'UUIDv7.';
comment on column coach_unavailability.person_id is 'The coach.';
comment on column coach_unavailability.from_date is 'First day away.';
comment on column coach_unavailability.until_date is 'First day back.';
comment on column coach_unavailability.version is 'Counts changes; the ETag compares it.';

create table request (
  id uuid constraint request_pkey primary key,
  teacher_id uuid not null constraint request_teacher_fkey references person on delete cascade,
  origin text not null constraint request_origin_known check (origin in ('own_wish', 'appraisal', 'starter_programme')),
  state text not null constraint request_state_known check (
    state in ('invited', 'submitted', 'offered', 'assigned', 'closed', 'declined', 'expired', 'withdrawn')),
  made_by uuid constraint request_made_by_fkey references person on delete set null,
  made_as text not null constraint request_made_as_known check (made_as in ('teacher', 'director', 'adviser', 'server')),
  school_id uuid constraint request_school_fkey references school,
  talk_on civil_date,
  talk_kind text constraint request_talk_kind_known check (talk_kind in ('goal_setting', 'progress', 'appraisal')),
  expires_on civil_date,
  aim text constraint request_aim_known check (aim in ('personal', 'team', 'pupil_needs')),
  subject text constraint request_subject_known check (subject in ('classroom_management', 'interaction', 'didactics')),
  coach_id uuid constraint request_coach_fkey references person on delete set null,
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint request_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint request_coach_is_another check (coach_id <> teacher_id),
  constraint request_talk_of_appraisal check ((num_nonnulls(talk_on, talk_kind) = 2) = (origin = 'appraisal')),
  constraint request_talk_whole check (num_nonnulls(talk_on, talk_kind) in (0, 2)),
  constraint request_school_not_told check (origin <> 'own_wish' or school_id is null),
  constraint request_own_wish_by_teacher check ((origin = 'own_wish') = (made_as = 'teacher')),
  constraint request_expires_when_invited check (expires_on is not null or made_as = 'teacher'),
  constraint request_asked_when_submitted check (
    num_nonnulls(aim, subject) = 2 or state in ('invited', 'declined', 'expired', 'withdrawn'))
);
comment on table request is 'A coaching request (aanvraag): the teacher''s own wish, a referral out of an appraisal talk, or an invitation of the starter programme. Never the learning question''s text, never the talk''s.';
comment on column request.id is 'UUIDv7.';
comment on column request.teacher_id is 'Who is to be coached.';
comment on column request.origin is 'own_wish, appraisal or starter_programme.';
comment on column request.state is 'invited, submitted, offered, assigned, closed, declined, expired or withdrawn.';
comment on column request.made_by is 'Who made it; null for the server, and when that person is erased.';
comment on column request.made_as is 'As what: teacher, director, adviser or server.';
comment on column request.school_id is 'School of the talk, or of attribution at the invitation; never of an own wish.';
comment on column request.talk_on is 'Day of the appraisal talk.';
comment on column request.talk_kind is 'Kind of the appraisal talk.';
comment on column request.expires_on is 'First day on which an unanswered invitation is expired.';
comment on column request.aim is 'What the learning question is for: personal, team or pupil_needs.';
comment on column request.subject is 'What it is about: classroom_management, interaction or didactics.';
comment on column request.coach_id is 'Whom it is offered to, or who took it on.';
comment on column request.created_at is 'When it was made.';
comment on column request.state_since is 'When it came into its state.';
comment on column request.state_by is 'Who brought it there; null for the server.';
comment on column request.state_reason is 'Why, as a code, where one was given.';
comment on column request.version is 'Counts changes; the ETag compares it.';
create unique index request_one_open_per_teacher on request (teacher_id, (origin = 'own_wish'))
  where state in ('submitted', 'offered', 'assigned');
comment on index request_one_open_per_teacher is 'A teacher has one open request of a kind: own wish, or referral and invitation together.';
create unique index request_one_invitation_per_maker on request (teacher_id, made_by)
  where state = 'invited';
comment on index request_one_invitation_per_maker is 'A maker invites a teacher once at a time. Makers who are erased are nobody''s equals.';
create unique index request_one_invitation_of_server on request (teacher_id)
  where state = 'invited' and made_as = 'server';
comment on index request_one_invitation_of_server is 'So does the server.';
create index request_teacher on request (teacher_id);
create index request_coach on request (coach_id) where coach_id is not null;
create index request_waiting on request (state, state_since) where state in ('invited', 'submitted', 'offered');

create table trajectory (
  id uuid constraint trajectory_pkey primary key,
  request_id uuid not null
    constraint trajectory_request_unique unique
    constraint trajectory_request_fkey references request on delete cascade,
  teacher_id uuid not null constraint trajectory_teacher_fkey references person on delete cascade,
  coach_id uuid constraint trajectory_coach_fkey references person on delete set null,
  origin text not null constraint trajectory_origin_known check (origin in ('own_wish', 'appraisal', 'starter_programme')),
  state text not null constraint trajectory_state_known check (state in ('open', 'paused', 'closing', 'closed')),
  recordings smallint not null default 1 constraint trajectory_recordings_range check (recordings between 1 and 6),
  interval_days smallint constraint trajectory_interval_range check (interval_days between 1 and 365),
  opened_on civil_date not null default app.today(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint trajectory_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint trajectory_coach_is_another check (coach_id <> teacher_id)
);
comment on table trajectory is 'The guidance of one teacher by one coach (traject), opened by the coach who takes a request on.';
comment on column trajectory.id is 'UUIDv7.';
comment on column trajectory.request_id is 'The request it answers.';
comment on column trajectory.teacher_id is 'Who is coached.';
comment on column trajectory.coach_id is 'Who coaches now.';
comment on column trajectory.origin is 'That of the request.';
comment on column trajectory.state is 'open, paused, closing or closed.';
comment on column trajectory.recordings is 'How many recordings both agreed on, 1 to 6 [S].';
comment on column trajectory.interval_days is 'Days between recordings, as both agreed.';
comment on column trajectory.opened_on is 'Day of the assignment.';
comment on column trajectory.state_since is 'When it came into its state.';
comment on column trajectory.state_by is 'Who brought it there; null for the server.';
comment on column trajectory.state_reason is 'Why, as a code, where one was given.';
comment on column trajectory.version is 'Counts changes; the ETag compares it.';
create index trajectory_teacher on trajectory (teacher_id);
create index trajectory_coach on trajectory (coach_id);

create table follow_up (
  id uuid constraint follow_up_pkey primary key,
  trajectory_id uuid not null constraint follow_up_trajectory_fkey references trajectory on delete cascade,
  teacher_id uuid not null constraint follow_up_teacher_fkey references person on delete cascade,
  coach_id uuid constraint follow_up_coach_fkey references person on delete set null,
  talk_on civil_date not null,
  version integer not null default 1
);
comment on table follow_up is 'A talk of a trajectory without a recording (vervolgafspraak).';
comment on column follow_up.id is 'UUIDv7.';
comment on column follow_up.trajectory_id is 'Of which trajectory.';
comment on column follow_up.teacher_id is 'Its teacher.';
comment on column follow_up.coach_id is 'Its coach at the time.';
comment on column follow_up.talk_on is 'The day.';
comment on column follow_up.version is 'Counts changes; the ETag compares it.';
create index follow_up_trajectory on follow_up (trajectory_id);

create table carrier (
  id uuid constraint carrier_pkey primary key,
  kind text not null constraint carrier_kind_known check (kind in ('usb', 'cloud')),
  name label not null constraint carrier_name_unique unique,
  retired_on civil_date,
  version integer not null default 1,
  constraint carrier_id_kind unique (id, kind)
);
comment on table carrier is 'What footage may be kept on: registered USB sticks and approved cloud services, nothing else [S].';
comment on column carrier.id is 'UUIDv7.';
comment on column carrier.kind is 'usb or cloud.';
comment on column carrier.name is 'Number of the stick, name of the service.';
comment on column carrier.retired_on is 'From this day on nothing new is kept on it.';
comment on column carrier.version is 'Counts changes; the ETag compares it.';

alter table recording
  add column trajectory_id uuid constraint recording_trajectory_fkey references trajectory on delete cascade,
  add column ordinal smallint constraint recording_ordinal_range check (ordinal between 1 and 6),
  add column scheduled_at timestamptz,
  add column made_at timestamptz,
  add column handed_over_on civil_date,
  add column carrier_id uuid constraint recording_carrier_fkey references carrier,
  add column teacher_agreed_at timestamptz,
  add column state_since timestamptz not null default app.now(),
  add column state_by uuid constraint recording_state_by_fkey references person on delete set null,
  add column state_reason code,
  add constraint recording_ordinal_in_trajectory check ((trajectory_id is null) = (ordinal is null)),
  add constraint recording_scheduled_on_that_day check (
    scheduled_for = (scheduled_at at time zone 'Europe/Amsterdam')::date),
  add constraint recording_made_on_that_day check (recorded_on = (made_at at time zone 'Europe/Amsterdam')::date);
comment on column recording.trajectory_id is 'Of which trajectory; null in a board''s history from before this administration.';
comment on column recording.ordinal is 'Its number in the trajectory, 1 to 6 [S]; one that was cancelled or voided leaves its number to the next.';
comment on column recording.scheduled_at is 'The instant for which it is planned.';
comment on column recording.made_at is 'The instant at which the filming began.';
comment on column recording.handed_over_on is 'The day on which the teacher first had a copy: the debrief''s term runs from it.';
comment on column recording.carrier_id is 'What the footage is to be kept on.';
comment on column recording.teacher_agreed_at is 'When the teacher agreed to this recording as it is planned; null until then, and again when it is planned anew.';
comment on column recording.state_since is 'When it came into its state.';
comment on column recording.state_by is 'Who brought it there; null for the server.';
comment on column recording.state_reason is 'Why, as a code, where one was given.';
create unique index recording_ordinal_unique on recording (trajectory_id, ordinal)
  where state not in ('cancelled', 'voided');
create index recording_trajectory on recording (trajectory_id);
create index recording_group_planned on recording (group_id, scheduled_for) where state = 'planned';

create table copy (
  id uuid constraint copy_pkey primary key,
  recording_id uuid not null constraint copy_recording_fkey references recording on delete cascade,
  teacher_id uuid not null constraint copy_teacher_fkey references person on delete cascade,
  holder_id uuid constraint copy_holder_fkey references person on delete set null,
  carrier_id uuid not null,
  carrier_kind text not null,
  state text not null constraint copy_state_known check (state in ('held', 'handed_over', 'deleted', 'lost')),
  source_id uuid constraint copy_source_fkey references copy on delete set null,
  given_to uuid constraint copy_given_to_fkey references person on delete set null,
  demanded_at timestamptz,
  kept_until civil_date,
  deletion_due_on civil_date,
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint copy_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint copy_carrier_fkey foreign key (carrier_id, carrier_kind) references carrier (id, kind)
);
comment on table copy is 'The custody ledger: one copy of a recording''s footage in one pair of hands. Handed over, it ends here and goes on in a row of whoever has it then.';
comment on column copy.id is 'UUIDv7.';
comment on column copy.recording_id is 'Of which recording.';
comment on column copy.teacher_id is 'Whose footage it is.';
comment on column copy.holder_id is 'Who has it, or had it last.';
comment on column copy.carrier_id is 'What it is on.';
comment on column copy.carrier_kind is 'usb or cloud: that of the carrier.';
comment on column copy.state is 'held, handed_over, deleted or lost.';
comment on column copy.source_id is 'The row from which it was handed over; null for one that was filmed or made.';
comment on column copy.given_to is 'To whom it was handed over.';
comment on column copy.demanded_at is 'When the teacher demanded its deletion.';
comment on column copy.kept_until is 'By agreement with the teacher it may stay until this day.';
comment on column copy.deletion_due_on is 'From this day on it is to be deleted: the closing''s first day, or the day of the demand; null before.';
comment on column copy.created_at is 'When it came into these hands.';
comment on column copy.state_since is 'When it came into its state.';
comment on column copy.state_by is 'Who brought it there; null for the server.';
comment on column copy.state_reason is 'Why, as a code, where one was given.';
comment on column copy.version is 'Counts changes; the ETag compares it.';
create index copy_recording on copy (recording_id);
create index copy_held on copy (holder_id) where state = 'held';
create index copy_teacher on copy (teacher_id);
create unique index copy_handed_over_once on copy (source_id);

create table agreement (
  id uuid constraint agreement_pkey primary key,
  kind text not null constraint agreement_kind_known check (
    kind in ('recording', 'debrief', 'extension', 'keeping', 'change_of_coach')),
  trajectory_id uuid not null constraint agreement_trajectory_fkey references trajectory on delete cascade,
  recording_id uuid constraint agreement_recording_fkey references recording on delete cascade,
  copy_id uuid constraint agreement_copy_fkey references copy on delete cascade,
  teacher_id uuid not null constraint agreement_teacher_fkey references person on delete cascade,
  coach_id uuid constraint agreement_coach_fkey references person on delete set null,
  new_coach_id uuid constraint agreement_new_coach_fkey references person on delete set null,
  proposed_by uuid constraint agreement_proposed_by_fkey references person on delete set null,
  proposed_as text not null constraint agreement_proposed_as_known check (proposed_as in ('teacher', 'coach', 'adviser')),
  recordings smallint constraint agreement_recordings_range check (recordings between 2 and 6),
  interval_days smallint constraint agreement_interval_range check (interval_days between 1 and 365),
  until_date civil_date,
  held_on civil_date,
  state text not null constraint agreement_state_known check (state in ('proposed', 'agreed', 'declined')),
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint agreement_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint agreement_of_its_kind check (
    case kind
      when 'recording' then recording_id is not null and num_nonnulls(copy_id, recordings, interval_days, until_date, held_on) = 0
      when 'debrief' then num_nonnulls(recording_id, held_on) = 2 and num_nonnulls(copy_id, recordings, interval_days, until_date) = 0
      when 'extension' then recordings is not null and num_nonnulls(recording_id, copy_id, until_date, held_on) = 0
      when 'keeping' then num_nonnulls(copy_id, until_date, recording_id) = 3 and num_nonnulls(recordings, interval_days, held_on) = 0
      when 'change_of_coach' then num_nonnulls(recording_id, copy_id, recordings, interval_days, until_date, held_on) = 0
    end),
  constraint agreement_new_coach_of_its_kind check (new_coach_id is null or kind = 'change_of_coach'),
  constraint agreement_new_coach_is_another check (new_coach_id <> teacher_id)
);
comment on table agreement is 'Acts of two people: one proposes, the other agrees or declines, and what was agreed takes effect.';
comment on column agreement.id is 'UUIDv7.';
comment on column agreement.kind is 'recording (to be filmed as planned), debrief (it was held), extension (to more recordings), keeping (of a copy after the end), change_of_coach.';
comment on column agreement.trajectory_id is 'Of which trajectory.';
comment on column agreement.recording_id is 'Of which recording, where it is about one.';
comment on column agreement.copy_id is 'Of which copy, where it is about keeping one.';
comment on column agreement.teacher_id is 'The teacher of the trajectory.';
comment on column agreement.coach_id is 'The coach of the trajectory when it was proposed.';
comment on column agreement.new_coach_id is 'Who is to go on.';
comment on column agreement.proposed_by is 'Who proposed it; null when that person is erased.';
comment on column agreement.proposed_as is 'As what.';
comment on column agreement.recordings is 'Extension: to how many recordings, 2 to 6.';
comment on column agreement.interval_days is 'Extension: days between recordings.';
comment on column agreement.until_date is 'Keeping: first day on which the copy is no longer kept; at most 12 months away.';
comment on column agreement.held_on is 'Debrief: the day of the talk.';
comment on column agreement.state is 'proposed, agreed or declined.';
comment on column agreement.created_at is 'When it was proposed.';
comment on column agreement.state_since is 'When it came into its state.';
comment on column agreement.state_by is 'Who brought it there; null for the server.';
comment on column agreement.state_reason is 'Why, as a code, where one was given.';
comment on column agreement.version is 'Counts changes; the ETag compares it.';
create unique index agreement_one_proposal on agreement (trajectory_id, kind, coalesce(copy_id, recording_id)) nulls not distinct
  where state = 'proposed';
comment on index agreement_one_proposal is 'One proposal of a kind at a time, about one thing.';
create index agreement_trajectory on agreement (trajectory_id);
create index agreement_recording on agreement (recording_id);

create table breach (
  id uuid constraint breach_pkey primary key,
  copy_id uuid not null
    constraint breach_copy_unique unique
    constraint breach_copy_fkey references copy on delete cascade,
  found_at timestamptz not null default app.now(),
  due_at timestamptz not null,
  settled_at timestamptz,
  settled_by uuid constraint breach_settled_by_fkey references person on delete set null,
  outcome text constraint breach_outcome_known check (outcome in ('reported', 'not_notifiable')),
  version integer not null default 1,
  constraint breach_settled_whole check (num_nonnulls(settled_at, outcome) in (0, 2))
);
comment on table breach is 'The privacy officer''s task when a copy is lost: whether it is reported to the supervisory authority is decided within 72 hours [L].';
comment on column breach.id is 'UUIDv7.';
comment on column breach.copy_id is 'The lost copy.';
comment on column breach.found_at is 'When the loss was entered.';
comment on column breach.due_at is '72 hours later.';
comment on column breach.settled_at is 'When it was decided.';
comment on column breach.settled_by is 'By which privacy officer.';
comment on column breach.outcome is 'reported or not_notifiable.';
comment on column breach.version is 'Counts changes; the ETag compares it.';

do $$
declare
  added text;
begin
  foreach added in array array[
    'coach', 'coach_unavailability', 'request', 'trajectory', 'follow_up', 'carrier', 'copy', 'agreement', 'breach'
  ]
  loop
    execute format('alter table %I enable row level security', added);
  end loop;
end
$$;

-- The functions' bodies are in sql/functions, applied before they first fire.
create function app.take_step() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.coach_appointed() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.request_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.request_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.trajectory_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.trajectory_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.recording_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.recording_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.copy_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.copy_follows() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.agreement_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.agreement_follows() returns trigger language plpgsql as $$ begin return null; end $$;

-- In the order of their names: first what the machine permits, then what else must hold, and when it is done, what
-- follows from it.
do $$
declare
  machine text;
begin
  foreach machine in array array['request', 'trajectory', 'recording', 'copy', 'agreement']
  loop
    execute format(
      'create trigger %1$s_1_step before insert or update on %1$I for each row execute function app.take_step()', machine);
    execute format(
      'create trigger %1$s_2_guard before insert or update on %1$I for each row execute function app.%1$s_guard()', machine);
    execute format(
      'create trigger %1$s_3_follows after insert or update on %1$I for each row execute function app.%1$s_follows()', machine);
  end loop;
end
$$;

create trigger role_assignment_coach after insert on role_assignment for each row
  when (new.role = 'coach') execute function app.coach_appointed();

do $$
declare
  versioned text;
begin
  foreach versioned in array array['coach', 'coach_unavailability', 'follow_up', 'carrier', 'breach']
  loop
    execute format(
      'create trigger %1$s_version before update on %1$I for each row
         when (current_user = ''beeld_app'' and new.version is distinct from old.version + 1)
         execute function app.version_was_skipped()', versioned);
  end loop;
end
$$;

do $$
declare
  watched record;
begin
  for watched in
    select *
    from (values
      ('transition', '', '{}', 'machine'),
      ('coach', 'person_id', '{person_id}', 'person_id'),
      ('coach_unavailability', 'person_id', '{person_id}', 'id'),
      ('request', 'teacher_id', '{teacher_id,made_by,coach_id,state_by}', 'id'),
      ('trajectory', 'teacher_id', '{teacher_id,coach_id,state_by}', 'id'),
      ('follow_up', 'teacher_id', '{teacher_id,coach_id}', 'id'),
      ('carrier', '', '{}', 'id'),
      ('recording', 'teacher_id', '{teacher_id,coach_id,state_by}', 'id'),
      ('copy', 'teacher_id', '{teacher_id,holder_id,given_to,state_by}', 'id'),
      ('agreement', 'teacher_id', '{teacher_id,coach_id,new_coach_id,proposed_by,state_by}', 'id'),
      ('breach', '', '{settled_by}', 'id')
    ) as t(name, subject_column, kept_back, key)
  loop
    execute format(
      'create or replace trigger %1$s_audit_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
    execute format(
      'create or replace trigger %1$s_audit_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
    execute format(
      'create or replace trigger %1$s_audit_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
  end loop;
end
$$;

insert into coach (person_id, capacity)
select distinct a.person_id, 30
from role_assignment a
where a.role = 'coach';
update person p
set is_coach = true
where exists (
  select
  from coach c
  where c.person_id = p.id);

create type named_group as (id uuid, name text);
comment on type named_group is 'A group as answers name it.';
create type named_carrier as (id uuid, kind text, name text);
comment on type named_carrier is 'A carrier as answers name it.';
create type item_list as (items json);
comment on type item_list is 'A list that comes as a whole.';
