-- What the planner makes of the starter rules: look-ups for one person, whoever else there is; and one pass for all.
begin;
set local search_path = beeld, app, public;
set local client_min_messages = warning;
set local jit = off;
set local session_replication_role = replica;
select plan(8);

create function pg_temp.id(kind integer, n integer) returns uuid language sql immutable as $$
  select ('0190000' || kind || '-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid
$$;
insert into school (id, code, name, board_number)
select pg_temp.id(1, n), to_char(n % 100, 'FM00') || 'ZZ' || to_char(n / 100, 'FM00'), 'School ' || n, '41573'
from generate_series(0, 999) n;
insert into person (id, name)
select pg_temp.id(2, n), 'Leraar ' || n
from generate_series(1, 5000) n;
insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
select pg_temp.id(2, n), 'P' || n, date '2022-08-01' + n % 900, now()
from generate_series(1, 5000) n;
insert into employment (id, person_id, school_id, job, fte, from_date)
select pg_temp.id(3, n), pg_temp.id(2, n), pg_temp.id(1, n % 1000), 'teacher', 1, date '2022-08-01' + n % 900
from generate_series(1, 5000) n;
insert into absence (id, person_id, category, from_date, until_date)
select pg_temp.id(4, n), pg_temp.id(2, n), 'parental_leave', date '2024-08-01', date '2024-12-01'
from generate_series(1, 5000) n;
insert into prior_experience (id, person_id, from_date, until_date, evidence, approved_at)
select pg_temp.id(5, n), pg_temp.id(2, n), date '2020-08-01', date '2021-08-01', 'verklaring', now()
from generate_series(1, 5000) n;
insert into exemption (id, person_id, code, evidence, from_date, review_date)
select pg_temp.id(6, n), pg_temp.id(2, n), 'coached_elsewhere', 'verklaring', date '2024-08-01', date '2199-08-01'
from generate_series(1, 5000) n;
insert into recording (id, teacher_id, origin, state, planned_on, scheduled_for)
select pg_temp.id(7, n), pg_temp.id(2, n), 'starter_programme', 'planned', date '2024-08-01', date '2199-08-01'
from generate_series(1, 5000) n;
analyze school, person, registration, employment, absence, prior_experience, exemption, recording, policy;

create function pg_temp.plan_of(query text) returns jsonb language plpgsql as $$
declare
  found json;
begin
  execute 'explain (format json) ' || query into found;
  return found -> 0 -> 'Plan';
end
$$;
create function pg_temp.scanned(query text) returns text language sql as $$
  select coalesce(string_agg(distinct n ->> 'Relation Name', ' ' order by n ->> 'Relation Name'), '')
  from jsonb_path_query(pg_temp.plan_of(query), 'strict $.** ? (@."Node Type" == "Seq Scan")') n
$$;

select is(
  pg_temp.scanned($q$ select * from app.starter_calculation('2026-11-23') where person_id = '01900002-0000-7000-8000-000000000077' $q$),
  'policy', 'one person''s status scans no table but the few rows of the policy');
select cmp_ok(
  (pg_temp.plan_of($q$ select * from app.starter_calculation('2026-11-23') where person_id = '01900002-0000-7000-8000-000000000077' $q$) ->> 'Total Cost')::numeric,
  '<', 250::numeric, 'one person''s status has the cost of look-ups');
select is(
  pg_temp.scanned($q$
    select s.*
    from unnest('{01900002-0000-7000-8000-000000000077,01900002-0000-7000-8000-000000000078}'::uuid[]) p(id)
    cross join lateral (select c.* from app.starter_calculation('2026-11-23') c where c.person_id = p.id offset 0) s $q$),
  'policy', 'nor do those of a few people, asked for one by one');
select is(
  pg_temp.scanned($q$ select * from app.recording_verdicts('2026-11-23') where person_id = '01900002-0000-7000-8000-000000000077' $q$),
  '', 'nor do one person''s recordings');
select is(
  (select count(*)::integer
  from jsonb_path_query(
    pg_temp.plan_of($q$ select * from app.starter_calculation('2026-11-23') $q$),
    'strict $.** ? (@."Node Type" == "Function Scan" && @."Function Name" != "unnest")')),
  0, 'the calculation is inlined to the last function');
select is(
  (select count(*)::integer
  from jsonb_path_query(
    pg_temp.plan_of($q$ select * from app.starter_calculation('2026-11-23') $q$),
    'strict $.** ? (@."Parent Relationship" == "SubPlan" && @."Node Type" == "Seq Scan")')),
  0, 'for the whole board no table is scanned again for each person');
select is(
  (select count(*)::integer from app.starter_calculation('2026-11-23')),
  5000, 'the whole board has a row for each teacher');
select is(
  (select count(*)::integer from app.starters_among('2026-11-23', array[pg_temp.id(2, 77), pg_temp.id(2, 78), pg_temp.id(2, 99999)])),
  2, 'people asked for by name have a row for each teacher among them');

select * from finish();
rollback;
