-- A dry run tells what the changed rules would do, and nothing of it is done.
begin;
set local search_path = beeld, app, public, pg_catalog;
set local client_min_messages = warning;
select no_plan();
\ir fixture/board.sql

-- Three more of school 1: late, with leave of forty days, and too long ago.
insert into person (id, name) select pg_temp.person(who), 'Person ' || who from unnest(string_to_array('a b c', ' ')) who;
insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
select pg_temp.person(who), 'M' || who, since::date, '2025-09-01Z'
from (values ('a', '2024-02-01'), ('b', '2024-06-01'), ('c', '2015-08-01')) v (who, since);
insert into employment (id, person_id, school_id, job, fte, from_date)
select pg_temp.fact(100 + ascii(who)), pg_temp.person(who), pg_temp.school(1), 'teacher', 1, since::date
from (values ('a', '2024-02-01'), ('b', '2024-06-01'), ('c', '2015-08-01')) v (who, since);
insert into absence (id, person_id, category, from_date, until_date)
values (pg_temp.fact(398), pg_temp.person('b'), 'care_leave', '2026-10-15', '2026-11-24');

create function pg_temp.rules() returns text language sql as $$
  select md5(string_agg(p::text, ' ' order by p.version)) || (select count(*) || ' ' || max(a.id) from audit a) from policy p
$$;
create temporary table before as select pg_temp.rules() as text;

create function pg_temp.tried(who text, draft json, page_limit integer default 50, after_until date default null, after_person uuid default null)
  returns json language plpgsql as $$
declare
  answer json;
begin
  set local role beeld_app;
  perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
  answer := app.dry_run_policy(draft, page_limit, after_until, after_person);
  raise exception using errcode = 'BT000', message = answer::text;
exception when sqlstate 'BT000' then
  return sqlerrm;
end
$$;
create function pg_temp.changes(answer json) returns text language sql as $$
  select string_agg(
    right(i -> 'person' ->> 'name', 1) || ': '
    || concat_ws(' ', i -> 'before' ->> 'coverage', i -> 'before' ->> 'urgency', i -> 'before' ->> 'employment', i -> 'before' -> 'window' ->> 'until')
    || ' > '
    || concat_ws(' ', i -> 'after' ->> 'coverage', i -> 'after' ->> 'urgency', i -> 'after' ->> 'employment', i -> 'after' -> 'window' ->> 'until'),
    '; ')
  from json_array_elements(answer -> 'items') i
$$;

