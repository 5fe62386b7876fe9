-- What waits for whom, and by when: what the story of the coaching does not come by.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
select no_plan();

-- What somebody is to do of a kind: the days and the rows.
create function pg_temp.tasks(who text, kind text) returns text language plpgsql as $$
declare
  found text;
begin
  perform set_config('role', 'beeld_app', true);
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  select string_agg(t.due_on || ' ' || t.resource, ', ' order by t.due_on, t.resource) into found from app.tasks() t where t.task = kind;
  perform pg_temp.nobody();
  return found;
end
$$;

-- Claims
delete from prior_experience;
delete from exemption;
select is(app.entered_on('0193f27e-8000-7000-8000-000000000001'), date '2024-12-23', 'an id tells the day it was made on');
insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by)
values ('0193f27e-8000-7000-8000-000000000001', pg_temp.person('T'), '2020-01-01', '2021-01-01', 'Letter', pg_temp.person('T'));
select is(pg_temp.tasks('P', 'decide_claim'), '2024-12-30 /v1/prior-experience/0193f27e-8000-7000-8000-000000000001', 'a claim is decided within seven days of being made');
select pg_temp.clock('2026-11-20T12:00:00Z');
select is(pg_temp.tasks('P', 'decide_claim'), '2024-12-30 /v1/prior-experience/0193f27e-8000-7000-8000-000000000001', 'and falls due, whatever day it is');
select pg_temp.clock('2026-11-02T12:00:00Z');

select is(pg_temp.tasks('P', 'approve_teaching_since'), null, 'no first teaching day waits');
select is(pg_temp.does('S', format('update registration set teaching_since = %L, version = version + 1 where person_id = %L', '2024-08-01', pg_temp.person('T'))), '1', 'the school changes one');
select is(pg_temp.tasks('P', 'approve_teaching_since'), '2026-11-09 /v1/people/' || pg_temp.person('T'), 'which the adviser is to approve within seven days');
select pg_temp.clock('2026-11-20T12:00:00Z');
select is(pg_temp.does('S', format('update registration set email = %L, version = version + 1 where person_id = %L', 't2@example.org', pg_temp.person('T'))), '1', 'another change');
select is(pg_temp.tasks(who, 'approve_teaching_since'), case when who ~ '[PQ]' then '2026-11-09 /v1/people/' || pg_temp.person('T') end, who || ' has it to do, or not, and no later for that')
from unnest(string_to_array('T U C D S P Q V A', ' ')) who;
select is(pg_temp.does('P', format('update registration set teaching_since_approved_at = app.now(), version = version + 1 where person_id = %L', pg_temp.person('T'))), '1', 'P approves');
select is(pg_temp.tasks('P', 'approve_teaching_since'), null, 'and it waits no more');
insert into employment (id, person_id, school_id, job, fte, from_date)
values (pg_temp.fact(180), pg_temp.person('P'), pg_temp.school(1), 'teacher', 1, '2025-08-01');
update registration set teaching_since_approved_at = null where person_id in (pg_temp.person('P'), pg_temp.person('L'));
select is(pg_temp.tasks('P', 'approve_teaching_since'), null, 'nobody is to approve their own, nor that of who has left');
select is(pg_temp.tasks('Q', 'approve_teaching_since'), '2026-11-09 /v1/people/' || pg_temp.person('P'), 'P''s is for Q');

insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
select pg_temp.fact(n), pg_temp.person(who), 'other_agreement', 'Letter', since::date, review::date, pg_temp.person('Q')
from (values
  (701, 'T', '2026-01-01', '2026-12-20'), (702, 'U', '2026-01-01', '2026-12-21'), (703, 'N', '2026-01-01', '2026-11-20'),
  (704, 'P', '2026-01-01', '2026-12-01'), (705, 'L', '2026-01-01', '2026-12-01'), (706, 'L', '2026-12-01', '2027-12-01')) x (n, who, since, review);
