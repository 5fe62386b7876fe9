-- What nobody may do to a row that they may change, and how claims are decided.
begin;
\ir fixture/board.sql
select no_plan();

-- What may be changed of a registration
create function pg_temp.registers(who text, whom text, assignment text) returns text language sql as $$
  select pg_temp.given(who, format(
    'update registration set %s, version = version + 1 where person_id = %L', assignment, pg_temp.person(whom)))
$$;
select is(
  pg_temp.registers(who, whom, assignment), outcome,
  format('%s changing %s of %s: %s', who, assignment, whom, outcome))
from (values
  ('T', 'T', $$ person_number = 'X' $$, 'BE403 /person_number'),
  ('S', 'T', $$ person_number = 'X' $$, 'BE403 /person_number'),
  ('P', 'T', $$ person_number = 'X' $$, '1'),
  ('A', 'T', $$ person_number = 'X' $$, '1'),
  ('T', 'T', $$ subject = 'x' $$, 'BE403 /subject'),
  ('S', 'T', $$ subject = 'x' $$, 'BE403 /subject'),
  ('P', 'T', $$ subject = 'x' $$, 'BE403 /subject'),
  ('A', 'T', $$ subject = 'x' $$, '1'),
  ('T', 'T', $$ disabled_at = app.now() $$, 'BE403 /disabled_at'),
  ('S', 'T', $$ disabled_at = app.now() $$, 'BE403 /disabled_at'),
  ('P', 'T', $$ disabled_at = app.now() $$, '1'),
  ('A', 'T', $$ disabled_at = app.now() $$, '1'),
  ('P', 'P', $$ disabled_at = app.now() $$, 'BE403 /disabled_at'),
  ('A', 'A', $$ disabled_at = app.now() $$, 'BE403 /disabled_at'),
  ('T', 'T', $$ teaching_since = '2020-01-01' $$, 'BE403 /teaching_since'),
  ('S', 'T', $$ teaching_since = '2020-01-01' $$, '1'),
  ('A', 'T', $$ teaching_since = '2020-01-01' $$, '1'),
  ('P', 'T', $$ teaching_since = '2020-01-01' $$, '1'),
  ('S', 'T', $$ teaching_since_approved_at = app.now() $$, 'BE403 /teaching_since_approved_at'),
  ('A', 'T', $$ teaching_since_approved_at = app.now() $$, 'BE403 /teaching_since_approved_at'),
  ('P', 'T', $$ teaching_since_approved_at = app.now() $$, '1'),
  ('P', 'P', $$ teaching_since_approved_at = app.now() $$, 'BE403 /teaching_since_approved_at'),
  ('T', 'T', $$ person_number = 'X', subject = 'x', email = 'x@example.org' $$, 'BE403 /person_number /subject'),
  ('S', 'U', $$ email = 'x@example.org' $$, '0'),
  ('D', 'T', $$ email = 'x@example.org' $$, '0'),
  ('T', 'T', $$ email = 'U@example.org' $$, 'registration_email_unique')) v (who, whom, assignment, outcome);

create function pg_temp.approval(who text, whom text, assignment text) returns text language sql as $$
  select pg_temp.given(
    who,
    format('update registration set %s, version = version + 1 where person_id = %L', assignment, pg_temp.person(whom)),
    format('select from registration where person_id = %L and teaching_since_approved_at is null', pg_temp.person(whom)))
$$;
select is(pg_temp.approval('S', 'T', $$ teaching_since = '2020-01-01' $$), '1', 'a date that the school changes is no longer approved');
select is(pg_temp.approval('A', 'T', $$ teaching_since = '2020-01-01' $$), '1', 'nor one that a system administrator changes');
select is(pg_temp.approval('P', 'T', $$ teaching_since = '2020-01-01' $$), '0', 'one that an adviser changes stays so');
select is(pg_temp.approval('P', 'P', $$ teaching_since = '2020-01-01' $$), '1', 'but not the adviser''s own');
select is(pg_temp.approval('S', 'T', $$ email = 'x@example.org' $$), '0', 'what has nothing to do with it leaves it approved');
select is(
  pg_temp.given(
    'P',
    $$ update registration set teaching_since_approved_at = '2020-01-01', version = version + 1 where person_id = pg_temp.person('T') $$,
    $$ select from registration where person_id = pg_temp.person('T') and teaching_since_approved_at = app.now() $$),
  '1', 'an approval has its own instant, whatever is said');

-- Versions
select is(
  pg_temp.given('A', format('update school set name = ''Other'', version = %s where id = pg_temp.school(1)', version)),
  outcome, format('a school whose version becomes %s: %s', version, outcome))
from (values ('version + 1', '1'), ('version', 'BE500'), ('version + 2', 'BE500'), ('version - 1', 'BE500'), ('1', 'BE500')) v (version, outcome);
select is(pg_temp.given(who, format('update %I set version = version', noun)), 'BE500', format('no %s changes under its version', noun))
from (values
  ('A', 'school'), ('S', 'school_group'), ('P', 'person'), ('P', 'registration'), ('P', 'employment'), ('P', 'role_assignment'),
  ('P', 'absence'), ('T', 'prior_experience'), ('P', 'exemption')) v (who, noun);

