-- Schedules: on which nights a report is made, when they are due, what is caught up, and who writes a schedule.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;
create function pg_temp.at(moment text) returns text language sql as $$ select set_config('app.now', moment, true) $$;
create function pg_temp.id(kind integer, number integer) returns uuid language sql as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad(kind::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;

-- Nights of each cadence
create function pg_temp.schedule(cadence text, day integer, at time) returns report_schedule language sql as $$
  select r
  from jsonb_populate_record(
    null::report_schedule,
    jsonb_build_object(
      'id', pg_temp.id(8, 1), 'report', 'coverage', 'cadence', cadence, 'at', at, 'enabled', true, 'required', false,
      'enabled_from', '2026-01-01', 'version', 1, 'weekday', case cadence when 'weekly' then day end,
      'month_day', case cadence when 'monthly' then day end)) r
$$;
create function pg_temp.nights(cadence text, day integer, first_day date, last_day date) returns text language sql as $$
  select string_agg(to_char(n, 'MM-DD'), ' ' order by n)
  from app.report_nights(pg_temp.schedule(cadence, day, '04:30'), first_day, last_day) n
$$;
select is(pg_temp.nights('daily', null, '2026-12-30', '2027-01-02'), '12-30 12-31 01-01 01-02', 'daily is every day');
select is(pg_temp.nights('weekdays', null, '2026-12-31', '2027-01-05'), '12-31 01-01 01-04 01-05', 'weekdays are Monday to Friday');
select is(pg_temp.nights('weekly', 1, '2026-11-25', '2026-12-08'), '11-30 12-07', 'weekly is one day of the week, 1 is Monday');
select is(pg_temp.nights('weekly', 7, '2026-11-25', '2026-12-08'), '11-29 12-06', '7 is Sunday');
select is(pg_temp.nights('monthly', 15, '2026-01-01', '2026-04-30'), '01-15 02-15 03-15 04-15', 'monthly is one day of the month');
select is(
  pg_temp.nights('monthly', 31, '2026-01-01', '2026-12-31'),
  '01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31',
  'and the last where the month is shorter');
select is(pg_temp.nights('monthly', 30, '2028-02-01', '2028-03-31'), '02-29 03-30', 'also in a leap year');
select is(
  (
    select count(*)
    from generate_series(1, 31) d
    cross join lateral app.report_nights(pg_temp.schedule('monthly', d, '04:30'), '2024-01-01', '2028-12-31') n
  ),
  31 * 60::bigint, 'every month has exactly one, whatever the day');

-- The next five
create function pg_temp.next(moment text, cadence text, day integer, at time) returns text language sql as $$
  select string_agg(to_char(n.due_at at time zone 'UTC', 'MM-DD HH24:MI'), ', ' order by n.night)
  from pg_temp.at(moment) a
  cross join lateral (select * from app.report_next(pg_temp.schedule(cadence, day, at), 5) where a is not null offset 0) n
$$;
select is(
  pg_temp.next('2026-03-27 12:00Z', 'daily', null, '04:30'), '03-28 03:30, 03-29 02:30, 03-30 02:30, 03-31 02:30, 04-01 02:30',
  'the next nights over the change to summer time');
select is(
  pg_temp.next('2026-10-23 12:00Z', 'daily', null, '04:30'), '10-24 02:30, 10-25 03:30, 10-26 03:30, 10-27 03:30, 10-28 03:30',
  'and over the change to winter time');
select is(
  pg_temp.next('2026-03-28 12:00Z', 'weekly', 7, '02:30'), '03-29 01:30, 04-05 00:30, 04-12 00:30, 04-19 00:30, 04-26 00:30',
  'a time that the clock skips is taken an hour later');
select is(
  pg_temp.next('2026-10-24 12:00Z', 'weekly', 7, '02:30'), '10-25 01:30, 11-01 01:30, 11-08 01:30, 11-15 01:30, 11-22 01:30',
  'and one that comes twice the second time');
select is(
  pg_temp.next('2026-11-30 03:29:59Z', 'daily', null, '04:30'), '11-30 03:30, 12-01 03:30, 12-02 03:30, 12-03 03:30, 12-04 03:30',
  'tonight''s, as long as its time has not come');
select is(
  pg_temp.next('2026-11-30 03:30:00Z', 'daily', null, '04:30'), '12-01 03:30, 12-02 03:30, 12-03 03:30, 12-04 03:30, 12-05 03:30',
  'and from then on the one after it');
select is(
  pg_temp.next('2027-01-31 12:00Z', 'monthly', 31, '00:00'), '02-27 23:00, 03-30 22:00, 04-29 22:00, 05-30 22:00, 06-29 22:00',
  'five months ahead');
select is(
  pg_temp.next('2026-12-25 12:00Z', 'weekdays', null, '23:59'), '12-25 22:59, 12-28 22:59, 12-29 22:59, 12-30 22:59, 12-31 22:59',
  'five working nights');

-- What is due
delete from report_recipient;
update report_schedule
set (cadence, month_day, at, enabled_from) = ('monthly', 31, '04:30', '2026-02-01');
create function pg_temp.due(moment text) returns text language sql as $$
  select string_agg(to_char(d.period, 'MM-DD'), ' ' order by d.period)
  from pg_temp.at(moment) a
  cross join lateral (select p.period from app.report_due() p where a is not null offset 0) d
$$;
select is(pg_temp.due('2026-02-28 03:29Z'), null, 'a monthly one waits for its night');
select is(pg_temp.due('2026-02-28 03:30Z'), '02-28', 'which is the last of a short month');
select is(pg_temp.due('2026-03-30 12:00Z'), '02-28', 'and stays due when it was missed');
update report_schedule
set (cadence, month_day, weekday) = ('weekly', null, 3);
select is(pg_temp.due('2026-03-05 12:00Z'), '02-04 02-11 02-18 02-25 03-04', 'missed weeks are caught up');

-- Claims of a schedule with a cadence
select pg_temp.at('2026-03-04 04:29:00Z');
update report_schedule
set enabled_from = '2026-02-25';
create temporary table claims (n serial, run uuid, as_of date, late boolean);
do $$
declare
  n integer := 0;
begin
  loop
    n := n + 1;
    insert into claims (run, as_of, late)
    select c.run, c.as_of, c.late
    from app.report_claim(pg_temp.id(9, n), interval '2 minutes') c;
    exit when not found;
  end loop;
end
$$;
select results_eq(
  'select as_of, late from claims order by n', $$ values (date '2026-02-25', true), (date '2026-03-04', false) $$,
  'each night is claimed once, the earliest first; one begun within the hour is not late');
select is((select count(*)::integer from app.report_abandon_lost()), 0, 'nothing is given up while it can be tried again');
update report_run
set attempt = 4;
select pg_temp.at('2026-03-04 04:40:00Z');
select set_eq(
  'select as_of, attempt::integer from app.report_abandon_lost()', $$ values (date '2026-02-25', 4), (date '2026-03-04', 4) $$,
  'whose claimant died on the last attempt, is given up and told');
select set_eq('select since from app.abandoned_runs()', array[date '2026-03-04'], 'and alarms');
select app.report_begin(pg_temp.id(9, 90), 'coverage', '2026-02-25');
select app.report_make(pg_temp.id(9, 90), 1);
select set_eq(
  $$ select r.as_of::date from app.abandoned_runs() a join report_run r on r.id = a.run $$, array[date '2026-03-04'],
  'until somebody has made it');
select pg_temp.at('2026-04-04 04:40:00Z');
select is_empty('select * from app.abandoned_runs()', 'or a month has passed');

-- Who writes a schedule
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
insert into school (id, code, name, board_number) values (pg_temp.id(1, 1), '01AA00', 'School', '12345');
select pg_temp.at('2026-11-30 12:00Z');
create function pg_temp.make(number integer, draft jsonb) returns void language sql as $$
  select app.make_report_schedule(pg_temp.id(8, number), draft)
$$;
create temporary table tries (role text, settings text);
insert into tries
values
  ('nobody', ''), ('teacher', 'person=1'), ('director', format('person=1 director_of={%s}', pg_temp.id(1, 1))),
  ('privacy officer', 'person=1 privacy_officer=on'), ('system''s administrator', 'person=1 system_admin=on');
create function pg_temp.tried(settings text, act text) returns text language plpgsql as $$
begin
  perform pg_temp.as(settings);
  set local role beeld_app;
  execute act;
  reset role;
  return 'done';
exception when others then
  return sqlstate;
end
$$;
select is(
  pg_temp.tried(settings, $$ select pg_temp.make(5, '{"report": "coverage", "cadence": "daily", "at": "05:00"}') $$), 'BE403',
  'a schedule is not made by: ' || role)
from tries;
select is(
  pg_temp.tried('person=1 adviser=on', $$ select pg_temp.make(5, '{"report": "coverage", "cadence": "daily", "at": "05:00", "recipients": [{"role": "director", "school": null}, {"role": "director", "school": "0193b6a0-0001-7000-8000-000000000001"}, {"role": "adviser", "school": null}, {"role": "adviser", "school": null}]}') $$),
  'done', 'but by an adviser');
select results_eq(
  $$ select cadence, at, enabled, required, enabled_from::date from report_schedule where id = pg_temp.id(8, 5) $$,
  $$ values ('daily', time '05:00', true, false, date '2026-12-01') $$, 'it begins with the first night that is yet to come');
select set_eq(
  $$ select role, school_id from report_recipient where schedule_id = pg_temp.id(8, 5) $$,
  $$ values ('director', null), ('director', pg_temp.id(1, 1)), ('adviser', null::uuid) $$, 'each recipient is there once');
create function pg_temp.refused(draft text) returns text language plpgsql as $$
declare
  what text;
begin
  perform pg_temp.as('person=1 adviser=on');
  perform app.make_report_schedule(pg_temp.id(8, 6), draft::jsonb);
  return 'done';
exception when others then
  get stacked diagnostics what = pg_exception_detail;
  if sqlstate = 'BE422' then
    return what;
  end if;
  get stacked diagnostics what = constraint_name;
  return what;
end
$$;
select is(pg_temp.refused(draft), refusal, draft)
from (values
  ('{"report": "nonsense", "cadence": "daily", "at": "05:00", "recipients": [{"role": "director", "school": "0193b6a0-0001-7000-8000-000000000009"}]}',
    '/report /recipients/0/school'),
  ('{"report": "coverage", "cadence": "daily", "at": "05:00:30"}', 'report_schedule_whole_minute'),
  ('{"report": "coverage", "cadence": "weekly", "at": "05:00"}', 'report_schedule_weekday_of_week'),
  ('{"report": "coverage", "cadence": "daily", "weekday": 3, "at": "05:00"}', 'report_schedule_weekday_of_week'),
  ('{"report": "coverage", "cadence": "monthly", "at": "05:00"}', 'report_schedule_day_of_month'),
  ('{"report": "coverage", "cadence": "monthly", "month_day": 32, "at": "05:00"}', 'report_schedule_month_day_range'),
  ('{"report": "coverage", "cadence": "weekly", "weekday": 0, "at": "05:00"}', 'report_schedule_weekday_range'),
  ('{"report": "coverage", "cadence": "daily", "at": "05:00", "recipients": [{"role": "adviser", "school": "0193b6a0-0001-7000-8000-000000000001"}]}',
    'report_recipient_scope'),
  ('{"report": "coverage", "cadence": "daily", "at": "05:00", "recipients": [{"role": "adviser"}, {"role": "coach"}]}', '/recipients/1/role')) v (draft, refusal);

select is(
  pg_temp.tried(settings, $$ select app.change_report_schedule(pg_temp.id(8, 5), null, '{"enabled": false}') $$),
  case when settings ~ 'system_admin|director' then 'BE403' else 'BE404' end, 'nor changed by: ' || role)
from tries;
select is(
  pg_temp.tried('person=1 adviser=on', $$ select app.change_report_schedule(pg_temp.id(8, 5), 7, '{"enabled": false}') $$), 'BE412',
  'one that has changed since is not changed');
select is(
  pg_temp.tried('person=1 adviser=on', $$ select app.change_report_schedule(pg_temp.id(8, 7), null, '{"enabled": false}') $$), 'BE404',
  'nor one that is not there');
select is(
  pg_temp.tried('person=1 adviser=on', $$ select app.change_report_schedule(pg_temp.id(8, 5), 1, '{"at": "06:30", "recipients": [{"role": "adviser", "school": null}]}') $$),
  'done', 'an adviser changes its time and recipients');
select results_eq(
  $$ select at, enabled_from::date, version, (select string_agg(role, ' ') from report_recipient where schedule_id = s.id) from report_schedule s where id = pg_temp.id(8, 5) $$,
  $$ values (time '06:30', date '2026-12-01', 2, 'adviser') $$, 'and nothing else');
select pg_temp.at('2026-12-20 05:00Z');
select is(
  pg_temp.tried('person=1 adviser=on', $$ select app.change_report_schedule(pg_temp.id(8, 5), 2, '{"cadence": "weekly", "weekday": 1}') $$),
  'done', 'its cadence too');
select is((select enabled_from::date from report_schedule where id = pg_temp.id(8, 5)), date '2026-12-20', 'and then nothing is caught up from before');
select is(
  pg_temp.tried('person=1 adviser=on', $$ select app.change_report_schedule(pg_temp.id(8, 5), 3, '{"enabled": false}') $$), 'done',
  'it is switched off');
select is((select array_length(array(select app.report_next(s, 5)), 1) from report_schedule s where id = pg_temp.id(8, 5)), null, 'then it has no next night');
select pg_temp.at('2027-02-01 12:00Z');
select is(
  pg_temp.tried('person=1 adviser=on', $$ select app.change_report_schedule(pg_temp.id(8, 5), 4, '{"enabled": true}') $$), 'done', 'and on again');
select is((select enabled_from::date from report_schedule where id = pg_temp.id(8, 5)), date '2027-02-02', 'from the next night on');

select * from finish();
rollback;