select is(pg_temp.tasks('P', 'review_exemption'), '2026-12-20 /v1/exemptions/' || pg_temp.fact(701),
  'an exemption is reviewed from thirty days before it lapses, unless another follows');
select is(pg_temp.tasks('Q', 'review_exemption'), '2026-12-01 /v1/exemptions/' || pg_temp.fact(704) || ', 2026-12-20 /v1/exemptions/' || pg_temp.fact(701), 'one''s own by somebody else');
select is(pg_temp.tasks(who, 'review_exemption'), null, who || ' reviews none') from unnest(string_to_array('T U C D S V A', ' ')) who;

-- A report that was given up
insert into report_run (id, report, as_of, policy_version, state, started_at, lease_until)
select pg_temp.fact(800), 'coverage', '2026-11-19', p.version, 'running', '2026-11-19 04:30Z', '2026-11-19 04:45Z'
from policy p
limit 1;
update report_run set state = 'abandoned', failure = 'lost', lease_until = null, finished_at = '2026-11-19 04:31Z' where id = pg_temp.fact(800);
select is(pg_temp.tasks(who, 'abandoned_report'), case when who ~ '[PA]' then '2026-11-19 /v1/report-runs/' || pg_temp.fact(800) end, who || ' is told that a report was given up, or not')
from unnest(string_to_array('T C D S P V A', ' ')) who;
select is(pg_temp.given('A', 'select from report_run where id = pg_temp.fact(800)'), '1', 'and the system administrator finds it');

