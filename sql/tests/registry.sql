-- What the registry refuses, whoever writes: every refusal by the name of its rule.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

insert into school (id, code, name, board_number)
values
  ('0193b6a0-0001-7000-8000-000000000001', '12AB00', 'It Bûtenplak', '12345'),
  ('0193b6a0-0001-7000-8000-000000000002', '12AB01', 'De Regenboog', '12345');
insert into person (id, name)
select format('0193b6a0-0002-7000-8000-00000000000%s', n)::uuid, format('Person %s', n)
from generate_series(1, 3) n;
insert into registration (person_id, person_number, email, subject)
values ('0193b6a0-0002-7000-8000-000000000001', 'N1', 'One@example.org', 'sub-1');

create function pg_temp.refuses(act text, rule text, words text) returns text language sql as $$
  select throws_like(act, '%"' || rule || '"%', words)
$$;
create function pg_temp.person(n integer) returns text language sql as $$
  select format('%L::uuid', '0193b6a0-0002-7000-8000-00000000000' || n)
$$;
create function pg_temp.school(code text, name text) returns text language sql as $$
  select format('insert into school (id, code, name, board_number) values (gen_random_uuid(), %L, %L, ''12345'')', code, name)
$$;
create function pg_temp.employment(n integer, job text, fte text, from_date text, until_date text) returns text language sql as $$
  select format(
    'insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
     values (gen_random_uuid(), %s, ''0193b6a0-0001-7000-8000-000000000001'', %L, %s, %L, %L)',
    pg_temp.person(n), job, fte, from_date, until_date)
$$;
create function pg_temp.role(n integer, role text, school text, from_date text, until_date text, granted_by text default 'null')
  returns text language sql as $$
  select format(
    'insert into role_assignment (id, person_id, role, school_id, from_date, until_date, granted_by)
     values (gen_random_uuid(), %s, %L, %L, %L, %L, %s)',
    pg_temp.person(n), role, school, from_date, until_date, granted_by)
$$;

-- Texts and days
select pg_temp.refuses(pg_temp.school('34CD00', ''), 'label_length', 'a name is not empty');
select lives_ok(pg_temp.school('34CD01', repeat('é', 200)), 'it has up to 200 characters');
select pg_temp.refuses(pg_temp.school('34CD00', repeat('e', 201)), 'label_length', 'and no more');
select pg_temp.refuses(pg_temp.school('34CD00', ' De School'), 'label_printable', 'it has no blank around it');
select pg_temp.refuses(pg_temp.school('34CD00', e'De\tSchool'), 'label_printable', 'and no control characters');
select pg_temp.refuses(pg_temp.school('34CD00', e'De\u0085School'), 'label_printable', 'not those above ASCII either');
select pg_temp.refuses(pg_temp.school('34CD00', e'Bu\u0302tenplak'), 'label_normalized', 'it is kept in NFC');
select is(
  (select string_agg(d, ' ' order by d) from unnest(array['1900-01-01', '2199-12-31']) d where d::civil_date is not null),
  '1900-01-01 2199-12-31', 'civil days run from 1900 to 2199');
select pg_temp.refuses($$ select '1899-12-31'::civil_date $$, 'civil_date_in_bounds', 'not before');
select pg_temp.refuses($$ select '2200-01-01'::civil_date $$, 'civil_date_in_bounds', 'not after');
select pg_temp.refuses($$ select 'infinity'::civil_date $$, 'civil_date_in_bounds', 'and are never infinite');

-- Schools
select pg_temp.refuses(pg_temp.school('12AB00', 'Twice'), 'school_code_unique', 'a code names one school');
select pg_temp.refuses(pg_temp.school('12ab02', 'Small'), 'school_code_shape', 'a code is BRIN and location, in capitals');
select pg_temp.refuses(pg_temp.school(e'12AB02\n', 'Line'), 'school_code_shape', 'and nothing after it');
select pg_temp.refuses(
  $$ update school set merged_into = id $$, 'school_not_merged_into_itself', 'a school does not merge into itself');
