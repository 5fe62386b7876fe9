-- Schedules with a cadence and recipients, and the outbox of the mails that tell of a run.

alter table report_schedule
  add column cadence text not null default 'daily'
    constraint report_schedule_cadence_known check (cadence in ('daily', 'weekdays', 'weekly', 'monthly')),
  add column weekday smallint constraint report_schedule_weekday_range check (weekday between 1 and 7),
  add column month_day smallint constraint report_schedule_month_day_range check (month_day between 1 and 31),
  add column required boolean not null default false,
  add constraint report_schedule_weekday_of_week check ((weekday is not null) = (cadence = 'weekly')),
  add constraint report_schedule_day_of_month check ((month_day is not null) = (cadence = 'monthly'));
comment on table report_schedule is 'When a report is made of its own accord: at a time of the day in Europe/Amsterdam, on the days of its cadence; and who is told.';
comment on column report_schedule.enabled_from is 'First night that is made, or caught up when it was missed. Switched on, or given another cadence, a schedule catches nothing up from before.';
comment on column report_schedule.cadence is 'daily, weekdays (Monday to Friday), weekly or monthly.';
comment on column report_schedule.weekday is 'Of a weekly one: the day, 1 is Monday, 7 is Sunday.';
comment on column report_schedule.month_day is 'Of a monthly one: the day; where the month is shorter, its last.';
comment on column report_schedule.required is 'Whether its recipients may not unsubscribe.';

create trigger report_schedule_version before update on report_schedule for each row
  when (current_user = 'beeld_app' and new.version is distinct from old.version + 1)
  execute function app.version_was_skipped();

create table report_recipient (
  id uuid constraint report_recipient_pkey primary key,
  schedule_id uuid not null constraint report_recipient_schedule_fkey references report_schedule on delete cascade,
  role text not null
    constraint report_recipient_role_known check (
      role in ('director', 'school_admin', 'adviser', 'privacy_officer', 'system_admin')),
  school_id uuid constraint report_recipient_school_fkey references school,
  constraint report_recipient_unique unique nulls not distinct (schedule_id, role, school_id),
  constraint report_recipient_scope check (school_id is null or role in ('director', 'school_admin'))
);
comment on table report_recipient is 'Who is told of a schedule''s runs: whoever holds a role when the run is made. People are not named here, so that a new director needs no change of it.';
comment on column report_recipient.id is 'UUIDv7.';
comment on column report_recipient.schedule_id is 'Of which schedule.';
comment on column report_recipient.role is 'Holders of this role.';
comment on column report_recipient.school_id is 'Only at this school; null: at any, each for their own.';
create index report_recipient_school on report_recipient (school_id);
alter table report_recipient enable row level security;

create table report_delivery (
  id uuid constraint report_delivery_pkey primary key,
  run_id uuid not null constraint report_delivery_run_fkey references report_run on delete cascade,
  person_id uuid not null constraint report_delivery_person_fkey references person on delete cascade,
  state text not null constraint report_delivery_state_known check (state in ('queued', 'sent', 'skipped', 'dead')),
  reason code,
  exceptions integer,
  new_exceptions integer,
  resolved_exceptions integer,
  acknowledged_exceptions integer,
  attempt smallint not null default 0 constraint report_delivery_attempt_positive check (attempt >= 0),
  queued_at timestamptz not null default app.now(),
  lease_until timestamptz,
  retry_at timestamptz,
  finished_at timestamptz,
  version integer not null default 1,
  constraint report_delivery_once_per_person unique (run_id, person_id),
  constraint report_delivery_finished_when_final check ((finished_at is null) = (state = 'queued')),
  constraint report_delivery_lease_while_queued check (lease_until is null or state = 'queued'),
  constraint report_delivery_retry_while_queued check (retry_at is null or state = 'queued'),
  constraint report_delivery_reason_when_not_sent check ((state in ('skipped', 'dead')) <= (reason is not null)),
  constraint report_delivery_counts_when_told check (
    state in ('skipped', 'dead')
    or num_nulls(exceptions, new_exceptions, resolved_exceptions, acknowledged_exceptions) = 0)
);
comment on table report_delivery is 'The outbox: one row for each recipient of a run that a schedule made, written in the transaction in which the run succeeds. What is queued is sent at least once; a sender that is killed between the mail server''s yes and ours doubles it, under the same Message-ID.';
comment on column report_delivery.id is 'UUIDv7; the Message-ID is made of it, so that every try has the same.';
comment on column report_delivery.run_id is 'Of which run it tells.';
comment on column report_delivery.person_id is 'The recipient. Goes with the person.';
comment on column report_delivery.state is 'queued, sent, skipped (nothing to say, not wanted, or nobody to be told any more), dead (given up).';
comment on column report_delivery.reason is 'Why it was skipped or given up; of a queued one, what became of the last try. A code, never what a mail server said.';
comment on column report_delivery.exceptions is 'Exceptions of the run that the recipient may see.';
comment on column report_delivery.new_exceptions is 'Of these, those that did not ask for attention in the run before, or for less: new, worse, or back after somebody had said that they may stand.';
comment on column report_delivery.resolved_exceptions is 'Those of the run before that are gone.';
comment on column report_delivery.acknowledged_exceptions is 'Of the exceptions, those that somebody has acknowledged.';
comment on column report_delivery.attempt is 'How often it was taken up.';
comment on column report_delivery.queued_at is 'When the run succeeded; 24 hours later it is given up.';
comment on column report_delivery.lease_until is 'While somebody is at it: after this instant, and when nobody holds the row''s lock, another takes over.';
comment on column report_delivery.retry_at is 'After a try that failed: when it is tried again.';
comment on column report_delivery.finished_at is 'When it was sent, skipped or given up.';
comment on column report_delivery.version is 'Counts changes; the ETag compares it.';
create index report_delivery_queued on report_delivery (id) where state = 'queued';
create index report_delivery_person on report_delivery (person_id, run_id);
alter table report_delivery enable row level security;

