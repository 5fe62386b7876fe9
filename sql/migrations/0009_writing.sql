-- What writing the registry needs: scopes of tokens, commands that are remembered, declined claims, people who were
-- merged, and the triggers that hold the API's statements to their rules.

alter table api_token
  add column scopes text[] not null default '{read,write,import}'
    constraint api_token_scopes_known check (
      scopes <@ array['read', 'write', 'import'] and cardinality(scopes) > 0),
  add column last_used_at timestamptz;
comment on column api_token.scopes is 'What its bearer may ask for: read, write, import; at least one.';
comment on column api_token.last_used_at is 'When it was last presented, to the minute; null while it never was.';

create table command (
  person_id uuid not null constraint command_person_fkey references person on delete cascade,
  key text not null constraint command_key_length check (char_length(key) between 1 and 255),
  hash bytea not null constraint command_hash_length check (octet_length(hash) between 1 and 64),
  status integer not null constraint command_status_range check (status between 200 and 299),
  resource text constraint command_resource_length check (char_length(resource) between 1 and 2000),
  at timestamptz not null,
  constraint command_pkey primary key (person_id, key)
);
comment on table command is 'Commands that were given under an Idempotency-Key, for 24 hours: given again, they are answered again and not done again. Written in the transaction of the command, so that it is here exactly when its effect is.';
comment on column command.person_id is 'Who gave it: a key is good for one person.';
comment on column command.key is 'The Idempotency-Key.';
comment on column command.hash is 'Hash of what was asked under it; anything else under the same key is refused.';
comment on column command.status is 'The status of the answer.';
comment on column command.resource is 'What the answer was about; the body is not kept.';
comment on column command.at is 'When it was given.';
create index command_at on command (at);
alter table command enable row level security;

alter table prior_experience
  add column declined_by uuid constraint prior_experience_declined_by_fkey references person on delete set null,
  add column declined_at timestamptz,
  add constraint prior_experience_declined_not_ones_own check (declined_by <> person_id and declined_by <> claimed_by),
  add constraint prior_experience_one_decision check (approved_at is null or declined_at is null);
comment on column prior_experience.declined_by is 'The adviser who declined it: neither the person nor the one who claimed it.';
comment on column prior_experience.declined_at is 'When it was declined; a declined claim counts for nothing.';

create table merged_person (
  id uuid constraint merged_person_pkey primary key,
  survivor_id uuid not null constraint merged_person_survivor_fkey references person on delete cascade,
  subject_key uuid not null constraint merged_person_subject_key_unique unique,
  merged_at timestamptz not null,
  merged_by uuid constraint merged_person_merged_by_fkey references person on delete set null,
  person_number text constraint merged_person_number_unique unique,
  constraint merged_person_is_another check (survivor_id <> id)
);
comment on table merged_person is 'People who were entered twice: whom the id and the subject key of the entry that is gone stand for, in stored runs and in the audit. Goes with the person.';
comment on column merged_person.id is 'Id of the entry that is gone.';
comment on column merged_person.survivor_id is 'The same human being''s entry that remains.';
comment on column merged_person.subject_key is 'Key by which the audit names the entry that is gone.';
comment on column merged_person.merged_at is 'When.';
comment on column merged_person.merged_by is 'The adviser who merged them.';
comment on column merged_person.person_number is 'Number in the personnel system that the entry that is gone had: a file that still has it speaks of the survivor. Null once another entry with it was merged.';
create index merged_person_survivor on merged_person (survivor_id);
alter table merged_person enable row level security;

-- The functions' bodies are in sql/functions, applied before they first fire.
create function app.version_was_skipped() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.registration_guard() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.prior_experience_guard() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.policy_guard() returns trigger language plpgsql as $$ begin return null; end $$;

do $$
declare
  versioned text;
begin
  foreach versioned in array array[
    'school', 'school_group', 'person', 'registration', 'employment', 'role_assignment', 'absence', 'prior_experience',
    'exemption'
  ]
  loop
    execute format(
      'create trigger %1$s_version before update on %1$I for each row
         when (current_user = ''beeld_app'' and new.version is distinct from old.version + 1)
         execute function app.version_was_skipped()', versioned);
  end loop;
end
$$;

create trigger registration_guard before update on registration for each row
  when (current_user = 'beeld_app') execute function app.registration_guard();
create trigger prior_experience_guard before update or delete on prior_experience for each row
  when (current_user = 'beeld_app') execute function app.prior_experience_guard();
create trigger policy_guard before insert on policy for each row
  when (current_user = 'beeld_app') execute function app.policy_guard();

-- The triggers of the audit, where what they keep back, or whom they concern, has changed. A person who was merged goes
-- by the key and not by the id, as everywhere in the audit.
do $$
declare
  watched record;
begin
  for watched in
    select *
    from (values
      ('api_token', 'person_id', '{person_id,hash}', 'id', '{last_used_at}'),
      ('prior_experience', 'person_id', '{person_id,claimed_by,approved_by,declined_by}', 'id', '{}'),
      ('merged_person', 'survivor_id', '{id,survivor_id,subject_key,merged_by,person_number}', 'subject_key', '{}')
    ) as t(name, subject_column, kept_back, key, silent)
  loop
    execute format(
      'create or replace trigger %1$s_audit_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L, %5$L)',
      watched.name, watched.subject_column, watched.kept_back, watched.key, watched.silent);
    execute format(
      'create or replace trigger %1$s_audit_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L, %5$L)',
      watched.name, watched.subject_column, watched.kept_back, watched.key, watched.silent);
    execute format(
      'create or replace trigger %1$s_audit_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L, %5$L)',
      watched.name, watched.subject_column, watched.kept_back, watched.key, watched.silent);
  end loop;
end
$$;

-- It gains columns, which only a new function can.
drop function if exists app.tokens();
