-- Who writes schedules, who sees to whom they are told, and what became of the mails: the board's advisers, who answer
-- for it, and the system's administrators, who keep it running. What somebody was sent themselves is in the export of
-- their own data.

drop policy if exists adviser_adds on report_schedule;
create policy adviser_adds on report_schedule for insert to beeld_app
  with check (app.is_set('adviser'));
drop policy if exists adviser_changes on report_schedule;
create policy adviser_changes on report_schedule for update to beeld_app
  using (app.is_set('adviser'));

drop policy if exists board_reads on report_recipient;
create policy board_reads on report_recipient for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists adviser_adds on report_recipient;
create policy adviser_adds on report_recipient for insert to beeld_app
  with check (app.is_set('adviser'));
drop policy if exists adviser_removes on report_recipient;
create policy adviser_removes on report_recipient for delete to beeld_app
  using (app.is_set('adviser'));
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

revoke all on report_recipient, report_delivery, report_delivery_key, report_unsubscription from public, beeld_app, beeld_jobs;
grant select on report_recipient, report_delivery to beeld_app, beeld_jobs;
grant select on report_unsubscription to beeld_jobs;
grant update on report_delivery to beeld_jobs;
grant insert (id, report, cadence, weekday, month_day, at, enabled, required, enabled_from),
  update (cadence, weekday, month_day, at, enabled, required, enabled_from, version)
  on report_schedule to beeld_app;
grant insert (id, schedule_id, role, school_id), delete on report_recipient to beeld_app;
