-- When a report is made, those know whose report it is. Who is told of it, and what became of the mails, the board's
-- advisers see, who answer for it, and the system's administrators, who keep it running. What somebody was sent
-- themselves is in the export of their own data.

alter table report_schedule enable row level security;
drop policy if exists board_reads on report_schedule;
drop policy if exists whose_report_it_is_read on report_schedule;
create policy whose_report_it_is_read on report_schedule for select to beeld_app
  using (
    current_setting('app.person', true) <> ''
    and report in (select k.key from report k));
drop policy if exists jobs on report_schedule;
create policy jobs on report_schedule for select to beeld_jobs
  using (true);
drop policy if exists adviser_adds on report_schedule;
create policy adviser_adds on report_schedule for insert to beeld_app
  with check (app.is_set('adviser'));
drop policy if exists adviser_changes on report_schedule;
create policy adviser_changes on report_schedule for update to beeld_app
  using (app.is_set('adviser'));

drop policy if exists board_reads on report_recipient;
create policy board_reads on report_recipient for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists jobs on report_recipient;
create policy jobs on report_recipient for select to beeld_jobs
  using (true);

drop policy if exists board_reads on report_delivery;
create policy board_reads on report_delivery for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists jobs_read on report_delivery;
create policy jobs_read on report_delivery for select to beeld_jobs
  using (true);
drop policy if exists jobs_end on report_delivery;
create policy jobs_end on report_delivery for update to beeld_jobs
  using (state = 'queued') with check (true);

drop policy if exists jobs on report_unsubscription;
create policy jobs on report_unsubscription for select to beeld_jobs
  using (true);

revoke all
  on report_schedule, report_recipient, report_delivery, report_delivery_key, report_unsubscription
  from public, beeld_app, beeld_jobs;
grant select on report_schedule, report_recipient, report_delivery to beeld_app, beeld_jobs;
grant select on report_unsubscription to beeld_jobs;
grant update on report_delivery to beeld_jobs;
grant insert (id, report, cadence, weekday, month_day, at, enabled, required, enabled_from),
  update (cadence, weekday, month_day, at, enabled, required, enabled_from, version)
  on report_schedule to beeld_app;