create table report_delivery_key (
  hash bytea
    constraint report_delivery_key_pkey primary key
    constraint report_delivery_key_hash_sha256 check (octet_length(hash) = 32),
  delivery_id uuid not null constraint report_delivery_key_delivery_fkey references report_delivery on delete cascade
);
comment on table report_delivery_key is 'The secrets in the addresses by which recipients unsubscribe, one for each try of a mail, since the secret itself is kept nowhere. Nobody has a grant here: functions read it as its owner.';
comment on column report_delivery_key.hash is 'SHA-256 of the key in the address.';
comment on column report_delivery_key.delivery_id is 'The mail in which the address stands.';
create index report_delivery_key_delivery on report_delivery_key (delivery_id);
alter table report_delivery_key enable row level security;

create table report_unsubscription (
  id uuid constraint report_unsubscription_pkey primary key,
  person_id uuid not null constraint report_unsubscription_person_fkey references person on delete cascade,
  schedule_id uuid not null constraint report_unsubscription_schedule_fkey references report_schedule on delete cascade,
  created_at timestamptz not null default app.now(),
  constraint report_unsubscription_unique unique (person_id, schedule_id)
);
comment on table report_unsubscription is 'Who does not want the mails of a schedule any more.';
comment on column report_unsubscription.id is 'UUIDv7.';
comment on column report_unsubscription.person_id is 'Who.';
comment on column report_unsubscription.schedule_id is 'Of which schedule.';
comment on column report_unsubscription.created_at is 'When they said so.';
create index report_unsubscription_schedule on report_unsubscription (schedule_id);
alter table report_unsubscription enable row level security;

create trigger report_recipient_audit_insert after insert on report_recipient referencing new table as new_rows
  for each statement execute function app.audit('', '{}', 'id');
create trigger report_recipient_audit_update after update on report_recipient
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('', '{}', 'id');
create trigger report_recipient_audit_delete after delete on report_recipient referencing old table as old_rows
  for each statement execute function app.audit('', '{}', 'id');
create trigger report_unsubscription_audit_insert after insert on report_unsubscription referencing new table as new_rows
  for each statement execute function app.audit('person_id', '{person_id}', 'id');
create trigger report_unsubscription_audit_update after update on report_unsubscription
  referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('person_id', '{person_id}', 'id');
create trigger report_unsubscription_audit_delete after delete on report_unsubscription referencing old table as old_rows
  for each statement execute function app.audit('person_id', '{person_id}', 'id');

-- The functions' bodies are in sql/functions/delivery.sql, applied before they first fire.
create function app.delivery_guard() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.deliveries_follow() returns trigger language plpgsql as $$ begin return null; end $$;

create trigger report_delivery_guard before update on report_delivery
  for each row execute function app.delivery_guard();
create trigger report_run_deliveries_follow after update on report_run for each row
  when (new.state = 'succeeded' and new.schedule_id is not null)
  execute function app.deliveries_follow();
