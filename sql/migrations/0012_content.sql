-- What the teacher owns: texts, sealed by the application before they get here; the data key of each teacher, wrapped by
-- a master key that is never here; the storyboards; and the consents by which a text reaches somebody else.

create table data_key (
  id uuid constraint data_key_pkey primary key,
  person_id uuid not null constraint data_key_person_fkey references person on delete cascade,
  bound_to uuid not null,
  master_key text not null constraint data_key_master_key_shape check (master_key ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  wrapped bytea constraint data_key_wrapped_length check (octet_length(wrapped) = 61),
  created_at timestamptz not null default app.now(),
  retired_at timestamptz,
  destroyed_at timestamptz,
  constraint data_key_wrapped_until_destroyed check ((wrapped is null) = (destroyed_at is not null))
);
comment on table data_key is 'The key under which a teacher''s content is sealed, itself wrapped by a master key that stands in a file of the server. Destroying it erases the content for everyone, at once. Neither the API nor the server''s own work has a grant here.';
comment on column data_key.id is 'UUIDv7.';
comment on column data_key.person_id is 'Whose content it seals.';
comment on column data_key.bound_to is 'Id of the person when it was made, bound into the wrapping and into everything that is sealed under it. Another than person_id where two entries of one person were merged since.';
comment on column data_key.master_key is 'Name of the master key that wraps it.';
comment on column data_key.wrapped is 'The key, wrapped: form, nonce, key, tag. Null once it is destroyed.';
comment on column data_key.created_at is 'When it was made.';
comment on column data_key.retired_at is 'From when on it seals nothing new and still opens what it sealed: that of an entry that was merged into another with a key of its own.';
comment on column data_key.destroyed_at is 'When it was destroyed; null while it lives.';
create unique index data_key_one_live_per_person on data_key (person_id)
  where destroyed_at is null and retired_at is null;
comment on index data_key_one_live_per_person is 'A person''s new content is sealed under one key.';
create index data_key_person on data_key (person_id);
create index data_key_master_key on data_key (master_key, id) where destroyed_at is null;

create table content (
  kind text not null constraint content_kind_known check (kind in ('learning_question', 'reflection', 'storyboard')),
  item_id uuid not null,
  teacher_id uuid not null constraint content_teacher_fkey references person on delete cascade,
  data_key_id uuid not null constraint content_data_key_fkey references data_key on delete cascade,
  sealed bytea not null constraint content_sealed_length check (octet_length(sealed) between 30 and 262144),
  written_at timestamptz not null default app.now(),
  version integer not null default 1,
  constraint content_pkey primary key (kind, item_id)
);
comment on table content is 'Texts of teachers, sealed by the application: learning questions, reflections, storyboards. Reached through app.read_content and app.write_content alone, which judge who asks.';
comment on column content.kind is 'learning_question (of a request), reflection (on a recording) or storyboard.';
comment on column content.item_id is 'The request, recording or storyboard.';
comment on column content.teacher_id is 'Whose it is: the teacher of the item.';
comment on column content.data_key_id is 'Under which key it is sealed.';
comment on column content.sealed is 'The text, sealed: form, nonce, text, tag. Bound to its kind, item, key and owner, so that it opens nowhere else.';
comment on column content.written_at is 'When it was last written.';
comment on column content.version is 'Counts changes; the ETag compares it.';
create index content_teacher on content (teacher_id);
create index content_data_key on content (data_key_id);

create table storyboard (
  id uuid constraint storyboard_pkey primary key,
  teacher_id uuid not null constraint storyboard_teacher_fkey references person on delete cascade,
  trajectory_id uuid not null constraint storyboard_trajectory_fkey references trajectory on delete cascade,
  state text not null default 'draft' constraint storyboard_state_known check (state in ('draft', 'presented')),
  presented_orally_on civil_date,
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint storyboard_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint storyboard_oral_when_presented check (presented_orally_on is null or state = 'presented')
);
comment on table storyboard is 'With it a teacher tells the director of strengths and development points [S]: that there is one, and whether it was presented. Its text is content.';
comment on column storyboard.id is 'UUIDv7.';
comment on column storyboard.teacher_id is 'Whose it is.';
comment on column storyboard.trajectory_id is 'Out of which guidance it came.';
comment on column storyboard.state is 'draft or presented.';
comment on column storyboard.presented_orally_on is 'Day of an oral presentation; null where it was opened to the director by consent.';
comment on column storyboard.created_at is 'When it was begun.';
comment on column storyboard.state_since is 'When it came into its state.';
comment on column storyboard.state_by is 'Who brought it there.';
comment on column storyboard.state_reason is 'Why, as a code, where one was given.';
comment on column storyboard.version is 'Counts changes; the ETag compares it.';
create index storyboard_teacher on storyboard (teacher_id);
create index storyboard_trajectory on storyboard (trajectory_id);

create table consent (
  id uuid constraint consent_pkey primary key,
  teacher_id uuid not null constraint consent_teacher_fkey references person on delete cascade,
  recipient_id uuid not null constraint consent_recipient_fkey references person on delete cascade,
  item_kind text not null constraint consent_item_kind_known check (
    item_kind in ('learning_question', 'reflection', 'storyboard', 'footage')),
  item_id uuid not null,
  purpose code not null,
  granted_on civil_date not null default app.today(),
  until_date civil_date not null,
  state text not null default 'granted' constraint consent_state_known check (state in ('granted', 'withdrawn', 'expired')),
  created_at timestamptz not null default app.now(),
  state_since timestamptz not null default app.now(),
  state_by uuid constraint consent_state_by_fkey references person on delete set null,
  state_reason code,
  version integer not null default 1,
  constraint consent_recipient_is_another check (recipient_id <> teacher_id),
  constraint consent_until_ahead check (until_date > granted_on),
  constraint consent_a_year_at_most check (until_date <= granted_on + interval '12 months')
);
comment on table consent is 'The teacher''s leave for one recipient to see one item, for one purpose, until a day at most 12 months away [S]. It holds while it is granted and the day has not come, judged at each reading; a changed consent is a new one.';
comment on column consent.id is 'UUIDv7.';
comment on column consent.teacher_id is 'Who gives it: the teacher of the item.';
comment on column consent.recipient_id is 'To whom.';
comment on column consent.item_kind is 'What is opened: learning_question, reflection, storyboard, or the footage of a recording.';
comment on column consent.item_id is 'The request, recording or storyboard.';
comment on column consent.purpose is 'What for, as a code.';
comment on column consent.granted_on is 'The day it was given.';
comment on column consent.until_date is 'First day on which it no longer holds.';
comment on column consent.state is 'granted, withdrawn or expired.';
comment on column consent.created_at is 'When it was given.';
comment on column consent.state_since is 'When it came into its state.';
comment on column consent.state_by is 'Who brought it there; null for the server.';
comment on column consent.state_reason is 'Why, as a code, where one was given.';
comment on column consent.version is 'Counts changes; the ETag compares it.';
create unique index consent_one_granted on consent (item_id, item_kind, recipient_id) where state = 'granted';
comment on index consent_one_granted is 'One consent at a time opens an item to somebody: withdrawn, nothing else keeps it open.';
create index consent_teacher on consent (teacher_id);
create index consent_recipient on consent (recipient_id);
create index consent_lapsing on consent (until_date) where state = 'granted';

do $$
declare
  added text;
begin
  foreach added in array array['data_key', 'content', 'storyboard', 'consent']
  loop
    execute format('alter table %I enable row level security', added);
  end loop;
end
$$;

insert into transition (machine, from_state, to_state, actor)
select machine, nullif(from_state, ''), to_state, actor
from (values
  ('storyboard', '', 'draft', 'teacher'),
  ('storyboard', 'draft', 'presented', 'teacher'),
  ('consent', '', 'granted', 'teacher'),
  ('consent', 'granted', 'withdrawn', 'teacher'),
  ('consent', 'granted', 'expired', 'server')
) as t(machine, from_state, to_state, actor);

-- Where the schema was there before; where it is not, the functions that are applied after this do it.
do $$
begin
  if to_regprocedure('app.precompute_transitions()') is not null then
    perform app.precompute_transitions();
  end if;
end
$$;

-- The functions' bodies are in sql/functions, applied before they first fire.
create function app.content_of_item() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.content_goes_with_item() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.storyboard_guard() returns trigger language plpgsql as $$ begin return new; end $$;
create function app.consent_guard() returns trigger language plpgsql as $$ begin return new; end $$;

-- Deferred: a learning question is written before its request, which asks for it.
create constraint trigger content_of_item after insert or update of kind, item_id, teacher_id on content
  deferrable initially deferred
  for each row execute function app.content_of_item();

create trigger request_content after delete on request
  for each row execute function app.content_goes_with_item('learning_question');
create trigger recording_content after delete on recording
  for each row execute function app.content_goes_with_item('reflection', 'footage');
create trigger storyboard_content after delete on storyboard
  for each row execute function app.content_goes_with_item('storyboard');

create trigger storyboard_1_step before insert or update on storyboard
  for each row execute function app.take_step();
create trigger storyboard_2_guard before insert or update on storyboard
  for each row execute function app.storyboard_guard();
create trigger consent_1_step before insert or update on consent
  for each row execute function app.take_step();
create trigger consent_2_guard before insert on consent
  for each row execute function app.consent_guard();

-- What the narrower rule let in, this one lets in: nothing to look through.
alter table audit
  drop constraint audit_act_known,
  add constraint audit_act_known check (act in ('insert', 'update', 'delete', 'read')) not valid;
comment on column audit.act is 'insert, update or delete of a fact; read of content by another than its teacher.';

do $$
declare
  watched record;
begin
  for watched in
    select *
    from (values
      ('data_key', 'person_id', '{person_id,bound_to,wrapped}', 'id'),
      ('content', 'teacher_id', '{teacher_id,sealed}', 'item_id'),
      ('storyboard', 'teacher_id', '{teacher_id,state_by}', 'id'),
      ('consent', 'teacher_id', '{teacher_id,recipient_id,state_by}', 'id')
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
