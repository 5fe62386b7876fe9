-- Fitting measures: what a school takes for an objection, and what a coach promises of them for each recording.

create or replace function app.actors(m beeld.measure)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  actors integer;
begin
  select app.actors(o) into actors from objection o where o.id = m.objection_id;
  if actors = 0 and m.id in (select app.my_measures()) then
    actors := 512;
  end if;
  return coalesce(actors, 0);
end
$$;
comment on function app.actors(beeld.measure) is
  'What the identity is to a measure: what it is to its objection; the coach who has to keep it only sees it.';

create or replace function app.set_measure(id uuid, objection uuid, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of objection;
begin
  select o.* into of from objection o where o.id = set_measure.objection;
  if not found or app.actors(of) = 0 then
    raise exception 'there is no such objection' using errcode = 'BE404';
  elsif app.actors(of) & (4 | 128) = 0 then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  perform app.hold_school(of.school_id);
  select o.* into of from objection o where o.id = set_measure.objection for no key update;
  if of.state = 'ended' then
    raise exception 'it has ended' using errcode = 'BE409', detail = 'objection_ended';
  end if;
  insert into measure (id, objection_id, kind, covers_sound)
  values (set_measure.id, of.id, draft ->> 'kind', (draft ->> 'covers_sound')::boolean);
  perform app.answer_objection(of.id);
end
$$;
comment on function app.set_measure(uuid, uuid, json) is
  'The school takes a measure for an objection: kind, covers_sound. The first one answers it. Raises BE404, BE403, BE409 with objection_ended.';

create or replace function app.move_measure(id uuid, version integer, to_state text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of uuid;
begin
  select m.objection_id into of from measure m where m.id = move_measure.id;
  perform app.hold_school_of_objection(of);
  perform app.begin_step('measure', id, version, to_state);
  update measure m
  set
    state = to_state,
    state_reason = null
  where m.id = move_measure.id;
end
$$;
comment on function app.move_measure(uuid, integer, text) is 'The school ends a measure. Raises what app.begin_step raises.';

create or replace function app.measure_guard()
  returns trigger
  language plpgsql
as $$
begin
  return new;
end
$$;
comment on function app.measure_guard() is 'Row trigger: nothing but the machine holds a measure back.';

create or replace function app.measure_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.kind = 'no_recording' then
      perform app.require_deletion(new.objection_id);
    end if;
  elsif new.state = 'ended' and old.state = 'in_force' then
    if new.kind = 'no_recording' then
      perform app.lift_deletions();
    end if;
    perform app.lift_quarantines(o.school_id, null)
    from objection o
    where o.id = new.objection_id;
    update objection o
    set
      state = 'received',
      state_reason = 'no_measure_left'
    where o.id = new.objection_id
      and o.state = 'measure_set'
      and not exists (
        select
        from measure m
        where m.objection_id = o.id
          and m.state = 'in_force');
  end if;
  return null;
end
$$;
comment on function app.measure_follows() is
  'Row trigger: no_recording requires that footage of the pupil be deleted, and its end lets what is there still be, and what nothing else stands against go on; when the last measure of an objection ends, it waits for one again.';

create or replace function app.require_deletion(objection uuid)
  returns void
  language plpgsql
as $$
declare
  footage constant uuid[] := array(
    select f.id
    from (
      select distinct p.group_id
      from beeld.placement p
      where p.objection_id = objection
    ) p
    cross join unnest(app.footage_showing(objection, p.group_id)) f(id));
begin
  perform app.begin_quarantine(footage, 'objection', '{no_recording}');
  update beeld.copy c
  set required_on = app.today()
  where c.recording_id = any (footage)
    and c.state = 'held'
    and c.required_on is null;
end
$$;
comment on function app.require_deletion(uuid) is
  'Footage that shows the pupil of an objection is to be deleted by whoever has it, the teacher too.';

create or replace function app.may_not_exist(k beeld.recording)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from app.objections_shown(k) s
    cross join app.measures_kept(s.objection_id) m
    where m.kind = 'no_recording')
$$;
comment on function app.may_not_exist(beeld.recording) is 'Whether a recording that was made shows a pupil of whom nothing may be filmed.';

create or replace function app.lift_deletions()
  returns void
  language sql
as $$
  update beeld.copy c
  set required_on = null
  from beeld.recording k
  where k.id = c.recording_id
    and c.state = 'held'
    and c.required_on is not null
    and not app.may_not_exist(k)
$$;
comment on function app.lift_deletions() is
  'Lets footage be that was to be deleted (app.require_deletion) and shows nobody of whom nothing may be filmed any more.';

create or replace function app.actors(p beeld.promise)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of_recording integer;
begin
  select app.actors(k) into of_recording from recording k where k.id = p.recording_id;
  return case
    when of_recording & 2 <> 0 then 2
    when of_recording & 512 <> 0 or app.is_set('privacy_officer') then 512
    else 0
  end;
end
$$;
comment on function app.actors(beeld.promise) is
  'What the identity is to a promise: the coach of the recording; the privacy officer, and who filmed it before another coach came, only see it.';

create or replace function app.make_promise(id uuid, recording uuid, measure uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of recording;
begin
  select k.* into of from recording k where k.id = make_promise.recording;
  if not found or app.actors(of) = 0 then
    raise exception 'there is no such recording' using errcode = 'BE404';
  elsif app.actors(of) & 2 = 0 then
    raise exception 'not yours to promise' using errcode = 'BE403';
  end if;
  perform app.share_school(app.school_of_group(of.group_id));
  if not exists (
    select
    from app.measures_of(of) m(id)
    join measure x on x.id = m.id
    where m.id = make_promise.measure
      and x.kind <> 'no_recording'
  ) then
    raise exception 'no measure that is to be kept in it' using errcode = 'BE422', detail = '/measure';
  end if;
  insert into promise (id, recording_id, measure_id, coach_id)
  values (make_promise.id, of.id, make_promise.measure, app.me());
end
$$;
comment on function app.make_promise(uuid, uuid, uuid) is
  'The coach promises that a measure is kept in a recording. Raises BE404, BE403, BE422 with /measure.';

create or replace function app.move_promise(id uuid, version integer, to_state text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  school uuid;
begin
  select app.school_of_group(k.group_id)
  into school
  from promise p
  join recording k on k.id = p.recording_id
  where p.id = move_promise.id;
  -- Of two measures that are attested, the later one is to see that it is the last.
  perform app.hold_school(school);
  perform app.begin_step('promise', id, version, to_state);
  update promise p
  set
    state = to_state,
    state_reason = null
  where p.id = move_promise.id;
end
$$;
comment on function app.move_promise(uuid, integer, text) is
  'The coach attests that the measure was kept. Raises what app.begin_step raises, BE409 with not_made.';

create or replace function app.promise_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.state = 'attested' and old.state = 'promised' and not exists (
    select
    from recording k
    where k.id = new.recording_id
      and k.state in ('made', 'debriefed', 'waived')
  ) then
    raise exception 'there is nothing to attest' using errcode = 'BE409', detail = 'not_made';
  end if;
  return new;
end
$$;
comment on function app.promise_guard() is 'Row trigger: what is attested was made. Raises BE409 with not_made.';

create or replace function app.promise_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.state = 'attested' and old.state = 'promised' then
    perform app.lift_quarantines(app.school_of_group(k.group_id), k.id)
    from recording k
    where k.id = new.recording_id;
  end if;
  return null;
end
$$;
comment on function app.promise_follows() is 'Row trigger: a recording that an objection had quarantined is released when every measure for it is attested.';

grant execute on function
  app.actors(beeld.measure), app.set_measure(uuid, uuid, json), app.move_measure(uuid, integer, text),
  app.actors(beeld.promise), app.make_promise(uuid, uuid, uuid), app.move_promise(uuid, integer, text)
  to beeld_app;
