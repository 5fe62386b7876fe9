-- Who sees what of the coaching. A voluntary request has no line for director and school: no role at that school shows
-- it. What of a row the asker is told, where it is less than all, stands in the views; who may bring it where, in the
-- table transition. The API changes machines through functions alone, and has no grant to write their tables.

drop policy if exists anyone_reads on transition;
create policy anyone_reads on transition for select to beeld_app
  using (current_setting('app.person', true) <> '');
drop policy if exists anyone_reads on allowed_transition;
create policy anyone_reads on allowed_transition for select to beeld_app
  using (current_setting('app.person', true) <> '');

drop policy if exists own on request;
create policy own on request for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on request;
create policy coach_reads_own on request for select to beeld_app
  using (app.is_set('coach') and coach_id = (select app.me()));
drop policy if exists director_reads on request;
create policy director_reads on request for select to beeld_app
  using (
    coalesce(current_setting('app.director_of', true), '') <> ''
    and origin <> 'own_wish'
    and teacher_id in (select app.my_directed_staff()));
drop policy if exists adviser_reads on request;
create policy adviser_reads on request for select to beeld_app
  using (app.is_set('adviser'));

drop policy if exists own on trajectory;
create policy own on trajectory for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on trajectory;
create policy coach_reads_own on trajectory for select to beeld_app
  using (app.is_set('coach') and coach_id = (select app.me()));
drop policy if exists adviser_reads on trajectory;
create policy adviser_reads on trajectory for select to beeld_app
  using (app.is_set('adviser'));

drop policy if exists own on follow_up;
create policy own on follow_up for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on follow_up;
create policy coach_reads_own on follow_up for select to beeld_app
  using (
    app.is_set('coach')
    and trajectory_id in (
      select t.id
      from trajectory t
      where t.coach_id = (select app.me())));
drop policy if exists own_removes on follow_up;
create policy own_removes on follow_up for delete to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_removes on follow_up;
create policy coach_removes on follow_up for delete to beeld_app
  using (
    app.is_set('coach')
    and trajectory_id in (
      select t.id
      from trajectory t
      where t.coach_id = (select app.me())));
-- Whoever removes one holds it first; nothing of it is changed.
drop policy if exists own_holds on follow_up;
create policy own_holds on follow_up for update to beeld_app
  using (teacher_id = (select app.me())) with check (false);
drop policy if exists coach_holds on follow_up;
create policy coach_holds on follow_up for update to beeld_app
  using (
    app.is_set('coach')
    and trajectory_id in (
      select t.id
      from trajectory t
      where t.coach_id = (select app.me()))) with check (false);

drop policy if exists own on agreement;
create policy own on agreement for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on agreement;
create policy coach_reads_own on agreement for select to beeld_app
  using (
    app.is_set('coach')
    and trajectory_id in (
      select t.id
      from trajectory t
      where t.coach_id = (select app.me())));
drop policy if exists adviser_reads_changes_of_coach on agreement;
create policy adviser_reads_changes_of_coach on agreement for select to beeld_app
  using (app.is_set('adviser') and kind = 'change_of_coach');

-- The teacher sees every copy of the own footage; who has one, sees it until it is gone, whatever became of the role.
drop policy if exists own on copy;
create policy own on copy for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists holder_reads on copy;
create policy holder_reads on copy for select to beeld_app
  using (holder_id = (select app.me()) and state = 'held');
drop policy if exists adviser_reads_overdue_and_lost on copy;
create policy adviser_reads_overdue_and_lost on copy for select to beeld_app
  using (
    app.is_set('adviser')
    and (
      state = 'lost'
      or state = 'held'
        and holder_id is distinct from teacher_id
        and (
          holder_id is null
          or holder_id not in (select app.coaches_today()))
      or state = 'held'
        and num_nonnulls(required_on, demanded_at, kept_until, deletion_due_on) > 0
        and app.copy_is_overdue(copy)));
drop policy if exists privacy_officer_reads on copy;
create policy privacy_officer_reads on copy for select to beeld_app
  using (app.is_set('privacy_officer'));

