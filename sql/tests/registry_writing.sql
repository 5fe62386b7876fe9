-- Who writes what of the registry: every table, every role, own and other school; and what nobody may do to a row that
-- they may change.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;
select set_config('app.now', '2026-11-02 12:00:00Z', true);

create function pg_temp.school(n integer) returns uuid language sql immutable strict as $$
  select format('0193b6a0-0001-7000-8000-%s', lpad(n::text, 12, '0'))::uuid
$$;
-- By one letter: T teaches at school 1 and U at school 2; C coach, D director and S administration of school 1,
-- P and Q advisers, V privacy officer, A and B system administrators; N begins at school 1 next month, L has left it.
create function pg_temp.person(who text) returns uuid language sql immutable strict as $$
  select format('0193b6a0-0002-7000-8000-%s', lpad(ascii(who)::text, 12, '0'))::uuid
$$;
create function pg_temp.fact(n integer) returns uuid language sql immutable strict as $$
  select format('0193b6a0-0009-7000-8000-%s', lpad(n::text, 12, '0'))::uuid
$$;

insert into school (id, code, name, board_number)
select pg_temp.school(n), format('0%sAA00', n), format('School %s', n), '12345'
from generate_series(1, 2) n;
insert into school_group (id, school_id, school_year, name)
select pg_temp.fact(n), pg_temp.school(n), 2026, '5b'
from generate_series(1, 2) n;
insert into person (id, name)
select pg_temp.person(who), 'Person ' || who
from unnest(string_to_array('T U C D S P Q V A B N L', ' ')) who;
insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at)
select p.id, 'N' || right(p.id::text, 2), lower(right(p.name, 1)) || '@example.org', '2025-08-01', '2025-09-01Z'
from person p
where p.name like 'Person _';
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select pg_temp.fact(100 + ascii(who)), pg_temp.person(who), pg_temp.school(n), job, 1, since::date, until::date
from (values
  ('T', 1, 'teacher', '2025-08-01', null), ('U', 2, 'teacher', '2025-08-01', null),
  ('D', 1, 'director', '2025-08-01', null), ('S', 1, 'support', '2025-08-01', null),
  ('N', 1, 'teacher', '2026-12-01', null), ('L', 1, 'teacher', '2025-08-01', '2026-10-01')) v (who, n, job, since, until);
insert into role_assignment (id, person_id, role, school_id, from_date)
select pg_temp.fact(200 + ascii(who)), pg_temp.person(who), role, pg_temp.school(n), '2025-08-01'
from (values
  ('C', 'coach', null), ('D', 'director', 1), ('S', 'school_admin', 1), ('P', 'adviser', null), ('Q', 'adviser', null),
  ('V', 'privacy_officer', null), ('A', 'system_admin', null), ('B', 'system_admin', null)) v (who, role, n);
insert into absence (id, person_id, category, from_date, until_date)
select pg_temp.fact(300 + ascii(who)), pg_temp.person(who), 'care_leave', '2026-01-01', '2026-03-01'
from unnest(array['T', 'U', 'L']) who;
insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by)
select pg_temp.fact(400 + ascii(who)), pg_temp.person(who), '2020-01-01', '2021-01-01', 'Letter', pg_temp.person(who)
from unnest(array['T', 'U', 'P']) who;
insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
select pg_temp.fact(500 + ascii(who)), pg_temp.person(who), 'other_agreement', 'Letter', '2025-01-01', '2025-06-01', pg_temp.person('Q')
from unnest(array['T', 'U', 'P']) who;
insert into api_token (id, hash, name, person_id, created_at, expires_at)
select gen_random_uuid(), sha256(convert_to(right(name, 1), 'UTF8')), 'Test', id, '2026-01-01Z', '2027-01-01Z'
from person
where name like 'Person _';
create temporary table before_all on commit drop as
select max(a.id) as id
from audit a;

-- What becomes of these statements when this person gives them to the API: the number of rows of the last, or the
-- SQLSTATE with its detail or constraint. Nothing of it stays.
create function pg_temp.given(who text, variadic statements text[]) returns text language plpgsql as $$
declare
  statement text;
  number integer;
  state text;
  saying text;
  bounds text;
  words text;
