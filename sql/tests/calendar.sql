-- The coach's calendar: whose it is, what is in it, and when it is none.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

create function pg_temp.of(kind integer, n integer) returns uuid language sql immutable as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad(kind::text, 4, '0'), lpad(n::text, 12, '0'))::uuid
$$;
-- 1 teaches; 2 and 3 coach; 4 adviser; 5 system administrator; 6 privacy officer; 7 director, 8 administration of the school.
insert into school (id, code, name, board_number) values (pg_temp.of(1, 1), '01AA00', 'School, "Zoë"', '12345');
insert into school_group (id, school_id, school_year, name)
values (pg_temp.of(4, 1), pg_temp.of(1, 1), app.school_year(app.today()), 'Groep 5b');
insert into person (id, name)
select pg_temp.of(2, n), format('Person %s', n)
from generate_series(1, 8) n;
insert into registration (person_id, person_number)
select pg_temp.of(2, n), format('N%s', n)
from generate_series(1, 8) n;
insert into role_assignment (id, person_id, role, school_id, from_date)
select pg_temp.of(6, n), pg_temp.of(2, n), role, case when at_school then pg_temp.of(1, 1) end, '2020-01-01'
from (values
  (2, 'coach', false), (3, 'coach', false), (4, 'adviser', false), (5, 'system_admin', false),
  (6, 'privacy_officer', false), (7, 'director', true), (8, 'school_admin', true)) r (n, role, at_school);

create function pg_temp.be(n integer) returns void language sql as $$
  select set_config(s.name, '', true)
  from unnest(array['person', 'subject_key', 'coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools']) k
  cross join lateral (select 'app.' || k as name) s;
  select app.take_on(a) from beeld.access a where a.person_id = pg_temp.of(2, n) and app.is_open(a)
$$;
create function pg_temp.try(n integer, statement text) returns text language plpgsql as $$
begin
  perform pg_temp.be(n);
  set local role beeld_app;
  execute statement;
  reset role;
  return 'done';
exception when others then
  return sqlstate;
end
$$;

-- Planned behind the machine's back, whose rules have their own tests.
set local session_replication_role = replica;
insert into recording (id, teacher_id, coach_id, group_id, origin, state, planned_on, scheduled_for, scheduled_at, recorded_on, ended_on, version)
select
  pg_temp.of(10, n), pg_temp.of(2, 1), pg_temp.of(2, coach), pg_temp.of(4, 1), origin, state, app.today() - 60,
  (at at time zone 'Europe/Amsterdam')::date, at,
  case state when 'made' then app.today() end, case state when 'cancelled' then app.today() end, n
from (values
  (1, 2, 'planned', 'own_wish', app.now() - interval '30 days 1 minute'),
  (2, 2, 'planned', 'own_wish', app.now() - interval '29 days 23 hours'),
  (3, 2, 'planned', 'starter_programme', app.now() + interval '400 days'),
  (4, 2, 'cancelled', 'own_wish', app.now() + interval '1 day'),
  (5, 2, 'made', 'own_wish', app.now() - interval '1 day'),
  (6, 3, 'planned', 'appraisal', app.now() + interval '1 day')) r (n, coach, state, origin, at);
insert into recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for)
values (pg_temp.of(10, 7), pg_temp.of(2, 1), pg_temp.of(2, 2), 'own_wish', 'planned', app.today(), app.today());
set local session_replication_role = origin;

-- Who makes an address, and who revokes it
select results_eq(
  $$select n, pg_temp.try(n, $q$select app.open_calendar(pg_temp.of(20, 1), pg_temp.of(2, 2), sha256('one'))$q$) from generate_series(0, 8) n$$,
  $$values (0, 'BE404'), (1, 'BE403'), (2, 'done'), (3, 'BE403'), (4, 'BE403'), (5, 'BE403'), (6, 'BE403'), (7, 'BE403'), (8, 'BE403')$$,
  'nobody but the coach makes the address of a coach''s calendar');
select results_eq(
  $$select n, pg_temp.try(n, $q$select app.close_calendar(pg_temp.of(2, 2))$q$) from unnest(array[0, 1, 3, 4, 5, 6, 7, 8]) n$$,
  $$values (0, 'BE404'), (1, 'BE403'), (3, 'BE403'), (4, 'BE403'), (5, 'BE403'), (6, 'BE403'), (7, 'BE403'), (8, 'BE403')$$,
  'nor revokes it');
select is(
  pg_temp.try(1, $$select app.open_calendar(pg_temp.of(20, 2), pg_temp.of(2, 1), sha256('two'))$$), 'BE404',
  'who is no coach has none');
select is(
  (select count(*)::integer from audit where table_name = 'calendar_feed' and (after ?| array['hash', 'uid_key', 'person_id'])), 0,
  'the audit keeps nothing of the secret');
