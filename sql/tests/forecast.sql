-- The forecast: which deadlines will be missed, held against every way to give places to starters; and whose it is.
begin;
set local search_path = beeld, app, public, pg_catalog;
set local client_min_messages = warning;
set local jit = off;
select no_plan();

create function pg_temp.id(kind integer, n integer) returns uuid language sql immutable as $$
  select ('0190000' || kind || '-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid
$$;
create temporary table today as select date '2026-11-23' as day;

-- A small board at random: up to six starters with deadlines in the two years to come, up to two coaches with little
-- room, days away, roles that begin and end, and recordings of others that take of it.
create function pg_temp.small_board(seed integer) returns void language plpgsql as $$
declare
  today constant date := '2026-11-23';
begin
  perform setseed(seed / 1000.0);
  set local session_replication_role = replica;
  delete from beeld.recording;
  delete from beeld.coach_unavailability;
  delete from beeld.coach;
  delete from beeld.role_assignment;
  delete from beeld.employment;
  delete from beeld.registration;
  delete from beeld.person;
  insert into beeld.person (id, name)
  select pg_temp.id(2, n), 'Person ' || n
  from generate_series(1, 12) n;
  insert into beeld.registration (person_id, person_number, teaching_since, teaching_since_approved_at)
  select
    pg_temp.id(2, n), 'N' || n,
    date_trunc('month', today + (random() * 1.2 * case when random() < 0.5 then 300 else 650 end)::integer - interval '36 months')
      + make_interval(days => (random() * 27)::integer),
    '2025-01-01Z'
  from generate_series(1, 12) n;
  insert into beeld.employment (id, person_id, school_id, job, fte, from_date)
  select pg_temp.id(3, n), pg_temp.id(2, n), pg_temp.id(1, 1), 'teacher', 1, r.teaching_since
  from generate_series(1, 1 + (random() * 5)::integer) n
  join beeld.registration r on r.person_id = pg_temp.id(2, n);
  insert into beeld.role_assignment (id, person_id, role, from_date, until_date)
  select
    pg_temp.id(4, n), pg_temp.id(2, 10 + n), 'coach',
    case when random() < 0.2 then today + (random() * 200)::integer else date '2025-08-01' end,
    case when random() < 0.3 then today + 201 + (random() * 300)::integer end
  from generate_series(1, (random() * 2)::integer) n;
  insert into beeld.coach (person_id, capacity)
  select a.person_id, (random() * 3)::integer
  from beeld.role_assignment a;
  insert into beeld.coach_unavailability (id, person_id, from_date, until_date)
  select pg_temp.id(5, (random() * 100000)::integer + n * 1000000), a.person_id, today + n * 150 - 50, today + n * 150 - 50 + 1 + (random() * 120)::integer
  from beeld.role_assignment a
  cross join generate_series(0, 3) n
  where random() < 0.4;
  -- One that is filmed for the seventh person and does not count, and one that stands for the first starter.
  insert into beeld.recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for)
  select pg_temp.id(6, n), pg_temp.id(2, 6 + n), pg_temp.id(2, 11), 'own_wish', false, 'planned', today - 10, today + (random() * 400)::integer
  from generate_series(1, (random() * 1.2)::integer) n;
  insert into beeld.recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for)
  select pg_temp.id(7, 1), pg_temp.id(2, 1), pg_temp.id(2, 11), 'starter_programme', 'planned', today - 10, today + (random() * 500)::integer
  where random() < 0.3;
  set local session_replication_role = origin;
end
$$;

-- The places, walked day by day.
create function pg_temp.places_by_hand(until date) returns date[] language plpgsql as $$
declare
  today constant date := '2026-11-23';
  found date[] := '{}';
  c record;
  room integer;
  place integer;
  begins date;
  ends date;
  day date;
  free integer;
begin
  for c in select * from beeld.coach, generate_series(2026, 2028) y
  loop
    begins := greatest(make_date(c.y, 8, 1), today);
    ends := make_date(c.y + 1, 8, 1);
    room := c.capacity - (
      select count(*)
      from beeld.recording r
      where r.coach_id = c.person_id
        and (r.origin <> 'own_wish' or r.counts_for_programme)
        and r.scheduled_for >= make_date(c.y, 8, 1)
        and r.scheduled_for < ends);
    place := 1;
    free := 0;
    day := begins;
    while day < ends and place <= room
    loop
      if exists (
        select from beeld.role_assignment a
        where a.person_id = c.person_id and a.from_date <= day and (a.until_date is null or a.until_date > day)
      ) and not exists (
        select from beeld.coach_unavailability u
        where u.person_id = c.person_id and u.from_date <= day and u.until_date > day
      ) then
        free := free + 1;
        if free >= (place - 0.5) * (ends - begins) / room then
          found := found || day;
          place := place + 1;
        end if;
      end if;
      day := day + 1;
    end loop;
  end loop;
  return array(select d from unnest(found) d where d < until order by d);
