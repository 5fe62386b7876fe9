-- Reports from night to night: what is new, resolved and still open, for how long, what somebody said may stand, how
-- much of it a person is told, and how long runs are kept.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;
create function pg_temp.at(moment text) returns text language sql as $$ select set_config('app.now', moment, true) $$;
create function pg_temp.id(kind integer, number integer) returns uuid language sql immutable strict as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad(kind::text, 4, '0'), lpad(number::text, 12, '0'))::uuid
$$;
select pg_temp.at('2026-11-10 12:00:00Z');

insert into school (id, code, name, board_number)
select pg_temp.id(1, n), format('0%sAA00', n), format('School %s', n), '12345'
from generate_series(1, 2) n;
insert into person (id, name)
select pg_temp.id(2, n), format('Person %s', n)
from generate_series(1, 12) n;
insert into registration (person_id, person_number)
select pg_temp.id(2, n), 'N' || n
from generate_series(1, 12) n;
insert into role_assignment (id, person_id, role, school_id, from_date)
values
  (pg_temp.id(4, 1), pg_temp.id(2, 8), 'adviser', null, '2026-01-01'),
  (pg_temp.id(4, 2), pg_temp.id(2, 9), 'privacy_officer', null, '2026-01-01'),
  (pg_temp.id(4, 3), pg_temp.id(2, 10), 'director', pg_temp.id(1, 1), '2026-01-01'),
  (pg_temp.id(4, 4), pg_temp.id(2, 11), 'school_admin', pg_temp.id(1, 1), '2026-01-01'),
  (pg_temp.id(4, 5), pg_temp.id(2, 12), 'system_admin', null, '2026-01-01');

-- A report of the test's own: one file of SQL is all there is to one.
insert into report (key, columns, board, counts, schools)
values ('made-up', '{what}', '{adviser}', '{privacy_officer}', '{director,school_admin}');
create table fact (key uuid, school_id uuid, severity smallint, what text);
create function app.report_made_up(as_of date) returns setof beeld.report_line language sql stable as $$
  select row_number() over (order by f.key), f.key, null::uuid, f.school_id, f.severity, f.what
  from fact f
$$;
create function pg_temp.night(number integer, day date) returns void language sql as $$
  select app.report_begin(pg_temp.id(9, number), 'made-up', day);
  select app.report_make(pg_temp.id(9, number), 1);
$$;
create function pg_temp.changes(run integer, against integer) returns text language sql as $$
  select string_agg(
    concat(c.change, ':', right(c.key::text, 1), ':', to_char(c.since, 'DD'), case when c.acknowledgement is not null then ':known' end), ' '
    order by c.change, c.key)
  from app.report_changes(pg_temp.id(9, run), pg_temp.id(9, against)) c
$$;

insert into fact
select pg_temp.id(5, n), pg_temp.id(1, 1 + n % 2), case when n <= 3 then 1 + n % 2 end, 'x'
from generate_series(1, 6) n;
select pg_temp.night(1, '2026-11-01');
select is(pg_temp.changes(1, null), 'new:1:01 new:2:01 new:3:01', 'against nothing every exception is new; other rows are none');
select pg_temp.night(2, '2026-11-02');
update fact set severity = null where key = pg_temp.id(5, 2);
update fact set severity = 1 where key = pg_temp.id(5, 4);
select pg_temp.night(3, '2026-11-03');
select is(pg_temp.changes(3, 2), 'new:4:03 open:1:01 open:3:01 resolved:2:01', 'what came, what stayed, since when, and what went');
select is(pg_temp.changes(3, 1), 'new:4:03 open:1:01 open:3:01 resolved:2:01', 'against any earlier run');
update fact set severity = 1 where key = pg_temp.id(5, 2);
select pg_temp.night(4, '2026-11-04');
select is(pg_temp.changes(4, 3), 'new:2:04 open:1:01 open:3:01 open:4:03', 'what was away for a night begins anew');
select is(pg_temp.changes(4, 2), 'new:4:03 open:1:01 open:2:04 open:3:01', 'also against a run in which it was there before');
select pg_temp.night(5, '2026-11-03');
select results_eq(
  $$ select revision, row_hash = (select row_hash from report_run where id = pg_temp.id(9, 3)) from report_run where id = pg_temp.id(9, 5) $$,
  $$ values (2, false) $$,
  'a day that is made again is another revision, by what is known now');
