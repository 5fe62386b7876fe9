-- Deliveries: who is told of a run and who is not, claims and tries, and the address by which somebody unsubscribes.
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
from generate_series(1, 9) n;
-- 1, 2: directors of either school; 3: adviser; 4: adviser without an address; 5: adviser whose role has ended, 6: begins
-- tomorrow; 7: adviser who is disabled; 8: school administration, whose the report is not; 9: was director of both.
insert into registration (person_id, person_number, email, language, disabled_at)
select
  pg_temp.id(2, n), 'N' || n, case when n <> 4 then format('p%s@example.org', n) end, case n when 3 then 'en' else 'nl' end,
  case n when 7 then timestamptz '2026-11-01Z' end
from generate_series(1, 9) n;
insert into role_assignment (id, person_id, role, school_id, from_date, until_date)
select pg_temp.id(5, row_number() over ()::integer), pg_temp.id(2, v.person), v.role, case when v.school > 0 then pg_temp.id(1, v.school) end, v.from_date::date, v.until_date::date
from (values
  (1, 'director', 1, '2026-01-01', null), (2, 'director', 2, '2026-01-01', null), (3, 'adviser', null, '2026-01-01', null),
  (4, 'adviser', null, '2026-01-01', '2027-01-01'), (5, 'adviser', null, '2026-01-01', '2026-11-30'), (6, 'adviser', null, '2026-12-01', null),
  (7, 'adviser', null, '2026-01-01', null), (8, 'school_admin', 1, '2026-01-01', null), (9, 'director', 1, '2026-01-01', '2026-11-30'),
  (9, 'director', 2, '2026-01-01', '2026-11-30')) v (person, role, school, from_date, until_date);

-- What changed is here what the test says; that it is true, the tests of the runs show.
create table pg_temp.change (person uuid, exceptions integer, new integer, resolved integer, acknowledged integer);
create or replace function app.report_change_counts(run uuid, recipient uuid)
  returns table (exceptions integer, new integer, resolved integer, acknowledged integer)
  language sql stable
as $$ select c.exceptions, c.new, c.resolved, c.acknowledged from pg_temp.change c where c.person = recipient $$;
grant all on pg_temp.change to public;
create function pg_temp.changed(person integer, exceptions integer, new integer, resolved integer) returns void language sql as $$
  delete from pg_temp.change where person = pg_temp.id(2, $1);
  insert into pg_temp.change values (pg_temp.id(2, $1), $2, $3, $4, 1)
$$;

-- Recipients
insert into report_recipient (id, schedule_id, role, school_id)
select pg_temp.id(7, row_number() over ()::integer), s.id, v.role, case when v.school > 0 then pg_temp.id(1, v.school) end
from report_schedule s, (values ('director', null::integer), ('adviser', null), ('director', 2), ('school_admin', null)) v (role, school);
select pg_temp.at('2026-11-30 12:00Z');
create function pg_temp.people(of uuid[]) returns text language sql as $$
  select string_agg(right(p::text, 1), ' ' order by p) from unnest(of) p
$$;
select is(
  pg_temp.people(array(select app.report_recipients(s.id) from report_schedule s)), '1 2 3 4',
  'recipients are who holds the role today, each once, nobody who is disabled, and nobody whose the report is not');
delete from report_recipient where school_id is null and role = 'director';
select is(
  pg_temp.people(array(select app.report_recipients(s.id) from report_schedule s)), '2 3 4', 'at a school, whoever holds it there');
insert into report_recipient (id, schedule_id, role)
select pg_temp.id(7, 9), s.id, 'director'
from report_schedule s;

-- A night
update report_schedule set enabled_from = '2026-11-30';
create function pg_temp.night(run integer) returns text language plpgsql as $$
declare
  claimed record;
begin
  select * into claimed from app.report_claim(pg_temp.id(9, run), interval '2 minutes');
  perform app.report_make(claimed.run, claimed.attempt);
  return (
    select string_agg(concat_ws(' ', right(d.person_id::text, 1), d.state, d.reason), ', ' order by d.person_id)
    from report_delivery d
    where d.run_id = pg_temp.id(9, run));
end
$$;
select pg_temp.changed(1, 3, 1, 0), pg_temp.changed(2, 2, 0, 0), pg_temp.changed(3, 5, 1, 2), pg_temp.changed(4, 5, 1, 2);
select is(
  pg_temp.night(1), '1 queued, 2 queued, 3 queued, 4 dead no_address',
  'the first night everybody is told who may know it and has an address');