select is(
  pg_temp.changes(pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01"}')), null,
  'rules that are the same change nobody');
select is(
  pg_temp.changes(pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "due_soon_days": 60, "at_risk_days": 60}')),
  'a: open at_risk active 2027-02-01 > open none active 2027-02-01', 'another term, another urgency');
select is(
  pg_temp.changes(pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "pause_days": 50}')),
  'b: open none paused 2027-07-11 > open none active 2027-06-01', 'leave that no longer counts moves the deadline, and who is on it is not on pause');
select is(
  pg_temp.changes(pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2027-03-01"}')),
  'a: open at_risk active 2027-02-01 > out_of_scope none active 2027-02-01', 'a later start of the programme puts somebody out of scope');
select is(
  pg_temp.changes(pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "window_months": 24}')),
  'a: open at_risk active 2027-02-01 > open overdue active 2026-02-01; b: open none paused 2027-07-11 > open overdue paused 2026-06-01; T: open none active 2028-09-29 > open none active 2027-09-29; U: open none active 2028-09-29 > open none active 2027-09-29; N: open none future 2029-12-01 > open none future 2028-11-30',
  'a shorter window moves every deadline, and who is out of scope either way is not named');

select is(
  (
    select string_agg(distinct k, ' ' order by k)
    from json_array_elements(pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "window_months": 24}') -> 'items') i
    cross join lateral json_object_keys(i) k
  ), 'after before person school', 'of each it tells who, where, and both');
select results_eq(
  $$
    select answer ->> 'as_of', answer ->> 'policy_version', answer ->> 'changed', answer -> 'before' ->> 'overdue', answer -> 'after' ->> 'overdue', answer -> 'after' ->> 'starters'
    from pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "window_months": 24}', 2) answer
  $$,
  $$ values ('2026-11-10', '1', '5', '0', '2', '4') $$,
  'with the figures of both, on its first day, whatever the page');
create temporary table page as
with recursive page as (
  select 1 as n, pg_temp.tried('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "window_months": 24}', 2)::jsonb as answer
  union all
  select n + 1, pg_temp.tried(
    'P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "window_months": 24}', 2,
    (answer -> 'items' -> -1 -> 'after' -> 'window' ->> 'until')::date, (answer -> 'items' -> -1 -> 'person' ->> 'id')::uuid)::jsonb
  from page
  where answer ->> 'next' is not null
)
select *
from page;
select is(
  (select string_agg(right(i -> 'person' ->> 'name', 1), ' ' order by n, o) from page cross join lateral jsonb_array_elements(answer -> 'items') with ordinality e (i, o)),
  'a b T U N', 'page by page each comes once');

-- What entering the version refuses
create function pg_temp.refused(who text, draft json) returns text language plpgsql as $$
declare
  state text;
  bounds text;
begin
  perform pg_temp.tried(who, draft);
  return 'done';
exception when others then
  get stacked diagnostics state = returned_sqlstate, bounds = constraint_name;
  return coalesce(nullif(bounds, ''), state);
end
$$;
select is(
  (select string_agg(who || ' ' || pg_temp.refused(who, '{"valid_from": "2026-11-10", "programme_start": "2023-08-01"}'), ', ') from unnest(string_to_array('T C D S P V A', ' ')) who),
  'T 42501, C 42501, D 42501, S 42501, P done, V 42501, A 42501', 'only an adviser tries');
select is(pg_temp.refused('P', '{"valid_from": "2026-11-02", "programme_start": "2023-08-01"}'), 'policy_valid_from_ahead', 'rules begin on a day to come');
select is(pg_temp.refused('P', '{"valid_from": "2020-08-01", "programme_start": "2023-08-01"}'), 'policy_valid_from_ahead', 'not on one gone by');
select is(
  pg_temp.refused('P', '{"valid_from": "2026-11-10", "programme_start": "2023-08-01", "at_risk_days": 90, "due_soon_days": 80}'),
  'policy_due_soon_days_range', 'what contradicts itself is refused');

select is((select pg_temp.rules()), (select text from before), 'nothing of it is stored, nor noted');

-- What it tells comes true.
select is(pg_temp.given('P', 'select app.dry_run_policy(''{"valid_from": "2026-11-10", "programme_start": "2023-08-01"}'')'), '1', 'whoever tries');
create temporary table told as
select
  (i -> 'person' ->> 'id')::uuid as person_id, i -> 'after' ->> 'coverage' as coverage, i -> 'after' ->> 'urgency' as urgency, i -> 'after' ->> 'employment' as employment,
  (i -> 'after' -> 'window' ->> 'until')::date as window_until, (i -> 'after' -> 'window' ->> 'days_left')::integer as days_left
from json_array_elements(pg_temp.tried('P', '{"valid_from": "2027-02-01", "programme_start": "2023-08-01", "window_months": 30, "pause_days": 41, "due_soon_days": 200}') -> 'items') i;
create temporary table was as
select s.* from app.starter_calculation('2027-02-01') s;
insert into policy (version, valid_from, programme_start, window_months, pause_days, due_soon_days) values (2, '2027-02-01', '2023-08-01', 30, 41, 200);
select set_eq(
  'select person_id, coverage, urgency, employment, window_until, days_left from told',
  $$
    select s.person_id, s.coverage, s.urgency, s.employment, s.window_until, s.days_left
    from app.starter_calculation('2027-02-01') s
    join was w on w.person_id = s.person_id
    where (w.coverage, w.urgency, w.employment, w.window_until) is distinct from (s.coverage, s.urgency, s.employment, s.window_until)
      and s.coverage <> 'out_of_scope'
  $$,
  'once the rules are entered, on their first day each has the status that was told');

select * from finish();
rollback;