select is(app.report_run_before('made-up', '2026-11-04'), pg_temp.id(9, 5), 'the last revision of the day before is what a night is compared with');
select is(app.report_run_before('made-up', '2026-11-01'), null, 'the first with nothing');
update fact set severity = null, school_id = null where key = pg_temp.id(5, 1);
select pg_temp.night(6, '2026-11-09');
select is(pg_temp.changes(6, 4), 'open:2:04 open:3:01 open:4:03 resolved:1:01', 'nights that nobody made break no series');
select is(
  (select bool_and(row_hash = app.report_run_hash(id)) from report_run), true,
  'first days are covered by the hash');

-- What may stand
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
create function pg_temp.say(settings text, run integer, key integer, until date, number integer) returns text language plpgsql as $$
begin
  perform pg_temp.as(settings);
  begin
    set local role beeld_app;
    insert into report_acknowledgement (id, run_id, key, reason, until_date)
    values (format('0193b6a0-0007-7000-8000-%s', lpad(number::text, 12, '0'))::uuid, format('0193b6a0-0009-7000-8000-%s', lpad(run::text, 12, '0'))::uuid,
      format('0193b6a0-0005-7000-8000-%s', lpad(key::text, 12, '0'))::uuid, 'agreed', until);
    reset role;
    return 'done';
  exception when others then
    return concat_ws(' ', sqlstate, (regexp_match(sqlerrm, 'not yours|no exception|tomorrow|twelve'))[1]);
  end;
end
$$;
select is(pg_temp.say(settings, run, key, until, 1), expected, description)
from (values
  ('', 6, 3, date '2026-12-01', 'BE422 no exception', 'nobody says anything'),
  (format('person=%s privacy_officer=on', pg_temp.id(2, 9)), 6, 3, '2026-12-01', 'BE403 not yours', 'who is told numbers alone may not'),
  (format('person=%s director_of={%s}', pg_temp.id(2, 10), pg_temp.id(1, 2)), 6, 3, '2026-12-01', 'BE403 not yours', 'a director sees it, and may not'),
  (format('person=%s adviser=on', pg_temp.id(2, 8)), 6, 5, '2026-12-01', 'BE422 no exception', 'of what is none, there is nothing to say'),
  (format('person=%s adviser=on', pg_temp.id(2, 8)), 6, 3, '2026-11-10', '23514 tomorrow', 'not for today only'),
  (format('person=%s adviser=on', pg_temp.id(2, 8)), 6, 3, '2027-11-11', '23514 twelve', 'nor for longer than a year'),
  (format('person=%s adviser=on', pg_temp.id(2, 8)), 6, 3, '2026-11-12', 'done', 'the adviser says that it may stand')) v (settings, run, key, until, expected, description);
select results_eq(
  'select report::text, school_id, severity::integer, from_date::date, made_by from report_acknowledgement',
  $$ values ('made-up', pg_temp.id(1, 2), 2, date '2026-11-09', pg_temp.id(2, 8)) $$,
  'what it is about is the server''s to say');
select pg_temp.as('');
select is(pg_temp.changes(6, 4), 'open:2:04 open:3:01:known open:4:03 resolved:1:01', 'it is known in that run');
create function pg_temp.told_anew(run integer, person integer) returns text language sql as $$
  select concat_ws(' ', c.exceptions, c.new, c.resolved, c.acknowledged)
  from app.report_change_counts(pg_temp.id(9, run), pg_temp.id(2, person)) c
