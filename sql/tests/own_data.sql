-- What somebody is told of what is held about them, and of who sees it.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
select no_plan();

-- Everything that is held
create temporary view exported as
select m[1] as name, m[2] as table_name, m[3] as column_name
from regexp_matches(
  (select prosrc from pg_proc where oid = 'app.my_data()'::regprocedure), '\(\d+, ''(\w+)'', ''(\w+)'', ''(\w+)'',', 'g') m
union all
values
  ('request_steps', 'request_step', 'request_id'), ('breaches', 'breach', 'copy_id'), ('audit', 'audit', 'subject_key'),
  ('audit', 'audit', 'actor_key');

-- What refers to somebody and is not in the export, and why.
create temporary table withheld (column_name text, because text);
insert into withheld
select c, because
from (values
  ('the teacher''s, in whose export it is: what somebody knows of others is not about them',
    'recording.coach_id request.coach_id trajectory.coach_id follow_up.coach_id agreement.coach_id agreement.new_coach_id '
    'copy.given_to promise.coach_id request_step.coach_id'),
  ('an act of theirs, which the audit of the export tells of',
    'request.made_by request.state_by trajectory.state_by recording.state_by copy.state_by agreement.proposed_by agreement.state_by '
    'breach.settled_by storyboard.state_by consent.state_by role_assignment.granted_by prior_experience.claimed_by '
    'prior_experience.approved_by prior_experience.declined_by exemption.granted_by policy.decided_by merged_person.merged_by '
    'notice.attested_by objection.state_by measure.state_by promise.state_by quarantine.state_by report_acknowledgement.made_by'),
  ('a text, which the export has opened beside the facts', 'content.teacher_id'),
  ('a key, which would tell whom audit rows of others name',
    'person.subject_key access.subject_key merged_person.subject_key data_key.bound_to calendar_feed.uid_key')) w (because, columns)
cross join unnest(string_to_array(w.columns, ' ')) c;

create temporary view refers as
select c.relname || '.' || a.attname as column_name
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'beeld'::regnamespace
  and c.relkind in ('r', 'p')
  and (
    exists (
      select
      from pg_constraint k
      where k.conrelid = c.oid
        and k.contype = 'f'
        and k.conkey = array[a.attnum]
        and k.confrelid in ('person'::regclass, 'coach'::regclass))
    or a.atttypid = 'uuid'::regtype
      and (c.relname, a.attname) <> ('person', 'id')
      and a.attname ~ '(^person|^teacher|^coach|^holder|^recipient|^survivor|_key|_by|^bound_to)(_id)?$'
      and a.attname <> 'data_key_id');
select isnt_empty('select from refers', 'there are columns that refer to somebody');
select is_empty(
  $$
    select r.column_name
    from refers r
    where not exists (select from exported e where e.table_name || '.' || e.column_name = r.column_name)
      and not exists (select from withheld w where w.column_name = r.column_name)
  $$,
  'every column that refers to somebody is in the export, or is named with the reason why not');
select is_empty(
  $$
    select w.column_name
    from withheld w
    where w.column_name not in (select r.column_name from refers r)
      or exists (select from exported e where e.table_name || '.' || e.column_name = w.column_name)
  $$,
  'and none is named that is not there, or is exported');
-- What belongs to a row about somebody, is about them too.
create temporary table beside (table_name text, because text);
insert into beside
values
  ('promise', 'of a coach to a school, about pupils'),
  ('measure', 'of a parent''s objection, about a pupil'),
  ('placement', 'of a parent''s objection, about a pupil'),
  ('import_chunk', 'a file about others, gone within 24 hours'),
  ('report_delivery_key', 'the secret by which a mail was signed off');
select is_empty(
  $$
    select distinct k.conrelid::regclass::text
    from pg_constraint k
    join pg_class parent on parent.oid = k.confrelid
    join pg_class child on child.oid = k.conrelid
    where k.contype = 'f'
      and k.connamespace = 'beeld'::regnamespace
      and k.confrelid <> k.conrelid
      and parent.relname in (select e.table_name from exported e where e.table_name not in ('person', 'audit', 'coach'))
      and child.relname not in (select e.table_name from exported e)
      and child.relname not in (select split_part(w.column_name, '.', 1) from withheld w where w.because like 'a text%')
      and child.relname not in (select b.table_name from beside b)
  $$,
  'every table that hangs on an exported one is exported, or named with the reason why not');

