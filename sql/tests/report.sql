-- Reports: what is due, the state machine of a run, that it never changes, its hash, and who sees what of it.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;
create function pg_temp.at(moment text) returns text language sql as $$ select set_config('app.now', moment, true) $$;
create function pg_temp.id(kind integer, number integer) returns uuid language sql as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad(kind::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;

insert into school (id, code, name, board_number)
select pg_temp.id(1, n), format('0%sAA00', n), format('School %s', n), '12345'
from generate_series(1, 2) n;
insert into person (id, name)
select pg_temp.id(2, n), format('Person %s', n)
from generate_series(1, 6) n;
insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
select pg_temp.id(2, n), 'N' || n, date '2024-08-01' + n, now()
from generate_series(1, 6) n;
insert into employment (id, person_id, school_id, job, fte, from_date)
select pg_temp.id(3, n), pg_temp.id(2, n), pg_temp.id(1, 1 + n % 2), 'teacher', 1, date '2024-08-01' + n
from generate_series(1, 6) n;
insert into recording (id, teacher_id, origin, state, planned_on, scheduled_for, recorded_on, debriefed_on)
select pg_temp.id(4, n), pg_temp.id(2, n), 'starter_programme', 'debriefed', '2025-01-01', '2025-02-01', '2025-02-01', '2025-02-10'
from generate_series(1, 2) n;

-- What is due
update report_schedule set enabled_from = '2026-03-27';
create function pg_temp.due(moment text) returns text language sql as $$
  select string_agg(to_char(d.period, 'MM-DD'), ' ' order by d.period)
  from pg_temp.at(moment) a
  cross join lateral (select p.period from app.report_due() p where a is not null offset 0) d
$$;
select is(pg_temp.due('2026-03-27 03:29:59Z'), null, 'nothing is due before 04:30');
select is(pg_temp.due('2026-03-27 03:30:00Z'), '03-27', 'at 04:30 winter time the night is due');
select is(pg_temp.due('2026-03-29 02:29:59Z'), '03-27 03-28', 'nights that nobody claimed stay due');
select is(pg_temp.due('2026-03-29 02:30:00Z'), '03-27 03-28 03-29', 'at 04:30 summer time on the day of the change');
select is(pg_temp.due('2026-10-25 03:29:59Z'), (
  select string_agg(to_char(d, 'MM-DD'), ' ' order by d)
  from generate_series(date '2026-09-25', date '2026-10-24', interval '1 day') d
), 'in autumn 04:30 comes an hour later, and thirty nights back are all that is caught up');
update report_schedule set enabled = false;
select is(pg_temp.due('2026-10-25 12:00:00Z'), null, 'a schedule that is off makes nothing due');
update report_schedule set enabled = true, at = '02:30', enabled_from = '2026-03-29';
select is(pg_temp.due('2026-03-29 01:29:59Z'), null, 'a time that the clock skips is taken');
select is(pg_temp.due('2026-03-29 01:30:00Z'), '03-29', 'an hour later');
update report_schedule set enabled_from = '2026-10-25';
select is(pg_temp.due('2026-10-25 01:29:59Z'), null, 'a time that comes twice is taken');
select is(pg_temp.due('2026-10-25 01:30:00Z'), '10-25', 'the second time');
update report_schedule set at = '04:30', enabled_from = '2026-11-02';

-- Claims
select pg_temp.at('2026-11-02 12:00:00Z');
create temporary table claimed as
select *
from app.report_claim(pg_temp.id(9, 1), interval '2 minutes');
select results_eq(
  'select run, report, as_of, attempt::integer, late from claimed',
  $$ values (pg_temp.id(9, 1), 'coverage', date '2026-11-02', 1, true) $$,
  'a night is claimed by inserting its run; begun more than an hour after its time it is late');
select is_empty($$ select * from app.report_claim(pg_temp.id(9, 2), interval '2 minutes') $$, 'and is claimed once');
select pg_temp.at('2026-11-02 12:02:00Z');
select results_eq(
  $$ select run, attempt::integer from app.report_claim(pg_temp.id(9, 2), interval '2 minutes') $$,
  $$ values (pg_temp.id(9, 1), 2) $$,
  'a lease that lapsed is taken over, as the next attempt');
select throws_ok($$ select app.report_make(pg_temp.id(9, 1), 1) $$, 'BE409', null, 'who lost the claim closes nothing');
select is(app.report_fail(pg_temp.id(9, 1), 1, 'too_late'), null, 'nor fails it');
select is(app.report_fail(pg_temp.id(9, 1), 2, 'no_luck'), 'failed', 'an attempt that failed is written down');
select is((select retry_at from report_run), timestamptz '2026-11-02 12:06:00Z', 'and tried again, after the second in four minutes');
select pg_temp.at('2026-11-02 12:06:00Z');
select is((select attempt::integer from app.report_claim(pg_temp.id(9, 3), interval '2 minutes')), 3, 'when the time has come');

-- The run
select is(app.report_make(pg_temp.id(9, 1), 3), 6, 'making it stores the rows');
select results_eq(
  $$ select state, revision, policy_version, row_count, late, failure::text, row_hash = app.report_run_hash(id) from report_run $$,
  $$ values ('succeeded', 1, 1, 6, true, null::text, true) $$,
  'and closes it');
select is((select columns from report_run), (select columns from report where key = 'coverage'), 'a run keeps the names of its columns');
select is((select duration_ms >= 0 from report_run), true, 'and how long it took');
select is(
  (select count(*)::integer from report_row where cardinality(string_to_array(cells, e'\t')) <> (select cardinality(columns) from report_run)), 0,
  'and as many cells in each row');
select is(
  (select split_part(app.report_run_head(r), e'\n', 1) || e'\n' || app.report_row_line(x, r.form)
  from report_run r
  join report_row x on x.run_id = r.id and x.ordinal = 1
  where r.id = pg_temp.id(9, 1)),
  e'coverage\t2026-11-02\t1\n' || pg_temp.id(2, 1) || e'\t' || pg_temp.id(2, 1) || e'\t' || pg_temp.id(1, 2) || e'\t\t'
    || e'\tcovered\tnone\tactive\t2024-08-02\t2027-08-02\t273\t2025-02-10\t2024\t\n',
  'its text is the head, the names and the rows, parted by tabs');
select is(
  (select array_agg(person_id order by ordinal) from report_row),
  array(select pg_temp.id(2, n) from generate_series(1, 6) n),
  'in the order of ids');

-- Never changed
select throws_ok(act, 'BE409', null, act)
from unnest(array[
  'update report_run set row_count = 5', 'update report_run set state = ''running''', 'delete from report_run',
  'truncate report_run cascade', 'update report_row set cells = cells', 'delete from report_row', 'truncate report_row',
  'insert into report_row (run_id, ordinal, cells) values (pg_temp.id(9, 1), 7, ''{}'')', 'update report_row set severity = 2, since = app.today()',
  'insert into report_row (run_id, ordinal, cells) values (pg_temp.id(9, 9), 1, ''{}'')',
  'select app.report_make(pg_temp.id(9, 1), 3)']) act;

-- Figures
create function pg_temp.as(settings text) returns void language plpgsql as $$
declare
  setting text;
begin
  perform set_config('app.' || s, '', true)
  from unnest(array['person', 'coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools']) s;
  foreach setting in array string_to_array(settings, ' ')
  loop
    perform set_config('app.' || split_part(setting, '=', 1), split_part(setting, '=', 2), true);
  end loop;
end
$$;
select pg_temp.as(format('person=%s adviser=on', pg_temp.id(2, 6)));
select is(
  app.report_coverage_figures(pg_temp.id(9, 1))::jsonb - 'cohorts', app.coverage('2026-11-02', 'school')::jsonb,
  'the figures of a run are those of the API for its day');
select is(
  (app.report_coverage_figures(pg_temp.id(9, 1)) ->> 'cohorts')::jsonb, (app.coverage('2026-11-02', 'cohort') ->> 'cohorts')::jsonb,
  'by cohort as well');

-- Who sees what
create function pg_temp.seen(settings text) returns text language plpgsql as $$
declare
  answer text;
begin
  perform pg_temp.as(settings);
  set local role beeld_app;
  select concat_ws(' ',
    (select count(*) from report_schedule), (select count(*) from report_run), (select count(*) from report_row),
    (select count(distinct school_id) from report_row))
  into answer;
  reset role;
  return answer;
end
$$;
select is(pg_temp.seen(settings), expected, description)
from (values
  ('', '0 0 0 0', 'nobody sees nothing'),
  ('person=1 adviser=on', '1 1 6 2', 'the adviser sees schedules, runs and rows'),
  ('person=1 system_admin=on', '1 1 0 0', 'the system''s administrator sees that there are runs'),
  ('person=1 director_of={0193b6a0-0001-7000-8000-000000000001} schools={0193b6a0-0001-7000-8000-000000000001}', '1 1 3 1',
    'a director sees the rows of the own school'),
  ('person=1 school_admin_of={0193b6a0-0001-7000-8000-000000000001} schools={0193b6a0-0001-7000-8000-000000000001}', '0 0 0 0',
    'the school''s administration sees nothing of coverage'),
  ('person=1 privacy_officer=on', '0 0 0 0', 'nor does the privacy officer'),
  ('person=1 coach=on', '0 0 0 0', 'nor a coach')) v (settings, expected, description);

select * from finish();
rollback;
