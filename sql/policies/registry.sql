-- Who sees what of the registry. Policies only compare settings that identify made; scalar sub-selects are evaluated
-- once per statement. Each table has one policy per kind of viewer, so that a line here is a line of the matrix. A setting
-- that was never made is null, and null and a look-up is looked up: comparisons are never null (app.is_set).

alter table school enable row level security;
drop policy if exists anyone_reads on school;
create policy anyone_reads on school for select to beeld_app
  using (current_setting('app.person', true) <> '');

alter table school_group enable row level security;
drop policy if exists anyone_reads on school_group;
create policy anyone_reads on school_group for select to beeld_app
  using (current_setting('app.person', true) <> '');

alter table employment enable row level security;
drop policy if exists own on employment;
create policy own on employment for select to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_reads on employment;
create policy school_reads on employment for select to beeld_app
  using (school_id = any ((select app.my_schools())::uuid[]));
drop policy if exists board_reads on employment;
create policy board_reads on employment for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));

-- A name stays readable to a school for its own history, also after the person left it.
alter table person enable row level security;
drop policy if exists own on person;
create policy own on person for select to beeld_app
  using (id = (select app.me()));
drop policy if exists school_reads on person;
create policy school_reads on person for select to beeld_app
  using (
    coalesce(current_setting('app.schools', true), '') <> ''
    and id in (
      select e.person_id
      from employment e
      where e.school_id = any ((select app.my_schools())::uuid[])));
drop policy if exists coach_reads_own_teachers on person;
create policy coach_reads_own_teachers on person for select to beeld_app
  using (
    app.is_set('coach')
    and (id in (select app.my_coached()) or id in (select app.my_offered())));
drop policy if exists anyone_reads_coaches on person;
create policy anyone_reads_coaches on person for select to beeld_app
  using (is_coach and current_setting('app.person', true) <> '');
drop policy if exists board_reads on person;
create policy board_reads on person for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));

-- What is registered beside the name: a school reads it while the person works there, or is about to.
alter table registration enable row level security;
drop policy if exists own on registration;
create policy own on registration for select to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_reads on registration;
create policy school_reads on registration for select to beeld_app
  using (
    coalesce(current_setting('app.schools', true), '') <> ''
    and person_id in (select app.my_staff()));
drop policy if exists board_reads on registration;
create policy board_reads on registration for select to beeld_app
  using (app.is_set('adviser') or app.is_set('system_admin'));

alter table absence enable row level security;
drop policy if exists own on absence;
create policy own on absence for select to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_reads on absence;
create policy school_reads on absence for select to beeld_app
  using (
    coalesce(current_setting('app.schools', true), '') <> ''
    and person_id in (select app.my_staff()));
drop policy if exists adviser_reads on absence;
create policy adviser_reads on absence for select to beeld_app
  using (app.is_set('adviser'));

alter table prior_experience enable row level security;
drop policy if exists own on prior_experience;
create policy own on prior_experience for select to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_reads on prior_experience;
create policy school_reads on prior_experience for select to beeld_app
  using (
    coalesce(current_setting('app.schools', true), '') <> ''
    and person_id in (select app.my_staff()));
drop policy if exists adviser_reads on prior_experience;
create policy adviser_reads on prior_experience for select to beeld_app
  using (app.is_set('adviser'));

alter table exemption enable row level security;
drop policy if exists own on exemption;
create policy own on exemption for select to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_reads on exemption;
create policy school_reads on exemption for select to beeld_app
  using (
    coalesce(current_setting('app.schools', true), '') <> ''
    and person_id in (select app.my_staff()));
drop policy if exists adviser_reads on exemption;
create policy adviser_reads on exemption for select to beeld_app
  using (app.is_set('adviser'));

alter table role_assignment enable row level security;
drop policy if exists own on role_assignment;
create policy own on role_assignment for select to beeld_app
  using (person_id = (select app.me()));
drop policy if exists school_reads on role_assignment;
create policy school_reads on role_assignment for select to beeld_app
  using (school_id = any ((select app.my_schools())::uuid[]));
drop policy if exists board_reads on role_assignment;
create policy board_reads on role_assignment for select to beeld_app
  using (
    app.is_set('adviser')
    or app.is_set('privacy_officer')
    or app.is_set('system_admin'));

-- The policy is common knowledge: a deadline must be explainable to everyone whom it concerns.
alter table policy enable row level security;
drop policy if exists anyone_reads on policy;
create policy anyone_reads on policy for select to beeld_app
  using (current_setting('app.person', true) <> '');

-- Writing is granted in registry_writing.sql, the server's own work in server.sql: a changed file is applied again by
-- itself, and must not take away what another one gives.
revoke all on school, school_group, person, registration, employment, absence, prior_experience, exemption, role_assignment, policy
  from public;
revoke select on school, school_group, person, registration, employment, absence, prior_experience, exemption, role_assignment, policy
  from beeld_app;
grant select on school, school_group, registration, employment, absence, prior_experience, exemption, role_assignment, policy
  to beeld_app;
-- Not subject_key: it would tell whom an audit row names.
grant select (id, name, is_coach, version) on person to beeld_app;