select pg_temp.refuses(
  $$ update school set open_from = '2026-01-01', open_until = '2026-01-01' $$, 'school_open_order',
  'it is open for at least a day');
-- People
select pg_temp.refuses(
  format('insert into registration (person_id, person_number) values (%s, ''N1'')', pg_temp.person(2)),
  'registration_person_number_unique', 'a number names one person');
select pg_temp.refuses(
  format('insert into registration (person_id, person_number, email) values (%s, ''N2'', ''oNE@EXAMPLE.org'')', pg_temp.person(2)),
  'registration_email_unique', 'an address belongs to one person, in whatever case');
select pg_temp.refuses(
  format('insert into registration (person_id, person_number, subject) values (%s, ''N2'', ''sub-1'')', pg_temp.person(2)),
  'registration_subject_unique', 'and so does a subject of the identity provider');
select pg_temp.refuses(
  format('insert into registration (person_id, person_number, email) values (%s, ''N2'', %L)', pg_temp.person(2), address),
  'registration_email_shape', format('%s is no address', to_json(address)))
from unnest(array['a@b', 'a b@example.org', e'a@example.org\nBcc: b@example.org', 'a@@example.org', '@example.org', '']) address;
select pg_temp.refuses(
  $$ update registration set teaching_since_approved_at = now() $$, 'registration_approval_needs_date',
  'nothing is approved that is not there');

-- Employments
select lives_ok(pg_temp.employment(2, 'teacher', '0.5', '2026-01-01', '2026-02-01'), 'an employment has a first day and an end');
select lives_ok(pg_temp.employment(2, 'teacher', '0.5', '2026-02-01', null), 'the next may begin on that end');
select pg_temp.refuses(
  pg_temp.employment(2, 'teacher', '0.5', '2027-01-01', '2027-02-01'), 'employment_no_overlap',
  'two of the same job at the same school never run at once');
select lives_ok(pg_temp.employment(2, 'director', '0.5', '2026-01-15', null), 'of different jobs they may');
select pg_temp.refuses(pg_temp.employment(3, 'teacher', '0.5', '2026-01-01', '2026-01-01'), 'employment_order', 'an end comes after the first day');
select pg_temp.refuses(pg_temp.employment(3, 'teacher', '0', '2026-01-01', null), 'employment_fte_range', 'nobody works for nothing');
select pg_temp.refuses(pg_temp.employment(3, 'teacher', '1.5001', '2026-01-01', null), 'employment_fte_range', 'nor for more than one and a half');
select pg_temp.refuses(pg_temp.employment(3, 'janitor', '1', '2026-01-01', null), 'employment_job_known', 'there are three jobs');
select pg_temp.refuses(
  $$ delete from school where code = '12AB00' $$, 'employment_school_fkey', 'a school where somebody worked is not deleted');

-- Roles
select lives_ok(pg_temp.role(2, 'director', '0193b6a0-0001-7000-8000-000000000001', '2026-01-01', null), 'a director has a school');
select pg_temp.refuses(pg_temp.role(3, 'director', null, '2026-01-01', null), 'role_assignment_scope', 'and none without one');
select pg_temp.refuses(pg_temp.role(3, 'school_admin', null, '2026-01-01', null), 'role_assignment_scope', 'nor a school administration');
select pg_temp.refuses(
  pg_temp.role(3, role, '0193b6a0-0001-7000-8000-000000000001', '2026-01-01', null), 'role_assignment_scope',
  format('%s is a role of the whole board', role))
from unnest(array['coach', 'adviser', 'privacy_officer', 'system_admin']) role;
select pg_temp.refuses(pg_temp.role(3, 'teacher', null, '2026-01-01', null), 'role_assignment_role_known', 'teacher is no role to be given');
select pg_temp.refuses(
  pg_temp.role(3, 'adviser', null, '2026-01-01', null, pg_temp.person(3)), 'role_assignment_not_ones_own',
  'nobody gives a role to themselves');
