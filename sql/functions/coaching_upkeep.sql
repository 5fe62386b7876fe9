-- What follows from the passing of time: the server's own steps, for beeld_jobs.

create or replace function app.coaching_upkeep()
  returns json
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  today constant date := app.today();
  rules policy;
  expired integer;
  lapsed integer;
  paused integer;
  resumed integer;
begin
  perform set_config('app.origin', 'job', true);
  select p.* into rules from app.policy_on(today) p;

  update request q
  set
    state = 'expired',
    state_reason = null
  where q.state = 'invited'
    and q.expires_on <= today;
  get diagnostics expired = row_count;

  update request q
  set
    state = 'submitted',
    state_reason = 'not_answered'
  where q.state = 'offered'
    and q.state_since <= app.now() - make_interval(days => rules.coach_days);
  get diagnostics lapsed = row_count;

  update trajectory t
  set
    state = 'paused',
    state_reason = 'leave'
  where t.state = 'open'
    and app.is_on_leave(t.teacher_id, today, rules.pause_days);
  get diagnostics paused = row_count;

  update trajectory t
  set
    state = 'open',
    state_reason = null
  where t.state = 'paused'
    and t.state_reason = 'leave'
    and t.state_by is null
    and not app.is_on_leave(t.teacher_id, today, rules.pause_days);
  get diagnostics resumed = row_count;

  perform app.close_trajectory(t.id)
  from trajectory t
  where t.state = 'closing';

  return json_build_object('expired', expired, 'lapsed', lapsed, 'paused', paused, 'resumed', resumed);
end
$$;
comment on function app.coaching_upkeep() is
  'Invitations that nobody answered expire; offers that no coach answered lapse; trajectories pause with the teacher''s leave and go on after it; those closing close. Says how many of each. Done twice, it does nothing.';

create or replace function app.is_on_leave(person uuid, day date, at_least integer)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from beeld.absence a
    where a.person_id = person
      and daterange(a.from_date, a.until_date) @> day
      and (a.until_date is null or a.until_date - a.from_date >= at_least))
$$;
comment on function app.is_on_leave(uuid, date, integer) is 'Whether somebody is on leave of at least so many days on a day: the leave that stops the starter clock too.';

create or replace function app.invite_due_starters()
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  today constant date := app.today();
  invited integer;
begin
  perform set_config('app.origin', 'job', true);
  insert into request (id, teacher_id, origin, state, made_as, school_id, expires_on)
  select app.new_id(), s.person_id, 'starter_programme', 'invited', 'server', s.school_id, today + p.invitation_days
  from app.policy_on(today) p
  cross join app.starter_calculation(today) s
  where p.invitation_month is not null
    and s.employment = 'active'
    and s.coverage = 'open'
    and s.window_from + make_interval(months => p.invitation_month - 1) <= today
    and not exists (
      select
      from request q
      where q.teacher_id = s.person_id
        and (q.made_as = 'server' or q.origin <> 'own_wish' and q.state in ('invited', 'submitted', 'offered', 'assigned')));
  get diagnostics invited = row_count;
  return invited;
end
$$;
comment on function app.invite_due_starters() is
  'Invites every active starter without a recording whose window has come into the policy''s month, once, and none whom somebody has invited already; says how many. Does nothing where the policy names no month.';

grant execute on function app.coaching_upkeep(), app.invite_due_starters() to beeld_jobs;