end
$$;

-- The most starters that can be served, of all the ways to serve them.
create function pg_temp.most(deadlines date[], places date[]) returns integer language plpgsql as $$
declare
  best integer;
begin
  if deadlines = '{}' or places = '{}' then
    return 0;
  end if;
  best := pg_temp.most(deadlines[2:], places);
  for n in 1..cardinality(places)
  loop
    if places[n] < deadlines[1] and (n = 1 or places[n] <> places[n - 1]) then
      best := greatest(best, 1 + pg_temp.most(deadlines[2:], places[:n - 1] || places[n + 1:]));
    end if;
  end loop;
  return best;
end
$$;

create function pg_temp.judged(seed integer) returns text language plpgsql as $$
declare
  today constant date := '2026-11-23';
  places date[];
  reckoned date[];
  wanted date[];
  served date[];
  missed integer;
  needed integer := 0;
begin
  perform pg_temp.small_board(seed);
  select
    coalesce(array_agg(o.window_until order by o.person_id) filter (where o.outlook in ('in_time', 'missed')), '{}'),
    coalesce(array_agg(o.window_until order by o.person_id) filter (where o.outlook = 'in_time'), '{}'),
    count(*) filter (where o.outlook = 'missed')
  into wanted, served, missed
  from app.outlook(today) o;
  places := pg_temp.places_by_hand('2029-08-01');
  reckoned := array(select p.day from app.coaching_places(today, '2029-08-01') p order by p.day);
  if places <> reckoned then
    return format('board %s has the places %s, not %s', seed, places, reckoned);
  end if;
  -- Those after the last deadline serve nobody.
  places := array(select d from unnest(places) d where d < (select max(w) from unnest(wanted) w) order by d);
  if cardinality(wanted) - missed <> pg_temp.most(wanted, places) then
    return format('board %s: of %s %s can be served from %s, not %s', seed, wanted, pg_temp.most(wanted, places), places, served);
  elsif pg_temp.most(served, places) <> cardinality(served) then
    return format('board %s: %s cannot all be served from %s', seed, served, places);
  end if;
  while pg_temp.most(wanted, array_fill(today, array[needed]) || places) < cardinality(wanted)
  loop
    needed := needed + 1;
  end loop;
  if needed <> missed or coalesce((select max(m.recordings_needed) from app.outlook_months(today) m), 0) <> needed then
    return format('board %s: %s more would serve all', seed, needed);
  end if;
  return case when missed > 0 and served <> '{}' then 'some missed' when missed > 0 then 'all missed' else 'none missed' end;
end
$$;
insert into school (id, code, name, board_number) values (pg_temp.id(1, 1), '01AA00', 'School', '12345');
create temporary table outcome as
select n as seed, pg_temp.judged(n) as outcome
from generate_series(1, 120) n;
select is_empty($$ select outcome from outcome where outcome like 'board %' $$, 'on 120 small boards no other way serves more starters in time, nor with fewer recordings more');
select cmp_ok((select count(*) from outcome o where o.outcome = 'some missed'), '>', 15::bigint, 'on many of them some are served and some missed');
select cmp_ok((select count(*) from outcome o where o.outcome = 'none missed'), '>', 10::bigint, 'on others nobody is missed');
select is(
  (
    select bool_and(m.deadlines = m.in_hand + m.in_time + m.missed)
    from generate_series(1, 20) n
    cross join lateral (select pg_temp.small_board(n)) b
    cross join lateral app.outlook_months('2026-11-23') m
  ), true, 'of every month the figures add up');

