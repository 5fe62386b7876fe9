create or replace function app.entered_on(id uuid)
  returns date
  language sql immutable parallel safe
as $$
  select (to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'Europe/Amsterdam')::date
$$;
comment on function app.entered_on(uuid) is 'The civil date of the instant that a UUIDv7 was made at: of a row with this id, the day it was entered.';

create or replace function app.work_to_hand_on()
  returns table (due_on date, resource text)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- Not a condition of the query: of most who ask, nothing is looked up at all.
  if not app.is_set('adviser') then
    return;
  end if;
  return query
  with today as materialized (
    select
      app.today() as day,
      p.coach_days
    from app.policy_on(app.today()) p
  ),
  role as materialized (
    select
      c.person_id,
      c.person_id in (select app.coaches_today()) as holds
    from coach c
  ),
  -- The end of the role: that to come, or the last that is past.
  leaving as materialized (
    select
      o.person_id,
      o.holds,
      least(
        case
          when o.holds then app.role_until(o.person_id, 'coach', null, t.day)
          else (
            select max(a.until_date)
            from role_assignment a
            where a.person_id = o.person_id
              and a.role = 'coach'
              and a.until_date <= t.day)
        end,
        app.day_of(r.disabled_at)) as ends_on
    from role o
    cross join today t
    join registration r on r.person_id = o.person_id
  ),
  departing as materialized (
    select l.*
    from leaving l
    cross join today t
    where not l.holds
      or l.ends_on <= t.day + 30
  )
  select coalesce(d.ends_on, app.day_of(k.state_since) + t.coach_days), '/v1/trajectories/' || k.id
  from trajectory k
  cross join today t
  left join departing d on d.person_id = k.coach_id
  where k.state in ('open', 'paused', 'closing')
    and (k.coach_id is null or d.person_id is not null)
  union all
  select coalesce(d.ends_on, app.day_of(q.state_since) + t.coach_days), '/v1/requests/' || q.id
  from request q
  cross join today t
  join departing d on d.person_id = q.coach_id
  where q.state = 'offered'
  union all
  -- Of a coach who still is one, the adviser sees the recording and not its custody.
  select
    coalesce(d.ends_on, app.day_of(c.state_since) + t.coach_days),
    case when d.holds then '/v1/recordings/' || c.recording_id else '/v1/copies/' || c.id end
  from copy c
  cross join today t
  join departing d on d.person_id = c.holder_id
  where c.state = 'held'
    and c.holder_id <> c.teacher_id;
end
$$;
comment on function app.work_to_hand_on() is
  'For the adviser, the work of every coach whose role has ended, or ends within 30 days: the guidance that is not closed, offers that wait for an answer, and copies of which nobody else has custody; by the day on which the role ends. A copy of somebody who is a coach still is named by its recording. Nothing for anybody else.';

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
  -- Those that both agreed on: at their interval, else in the term of a first one; and not before the coach, who has just
  -- agreed, could answer.
  select
    'plan_next_recording',
    case
      when t.interval_days is not null then greatest(l.recorded_on + t.interval_days, e.agreed_on + r.coach_days)
      else greatest(l.recorded_on, e.agreed_on) + r.first_recording_days
    end,
    '/v1/trajectories/' || t.id
  from beeld.trajectory t
  cross join rules r
  cross join lateral (
    select
      max(k.recorded_on)::date as recorded_on,
      count(*) as number,
      count(*) filter (where k.state = 'planned') as planned
    from beeld.recording k
    where k.trajectory_id = t.id
      and k.state in ('planned', 'made', 'debriefed', 'waived')
  ) l
  cross join lateral (
    select max((a.state_since at time zone 'Europe/Amsterdam')::date) as agreed_on
    from beeld.agreement a
    where a.trajectory_id = t.id
      and a.kind = 'extension'
      and a.state = 'agreed'
  ) e
  where t.coach_id = app.me()
    and app.is_set('coach')
    and t.state = 'open'
    and l.number between 1 and t.recordings - 1
    and l.planned = 0
  union all
  select 'hold_follow_up', f.talk_on, '/v1/follow-ups/' || f.id
  from beeld.follow_up f
  join beeld.trajectory t on t.id = f.trajectory_id
  where (t.teacher_id = app.me() or t.coach_id = app.me() and app.is_set('coach'))
    and t.state = 'open'
    and f.talk_on >= app.today()
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
  select 'hand_on', w.due_on, w.resource
  from app.work_to_hand_on() w
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
    or app.is_set('system_admin')
  union all
  select 'decide_claim', app.entered_on(x.id) + r.coach_days, '/v1/prior-experience/' || x.id
  from beeld.prior_experience x
  cross join rules r
  where app.is_set('adviser')
    and x.person_id <> app.me()
    and x.claimed_by is distinct from app.me()
    and x.approved_at is null
    and x.declined_at is null
  union all
  select 'approve_teaching_since', n.teaching_since_claimed_on + r.coach_days, '/v1/people/' || n.person_id
  from beeld.registration n
  cross join rules r
  where app.is_set('adviser')
    and n.person_id <> app.me()
    and n.teaching_since is not null
    and n.teaching_since_approved_at is null
    and exists (
      select
      from beeld.employment e
      where e.person_id = n.person_id
        and e.job = 'teacher'
        and (e.until_date is null or e.until_date > app.today()))
  union all
  -- On that day it lapses, and there is nothing to review.
  select 'review_exemption', x.review_date, '/v1/exemptions/' || x.id
  from beeld.exemption x
  where app.is_set('adviser')
    and x.person_id <> app.me()
    and x.from_date <= app.today()
    and x.review_date > app.today()
    and x.review_date <= app.today() + 30
    and not exists (
      select
      from beeld.exemption n
      where n.person_id = x.person_id
        and n.from_date = x.review_date)
$$;
comment on function app.tasks() is
  'What waits for the identity, with the day by which it is to be done, from the policy''s answer times; under the caller''s own row-level security.';
grant execute on function app.tasks(), app.entered_on(uuid), app.work_to_hand_on() to beeld_app;