drop policy if exists privacy_officer_reads on breach;
create policy privacy_officer_reads on breach for select to beeld_app
  using (app.is_set('privacy_officer'));
drop policy if exists privacy_officer_settles on breach;
create policy privacy_officer_settles on breach for update to beeld_app
  using (app.is_set('privacy_officer'))
  with check (app.is_set('privacy_officer') and settled_by = (select app.me()));

drop policy if exists those_who_keep_footage_read on carrier;
create policy those_who_keep_footage_read on carrier for select to beeld_app
  using (
    app.is_set('coach')
    or app.is_set('adviser')
    or app.is_set('privacy_officer'));
drop policy if exists board_adds on carrier;
create policy board_adds on carrier for insert to beeld_app
  with check (app.is_set('adviser') or app.is_set('privacy_officer'));
drop policy if exists board_changes on carrier;
create policy board_changes on carrier for update to beeld_app
  using (app.is_set('adviser') or app.is_set('privacy_officer'));

drop policy if exists own on coach;
create policy own on coach for select to beeld_app
  using (app.is_set('coach') and person_id = (select app.me()));
drop policy if exists adviser_reads on coach;
create policy adviser_reads on coach for select to beeld_app
  using (app.is_set('adviser'));
drop policy if exists own_changes on coach;
create policy own_changes on coach for update to beeld_app
  using (app.is_set('coach') and person_id = (select app.me()));
drop policy if exists adviser_changes on coach;
create policy adviser_changes on coach for update to beeld_app
  using (app.is_set('adviser'));

drop policy if exists own on coach_unavailability;
create policy own on coach_unavailability for select to beeld_app
  using (app.is_set('coach') and person_id = (select app.me()));
drop policy if exists adviser_reads on coach_unavailability;
create policy adviser_reads on coach_unavailability for select to beeld_app
  using (app.is_set('adviser'));
drop policy if exists own_adds on coach_unavailability;
create policy own_adds on coach_unavailability for insert to beeld_app
  with check (app.is_set('coach') and person_id = (select app.me()));
drop policy if exists adviser_adds on coach_unavailability;
create policy adviser_adds on coach_unavailability for insert to beeld_app
  with check (app.is_set('adviser'));
drop policy if exists own_changes on coach_unavailability;
create policy own_changes on coach_unavailability for update to beeld_app
  using (app.is_set('coach') and person_id = (select app.me()));
drop policy if exists adviser_changes on coach_unavailability;
create policy adviser_changes on coach_unavailability for update to beeld_app
  using (app.is_set('adviser'));
drop policy if exists own_removes on coach_unavailability;
create policy own_removes on coach_unavailability for delete to beeld_app
  using (app.is_set('coach') and person_id = (select app.me()));
drop policy if exists adviser_removes on coach_unavailability;
create policy adviser_removes on coach_unavailability for delete to beeld_app
  using (app.is_set('adviser'));

-- Reports count facts.
do $$
declare
  fact text;
begin
  foreach fact in array array[
    'coach', 'coach_unavailability', 'request', 'trajectory', 'follow_up', 'carrier', 'copy', 'agreement', 'breach'
  ]
  loop
    execute format('drop policy if exists jobs_read on %I', fact);
    execute format('create policy jobs_read on %I for select to beeld_jobs using (true)', fact);
  end loop;
end
$$;

revoke all
  on transition, allowed_transition, coach, coach_unavailability, request, trajectory, follow_up, carrier, copy, agreement, breach
  from public, beeld_app, beeld_jobs;
grant select
  on transition, allowed_transition, coach, coach_unavailability, request, trajectory, follow_up, carrier, copy, agreement, breach
  to beeld_app;
grant select
  on coach, coach_unavailability, request, trajectory, follow_up, carrier, copy, agreement, breach
  to beeld_jobs;
grant update (capacity, version) on coach to beeld_app;
grant insert (id, person_id, from_date, until_date), update (from_date, until_date, version), delete
  on coach_unavailability to beeld_app;
grant update (version), delete on follow_up to beeld_app;
grant insert (id, kind, name, retired_on), update (name, retired_on, version) on carrier to beeld_app;
grant update (settled_at, settled_by, outcome, version) on breach to beeld_app;