select results_eq(
  'select exceptions, new_exceptions, resolved_exceptions, acknowledged_exceptions from report_delivery where person_id = pg_temp.id(2, 3)',
  'values (5, 1, 2, 1)', 'with the counts of what they may see');
select set_eq(
  $$ select substr(id::text, 15, 1) from report_delivery $$, array['7'], 'each by an id of its own');
select pg_temp.at('2026-12-01 12:00Z');
select pg_temp.changed(1, 3, 0, 0), pg_temp.changed(2, 2, 0, 1), pg_temp.changed(3, 5, 0, 0), pg_temp.changed(6, 5, 0, 0);
select is(
  pg_temp.night(2), '1 skipped nothing_new, 2 queued, 3 skipped nothing_new, 4 dead no_address, 6 queued',
  'then on change, also when something was resolved; who is new is told at once');
insert into report_unsubscription (id, person_id, schedule_id)
select pg_temp.id(6, 1), pg_temp.id(2, 2), s.id
from report_schedule s;
select pg_temp.changed(2, 2, 2, 0);
update report_schedule set enabled_from = '2026-12-07';
select pg_temp.at('2026-12-07 12:00Z');
select is(
  pg_temp.night(3), '1 queued, 2 skipped unsubscribed, 3 queued, 4 dead no_address, 6 skipped nothing_new',
  'and once a week in any case, but for who does not want it');
update report_schedule set required = true;
select pg_temp.at('2026-12-08 12:00Z');
select is(
  pg_temp.night(4), '1 skipped nothing_new, 2 queued, 3 skipped nothing_new, 4 dead no_address, 6 queued',
  'which does not help where it is required');
select app.report_begin(pg_temp.id(9, 50), 'coverage', null);
select app.report_make(pg_temp.id(9, 50), 1);
select is_empty('select from report_delivery where run_id = pg_temp.id(9, 50)', 'what somebody asked for is told to nobody');
select throws_ok(
  $$ insert into report_delivery (id, run_id, person_id, state, reason, finished_at) select pg_temp.id(3, 1), run_id, person_id, 'dead', 'x', app.now() from report_delivery limit 1 $$,
  '23505', null, 'nobody is told twice of a run');

-- Claims. Only the night of the last run is left to be sent.
select pg_temp.at('2026-12-08 13:00Z');
select is(app.delivery_expire(), 7, 'what is a day old is given up');
select set_eq(
  $$ select state || ' ' || reason from report_delivery where finished_at = app.now() $$, array['dead never_tried'], 'and says why');
create function pg_temp.claim(key text) returns text language sql as $$
  select right(d.person_id::text, 1) || ' ' || c.attempt
  from app.delivery_claim(interval '5 minutes', sha256(key::bytea)) c
  join report_delivery d on d.id = c.delivery
$$;
select bag_eq(
  $$ select pg_temp.claim(k) from unnest(array['a', 'b', 'c']) k $$, $$ values ('2 1'), ('6 1'), (null) $$, 'each is taken up once');
create function pg_temp.delivery(person integer) returns uuid language sql as $$
  select d.id from report_delivery d where d.run_id = pg_temp.id(9, 4) and d.person_id = pg_temp.id(2, person)
$$;
select results_eq(
  $$ select address, language, run, report, as_of, late, required, exceptions, new_exceptions from app.delivery_hold(pg_temp.delivery(2), 1) $$,
  $$ values ('p2@example.org', 'nl', pg_temp.id(9, 4), 'coverage', date '2026-12-08', true, true, 2, 2) $$, 'what it says is held');
select throws_ok('select app.delivery_hold(pg_temp.delivery(2), 2)', 'BE409', null, 'by the one who took it up');
select app.delivery_sent(pg_temp.delivery(2), 1);
select row_eq(
  'select state, reason::text, finished_at from report_delivery where id = pg_temp.delivery(2)', row('sent'::text, null::text, app.now()),
  'what was sent is done');
select is(app.delivery_fail(pg_temp.delivery(2), 1, 'too_late', false), null, 'and never undone');
select throws_ok($$ update report_delivery set state = 'queued', finished_at = null where id = pg_temp.delivery(2) $$, 'BE409', null, 'whoever asks');
select throws_ok($$ update report_delivery set queued_at = now() where id = pg_temp.delivery(6) $$, 'BE409', null, 'nor does its age change');
select is(app.delivery_fail(pg_temp.delivery(6), 2, 'timed_out', false), null, 'who lost the claim fails nothing');
create function pg_temp.failing(attempt integer) returns interval language plpgsql as $$
begin
  perform app.delivery_fail(pg_temp.delivery(6), attempt, 'timed_out', false);
  perform pg_temp.at((select retry_at::text from report_delivery where id = pg_temp.delivery(6)));
  return app.now() - (select max(finished_at) from report_delivery where state = 'sent') ;
