-- Reports of every kind: which there are and who sees them, what in them is an exception and since when, and what
-- somebody decided about one. And how requests came where they are, which reports count and nothing else kept.

create domain report_key as text
  constraint report_key_shape check (value ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and char_length(value) <= 40);
comment on domain report_key is 'Name of a report, as in commands and addresses; its functions have _ for -.';

-- They speak of the columns that change their type; sql/policies makes them anew.
drop policy if exists director_reads_coverage on report_run;
drop policy if exists director_reads_coverage_of_own_schools on report_row;
alter table report_schedule alter column report type report_key;
alter table report_run alter column report type report_key;

create table report (
  key report_key constraint report_pkey primary key,
  columns text[] not null,
  board text[] not null default '{}' constraint report_board_known check (board <@ array['adviser', 'privacy_officer']),
  counts text[] not null default '{}' constraint report_counts_known check (counts <@ array['adviser', 'privacy_officer']),
  schools text[] not null default '{}' constraint report_schools_known check (schools <@ array['director', 'school_admin']),
  constraint report_rows_or_counts check (not board && counts),
  constraint report_columns_of_its_own check (
    not columns && array['person', 'school', 'severity', 'since', 'key', 'change', 'age_days', 'acknowledged', 'acknowledged_until'])
);
comment on table report is 'Which reports there are, and whose they are. Each is filled by its own file in sql/functions.';
comment on column report.key is 'Its name.';
comment on column report.columns is 'Names of the cells of each row, in order.';
comment on column report.board is 'Roles of the board that see every row.';
comment on column report.counts is 'Roles of the board that are told numbers of the whole, and see no row.';
comment on column report.schools is 'Roles at a school that see the rows of their own schools.';

create type report_line as (
  ordinal bigint, key uuid, person_id uuid, school_id uuid, severity smallint, cells text);
comment on type report_line is 'What app.report_<key>(as_of) answers: the place of the row; what it is about, the same in every run (of a person''s row: the person); whom and which school it concerns, either of which may be null; how serious it is; its cells.';

alter table report_row
  add column key uuid,
  add column severity smallint constraint report_row_severity_known check (severity in (1, 2)),
  add column since civil_date;
-- What is there has none: nothing to look through.
alter table report_row add constraint report_row_exception_whole check ((severity is null) = (since is null)) not valid;
comment on column report_row.key is 'What the row is about, the same in every run of the report: by it runs are compared. Null in runs from before there were keys.';
comment on column report_row.severity is 'An exception: 1 asks for attention, 2 is serious. Null: all is well.';
comment on column report_row.since is 'Of an exception: the day of the first run of the unbroken series of nights in which it was one. Null of others.';
create unique index report_row_exception on report_row (run_id, key) where severity is not null;

-- Runs from before keep what their hash was reckoned over: those that are there get form 1, those to come 2.
alter table report_run
  add column duration_ms integer constraint report_run_duration_positive check (duration_ms >= 0),
  add column form smallint not null default 1 constraint report_run_form_known check (form in (1, 2));
alter table report_run alter column form set default 2;
comment on column report_run.duration_ms is 'How long its rows took to reckon and to store, in milliseconds; null while it is not made, and of runs from before it was measured.';
comment on column report_run.form is 'What the hash covers: see app.report_run_hash.';
comment on column report_run.row_hash is 'SHA-256 of the run, as app.report_run_hash reckons it.';

