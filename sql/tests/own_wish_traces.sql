-- A voluntary request leaves no trace in the time that an answer takes: whoever may not see it has as few pages looked at
-- as where there is none. Pages and not seconds, which a machine at work makes of what it will.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
set local jit = off;
set local plan_cache_mode = force_generic_plan;
-- As with many rows: these tables are of a page or two.
set local enable_seqscan = off;
select no_plan();

-- Pages of tables and indexes that this transaction has looked at, those of statements that failed included.
create function pg_temp.fetched() returns bigint language sql as $$
  select sum(pg_stat_get_xact_blocks_fetched(c.oid))::bigint
  from pg_class c
  where c.relnamespace = 'beeld'::regnamespace
    and c.relkind in ('r', 'i')
$$;
-- How many of them a statement of somebody's looks at, whatever becomes of it; the fewest of three times.
create function pg_temp.visits(who text, statement text) returns bigint language plpgsql as $$
declare
  already bigint;
  visits bigint;
begin
  for i in 1..3
  loop
    perform set_config('role', 'beeld_app', true);
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
    already := pg_temp.fetched();
    begin
      execute statement;
    exception when others then
      null;
    end;
    visits := least(visits, pg_temp.fetched() - already);
    perform pg_temp.nobody();
  end loop;
  return visits;
end
$$;

-- The whole of it
create temporary table asked (n serial, statement text);
insert into asked (statement)
values
  ('select version, body from beeld.request_resource order by id limit 50'),
  ('select version, body from beeld.trajectory_resource order by id limit 50'),
  ('select version, body from beeld.recording_resource order by id limit 50'),
  ('select version, body from beeld.agreement_resource order by id limit 50'),
  ('select * from app.tasks()'),
  ('select app.starter_list(null, null, null, null, null, null, null, 500, null, null)'),
  (format('select app.starter_explanation(%L, null)', pg_temp.person('p'))),
  (format('select app.school_overview(%L)', pg_temp.school(1))),
  ('select app.coverage(null, ''school'')'),
  (format('select app.make_request(%L, %L)', pg_temp.fact(1000), json_build_object(
    'origin', 'appraisal', 'teacher_id', pg_temp.person('p'), 'talk_on', '2026-10-30', 'talk_kind', 'none')));
create temporary table without as
select a.n, w.who, pg_temp.visits(w.who, a.statement) as visits
from asked a
cross join unnest(array['D', 'S']) w (who);
select pg_temp.did(who, pg_temp.wish(1100 + n::integer)) from unnest(array['a', 'b', 'c', 'd', 'p']) with ordinality w (who, n);
select pg_temp.did('P', pg_temp.offer(1105, 'C'));
create temporary table found as
select w.*, a.statement, pg_temp.visits(w.who, a.statement) - w.visits as more
from without w
join asked a on a.n = w.n;
-- The page that they came to, and no more: one for each of them would tell.
select is_empty(
  $$ select who, statement, visits, more from found where more > 2 $$, 'five wishes at the school make no answer dearer');

-- One by its id
select pg_temp.did('C', pg_temp.move_request(1105, 'assigned'));
select pg_temp.did('C', pg_temp.plan(2105, 1105, '2026-11-02T12:00:00Z', 1));
select pg_temp.did('C', pg_temp.film(2105, '2026-11-02T12:00:00Z'));
select pg_temp.did('C', pg_temp.propose(4105, 1105, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2105), 'held_on', '2026-11-02')));
create temporary table sought as
select w.who, s.statement, s.id, pg_temp.visits(w.who, format(s.statement, s.id)) as hidden, pg_temp.visits(w.who, format(s.statement, gen_random_uuid())) as absent
from (values
  (pg_temp.fact(1105), 'select version, body from beeld.request_resource where id = %L'),
  (pg_temp.fact(1105), 'select app.move_request(%L, null, ''withdrawn'', null, null)'),
  (pg_temp.fact(1105), 'select app.read_content(''learning_question'', %L)'),
  (pg_temp.fact(1105), 'select app.suggested_coaches(%L)'),
  (pg_temp.trajectory(1105), 'select version, body from beeld.trajectory_resource where id = %L'),
  (pg_temp.trajectory(1105), 'select app.move_trajectory(%L, null, ''closing'', null)'),
  (pg_temp.fact(2105), 'select version, body from beeld.recording_resource where id = %L'),
  (pg_temp.fact(2105), 'select app.move_recording(%L, null, ''cancelled'', null, null)'),
  (pg_temp.fact(4105), 'select version, body from beeld.agreement_resource where id = %L'),
  (pg_temp.fact(4105), 'select app.decide_agreement(%L, null, ''agreed'')'),
  (pg_temp.copy_with(2105, 'C'), 'select version, body from beeld.copy_resource where id = %L')) s (id, statement)
cross join unnest(array['D', 'S']) w (who);
select isnt_empty('select from sought where absent > 0', 'what is not there is looked for');
-- One page more is the row's own.
select is_empty(
  $$ select who, statement, hidden, absent from sought where hidden > absent + 1 $$,
  'a wish that somebody may not see is found absent as soon as one that is not there');

select * from finish();
rollback;
