-- Who writes what of the registry. As for reading, one policy per kind of writer; what a statement may change of a row
-- beyond that stands in sql/functions/registry_guard.sql. People are entered, merged and claims decided by functions
-- that judge the right themselves: of these tables the API has no grant for it.

drop policy if exists system_admin_adds on school;
create policy system_admin_adds on school for insert to beeld_app
  with check (app.is_set('system_admin'));
drop policy if exists system_admin_changes on school;
create policy system_admin_changes on school for update to beeld_app
  using (app.is_set('system_admin'));

drop policy if exists school_adds on school_group;
create policy school_adds on school_group for insert to beeld_app
  with check (school_id = any ((select app.my_administration())::uuid[]));
drop policy if exists school_changes on school_group;
create policy school_changes on school_group for update to beeld_app
  using (school_id = any ((select app.my_administration())::uuid[]));
drop policy if exists school_removes on school_group;
create policy school_removes on school_group for delete to beeld_app
  using (school_id = any ((select app.my_administration())::uuid[]));

drop policy if exists school_changes on person;
create policy school_changes on person for update to beeld_app
  using (
    current_setting('app.school_admin_of', true) <> ''
    and id in (select app.my_administered_staff()));
drop policy if exists board_changes on person;
create policy board_changes on person for update to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists own_changes on registration;
create policy own_changes on registration for update to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_changes on registration;
create policy school_changes on registration for update to beeld_app
  using (
    current_setting('app.school_admin_of', true) <> ''
    and person_id in (select app.my_administered_staff()));
drop policy if exists board_changes on registration;
create policy board_changes on registration for update to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));

-- A school employs whom it sees: by anybody else's id it would learn what is registered of them.
drop policy if exists school_adds on employment;
create policy school_adds on employment for insert to beeld_app
  with check (
    school_id = any ((select app.my_administration())::uuid[])
    and app.i_see(person_id));
drop policy if exists school_changes on employment;
create policy school_changes on employment for update to beeld_app
  using (school_id = any ((select app.my_administration())::uuid[]));
drop policy if exists school_removes on employment;
create policy school_removes on employment for delete to beeld_app
  using (school_id = any ((select app.my_administration())::uuid[]));
drop policy if exists board_adds on employment;
create policy board_adds on employment for insert to beeld_app
  with check (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists board_changes on employment;
create policy board_changes on employment for update to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));
drop policy if exists board_removes on employment;
create policy board_removes on employment for delete to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));

drop policy if exists school_adds on absence;
create policy school_adds on absence for insert to beeld_app
  with check (
    current_setting('app.school_admin_of', true) <> ''
    and person_id in (select app.my_administered_staff()));
drop policy if exists school_changes on absence;
create policy school_changes on absence for update to beeld_app
  using (
    current_setting('app.school_admin_of', true) <> ''
    and person_id in (select app.my_administered_staff()));
drop policy if exists school_removes on absence;
create policy school_removes on absence for delete to beeld_app
  using (
    current_setting('app.school_admin_of', true) <> ''
    and person_id in (select app.my_administered_staff()));
drop policy if exists adviser_adds on absence;
create policy adviser_adds on absence for insert to beeld_app
  with check (app.is_set('adviser'));
drop policy if exists adviser_changes on absence;
create policy adviser_changes on absence for update to beeld_app
  using (app.is_set('adviser'));
drop policy if exists adviser_removes on absence;
create policy adviser_removes on absence for delete to beeld_app
  using (app.is_set('adviser'));

drop policy if exists own_claims on prior_experience;
create policy own_claims on prior_experience for insert to beeld_app
  with check (claimed_by = (select app.me()) and person_id = (select app.me()));
drop policy if exists school_claims on prior_experience;
create policy school_claims on prior_experience for insert to beeld_app
  with check (
    claimed_by = (select app.me())
    and current_setting('app.school_admin_of', true) <> ''
    and person_id in (select app.my_administered_staff()));
drop policy if exists adviser_claims on prior_experience;
create policy adviser_claims on prior_experience for insert to beeld_app
  with check (claimed_by = (select app.me()) and app.is_set('adviser'));
drop policy if exists claimant_changes on prior_experience;
create policy claimant_changes on prior_experience for update to beeld_app
  using (claimed_by = (select app.me()));
drop policy if exists claimant_removes on prior_experience;
create policy claimant_removes on prior_experience for delete to beeld_app
  using (claimed_by = (select app.me()));
-- An adviser holds what they are to remove or decide, and changes nothing of another's claim.
drop policy if exists adviser_holds on prior_experience;
create policy adviser_holds on prior_experience for update to beeld_app
  using (app.is_set('adviser') and person_id <> (select app.me())) with check (false);
drop policy if exists adviser_removes on prior_experience;
create policy adviser_removes on prior_experience for delete to beeld_app
  using (app.is_set('adviser') and person_id <> (select app.me()));