select pg_temp.refuses(
  pg_temp.role(2, 'director', '0193b6a0-0001-7000-8000-000000000001', '2026-05-01', null), 'role_assignment_no_overlap',
  'nobody has the same role at the same school twice at once');
select lives_ok(pg_temp.role(3, 'coach', null, '2026-01-01', '2026-02-01'), 'roles of the board overlap neither:');
select pg_temp.refuses(
  pg_temp.role(3, 'coach', null, '2026-01-31', null), 'role_assignment_no_overlap', 'a day in both is refused');
select lives_ok(pg_temp.role(3, 'coach', null, '2026-02-01', null), 'the day of the end is not in both');

-- Claims
select pg_temp.refuses(
  format(
    'insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by, approved_by, approved_at)
     values (gen_random_uuid(), %s, ''2020-01-01'', ''2021-01-01'', ''Letter'', %s, %s, now())',
    pg_temp.person(2), pg_temp.person(claimant), pg_temp.person(approver)),
  'prior_experience_not_ones_own', words)
from (values
  (3, 2, 'nobody approves their own experience'),
  (3, 3, 'nobody approves what they claimed themselves')) v (claimant, approver, words);
select pg_temp.refuses(
  format(
    'insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
     values (gen_random_uuid(), %s, ''other_agreement'', ''Letter'', ''2026-01-01'', ''2027-01-01'', %s)',
    pg_temp.person(2), pg_temp.person(2)),
  'exemption_not_ones_own', 'nobody exempts themselves');

-- Recordings
create function pg_temp.recording(origin text, counts text, state text, recorded text, debriefed text, ended text, coach integer default 3)
  returns text language sql as $$
  select format(
    'insert into recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, debriefed_on, ended_on)
     values (gen_random_uuid(), %s, %s, %L, %L, %L, ''2026-01-01'', ''2026-01-10'', %L, %L, %L)',
    pg_temp.person(2), pg_temp.person(coach), origin, counts, state, recorded, debriefed, ended)
$$;
select pg_temp.refuses(pg_temp.recording('own_wish', 'false', 'planned', null, null, null, 2), 'recording_teacher_is_not_coach', 'nobody films themselves');
select pg_temp.refuses(pg_temp.recording('starter_programme', 'false', 'planned', null, null, null), 'recording_counts_unless_own_wish', 'the programme''s own always counts');
select lives_ok(pg_temp.recording('own_wish', 'false', 'planned', null, null, null), 'a voluntary one need not');
select pg_temp.refuses(pg_temp.recording('own_wish', 'true', 'made', null, null, null), 'recording_recorded_when_made', 'what is made has a day');
select pg_temp.refuses(pg_temp.recording('own_wish', 'true', 'planned', '2026-01-10', null, null), 'recording_recorded_when_made', 'what is planned has none');
select pg_temp.refuses(pg_temp.recording('own_wish', 'true', 'debriefed', '2026-01-10', '2026-01-09', null), 'recording_debrief_follows', 'a debrief follows the recording');
select pg_temp.refuses(pg_temp.recording('own_wish', 'true', 'made', '2026-01-10', '2026-01-11', null), 'recording_debriefed_when_done', 'and is there only when done');
select pg_temp.refuses(pg_temp.recording('own_wish', 'true', 'cancelled', null, null, null), 'recording_ended_when_ended', 'what was cancelled has its day');

-- Rules
select pg_temp.refuses(
  $$ insert into policy (version, valid_from, programme_start, at_risk_days, due_soon_days) values (2, '2027-01-01', '2023-08-01', 90, 89) $$,
  'policy_due_soon_days_range', 'due soon comes before at risk');
select pg_temp.refuses(
  $$ insert into policy (version, valid_from, programme_start) select 2, valid_from, programme_start from policy $$,
  'policy_valid_from_unique', 'one version begins on a day');

select * from finish();
rollback;
