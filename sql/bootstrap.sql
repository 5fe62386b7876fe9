-- What must stand before the first migration: the roles, the two schemas, and the ledger of what has been applied.
-- Run by the migrating login before every migration; changes nothing where all of it is there.

do $$
declare
  wanted record;
begin
  for wanted in
    select *
    from (values
      ('beeld_owner', 'nologin', 'Owns every object of the schema; reached by migrations alone.'),
      ('beeld_app', 'login', 'The API: reads and writes under row-level security for the identity of the request.'),
      ('beeld_jobs', 'login', 'The server''s own work: imports and nightly reports over the facts of the whole board.')
    ) as t(name, kind, purpose)
    where not exists (select from pg_roles where rolname = t.name)
  loop
    -- Roles belong to the cluster: another database's migration may be creating them at this very moment.
    begin
      execute format('create role %I %s', wanted.name, wanted.kind);
      execute format('comment on role %I is %L', wanted.name, wanted.purpose);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;

  if not pg_has_role(current_user, 'beeld_owner', 'member') then
    execute format('grant beeld_owner to %I', current_user);
  end if;

  -- Settings go on the roles and not on the database: a clone of a template does not copy the latter.
  for wanted in
    select *
    from (values
      ('beeld_app', 'search_path', 'beeld, app'),
      ('beeld_app', 'statement_timeout', '10s'),
      -- Compiling cost 1.9 of the 3.5 s of a board-wide calculation, and more than all of a short one.
      ('beeld_app', 'jit', 'off'),
      ('beeld_jobs', 'jit', 'off'),
      ('beeld_app', 'lock_timeout', '2s'),
      ('beeld_app', 'idle_in_transaction_session_timeout', '30s'),
      ('beeld_jobs', 'search_path', 'beeld, app'),
      ('beeld_jobs', 'lock_timeout', '10s'),
      ('beeld_jobs', 'idle_in_transaction_session_timeout', '5min')
    ) as t(role, name, value)
    where not exists (
      select
      from pg_roles r
      cross join unnest(r.rolconfig) c
      where r.rolname = t.role
        and c = t.name || '=' || t.value)
  loop
    execute format('alter role %I set %s = %s', wanted.role, wanted.name,
      case wanted.name when 'search_path' then wanted.value else quote_literal(wanted.value) end);
  end loop;

  execute format('grant create on database %I to beeld_owner', current_database());
end
$$;

create schema if not exists beeld authorization beeld_owner;
create schema if not exists app authorization beeld_owner;
comment on schema beeld is 'Tables and views of the programme''s administration.';
comment on schema app is 'Functions: identity, rules, audit.';
grant usage on schema beeld, app to beeld_app, beeld_jobs;

set local role beeld_owner;

create table if not exists beeld.schema_migration (
  number integer constraint schema_migration_pkey primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default pg_catalog.now()
);
comment on table beeld.schema_migration is 'Migrations applied, one row each.';
comment on column beeld.schema_migration.number is 'Number in the file''s name.';
comment on column beeld.schema_migration.name is 'The file''s name.';
comment on column beeld.schema_migration.checksum is 'SHA-256 of its text: an applied migration is never edited.';
comment on column beeld.schema_migration.applied_at is 'When it was applied.';

create table if not exists beeld.schema_object (
  path text constraint schema_object_pkey primary key,
  checksum text not null,
  applied_at timestamptz not null default pg_catalog.now()
);
comment on table beeld.schema_object is 'Files of functions, views and policies as last applied; a changed file is applied again.';
comment on column beeld.schema_object.path is 'Path below sql/.';
comment on column beeld.schema_object.checksum is 'SHA-256 of its text.';
comment on column beeld.schema_object.applied_at is 'When it was applied.';

-- Only where it is not so yet: the lock it takes would wait for every reader of the ledger.
do $$
declare
  ledger regclass;
begin
  for ledger in
    select c.oid
    from pg_class c
    where c.oid in ('beeld.schema_migration'::regclass, 'beeld.schema_object'::regclass)
      and not c.relrowsecurity
  loop
    execute format('alter table %s enable row level security', ledger);
  end loop;
end
$$;
