-- Who sees what of reports: the table report says whose each is. A row's school decides what a school sees; a run's
-- header shows no figure of people.

alter table report enable row level security;
drop policy if exists whose_it_is_read on report;
create policy whose_it_is_read on report for select to beeld_app
  using (
    app.is_set('system_admin')
    or app.is_set('adviser') and 'adviser' = any (board || counts)
    or app.is_set('privacy_officer') and 'privacy_officer' = any (board || counts)
    or coalesce(current_setting('app.director_of', true), '') <> '' and 'director' = any (schools)
    or coalesce(current_setting('app.school_admin_of', true), '') <> '' and 'school_admin' = any (schools));
drop policy if exists jobs_read on report;
create policy jobs_read on report for select to beeld_jobs
  using (true);

alter table report_run enable row level security;
drop policy if exists board_reads on report_run;
drop policy if exists whose_report_it_is_read on report_run;
create policy whose_report_it_is_read on report_run for select to beeld_app
  using (
    current_setting('app.person', true) <> ''
    and report in (select k.key from report k));
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
drop policy if exists director_reads_coverage_of_own_schools on report_row;
drop policy if exists board_reads on report_row;
create policy board_reads on report_row for select to beeld_app
  using (
    run_id in (
      select r.id
      from report_run r
      join report k on k.key = r.report
      where app.is_set('adviser') and 'adviser' = any (k.board) and k.key <> 'custody'
        or app.is_set('privacy_officer') and 'privacy_officer' = any (k.board)));
-- Of custody the adviser sees what is late or lost, as of the copies themselves, and carriers.
drop policy if exists adviser_reads_custody on report_row;
create policy adviser_reads_custody on report_row for select to beeld_app
  using (
    run_id in (
      select r.id
      from report_run r
      where app.is_set('adviser')
        and r.report = 'custody')
    and not app.is_in_order(cells));
drop policy if exists director_reads_own_schools on report_row;
create policy director_reads_own_schools on report_row for select to beeld_app
  using (
    school_id = any ((select nullif(current_setting('app.director_of', true), '')::uuid[])::uuid[])
    and run_id in (
      select r.id
      from report_run r
      join report k on k.key = r.report
      where 'director' = any (k.schools)));
drop policy if exists school_admin_reads_own_schools on report_row;
create policy school_admin_reads_own_schools on report_row for select to beeld_app
  using (
    school_id = any ((select app.my_administration())::uuid[])
    and run_id in (
      select r.id
      from report_run r
      join report k on k.key = r.report
      where 'school_admin' = any (k.schools)));
drop policy if exists jobs_read on report_row;
create policy jobs_read on report_row for select to beeld_jobs
  using (true);
drop policy if exists jobs_add on report_row;
create policy jobs_add on report_row for insert to beeld_jobs
  with check (true);

-- What somebody said of an exception is seen by whoever sees the exception.
alter table report_acknowledgement enable row level security;
drop policy if exists board_reads on report_acknowledgement;
create policy board_reads on report_acknowledgement for select to beeld_app
  using (
    report in (
      select k.key
      from report k
      where app.is_set('adviser') and 'adviser' = any (k.board)
        or app.is_set('privacy_officer') and 'privacy_officer' = any (k.board)));
drop policy if exists director_reads_own_schools on report_acknowledgement;
create policy director_reads_own_schools on report_acknowledgement for select to beeld_app
  using (
    school_id = any ((select nullif(current_setting('app.director_of', true), '')::uuid[])::uuid[])
    and report in (
      select k.key
      from report k
      where 'director' = any (k.schools)));
drop policy if exists school_admin_reads_own_schools on report_acknowledgement;
create policy school_admin_reads_own_schools on report_acknowledgement for select to beeld_app
  using (
    school_id = any ((select app.my_administration())::uuid[])
    and report in (
      select k.key
      from report k
      where 'school_admin' = any (k.schools)));
drop policy if exists adviser_adds on report_acknowledgement;
create policy adviser_adds on report_acknowledgement for insert to beeld_app
  with check (app.is_set('adviser') and made_by = (select app.me()));
drop policy if exists adviser_removes on report_acknowledgement;
create policy adviser_removes on report_acknowledgement for delete to beeld_app
  using (app.is_set('adviser'));
-- Whoever removes one holds it first; nothing of it is changed.
drop policy if exists adviser_holds on report_acknowledgement;
create policy adviser_holds on report_acknowledgement for update to beeld_app
  using (app.is_set('adviser')) with check (false);
drop policy if exists jobs_read on report_acknowledgement;
create policy jobs_read on report_acknowledgement for select to beeld_jobs
  using (true);

alter table request_step enable row level security;
drop policy if exists jobs_read on request_step;
create policy jobs_read on request_step for select to beeld_jobs
  using (true);

revoke all
  on report, report_run, report_row, report_acknowledgement, request_step
  from public, beeld_app, beeld_jobs;
grant select on report, report_run, report_row, report_acknowledgement to beeld_app, beeld_jobs;
grant select on request_step to beeld_jobs;
grant insert, update on report_run to beeld_jobs;
grant insert on report_row to beeld_jobs;
grant insert (id, run_id, key, reason, until_date), update (version), delete on report_acknowledgement to beeld_app;
