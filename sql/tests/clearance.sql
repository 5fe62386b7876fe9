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

-- The edges of each: where nothing is wrong, what it becomes by one fact more or another instant. Nothing of it stays.
create function pg_temp.judged(variadic statements text[]) returns text language plpgsql as $$
declare
  statement text;
begin
  set local session_replication_role = replica;
  foreach statement in array statements
  loop
    execute statement;
  end loop;
  raise exception using errcode = 'ZZ001', message = (
    select coalesce(string_agg(distinct r.code, ' ' order by r.code), 'cleared')
    from recording k
    cross join app.clearance_reasons(k, '2026-11-10T09:00:00Z') r
    where k.id = pg_temp.id(23, 0));
exception when sqlstate 'ZZ001' then
  return sqlerrm;
end
$$;
select is(pg_temp.judged(format(fact, variadic array[pg_temp.id(0, 0), pg_temp.id(6, 0), pg_temp.id(12, 0), pg_temp.id(23, 0), pg_temp.person('C')])), expected, description)
from (values
  ($$ update notice set attested_at = '2026-11-10T09:00:00Z' where school_id = %1$L $$, 'cleared', 'a notice attested at that instant is one'),
  ($$ update notice set attested_at = '2026-11-10T09:00:00.000001Z' where school_id = %1$L and channel = 'website' $$, 'notice_missing', 'not one attested afterwards'),
  ($$ update notice set published_on = '2026-11-10' where school_id = %1$L $$, 'cleared', 'published on the day itself, parents could read it'),
  ($$ update notice set published_on = '2026-11-11' where school_id = %1$L and channel = 'website' $$, 'notice_missing', 'and the day after, not'),
  ($$ update notice set school_year = 2025 where school_id = %1$L and channel = 'website' $$, 'notice_missing', 'nor by what was told a school year before'),
  ($$ update objection set state = 'ended', state_reason = 'withdrawn', state_since = '2026-11-10T09:00:00.000001Z' where id = %2$L; delete from measure where id = %3$L $$, 'objection_without_measure',
    'an objection that ended afterwards stood'),
  ($$ update objection set state = 'ended', state_reason = 'withdrawn', state_since = '2026-11-10T09:00:00Z' where id = %2$L; delete from measure where id = %3$L $$, 'cleared', 'one that had ended by then did not'),
  ($$ delete from measure where id = %3$L; update objection set created_at = '2026-11-10T09:00:00Z' where id = %2$L $$, 'objection_without_measure', 'one registered at that instant does'),
  ($$ delete from measure where id = %3$L; update objection set created_at = '2026-11-10T09:00:00.000001Z' where id = %2$L $$, 'cleared', 'and not one of afterwards'),
  ($$ update placement set placed_at = '2026-11-10T09:00:00.000001Z' where objection_id = %2$L $$, 'objection_unplaced', 'a pupil placed afterwards was placed nowhere'),
  ($$ update placement set replaced_at = '2026-11-10T09:00:00Z' where objection_id = %2$L $$, 'objection_unplaced', 'nor was one that had left the group by then'),
  ($$ update placement set replaced_at = '2026-11-10T09:00:00.000001Z' where objection_id = %2$L; delete from measure where id = %3$L $$, 'objection_without_measure', 'who left it afterwards was there'),
  ($$ update measure set created_at = '2026-11-10T09:00:00.000001Z' where id = %3$L $$, 'objection_without_measure', 'a measure taken afterwards was none'),
  ($$ update measure set state = 'ended', state_reason = 'withdrawn', state_since = '2026-11-10T09:00:00Z' where id = %3$L $$, 'objection_without_measure', 'nor was one that had ended by then'),
  ($$ update measure set state = 'ended', state_reason = 'withdrawn', state_since = '2026-11-10T09:00:00.000001Z', kind = 'no_recording' where id = %3$L $$, 'no_recording', 'one that ended afterwards was in force'),
  ($$ update promise set created_at = '2026-11-10T09:00:00Z' where measure_id = %3$L $$, 'cleared', 'a promise of that instant is in time'),
  ($$ update promise set created_at = '2026-11-10T09:00:00.000001Z' where measure_id = %3$L $$, 'measure_not_promised', 'and one of afterwards too late'),
  ($$ update recording set teacher_agreed_at = '2026-11-10T09:00:00Z' where id = %4$L $$, 'cleared', 'so is the teacher''s agreement'),
  ($$ update recording set teacher_agreed_at = '2026-11-10T09:00:00.000001Z' where id = %4$L $$, 'teacher_not_agreed', 'which afterwards comes too late as well'),
  ($$ update carrier set retired_on = '2026-11-11' where id = pg_temp.fact(10) $$, 'cleared', 'a stick that is out of use the day after is one'),
  ($$ update carrier set retired_on = '2026-11-10' where id = pg_temp.fact(10) $$, 'custody_not_planned', 'and out of use on the day itself none'),
  ($$ update recording set carrier_since = '2026-11-10T09:00:00.000001Z' where id = %4$L $$, 'custody_not_planned', 'nor is one that was planned afterwards'),
  ($$ insert into coach_unavailability (id, person_id, from_date, until_date, created_at) values (app.new_id(), %5$L, '2026-11-10', '2026-11-11', '2026-11-10T09:00:00Z') $$,
    'coach_unavailable', 'an absence entered by that instant counts'),
  ($$ insert into coach_unavailability (id, person_id, from_date, until_date, created_at) values (app.new_id(), %5$L, '2026-11-10', '2026-11-11', '2026-11-10T09:00:00.000001Z') $$,
    'cleared', 'and one that was entered afterwards does not'),
  ($$ insert into coach_unavailability (id, person_id, from_date, until_date, created_at) values (app.new_id(), %5$L, '2026-11-09', '2026-11-10', '2026-10-01Z') $$,
    'cleared', 'nor does one until the day itself'),
  ($$ update role_assignment set until_date = '2026-11-10' where person_id = %5$L and role = 'coach' $$, 'coach_unavailable', 'who is coach no longer on that day, films nothing')) v (fact, expected, description);

