-- Acts of two people: proposed by one, agreed or declined by the other; what was agreed takes effect.

create or replace function app.actors(r beeld.agreement)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  coaches boolean := false;
begin
  if me is null then
    return 0;
  end if;
  if app.is_set('coach') then
    coaches := exists (
      select
      from trajectory t
      where t.id = r.trajectory_id
        and t.coach_id = me);
  end if;
  return case when r.teacher_id = me then 1 else 0 end
    + case when coaches then 2 else 0 end
    + case when app.is_set('adviser') and r.kind = 'change_of_coach' then 8 else 0 end
    + case
      when r.teacher_id = me and r.proposed_as <> 'teacher' then 32
      when coaches and r.proposed_as = 'teacher' then 32
      else 0
    end;
end
$$;
comment on function app.actors(beeld.agreement) is
  'What the identity is to an agreement: teacher, coach of the trajectory, adviser (of a change of coach), and the counterpart who decides: the teacher on what coach or adviser propose, the coach on what the teacher proposes.';

create or replace function app.agreement_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    return new;
  end if;
  if new.state = 'agreed' and old.state = 'proposed' and new.kind = 'change_of_coach' and exists (
    select
    from copy c
    join recording k on k.id = c.recording_id
    where k.trajectory_id = new.trajectory_id
      and c.state = 'held'
      and c.holder_id = new.coach_id
  ) then
    raise exception 'copies are handed over first' using errcode = 'BE409', detail = 'copies_first';
  end if;
  return new;
end
$$;
comment on function app.agreement_guard() is 'Row trigger: a coach who still has copies hands them over before another goes on.';

create or replace function app.agreement_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' or new.state <> 'agreed' or old.state = 'agreed' then
    return null;
  end if;
  case new.kind
    when 'recording' then
      update recording k
      set teacher_agreed_at = app.now()
      where k.id = new.recording_id;
    when 'debrief' then
      update recording k
      set
        state = 'debriefed',
        state_reason = null,
        debriefed_on = app.today()
      where k.id = new.recording_id;
    when 'extension' then
      perform app.extend_trajectory(new);
    when 'keeping' then
      update copy c
      set
        kept_until = new.until_date,
        demanded_at = null
      where c.id = new.copy_id;
      perform app.close_trajectory(new.trajectory_id);
    when 'change_of_coach' then
      perform app.change_coach(new);
  end case;
  return null;
end
$$;
comment on function app.agreement_follows() is 'Row trigger: what both agreed on takes effect in the same transaction.';

create or replace function app.extend_trajectory(agreed beeld.agreement)
  returns void
  language plpgsql
as $$
declare
  of beeld.trajectory;
begin
  select t.* into of from beeld.trajectory t where t.id = agreed.trajectory_id for no key update;
  if of.state <> 'open' or of.recordings >= agreed.recordings then
    raise exception 'there is nothing to extend' using errcode = 'BE409', detail = 'trajectory_not_open';
  end if;
  perform app.refuse_crowding(of.coach_id, app.school_year(app.today()), agreed.recordings - of.recordings);
  update beeld.trajectory t
  set
    recordings = agreed.recordings,
    interval_days = coalesce(agreed.interval_days, t.interval_days)
  where t.id = of.id;
end
$$;
comment on function app.extend_trajectory(beeld.agreement) is
  'Up to six recordings, by mutual agreement [S], where the coach has room. Raises BE409 with trajectory_not_open or coach_capacity.';

create or replace function app.change_coach(agreed beeld.agreement)
  returns void
  language plpgsql
as $$
declare
  of beeld.trajectory;
begin
  select t.* into of from beeld.trajectory t where t.id = agreed.trajectory_id for no key update;
  if of.state not in ('open', 'paused') or agreed.new_coach_id is null then
    raise exception 'there is nothing to go on with' using errcode = 'BE409', detail = 'trajectory_not_open';
  end if;
  perform app.refuse_coach(agreed.new_coach_id, of.teacher_id);
  perform app.refuse_crowding(
    agreed.new_coach_id, app.school_year(app.today()),
    of.recordings - (
      select count(*)
      from beeld.recording k
      where k.trajectory_id = of.id
        and k.state in ('made', 'debriefed', 'waived')
    )::integer);
  update beeld.trajectory t set coach_id = agreed.new_coach_id where t.id = of.id;
  update beeld.request q set coach_id = agreed.new_coach_id where q.id = of.request_id;
  update beeld.recording k
  set coach_id = agreed.new_coach_id
  where k.trajectory_id = of.id
    and k.state = 'planned';
