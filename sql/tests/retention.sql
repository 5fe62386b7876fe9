-- Keeping ends: who and what goes, what keeps somebody, that nothing of them is left, and that it is counted.
begin;
set local search_path = beeld, app, public, pg_catalog;
set local client_min_messages = warning;
select no_plan();

set local role beeld_owner;
\ir ../demonstration/organisation.sql
\ir ../demonstration/programme.sql
reset role;
do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;

create function pg_temp.who(number text) returns uuid language sql stable as $$
  select ('019a0000-0000-7003-8000-' || lpad(substr(number, 2), 12, '0'))::uuid
$$;
create function pg_temp.clock(at timestamptz) returns void language sql as $$ select set_config('app.now', at::text, true) $$;
-- One night's work on one kind, piece by piece, as the server's login does it.
create function pg_temp.night_of(kind text, at_most integer default 1000) returns text language plpgsql as $$
declare
  gone integer;
  pieces text[] := '{}';
begin
  set local role beeld_jobs;
  loop
    gone := app.retention_step(kind, at_most);
    pieces := pieces || coalesce(gone::text, '–');
    exit when coalesce(gone, 0) = 0;
  end loop;
  reset role;
  return array_to_string(pieces, ' ');
end
$$;
create temporary table start as select app.today() as day;
create temporary table everybody as select p.id, p.name, p.subject_key, r.person_number, r.email from person p join registration r on r.person_id = p.id;

-- A report that speaks of everybody, and a text of one.
insert into report_run (id, report, as_of, lease_until) values ('019a0000-0000-70ff-8000-000000000001', 'coverage', app.today(), app.now() + interval '1 hour');
select app.report_make('019a0000-0000-70ff-8000-000000000001', 1);
insert into data_key (id, person_id, bound_to, master_key, wrapped)
select '019a0000-0000-70fe-8000-000000000001', p.id, p.id, '2026', decode(repeat('00', 61), 'hex')
from person p
where p.id = pg_temp.who('D1021');
set local session_replication_role = replica;
insert into content (kind, item_id, teacher_id, data_key_id, sealed)
select 'learning_question', gen_random_uuid(), k.person_id, k.id, decode(repeat('00', 40), 'hex')
from data_key k;
set local session_replication_role = origin;

-- Nobody has departed who works here, or did two years ago less a day.
select is(
  (select count(*) from app.departed_people(app.today()) d), 0::bigint, 'nobody who departed lately is to go');
create temporary table departure as
select e.person_id, max(e.until_date) as day
from employment e
group by e.person_id
having bool_and(e.until_date is not null);
select isnt_empty('select from departure', 'some have departed');
select is(
  (
    select bool_and(
      not exists (select from app.departed_people(((d.day + interval '2 years')::date) - 1) x where x.person_id = d.person_id)
      and exists (select from app.departed_people((d.day + interval '2 years')::date) x where x.person_id = d.person_id))
    from departure d
    where not exists (select from role_assignment a where a.person_id = d.person_id)
  ), true, 'two years after the last day, to the day, they are due');

-- What keeps somebody
set local session_replication_role = replica;
update employment set from_date = (select day - 1 from start) where from_date >= (select day from start);
set local session_replication_role = origin;
update employment set until_date = (select day from start) where until_date is null or until_date > (select day from start);
update role_assignment set until_date = (select day from start) where until_date is null or until_date > (select day from start);
select pg_temp.clock((select day + interval '3 years' from start) + time '12:00');
select set_eq(
  'select distinct d.kept_by from app.departed_people(app.today()) d',
  array[null, 'trajectory_open'], 'guidance that goes on keeps people here');
create function pg_temp.kept(number text) returns text language sql stable as $$
  select coalesce((select coalesce(d.kept_by, 'nothing') from app.departed_people(app.today()) d where d.person_id = pg_temp.who(number)), 'not due')
$$;
set local session_replication_role = replica;
update trajectory set state = 'closed';
update recording set state = 'cancelled', ended_on = app.today() where state = 'planned';
select is(pg_temp.kept('D1012') || ' ' || pg_temp.kept('D0501'), 'breach_open holds_copy', 'a loss that nobody judged, footage in somebody''s hands');
update breach set settled_at = app.now(), outcome = 'not_notifiable';
update copy set state = 'deleted' where state = 'held' and holder_id <> teacher_id;
select set_eq('select d.kept_by from app.departed_people(app.today()) d', array[null::text], 'once all is settled nothing keeps anybody, also not their own footage');
create function pg_temp.kept_while(act text, number text) returns text language plpgsql as $$
declare
  found text;