select pg_temp.guide(1000, 'a', 'C');
select pg_temp.did('C', pg_temp.plan(2000, 1000, '2026-11-02T12:00:00Z'));
select pg_temp.did('C', pg_temp.film(2000, '2026-11-02T12:00:00Z'));
select pg_temp.did('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3000), pg_temp.fact(2000), pg_temp.fact(11)));
select pg_temp.did('C', pg_temp.move_copy(pg_temp.fact(3000), 'lost'));
select pg_temp.guide_wish(1001, 'b', 'K');
create function pg_temp.held(who text, part text) returns jsonb language plpgsql as $$
declare
  held jsonb;
begin
  perform set_config('role', 'beeld_app', true);
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  select d.body into held from app.my_data() d where d.name = part;
  perform pg_temp.nobody();
  return held;
end
$$;
select is(
  (select string_agg(s ->> 'state', ' ' order by n) from jsonb_array_elements(pg_temp.held('a', 'request_steps')) with ordinality e (s, n)),
  'invited submitted offered assigned', 'a is told how the invitation went');
select is(pg_temp.held(who, 'request_steps'), '[]', who || ' is told nothing of it') from unnest(array['b', 'C', 'P']) who;
select is(pg_temp.held(who, 'breaches') -> 0 ->> 'copy_id', case when who in ('a', 'C') then pg_temp.fact(3000)::text end, who || ' is told of the lost copy, or not')
from unnest(array['a', 'b', 'C', 'K', 'P', 'V']) who;

-- Who sees what
create function pg_temp.seers(who text) returns text language plpgsql as $$
declare
  seers text;
begin
  perform set_config('role', 'beeld_app', true);
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  select string_agg(concat_ws(' ', right(v -> 'person' ->> 'name', 1), v ->> 'because', v -> 'what'), '; ' order by v ->> 'because', v -> 'person' ->> 'name')
  into seers
  from json_array_elements(app.my_visibility() -> 'items') v
  where v ->> 'because' in ('coaches_me', 'coached_me', 'is_asked_to_coach_me');
  perform pg_temp.nobody();
  return seers;
end
$$;
create function pg_temp.sees(who text, whom text) returns text language sql as $$
  select concat_ws(
    ' ', pg_temp.given(who, format('select from beeld.recording_resource where id = %L', pg_temp.fact(2000))),
    pg_temp.given(who, format('select from beeld.person where id = %L', pg_temp.person(whom))))
$$;
select is(pg_temp.seers('a'), 'C coaches_me ["trajectory","recordings","starter_status","learning_question","reflection"]', 'C coaches a');
select pg_temp.did('P', pg_temp.propose(4000, 1000, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('K'))));
select pg_temp.did('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'handed_over', 'K'));
select pg_temp.did('a', pg_temp.decide(pg_temp.fact(4000), 'agreed'));
select is(pg_temp.sees('C', 'a'), '1 1', 'C, whom K follows, goes on seeing the recording and the name');
select is(pg_temp.seers('a'),
  'C coached_me ["recordings","starter_status"]; K coaches_me ["trajectory","recordings","starter_status","learning_question","reflection"]',
  'and a is told so');
update role_assignment set until_date = app.today() where person_id = pg_temp.person('C') and role = 'coach';
select is(left(pg_temp.sees('C', 'a'), 1), '0', 'when C coaches no more, C sees nothing of it');
select is(pg_temp.seers('a'), 'K coaches_me ["trajectory","recordings","starter_status","learning_question","reflection"]', 'nor is a told that C does');
update role_assignment set until_date = app.today() where person_id = pg_temp.person('K') and role = 'coach';
select is(pg_temp.seers('a'), null, 'so it is with K, who is still to be followed');
update role_assignment set until_date = null where person_id = pg_temp.person('K') and role = 'coach';
select pg_temp.did('P', pg_temp.invite(1002, 'c'));
select pg_temp.did('c', pg_temp.accept(1002));
select pg_temp.did('P', pg_temp.offer(1002, 'K'));
select is(pg_temp.seers('c'), 'K is_asked_to_coach_me ["request"]', 'K is asked');
update registration set disabled_at = app.now() where person_id = pg_temp.person('K');
select is(pg_temp.seers('c'), null, 'who may not sign in, sees nothing');

select * from finish();
rollback;