create table report_acknowledgement (
  id uuid constraint report_acknowledgement_pkey primary key,
  run_id uuid not null constraint report_acknowledgement_run_fkey references report_run on delete cascade,
  key uuid not null,
  reason code not null constraint report_acknowledgement_reason_known check (
    reason in ('being_handled', 'agreed', 'known_in_data', 'not_applicable')),
  until_date civil_date not null,
  report report_key not null,
  school_id uuid,
  severity smallint not null constraint report_acknowledgement_severity_known check (severity in (1, 2)),
  from_date civil_date not null,
  made_by uuid constraint report_acknowledgement_made_by_fkey references person on delete set null,
  made_at timestamptz not null default app.now(),
  version integer not null default 1,
  constraint report_acknowledgement_order check (until_date > from_date)
);
comment on table report_acknowledgement is 'That somebody knows of an exception of a report and why it may stand for a while. After its end, or when it gets worse, the exception is back. Of several of one exception the latest rules.';
comment on column report_acknowledgement.id is 'UUIDv7.';
comment on column report_acknowledgement.run_id is 'The run in which it was seen.';
comment on column report_acknowledgement.key is 'Which exception: the key of its row.';
comment on column report_acknowledgement.reason is 'Why: being_handled, agreed, known_in_data or not_applicable.';
comment on column report_acknowledgement.until_date is 'First day on which it no longer holds; at most twelve months away.';
comment on column report_acknowledgement.report is 'Of which report: that of the run.';
comment on column report_acknowledgement.school_id is 'The school of the row; without a foreign key, as there.';
comment on column report_acknowledgement.severity is 'How serious it was: what is more serious later is not covered.';
comment on column report_acknowledgement.from_date is 'First day it holds: the run''s.';
comment on column report_acknowledgement.made_by is 'Who said so; null when that person is erased.';
comment on column report_acknowledgement.made_at is 'When.';
comment on column report_acknowledgement.version is 'Counts changes; the ETag compares it.';
create index report_acknowledgement_key on report_acknowledgement (report, key);

create table request_step (
  request_id uuid not null constraint request_step_request_fkey references request on delete cascade,
  at timestamptz not null,
  state text not null,
  coach_id uuid,
  by_coach boolean not null default false
);
comment on table request_step is 'How requests came where they are, for the reports: of referrals and invitations alone. An own wish is counted nowhere, and leaves nothing here.';
comment on column request_step.request_id is 'Which request.';
comment on column request_step.at is 'From when on it was in this state.';
comment on column request_step.state is 'The state.';
comment on column request_step.coach_id is 'Whom it was offered to, or who took it on, and of a refusal who refused; without a foreign key, so that figures of past years outlive the coach.';
comment on column request_step.by_coach is 'Whether the coach it was offered to brought it there.';
create index request_step_request on request_step (request_id, at);

-- What is known of the past: the audit has the states, but not whose; the row has where it is now.
insert into request_step (request_id, at, state, coach_id)
select q.id, s.at, s.state, case when s.is_last then q.coach_id end
from request q
cross join lateral (
  select q.state_since as at, q.state, true as is_last
  union all
  select q.created_at, case when q.made_as = 'teacher' then 'submitted' else 'invited' end, false
  where q.created_at < q.state_since
  union all
  select a.at, a.after ->> 'state', false
  from audit a
  where a.table_name = 'request'
    and a.row_id = q.id::text
    and a.act = 'update'
    and 'state' = any (a.changed)
    and a.at > q.created_at
    and a.at < q.state_since
) s
where q.origin <> 'own_wish';

alter table report enable row level security;
alter table report_acknowledgement enable row level security;
alter table request_step enable row level security;

-- The functions' bodies are in sql/functions, applied before they first fire.
create function app.request_noted() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.report_acknowledgement_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.report_run_is_kept() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.report_rows_are_kept() returns trigger language plpgsql as $$ begin return null; end $$;

create trigger request_4_noted after insert or update of state on request for each row
  when (new.origin <> 'own_wish') execute function app.request_noted();
create trigger report_acknowledgement_guard before insert on report_acknowledgement for each row
  execute function app.report_acknowledgement_guard();
create trigger report_acknowledgement_version before update on report_acknowledgement for each row
  when (current_user = 'beeld_app' and new.version is distinct from old.version + 1)
  execute function app.version_was_skipped();

-- Runs are let go when they have been kept as long as the rules say; until then nobody removes one.
drop trigger report_run_stays on report_run;
create trigger report_run_is_kept before delete on report_run for each row execute function app.report_run_is_kept();
create trigger report_run_stays before truncate on report_run
  for each statement execute function app.report_is_unchangeable();
drop trigger report_row_stays on report_row;
create trigger report_row_stays before update or truncate on report_row
  for each statement execute function app.report_is_unchangeable();
create trigger report_row_is_kept after delete on report_row referencing old table as old_rows
  for each statement execute function app.report_rows_are_kept();

create trigger report_acknowledgement_audit_insert after insert on report_acknowledgement referencing new table as new_rows
  for each statement execute function app.audit('', '{made_by}', 'id');
create trigger report_acknowledgement_audit_update after update on report_acknowledgement
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('', '{made_by}', 'id');
create trigger report_acknowledgement_audit_delete after delete on report_acknowledgement referencing old table as old_rows
  for each statement execute function app.audit('', '{made_by}', 'id');
