-- Recordings of a trajectory: planned, made, talked over.

create or replace function app.actors(r beeld.recording)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  coach uuid := r.coach_id;
begin
  if me is null then
    return 0;
  end if;
  -- Of who is no coach nothing is looked up: what somebody may not see, takes them no longer than what is not there.
  if r.trajectory_id is not null and app.is_set('coach') then
    select coalesce(t.coach_id, r.coach_id) into coach from trajectory t where t.id = r.trajectory_id;
  end if;
  return case when r.teacher_id = me then 1 else 0 end
    + case
      when not app.is_set('coach') then 0
      when coach = me then 2
      when r.coach_id = me then 512
      else 0
    end
    + case when app.is_set('adviser') then 8 else 0 end;
end
$$;
comment on function app.actors(beeld.recording) is
  'What the identity is to a recording: its teacher, the coach of its trajectory, adviser; who filmed it and coaches there no longer only sees it.';

create or replace function app.my_recordings()
  returns setof uuid
  language plpgsql stable
  rows 50
as $$
begin
  return query
  select k.id
  from beeld.recording k
  where k.coach_id = app.me()
  union
  select k.id
  from beeld.trajectory t
  join beeld.recording k on k.trajectory_id = t.id
  where t.coach_id = app.me();
end
$$;
comment on function app.my_recordings() is
  'The recordings that I filmed or am to film, and those of the trajectories that I coach now; under the caller''s own row-level security.';

create or replace function app.recording_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- A board's history from before this administration has no trajectory, and nothing to be held to.
  if new.trajectory_id is null then
    return new;
  end if;
  if new.state = 'planned' and (
    tg_op = 'INSERT' or (new.scheduled_at, new.group_id, new.carrier_id) is distinct from (old.scheduled_at, old.group_id, old.carrier_id)
  ) then
    perform app.refuse_plan(new, case when tg_op = 'UPDATE' then app.school_year(old.scheduled_for) end);
    if tg_op = 'UPDATE' and (new.scheduled_at, new.group_id) is distinct from (old.scheduled_at, old.group_id) then
      new.teacher_agreed_at := null;
    end if;
    if tg_op = 'INSERT' or new.carrier_id is distinct from old.carrier_id then
      new.carrier_since := app.now();
    end if;
  elsif new.state = 'made' and old.state = 'planned' then
    if new.made_at is null or new.made_at > app.now() or (new.made_at at time zone 'Europe/Amsterdam')::date < old.planned_on then
      raise exception 'made between the planning and now' using errcode = 'BE422', detail = '/made_at';
    elsif new.carrier_id is null then
      raise exception 'what is the footage on?' using errcode = 'BE422', detail = '/carrier';
    end if;
    new.clearance_codes := app.judge_clearance(new, old.carrier_id);
  elsif new.state = 'debriefed' and old.state = 'made' and new.quarantined then
    raise exception 'it is quarantined' using errcode = 'BE409', detail = 'quarantined';
  end if;
  return new;
end
$$;
comment on function app.recording_guard() is
  'Row trigger: what is planned, or planned anew, must be possible, and at another time or in another group it needs the teacher''s agreement again; since when it is planned on its carrier is kept; what was made was made by now, on a carrier, and is judged by what was known when it was; what is quarantined is not talked over. Raises BE422 with /made_at or /carrier, BE409 with quarantined, and what app.refuse_plan raises.';

create or replace function app.judge_clearance(made beeld.recording, planned_on_carrier uuid)
  returns text[]
  language plpgsql
as $$
begin
  -- An objection that is being registered is waited for, and the next one waits: they see each other.
  perform app.share_school(app.school_of_group(made.group_id));
  made.carrier_id := planned_on_carrier;
  return (
    select coalesce(array_agg(distinct r.code order by r.code), '{}')
    from app.clearance_reasons(made, made.made_at) r);
end
$$;
comment on function app.judge_clearance(beeld.recording, uuid) is
  'What was missing when a recording was made, by the facts committed up to made_at and the custody that was planned.';

create or replace function app.refuse_plan(planned beeld.recording, year_before integer)
  returns void
  language plpgsql
as $$
declare
  refused text;
begin
  select concat_ws(' ',
    case when planned.scheduled_at is null or planned.scheduled_for < app.today() then '/scheduled_at' end,
    case
      when not exists (
        select
        from beeld.school_group g
        where g.id = planned.group_id
          and g.school_year = app.school_year(planned.scheduled_for)
          and exists (
            select
            from beeld.employment e
            where e.person_id = planned.teacher_id
              and e.school_id = g.school_id
              and e.job = 'teacher'
              and daterange(e.from_date, e.until_date) @> planned.scheduled_for::date)
      ) then '/group'
    end,
    case
      when planned.carrier_id is not null and not exists (
        select
        from beeld.carrier c
        where c.id = planned.carrier_id
          and (c.retired_on is null or c.retired_on > app.today())
      ) then '/carrier'
    end)
  into refused;
  if refused <> '' then
    raise exception 'it cannot be planned so' using errcode = 'BE422', detail = refused;
  end if;
  if exists (
    select
    from beeld.coach_unavailability u
    where u.person_id = planned.coach_id
      and daterange(u.from_date, u.until_date) @> planned.scheduled_for::date
  ) then
    raise exception 'the coach is away that day' using errcode = 'BE409', detail = 'coach_unavailable';
  end if;
  -- In this school year its place was taken when the guidance was agreed on; in the year it was planned in, by itself.
  if app.school_year(planned.scheduled_for) not in (app.school_year(app.today()), coalesce(year_before, 0)) then
    perform app.refuse_crowding(planned.coach_id, app.school_year(planned.scheduled_for), 1);
  end if;
