-- Trajectories: the guidance of one teacher by one coach, from the coach's word to the last copy.

create or replace function app.actors(r beeld.trajectory)
  returns integer
  language sql stable
as $$
  select case
    when app.me() is null then 0
    else
      case when r.teacher_id = app.me() then 1 else 0 end
      + case when r.coach_id = app.me() and app.is_set('coach') then 2 else 0 end
      + case when app.is_set('adviser') then 8 else 0 end
  end
$$;
comment on function app.actors(beeld.trajectory) is 'What the identity is to a trajectory: its teacher, its coach, adviser.';

create or replace function app.trajectory_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' or new.state = old.state or new.state <> 'closing' or app.me() is null then
    return new;
  end if;
  if app.me() = new.teacher_id or app.is_set('adviser') and new.state_reason is not null then
    return new;
  elsif not (app.actors(old) & app.actor_bit('coach') <> 0 and old.state = 'open') then
    raise exception 'an adviser ends a trajectory with a reason' using errcode = 'BE422', detail = '/reason';
  elsif exists (
    select
    from recording k
    where k.trajectory_id = new.id
      and k.state in ('planned', 'made')
  ) then
    raise exception 'a recording is not talked over yet' using errcode = 'BE409', detail = 'recordings_unfinished';
  end if;
  return new;
end
$$;
comment on function app.trajectory_guard() is
  'Row trigger: the teacher ends a trajectory at any time, the coach when every recording is debriefed, waived or cancelled, the adviser with a reason.';

create or replace function app.trajectory_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' or new.state = old.state then
    return null;
  end if;
  if new.state = 'closing' then
    update recording k
    set
      state = 'cancelled',
      state_reason = 'trajectory_ended',
      ended_on = app.today()
    where k.trajectory_id = new.id
      and k.state = 'planned';
    update agreement a
    set
      state = 'declined',
      state_reason = 'trajectory_ended'
    where a.trajectory_id = new.id
      and a.state = 'proposed'
      and a.kind <> 'keeping';
    update copy c
    set deletion_due_on = app.today()
    from recording k
    where k.trajectory_id = new.id
      and c.recording_id = k.id
      and c.state = 'held'
      and c.holder_id is distinct from c.teacher_id
      and c.deletion_due_on is null;
    perform app.close_trajectory(new.id);
  elsif new.state = 'closed' then
    update request q
    set
      state = 'closed',
      state_reason = null
    where q.id = new.request_id;
  end if;
  return null;
end
$$;
comment on function app.trajectory_follows() is
  'Row trigger: the end of the guidance cancels what was planned, makes copies due for deletion, and closes the trajectory as soon as none is left; the request is closed with it.';

create or replace function app.close_trajectory(id uuid)
  returns void
  language sql
as $$
  update beeld.trajectory t
  set
    state = 'closed',
    state_reason = null
  where t.id = close_trajectory.id
    and t.state = 'closing'
    and not exists (
      select
      from beeld.copy c
      join beeld.recording k on k.id = c.recording_id
      where k.trajectory_id = t.id
        and c.state = 'held'
        and c.holder_id is distinct from c.teacher_id
        and (c.kept_until is null or c.kept_until <= app.today()))
$$;
comment on function app.close_trajectory(uuid) is
  'Closes a trajectory that is closing when no copy is with anybody but the teacher, those kept by agreement excepted. Called from triggers: the step is the server''s.';

create or replace function app.move_trajectory(id uuid, version integer, to_state text, reason text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.begin_step('trajectory', id, version, to_state);
  if reason is not null and reason not in ('teacher_left', 'coach_left', 'leave', 'goal_reached', 'other') then
    raise exception 'no such reason' using errcode = 'BE422', detail = '/reason';
  end if;
  update trajectory t
  set
    state = to_state,
    state_reason = reason
  where t.id = move_trajectory.id;
end
$$;
comment on function app.move_trajectory(uuid, integer, text, text) is
  'Brings a trajectory to another state. Raises what app.begin_step raises, BE409 with recordings_unfinished, BE422 with /reason.';

create or replace function app.add_follow_up(id uuid, trajectory uuid, talk_on date)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of trajectory;
begin
  select t.* into of from trajectory t where t.id = add_follow_up.trajectory for no key update;
  if not found or app.actors(of) = 0 then
    raise exception 'there is no such trajectory' using errcode = 'BE404';
  elsif app.actors(of) & 3 = 0 then
    raise exception 'not yours to do' using errcode = 'BE403';
  elsif of.state <> 'open' then
    raise exception 'the trajectory is not open' using errcode = 'BE409', detail = 'trajectory_not_open';
  end if;
  insert into follow_up (id, trajectory_id, teacher_id, coach_id, talk_on)
  values (add_follow_up.id, of.id, of.teacher_id, of.coach_id, talk_on);
end
$$;
comment on function app.add_follow_up(uuid, uuid, date) is
  'Dates a talk without a recording, by the teacher or the coach of an open trajectory. Raises BE404, BE403, BE409 with trajectory_not_open.';

grant execute on function
  app.actors(beeld.trajectory), app.move_trajectory(uuid, integer, text, text), app.add_follow_up(uuid, uuid, date)
  to beeld_app;