begin
  begin
    set local session_replication_role = replica;
    execute act;
    found := pg_temp.kept(number);
    raise exception using errcode = 'BT000';
  exception when sqlstate 'BT000' then
    return found;
  end;
end
$$;
set local session_replication_role = origin;
select is(pg_temp.kept_while(format('update trajectory set state = ''paused'' where teacher_id = %L', pg_temp.who('D1009')), 'D1009'), 'trajectory_open', 'a trajectory keeps its teacher');
select is(pg_temp.kept_while('update trajectory set state = ''closing''', 'D0501'), 'trajectory_open', 'and its coach');
select is(pg_temp.kept_while('update recording set state = ''planned'', recorded_on = null, debriefed_on = null, ended_on = null', 'D0501'), 'recording_planned', 'a recording that is planned keeps who is to film');
select is(pg_temp.kept_while('update copy set state = ''held'', required_on = app.today() where teacher_id = holder_id', 'D1009'), 'copy_to_delete', 'footage that a parent demands deleted keeps who has it');
select is(pg_temp.kept_while('update copy set state = ''held'' where teacher_id <> holder_id', 'D1010'), 'copy_to_delete', 'footage that another has keeps whose it is');
select is(
  pg_temp.kept_while('insert into quarantine (id, recording_id, teacher_id, cause, codes) select gen_random_uuid(), r.id, r.teacher_id, ''objection'', ''{}'' from recording r', 'D1009'),
  'quarantine_open', 'a quarantine keeps whose recording it is');
select is(pg_temp.kept_while('insert into employment (id, person_id, school_id, job, fte, from_date) select gen_random_uuid(), p.id, s.id, ''support'', 1, app.today() + 30 from person p, school s', 'D1009'), 'not due', 'who is about to come back has not departed');
select is(pg_temp.kept_while('insert into role_assignment (id, person_id, role, from_date, until_date) select gen_random_uuid(), p.id, ''coach'', app.today() - 900, app.today() - 700 from person p', 'D1009'), 'not due', 'nor, until two years later, who held a role for longer');
select is(pg_temp.kept_while('delete from employment; delete from role_assignment', 'D1009'), 'not due', 'of whom no departure is known there is none');

-- The night
create temporary table before as
select
  (select jsonb_agg(jsonb_build_array(f.kind, f.school_code, f.cohort, f.figures)) from app.report_coverage_lines('019a0000-0000-70ff-8000-000000000001') f) as figures,
  app.report_run_hash('019a0000-0000-70ff-8000-000000000001') as hash,
  (select count(*) from report_row) as rows,
  (select max(id) from audit) as noted,
  (select count(*) from person) as people,
  (select count(*) from audit) as audited;
select pg_temp.clock(((select day + interval '3 years' from start) + time '03:29:59') at time zone 'Europe/Amsterdam');
select is(pg_temp.night_of('person'), '–', 'before half past three nothing is removed');
select pg_temp.clock(((select day + interval '3 years' from start) + time '03:30') at time zone 'Europe/Amsterdam');
select is(pg_temp.night_of('person', 800), '20 20 20 0', 'then, a piece at a time, who departed');
select is(pg_temp.night_of('person', 800), '–', 'and no more that night');
select is((select count(*) from person), 0::bigint, 'nobody is left');
select results_eq(
  'select kind, number, finished_at is not null from retention',
  $$ values ('person', (select people from before), true) $$, 'it is counted how many went');
select is((select max(school_year) from own_wish_year)::integer, app.school_year(app.today()) - 1, 'their wishes were counted before');

-- Nothing of them is left.
create function pg_temp.found(needles text[]) returns setof text language plpgsql as $$
declare
  looked record;
begin
  for looked in
    select c.relname
    from pg_class c
    where c.relnamespace = 'beeld'::regnamespace
      and c.relkind = 'r'
  loop
    return query execute format(
      'select distinct %L || '' '' || n from beeld.%I t join unnest($1) n on position(n in t::text) > 0', looked.relname, looked.relname)
    using needles;
  end loop;
end
$$;
select is_empty($$ select f from pg_temp.found(array(select e.name::text from everybody e)) f $$, 'no name is left anywhere');
select is_empty($$ select f from pg_temp.found(array(select e.email from everybody e where e.email is not null)) f $$, 'nor an address');
select is_empty($$ select f from pg_temp.found(array(select e.person_number from everybody e)) f where f not like 'school %' $$, 'nor a number of the personnel system');
select is_empty(
  $$ select f from pg_temp.found(array(select e.id::text from everybody e)) f where split_part(f, ' ', 1) not in ('report_row', 'request_step') $$,
  'ids are left in stored runs, and in figures of past requests, and lead to nobody');
