-- May this recording be made? Every combination of the seven conditions at once; then each condition by itself, on its edges,
-- and what was known when.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
alter table recording disable trigger recording_0_agreed;
select no_plan();

-- A school for each combination. Bit by bit what is wrong there: 1 a notice, 2 an objection without a measure, 4 one for
-- which nothing is filmed, 8 a measure not promised, 16 the teacher not asked, 32 no custody, 64 the coach away.
create temporary table combination as
select
  n,
  n & 1 <> 0 as unannounced, n & 2 <> 0 as unanswered, n & 4 <> 0 as forbidden, n & 8 <> 0 as unpromised, n & 16 <> 0 as unasked,
  n & 32 <> 0 as uncarried, n & 64 <> 0 as absent
from generate_series(0, 127) n;
create function pg_temp.id(kind integer, n integer) returns uuid language sql immutable as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad((100 + kind)::text, 4, '0'), lpad(n::text, 12, '0'))::uuid
$$;
insert into school (id, code, name, board_number)
select pg_temp.id(0, n), lpad((n / 100)::text, 2, '0') || 'CC' || lpad((n % 100)::text, 2, '0'), 'School ' || n, '12345'
from combination;
insert into school_group (id, school_id, school_year, name) select pg_temp.id(1, n), pg_temp.id(0, n), 2026, '5b' from combination;
insert into notice (id, school_id, school_year, channel, reference, published_on, attested_at)
select
  pg_temp.id(2, 2 * n + c.i::integer - 1), pg_temp.id(0, n), 2026, channel, 'Told',
  case when not unannounced or c.i <> 1 + n / 2 % 2 then date '2026-08-20' end, case when not unannounced or c.i <> 1 + n / 2 % 2 then timestamptz '2026-08-20Z' end
from combination
cross join unnest(array['website', 'school_guide']) with ordinality c(channel, i);
-- Every school has an objection that is met; the other kinds where the combination says so.
insert into objection (id, school_id, received_on, state, answered_on, created_at)
select pg_temp.id(2 + k, n), pg_temp.id(0, n), '2026-09-01', case k when 1 then 'received' else 'measure_set' end, case when k <> 1 then date '2026-09-01' end, '2026-09-01Z'
from combination
cross join generate_series(1, 4) k
where case k when 1 then unanswered when 2 then forbidden when 3 then unpromised else true end;
insert into measure (id, objection_id, kind, covers_sound, created_at)
select pg_temp.id(8 + k, n), pg_temp.id(2 + k, n), case k when 2 then 'no_recording' when 3 then 'cut' else 'out_of_view' end, true, '2026-09-01Z'
from combination
cross join generate_series(2, 4) k
where case k when 2 then forbidden when 3 then unpromised else true end;
insert into placement (id, objection_id, school_year, group_id, placed_at)
select app.new_id(), o.id, 2026, g.id, '2026-09-01Z'
from objection o
join school_group g on g.school_id = o.school_id;
insert into coach_unavailability (id, person_id, from_date, until_date, created_at)
values (pg_temp.id(20, 0), pg_temp.person('K'), '2026-11-10', '2026-11-11', '2026-10-01Z');
insert into request (id, teacher_id, origin, state, made_by, made_as, aim, subject, coach_id)
select pg_temp.id(21, n), pg_temp.person('T'), 'own_wish', 'closed', pg_temp.person('T'), 'teacher', 'personal', 'interaction', pg_temp.person('C')
from combination;
insert into trajectory (id, request_id, teacher_id, coach_id, origin, state)
select pg_temp.id(22, n), pg_temp.id(21, n), pg_temp.person('T'), pg_temp.person(case when absent then 'K' else 'C' end), 'own_wish', 'open'
from combination;
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select pg_temp.id(25, n), pg_temp.person('T'), pg_temp.id(0, n), 'teacher', 0.1, '2025-08-01', '2026-11-10' from combination;
alter table recording disable trigger recording_2_guard;
insert into recording (
  id, trajectory_id, ordinal, teacher_id, coach_id, group_id, origin, counts_for_programme, state, planned_on, scheduled_for, scheduled_at, carrier_id,
  teacher_agreed_at)
