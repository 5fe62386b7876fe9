-- An import is its maker's, as long as the maker may still import its kind. The file itself is nobody's.

alter table import enable row level security;
drop policy if exists maker_reads on import;
create policy maker_reads on import for select to beeld_app
  using (
    person_id = (select app.me())
    and app.may_import(
      kind,
      school_ids,
      coalesce(current_setting('app.adviser', true), '') = 'on',
      coalesce(current_setting('app.system_admin', true), '') = 'on',
      nullif(current_setting('app.school_admin_of', true), '')::uuid[],
      nullif(current_setting('app.director_of', true), '')::uuid[]));
drop policy if exists jobs_read on import;
create policy jobs_read on import for select to beeld_jobs
  using (true);
drop policy if exists jobs_go_on on import;
create policy jobs_go_on on import for update to beeld_jobs
  using (true) with check (true);

alter table import_chunk enable row level security;
drop policy if exists jobs on import_chunk;
create policy jobs on import_chunk to beeld_jobs
  using (true) with check (true);

revoke all on import, import_chunk from public, beeld_app, beeld_jobs;
grant select on import to beeld_app;
grant select, update on import to beeld_jobs;
grant select, insert, delete on import_chunk to beeld_jobs;
