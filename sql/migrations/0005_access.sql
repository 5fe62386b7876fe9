-- Who may ask (tokens), and who did what (audit).

create table api_token (
  id uuid constraint api_token_pkey primary key,
  hash bytea not null
    constraint api_token_hash_unique unique
    constraint api_token_hash_sha256 check (octet_length(hash) = 32),
  name label not null,
  person_id uuid not null constraint api_token_person_fkey references person on delete cascade,
  created_at timestamptz not null default pg_catalog.now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint api_token_order check (expires_at > created_at)
);
comment on table api_token is 'Tokens issued by this server. The application has no grant here: identify reads it as its owner.';
comment on column api_token.id is 'UUIDv7.';
comment on column api_token.hash is 'SHA-256 of the token; the token itself is shown once and kept nowhere.';
comment on column api_token.name is 'What it is for, in its maker''s words.';
comment on column api_token.person_id is 'As whom its bearer acts.';
comment on column api_token.created_at is 'When it was issued.';
comment on column api_token.expires_at is 'From this instant on it is refused.';
comment on column api_token.revoked_at is 'From this instant on it is refused; null while it was not revoked.';
create index api_token_person on api_token (person_id);

create table access (
  person_id uuid not null constraint access_person_fkey references person on delete cascade,
  from_date date not null,
  until_date date not null,
  subject_key uuid not null,
  disabled_at timestamptz,
  coach boolean not null,
  adviser boolean not null,
  privacy_officer boolean not null,
  system_admin boolean not null,
  director_of uuid[],
  school_admin_of uuid[],
  schools uuid[],
  constraint access_pkey primary key (person_id, from_date),
  constraint access_order check (until_date > from_date)
);
comment on table access is 'What identify sets for a person on a day: role_assignment and registration, cut into spans of days in which nothing changes. Kept by triggers in the transaction of every change, so that the very next request knows; derived, never written by hand. It makes identify one look-up: resolving roles from the assignments took 60 of the 100 µs of a request.';
comment on column access.person_id is 'Whose.';
comment on column access.from_date is 'First day of the span.';
comment on column access.until_date is 'First day after it; 2200-01-01 for the last.';
comment on column access.subject_key is 'person.subject_key.';
comment on column access.disabled_at is 'registration.disabled_at.';
comment on column access.coach is 'Is a coach.';
comment on column access.adviser is 'Is a policy adviser.';
comment on column access.privacy_officer is 'Is a privacy officer.';
comment on column access.system_admin is 'Is a system administrator.';
comment on column access.director_of is 'Schools of which the person is director; null when none.';
comment on column access.school_admin_of is 'Schools for which the person does the administration; null when none.';
comment on column access.schools is 'Both together; null when none.';

create table audit (
  id bigint generated always as identity constraint audit_pkey primary key,
  at timestamptz not null default pg_catalog.now(),
  actor_key uuid,
  origin text not null,
  request_id text,
  act text not null constraint audit_act_known check (act in ('insert', 'update', 'delete')),
  table_name text not null,
  row_id text not null,
  subject_key uuid,
  changed text[],
  before jsonb,
  after jsonb
);
comment on table audit is 'Every change of a fact, written in the same transaction by triggers; insert-only, for everyone.';
comment on column audit.id is 'Order of writing.';
comment on column audit.at is 'Instant of the transaction.';
comment on column audit.actor_key is 'Subject key of the person who did it; null for the server and its operator.';
comment on column audit.origin is 'Through what: api, import, job or operator.';
comment on column audit.request_id is 'The request it belongs to, as in log and problem.';
comment on column audit.act is 'insert, update or delete.';
comment on column audit.table_name is 'Of which table.';
comment on column audit.row_id is 'Primary key of the row; of a person''s own rows the subject key.';
comment on column audit.subject_key is 'Subject key of the person whom the row concerns; null for facts about schools.';
comment on column audit.changed is 'Names of the columns that an update changed, those included whose values are not kept.';
comment on column audit.before is 'Facts before; of an update only what changed. Never names, addresses or ids of people.';
comment on column audit.after is 'Facts after; of an update only what changed. Never names, addresses or ids of people.';
create index audit_subject on audit (subject_key, id);
create index audit_actor on audit (actor_key, id);
create index audit_row on audit (table_name, row_id, id);