begin
  begin
    set local role beeld_app;
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
    foreach statement in array statements
    loop
      execute statement;
      get diagnostics number = row_count;
    end loop;
    raise exception using errcode = 'BT000', message = number;
  exception when others then
    get stacked diagnostics
      state = returned_sqlstate, saying = pg_exception_detail, bounds = constraint_name, words = message_text;
    return case
      when state = 'BT000' then words
      when bounds <> '' then bounds
      when state like 'BE%' then trim(concat_ws(' ', state, saying))
      else state
    end;
  end;
end
$$;
-- Tried with every role in turn; who may, does it to exactly one row, and nobody else does anything.
create function pg_temp.writers(act text) returns text language sql as $$
  select coalesce(string_agg(who, ' ' order by n) filter (where outcome = '1'), 'nobody')
    || coalesce(' but ' || string_agg(who || ': ' || outcome, ', ' order by n) filter (where outcome not in ('0', '1', '42501')), '')
  from unnest(array['T', 'C', 'D', 'S', 'P', 'V', 'A']) with ordinality w (who, n)
  cross join lateral pg_temp.given(who, act) o (outcome)
$$;

-- Each line of "who writes": what is done, by whom of T, C, D, S, P, V and A, and how.
select is(pg_temp.writers(statement), writers, words || ': ' || writers)
from (values
  ('a school is entered', 'A',
    $$ insert into school (id, code, name, board_number) values (gen_random_uuid(), '09AA00', 'New', '12345') $$),
  ('a school is changed', 'A',
    $$ update school set name = 'Other', version = version + 1 where id = pg_temp.school(1) $$),
  ('a school is closed and merged', 'A',
    $$ update school set open_until = '2027-08-01', merged_into = pg_temp.school(2), version = version + 1 where id = pg_temp.school(1) $$),
  ('a school is never deleted', 'nobody',
    $$ delete from school where id = pg_temp.school(2) $$),
  ('a group is added at school 1', 'S',
    $$ insert into school_group (id, school_id, school_year, name) values (gen_random_uuid(), pg_temp.school(1), 2026, '6a') $$),
  ('a group is added at school 2', 'nobody',
    $$ insert into school_group (id, school_id, school_year, name) values (gen_random_uuid(), pg_temp.school(2), 2026, '6a') $$),
  ('a group of school 1 is renamed', 'S',
    $$ update school_group set name = '5c', version = version + 1 where id = pg_temp.fact(1) $$),
  ('a group of school 2 is renamed', 'nobody',
    $$ update school_group set name = '5c', version = version + 1 where id = pg_temp.fact(2) $$),
  ('a group of school 1 is removed', 'S',
    $$ delete from school_group where id = pg_temp.fact(1) $$),
  ('a group of school 2 is removed', 'nobody',
    $$ delete from school_group where id = pg_temp.fact(2) $$),
  ('a person is entered past create_person', 'nobody',
    $$ insert into person (id, name) values (gen_random_uuid(), 'New') $$),
  ('a registration is entered past create_person', 'nobody',
    $$ insert into registration (person_id, person_number) values (pg_temp.person('C'), 'X') $$),
  ('a person of school 1 is renamed', 'S P A',
    $$ update person set name = 'Other', version = version + 1 where id = pg_temp.person('T') $$),
  ('a person of school 2 is renamed', 'P A',
    $$ update person set name = 'Other', version = version + 1 where id = pg_temp.person('U') $$),
  ('a person who begins at school 1 is renamed', 'S P A',
    $$ update person set name = 'Other', version = version + 1 where id = pg_temp.person('N') $$),
  ('a person who left school 1 is renamed', 'P A',
    $$ update person set name = 'Other', version = version + 1 where id = pg_temp.person('L') $$),
  ('a person is deleted', 'nobody',
    $$ delete from person where id = pg_temp.person('T') $$),
  ('a registration is deleted', 'nobody',
    $$ delete from registration where person_id = pg_temp.person('T') $$),
  ('the language of a teacher of school 1 is changed', 'T S P A',
    $$ update registration set language = 'en', version = version + 1 where person_id = pg_temp.person('T') $$),
  ('the address of a teacher of school 1 is changed', 'T S P A',
    $$ update registration set email = 'x@example.org', version = version + 1 where person_id = pg_temp.person('T') $$),
  ('the address of a teacher of school 2 is changed', 'P A',
    $$ update registration set email = 'x@example.org', version = version + 1 where person_id = pg_temp.person('U') $$),
  ('the address of one who left school 1 is changed', 'P A',
    $$ update registration set email = 'x@example.org', version = version + 1 where person_id = pg_temp.person('L') $$),
  ('a teacher of school 1 gets another post there', 'S P A',
    $$ insert into employment (id, person_id, school_id, job, fte, from_date) values (gen_random_uuid(), pg_temp.person('T'), pg_temp.school(1), 'support', 0.2, '2026-01-01') $$),
  ('one who left school 1 comes back', 'S P A',
    $$ insert into employment (id, person_id, school_id, job, fte, from_date) values (gen_random_uuid(), pg_temp.person('L'), pg_temp.school(1), 'teacher', 0.2, '2026-12-01') $$),
  ('a teacher of school 1 gets a post at school 2', 'P A',
    $$ insert into employment (id, person_id, school_id, job, fte, from_date) values (gen_random_uuid(), pg_temp.person('T'), pg_temp.school(2), 'teacher', 0.2, '2026-01-01') $$),
  ('a teacher of school 2, whom school 1 does not see, gets a post at school 1', 'P A',
    $$ insert into employment (id, person_id, school_id, job, fte, from_date) values (gen_random_uuid(), pg_temp.person('U'), pg_temp.school(1), 'teacher', 0.2, '2026-01-01') $$),
  ('an employment at school 1 ends', 'S P A',
    $$ update employment set until_date = '2027-01-01', version = version + 1 where id = pg_temp.fact(100 + ascii('T')) $$),
  ('an employment at school 2 ends', 'P A',
    $$ update employment set until_date = '2027-01-01', version = version + 1 where id = pg_temp.fact(100 + ascii('U')) $$),
  ('an employment moves from school 1 to school 2', 'P A',
    $$ update employment set school_id = pg_temp.school(2), version = version + 1 where id = pg_temp.fact(100 + ascii('T')) $$),
  ('an employment moves from school 2 to school 1', 'P A',
    $$ update employment set school_id = pg_temp.school(1), version = version + 1 where id = pg_temp.fact(100 + ascii('U')) $$),
  ('an employment at school 1 is removed', 'S P A',
    $$ delete from employment where id = pg_temp.fact(100 + ascii('T')) $$),
  ('an employment at school 2 is removed', 'P A',
    $$ delete from employment where id = pg_temp.fact(100 + ascii('U')) $$),
  ('leave is entered at school 1', 'S P',
    $$ insert into absence (id, person_id, category, from_date) values (gen_random_uuid(), pg_temp.person('T'), 'parental_leave', '2026-11-01') $$),
  ('leave is entered at school 2', 'P',
    $$ insert into absence (id, person_id, category, from_date) values (gen_random_uuid(), pg_temp.person('U'), 'parental_leave', '2026-11-01') $$),
  ('leave of one who left school 1 is entered', 'P',
    $$ insert into absence (id, person_id, category, from_date) values (gen_random_uuid(), pg_temp.person('L'), 'parental_leave', '2026-11-01') $$),
  ('leave is changed at school 1', 'S P',
    $$ update absence set until_date = '2026-04-01', version = version + 1 where id = pg_temp.fact(300 + ascii('T')) $$),
  ('leave is changed at school 2', 'P',
    $$ update absence set until_date = '2026-04-01', version = version + 1 where id = pg_temp.fact(300 + ascii('U')) $$),
  ('leave of one who left is changed', 'P',
    $$ update absence set until_date = '2026-04-01', version = version + 1 where id = pg_temp.fact(300 + ascii('L')) $$),
  ('leave is removed at school 1', 'S P',
    $$ delete from absence where id = pg_temp.fact(300 + ascii('T')) $$),
  ('leave is removed at school 2', 'P',
    $$ delete from absence where id = pg_temp.fact(300 + ascii('U')) $$),
  ('experience of a teacher of school 1 is claimed', 'T S P',
    $$ insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by) values (gen_random_uuid(), pg_temp.person('T'), '2019-01-01', '2020-01-01', 'Letter', app.me()) $$),
  ('experience of a teacher of school 2 is claimed', 'P',
    $$ insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by) values (gen_random_uuid(), pg_temp.person('U'), '2019-01-01', '2020-01-01', 'Letter', app.me()) $$),
  ('experience is claimed in another''s name', 'nobody',
    $$ insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by) values (gen_random_uuid(), pg_temp.person('T'), '2019-01-01', '2020-01-01', 'Letter', pg_temp.person('Q')) $$),
  ('experience is claimed in nobody''s name', 'nobody',
    $$ insert into prior_experience (id, person_id, from_date, until_date, evidence) values (gen_random_uuid(), pg_temp.person('T'), '2019-01-01', '2020-01-01', 'Letter') $$),
  ('experience is approved at once', 'nobody',
    $$ insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by, approved_by, approved_at) values (gen_random_uuid(), pg_temp.person('T'), '2019-01-01', '2020-01-01', 'Letter', app.me(), pg_temp.person('Q'), now()) $$),
  ('experience is approved past the decision', 'nobody',
    $$ update prior_experience set approved_by = app.me(), approved_at = now(), version = version + 1 where id = pg_temp.fact(400 + ascii('T')) $$),
  ('the claim of a teacher is changed by whoever made it', 'T',
    $$ update prior_experience set evidence = 'Contract', version = version + 1 where id = pg_temp.fact(400 + ascii('T')) $$),
  ('the claim of another school''s teacher is changed', 'nobody',
    $$ update prior_experience set evidence = 'Contract', version = version + 1 where id = pg_temp.fact(400 + ascii('U')) $$),
  ('the claim of a teacher is removed', 'T P',
    $$ delete from prior_experience where id = pg_temp.fact(400 + ascii('T')) $$),
  ('the claim of another school''s teacher is removed', 'P',
    $$ delete from prior_experience where id = pg_temp.fact(400 + ascii('U')) $$),
  ('a teacher of school 1 is exempted', 'P',
    $$ insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'other_agreement', 'Letter', '2026-01-01', '2027-01-01', app.me()) $$),
  ('an exemption is granted in another''s name', 'nobody',
    $$ insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'other_agreement', 'Letter', '2026-01-01', '2027-01-01', pg_temp.person('Q')) $$),
  ('an adviser is exempted by themselves', 'nobody',
    $$ insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by) values (gen_random_uuid(), pg_temp.person('P'), 'other_agreement', 'Letter', '2026-01-01', '2027-01-01', app.me()) $$),
  ('an exemption is changed', 'P',
    $$ update exemption set review_date = '2025-07-01', version = version + 1 where id = pg_temp.fact(500 + ascii('T')) $$),
  ('an adviser''s own exemption is changed', 'nobody',
    $$ update exemption set review_date = '2027-07-01', version = version + 1 where id = pg_temp.fact(500 + ascii('P')) $$),
  ('an exemption is removed', 'P',
    $$ delete from exemption where id = pg_temp.fact(500 + ascii('U')) $$),
  ('an adviser''s own exemption is removed', 'nobody',
    $$ delete from exemption where id = pg_temp.fact(500 + ascii('P')) $$),
  ('rules are added', 'P',
    $$ insert into policy (version, valid_from, programme_start, decided_by) values (2, '2027-01-01', '2023-08-01', app.me()) $$),
  ('rules are added with a gap', 'nobody',
    $$ insert into policy (version, valid_from, programme_start, decided_by) values (3, '2027-01-01', '2023-08-01', app.me()) $$),
  ('rules are added in another''s name', 'nobody',
    $$ insert into policy (version, valid_from, programme_start, decided_by) values (2, '2027-01-01', '2023-08-01', pg_temp.person('Q')) $$),
  ('rules are changed', 'nobody',
    $$ update policy set window_months = 12 $$),
  ('rules are removed', 'nobody',
    $$ delete from policy $$),
  ('a merge is undone by hand', 'nobody',
    $$ delete from merged_person $$),
  ('an audit row is written by hand', 'nobody',
    $$ insert into audit (origin, act, table_name, row_id) values ('api', 'insert', 'school', 'x') $$),
  ('a command is forgotten by hand', 'nobody',
    $$ delete from command $$),
  ('a token is made by hand', 'nobody',
    $$ insert into api_token (id, hash, name, person_id, expires_at) values (gen_random_uuid(), sha256('new'), 'Mine', app.me(), '2027-01-01') $$),
  ('access is given by hand', 'nobody',
    $$ update access set adviser = true $$),
  ('the role of coach is given', 'P',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'coach', null, '2026-12-01', app.me()) $$),
  ('the role of coach is given in another''s name', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'coach', null, '2026-12-01', pg_temp.person('Q')) $$),
  ('the role of coach is given to oneself', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), app.me(), 'coach', null, '2026-12-01', null) $$),
  ('the role of director is given', 'P',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'director', pg_temp.school(1), '2026-12-01', app.me()) $$),
  ('the role of director is given in another''s name', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'director', pg_temp.school(1), '2026-12-01', pg_temp.person('Q')) $$),
  ('the role of director is given to oneself', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), app.me(), 'director', pg_temp.school(1), '2026-12-01', null) $$),
  ('the role of school_admin is given', 'P',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'school_admin', pg_temp.school(1), '2026-12-01', app.me()) $$),
  ('the role of school_admin is given in another''s name', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'school_admin', pg_temp.school(1), '2026-12-01', pg_temp.person('Q')) $$),
  ('the role of school_admin is given to oneself', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), app.me(), 'school_admin', pg_temp.school(1), '2026-12-01', null) $$),
  ('the role of adviser is given', 'A',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'adviser', null, '2026-12-01', app.me()) $$),
  ('the role of adviser is given in another''s name', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'adviser', null, '2026-12-01', pg_temp.person('Q')) $$),
  ('the role of adviser is given to oneself', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), app.me(), 'adviser', null, '2026-12-01', null) $$),
  ('the role of privacy_officer is given', 'A',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'privacy_officer', null, '2026-12-01', app.me()) $$),
  ('the role of privacy_officer is given in another''s name', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'privacy_officer', null, '2026-12-01', pg_temp.person('Q')) $$),
  ('the role of privacy_officer is given to oneself', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), app.me(), 'privacy_officer', null, '2026-12-01', null) $$),
  ('the role of system_admin is given', 'A',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'system_admin', null, '2026-12-01', app.me()) $$),
  ('the role of system_admin is given in another''s name', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), pg_temp.person('T'), 'system_admin', null, '2026-12-01', pg_temp.person('Q')) $$),
  ('the role of system_admin is given to oneself', 'nobody',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, granted_by) values (gen_random_uuid(), app.me(), 'system_admin', null, '2026-12-01', null) $$),
  ('the role of coach ends', 'P',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('C')) $$),
  ('the role of coach is taken back', 'P',
    $$ delete from role_assignment where id = pg_temp.fact(200 + ascii('C')) $$),
  ('the role of director ends', 'P',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('D')) $$),
  ('the role of director is taken back', 'P',
    $$ delete from role_assignment where id = pg_temp.fact(200 + ascii('D')) $$),
  ('the role of school_admin ends', 'P',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('S')) $$),
  ('the role of school_admin is taken back', 'P',
    $$ delete from role_assignment where id = pg_temp.fact(200 + ascii('S')) $$),
  ('the role of adviser ends', 'A',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('Q')) $$),
  ('the role of adviser is taken back', 'A',
    $$ delete from role_assignment where id = pg_temp.fact(200 + ascii('Q')) $$),
  ('the role of privacy_officer ends', 'A',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('V')) $$),
  ('the role of privacy_officer is taken back', 'A',
    $$ delete from role_assignment where id = pg_temp.fact(200 + ascii('V')) $$),
  ('the role of system_admin ends', 'A',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('B')) $$),
  ('the role of system_admin is taken back', 'A',
    $$ delete from role_assignment where id = pg_temp.fact(200 + ascii('B')) $$),
  ('one''s own role of adviser ends', 'A',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('P')) $$),
  ('one''s own role of system_admin ends', 'nobody',
    $$ update role_assignment set until_date = '2026-12-01', version = version + 1 where id = pg_temp.fact(200 + ascii('A')) $$)) v (words, writers, statement);

-- Nobody
select is(
  (
    select string_agg(distinct state, ' ')
    from unnest(array['insert into school_group (id, school_id, school_year, name) values (gen_random_uuid(), pg_temp.school(1), 2026, ''7'')']) a
    cross join lateral pg_temp.given('nobody', a) g (state)),
  'BE401', 'who is not let in writes nothing');

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
select is(pg_temp.given('P', format('update %I set version = version', noun)), 'BE500', format('no %s changes under its version', noun))
from unnest(array['person', 'registration', 'employment', 'absence', 'exemption']) noun;

-- Rules begin on a day to come
select is(
  pg_temp.given('P', format(
    'insert into policy (version, valid_from, programme_start, decided_by) values (2, %L, ''2023-08-01'', app.me())', day)),
  outcome, format('rules from %s, entered on 2026-11-02: %s', day, outcome))
from (values ('2026-11-01', 'policy_valid_from_ahead'), ('2026-11-02', 'policy_valid_from_ahead'), ('2026-11-03', '1')) v (day, outcome);

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

select * from finish();
rollback;
