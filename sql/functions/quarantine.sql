-- Recordings that were made without clearance, or that a later objection touches.

create or replace function app.actors(q beeld.quarantine)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of_recording integer;
begin
  if app.me() is null then
    return 0;
  end if;
  select app.actors(k) & (2 | 512) into of_recording from recording k where k.id = q.recording_id;
  if q.teacher_id = app.me() or of_recording <> 0 then
    return 512;
  end if;
  return case when app.is_set('adviser') then 8 else 0 end
    + case when app.is_set('privacy_officer') then 64 else 0 end;
end
$$;
comment on function app.actors(beeld.quarantine) is
  'What the identity is to a quarantine: adviser or privacy officer. The teacher and the coach of the recording only see it, whatever else they are: nobody releases their own.';

create or replace function app.begin_quarantine(recordings uuid[], cause text, codes text[])
  returns void
  language sql
as $$
  insert into beeld.quarantine (id, recording_id, teacher_id, cause, codes)
  select app.new_id(), k.id, k.teacher_id, begin_quarantine.cause, begin_quarantine.codes
  from beeld.recording k
  where k.id = any (recordings)
    and exists (
      select
      from beeld.copy c
      where c.recording_id = k.id
        and c.state = 'held')
  order by k.id
  on conflict (recording_id) where state = 'open' do nothing
$$;
comment on function app.begin_quarantine(uuid[], text, text[]) is
  'Quarantines recordings whose footage still exists, but for those that are already. Called from triggers: the step is the server''s.';

create or replace function app.footage_of(group_id uuid)
  returns setof uuid
  language plpgsql stable
  rows 20
as $$
begin
  -- From the copies that are there, which are few; recordings are kept for years.
  return query
  select distinct c.recording_id
  from beeld.copy c
  join beeld.recording r on r.id = c.recording_id
  where c.state = 'held'
    and r.group_id = footage_of.group_id
    and r.state in ('made', 'debriefed', 'waived');
end
$$;
comment on function app.footage_of(uuid) is 'The recordings of a group that were made and of which somebody has a copy still.';

create or replace function app.footage_showing(objection uuid, group_id uuid)
  returns uuid[]
  language plpgsql stable
as $$
begin
  return array(
    select r.id
    from app.footage_of(footage_showing.group_id) f(id)
    join beeld.recording r on r.id = f.id
    where objection in (select s.objection_id from app.objections_shown(r) s));
end
$$;
comment on function app.footage_showing(uuid, uuid) is 'Those of them that show the pupil of an objection.';

create or replace function app.quarantine_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  missing text;
begin
  if tg_op = 'UPDATE' and new.state = 'released' and old.state = 'open' then
    select string_agg(s.code, ',' order by s.code)
    into missing
    from recording k
    cross join lateral app.standing_reasons(k, new.codes) s(code)
    where k.id = new.recording_id;
    if missing is not null then
      raise exception 'what was missing is missing still' using errcode = 'BE409', detail = 'not_made_good';
    end if;
  end if;
  return new;
end
$$;
comment on function app.quarantine_guard() is
  'Row trigger: a recording is released when what was missing is made good (app.standing_reasons). Raises BE409 with not_made_good.';

create or replace function app.quarantine_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- By all of its quarantines, and by the state that it has when its row is held: somebody may just have agreed to the talk.
  update recording k
  set quarantined = not k.quarantined
  where k.id in (select q.recording_id from new_rows q)
    and k.quarantined <> exists (
      select
      from quarantine q
      where q.recording_id = k.id
        and case q.cause
          when 'no_clearance' then q.state <> 'released'
          else q.state = 'open' and k.state <> 'debriefed'
        end);
  return null;
end
$$;
comment on function app.quarantine_follows() is
  'Statement trigger: the recording''s mark, which coverage heeds, follows its quarantines. What was made without clearance counts when it is released, and not when it is deleted; what a later objection touches stops counting only where it was not talked over yet, since who is covered stays so for ever [S].';

create or replace function app.move_quarantine(id uuid, version integer, to_state text)
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
  from quarantine q
  join recording k on k.id = q.recording_id
  where q.id = move_quarantine.id;
  perform app.share_school(school);
  perform app.begin_step('quarantine', id, version, to_state);
  update quarantine q
  set
    state = to_state,
    state_reason = null
  where q.id = move_quarantine.id;
end
$$;
comment on function app.move_quarantine(uuid, integer, text) is
  'The adviser or the privacy officer releases a recording. Raises what app.begin_step raises, BE409 with not_made_good.';

create or replace function app.lift_quarantines(school uuid, recording uuid)
  returns void
  language sql
as $$
  -- What was made without clearance, somebody looks at; what a later objection stopped, goes on by itself.
  update beeld.quarantine q
  set
    state = 'released',
    state_reason = 'made_good'
  from beeld.recording k
  join beeld.school_group g on g.id = k.group_id
  where k.id = q.recording_id
    and q.state = 'open'
    and q.cause = 'objection'
    and g.school_id = lift_quarantines.school
    and k.id = coalesce(lift_quarantines.recording, k.id)
    and not exists (select from app.standing_reasons(k, q.codes))
$$;
comment on function app.lift_quarantines(uuid, uuid) is
  'Releases what an objection had quarantined at a school, or of it one recording, when nothing of it stands any more. Called from triggers: the step is the server''s.';

grant execute on function app.actors(beeld.quarantine), app.move_quarantine(uuid, integer, text) to beeld_app;