$$;
select pg_temp.night(7, '2026-11-10');
select is(pg_temp.told_anew(7, 8), '2 0 0 1', 'while it is known, nothing is new');
select is(pg_temp.changes(7, 6), 'open:2:04 open:3:01:known open:4:03', 'and the next');
select pg_temp.night(8, '2026-11-12');
select is(pg_temp.changes(8, 7), 'open:2:04 open:3:01 open:4:03', 'until its end, when it is back, as old as it is');
select is(pg_temp.told_anew(8, 8), '3 1 0 0', 'and told as something that is new');
select is(pg_temp.told_anew(8, 10), '2 0 0 0', 'not to the school where it is not');
select is(pg_temp.say(format('person=%s adviser=on', pg_temp.id(2, 8)), 8, 2, '2026-12-01', 2), 'done', 'of one that asks for attention too');
select pg_temp.as('');
update fact set severity = 2 where key = pg_temp.id(5, 2);
select pg_temp.night(9, '2026-11-13');
select is(pg_temp.changes(9, 8), 'open:2:04 open:3:01 open:4:03', 'which is back when it gets worse');
select is(pg_temp.told_anew(9, 8), '3 1 0 0', 'which is told too');
update fact set severity = 2 where key = pg_temp.id(5, 4);
select pg_temp.night(20, '2026-11-13');
select is(pg_temp.told_anew(20, 8), '3 2 0 0', 'as is one that gets worse of which nobody said anything');
update fact set severity = 1 where key = pg_temp.id(5, 3);
select pg_temp.night(21, '2026-11-13');
select is(pg_temp.told_anew(21, 8), '3 2 0 0', 'and not what gets better');
update fact set severity = 2 where key = pg_temp.id(5, 3);
update fact set severity = 1 where key = pg_temp.id(5, 4);
select pg_temp.night(22, '2026-11-13');

savepoint shorter;
select is(pg_temp.say(format('person=%s adviser=on', pg_temp.id(2, 8)), 9, 4, '2026-12-01', 3), 'done', 'of another');
select pg_temp.at('2026-11-10 12:00:01Z');
select is(pg_temp.say(format('person=%s adviser=on', pg_temp.id(2, 8)), 9, 4, '2026-11-15', 4), 'done', 'and then, that it may for a shorter time');
select pg_temp.as('');
select is(pg_temp.changes(9, 8), 'open:2:04 open:3:01 open:4:03:known', 'which holds');
select pg_temp.night(51, '2026-11-15');
select is(pg_temp.changes(51, 9), 'open:2:04 open:3:01 open:4:03', 'and when it has ended, what was said before does not return');
rollback to shorter;

-- What a person is told
update fact set severity = 1 where key in (pg_temp.id(5, 2), pg_temp.id(5, 5), pg_temp.id(5, 6));
update fact set severity = null where key = pg_temp.id(5, 4);
select pg_temp.night(10, '2026-11-14');
select is(pg_temp.changes(10, 9), 'new:5:14 new:6:14 open:2:04:known open:3:01 resolved:4:03', 'five of two schools');
select is(
  (select concat_ws(' ', c.exceptions, c.new, c.resolved, c.acknowledged) from app.report_change_counts(pg_temp.id(9, 10), person) c),
  expected, description)
from (values
  (pg_temp.id(2, 8), '3 2 1 1', 'the adviser of all'),
  (pg_temp.id(2, 9), '3 2 1 1', 'and who is told numbers'),
  (pg_temp.id(2, 10), '1 1 1 1', 'a director of the own school'),
  (pg_temp.id(2, 11), '1 1 1 1', 'and its administration'),
  (pg_temp.id(2, 12), '0 0 0 0', 'the system''s administrator of nothing'),
  (pg_temp.id(2, 1), '0 0 0 0', 'nor is a teacher')) v (person, expected, description);

-- Since they were told
savepoint told;
update report_schedule set report = 'made-up';
create function pg_temp.scheduled(number integer, day date) returns void language plpgsql as $$
begin
  insert into report_run (id, report, as_of, schedule_id, period, lease_until)
  select pg_temp.id(9, number), 'made-up', day, s.id, day, app.now() + interval '15 minutes'
  from report_schedule s;
  perform app.report_make(pg_temp.id(9, number), 1);
