-- Reports: when they are made, each run that was made, and its rows as they were published.
--
-- A run is a document and not a view: it keeps the names of its columns and the text of its cells as they were on the
-- day, so that a report that gains a column next year leaves the runs of this year readable, and their hash true.

create table report_schedule (
  id uuid constraint report_schedule_pkey primary key,
  report code not null,
  at time not null constraint report_schedule_whole_minute check (date_trunc('minute', at::interval) = at::interval),
  enabled boolean not null default true,
  enabled_from civil_date not null default app.today(),
  version integer not null default 1
);
comment on table report_schedule is 'When a report is made of its own accord: every night at a time of the day in Europe/Amsterdam.';
comment on column report_schedule.id is 'UUIDv7.';
comment on column report_schedule.report is 'Which report.';
comment on column report_schedule.at is 'Time of the day in Europe/Amsterdam. One that the clock change skips is taken an hour later, one that it doubles the second time.';
comment on column report_schedule.enabled is 'Whether it is being made.';
comment on column report_schedule.enabled_from is 'First night that is made, or caught up when it was missed.';
comment on column report_schedule.version is 'Counts changes; the ETag compares it.';

create table report_run (
  id uuid constraint report_run_pkey primary key,
  report code not null,
  as_of civil_date not null,
  schedule_id uuid constraint report_run_schedule_fkey references report_schedule,
  period civil_date,
  state text not null default 'running'
    constraint report_run_state_known check (state in ('running', 'succeeded', 'failed', 'abandoned')),
  attempt smallint not null default 1 constraint report_run_attempt_range check (attempt between 1 and 4),
  late boolean not null default false,
  started_at timestamptz not null default app.now(),
  lease_until timestamptz,
  retry_at timestamptz,
  finished_at timestamptz,
  failure code,
  revision integer constraint report_run_revision_positive check (revision > 0),
  policy_version integer constraint report_run_policy_fkey references policy,
  schema_version integer,
  columns text[],
  row_count integer constraint report_run_row_count_positive check (row_count >= 0),
  row_hash bytea constraint report_run_row_hash_sha256 check (octet_length(row_hash) = 32),
  version integer not null default 1,
  constraint report_run_once_per_period unique (schedule_id, period),
  constraint report_run_revision_unique unique (report, as_of, revision),
  constraint report_run_period_of_schedule check ((schedule_id is null) = (period is null)),
  constraint report_run_lease_while_running check ((lease_until is not null) = (state = 'running')),
  constraint report_run_retry_while_failed check ((retry_at is not null) = (state = 'failed')),
  constraint report_run_finished_when_final check ((finished_at is not null) = (state in ('succeeded', 'abandoned'))),
  constraint report_run_failure_when_failed check (failure is not null or state not in ('failed', 'abandoned')),
  constraint report_run_complete_when_succeeded check (
    state <> 'succeeded'
    or num_nulls(revision, policy_version, schema_version, columns, row_count, row_hash) = 0 and failure is null)
);
comment on table report_run is 'One dated result of a report, or the attempt at it. Once succeeded or abandoned it never changes.';
comment on column report_run.id is 'UUIDv7.';
comment on column report_run.report is 'Which report.';
comment on column report_run.as_of is 'The day it speaks of.';
comment on column report_run.schedule_id is 'The schedule it was made for; null when somebody asked for it.';
comment on column report_run.period is 'The night it was made for, as a local date; null when somebody asked for it. With the schedule, unique: each night once, however many instances run.';
comment on column report_run.state is 'running, succeeded, failed (to be tried again) or abandoned.';
comment on column report_run.attempt is 'The first attempt is 1, the third retry 4.';
comment on column report_run.late is 'Begun more than an hour after its time: caught up.';
comment on column report_run.started_at is 'When the current attempt began.';
comment on column report_run.lease_until is 'While running: after this instant, and when nobody holds the row''s lock, another instance takes over.';
comment on column report_run.retry_at is 'While failed: when it is tried again.';
comment on column report_run.finished_at is 'When it succeeded or was abandoned.';
comment on column report_run.failure is 'Why the last attempt failed, as a code; null when it succeeded.';
comment on column report_run.revision is 'Numbers the runs of one report for one day, from 1, in the order in which they succeeded.';
comment on column report_run.policy_version is 'The version of the rules it was reckoned by.';
comment on column report_run.schema_version is 'The version of the database''s schema, and so of the functions, that reckoned it.';
comment on column report_run.columns is 'Names of the cells of each row, in order.';
comment on column report_run.row_count is 'Number of rows.';
comment on column report_run.row_hash is 'SHA-256 over the rows in the text that app.report_run_text describes.';
comment on column report_run.version is 'Counts changes; the ETag compares it.';
create index report_run_by_report on report_run (report, as_of, id);
create index report_run_unfinished on report_run (period) where state in ('running', 'failed');

create table report_row (
  run_id uuid not null,
  ordinal integer not null constraint report_row_ordinal_positive check (ordinal > 0),
  person_id uuid,
  school_id uuid,
  cells text not null,
  constraint report_row_pkey primary key (run_id, ordinal)
);
comment on table report_row is 'The rows of runs. Ids of people and schools, never names: those are joined when a run is shown, so that erasure reaches every run without changing it. No foreign keys: a million rows a night would each pay for them; a trigger sees to it that the run is there and still running.';
comment on column report_row.run_id is 'The run.';
comment on column report_row.ordinal is 'Place in the run, from 1.';
comment on column report_row.person_id is 'Whom the row concerns; without a foreign key, so that it outlives the person.';
comment on column report_row.school_id is 'The school it is reckoned to.';
comment on column report_row.cells is 'The cells in the order of report_run.columns, parted by tabs: codes, whole numbers, dates YYYY-MM-DD, lists of codes parted by a blank; empty where there is nothing. Never content, never names. One text and not an array: half the size, and the text that the hash covers.';

-- The functions' bodies are in sql/functions/report_immutable.sql, applied before they first fire.
create function app.report_run_guard() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.report_is_unchangeable() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.report_rows_join_running_run() returns trigger language plpgsql as $$ begin return null; end $$;

create trigger report_run_guard before insert or update on report_run
  for each row execute function app.report_run_guard();
create trigger report_run_stays before delete or truncate on report_run
  for each statement execute function app.report_is_unchangeable();
create trigger report_row_stays before update or delete or truncate on report_row
  for each statement execute function app.report_is_unchangeable();
create trigger report_row_joins_running_run after insert on report_row referencing new table as new_rows
  for each statement execute function app.report_rows_join_running_run();

create trigger report_schedule_audit_insert after insert on report_schedule referencing new table as new_rows
  for each statement execute function app.audit('', '{}', 'id');
create trigger report_schedule_audit_update after update on report_schedule
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('', '{}', 'id');
create trigger report_schedule_audit_delete after delete on report_schedule referencing old table as old_rows
  for each statement execute function app.audit('', '{}', 'id');

insert into report_schedule (id, report, at)
values ('0193b6a0-0000-7000-8000-000000000001', 'coverage', time '04:30');