-- All of them are made, and judged by the same; what ended between the making and the report of it changes nothing.
select pg_temp.clock('2026-11-10T12:00:00Z');
set local session_replication_role = replica;
update objection set state = 'ended', state_reason = 'withdrawn', state_since = '2026-11-10T11:00:00Z', answered_on = '2026-11-10' where id = pg_temp.id(3, 2);
update measure set state = 'ended', state_reason = 'withdrawn', state_since = '2026-11-10T11:00:00Z' where id in (pg_temp.id(10, 4), pg_temp.id(12, 0));
insert into coach_unavailability (id, person_id, from_date, until_date, created_at)
values (app.new_id(), pg_temp.person('C'), '2026-11-10', '2026-11-11', '2026-11-10T11:00:00Z');
set local session_replication_role = origin;
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

-- By the true clock: what lifts something is as old as the moment when it was written, and not as the transaction, which
-- may have waited for others at the school; what stands in the way is as old as the transaction.
select pg_temp.clock('');
insert into school_group (id, school_id, school_year, name) select pg_temp.id(1, 1000 + n), pg_temp.id(0, n), 2026, '6a' from combination where n in (2, 3);
select
  set_config('app.person', pg_temp.person('S')::text, true), set_config('app.schools', s.ids, true), set_config('app.school_admin_of', s.ids, true)
from (select array[pg_temp.id(0, 2), pg_temp.id(0, 3)]::text as ids) s;
select app.set_measure(pg_temp.id(30, 1), pg_temp.id(3, 3), '{"kind": "cut", "covers_sound": true}');
select app.set_measure(pg_temp.id(30, 2), pg_temp.id(3, 3), '{"kind": "out_of_view", "covers_sound": true}');
select cmp_ok((select min(created_at) from measure where id in (pg_temp.id(30, 1), pg_temp.id(30, 2))), '>', now(), 'a measure');
select app.move_measure(pg_temp.id(30, 2), null, 'ended');
select cmp_ok((select state_since from measure where id = pg_temp.id(30, 2)), '>', now(), 'its end');
select app.change_objection(pg_temp.id(3, 3), null, json_build_object('group_id', pg_temp.id(1, 1003)));
select cmp_ok((select min(placed_at) from placement where objection_id = pg_temp.id(3, 3) and group_id = pg_temp.id(1, 1003)), '>', now(), 'that a pupil is placed');
select cmp_ok((select min(replaced_at) from placement where objection_id = pg_temp.id(3, 3) and group_id = pg_temp.id(1, 3)), '>', now(), 'or has left a group');
select app.move_objection(pg_temp.id(3, 3), null, '{"to": "ended", "reason": "withdrawn"}');
select cmp_ok((select state_since from objection where id = pg_temp.id(3, 3)), '>', now(), 'the end of an objection');
select is((select json_array_length(app.objection_impact(pg_temp.id(3, 3)) -> 'planned')), 0, 'which the same transaction sees');
select app.register_objection(pg_temp.id(31, 1), json_build_object('school_id', pg_temp.id(0, 2), 'received_on', app.today(), 'group_id', pg_temp.id(1, 1002)));
select is((select array[o.created_at, p.placed_at] from objection o join placement p on p.objection_id = o.id where o.id = pg_temp.id(31, 1)), array[now(), now()],
  'an objection, and the group that was named with it, began with the transaction');
insert into measure (id, objection_id, kind, covers_sound, created_at) values (pg_temp.id(30, 3), pg_temp.id(6, 2), 'cut', false, '2026-09-01Z');
select set_config('app.person', pg_temp.person('C')::text, true), set_config('app.coach', 'on', true);
select app.make_promise(pg_temp.id(32, 1), pg_temp.id(23, 2), pg_temp.id(30, 3));
select cmp_ok((select created_at from promise where id = pg_temp.id(32, 1)), '>', now(), 'a promise');
select pg_temp.nobody();

select * from finish();
rollback;