end
$$;
comment on function app.refuse_plan(beeld.recording, integer) is
  'Of a recording that is planned, or planned anew (then with the school year it was planned in): raises BE422 with /scheduled_at (gone by), /group (not of that school year, or of no school where the teacher then teaches) and /carrier (not registered, or retired); BE409 with coach_unavailable or coach_capacity.';

create or replace function app.recording_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if new.trajectory_id is null then
    return null;
  end if;
  if tg_op = 'UPDATE' and (new.state <> old.state or new.scheduled_at <> old.scheduled_at or new.group_id is distinct from old.group_id) then
    update agreement a
    set
      state = 'declined',
      state_reason = 'overtaken'
    where a.recording_id = new.id
      and a.kind in ('recording', 'debrief')
      and a.state = 'proposed'
      -- To what was made without asking, the teacher may still agree.
      and not (a.kind = 'recording' and new.state = 'made');
  end if;
  if new.state = 'planned' and (tg_op = 'INSERT' or new.scheduled_at <> old.scheduled_at or new.group_id is distinct from old.group_id) then
    insert into agreement (id, kind, trajectory_id, recording_id, teacher_id, coach_id, proposed_by, proposed_as, state)
    values (app.new_id(), 'recording', new.trajectory_id, new.id, new.teacher_id, new.coach_id, new.coach_id, 'coach', 'proposed');
  elsif new.state = 'made' and old.state = 'planned' then
    insert into copy (id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state)
    select app.new_id(), new.id, new.teacher_id, new.coach_id, c.id, c.kind, 'held'
    from carrier c
    where c.id = new.carrier_id;
    if new.clearance_codes <> '{}' then
      perform app.begin_quarantine(array[new.id], 'no_clearance', new.clearance_codes);
    elsif exists (select from app.objections_shown(new) s where s.is_late) then
      perform app.begin_quarantine(array[new.id], 'objection', '{objection_without_measure}');
    end if;
    if app.may_not_exist(new) then
      -- Forbidden since it was made, it was cleared then, and goes nowhere now.
      perform app.begin_quarantine(array[new.id], 'objection', '{no_recording}');
      update copy c
      set required_on = app.today()
      where c.recording_id = new.id;
    end if;
  end if;
  return null;
end
$$;
comment on function app.recording_follows() is
  'Row trigger: a plan, and a changed plan, is proposed to the teacher, and what was proposed before is overtaken; a recording that was made has its first copy in the hands of the coach, and is quarantined where it was made without clearance, or an objection came meanwhile.';

