-- A coach's planned recordings in the coach's own calendar programme, at a secret address.

create table calendar_feed (
  id uuid constraint calendar_feed_pkey primary key,
  person_id uuid not null
    constraint calendar_feed_person_unique unique
    constraint calendar_feed_person_fkey references coach on delete cascade on update cascade,
  hash bytea not null constraint calendar_feed_hash_sha256 check (octet_length(hash) = 32),
  uid_key uuid not null default gen_random_uuid(),
  created_at timestamptz not null default app.now()
);
comment on table calendar_feed is 'The secret address at which a coach''s calendar is to be had, one for each coach; made anew, the one before is good for nothing. Nobody has a grant here: functions read it as its owner.';
comment on column calendar_feed.id is 'UUIDv7, another for each address.';
comment on column calendar_feed.person_id is 'The coach.';
comment on column calendar_feed.hash is 'SHA-256 of the key in the address; the key itself is shown once and kept nowhere.';
comment on column calendar_feed.uid_key is 'What an event''s UID is made of beside the recording''s id, so that it tells of none; stays when the address is made anew, so that events stay the same.';
comment on column calendar_feed.created_at is 'When the address was made.';
alter table calendar_feed enable row level security;

create trigger calendar_feed_audit_insert after insert on calendar_feed referencing new table as new_rows
  for each statement execute function app.audit('person_id', '{person_id,hash,uid_key}', 'id');
create trigger calendar_feed_audit_update after update on calendar_feed referencing old table as old_rows new table as new_rows
  for each statement execute function app.audit('person_id', '{person_id,hash,uid_key}', 'id');
create trigger calendar_feed_audit_delete after delete on calendar_feed referencing old table as old_rows
  for each statement execute function app.audit('person_id', '{person_id,hash,uid_key}', 'id');
