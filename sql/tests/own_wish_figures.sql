-- Figures about voluntary requests: of years that are over, too small ones not told, none made out of others; and
-- nothing else counts them.
begin;
set local search_path = beeld, app, public, pg_catalog;
set local client_min_messages = warning;
select no_plan();
\ir fixture/board.sql
\ir fixture/coaching.sql

-- So many wishes by so many teachers in a school year, about the three subjects in this proportion, so many guided.
create function pg_temp.wishes(year integer, teachers integer[], guided integer default 0) returns void language plpgsql as $$
declare
  subjects constant text[] := '{classroom_management,interaction,didactics}';
begin
  set local session_replication_role = replica;
  insert into beeld.request (id, teacher_id, origin, state, made_as, aim, subject, created_at, state_since)
  select
    pg_temp.fact((year * 1000 + s * 100 + n)::integer), pg_temp.person(chr(96 + n)), 'own_wish', 'withdrawn', 'teacher', 'personal', subjects[s],
    make_timestamptz(year, 10, 1, 12, 0, 0, 'UTC'), make_timestamptz(year, 10, 2, 12, 0, 0, 'UTC')
  from unnest(teachers) with ordinality t (number, s)
  cross join generate_series(1, t.number) n;
  insert into beeld.trajectory (id, request_id, teacher_id, coach_id, origin, state, opened_on)
  select r.id, r.id, r.teacher_id, pg_temp.person('C'), 'own_wish', 'closed', make_date(year, 11, 1)
  from beeld.request r
  where r.created_at >= make_date(year, 8, 1)
    and r.created_at < make_date(year + 1, 8, 1)
  order by r.id
  limit guided;
  set local session_replication_role = origin;
end
$$;
create function pg_temp.told(who text default 'P') returns text language plpgsql as $$
declare
  answer json;
begin
  set local role beeld_app;
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  answer := app.own_wish_figures();
  raise exception using errcode = 'BT000', message = coalesce((
    select string_agg(concat_ws(' ', i ->> 'school_year', coalesce(i ->> 'requests', '–'), coalesce(i ->> 'guided', '–'),
      coalesce((select string_agg(v.value, '+') from json_each_text((i ->> 'subjects')::json) v), '–')), ', ')
    from json_array_elements(answer -> 'items') i), 'nothing');
exception when sqlstate 'BT000' then
  return sqlerrm;
end
$$;
select pg_temp.wishes(2020, '{5,5,5}', 10);
select pg_temp.wishes(2021, '{5,5,4}', 5);
select pg_temp.wishes(2022, '{6,6,6}', 14);
select pg_temp.wishes(2023, '{4,0,0}', 4);
select pg_temp.wishes(2025, '{7,8,9}', 6);
select pg_temp.wishes(2026, '{9,9,9}', 9);
select is(app.close_own_wish_years(), 6, 'each school year that is over is counted');
select is(
  pg_temp.told(), '2025 24 6 7+8+9, 2024 – – –, 2023 – – –, 2022 18 – 6+6+6, 2021 14 5 –, 2020 15 10 5+5+5',
  'what is under five is not told: no small year, no subject and none beside it, no guidance whose difference would tell; the year that runs is not there');
select is(app.close_own_wish_years(), 0, 'counted once');
delete from request where created_at < '2021-08-01Z';
select is(app.close_own_wish_years(), 0, 'and not again');
select is(split_part(pg_temp.told(), ', ', 6), '2020 15 10 5+5+5', 'what is taken back or goes with its teacher changes no figure, and no difference tells of it');
select throws_ok('update own_wish_year set guided = null', 'BE403', null, 'nobody changes one');
select throws_ok('delete from own_wish_year', 'BE403', null, 'nor removes one');
select is(
  (select string_agg(who || ' ' || left(pg_temp.told(who), 7), ', ') from unnest(string_to_array('a T C D S V A', ' ')) who),
  'a nothing, T nothing, C nothing, D nothing, S nothing, V nothing, A nothing', 'the figures are the adviser''s');
select pg_temp.clock('2027-07-31 21:59:59Z');
select is(app.close_own_wish_years(), 0, 'a year ends with 31 July in Amsterdam');
select pg_temp.clock('2027-07-31 22:00:00Z');
select is(app.close_own_wish_years(), 1, 'and is over then');
select is(split_part(pg_temp.told(), ', ', 1), '2026 27 9 9+9+9', 'so it is told');
delete from request;
set local session_replication_role = replica;
delete from own_wish_year;
delete from trajectory;
set local session_replication_role = origin;
select is(
  (
    select count(*)
    from (
      select pg_temp.wishes(2030 + n, array[(random() * 9)::integer, (random() * 9)::integer, (random() * 9)::integer], (random() * 12)::integer)
      from generate_series(1, 60) n
    ) w
  ), 60::bigint, 'of sixty years at random');
