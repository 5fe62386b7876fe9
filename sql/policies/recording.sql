-- A recording's row is the teacher's and the coach's. Director, school and adviser learn coverage from the starter
-- functions, which tell of an own wish only what its teacher lets count.

alter table recording enable row level security;
drop policy if exists own on recording;
create policy own on recording for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on recording;
create policy coach_reads_own on recording for select to beeld_app
  using (current_setting('app.coach', true) = 'on' and coach_id = (select app.me()));

revoke all on recording from public, beeld_app, beeld_jobs;
grant select on recording to beeld_app;
