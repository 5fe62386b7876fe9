-- Who sees what of reports. A row's school decides what a director sees; a run's header shows no figure of people.

alter table report_schedule enable row level security;
drop policy if exists board_reads on report_schedule;
create policy board_reads on report_schedule for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists jobs on report_schedule;
create policy jobs on report_schedule for select to beeld_jobs
  using (true);

alter table report_run enable row level security;
drop policy if exists board_reads on report_run;
create policy board_reads on report_run for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists director_reads_coverage on report_run;
create policy director_reads_coverage on report_run for select to beeld_app
  using (coalesce(current_setting('app.director_of', true), '') <> '' and report = 'coverage');
drop policy if exists jobs_read on report_run;
create policy jobs_read on report_run for select to beeld_jobs
  using (true);
drop policy if exists jobs_claim on report_run;
create policy jobs_claim on report_run for insert to beeld_jobs
  with check (state = 'running');
drop policy if exists jobs_end on report_run;
create policy jobs_end on report_run for update to beeld_jobs
  using (state in ('running', 'failed')) with check (true);

alter table report_row enable row level security;
drop policy if exists adviser_reads on report_row;
create policy adviser_reads on report_row for select to beeld_app
  using (app.is_set('adviser'));
drop policy if exists director_reads_coverage_of_own_schools on report_row;
create policy director_reads_coverage_of_own_schools on report_row for select to beeld_app
  using (
    school_id = any ((select nullif(current_setting('app.director_of', true), '')::uuid[])::uuid[])
    and run_id in (
      select r.id
      from report_run r
      where r.report = 'coverage'));
drop policy if exists jobs_read on report_row;
create policy jobs_read on report_row for select to beeld_jobs
  using (true);
drop policy if exists jobs_add on report_row;
create policy jobs_add on report_row for insert to beeld_jobs
  with check (true);

revoke all on report_schedule, report_run, report_row from public, beeld_app, beeld_jobs;
grant select on report_schedule, report_run, report_row to beeld_app, beeld_jobs;
grant insert, update on report_run to beeld_jobs;
grant insert on report_row to beeld_jobs;