create or replace function app.plan_recording(id uuid, trajectory uuid, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of trajectory;
  next smallint;
begin
  select t.* into of from trajectory t where t.id = plan_recording.trajectory for no key update;
  if not found or app.actors(of) = 0 then
    raise exception 'there is no such trajectory' using errcode = 'BE422', detail = '/trajectory';
  elsif app.actors(of) & 2 = 0 then
    raise exception 'not yours to do' using errcode = 'BE403';
  elsif of.state <> 'open' then
    raise exception 'the trajectory is not open' using errcode = 'BE409', detail = 'trajectory_not_open';
  end if;
  select min(n)
  into next
  from generate_series(1, of.recordings) n
  where not exists (
    select
    from recording k
    where k.trajectory_id = of.id
      and k.ordinal = n
      and k.state not in ('cancelled', 'voided'));
  if next is null then
    raise exception 'as many as were agreed on are there'
      using errcode = 'BE409', detail = case of.recordings when 6 then 'six_recordings' else 'recordings_agreed' end;
  end if;
  insert into recording (
    id, trajectory_id, ordinal, teacher_id, coach_id, group_id, origin, counts_for_programme, state, planned_on,
    scheduled_for, scheduled_at, carrier_id)
  select
    plan_recording.id, of.id, next, of.teacher_id, of.coach_id, (draft ->> 'group_id')::uuid, of.origin,
    of.origin <> 'own_wish', 'planned', app.today(), (s.at at time zone 'Europe/Amsterdam')::date, s.at,
    (draft ->> 'carrier_id')::uuid
  from (select (draft ->> 'scheduled_at')::timestamptz as at) s;
end
$$;
comment on function app.plan_recording(uuid, uuid, json) is
  'The coach plans the next recording of an open trajectory: scheduled_at, group_id, carrier_id. Raises BE422, BE403, BE409 with trajectory_not_open, recordings_agreed, six_recordings, and what app.refuse_plan raises.';

create or replace function app.change_recording(id uuid, version integer, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  actors constant integer := app.begin_step('recording', id, version, null);
  now recording;
begin
  if actors & 3 = 0 then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  select k.* into now from recording k where k.id = change_recording.id;
  if draft::jsonb ?| array['scheduled_at', 'group_id', 'carrier_id'] then
    if actors & 2 = 0 then
      raise exception 'not yours to do' using errcode = 'BE403';
    elsif now.state <> 'planned' then
      raise exception 'it is planned no longer' using errcode = 'BE409', detail = 'not_planned';
    end if;
  end if;
  if draft::jsonb ? 'counts_for_programme' then
    if actors & 1 = 0 then
      raise exception 'not yours to do' using errcode = 'BE403';
    elsif now.origin <> 'own_wish' and not (draft ->> 'counts_for_programme')::boolean then
      raise exception 'of the programme''s own it counts' using errcode = 'BE422', detail = '/counts_for_programme';
    end if;
  end if;
  update recording k
  set
    scheduled_at = n.at,
    scheduled_for = case when n.at is null then k.scheduled_for else (n.at at time zone 'Europe/Amsterdam')::date end,
    group_id = case when draft::jsonb ? 'group_id' then (draft ->> 'group_id')::uuid else k.group_id end,
    carrier_id = case when draft::jsonb ? 'carrier_id' then (draft ->> 'carrier_id')::uuid else k.carrier_id end,
    counts_for_programme = coalesce((draft ->> 'counts_for_programme')::boolean, k.counts_for_programme)
  from (select coalesce((draft ->> 'scheduled_at')::timestamptz, now.scheduled_at) as at) n
  where k.id = change_recording.id;
end
$$;
comment on function app.change_recording(uuid, integer, json) is
  'The coach plans a planned recording anew (scheduled_at, group_id, carrier_id); the teacher says whether one of an own wish counts for the starter programme (counts_for_programme). Raises what app.begin_step and app.refuse_plan raise, BE403, BE409 with not_planned, BE422.';

create or replace function app.move_recording(id uuid, version integer, to_state text, reason text, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if to_state = 'made' then
    -- Whoever registers an objection holds the school before any recording.
    perform app.share_school(app.school_of_group(k.group_id))
    from recording k
    where k.id = move_recording.id
      and app.actors(k) <> 0;
  end if;
  perform app.begin_step('recording', id, version, to_state);
  if reason is not null
    and reason not in ('teacher_ill', 'coach_ill', 'group_away', 'technical', 'entered_by_mistake', 'other')
  then
    raise exception 'no such reason' using errcode = 'BE422', detail = '/reason';
  end if;
  update recording k
  set
    state = to_state,
    state_reason = reason,
    made_at = case when to_state = 'made' then n.made_at else k.made_at end,
    recorded_on = case when to_state = 'made' then (n.made_at at time zone 'Europe/Amsterdam')::date else k.recorded_on end,
    carrier_id = case when to_state = 'made' then coalesce((draft ->> 'carrier_id')::uuid, k.carrier_id) else k.carrier_id end,
    ended_on = case when to_state in ('waived', 'cancelled', 'voided') then app.today() else k.ended_on end
  from (select (draft ->> 'made_at')::timestamptz as made_at) n
  where k.id = move_recording.id;
end
$$;
comment on function app.move_recording(uuid, integer, text, text, json) is
  'Brings a recording to another state: made (made_at, and carrier_id where none was planned), waived, cancelled, voided. Raises what app.begin_step raises, BE422 with /made_at, /carrier or /reason.';

create or replace function app.planned_recordings(school uuid)
  returns json
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if app.me() is null or not coalesce(school = any (app.my_administration()), false) then
    raise exception 'there is no such school' using errcode = 'BE404';
  end if;
  return (
    select row_to_json(row(coalesce(json_agg(row_to_json(i) order by i.scheduled_at, i."group" ->> 'name'), '[]'))::item_list)
    from (
      select
        to_char(k.scheduled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as scheduled_at,
        json_build_object('id', g.id, 'name', g.name) as "group"
      from recording k
      join school_group g on g.id = k.group_id
      where g.school_id = planned_recordings.school
        and k.state = 'planned'
        and k.scheduled_for >= app.today()
    ) i);
end
$$;
comment on function app.planned_recordings(uuid) is
  'GET /v1/schools/{id}/planned-recordings, for the school''s administration: that one takes place in a group at a time, so that the class can be prepared. Whose it is, and whether it is of an own wish, is not told, nor its id. Raises BE404.';

grant execute on function
  app.actors(beeld.recording), app.my_recordings(), app.plan_recording(uuid, uuid, json), app.change_recording(uuid, integer, json),
  app.move_recording(uuid, integer, text, text, json), app.planned_recordings(uuid)
  to beeld_app;