drop policy if exists adviser_adds on exemption;
create policy adviser_adds on exemption for insert to beeld_app
  with check (
    app.is_set('adviser')
    and person_id <> (select app.me())
    and granted_by = (select app.me()));
drop policy if exists adviser_changes on exemption;
create policy adviser_changes on exemption for update to beeld_app
  using (app.is_set('adviser') and person_id <> (select app.me()));
drop policy if exists adviser_removes on exemption;
create policy adviser_removes on exemption for delete to beeld_app
  using (app.is_set('adviser') and person_id <> (select app.me()));

drop policy if exists adviser_adds on role_assignment;
create policy adviser_adds on role_assignment for insert to beeld_app
  with check (
    app.is_set('adviser')
    and role in ('coach', 'director', 'school_admin')
    and person_id <> (select app.me())
    and granted_by = (select app.me()));
drop policy if exists adviser_changes on role_assignment;
create policy adviser_changes on role_assignment for update to beeld_app
  using (
    app.is_set('adviser')
    and role in ('coach', 'director', 'school_admin')
    and person_id <> (select app.me()));
drop policy if exists adviser_removes on role_assignment;
create policy adviser_removes on role_assignment for delete to beeld_app
  using (
    app.is_set('adviser')
    and role in ('coach', 'director', 'school_admin')
    and person_id <> (select app.me()));
drop policy if exists system_admin_adds on role_assignment;
create policy system_admin_adds on role_assignment for insert to beeld_app
  with check (
    app.is_set('system_admin')
    and role in ('adviser', 'privacy_officer', 'system_admin')
    and person_id <> (select app.me())
    and granted_by = (select app.me()));
drop policy if exists system_admin_changes on role_assignment;
create policy system_admin_changes on role_assignment for update to beeld_app
  using (
    app.is_set('system_admin')
    and role in ('adviser', 'privacy_officer', 'system_admin')
    and person_id <> (select app.me()));
drop policy if exists system_admin_removes on role_assignment;
create policy system_admin_removes on role_assignment for delete to beeld_app
  using (
    app.is_set('system_admin')
    and role in ('adviser', 'privacy_officer', 'system_admin')
    and person_id <> (select app.me()));

-- Versions follow each other without a gap; the policy of reading has no sub-select, hence no recursion.
drop policy if exists adviser_adds on policy;
create policy adviser_adds on policy for insert to beeld_app
  with check (
    app.is_set('adviser')
    and decided_by = (select app.me())
    and version = app.next_policy_version());

drop policy if exists those_who_follow_traces_read on merged_person;
create policy those_who_follow_traces_read on merged_person for select to beeld_app
  using (app.is_set('adviser') or app.is_set('privacy_officer'));

-- An import follows the numbers of the personnel system.
drop policy if exists jobs_read on merged_person;
create policy jobs_read on merged_person for select to beeld_jobs
  using (true);

revoke insert, update, delete, truncate, references, trigger
  on school, school_group, person, registration, employment, absence, prior_experience, exemption, role_assignment, policy
  from beeld_app;
revoke all on merged_person, command from public, beeld_app, beeld_jobs;
grant select (id, survivor_id, subject_key, merged_at, merged_by) on merged_person to beeld_app;
grant select on merged_person to beeld_jobs;

grant insert (
    id, code, name, board_number, street, house_number, postal_code, city, municipality, denomination, phone, website,
    open_from, open_until, merged_into),
  update (
    code, name, board_number, street, house_number, postal_code, city, municipality, denomination, phone, website,
    open_from, open_until, merged_into, version)
  on school to beeld_app;
grant insert (id, school_id, school_year, name), update (school_year, name, version), delete
  on school_group to beeld_app;
grant update (name, version)
  on person to beeld_app;
grant update (person_number, email, teaching_since, teaching_since_approved_at, language, subject, disabled_at, version)
  on registration to beeld_app;
grant insert (id, person_id, school_id, job, fte, from_date, until_date),
  update (school_id, job, fte, from_date, until_date, version), delete
  on employment to beeld_app;
grant insert (id, person_id, category, from_date, until_date), update (category, from_date, until_date, version), delete
  on absence to beeld_app;
grant insert (id, person_id, from_date, until_date, evidence, claimed_by),
  update (from_date, until_date, evidence, version), delete
  on prior_experience to beeld_app;
grant insert (id, person_id, code, evidence, from_date, review_date, granted_by),
  update (code, evidence, from_date, review_date, version), delete
  on exemption to beeld_app;
grant insert (id, person_id, role, school_id, from_date, until_date, granted_by),
  update (from_date, until_date, version), delete
  on role_assignment to beeld_app;
grant insert (
    version, valid_from, programme_start, window_months, pause_days, at_risk_days, due_soon_days, teacher_days, coach_days,
    first_recording_days, debrief_days, invitation_days, deletion_days, coach_capacity, objection_days, notice_days,
    invitation_month, decided_by)
  on policy to beeld_app;
