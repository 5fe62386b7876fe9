-- Who sees whose starter status, explanation and figures: two schools, every role.
begin;
set local search_path = beeld, app, public;
set local client_min_messages = warning;
select plan(47);

create function pg_temp.id(n integer) returns uuid language sql as $$
  select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid
$$;

insert into school (id, code, name, board_number)
values
  (pg_temp.id(1), '98AA00', 'Aan de Dijk', '41573'),
  (pg_temp.id(2), '98BB00', 'Bij de Brug', '41573');
insert into person (id, name)
select pg_temp.id(n), name
from (values
  (11, 'Leraar aan de dijk'), (12, 'Leraar bij de brug'), (13, 'Leraar die de dijk verliet voor de brug'),
  (14, 'Leraar die de dijk verliet'), (15, 'Leraar die op de dijk begint'), (16, 'Leraar op beide scholen'),
  (21, 'Directeur aan de dijk'), (22, 'Administratie aan de dijk'), (23, 'Adviseur'), (24, 'Coach'),
  (25, 'Functionaris'), (26, 'Beheerder'), (27, 'Ondersteuner aan de dijk')) as t(n, name);
insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
select p.id, right(p.id::text, 4), date '2024-08-01', now()
from person p
where p.id between pg_temp.id(11) and pg_temp.id(27);
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select gen_random_uuid(), pg_temp.id(person), pg_temp.id(school), job, fte, from_date, until_date
from (values
  (11, 1, 'teacher', 1, date '2024-08-01', null::date),
  (12, 2, 'teacher', 1, '2024-08-01', null),
  (13, 1, 'teacher', 1, '2024-08-01', '2025-02-01'),
  (13, 2, 'teacher', 1, '2025-02-01', null),
  (14, 1, 'teacher', 1, '2024-08-01', app.today() - 10),
  (15, 1, 'teacher', 1, app.today() + 30, null),
  (16, 1, 'teacher', 0.4, '2024-08-01', null),
  (16, 2, 'teacher', 0.6, '2024-08-01', null),
  (12, 1, 'support', 0.1, '2024-08-01', null),
  (27, 1, 'support', 1, '2024-08-01', null)) as t(person, school, job, fte, from_date, until_date);
insert into role_assignment (id, person_id, role, school_id, from_date)
select gen_random_uuid(), pg_temp.id(person), role, school, date '2020-01-01'
from (values
  (21, 'director', pg_temp.id(1)), (22, 'school_admin', pg_temp.id(1)), (23, 'adviser', null), (24, 'coach', null),
  (25, 'privacy_officer', null), (26, 'system_admin', null)) as t(person, role, school);
insert into api_token (id, hash, name, person_id, expires_at)
select gen_random_uuid(), sha256(convert_to(p.id::text, 'UTF8')), 'test', p.id, now() + interval '1 day'
from person p
where p.id between pg_temp.id(11) and pg_temp.id(27);
insert into recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, debriefed_on)
values
  (pg_temp.id(31), pg_temp.id(12), pg_temp.id(24), 'starter_programme', true, 'planned', '2024-09-01', '2199-01-01', null, null),
  (pg_temp.id(32), pg_temp.id(11), null, 'own_wish', false, 'debriefed', '2024-09-01', '2024-10-01', '2024-10-01', '2024-10-02');

insert into api_token (id, hash, name, person_id, expires_at)
select gen_random_uuid(), sha256(convert_to(n::text, 'UTF8')), 'proef', pg_temp.id(n), now() + interval '1 day'
from generate_series(11, 27) n
where n not between 17 and 20;

-- One identity per question, as one segment has.
create function pg_temp.become(n integer) returns void language plpgsql as $$
begin
  perform set_config(s, '', true)
  from unnest(array[
    'app.person', 'app.subject_key', 'app.coach', 'app.adviser', 'app.privacy_officer', 'app.system_admin',
    'app.director_of', 'app.school_admin_of', 'app.schools']) s;
  reset role;
  if n is not null then
    perform app.identify(sha256(convert_to(pg_temp.id(n)::text, 'UTF8')));
  end if;
  set local role beeld_app;
end
$$;
create function pg_temp.listed(as_of date default null) returns text language sql as $$
  select coalesce(string_agg(right(i -> 'person' ->> 'id', 2), ' ' order by i -> 'person' ->> 'id'), '')
  from json_array_elements(app.starter_list(as_of, page_limit => 500) -> 'items') i
  where i -> 'person' ->> 'name' like 'Leraar%'
