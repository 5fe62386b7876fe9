create or replace function app.tasks()
  returns table (task text, due_on date, resource text)
  language sql stable
as $$
  with rules as materialized (
    select p.*
    from app.policy_on(app.today()) p
  )
  select 'answer_invitation', (q.created_at at time zone 'Europe/Amsterdam')::date + r.teacher_days, '/v1/requests/' || q.id
  from beeld.request q
  cross join rules r
  where q.teacher_id = app.me()
    and q.state = 'invited'
  union all
  select 'answer_offer', (q.state_since at time zone 'Europe/Amsterdam')::date + r.coach_days, '/v1/requests/' || q.id
  from beeld.request q
  cross join rules r
  where q.coach_id = app.me()
    and app.is_set('coach')
    and q.state = 'offered'
  union all
  select 'name_a_coach', (q.state_since at time zone 'Europe/Amsterdam')::date + r.coach_days, '/v1/requests/' || q.id
  from beeld.request q
  cross join rules r
  where q.state = 'submitted'
    and app.is_set('adviser')
  union all
  select
    'decide', (a.state_since at time zone 'Europe/Amsterdam')::date + case when a.teacher_id = app.me() then r.teacher_days else r.coach_days end,
    '/v1/agreements/' || a.id
  from beeld.agreement a
  cross join rules r
  where a.state = 'proposed'
    and app.actors(a) & app.actor_bit('counterpart') <> 0
  union all
  select 'plan_first_recording', t.opened_on + r.first_recording_days, '/v1/trajectories/' || t.id
  from beeld.trajectory t
  cross join rules r
  where t.coach_id = app.me()
    and app.is_set('coach')
    and t.state = 'open'
    and not exists (
      select
      from beeld.recording k
      where k.trajectory_id = t.id
        and k.state in ('planned', 'made', 'debriefed', 'waived'))
  union all
  select 'film', k.scheduled_for, '/v1/recordings/' || k.id
  from beeld.recording k
  where k.coach_id = app.me()
    and app.is_set('coach')
    and k.state = 'planned'
    and k.trajectory_id is not null
  union all
  select 'hand_over', k.recorded_on + r.coach_days, '/v1/recordings/' || k.id
  from beeld.recording k
  cross join rules r
  where k.coach_id = app.me()
    and app.is_set('coach')
    and k.state = 'made'
    and not k.quarantined
    and k.handed_over_on is null
    and k.trajectory_id is not null
  union all
  select 'hold_debrief', k.handed_over_on + r.debrief_days, '/v1/recordings/' || k.id
  from beeld.recording k
  cross join rules r
  where (k.teacher_id = app.me() or k.coach_id = app.me() and app.is_set('coach'))
    and k.state = 'made'
    and not k.quarantined
    and k.handed_over_on is not null
    and not exists (
      select
      from beeld.agreement a
      where a.recording_id = k.id
        and a.kind = 'debrief'
        and a.state = 'proposed')
  union all
  -- After the last debrief, until it is done; an own wish is the teacher's alone, also what is told of it. Where the
  -- trajectory is over, it is let go when its time has passed.
  select 'present_storyboard', l.debriefed_on + r.teacher_days, '/v1/trajectories/' || t.id
  from beeld.trajectory t
  cross join rules r
  cross join lateral (
    select
      max(k.debriefed_on) as debriefed_on,
      count(*) filter (where k.state in ('planned', 'made')) as to_come,
      count(*) filter (where k.state in ('debriefed', 'waived')) as done
    from beeld.recording k
    where k.trajectory_id = t.id
  ) l
  where t.teacher_id = app.me()
    and t.origin <> 'own_wish'
    and l.debriefed_on is not null
    and l.to_come = 0
    and (
      t.state in ('open', 'paused') and l.done >= t.recordings
      or t.state = 'closing'
      or t.state = 'closed' and l.debriefed_on + r.teacher_days >= app.today())
    and not exists (
      select
      from beeld.storyboard s
      where s.trajectory_id = t.id
        and s.state = 'presented')
  union all
  select 'delete_copy', app.copy_due_on(c), '/v1/copies/' || c.id
  from beeld.copy c
  where c.holder_id = app.me()
    and c.state = 'held'
    and app.copy_due_on(c) is not null
    and (c.kept_until is null or c.kept_until <= app.today() or num_nonnulls(c.demanded_at, c.required_on) > 0)
  union all
  select 'overdue_copy', app.copy_due_on(c) + r.deletion_days, '/v1/copies/' || c.id
  from beeld.copy c
  cross join rules r
  where app.is_set('adviser')
    and c.state = 'held'
    and num_nonnulls(c.required_on, c.demanded_at, c.kept_until, c.deletion_due_on) > 0
    and app.copy_is_overdue(c)
  union all
  select 'hand_on', (t.state_since at time zone 'Europe/Amsterdam')::date + r.coach_days, '/v1/trajectories/' || t.id
  from beeld.trajectory t
  cross join rules r
  where app.is_set('adviser')
    and t.state in ('open', 'paused', 'closing')
    and (t.coach_id is null or t.coach_id not in (select app.coaches_today()))
  union all
  select 'judge_breach', (b.due_at at time zone 'Europe/Amsterdam')::date, '/v1/breaches/' || b.id
  from beeld.breach b
  where app.is_set('privacy_officer')
    and b.settled_at is null
  union all
  select 'judge_quarantine', (q.created_at at time zone 'Europe/Amsterdam')::date + r.coach_days, '/v1/quarantines/' || q.id
  from beeld.quarantine q
  cross join rules r
  where (app.is_set('adviser') or app.is_set('privacy_officer'))
    and q.state = 'open'
  union all
  select n.task, n.due_on, n.resource
  from app.my_notice_tasks() n
  union all
  select 'answer_objection', app.objection_due_on(o.received_on), '/v1/objections/' || o.id
  from beeld.objection o
  where o.school_id = any (app.my_schools())
    and o.state = 'received'
  union all
  select 'place_pupil', greatest(make_date(y.year, 8, 1), (o.created_at at time zone 'Europe/Amsterdam')::date), '/v1/objections/' || o.id
  from beeld.objection o
  cross join app.school_years_at_hand() y(year)
  where o.school_id = any (app.my_schools())
    and o.state <> 'ended'
    and not exists (
      select
      from beeld.placement p
      where p.objection_id = o.id
        and p.replaced_at is null
        and p.school_year >= y.year)
  union all
  select n.task, n.due_on, n.resource
  from app.my_clearance_tasks() n
  union all
  select 'abandoned_report', a.since, '/v1/report-runs/' || a.run
  from app.abandoned_runs() a
  where app.is_set('adviser')
  union all
  select 'decide_claim', app.today() + r.coach_days, '/v1/prior-experience/' || x.id
  from beeld.prior_experience x
  cross join rules r
  where app.is_set('adviser')
    and x.person_id <> app.me()
    and x.claimed_by is distinct from app.me()
    and x.approved_at is null
    and x.declined_at is null
$$;
comment on function app.tasks() is
  'What waits for the identity, with the day by which it is to be done, from the policy''s answer times; under the caller''s own row-level security.';
grant execute on function app.tasks() to beeld_app;