end
$$;
select results_eq(
  $$ select extract(epoch from pg_temp.failing(n) )::integer / 60, pg_temp.claim('d' || n) from generate_series(1, 6) n $$,
  $$ values (1, '6 2'), (5, '6 3'), (21, '6 4'), (81, '6 5'), (141, '6 6'), (201, '6 7') $$,
  'a try that failed is made again after 1, 4 and 16 minutes, and then every hour');
select is(pg_temp.claim('e'), null, 'while a lease holds, nobody else is at it');
select pg_temp.at('2026-12-08 16:30Z');
select is(pg_temp.claim('f'), '6 8', 'and then somebody is');
select pg_temp.at('2026-12-09 12:00Z');
select is(app.delivery_expire(), 1, 'after 24 hours it is given up');
select row_eq(
  'select state, reason::text from report_delivery where id = pg_temp.delivery(6)', row('dead'::text, 'timed_out'::text), 'with what became of the last try');
select is(pg_temp.claim('g'), null, 'nobody tries again');

-- What waits is sent to nobody who is not to be told any more.
update report_schedule set required = false;
select pg_temp.changed(1, 3, 1, 0), pg_temp.changed(2, 2, 1, 0), pg_temp.changed(3, 5, 1, 0), pg_temp.changed(6, 5, 1, 0);
update report_schedule set enabled_from = '2026-12-09';
delete from report_unsubscription;
select pg_temp.at('2026-12-09 12:00Z');
select is(pg_temp.night(7), '1 queued, 2 queued, 3 queued, 4 dead no_address, 6 queued', 'of four mails that wait');
select bag_eq(
  $$ select pg_temp.claim(k) from unnest(array['w', 'x', 'y', 'z']) k $$, $$ values ('1 1'), ('2 1'), ('3 1'), ('6 1') $$, 'each is tried');
select app.delivery_fail(d.id, 1, 'timed_out', false) from report_delivery d where d.run_id = pg_temp.id(9, 7) and d.state = 'queued';
update role_assignment set until_date = '2026-12-09' where person_id = pg_temp.id(2, 1);
insert into report_unsubscription (id, person_id, schedule_id)
select pg_temp.id(6, 2), pg_temp.id(2, 2), s.id
from report_schedule s;
update registration set disabled_at = '2026-12-09Z' where person_id = pg_temp.id(2, 6);
select pg_temp.at('2026-12-09 12:10Z');
select is(pg_temp.claim('v'), '3 2', 'one is tried again');
select is(pg_temp.claim('u'), null, 'and no other');
select is(
  (select string_agg(concat_ws(' ', right(d.person_id::text, 1), d.state, d.reason), ', ' order by d.person_id) from report_delivery d where d.run_id = pg_temp.id(9, 7)),
  '1 skipped no_recipient, 2 skipped unsubscribed, 3 queued timed_out, 4 dead no_address, 6 skipped no_recipient',
  'whose role has ended, who does not want it any more, and whose account is closed is sent nothing');
select app.delivery_sent(d.id, 2::integer) from report_delivery d where d.run_id = pg_temp.id(9, 7) and d.state = 'queued';
update role_assignment set until_date = null where person_id = pg_temp.id(2, 1);

update report_schedule set enabled_from = '2026-12-10';
select pg_temp.at('2026-12-10 12:00Z');
update registration set disabled_at = '2026-12-09Z' where person_id in (pg_temp.id(2, 1), pg_temp.id(2, 6));
select pg_temp.changed(3, 5, 9, 0);
select alike(pg_temp.night(5), '%3 queued%', 'another night');
select is(pg_temp.claim('h'), '3 1', 'that is taken up');
select is(
  app.delivery_fail((select id from report_delivery where run_id = pg_temp.id(9, 5) and person_id = pg_temp.id(2, 3)), 1, 'smtp_550', true),
  'dead', 'is given up at once when it is refused for good');
select results_eq('select * from app.delivery_troubles()', 'values (4, 0, 13, 0)', 'the operator learns of troubles');