end
$$;
create function pg_temp.news(run integer) returns text language sql as $$
  select concat_ws(' ', c.new, c.resolved) from app.report_change_counts(pg_temp.id(9, run), pg_temp.id(2, 8)) c
$$;
insert into report_recipient (id, schedule_id, role) select pg_temp.id(6, 1), s.id, 'adviser' from report_schedule s;
update registration set email = 'p8@example.org' where person_id = pg_temp.id(2, 8);
select pg_temp.scheduled(60, '2026-11-16');
select is((select state from report_delivery where run_id = pg_temp.id(9, 60)), 'queued', 'the adviser is told of a run');
update fact set severity = 1 where key = pg_temp.id(5, 1);
update fact set severity = null where key = pg_temp.id(5, 6);
select pg_temp.night(61, '2026-11-17');
select pg_temp.scheduled(62, '2026-11-18');
select is(pg_temp.news(62), '1 1', 'what a run showed that nobody was told of, is news in the next');
select is((select concat_ws(' ', state, new_exceptions, resolved_exceptions) from report_delivery where run_id = pg_temp.id(9, 62)), 'queued 1 1', 'which is told');
update report_delivery set state = 'dead', reason = 'never_tried', finished_at = app.now() where run_id = pg_temp.id(9, 62);
select pg_temp.scheduled(63, '2026-11-19');
select is(pg_temp.news(63), '1 1', 'and again where the mail never arrived');
select pg_temp.scheduled(64, '2026-11-20');
select is(pg_temp.news(64), '0 0', 'once it was told it is news no longer');
rollback to told;

-- Numbers without rows
create function pg_temp.told(settings text) returns text language plpgsql as $$
declare
  answer text;
begin
  perform pg_temp.as(settings);
  set local role beeld_app;
  select concat_ws(' ',
    (select count(*) from report where key = 'made-up'), (select count(*) from report_run where id = '0193b6a0-0009-7000-8000-000000000010'),
    (select count(*) from report_row where run_id = '0193b6a0-0009-7000-8000-000000000010'),
    (select coalesce(sum(t.number), 0) from app.report_tally('0193b6a0-0009-7000-8000-000000000010', 'what') t),
    (select count(*) from report_acknowledgement))
  into answer;
  reset role;
  return answer;
end
$$;
select is(pg_temp.told(settings), expected, description)
from (values
  ('', '0 0 0 0 0', 'nobody is told nothing'),
  ('person=0193b6a0-0002-7000-8000-000000000001 adviser=on', '1 1 6 6 2', 'who sees rows is told of them'),
  ('person=0193b6a0-0002-7000-8000-000000000009 privacy_officer=on', '1 1 0 6 0', 'who does not, is told numbers of the whole'),
  ('person=0193b6a0-0002-7000-8000-000000000001 director_of={0193b6a0-0001-7000-8000-000000000001}', '1 1 3 3 1', 'a school of its part'),
  ('person=0193b6a0-0002-7000-8000-000000000001 school_admin_of={0193b6a0-0001-7000-8000-000000000001}', '1 1 3 3 1', 'whoever answers for it'),
  ('person=0193b6a0-0002-7000-8000-000000000001 system_admin=on', '1 1 0 0 0', 'the system''s administrator that there are runs'),
  ('person=0193b6a0-0002-7000-8000-000000000001 coach=on', '0 0 0 0 0', 'nobody else')) v (settings, expected, description);
select pg_temp.as('');

-- Kept
select throws_ok('delete from report_row', 'BE409', null, 'rows are kept');
select throws_ok('delete from report_run', 'BE409', null, 'and runs');
select pg_temp.at('2028-11-10 11:00:00Z');
select throws_ok('delete from report_row', 'BE409', null, 'for two years to the hour');
select pg_temp.at('2028-11-10 12:00:00Z');
select lives_ok('delete from report_row', 'and then are let go');
select lives_ok('delete from report_run where report = ''made-up''', 'with their runs');
select is((select count(*)::integer from report_acknowledgement), 0, 'and what was said of them');

select * from finish();
rollback;