select isnt_empty($$ select f from pg_temp.found(array(select e.id::text from everybody e)) f $$, 'there they are left');
select set_eq(
  $$ select distinct split_part(f, ' ', 1) from pg_temp.found(array(select e.subject_key::text from everybody e)) f $$,
  array['audit'], 'the audit''s keys are left in the audit');
select is((select count(*) from content) + (select count(*) from data_key), 0::bigint, 'texts are gone and their keys');
select is_empty(
  $$
    select n.id
    from audit n
    join before b on n.id > b.noted
    where n.act = 'update'
      and n.table_name = 'data_key'
      and not exists (
        select
        from audit d
        where d.act = 'delete'
          and d.table_name = 'data_key'
          and d.id > n.id)
  $$, 'the key was destroyed before it was removed');
select is((select count(*) from audit a join before b on a.id > b.noted where a.table_name = 'data_key' and a.act = 'update'), 1::bigint, 'each key was');
select is(
  (select string_agg(distinct a.origin, ' ') from audit a join before b on a.id > b.noted), 'job', 'the audit tells that the server did it');
select cmp_ok((select count(*) from audit), '>', (select audited from before), 'and keeps what it had');

-- Stored runs are as they were.
select is((select app.report_run_hash('019a0000-0000-70ff-8000-000000000001')), (select hash from before), 'the hash of a stored run is the same');
select is((select row_hash from report_run), (select hash from before), 'and the one it was given');
select is(
  (select jsonb_agg(jsonb_build_array(f.kind, f.school_code, f.cohort, f.figures)) from app.report_coverage_lines('019a0000-0000-70ff-8000-000000000001') f),
  (select figures from before), 'and so are its figures');

-- Runs, after twenty-four months: first the run, then its rows
select pg_temp.clock((select finished_at + interval '24 months' - interval '1 second' from report_run));
select is(pg_temp.night_of('report_run'), case when app.retention_night() is null then '–' else '0' end, 'a run is kept for twenty-four months');
create function pg_temp.next_night() returns void language sql as $$
  select pg_temp.clock(((app.today() + 1) + time '04:00') at time zone 'Europe/Amsterdam')
$$;
select pg_temp.next_night();
select is(pg_temp.night_of('report_run'), '1 0', 'and no longer');
select is(
  pg_temp.night_of('report_row', 10),
  (select concat(repeat('10 ', (rows / 10)::integer), case when rows % 10 > 0 then rows % 10 || ' ' end, '0') from before), 'its rows follow, piece by piece');
select is((select count(*) from report_row), 0::bigint, 'to the last');
insert into report_run (id, report, as_of, lease_until) values ('019a0000-0000-70ff-8000-000000000002', 'coverage', app.today(), app.now() + interval '1 hour');
select throws_ok('delete from report_run', 'BE409', null, 'before their time nobody removes them');

-- The audit, after five years
select throws_ok('delete from audit where id = (select max(id) from audit)', 'BE403', null, 'nobody removes an audit row before its time');
select throws_ok('update audit set after = null', 'BE403', null, 'or changes one');
select throws_ok('truncate audit', 'BE403', null, 'or empties it');
set local session_replication_role = replica;
update audit
set at = case when id <= (select percentile_disc(0.5) within group (order by id) from audit) then timestamptz '2026-01-10 12:00Z' else '2026-01-10 12:00:01Z' end;
set local session_replication_role = origin;
create temporary table old as
select count(*) as number from audit where at = '2026-01-10 12:00Z';
select pg_temp.clock('2031-01-10 12:00Z');
select is(
  (select sum(n::integer) from regexp_split_to_table(pg_temp.night_of('audit', 100), ' ') n), (select number from old)::bigint,
  'audit rows go after five years');
select is((select count(*) from audit a where a.at = '2026-01-10 12:00Z'), 0::bigint, 'all of those');
select cmp_ok((select count(*) from audit), '>', 0::bigint, 'the younger stay');

