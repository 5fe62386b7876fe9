-- A recording's row is the teacher's and the coach's; the adviser is told its state. Director and school learn coverage
-- from the starter functions, which tell of an own wish only what its teacher lets count.

alter table recording enable row level security;
drop policy if exists own on recording;
create policy own on recording for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on recording;
create policy coach_reads_own on recording for select to beeld_app
  using (
    app.is_set('coach')
    and (
      coach_id = (select app.me())
      or trajectory_id in (
        select t.id
        from trajectory t
        where t.coach_id = (select app.me()))));
drop policy if exists adviser_reads on recording;
create policy adviser_reads on recording for select to beeld_app
  using (app.is_set('adviser'));

revoke all on recording from public, beeld_app;
grant select on recording to beeld_app;
