-- The programme of the fictional board: requests in every state, trajectories, the custody of what was filmed. After
-- organisation.sql, in its transaction: its temporary tables are still there. Texts are not here: they are sealed by the
-- program.

insert into carrier (id, kind, name, retired_on)
select
  ('019a0000-0000-7012-8000-' || lpad(v.n::text, 12, '0'))::uuid,
  v.kind, v.name, (app.today() + v.retired::interval)::date
from (values
  (1, 'usb', 'Stick 01', null),
  (2, 'usb', 'Stick 02', null),
  (3, 'usb', 'Stick 03', null),
  (4, 'usb', 'Stick 04', '-3 months'),
  (5, 'cloud', 'Beveiligde opslag van het bestuur', null)
) as v(n, kind, name, retired);

update coach c
set capacity = v.capacity
from (values ('D0501', 24), ('D0503', 18), ('D0504', 2)) as v(number, capacity)
join demo_person p on p.number = v.number
where c.person_id = p.id;

insert into coach_unavailability (id, person_id, from_date, until_date)
select '019a0000-0000-7015-8000-000000000001', p.id, app.today() + 30, app.today() + 44
from demo_person p
where p.number = 'D0503';

-- Each recording came of a request of its own, which was assigned on the day it was planned. n: that of the recording.

create temporary table demo_trajectory on commit drop as
select
  r.n,
  r.teacher_id,
  r.coach_id,
  r.origin,
  r.planned_on as opened_on,
  case
    when p.number = 'D1001' or p.number = 'D1014' then 'closing'
    when r.state in ('debriefed', 'waived') then 'closed'
    else 'open'
  end as state,
  coalesce(r.debriefed_on, r.ended_on, r.planned_on) as state_since
from demo_recording r
join demo_person p on p.id = r.teacher_id
union all
select 18, p.id, c.id, 'starter_programme', app.today() - 6, 'open', app.today() - 6
from demo_person p
join demo_person c on c.number = 'D0501'
where p.number = 'D1001';

insert into request (
  id, teacher_id, origin, state, made_by, made_as, school_id, talk_on, talk_kind, expires_on, aim, subject, coach_id,
  created_at, state_since)
select
  ('019a0000-0000-7010-8000-' || lpad(t.n::text, 12, '0'))::uuid,
  t.teacher_id,
  t.origin,
  case t.state when 'closed' then 'closed' else 'assigned' end,
  case t.origin when 'own_wish' then t.teacher_id when 'appraisal' then d.person_id else a.id end,
  case t.origin when 'own_wish' then 'teacher' when 'appraisal' then 'director' else 'adviser' end,
  case when t.origin <> 'own_wish' then s.school_id end,
  case when t.origin = 'appraisal' then t.opened_on - 30 end,
  case when t.origin = 'appraisal' then 'progress' end,
  case when t.origin <> 'own_wish' then t.opened_on + 5 end,
  (array['personal', 'team', 'pupil_needs'])[1 + t.n % 3],
  (array['classroom_management', 'interaction', 'didactics'])[1 + t.n % 3],
  t.coach_id,
  t.opened_on - 25,
  t.state_since
from demo_trajectory t
join demo_person a on a.number = 'D0001'
left join lateral (
  select e.school_id
  from employment e
  where e.person_id = t.teacher_id
    and e.job = 'teacher'
  order by e.fte desc, e.from_date
  limit 1
) s on true
left join role_assignment d on d.role = 'director'
  and d.school_id = s.school_id;

insert into request (
  id, teacher_id, origin, state, made_by, made_as, school_id, talk_on, talk_kind, expires_on, aim, subject, coach_id,
  created_at, state_since, state_by)
select
  ('019a0000-0000-7010-8000-' || lpad(v.n::text, 12, '0'))::uuid,
  p.id, v.origin, v.state, m.id, v.made_as, s.id, app.today() + v.talk, v.talk_kind, app.today() + v.expires, v.aim,
  v.subject, c.id, app.now() + v.made, app.now() + v.since, b.id