select isnt_empty($$select from audit where table_name = 'calendar_feed' and act = 'insert'$$, 'but that there is one');
set local role beeld_app;
select throws_ok('select from calendar_feed', '42501', null, 'the API reads none of the table');
select throws_ok('select app.hold_own_calendar(null)', '42501', null, 'and has no part of the rule by itself');
reset role;
set local role beeld_jobs;
select throws_ok('select from calendar_feed', '42501', null, 'nor does the server''s own work');
select throws_ok($$select * from app.calendar(pg_temp.of(2, 2), sha256('one'))$$, '42501', null, 'which reads no calendar');
reset role;
select ok((select hash = sha256('one') from calendar_feed), 'only a hash is kept');

-- What is in it
select pg_temp.be(0);
set local role beeld_app;
select results_eq(
  $$select sequence, place from app.calendar(pg_temp.of(2, 2), sha256('one'))$$,
  $$values (2, 'School, "Zoë"'), (3, 'School, "Zoë"')$$,
  'whoever has the key is told, without identity, of what is planned from 30 days ago on, and where');
select is_empty(
  $$select from app.calendar(pg_temp.of(2, 2), sha256('one')) c
    where c::text ~ '0193b6a0|Person|Groep|own_wish|starter|N[0-9]' or c.uid !~ '^[0-9a-f]{32}$'$$,
  'but of nobody, of no group, and by no id that leads anywhere');
create temporary table before_anew as select uid from app.calendar(pg_temp.of(2, 2), sha256('one'));
reset role;

-- When it is none
create function pg_temp.gone(what text) returns setof text language sql as $$
  select throws_ok(
    format('select * from app.calendar(%L, sha256(%L))', coach, key), 'BE404', 'there is no such calendar', what || ': ' || why)
  from (values
    (pg_temp.of(2, 3), 'one', 'another coach''s'), (pg_temp.of(2, 9), 'one', 'nobody''s'), (pg_temp.of(2, 2), 'two', 'another key'),
    (null, 'one', 'no coach'), (pg_temp.of(2, 2), null, 'no key')) c (coach, key, why)
$$;
select pg_temp.gone('there is none');
select is(pg_temp.try(2, $$select app.open_calendar(pg_temp.of(20, 3), pg_temp.of(2, 2), sha256('new'))$$), 'done', 'made anew');
select throws_ok($$select * from app.calendar(pg_temp.of(2, 2), sha256('one'))$$, 'BE404', null, 'the one before is good for nothing');
select results_eq(
  $$select uid from app.calendar(pg_temp.of(2, 2), sha256('new'))$$, 'select uid from before_anew', 'its events are the same');
select is((select count(*)::integer from calendar_feed), 1, 'a coach has one');
select ok(app.my_calendar(pg_temp.of(20, 3)) is not null, 'of which the coach is told');
select pg_temp.be(3);
select ok(app.my_calendar(pg_temp.of(20, 3)) is null, 'and nobody else');

savepoint role_ends;
update role_assignment set until_date = app.today() where id = pg_temp.of(6, 2);
select throws_ok($$select * from app.calendar(pg_temp.of(2, 2), sha256('new'))$$, 'BE404', null, 'nor is it good when the role has ended');
rollback to role_ends;
savepoint disabled;
update registration set disabled_at = app.now() where person_id = pg_temp.of(2, 2);
select throws_ok($$select * from app.calendar(pg_temp.of(2, 2), sha256('new'))$$, 'BE404', null, 'or the coach disabled');
rollback to disabled;
select is(pg_temp.try(2, $$select app.close_calendar(pg_temp.of(2, 2))$$), 'done', 'revoked');
select throws_ok($$select * from app.calendar(pg_temp.of(2, 2), sha256('new'))$$, 'BE404', null, 'it is gone');
select is(pg_temp.try(2, $$select app.close_calendar(pg_temp.of(2, 2))$$), 'done', 'once more does nothing');

-- Where the clock changes
select results_eq(
  $$select app.calendar_time(at) from (values
      ('2027-03-28 00:50:00+00'::timestamptz), ('2027-03-28 01:10:00+00'), ('2027-10-31 00:50:00+00'), ('2027-10-31 01:00:00+00'),
      ('2027-10-31 01:50:00+00'), ('2027-10-31 02:00:00+00')) t (at)$$,
  $$values
      (';TZID=Europe/Amsterdam:20270328T015000'), (';TZID=Europe/Amsterdam:20270328T031000'), (';TZID=Europe/Amsterdam:20271031T025000'),
      (':20271031T010000Z'), (':20271031T015000Z'), (';TZID=Europe/Amsterdam:20271031T030000')$$,
  'the hour that comes twice is told in UTC the second time');

select * from finish();
rollback;
