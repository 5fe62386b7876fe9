-- What clears the recordings of the fictional board: what parents were told, what some of them object to, and what is done
-- about it. After programme.sql, in its transaction. Objections 1 to 3 are at the school of the tour, 4 is at the fourth,
-- where the coach of the tour is to film, 5 where they filmed once; which pupils they are about is sealed by the program.

-- Before each school year begins. At the last school this year's guide is a proposal still.
insert into notice (id, school_id, school_year, channel, reference, published_on, attested_by, attested_at)
select
  ('019a0000-0000-7020-8000-' || lpad((y.back * 1000 + s.n * 10 + c.n)::text, 12, '0'))::uuid,
  s.id,
  y.year,
  c.channel,
  case c.channel when 'website' then 'https://www.example.org/' || s.n || '/beeldbegeleiding' else 'Schoolgids ' || y.year || '/' || y.year + 1 end,
  case when a.is_attested then make_date(y.year, 7, 10) end,
  case when a.is_attested then d.person_id end,
  case when a.is_attested then make_date(y.year, 7, 10) + interval '11 hours' end
from demo_school s
cross join (
  select back, extract(year from app.today() - interval '7 months')::integer - back as year
  from generate_series(0, 3) back
) y
cross join (values (1, 'website'), (2, 'school_guide')) as c(n, channel)
cross join lateral (select s.n <> 8 or y.back <> 0 or c.n <> 2 as is_attested) a
left join role_assignment d on d.role = 'director'
  and d.school_id = s.id;

create temporary table demo_objection on commit drop as
select
  v.n,
  ('019a0000-0000-7021-8000-' || lpad(v.n::text, 12, '0'))::uuid as id,
  s.id as school_id,
  coalesce(k.group_id, g.id) as group_id,
  v.state,
  v.kind,
  v.covers_sound,
  app.now() - make_interval(days => v.received) as received_at,
  app.now() - make_interval(days => v.answered) as answered_at,
  app.now() - make_interval(days => v.ended) as ended_at
from (values
  (1, 1, '7', 'measure_set', 'anonymise', true, 40, 33, null),
  (2, 1, '8', 'received', null, null, 12, null, null),
  (3, 1, '6', 'ended', 'out_of_view', false, 150, 146, 75),
  (4, 4, '3', 'measure_set', 'out_of_view', true, 60, 52, null)
) as v(n, school, "group", state, kind, covers_sound, received, answered, ended)
join demo_school s on s.n = v.school
join school_group g on g.school_id = s.id
  and g.name = v."group"
  and g.school_year = extract(year from app.today() - interval '7 months')
-- In the group of the planned recording, whichever that is.
left join recording k on v.n = 4
  and k.id = '019a0000-0000-7009-8000-000000000002'
  and app.school_of_group(k.group_id) = s.id;

-- Long after one was made, of a pupil whom it shows: there is no footage left to be quarantined.
insert into demo_objection
select
  5, '019a0000-0000-7021-8000-000000000005', g.school_id, g.id, 'measure_set', 'cut', false,
  app.now() - interval '30 days', app.now() - interval '25 days', null
from recording k
join school_group g on g.id = k.group_id
where k.id = '019a0000-0000-7009-8000-000000000010';

insert into objection (id, school_id, received_on, state, answered_on, pupil_left_on, created_at, state_since, state_by, state_reason)
select
  o.id,
  o.school_id,
  o.received_at,
  o.state,
  o.answered_at,
  o.ended_at,
  o.received_at,
  coalesce(o.ended_at, o.answered_at, o.received_at),
  d.person_id,
  case o.state when 'ended' then 'pupil_left' end
from demo_objection o
left join role_assignment d on d.role = 'director'
  and d.school_id = o.school_id;

insert into placement (id, objection_id, school_year, group_id, placed_at)
select
  ('019a0000-0000-7022-8000-' || lpad(o.n::text, 12, '0'))::uuid,
  o.id, g.school_year, g.id, o.received_at
from demo_objection o
join school_group g on g.id = o.group_id;

insert into placement (id, objection_id, school_year, group_id, placed_at)
select '019a0000-0000-7022-8000-000000000006', o.id, g.school_year, g.id, o.received_at
from demo_objection o
join school_group g on g.school_id = o.school_id
  and g.name = '8'
  and g.school_year = extract(year from app.today() - interval '7 months')
where o.n = 5
on conflict (objection_id, school_year) where replaced_at is null do nothing;

insert into measure (id, objection_id, kind, covers_sound, state, created_at, state_since, state_reason)
select
  ('019a0000-0000-7023-8000-' || lpad(o.n::text, 12, '0'))::uuid,
  o.id,
  o.kind,
  o.covers_sound,
  case o.state when 'ended' then 'ended' else 'in_force' end,
  o.answered_at,
  coalesce(o.ended_at, o.answered_at),
  case o.state when 'ended' then 'objection_ended' end
from demo_objection o
where o.kind is not null;

insert into promise (id, recording_id, measure_id, coach_id, created_at, state_since, state_by)
select
  '019a0000-0000-7024-8000-000000000001', k.id, '019a0000-0000-7023-8000-000000000004', k.coach_id,
  k.planned_on + interval '10 hours', k.planned_on + interval '10 hours', k.coach_id
from recording k
where k.id = '019a0000-0000-7009-8000-000000000002';

-- What was made longest ago, and what the teacher waived, nobody judged.
update recording k
set clearance_codes = array(
  select distinct r.code
  from app.clearance_reasons(k, k.made_at) r
  order by r.code)
where k.recorded_on > app.today() - 330
  and k.state <> 'waived';
-- One was made before anything was planned for its custody.
update recording k
set clearance_codes = '{custody_not_planned}'
where k.quarantined;
insert into quarantine (id, recording_id, teacher_id, cause, codes, created_at, state_since)
select
  '019a0000-0000-7025-8000-000000000001', k.id, k.teacher_id, 'no_clearance', k.clearance_codes, k.made_at + interval '5 hours',
  k.made_at + interval '5 hours'
from recording k
where k.quarantined;