from (values
  (19, 'D2003', 'own_wish', 'submitted', 'D2003', 'teacher', null, null, null, null, 'personal', 'interaction', null, interval '-4 days', interval '-4 days', 'D2003'),
  (20, 'D2001', 'appraisal', 'invited', 'D0101', 'director', 1, -10, 'progress', 22, null, null, null, '-8 days', '-8 days', 'D0101'),
  (21, 'D1005', 'starter_programme', 'submitted', 'D0001', 'adviser', 1, null, null, 8, 'pupil_needs', 'classroom_management', null, '-22 days', '-3 days', 'D1005'),
  (22, 'D1003', 'starter_programme', 'offered', 'D0001', 'adviser', 2, null, null, 3, 'personal', 'didactics', 'D0502', '-27 days', '-2 days', 'D0001'),
  (23, 'D2005', 'appraisal', 'declined', 'D0105', 'director', 5, -50, 'appraisal', -15, null, null, null, '-45 days', '-40 days', 'D2005'),
  (24, 'D1004', 'starter_programme', 'expired', null, 'server', 3, null, null, -5, null, null, null, '-35 days', '-5 days', null),
  (25, 'D2004', 'own_wish', 'withdrawn', 'D2004', 'teacher', null, null, null, null, 'team', 'didactics', null, '-60 days', '-55 days', 'D2004'),
  (26, 'D1032', 'starter_programme', 'invited', null, 'server', 4, null, null, 19, null, null, null, '-11 days', '-11 days', null)
) as v(n, teacher, origin, state, maker, made_as, school, talk, talk_kind, expires, aim, subject, coach, made, since, doer)
join demo_person p on p.number = v.teacher
left join demo_person m on m.number = v.maker
left join demo_person c on c.number = v.coach
left join demo_person b on b.number = v.doer
left join demo_school s on s.n = v.school;

insert into trajectory (id, request_id, teacher_id, coach_id, origin, state, recordings, interval_days, opened_on, state_since)
select
  ('019a0000-0000-7011-8000-' || lpad(t.n::text, 12, '0'))::uuid,
  ('019a0000-0000-7010-8000-' || lpad(t.n::text, 12, '0'))::uuid,
  t.teacher_id, t.coach_id, t.origin, t.state, 1, null, t.opened_on, t.state_since
from demo_trajectory t;

update recording k
set
  trajectory_id = ('019a0000-0000-7011-8000-' || lpad(r.n::text, 12, '0'))::uuid,
  ordinal = 1,
  scheduled_at = (r.scheduled_for + time '10:30') at time zone 'Europe/Amsterdam',
  made_at = (r.recorded_on + time '10:30') at time zone 'Europe/Amsterdam',
  carrier_id = ('019a0000-0000-7012-8000-' || lpad((1 + r.n % 3)::text, 12, '0'))::uuid,
  teacher_agreed_at = r.planned_on + interval '36 hours',
  handed_over_on = case when r.state = 'debriefed' then r.recorded_on + 1 when r.n = 5 then r.recorded_on + 2 end,
  state_since = coalesce(r.debriefed_on, r.ended_on, r.recorded_on, r.planned_on)
from demo_recording r
where k.id = ('019a0000-0000-7009-8000-' || lpad(r.n::text, 12, '0'))::uuid;

-- Planning anew, as setting the time is, asks the teacher anew; the teachers of what is to come have agreed since.
update recording k
set teacher_agreed_at = k.planned_on + interval '36 hours'
where k.state = 'planned';

-- What was filmed was with the coach first, and then deleted, but for a few: with the coach still (also overdue), lost,
-- and handed over.
insert into copy (
  id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state, given_to, deletion_due_on, created_at, state_since, state_by)
select
  ('019a0000-0000-7013-8000-' || lpad(r.n::text, 12, '0'))::uuid,
  ('019a0000-0000-7009-8000-' || lpad(r.n::text, 12, '0'))::uuid,
  r.teacher_id,
  r.coach_id,
  ('019a0000-0000-7012-8000-' || lpad((1 + r.n % 3)::text, 12, '0'))::uuid,
  'usb',
  w.state,
  case when w.state = 'handed_over' then r.teacher_id end,
  case when t.state in ('closing', 'closed') then t.state_since end,
  r.recorded_on,
  case when w.state = 'held' then r.recorded_on when w.state = 'handed_over' then r.recorded_on + 2 else t.state_since + 6 end,
  case when w.state <> 'held' then r.coach_id end
