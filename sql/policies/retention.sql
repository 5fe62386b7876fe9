-- What was removed, those know who answer for it; of voluntary requests the adviser, who assigns them.

drop policy if exists board_reads on retention;
create policy board_reads on retention for select to beeld_app
  using (app.is_set('adviser') or app.is_set('privacy_officer'));
drop policy if exists jobs_read on retention;
create policy jobs_read on retention for select to beeld_jobs
  using (true);

drop policy if exists adviser_reads on own_wish_year;
create policy adviser_reads on own_wish_year for select to beeld_app
  using (app.is_set('adviser'));

revoke all on retention, own_wish_year from public, beeld_app, beeld_jobs;
grant select on retention to beeld_app, beeld_jobs;
grant select on own_wish_year to beeld_app;