-- Tokens and commands
insert into person (id, name) values (pg_temp.who('D0001'), 'Somebody');
insert into registration (person_id, person_number) values (pg_temp.who('D0001'), 'N1');
insert into api_token (id, hash, name, person_id, created_at, expires_at, revoked_at)
select gen_random_uuid(), sha256(n::text::bytea), n::text, pg_temp.who('D0001'), app.now() - interval '1 year', app.now() + expires::interval, app.now() + revoked::interval
from (values (1, '-31 days', null), (2, '-29 days', null), (3, '1 day', '-31 days'), (4, '1 day', '-1 day'), (5, '1 day', null)) v (n, expires, revoked);
select is(pg_temp.night_of('api_token'), '2 0', 'tokens go thirty days after their end');
select set_eq('select name::text from api_token', array['2', '4', '5'], 'and not before');
insert into command (person_id, key, hash, status, at)
select pg_temp.who('D0001'), n::text, '\x00', 200, app.now() - make_interval(hours => n)
from generate_series(22, 26) n;
select is(app.forget_commands(), 3::bigint, 'names of commands are forgotten after a day');
select is(app.forget_commands(), 0::bigint, 'once');
select is((select number from retention where kind = 'command' and night = app.today()), 3::bigint, 'and counted');

-- Objections
insert into objection (id, school_id, received_on, state, answered_on, pupil_left_on, state_reason, created_at, state_since)
select gen_random_uuid(), s.id, app.today() - 500, 'ended', app.today() - 490, app.today() - days, 'pupil_left', app.now(), app.now()
from school s
cross join (values (300), (400)) d (days);
select is(pg_temp.night_of('objection', 5), '5 3 0', 'objections go a year after the pupil');
select is((select sum(number) from objection_tally), 8::bigint, 'their number stays');

-- Once at a time
select throws_ok($$ select app.retention_step('command', 10) $$, 'BE500', null, 'what is not removed by night is refused');
select is(
  array(
    select p.proname || ' ' || r.rolname
    from pg_proc p
    cross join pg_roles r
    where p.pronamespace = 'app'::regnamespace
      and p.proname in ('retention_step', 'forget_people', 'forget_report_runs', 'forget_report_rows', 'forget_audit', 'forget_tokens', 'close_own_wish_years', 'note_removal')
      and r.rolname in ('beeld_app', 'beeld_jobs')
      and has_function_privilege(r.oid, p.oid, 'execute')),
  array['retention_step beeld_jobs'], 'the night''s work is the server''s, and the one way');

-- The report of it
create function pg_temp.told(day date) returns text language sql as $$
  select string_agg(concat_ws(' ', r.severity, replace(r.cells, e'\t', ' ')), '; ' order by r.ordinal)
  from app.report_retention(day) r
  where r.cells not like 'kept%'
$$;
set local session_replication_role = replica;
delete from retention;
set local session_replication_role = origin;
select is(pg_temp.told('2031-05-01'), null, 'before the first night there is nothing to tell');
insert into retention (night, kind, number, finished_at)
select '2031-05-01', k, case k when 'audit' then 7 else 0 end, '2031-05-01 01:31Z'
from unnest(array['person', 'objection', 'report_run', 'report_row', 'audit', 'api_token']) k;
insert into retention (night, kind, number) values ('2031-05-01', 'command', 12);
select is(
  pg_temp.told('2031-05-01'),
  'removed api_token 2031-05-01 0 ; removed audit 2031-05-01 7 ; removed command 2031-05-01 12 ; removed objection 2031-05-01 0 ; removed person 2031-05-01 0 ; removed report_row 2031-05-01 0 ; removed report_run 2031-05-01 0 ',
  'of the day all is told');
insert into retention (night, kind, number, finished_at)
select '2031-05-02', k, 0, case when k <> 'audit' then timestamptz '2031-05-02 01:31Z' end
from unnest(array['person', 'objection', 'report_run', 'report_row', 'audit']) k;
select is(
  pg_temp.told('2031-05-03'),
  '2 not_done api_token 2031-05-02  ; 2 not_done audit 2031-05-02 0 ; removed audit 2031-05-01 7 ; removed command 2031-05-01 12 ',
  'what a night did not do is serious; of earlier ones what they removed is told');
select is(pg_temp.told('2031-06-02') like '%2031-05-02%', false, 'for a month');
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select gen_random_uuid(), pg_temp.who('D0001'), s.id, 'support', 1, '2020-08-01', '2028-08-01' from school s limit 1;
set local session_replication_role = replica;
insert into copy (id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state)
select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), pg_temp.who('D0001'), c.id, c.kind, 'held' from carrier c limit 1;
set local session_replication_role = origin;
select results_eq(
  $$ select r.person_id, r.severity, replace(r.cells, e'\t', ' ') from app.report_retention('2031-05-03') r where r.cells like 'kept%' $$,
  $$ values (pg_temp.who('D0001'), 1::smallint, 'kept person 2030-08-01  holds_copy') $$,
  'who is kept is told, since when, and by what');

select * from finish();
rollback;