-- Rules begin on a day to come
select is(
  pg_temp.given('P', format(
    'insert into policy (version, valid_from, programme_start, decided_by) values (2, %L, ''2023-08-01'', app.me())', day)),
  outcome, format('rules from %s, entered on 2026-11-02: %s', day, outcome))
from (values ('2026-11-01', 'policy_valid_from_ahead'), ('2026-11-02', 'policy_valid_from_ahead'), ('2026-11-03', '1')) v (day, outcome);

-- What is referred to stays
insert into recording (id, teacher_id, group_id, origin, state, planned_on, scheduled_for)
values (gen_random_uuid(), pg_temp.person('T'), pg_temp.fact(1), 'starter_programme', 'planned', '2026-10-01', '2026-12-01');
select is(
  pg_temp.given('S', 'delete from school_group where id = pg_temp.fact(1)'), 'recording_group_fkey',
  'a group that was to be recorded is not removed');

-- Claims
create function pg_temp.decides(who text, whom text, version integer, decision text, variadic earlier text[] default '{}') returns text
  language sql as $$
  select pg_temp.given(who, variadic earlier || format(
    'select app.decide_prior_experience(%L, %L, %L)', pg_temp.fact(400 + ascii(whom)), version, decision))
$$;
select is(pg_temp.decides(who, whom, version, decision), outcome, format('%s, %s by %s of %s: %s', decision, version, who, whom, outcome))
from (values
  ('P', 'T', 1, 'approved', '1'), ('P', 'T', 1, 'declined', '1'), ('P', 'U', null, 'approved', '1'),
  ('P', 'T', 1, 'open', 'BE422 /decision'), ('P', 'T', 1, null, 'BE422 /decision'),
  ('P', 'T', 2, 'approved', 'BE412 1'),
  ('P', 'P', 1, 'approved', 'BE403'), ('Q', 'P', 1, 'approved', '1'),
  ('P', 'A', 1, 'approved', 'BE404'),
  ('T', 'T', 1, 'approved', 'BE403'), ('S', 'T', 1, 'approved', 'BE403'), ('D', 'T', 1, 'approved', 'BE403'),
  ('S', 'U', 1, 'approved', 'BE404'), ('T', 'U', 1, 'approved', 'BE404'), ('C', 'T', 1, 'approved', 'BE404'),
  ('A', 'T', 1, 'approved', 'BE404'), ('V', 'T', 1, 'approved', 'BE404')) v (who, whom, version, decision, outcome);
select is(
  pg_temp.given(
    'P',
    $$ insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by)
       values (pg_temp.fact(499), pg_temp.person('T'), '2018-01-01', '2019-01-01', 'Letter', app.me()) $$,
    $$ select app.decide_prior_experience(pg_temp.fact(499), 1, 'approved') $$),
  'BE403', 'an adviser does not decide what they claimed for somebody else');
insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by)
values (pg_temp.fact(498), pg_temp.person('P'), '2018-01-01', '2019-01-01', 'Letter', pg_temp.person('Q'));
select is(
  pg_temp.given('P', $$ select app.decide_prior_experience(pg_temp.fact(498), 1, 'approved') $$),
  'BE403', 'nor what another claimed for them');
select is(
  pg_temp.given(
    'P',
    $$ select app.decide_prior_experience(pg_temp.fact(400 + ascii('T')), 1, 'declined') $$,
    format('select app.decide_prior_experience(pg_temp.fact(400 + ascii(''T'')), %s, ''approved'')', version)),
  outcome, words)
from (values
  (2, 'BE409 decided', 'a claim is decided once'),
  (1, 'BE412 2', 'and the decision raised its version')) v (version, outcome, words);
select is(
  pg_temp.given(
    'P',
    format('select app.decide_prior_experience(pg_temp.fact(400 + ascii(''T'')), 1, %L)', decision),
    $$ select from prior_experience where id = pg_temp.fact(400 + ascii('T')) and num_nonnulls(approved_by, approved_at, declined_by, declined_at) = 2 $$,
    $$ delete from prior_experience where id = pg_temp.fact(400 + ascii('T')) $$),
  '1', format('an adviser removes a claim that was %s', decision))
from unnest(array['approved', 'declined']) decision;

update prior_experience
set declined_by = pg_temp.person('P'), declined_at = app.now()
where id = pg_temp.fact(400 + ascii('T'));
select is(
  pg_temp.given('T', $$ update prior_experience set evidence = 'Other', version = version + 1 where id = pg_temp.fact(400 + ascii('T')) $$),
  'BE409 decided', 'a claimant does not change what is decided');
select is(
  pg_temp.given('T', $$ delete from prior_experience where id = pg_temp.fact(400 + ascii('T')) $$),
  'BE409 decided', 'nor removes it');
select is(
  pg_temp.given('Q', $$ update prior_experience set evidence = 'Other', version = version + 1 where id = pg_temp.fact(400 + ascii('T')) $$),
  'BE409 decided', 'nor does an adviser change it');

update prior_experience
set declined_by = pg_temp.person('Q'), declined_at = app.now()
where id = pg_temp.fact(400 + ascii('P'));
select is(
  pg_temp.given('P', $$ delete from prior_experience where id = pg_temp.fact(400 + ascii('P')) $$),
  'BE409 decided', 'an adviser''s own claim that was declined stays so');

select * from finish();
rollback;