-- Who waits for a place, and who has one.
select pg_temp.small_board(1);
set local session_replication_role = replica;
delete from recording;
delete from coach_unavailability;
update coach set capacity = 0;
delete from employment;
update registration set teaching_since = date '2024-02-01', teaching_since_approved_at = '2025-01-01Z';
insert into employment (id, person_id, school_id, job, fte, from_date)
select pg_temp.id(3, n), pg_temp.id(2, n), pg_temp.id(1, 1), 'teacher', 1, '2024-02-01'
from generate_series(1, 9) n;
delete from role_assignment;
insert into role_assignment (id, person_id, role, from_date, until_date)
values (pg_temp.id(4, 1), pg_temp.id(2, 11), 'coach', '2025-08-01', null), (pg_temp.id(4, 2), pg_temp.id(2, 12), 'coach', '2025-08-01', '2026-11-01');
insert into request (id, teacher_id, origin, state, made_as, expires_on, aim, subject, coach_id, created_at, state_since)
select
  pg_temp.id(8, n), pg_temp.id(2, n), origin, state, case origin when 'own_wish' then 'teacher' else 'adviser' end,
  case when origin <> 'own_wish' then date '2026-11-01' end, 'team', 'didactics', pg_temp.id(2, coach), '2026-10-01Z', '2026-10-10Z'
from (values
  (1, 'starter_programme', 'assigned', 11), (2, 'starter_programme', 'offered', 11), (3, 'own_wish', 'assigned', 11),
  (4, 'starter_programme', 'assigned', 12), (5, 'starter_programme', 'submitted', null)) v (n, origin, state, coach);
insert into trajectory (id, request_id, teacher_id, coach_id, origin, state, opened_on, state_since)
select pg_temp.id(9, n), pg_temp.id(8, n), pg_temp.id(2, n), q.coach_id, q.origin, 'open', '2026-10-10', '2026-10-10Z'
from unnest(array[1, 3, 4]) n
join request q on q.id = pg_temp.id(8, n);
insert into recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for, recorded_on)
values
  (pg_temp.id(6, 6), pg_temp.id(2, 6), pg_temp.id(2, 11), 'appraisal', 'planned', '2026-11-01', '2027-01-31', null),
  (pg_temp.id(6, 7), pg_temp.id(2, 7), pg_temp.id(2, 11), 'appraisal', 'planned', '2026-11-01', '2027-02-01', null),
  (pg_temp.id(6, 8), pg_temp.id(2, 8), pg_temp.id(2, 11), 'appraisal', 'made', '2026-11-01', '2026-11-09', '2026-11-09');
update registration set teaching_since = date '2023-02-01' where person_id = pg_temp.id(2, 9);
update employment set from_date = date '2023-02-01' where person_id = pg_temp.id(2, 9);
set local session_replication_role = origin;
select is(
  (select string_agg(right(o.person_id::text, 1) || ' ' || o.outlook, ', ' order by o.person_id) from app.outlook('2026-11-23') o),
  '1 in_hand, 2 in_hand, 3 missed, 4 missed, 5 missed, 6 in_hand, 7 missed, 8 in_hand, 9 overdue',
  'who is filmed, planned in time, guided or offered by a coach of today has a place; a wish, a coach who has gone, and a plan too late give none');
select is(
  (select string_agg(b.kind || ' ' || b.places, ', ' order by b.kind, b.teacher_id) from app.coach_bookings('2026-11-23') b where b.coach_id = pg_temp.id(2, 11)),
  'agreed 1, agreed 1, offered 1, recording 1, recording 1, recording 1',
  'of a coach''s room everything takes its place, whatever it came of');
select is(app.coach_load(pg_temp.id(2, 11), 2026), 6, 'and that is the coach''s load');
select is(
  (select o.outlook from app.outlook('2026-10-05') o where o.person_id = pg_temp.id(2, 1)), 'missed',
  'on a day before the guidance began there was no place yet');
update coach set capacity = 8 where person_id = pg_temp.id(2, 11);
select is(
  (select string_agg(right(o.person_id::text, 1) || ' ' || o.outlook, ', ' order by o.person_id) from app.outlook('2026-11-23') o where o.outlook in ('in_time', 'missed')),
  '3 in_time, 4 missed, 5 missed, 7 missed', 'a place that is left goes to one of them');
update registration set disabled_at = '2026-01-01Z' where person_id = pg_temp.id(2, 11);
select is((select count(*) from app.coaching_places('2026-11-23', '2029-08-01')), 0::bigint, 'who may not sign in has no places');

-- The school year's places of one coach, by hand: eight in the 251 days from 23 November to 31 July.
update registration set disabled_at = null where person_id = pg_temp.id(2, 11);
delete from trajectory;
delete from request;
delete from recording;
select is(
  (select string_agg(to_char(p.day, 'MM-DD'), ' ' order by p.day) from app.coaching_places('2026-11-23', '2027-08-01') p),
  '12-08 01-09 02-09 03-12 04-13 05-14 06-14 07-16', 'places stand in the middle of equal parts of the time left');