select pg_temp.clock('2095-09-01 12:00:00Z');
select app.close_own_wish_years();
select is_empty(
  $$
    select o.school_year
    from own_wish_year o
    where least(o.requests, o.guided, o.classroom_management, o.interaction, o.didactics) < 5
      or abs(o.requests - o.guided) < 5
      or num_nulls(o.classroom_management, o.interaction, o.didactics) not in (0, 3)
  $$,
  'no figure, and no difference of two of one year, is under five');
select isnt_empty('select from own_wish_year where guided is not null and classroom_management is not null', 'some are told in full');
delete from request;
delete from trajectory;

-- Nothing else counts them: whatever was answered to whomever is answered still when there are wishes.
-- So the places of the forecast leave them out, though they take of a coach's room: it has some to tell of here.
select pg_temp.clock('2026-11-02 12:00:00Z');
update coach set capacity = 12;
create function pg_temp.everything() returns table (of text, answer text) language plpgsql as $$
declare
  counted record;
  who text;
begin
  -- Every report there is, on any day; also those to come.
  for counted in
    select p.proname, d.day
    from pg_proc p
    cross join (values (date '2025-10-01'), ('2026-11-02'), ('2027-06-30')) d (day)
    where p.pronamespace = 'app'::regnamespace
      and p.proname like 'report\_%'
      and p.prorettype = 'beeld.report_line'::regtype
  loop
    return query execute format(
      'select %L, string_agg(r::text, chr(10) order by r.ordinal, r.key) from app.%I(%L) r', counted.proname || ' ' || counted.day, counted.proname, counted.day);
  end loop;
  foreach who in array string_to_array('T C D S P V A E', ' ')
  loop
    begin
      set local role beeld_app;
      perform app.identify(sha256(convert_to(who, 'UTF8')));
      return query
      select concat_ws(' ', 'coverage', who, g, d.day), app.coverage(d.day, g)::text
      from unnest(array['board', 'school', 'cohort']) g
      cross join (values (date '2025-10-01'), ('2026-11-02'), ('2027-06-30')) d (day);
      return query select concat_ws(' ', 'forecast', who), app.coverage_forecast()::text;
      -- The coach who guides them has them among the own teachers, and nobody else has.
      if who <> 'C' then
        return query select concat_ws(' ', 'starters', who, f), app.starter_list(null, coverage => f)::text from unnest(array['open', 'planned', 'recorded', 'covered']) f;
      end if;
      return query select concat_ws(' ', 'overview', who), app.school_overview(pg_temp.school(1))::text;
      return query select concat_ws(' ', 'figures', who), app.own_wish_figures()::text;
      if who <> 'P' then
        return query
        select concat_ws(' ', 'requests', who), count(*)::text
        from request r
        where r.teacher_id <> app.me()
          and r.coach_id is distinct from app.me();
      end if;
      perform pg_temp.nobody();
    end;
  end loop;
end
$$;
create temporary table before as select * from pg_temp.everything();
-- In every state: just made, offered, guided with a recording planned, made, and talked over.
select pg_temp.did('a', pg_temp.wish(1));
select pg_temp.did('b', pg_temp.wish(2));
select pg_temp.did('P', pg_temp.offer(2, 'C', 'no_other_coach'));
set local session_replication_role = replica;
insert into request (id, teacher_id, origin, state, made_as, made_by, aim, subject, coach_id, created_at, state_since)
select
  pg_temp.fact(n), pg_temp.person(who), 'own_wish', 'assigned', 'teacher', pg_temp.person(who), 'team', 'didactics', pg_temp.person('C'),
  '2025-09-01Z', '2025-09-10Z'
from (values (3, 'd'), (4, 'e'), (5, 'f')) v (n, who);
insert into trajectory (id, request_id, teacher_id, coach_id, origin, state, recordings, opened_on, state_since)
select r.id, r.id, r.teacher_id, r.coach_id, r.origin, 'open', 3, '2025-09-10', '2025-09-10Z'
from request r
where r.state = 'assigned';
insert into recording (
  id, teacher_id, coach_id, group_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, debriefed_on, trajectory_id, ordinal)
select
  r.id, r.teacher_id, r.coach_id, pg_temp.fact(1), 'own_wish', false, v.state, '2025-09-11', '2025-09-20', v.made::date, v.talked::date, r.id, 1
from (values (3, 'planned', null, null), (4, 'made', '2025-09-20', null), (5, 'debriefed', '2025-09-20', '2025-10-01')) v (n, state, made, talked)
join request r on r.id = pg_temp.fact(v.n);
set local session_replication_role = origin;
select cmp_ok((select (answer::json #>> '{total,places}')::integer from before where of = 'forecast P'), '>', 10, 'there are places that they could take');
select cmp_ok((select count(*) from before), '>', 60::bigint, 'of everything that counts, for everybody, on three days');
select is_empty(
  $$
    select b.of, b.answer, a.answer
    from before b
    full join pg_temp.everything() a using (of)
    where a.answer is distinct from b.answer
  $$,
  'nothing is another with five wishes, two of a year that is over and three in the hands of a coach');

select * from finish();
rollback;