-- The next recording
select pg_temp.clock('2026-11-02T08:00:00Z');
select pg_temp.guide(1000, 'a', 'C');
select is(pg_temp.tasks('C', 'plan_first_recording'), '2026-12-02 /v1/trajectories/' || pg_temp.trajectory(1000), 'the first within thirty days');
select pg_temp.did('C', pg_temp.plan(2000, 1000, '2026-11-02T12:00:00Z'));
select pg_temp.clock('2026-11-02T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2000, '2026-11-02T12:00:00Z'));
select is(pg_temp.tasks('C', 'plan_next_recording'), null, 'where one was agreed on, no next one waits');
select pg_temp.did('C', pg_temp.propose(4000, 1000, '{"kind": "extension", "recordings": 3, "interval_days": 60}'));
select is(pg_temp.tasks('C', 'plan_next_recording'), null, 'nor one that is proposed');
select pg_temp.did('a', pg_temp.decide(pg_temp.fact(4000), 'agreed'));
select is(pg_temp.tasks('C', 'plan_next_recording'), '2027-01-01 /v1/trajectories/' || pg_temp.trajectory(1000), 'agreed, it is due sixty days after the last');
select is(pg_temp.tasks(who, 'plan_next_recording'), null, who || ' plans none') from unnest(string_to_array('a K P', ' ')) who;
select pg_temp.did('C', pg_temp.plan(2001, 1000, '2026-12-30T12:00:00Z'));
select is(pg_temp.tasks('C', 'plan_next_recording'), null, 'one that is planned waits no more');
select pg_temp.clock('2026-12-30T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2001, '2026-12-30T12:00:00Z'));
select is(pg_temp.tasks('C', 'plan_next_recording'), '2027-02-28 /v1/trajectories/' || pg_temp.trajectory(1000), 'the third is due sixty days after the second');
select pg_temp.guide(1001, 'b', 'C');
select pg_temp.did('C', pg_temp.plan(2002, 1001, '2026-12-30T13:00:00Z'));
select pg_temp.clock('2026-12-30T13:00:00Z');
select pg_temp.did('C', pg_temp.film(2002, '2026-12-30T13:00:00Z'));
select pg_temp.did('b', pg_temp.propose(4001, 1001, '{"kind": "extension", "recordings": 2}'));
select pg_temp.clock('2027-01-10T12:00:00Z');
select pg_temp.did('C', pg_temp.decide(pg_temp.fact(4001), 'agreed'));
select is(pg_temp.tasks('C', 'plan_next_recording'),
  '2027-02-09 /v1/trajectories/' || pg_temp.trajectory(1001) || ', 2027-02-28 /v1/trajectories/' || pg_temp.trajectory(1000),
  'without an interval within thirty days of the agreement');

-- Talks without a recording
select pg_temp.did('b', format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(5000), pg_temp.trajectory(1001), '2027-01-20'));
select is(pg_temp.tasks(who, 'hold_follow_up'), case when who ~ '[bC]' then '2027-01-20 /v1/follow-ups/' || pg_temp.fact(5000) end, who || ' is to hold the talk, or not')
from unnest(string_to_array('a b C K D P V', ' ')) who;
select pg_temp.clock('2027-01-20T12:00:00Z');
select isnt(pg_temp.tasks('b', 'hold_follow_up'), null, 'on its day too');
select pg_temp.clock('2027-01-21T12:00:00Z');
select is(pg_temp.tasks('b', 'hold_follow_up'), null, 'and then no more');

-- A coach who is about to leave
select pg_temp.guide(1010, 'c', 'K');
select pg_temp.did('K', pg_temp.plan(2010, 1010, '2027-01-21T12:00:00Z'));
select pg_temp.did('K', pg_temp.film(2010, '2027-01-21T12:00:00Z'));
select pg_temp.did('P', pg_temp.invite(1011, 'd'));
select pg_temp.did('d', pg_temp.accept(1011));
select pg_temp.did('P', pg_temp.offer(1011, 'K'));
create temporary table work as select pg_temp.trajectory(1010) as trajectory, pg_temp.copy_with(2010, 'K') as copy;
select is(pg_temp.tasks('P', 'hand_on'), null, 'a coach who stays has nothing to hand on');
update role_assignment set until_date = '2027-02-21' where person_id = pg_temp.person('K') and role = 'coach';
select is(pg_temp.tasks('P', 'hand_on'), null, 'nor one who leaves in thirty-one days');
update role_assignment set until_date = '2027-02-20' where person_id = pg_temp.person('K') and role = 'coach';
select is(pg_temp.tasks('P', 'hand_on'), format(
  '2027-02-20 /v1/recordings/%s, 2027-02-20 /v1/requests/%s, 2027-02-20 /v1/trajectories/%s', pg_temp.fact(2010), pg_temp.fact(1011), trajectory),
  'thirty days before P finds guidance, offer and footage in one list') from work;
select is(pg_temp.tasks(who, 'hand_on'), null, who || ' has nobody''s work to hand on') from unnest(string_to_array('T C K D S V A', ' ')) who;
insert into role_assignment (id, person_id, role, from_date) values (pg_temp.fact(290), pg_temp.person('K'), 'coach', '2027-02-20');
select is(pg_temp.tasks('P', 'hand_on'), null, 'nothing where the role goes on without a day between');
delete from role_assignment where id = pg_temp.fact(290);
select pg_temp.clock('2027-02-20T12:00:00Z');
select is(pg_temp.tasks('P', 'hand_on'), format(
  '2027-02-20 /v1/copies/%s, 2027-02-20 /v1/requests/%s, 2027-02-20 /v1/trajectories/%s', copy, pg_temp.fact(1011), trajectory),
  'when K has left, the list is the same, and the footage a copy that P may attest to') from work;
update role_assignment set until_date = null where person_id = pg_temp.person('K') and role = 'coach';
update registration set disabled_at = '2027-03-01T12:00:00Z' where person_id = pg_temp.person('K');
select is((select string_agg(distinct left(t, 10), ' ') from regexp_split_to_table(pg_temp.tasks('P', 'hand_on'), ', ') t), '2027-03-01', 'who is to be shut out leaves too');

select * from finish();
rollback;
