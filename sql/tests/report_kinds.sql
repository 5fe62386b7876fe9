-- Each report on facts that are made up for it: which rows it has, how serious they are, of today and of a day that is
-- past; and that an own wish leaves no trace in any.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;
create function pg_temp.at(moment text) returns text language sql as $$ select set_config('app.now', moment, true) $$;
create function pg_temp.id(kind integer, number integer) returns uuid language sql immutable strict as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad(kind::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;
create function pg_temp.rows_of(report text, as_of date) returns text[] language plpgsql as $$
declare
  lines text[];
begin
  execute format(
    'select array_agg(concat(coalesce(x.severity::text, ''-''), '' '', replace(x.cells, e''\t'', ''|'')) order by x.ordinal) from app.%I($1) x',
    'report_' || replace(report, '-', '_'))
  into lines using as_of;
  return lines;
end
$$;
select pg_temp.at('2026-11-20 12:00:00Z');
select set_config('app.origin', 'operator', true);

insert into school (id, code, name, board_number)
select pg_temp.id(1, n), format('0%sAA00', n), format('School %s', n), '12345'
from generate_series(1, 2) n;
insert into school_group (id, school_id, school_year, name)
select pg_temp.id(3, n), pg_temp.id(1, n), 2026, '5'
from generate_series(1, 2) n;
insert into person (id, name)
select pg_temp.id(2, n), case n when 7 then 'Zoë de Vries' when 8 then 'zoe de-vries' else format('Person %s', n) end
from generate_series(1, 12) n;
-- 1 to 8 teach, the even ones at school 1; 9 and 10 coach; 11 is nobody's yet.
insert into registration (person_id, person_number, subject, teaching_since, teaching_since_approved_at)
select
  pg_temp.id(2, n), 'N' || n, case when n not in (5, 10) then 'sub' || n end, case when n <> 6 then date '2025-08-01' end,
  case when n not in (6, 7) then timestamptz '2025-08-01 12:00Z' end
from generate_series(1, 11) n;
insert into employment (id, person_id, school_id, job, fte, from_date)
select pg_temp.id(4, n), pg_temp.id(2, n), pg_temp.id(1, 1 + n % 2), 'teacher', 0.8, '2025-08-01'
from generate_series(1, 8) n;
insert into role_assignment (id, person_id, role, school_id, from_date, until_date)
values
  (pg_temp.id(5, 9), pg_temp.id(2, 9), 'coach', null, '2025-08-01', null),
  (pg_temp.id(5, 10), pg_temp.id(2, 10), 'coach', null, '2025-08-01', '2026-12-01');
update coach set capacity = 2 where person_id = pg_temp.id(2, 10);
insert into carrier (id, kind, name, retired_on)
values (pg_temp.id(6, 1), 'usb', 'Stick 1', null), (pg_temp.id(6, 2), 'usb', 'Stick 2', null);

-- Requests: one invited, one refused and offered again, one assigned and filmed; and, whoever's it is, an own wish of
-- each kind.
create function pg_temp.request(number integer, teacher integer, kind text, state text, coach integer, made text, since text) returns void language sql as $$
  insert into request (id, teacher_id, origin, state, made_as, school_id, expires_on, aim, subject, coach_id, created_at, state_since)
  values (
    pg_temp.id(10, number), pg_temp.id(2, teacher), kind, state, case when kind = 'own_wish' then 'teacher' else 'adviser' end,
    case when kind <> 'own_wish' then pg_temp.id(1, 1) end, case when kind <> 'own_wish' then made::date + 30 end,
    case when state <> 'invited' then 'personal' end, case when state <> 'invited' then 'interaction' end,
    pg_temp.id(2, coach), made::timestamptz, since::timestamptz)
$$;
select pg_temp.request(1, 1, 'starter_programme', 'invited', null, '2026-11-01 12:00Z', '2026-11-01 12:00Z');
select pg_temp.request(2, 2, 'starter_programme', 'offered', 9, '2026-10-01 12:00Z', '2026-11-18 12:00Z');
select pg_temp.request(3, 3, 'starter_programme', 'assigned', 9, '2026-09-01 12:00Z', '2026-09-20 12:00Z');
select pg_temp.request(4, 4, 'own_wish', 'submitted', null, '2026-08-10 12:00Z', '2026-08-10 12:00Z');
select pg_temp.request(5, 5, 'own_wish', 'assigned', 10, '2026-08-10 12:00Z', '2026-08-20 12:00Z');
insert into request_step (request_id, at, state, coach_id, by_coach)
values
  (pg_temp.id(10, 2), '2026-10-05 12:00Z', 'submitted', null, false),
  (pg_temp.id(10, 2), '2026-10-10 12:00Z', 'offered', pg_temp.id(2, 10), false),
  (pg_temp.id(10, 2), '2026-10-12 12:00Z', 'submitted', pg_temp.id(2, 10), true);
insert into trajectory (id, request_id, teacher_id, coach_id, origin, state, opened_on, recordings)
values
  (pg_temp.id(11, 3), pg_temp.id(10, 3), pg_temp.id(2, 3), pg_temp.id(2, 9), 'starter_programme', 'open', '2026-09-20', 2),
  (pg_temp.id(11, 5), pg_temp.id(10, 5), pg_temp.id(2, 5), pg_temp.id(2, 10), 'own_wish', 'open', '2026-08-20', 6);
insert into recording (
  id, teacher_id, coach_id, group_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, trajectory_id, ordinal,
  scheduled_at, made_at, handed_over_on)
select
  pg_temp.id(12, n), pg_temp.id(2, teacher), pg_temp.id(2, coach), pg_temp.id(3, n), origin, origin <> 'own_wish', state, planned, day,
  case when state = 'made' then day end, pg_temp.id(11, trajectory), 1, (day + time '10:00') at time zone 'Europe/Amsterdam',
  case when state = 'made' then (day + time '10:00') at time zone 'Europe/Amsterdam' end, handed
from (values
  (1, 3, 9, 'starter_programme', 'made', date '2026-10-01', date '2026-10-20', 3, date '2026-10-22'),
  (2, 5, 10, 'own_wish', 'planned', date '2026-09-01', date '2026-12-10', 5, null)) v (n, teacher, coach, origin, state, planned, day, trajectory, handed);
insert into copy (id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state, deletion_due_on, created_at, state_since)
values (pg_temp.id(13, 1), pg_temp.id(12, 1), pg_temp.id(2, 3), pg_temp.id(2, 9), pg_temp.id(6, 2), 'usb', 'held', '2026-11-04', '2026-10-20 12:00Z', '2026-10-20 12:00Z');
update carrier set retired_on = '2026-10-01' where id = pg_temp.id(6, 2);

select is(
  pg_temp.rows_of('intake', '2026-11-20'),
  array[
    format('2 debrief|starter_programme|%s|2026-10-22|2026-11-05|15', pg_temp.id(2, 9)),
    '1 invited|starter_programme||2026-11-01|2026-11-15|5',
    format('- offered|starter_programme|%s|2026-11-18|2026-11-25|0', pg_temp.id(2, 9))],
  'who waits, at which step, since when, and how long beyond what was agreed');
select is(
  pg_temp.rows_of('intake', '2026-10-11'),
  array[
    format('- offered|starter_programme|%s|2026-10-10|2026-10-17|0', pg_temp.id(2, 10))],
  'on a day that is past it was another coach, and of what came later there is nothing');
select is(
  pg_temp.rows_of('intake', '2026-09-10'), array['- invited|starter_programme||2026-09-01|2026-09-15|0'],
  'before it was assigned a request was an invitation');
select results_eq(
  $$ select x.ordinal::integer, right(x.school_id::text, 1) from app.report_intake('2026-11-20') x order by x.ordinal $$,
  $$ values (1, null), (2, '2'), (3, '1') $$,
  'that a recording or its talk is waited for, is no school''s to know');
savepoint waived;
select set_config('app.person', pg_temp.id(2, 3)::text, true);
update recording set state = 'waived', ended_on = '2026-11-10' where id = pg_temp.id(12, 1);
select is(
  pg_temp.rows_of('intake', '2026-11-20'),
  array[
    '1 invited|starter_programme||2026-11-01|2026-11-15|5',
    format('- offered|starter_programme|%s|2026-11-18|2026-11-25|0', pg_temp.id(2, 9))],
  'what the teacher waived was made: it is waited for no longer');
rollback to waived;
select is(
  pg_temp.rows_of('coaches', '2026-11-20'),
  array[
    '- has_room|30|3|0.10|1|0|1|1|0|0|1||',
    '- has_room|2|0|0.00|0|0|0|0|1|0|0||2026-12-01'],
  'a coach''s room, what fills it, and what was refused; an own wish fills none of it, nor is it work to be handed on');
select is(
  pg_temp.rows_of('coaches', '2026-10-11'),
  array[
    '- has_room|30|2|0.07|0|1|1|0|0|0|1||',
    '- has_room|2|1|0.50|0|0|0|1|0|0|0||2026-12-01'],
  'as it was');
select is(
  pg_temp.rows_of('custody', '2026-11-20'),
  array[
    format('2 overdue|%s|usb||2026-10-20|2026-11-04|16||', pg_temp.id(6, 2)),
    format('1 carrier_retired|%s|usb|1||2026-10-01|||', pg_temp.id(6, 2)),
    format('- carrier|%s|usb|0|||||', pg_temp.id(6, 1))],
  'what is overdue, on which stick, and which stick out of use still has copies');
select is(
  pg_temp.rows_of('custody', '2026-11-10'),
  array[
    format('1 due|%s|usb||2026-10-20|2026-11-04|6||', pg_temp.id(6, 2)),
    format('1 carrier_retired|%s|usb|1||2026-10-01|||', pg_temp.id(6, 2)),
    format('- carrier|%s|usb|0|||||', pg_temp.id(6, 1))],
  'within the days that the policy leaves it is due');
create function pg_temp.custody_of_the_first(day date) returns text language sql as $$
  select concat_ws('|', x.severity, split_part(x.cells, e'\t', 1), split_part(x.cells, e'\t', 6), split_part(x.cells, e'\t', 7))
  from app.report_custody(day) x
  where x.key = pg_temp.id(13, 1)
$$;
update copy set demanded_at = '2026-11-15 12:00Z', required_on = '2026-11-17' where id = pg_temp.id(13, 1);
select is(pg_temp.custody_of_the_first('2026-11-20'), '2|overdue|2026-11-04|16', 'what is asked later postpones nothing');
select is(pg_temp.custody_of_the_first('2026-11-10'), '1|due|2026-11-04|6', 'nor hides it on a day before');
update copy set deletion_due_on = null where id = pg_temp.id(13, 1);
select is(
  array(select coalesce(pg_temp.custody_of_the_first(d), 'none') from unnest(array['2026-11-14', '2026-11-15', '2026-11-17']::date[]) d),
  array['none', '1|due|2026-11-15|0', '1|due|2026-11-15|2'], 'it counts from the day on which it was asked');
update copy set holder_id = teacher_id, demanded_at = null where id = pg_temp.id(13, 1);
select is(
  array(select coalesce(pg_temp.custody_of_the_first(d), 'none') from unnest(array['2026-11-16', '2026-11-17', '2026-12-01']::date[]) d),
  array['none', '1|due|2026-11-17|0', '2|overdue|2026-11-17|14'], 'a teacher''s own copy is there when a parent''s objection requires that it be deleted');
select is(
  (select array_agg(split_part(x.cells, e'\t', 1) order by x.ordinal) from app.report_custody('2026-11-17') x),
  array['due', 'carrier'], 'which says nothing of the stick');
update copy set holder_id = pg_temp.id(2, 9), required_on = null, deletion_due_on = '2026-11-04' where id = pg_temp.id(13, 1);
select is(
  pg_temp.rows_of('notices', '2026-11-20'),
  array['2 not_informed|2026|||school_guide website', '2 not_informed|2026|||school_guide website'],
  'a school that told parents nothing, whatever is planned there');
insert into notice (id, school_id, school_year, channel, reference, published_on, attested_at)
select pg_temp.id(14, n), pg_temp.id(1, 1), 2026, channel, 'x', day, app.now()
from (values (1, 'website', date '2026-09-01'), (2, 'school_guide', date '2026-11-15')) v (n, channel, day);
select is(
  pg_temp.rows_of('notices', '2026-11-20'),
  array['- informed|2026|2026-09-01|2026-11-15|', '2 not_informed|2026|||school_guide website'],
  'by both channels it has');
select is((pg_temp.rows_of('notices', '2026-11-14'))[1], '2 not_informed|2026|2026-09-01||school_guide', 'one was missing before');
select is(
  pg_temp.rows_of('notices', '2026-07-01'),
  array[
    '2 not_informed|2025|||school_guide website', '1 next_year|2026|||school_guide website',
    '2 not_informed|2025|||school_guide website', '1 next_year|2026|||school_guide website'],
  'before a school year begins, the next one is there too, and less serious');

insert into objection (id, school_id, received_on, state, answered_on, created_at, state_since)
values
  (pg_temp.id(15, 1), pg_temp.id(1, 1), '2026-10-20', 'received', null, '2026-10-20 12:00Z', '2026-10-20 12:00Z'),
  (pg_temp.id(15, 2), pg_temp.id(1, 1), '2026-11-10', 'received', null, '2026-11-10 12:00Z', '2026-11-10 12:00Z'),
  (pg_temp.id(15, 3), pg_temp.id(1, 2), '2026-10-01', 'measure_set', '2026-10-05', '2026-10-01 12:00Z', '2026-10-05 12:00Z');
insert into measure (id, objection_id, kind, covers_sound, created_at)
values (pg_temp.id(16, 1), pg_temp.id(15, 3), 'out_of_view', false, '2026-10-05 12:00Z');
insert into placement (id, objection_id, school_year, group_id, placed_at)
select pg_temp.id(17, n), pg_temp.id(15, n), 2026, pg_temp.id(3, case n when 3 then 2 else 1 end), '2026-10-01 12:00Z'
from generate_series(1, 3) n;
select is(
  pg_temp.rows_of('objections', '2026-11-20'),
  array[
    '- measure_set|2026-10-01|2026-10-21|2026-11-01||out_of_view|no', '2 past_due|2026-10-20|2026-11-09|2026-11-20|11||no',
    '1 without_measure|2026-11-10|2026-11-30|2026-12-10|||no'],
  'which have a measure, and whose day has passed');
select is(
  pg_temp.rows_of('objections', '2026-10-03'), array['1 without_measure|2026-10-01|2026-10-21|2026-11-01|||no'],
  'before its measure it had none');
create function pg_temp.situation_of_the_first(day date) returns text language sql as $$
  select string_agg(concat_ws('|', split_part(x.cells, e'\t', 1), split_part(x.cells, e'\t', 3), split_part(x.cells, e'\t', 5)), ' ')
  from app.report_objections(day) x
  where x.key = pg_temp.id(15, 1)
$$;
select is(pg_temp.situation_of_the_first('2026-11-09'), 'without_measure|2026-11-09|', 'the day itself is in time');
select is(pg_temp.situation_of_the_first('2026-11-10'), 'past_due|2026-11-09|1', 'the next is not');
insert into policy
select (jsonb_populate_record(p, to_jsonb(v))).*
from policy p
cross join (values (2, date '2026-01-15', 31), (3, '2026-10-01', 20), (4, '2026-11-05', 5)) v (version, valid_from, objection_days);
select is(pg_temp.situation_of_the_first('2026-11-09'), 'without_measure|2026-11-09|', 'also when the policy has changed since it was received');
select is(
  array(select app.objection_due_on(d) from unnest(array['2026-10-20', '2026-11-05', '2026-01-31', '2026-02-01']::date[]) d),
  array['2026-11-09', '2026-11-10', '2026-02-28', '2026-03-01']::date[],
  'an answer is due by the policy of the day of receipt, and never later than a month after it');
select is(
  (select array_agg(r.answer_due_on order by r.id) from (select v.id, (v.body ->> 'answer_due_on')::date as answer_due_on from objection_resource v) r),
  array['2026-11-09', '2026-11-15', '2026-10-21']::date[], 'as whoever looks at it is told');
select pg_temp.at('2026-11-09 12:00Z');
select set_config('app.person', pg_temp.id(2, 8)::text, true), set_config('app.adviser', 'on', true);
select is((app.objection_counts() ->> 'overdue')::integer, 0, 'on the day itself none is counted as late');
select set_config('app.school_admin_of', format('{%s}', pg_temp.id(1, 1)), true), set_config('app.schools', format('{%s}', pg_temp.id(1, 1)), true);
select results_eq(
  $$ select t.due_on from app.tasks() t where t.task = 'answer_objection' order by t.due_on $$,
  $$ values (date '2026-11-09'), ('2026-11-15') $$, 'the school''s tasks say the same');
select is((app.school_overview(pg_temp.id(1, 1)) #>> '{objections,overdue}')::integer, 0, 'and its overview');
select is(app.objection_impact(pg_temp.id(15, 1)) #>> '{to_do,0,due_on}', '2026-11-09', 'and what is to be done about it');
select pg_temp.at('2026-11-10 12:00Z');
select is((app.objection_counts() ->> 'overdue')::integer, 1, 'the day after one is late');
select is((app.school_overview(pg_temp.id(1, 1)) #>> '{objections,overdue}')::integer, 1, 'at its school too');
select set_config('app.' || s, '', true) from unnest(array['person', 'adviser', 'school_admin_of', 'schools']) s;
delete from policy where version > 1;
select pg_temp.at('2026-11-20 12:00:00Z');

insert into absence (id, person_id, category, from_date, until_date)
values
  (pg_temp.id(18, 1), pg_temp.id(2, 2), 'parental_leave', '2026-03-01', '2026-05-01'),
  (pg_temp.id(18, 2), pg_temp.id(2, 2), 'study_leave', '2026-04-01', '2026-06-01');
insert into prior_experience (id, person_id, from_date, until_date, evidence, approved_at)
values (pg_temp.id(19, 1), pg_temp.id(2, 4), '2025-07-01', '2025-09-01', 'x', '2026-01-01 12:00Z');
insert into employment (id, person_id, school_id, job, fte, from_date)
values (pg_temp.id(4, 101), pg_temp.id(2, 1), pg_temp.id(1, 1), 'teacher', 0.6, '2026-08-01');
create function pg_temp.findings(as_of date) returns text[] language sql as $$
  select array_agg(concat_ws(':', f.finding, right(f.person_id::text, 2)::integer, f.severity, f.role, right(f.other_id::text, 2)) order by f.finding, f.person_id)
  from (select d.* from app.data_findings(as_of) d) f
$$;
select is(
  pg_temp.findings('2026-11-20'),
  array[
    'absences_overlap:2:1', 'experience_overlaps_employment:4:1', 'likely_double:7:1:08', 'more_than_full_time:1:1',
    'no_login:5:1', 'no_login:10:2', 'role_ending:10:1:coach', 'start_missing:6:2', 'start_unconfirmed:7:2'],
  'what is missing, what overlaps, what ends, who cannot sign in, and who is there twice');
select is(
  (select array_agg(f.finding order by f.finding) from app.data_findings('2026-10-20') f where f.finding in ('role_ending', 'more_than_full_time')),
  array['more_than_full_time'], 'a role ends within thirty days or not yet');
savepoint renewed;
insert into role_assignment (id, person_id, role, from_date, until_date)
values (pg_temp.id(5, 11), pg_temp.id(2, 10), 'coach', '2026-12-01', '2027-08-01');
select is_empty($$ select from app.data_findings('2026-11-20') f where f.finding = 'role_ending' $$, 'one that is renewed does not end');
select is((pg_temp.rows_of('coaches', '2026-11-20'))[2], '- has_room|2|0|0.00|0|0|0|0|1|0|0||2027-08-01', 'before it does');
update role_assignment set until_date = '2026-12-05' where id = pg_temp.id(5, 11);
select results_eq(
  $$ select f.person_id, f.until_date from app.data_findings('2026-11-20') f where f.finding = 'role_ending' $$,
  $$ values (pg_temp.id(2, 10), date '2026-12-05') $$, 'one that is renewed for days does');
update role_assignment set from_date = '2026-12-02' where id = pg_temp.id(5, 11);
select results_eq(
  $$ select f.person_id, f.until_date from app.data_findings('2026-11-20') f where f.finding = 'role_ending' $$,
  $$ values (pg_temp.id(2, 10), date '2026-12-01') $$, 'and one that is away for a day');
rollback to renewed;
update registration set teaching_since = '2024-08-01', teaching_since_approved_at = '2025-08-01 12:00Z' where person_id = pg_temp.id(2, 7);
select is_empty($$ select from app.data_findings('2026-11-20') f where f.finding = 'likely_double' $$, 'who began on different days, both confirmed, are namesakes');

-- An own wish
insert into carrier (id, kind, name) values (pg_temp.id(6, 3), 'usb', 'Stick 3');
create temporary table before as
select k.key as report, d.day::date as day, pg_temp.rows_of(k.key, d.day::date) as lines
from report k
cross join generate_series(date '2026-08-01', date '2026-12-31', interval '7 days') d (day)
where k.key in ('intake', 'coaches', 'custody', 'notices', 'objections', 'data-quality', 'coverage');
insert into copy (id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state, deletion_due_on, created_at, state_since)
values
  (pg_temp.id(13, 2), pg_temp.id(12, 2), pg_temp.id(2, 5), pg_temp.id(2, 10), pg_temp.id(6, 3), 'usb', 'held', '2026-09-04', '2026-08-20 12:00Z', '2026-08-20 12:00Z'),
  (pg_temp.id(13, 3), pg_temp.id(12, 2), pg_temp.id(2, 5), pg_temp.id(2, 10), pg_temp.id(6, 1), 'usb', 'lost', null, '2026-08-20 12:00Z', '2026-09-20 12:00Z');
insert into breach (id, copy_id, found_at, due_at) values (pg_temp.id(20, 1), pg_temp.id(13, 3), '2026-09-20 12:00Z', '2026-09-23 12:00Z');
select pg_temp.request(6, 8, 'own_wish', 'offered', 9, '2026-08-10 12:00Z', '2026-08-20 12:00Z');
select is_empty(
  $$ select report, day from before b where b.lines is distinct from pg_temp.rows_of(b.report, b.day) $$,
  'nothing of an own wish shows, in any report, of any day');
select is((select count(*)::integer from request_step s join request q on q.id = s.request_id where q.origin = 'own_wish'), 0, 'nor is it noted');
delete from request where origin = 'own_wish';
select is_empty(
  $$ select report, day from before b where b.lines is distinct from pg_temp.rows_of(b.report, b.day) $$,
  'and without any, all is the same');

-- Of custody the adviser sees what is late
create function pg_temp.custody_of(who text, as_of date, run integer) returns text language plpgsql as $$
declare
  seen text;
begin
  perform app.report_begin(pg_temp.id(21, run), 'custody', as_of);
  perform app.report_make(pg_temp.id(21, run), 1);
  perform set_config('app.person', pg_temp.id(2, 12)::text, true), set_config('app.' || who, 'on', true);
  set local role beeld_app;
  select string_agg(split_part(x.cells, e'\t', 1), ' ' order by x.ordinal)
  into seen
  from report_row x
  where x.run_id = format('0193b6a0-0021-7000-8000-%s', lpad(run::text, 12, '0'))::uuid;
  reset role;
  perform set_config('app.person', '', true), set_config('app.' || who, '', true);
  return seen;
end
$$;
savepoint custody;
select is(pg_temp.custody_of('privacy_officer', '2026-11-10', 1), 'due carrier_retired carrier carrier', 'the privacy officer sees a copy that is due');
select is(pg_temp.custody_of('adviser', '2026-11-10', 2), 'carrier_retired carrier carrier', 'the adviser does not');
select is(pg_temp.custody_of('adviser', '2026-11-20', 3), 'overdue carrier_retired carrier carrier', 'before it is overdue');
insert into registration (person_id, person_number, subject) values (pg_temp.id(2, 12), 'N12', 'sub12');
insert into role_assignment (id, person_id, role, from_date) values (pg_temp.id(5, 12), pg_temp.id(2, 12), 'adviser', '2026-01-01');
select results_eq(
  $$ select n, c.exceptions from unnest(array[1, 3]) n cross join app.report_change_counts(pg_temp.id(21, n), pg_temp.id(2, 12)) c order by n $$,
  'values (1, 1), (3, 2)', 'nor is told its number');
rollback to custody;

-- Every report
select is_empty(
  $$ values
       ('coaches', 'adviser', '', ''), ('coverage', 'adviser', '', 'director'), ('custody', 'adviser privacy_officer', '', ''),
       ('data-quality', 'adviser', '', 'director'), ('intake', 'adviser', '', 'director'),
       ('notices', 'adviser', '', 'director school_admin'), ('objections', 'privacy_officer', 'adviser', 'director school_admin')
     except
     select k.key, array_to_string(k.board, ' '), array_to_string(k.counts, ' '), array_to_string(k.schools, ' ') from report k $$,
  'whose each is: custody and objections the privacy officer''s, notices and objections the schools'', of objections the adviser is told numbers');
select is_empty(
  $$ select k.key from report k where not exists (
       select from pg_proc p where p.proname = 'report_' || replace(k.key, '-', '_') and p.prorettype = 'beeld.report_line'::regtype) $$,
  'every report has its function');
select is_empty(
  $$ select k.key from report k where k.board = '{}' and k.counts = '{}' $$, 'and somebody of the board whose it is');
do $$
declare
  k report_key;
begin
  for k in select r.key from report r
  loop
    perform app.report_begin(md5(k)::uuid, k, '2026-11-20');
    perform app.report_make(md5(k)::uuid, 1);
  end loop;
end
$$;
select is_empty(
  $$ select r.report from report_row x join report_run r on r.id = x.run_id
     where cardinality(string_to_array(x.cells, e'\t')) <> cardinality(r.columns) $$,
  'each row of each has as many cells as columns');
select is_empty(
  $$ select r.report, x.key from report_row x join report_run r on r.id = x.run_id group by 1, 2 having count(*) > 1 or x.key is null $$,
  'and a key of its own');

select * from finish();
rollback;
