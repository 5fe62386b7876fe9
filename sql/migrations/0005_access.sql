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
comment on column audit.row_id is 'Primary key of the row.';
comment on column audit.subject_key is 'Subject key of the person whom the row concerns; null for facts about schools.';
comment on column audit.changed is 'Names of the columns that an update changed, those included whose values are not kept.';
comment on column audit.before is 'Facts before; of an update only what changed. Never names, addresses or ids of people.';
comment on column audit.after is 'Facts after; of an update only what changed. Never names, addresses or ids of people.';
create index audit_subject on audit (subject_key, id);
create index audit_actor on audit (actor_key, id);
create index audit_row on audit (table_name, row_id, id);