set local session_replication_role = replica;
insert into recording (id, teacher_id, coach_id, origin, counts_for_programme, state, planned_on, scheduled_for)
values (pg_temp.id(6, 6), pg_temp.id(2, 6), pg_temp.id(2, 11), 'own_wish', false, 'planned', '2026-11-01', '2027-01-31');
select is((select count(*) from app.coaching_places('2026-11-23', '2027-08-01')), 8::bigint, 'of what own wishes take it tells nothing');
select is((select b.places || ' ' || b.origin from app.coach_bookings('2026-11-23') b), '1 own_wish', 'though they take it');
update recording set counts_for_programme = true;
select is((select count(*) from app.coaching_places('2026-11-23', '2027-08-01')), 7::bigint, 'but for those that their teacher lets count');
delete from recording;
set local session_replication_role = origin;
insert into coach_unavailability (id, person_id, from_date, until_date) values (pg_temp.id(5, 1), pg_temp.id(2, 11), '2026-12-01', '2027-02-01');
select is(
  (select string_agg(to_char(p.day, 'MM-DD'), ' ' order by p.day) from app.coaching_places('2026-11-23', '2027-08-01') p),
  '02-08 03-12 04-12 05-13 06-14 07-15', 'sixty-two days away take two of them, and the others keep their pace');

-- The report of it says the same.
insert into report_run (id, report, as_of, lease_until) values (pg_temp.id(9, 99), 'outlook', '2026-11-23', '2100-01-01Z');
select cmp_ok(app.report_make(pg_temp.id(9, 99), 1), '>', 9, 'the outlook has a row for each month and each starter');
select results_eq(
  $$
    select l.month, l.deadlines::bigint, l.in_hand::bigint, l.in_time::bigint, l.missed::bigint, l.places::bigint, l.recordings_needed::bigint
    from app.report_outlook_lines(pg_temp.id(9, 99)) l
    where l.outlook = 'month'
    order by 1
  $$,
  $$ select m.* from app.outlook_months('2026-11-23') m order by 1 $$, 'its months are those of the forecast');
select set_eq(
  $$ select l.outlook, l.number from app.report_outlook_lines(pg_temp.id(9, 99)) l where l.outlook <> 'month' $$,
  $$ select o.outlook, count(*) from app.outlook('2026-11-23') o group by 1 $$, 'and so are its starters');
select is(
  (select string_agg(right(r.person_id::text, 1), ' ' order by r.ordinal) from report_row r where r.severity = 1),
  (select string_agg(right(o.person_id::text, 1), ' ' order by o.person_id) from app.outlook('2026-11-23') o where o.outlook = 'missed'),
  'who will be missed asks for attention');
set local session_replication_role = replica;
delete from report_row;
delete from report_run;
set local session_replication_role = origin;

-- Whose it is.
delete from person;
delete from school;
\ir fixture/board.sql
update coach set capacity = 0;
create function pg_temp.told(who text) returns text language plpgsql as $$
declare
  answer json;
begin
  set local role beeld_app;
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  answer := app.coverage_forecast();
  raise exception using errcode = 'BT000', message = coalesce(answer ->> 'as_of', 'nothing');
exception when sqlstate 'BT000' then
  return sqlerrm;
end
$$;
select is(
  (select string_agg(who || ' ' || pg_temp.told(who), ', ') from unnest(string_to_array('T C D S P V A', ' ')) who),
  'T nothing, C nothing, D nothing, S nothing, P 2026-11-02, V nothing, A nothing', 'the forecast is the adviser''s');
set local role beeld_app;
select app.identify(sha256('P'));
select is(
  (select string_agg(i -> 'person' ->> 'name', ' ') from json_array_elements(app.coverage_forecast('2028-06-01') -> 'items') i),
  'Person T Person U Person N', 'who will be missed is named, by deadline and id');
select is(
  (select (f ->> 'next') is not null from app.coverage_forecast('2028-06-01', 1) f), true, 'page by page');
select is(
  (
    select string_agg(i -> 'person' ->> 'name', ' ')
    from app.coverage_forecast('2028-06-01', 1) f
    cross join lateral json_array_elements(app.coverage_forecast('2028-06-01', 1, (f -> 'items' -> 0 -> 'window' ->> 'until')::date, (f -> 'items' -> 0 -> 'person' ->> 'id')::uuid) -> 'items') i
  ), 'Person U', 'the next page goes on where one ended');
reset role;

select * from finish();
rollback;
