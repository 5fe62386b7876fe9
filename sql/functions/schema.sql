create or replace function app.schema_version()
  returns integer
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$ select max(number) from schema_migration $$;
comment on function app.schema_version() is
  'Number of the latest migration: a server of schema N works with N and N + 1, and refuses any other.';
grant execute on function app.schema_version() to beeld_app, beeld_jobs;