from demo_recording r
join demo_trajectory t on t.n = r.n
join demo_person p on p.id = r.teacher_id
cross join lateral (
  select case p.number
    when 'D1001' then 'held'
    when 'D1009' then 'handed_over'
    when 'D1010' then 'held'
    when 'D1012' then 'lost'
    when 'D1014' then 'held'
    when 'D1029' then 'held'
    else 'deleted'
  end as state
) w
where r.recorded_on is not null;

insert into copy (id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state, source_id, created_at, state_since)
select
  ('019a0000-0000-7013-8000-' || lpad((100 + r.n)::text, 12, '0'))::uuid,
  ('019a0000-0000-7009-8000-' || lpad(r.n::text, 12, '0'))::uuid,
  r.teacher_id, r.teacher_id,
  ('019a0000-0000-7012-8000-' || lpad((1 + r.n % 3)::text, 12, '0'))::uuid,
  'usb', 'held',
  case p.number when 'D1009' then ('019a0000-0000-7013-8000-' || lpad(r.n::text, 12, '0'))::uuid end,
  r.recorded_on + 2, r.recorded_on + 2
from demo_recording r
join demo_person p on p.id = r.teacher_id
where p.number in ('D1001', 'D1009')
  and r.recorded_on is not null;

insert into breach (id, copy_id, found_at, due_at)
select '019a0000-0000-7018-8000-000000000001', c.id, app.now() - interval '20 hours', app.now() + interval '52 hours'
from copy c
where c.state = 'lost';

-- The teacher of the tour is asked to go on with a second recording.
insert into agreement (
  id, kind, trajectory_id, recording_id, teacher_id, coach_id, proposed_by, proposed_as, held_on, state, created_at, state_since)
select
  '019a0000-0000-7014-8000-000000000001', 'debrief', k.trajectory_id, k.id, k.teacher_id, k.coach_id, k.coach_id, 'coach',
  k.recorded_on + 8, 'agreed', k.recorded_on + 8, k.debriefed_on
from recording k
where k.id = '019a0000-0000-7009-8000-000000000001';
insert into agreement (
  id, kind, trajectory_id, teacher_id, coach_id, proposed_by, proposed_as, recordings, interval_days, state, created_at, state_since)
select
  '019a0000-0000-7014-8000-000000000002', 'extension', t.id, t.teacher_id, t.coach_id, t.coach_id, 'coach', 2, 28, 'proposed',
  app.now() - interval '2 days', app.now() - interval '2 days'
from trajectory t
where t.id = '019a0000-0000-7011-8000-000000000018';

insert into follow_up (id, trajectory_id, teacher_id, coach_id, talk_on)
select '019a0000-0000-7019-8000-000000000001', t.id, t.teacher_id, t.coach_id, app.today() + 9
from trajectory t
where t.id = '019a0000-0000-7011-8000-000000000018';

-- A storyboard in the making, and one that was told to the director.
insert into storyboard (id, teacher_id, trajectory_id, state, presented_orally_on, created_at, state_since)
select
  ('019a0000-0000-7016-8000-' || lpad(v.n::text, 12, '0'))::uuid,
  t.teacher_id, t.id, v.state, v.told, app.now() - interval '50 days', app.now() - interval '40 days'
from (values (1, 1, 'draft', null), (2, 7, 'presented', app.today() - 40)) as v(n, trajectory, state, told)
join trajectory t on t.id = ('019a0000-0000-7011-8000-' || lpad(v.trajectory::text, 12, '0'))::uuid;

insert into consent (id, teacher_id, recipient_id, item_kind, item_id, purpose, granted_on, until_date, state, created_at, state_since)
select
  '019a0000-0000-7017-8000-000000000001', k.teacher_id, p.id, 'reflection', k.id, 'appraisal_talk', app.today() - 20,
  app.today() + 70, 'granted', app.now() - interval '20 days', app.now() - interval '20 days'
from recording k
join demo_person p on p.number = 'D0101'
where k.id = '019a0000-0000-7009-8000-000000000001';