end
$$;
comment on function app.change_coach(beeld.agreement) is
  'Another coach goes on, who may and has room for what is left. Raises BE409 with trajectory_not_open or coach_capacity, BE422 with /coach.';

create or replace function app.propose(id uuid, trajectory uuid, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of trajectory;
  about copy;
  footage recording;
  actors integer;
  wanted constant text := draft ->> 'kind';
begin
  select t.* into of from trajectory t where t.id = propose.trajectory for no key update;
  actors := case when found then app.actors(of) else 0 end;
  if actors = 0 then
    raise exception 'there is no such trajectory' using errcode = 'BE404';
  elsif (actors & case wanted when 'change_of_coach' then 8 else 3 end) = 0 then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  if wanted in ('extension', 'change_of_coach') and of.state not in ('open', 'paused')
    or wanted = 'extension' and of.state = 'paused'
  then
    raise exception 'the trajectory is not open' using errcode = 'BE409', detail = 'trajectory_not_open';
  end if;

  if wanted = 'debrief' then
    select k.* into footage from recording k where k.id = (draft ->> 'recording_id')::uuid and k.trajectory_id = of.id for no key update;
    if not found then
      raise exception 'no such recording' using errcode = 'BE422', detail = '/recording';
    elsif footage.state <> 'made' then
      raise exception 'there is nothing to talk over' using errcode = 'BE409', detail = 'not_made';
    elsif (draft ->> 'held_on')::date not between footage.recorded_on and app.today() then
      raise exception 'held between the recording and today' using errcode = 'BE422', detail = '/held_on';
    end if;
  elsif wanted = 'keeping' then
    select c.*
    into about
    from copy c
    join recording k on k.id = c.recording_id
    where c.id = (draft ->> 'copy_id')::uuid
      and k.trajectory_id = of.id
    for no key update of c;
    if not found then
      raise exception 'no such copy' using errcode = 'BE422', detail = '/copy';
    elsif about.state <> 'held' or about.holder_id is not distinct from about.teacher_id then
      raise exception 'nobody else has it' using errcode = 'BE409', detail = 'not_held';
    elsif about.kept_until is not null and actors & 1 = 0 then
      raise exception 'only the teacher renews it' using errcode = 'BE403';
    elsif (draft ->> 'until_date')::date <= app.today()
      or (draft ->> 'until_date')::date > app.today() + interval '12 months'
    then
      raise exception 'at most twelve months from today' using errcode = 'BE422', detail = '/until';
    end if;
  elsif wanted = 'extension' and (draft ->> 'recordings')::integer <= of.recordings then
    raise exception 'more than are agreed on' using errcode = 'BE422', detail = '/recordings';
  elsif wanted = 'change_of_coach'
    and not app.may_coach(nullif((draft ->> 'new_coach_id')::uuid, of.coach_id), of.teacher_id)
  then
    raise exception 'not a coach for this teacher' using errcode = 'BE422', detail = '/new_coach';
  end if;

  insert into agreement (
    id, kind, trajectory_id, recording_id, copy_id, teacher_id, coach_id, new_coach_id, proposed_by, proposed_as,
    recordings, interval_days, until_date, held_on, state)
  values (
    propose.id, wanted, of.id, coalesce(footage.id, about.recording_id), about.id, of.teacher_id, of.coach_id,
    (draft ->> 'new_coach_id')::uuid, app.me(),
    case when wanted = 'change_of_coach' then 'adviser' when actors & 1 <> 0 then 'teacher' else 'coach' end,
    (draft ->> 'recordings')::smallint, (draft ->> 'interval_days')::smallint, (draft ->> 'until_date')::date,
    (draft ->> 'held_on')::date, 'proposed');
end
$$;
comment on function app.propose(uuid, uuid, json) is
  'Proposes something that takes two: debrief (recording_id, held_on), extension (recordings, interval_days), keeping (copy_id, until_date) by the teacher or the coach; change_of_coach (new_coach_id) by the adviser. Raises BE404, BE403, BE409 with trajectory_not_open, not_made, not_held, BE422 with /recording, /held_on, /copy, /until, /recordings, /new_coach.';

create or replace function app.decide_agreement(id uuid, version integer, to_state text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.begin_step('agreement', id, version, to_state);
  update agreement a
  set
    state = to_state,
    state_reason = null
  where a.id = decide_agreement.id;
end
$$;
comment on function app.decide_agreement(uuid, integer, text) is
  'The counterpart agrees or declines. Raises what app.begin_step raises, and what stands in the way of the effect.';

grant execute on function
  app.actors(beeld.agreement), app.propose(uuid, uuid, json), app.decide_agreement(uuid, integer, text)
  to beeld_app;