$$;
create function pg_temp.explained() returns text language sql as $$
  select coalesce(string_agg(n::text, ' ' order by n), '')
  from generate_series(11, 16) n
  where exists (select from app.starter_explanation(('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid))
$$;

select pg_temp.become(null);
select is(pg_temp.listed(), '', 'without an identity nobody is listed');
select is(pg_temp.explained(), '', 'without an identity nothing is explained');
select is(app.coverage()::text, null, 'without an identity there are no figures');
select is(app.my_starter_status()::text, null, 'without an identity there is no own status');

select pg_temp.become(11);
select is(pg_temp.listed(), '11', 'a teacher is listed to oneself alone');
select is(pg_temp.explained(), '11', 'a teacher''s deadline is explained to oneself');
select is(app.coverage()::text, null, 'a teacher has no figures');
select is(app.my_starter_status() ->> 'coverage', 'open', 'a teacher knows the own status');

select pg_temp.become(21);
select is(pg_temp.listed(), '11 14 15 16', 'a director sees who teaches here, is about to, or left from here');
select is(pg_temp.explained(), '11 14 15 16', 'a director has their deadlines explained');
select is(pg_temp.listed('2024-10-01'), '11 14 15 16', 'a director does not reach back to who works elsewhere now');
select is(app.coverage() -> 'total' ->> 'starters', '1', 'a director''s figures are of those attributed here');
select is(
  (select count(*)::integer from json_array_elements(app.coverage(null, 'school') -> 'schools')),
  1, 'a director''s figures are of the own school');
select is(
  (select count(*)::integer from app.starter_explanation('01900000-0000-7000-8000-000000000011') where part = 'recording'),
  0, 'a director learns nothing of an own wish');

select pg_temp.become(22);
select is(pg_temp.listed(), '11 14 15 16', 'the school''s administration sees what the director sees');
select is(pg_temp.explained(), '', 'the school''s administration has nothing explained');
select is(app.coverage() -> 'total' ->> 'starters', '1', 'the school''s administration has the school''s figures');

select pg_temp.become(23);
select is(pg_temp.listed(), '11 12 13 14 15 16', 'the adviser sees the whole board');
select is(pg_temp.explained(), '11 12 13 14 15 16', 'the adviser has every deadline explained');
select cmp_ok((app.coverage() -> 'total' ->> 'starters')::integer, '>=', 4, 'the adviser''s figures are of the board');
select is(
  (select count(*)::integer from app.starter_explanation('01900000-0000-7000-8000-000000000011') where part = 'recording'),
  0, 'the adviser learns nothing from an explanation of an own wish that does not count');

select pg_temp.become(24);
select is(pg_temp.listed(), '12', 'a coach sees the teachers whom the coach films');
select is(pg_temp.explained(), '', 'a coach has nothing explained');
select is(app.coverage()::text, null, 'a coach has no figures');

select pg_temp.become(25);
select is(pg_temp.listed(), '', 'the privacy officer sees no starter');
select is(pg_temp.explained(), '', 'the privacy officer has nothing explained');
select is(app.coverage()::text, null, 'the privacy officer has no figures');

select pg_temp.become(26);
select is(pg_temp.listed(), '', 'the system administrator sees no starter');
select is(pg_temp.explained(), '', 'the system administrator has nothing explained');
select is(app.coverage()::text, null, 'the system administrator has no figures');

select pg_temp.become(27);
select is(pg_temp.listed(), '', 'support staff see no starter');
select is(app.my_starter_status()::text, null, 'who never taught has no status');

select pg_temp.become(11);
select is(
  (select string_agg(reason, ' ') from app.starter_explanation('01900000-0000-7000-8000-000000000011') where part = 'recording'),
  'own_wish', 'the teacher learns why the own wish does not count');

reset role;
update role_assignment
set until_date = app.today()
where role = 'director'
  and school_id = pg_temp.id(1);
select pg_temp.become(21);
select is(pg_temp.listed(), '', 'a role that ended shows nothing from that day on');
reset role;

-- What is not for the application.
select function_privs_are('app', f.name, f.arguments::text[], 'beeld_app', '{}'::text[], f.name || ' is not the application''s')
from (values
  ('starter_calculation', '{date}'),
  ('recording_verdicts', '{date}'),
  ('first_teaching_days', '{}'),
  ('starters_among', '{date,uuid[]}'),
  ('starters_at', '{date,uuid[]}'),
  ('teachers_of_schools', '{uuid[]}'),
  ('starter_is_mine', '{uuid,uuid[]}'),
  ('visible_starters', '{date,uuid,uuid[]}'),
  ('people_called', '{text}')) as f(name, arguments);
select function_privs_are('app', f.name, f.arguments::text[], 'beeld_app', '{EXECUTE}'::text[], f.name || ' is the application''s')
from (values
  ('starter_list', '{date,text,text,text,text,boolean,text,integer,date,uuid}'),
  ('starter_explanation', '{uuid,date}'),
  ('coverage', '{date,text}'),
  ('my_starter_status', '{}')) as f(name, arguments);

select * from finish();
rollback;