select
  pg_temp.id(23, n), pg_temp.id(22, n), 1, pg_temp.person('T'), pg_temp.person(case when absent then 'K' else 'C' end), pg_temp.id(1, n), 'own_wish',
  false, 'planned', '2026-10-01', '2026-11-10', '2026-11-10T09:00:00Z', case when not uncarried then pg_temp.fact(10) end,
  case when not unasked then timestamptz '2026-10-02Z' end
from combination;
alter table recording enable trigger recording_2_guard;
insert into promise (id, recording_id, measure_id, coach_id, created_at)
select pg_temp.id(24, n), pg_temp.id(23, n), pg_temp.id(12, n), pg_temp.person('C'), '2026-10-03Z'
from combination;

create temporary table expected as
select
  n,
  array_remove(
    array[
      case when uncarried then 'custody_not_planned' end, case when absent then 'coach_unavailable' end, case when unpromised then 'measure_not_promised' end,
      case when forbidden then 'no_recording' end, case when unannounced then 'notice_missing' end,
      case when unanswered then 'objection_without_measure' end, case when unasked then 'teacher_not_agreed' end],
    null) as codes
from combination;
update expected set codes = array(select c from unnest(codes) c order by c);
select set_eq(
  $$
    select c.n, array(select distinct r.code from app.clearance_reasons(k, '2026-11-10T08:00:00Z') r order by 1)
    from combination c
    join recording k on k.id = pg_temp.id(23, c.n)
  $$,
  'select n, codes from expected', 'of all 128 combinations, every reason is given at once');
select set_eq(
  $$
    select distinct r.code, r.lifted_by, r.subject
    from combination c
    join recording k on k.id = pg_temp.id(23, c.n)
    cross join app.clearance_reasons(k, '2026-11-10T08:00:00Z') r
  $$,
  $$
    values
      ('notice_missing', 'school', 'website'), ('notice_missing', 'school', 'school_guide'), ('objection_without_measure', 'school', null),
      ('no_recording', 'school', null), ('measure_not_promised', 'coach', 'cut'), ('teacher_not_agreed', 'teacher', null),
      ('custody_not_planned', 'coach', null), ('coach_unavailable', 'coach', null)
  $$,
  'with who can lift it, and what it is about');

-- All of them are made, and judged by the same
select pg_temp.clock('2026-11-10T12:00:00Z');
do $$
declare
  who text;
begin
  foreach who in array array['C', 'K']
  loop
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
    update recording k
    set state = 'made', made_at = '2026-11-10T09:00:00Z', recorded_on = '2026-11-10', carrier_id = pg_temp.fact(10)
    where k.coach_id = pg_temp.person(who)
      and k.state = 'planned';
    perform pg_temp.nobody();
  end loop;
end
$$;
select set_eq(
  $$ select c.n, k.clearance_codes, k.quarantined from combination c join recording k on k.id = pg_temp.id(23, c.n) $$,
  $$ select n, codes, codes <> '{}' from expected $$, 'when it is made, that is kept as evidence, and who had no clearance is quarantined');
select set_eq(
  $$ select q.cause, q.codes, q.state, (right(q.recording_id::text, 12))::integer from quarantine q $$,
  $$ select 'no_clearance' as cause, codes, 'open' as state, n from expected where codes <> '{}' $$, 'once each');
select is(pg_temp.tried('select from app.tasks() where task = ''judge_quarantine'''),
  '0: T U C K D E S R A; 127: P V', 'which P and V are to look at');
select is((select count(*) from app.recording_verdicts('2026-11-10') v where v.id in (select pg_temp.id(23, n) from combination) and v.reason = 'quarantined'), 0::bigint,
  'an own wish does not count anyhow');
update recording set counts_for_programme = true where id in (select pg_temp.id(23, n) from combination);
select is((select count(*) from app.recording_verdicts('2026-11-10') v where v.id in (select pg_temp.id(23, n) from combination) and v.reason = 'quarantined'), 127::bigint,
  'and where it would, what is quarantined does not');

select * from finish();
rollback;