-- Unsubscribing
create function pg_temp.seen(act text) returns text language plpgsql as $$
declare
  answer text;
begin
  set local role beeld_app;
  execute act into answer;
  reset role;
  return answer;
exception when others then
  return sqlstate;
end
$$;
create temporary table mail as
select d.id
from report_delivery d
where d.run_id = pg_temp.id(9, 5)
  and d.person_id = pg_temp.id(2, 3);
grant select on mail to beeld_app;
select is(pg_temp.seen($$ select s from app.subscription((select id from mail), sha256('h')) s $$), '(coverage,en,f,t)', 'the key in a mail leads to its subscription');
select is(pg_temp.seen($$ select s from app.subscription((select id from mail), sha256('a')) s $$), 'BE404', 'the key of another mail to nothing');
select is(pg_temp.seen($$ select s from app.subscribe((select id from mail), sha256('a'), false) s $$), 'BE404', 'and ends nothing');
select is(pg_temp.seen($$ select s from app.subscribe((select id from mail), sha256('h'), false) s $$), '(coverage,en,f,f)', 'the right one ends it');
select is(pg_temp.seen($$ select s from app.subscribe((select id from mail), sha256('h'), false) s $$), '(coverage,en,f,f)', 'also when it is asked again');
select row_eq(
  $$ select a.origin, a.act, a.actor_key = p.subject_key, a.subject_key = p.subject_key, a.after ? 'person_id'
     from audit a, person p where a.table_name = 'report_unsubscription' and p.id = pg_temp.id(2, 3) order by a.id desc limit 1 $$,
  row('mail'::text, 'insert'::text, true, true, false), 'which the audit tells as the recipient''s own act');
select pg_temp.at('2026-12-20 12:00Z');
update report_schedule set enabled_from = '2026-12-20';
select alike(pg_temp.night(6), '%3 skipped unsubscribed%', 'then nothing more is sent');
select is(pg_temp.seen($$ select s from app.subscribe((select id from mail), sha256('h'), true) s $$), '(coverage,en,f,t)', 'until it is wanted again');
update report_schedule set required = true;
select is(pg_temp.seen($$ select s from app.subscribe((select id from mail), sha256('h'), false) s $$), '(coverage,en,t,t)', 'what is required goes on');
select set_eq(
  'select hash from report_delivery_key where delivery_id = (select id from mail)', array[sha256('h')], 'of the key nothing but its hash is kept');

-- Who sees what
create function pg_temp.as(settings text) returns text language plpgsql as $$
declare
  setting text;
  answer text;
begin
  perform set_config('app.' || s, '', true)
  from unnest(array['person', 'coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools']) s;
  foreach setting in array string_to_array(settings, ' ')
  loop
    perform set_config('app.' || split_part(setting, '=', 1), split_part(setting, '=', 2), true);
  end loop;
  set local role beeld_app;
  select concat_ws(' ', (select count(*) from report_recipient), (select count(*) > 10 from report_delivery)) into answer;
  reset role;
  return answer;
end
$$;
select is(pg_temp.as(settings), expected, settings)
from (values
  ('', '0 f'), ('person=1', '0 f'), ('person=0193b6a0-0002-7000-8000-000000000003 adviser=on', '4 t'), ('person=1 system_admin=on', '4 t'),
  ('person=1 privacy_officer=on', '0 f'), ('person=1 director_of={0193b6a0-0001-7000-8000-000000000001}', '0 f'),
  ('person=1 school_admin_of={0193b6a0-0001-7000-8000-000000000001}', '0 f'), ('person=1 coach=on', '0 f')) v (settings, expected);

-- What a mail says is not for who keeps the system running
create function pg_temp.figures(settings text) returns text language plpgsql as $$
declare
  answer text;
begin
  perform pg_temp.as(settings);
  set local role beeld_app;
  select concat_ws(' ', count(*) > 10, count(d.body ->> 'exceptions') > 3, count(d.body ->> 'new') > 3, count(d.body ->> 'resolved') > 3, count(d.body ->> 'acknowledged') > 3)
  into answer
  from report_delivery_resource d;
  reset role;
  return answer;
end
$$;
select is(pg_temp.figures('person=0193b6a0-0002-7000-8000-000000000003 adviser=on'), 't t t t t', 'the adviser reads what mails say');
select is(pg_temp.figures('person=0193b6a0-0002-7000-8000-000000000008 system_admin=on'), 't f f f f', 'the system''s administrator that there are mails');

select * from finish();
rollback;
