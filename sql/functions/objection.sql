-- What parents object to: registered by the school, never rejected, and blocking from the first moment.

create or replace function app.actors(o beeld.objection)
  returns integer
  language plpgsql stable
as $$
begin
  if app.me() is null then
    return 0;
  end if;
  return case when coalesce(o.school_id = any (app.my_administration()), false) then 128 else 0 end
    + case when coalesce(o.school_id = any (app.my_directorships()), false) then 4 else 0 end
    + case when app.is_set('privacy_officer') then 512 else 0 end;
end
$$;
comment on function app.actors(beeld.objection) is
  'What the identity is to an objection: the administration or the director of the school; the privacy officer only sees it.';

create or replace function app.objection_due_on(received_on date)
  returns date
  language sql stable
as $$
  select least(received_on + p.objection_days, (received_on + interval '1 month')::date)
  from app.policy_on(received_on) p
$$;
comment on function app.objection_due_on(date) is
  'The last day on which a parent whose objection was received on a day is to have an answer: by the policy of that day, whatever came after it, and never past the month that the law gives [L].';

create or replace function app.hold_school(school uuid)
  returns void
  language plpgsql
as $$
begin
  -- Whoever waits for this lock is queued before those who come later; of a row's lock, who shares it keeps who wants to
  -- hold it waiting for as long as others come to share it.
  perform pg_advisory_xact_lock(hashtextextended('parents of ' || school, 0));
end
$$;
comment on function app.hold_school(uuid) is
  'Holds a school, until the end of the transaction, against those who report recordings there (app.share_school), so that an objection and a recording that is made see each other, whichever comes first. Always before the rows of recordings.';

create or replace function app.hold_school_of_objection(objection uuid)
  returns void
  language plpgsql
as $$
begin
  perform app.hold_school(o.school_id)
  from beeld.objection o
  where o.id = objection
    and o.school_id = any (app.my_schools());
end
$$;
comment on function app.hold_school_of_objection(uuid) is 'The same for the school of an objection, to whom it answers; before the objection itself, as whoever registers one does.';

create or replace function app.share_school(school uuid)
  returns void
  language plpgsql
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('parents of ' || school, 0));
end
$$;
comment on function app.share_school(uuid) is 'Waits for whoever holds a school (app.hold_school), and keeps the next one waiting; those who share it do not wait for each other.';

create or replace function app.register_objection(id uuid, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  school constant uuid := (draft ->> 'school_id')::uuid;
  placed constant uuid := (draft ->> 'group_id')::uuid;
begin
  if app.my_schools() is null then
    raise exception 'not yours to register' using errcode = 'BE403';
  elsif not coalesce(school = any (app.my_schools()), false) then
    raise exception 'not a school of yours' using errcode = 'BE422', detail = '/school';
  elsif (draft ->> 'received_on')::date > app.today() then
    raise exception 'received by today' using errcode = 'BE422', detail = '/received_on';
  end if;
  perform app.hold_school(school);
  insert into objection (id, school_id, received_on, state)
  values (register_objection.id, school, (draft ->> 'received_on')::date, 'received');
  if placed is not null then
    -- As old as the objection itself: it lifts nothing that stood before.
    perform app.place_pupil(register_objection.id, school, placed, app.now());
  end if;
end
$$;
comment on function app.register_objection(uuid, json) is
  'The administration or the director of a school registers an objection: school_id, received_on, group_id where the pupil is placed in one. Raises BE403, BE422 with /school, /group or /received_on.';

drop function if exists app.place_pupil(uuid, uuid, uuid);
create or replace function app.place_pupil(objection uuid, school uuid, group_id uuid, at timestamptz)
  returns void
  language plpgsql
as $$
declare
  year smallint;
begin
  select g.school_year
  into year
  from beeld.school_group g
  where g.id = place_pupil.group_id
    and g.school_id = school;
  if not found then
    raise exception 'no group of the school' using errcode = 'BE422', detail = '/group';
  end if;
  update beeld.placement p
  set replaced_at = place_pupil.at
  where p.objection_id = objection
    and p.school_year = year
    and p.replaced_at is null
    and p.group_id <> place_pupil.group_id;
  if not exists (
    select
    from beeld.placement p
    where p.objection_id = objection
      and p.school_year = year
      and p.replaced_at is null
  ) then
    insert into beeld.placement (id, objection_id, school_year, group_id, placed_at)
    values (app.new_id(), objection, year, place_pupil.group_id, place_pupil.at);
  end if;
end
$$;
comment on function app.place_pupil(uuid, uuid, uuid, timestamptz) is
  'Puts the pupil of an objection in a group of the school, for the year of the group, known from an instant on; from another group the objection comes along. Raises BE422 with /group.';

create or replace function app.placement_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if exists (
    select
    from placement p
    where p.objection_id = new.objection_id
      and p.school_year = new.school_year
      and app.was_mistaken(p)
  ) then
    perform app.lift_deletions();
    perform app.lift_quarantines(o.school_id, null)
    from objection o
    where o.id = new.objection_id;
  end if;
  -- Who was there all along is in what was filmed there; who comes from another group is not.
  if exists (
    select
    from placement p
    where p.objection_id = new.objection_id
      and p.school_year = new.school_year
      and p.id <> new.id
      and not app.was_mistaken(p)
  ) then
    return null;
  end if;
  perform app.begin_quarantine(app.footage_showing(new.objection_id, new.group_id), 'objection', '{objection_without_measure}');
  if exists (
    select
    from measure m
    where m.objection_id = new.objection_id
      and m.kind = 'no_recording'
      and m.state = 'in_force'
  ) then
    perform app.require_deletion(new.objection_id);
  end if;
  return null;
end
$$;
comment on function app.placement_follows() is
  'Row trigger: footage of a group that a pupil is said to be in for the first time in a school year is quarantined, and is to be deleted where nothing of them may be filmed; that of a group they were put in by mistake is let go.';

create or replace function app.change_objection(id uuid, version integer, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of objection;
begin
  perform app.hold_school_of_objection(id);
  if app.begin_step('objection', id, version, null) & (4 | 128) = 0 then
    raise exception 'not yours to change' using errcode = 'BE403';
  end if;
  select o.* into of from objection o where o.id = change_objection.id;
  if draft::jsonb ? 'group_id' then
    if of.state = 'ended' then
      raise exception 'it has ended' using errcode = 'BE409', detail = 'objection_ended';
    end if;
    perform app.place_pupil(of.id, of.school_id, (draft ->> 'group_id')::uuid, app.this_instant());
  end if;
  if (draft ->> 'received_on')::date > (of.created_at at time zone 'Europe/Amsterdam')::date then
    raise exception 'received before it was registered' using errcode = 'BE422', detail = '/received_on';
  elsif draft::jsonb ? 'pupil_left_on' and of.state <> 'ended' then
    raise exception 'the objection ends with it' using errcode = 'BE409', detail = 'objection_not_ended';
  end if;
  update objection o
  set
    received_on = coalesce((draft ->> 'received_on')::date, o.received_on),
    pupil_left_on = case when draft::jsonb ? 'pupil_left_on' then (draft ->> 'pupil_left_on')::date else o.pupil_left_on end
  where o.id = change_objection.id;
end
$$;
comment on function app.change_objection(uuid, integer, json) is
  'The school places the pupil (group_id), mends the day of receipt (received_on), or says of an objection that has ended when the pupil left (pupil_left_on). Raises what app.begin_step raises, BE403, BE409 with objection_ended or objection_not_ended, BE422 with /group or /received_on.';

create or replace function app.move_objection(id uuid, version integer, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.hold_school_of_objection(id);
  perform app.begin_step('objection', id, version, draft ->> 'to');
  if draft ->> 'to' = 'measure_set' then
    insert into measure (id, objection_id, kind, covers_sound)
    values (app.new_id(), move_objection.id, draft ->> 'kind', (draft ->> 'covers_sound')::boolean);
    perform app.answer_objection(move_objection.id);
  else
    if not coalesce(draft ->> 'reason' in ('withdrawn', 'pupil_left'), false) then
      raise exception 'withdrawn, or the pupil left' using errcode = 'BE422', detail = '/reason';
    end if;
    update objection o
    set
      state = draft ->> 'to',
      state_reason = draft ->> 'reason',
      answered_on = coalesce(o.answered_on, app.today()),
      pupil_left_on = case when draft ->> 'reason' = 'pupil_left' then coalesce((draft ->> 'pupil_left_on')::date, app.today()) end
    where o.id = move_objection.id;
  end if;
end
$$;
comment on function app.move_objection(uuid, integer, json) is
  'Brings an objection to another state: measure_set, with the first measure (kind, covers_sound); ended (reason: withdrawn or pupil_left, then pupil_left_on). Raises what app.begin_step raises, BE422 with /reason or /pupil_left_on.';

create or replace function app.answer_objection(objection uuid)
  returns void
  language plpgsql
as $$
begin
  update beeld.objection o
  set
    state = 'measure_set',
    state_reason = null,
    answered_on = coalesce(o.answered_on, app.today())
  where o.id = objection
    and o.state = 'received';
end
$$;
comment on function app.answer_objection(uuid) is 'With its first measure an objection is answered.';

create or replace function app.objection_guard()
  returns trigger
  language plpgsql
as $$
begin
  if new.state = 'ended' and new.pupil_left_on > app.today() then
    raise exception 'the pupil has left by today' using errcode = 'BE422', detail = '/pupil_left_on';
  end if;
  return new;
end
$$;
comment on function app.objection_guard() is 'Row trigger: an objection does not end before the pupil leaves. Raises BE422 with /pupil_left_on.';

create or replace function app.objection_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.state = 'ended' and old.state <> 'ended' then
    update measure m
    set
      state = 'ended',
      state_reason = 'objection_ended'
    where m.objection_id = new.id
      and m.state = 'in_force';
    perform app.lift_quarantines(new.school_id, null);
  end if;
  return null;
end
$$;
comment on function app.objection_follows() is 'Row trigger: with an objection its measures end, and what it alone had quarantined is released; where the pupil left, footage that shows them stays under the measures that stood.';

create or replace function app.objection_impact(objection uuid)
  returns json
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of objection;
  rules policy;
  is_administration boolean;
  measures text[];
  this_instant constant timestamptz := app.this_instant();
begin
  select o.* into of from objection o where o.id = objection_impact.objection;
  if not found or app.actors(of) & (4 | 128) = 0 then
    return null;
  end if;
  is_administration := app.actors(of) & 128 <> 0;
  select p.* into rules from app.policy_on(app.today()) p;
  select array_agg(m.kind)
  into measures
  from app.measures_kept(of.id) m;
  return (
    with planned as materialized (
      select k.scheduled_at, row(g.id, g.name)::named_group as "group"
      from recording k
      join school_group g on g.id = k.group_id
      where is_administration
        and g.school_id = of.school_id
        and k.state = 'planned'
        -- Of a day gone by it may have been made, and not been reported: then it shows who was in the group.
        and exists (
          select
          from app.objections_at(of.school_id, g.school_year, this_instant) a
          where a.objection_id = of.id
            and (a.group_id is null and k.scheduled_for >= app.today() or a.group_id = k.group_id))
    ),
    made as materialized (
      select
        k.recorded_on,
        row(g.id, g.name)::named_group as "group",
        exists (
          select
          from quarantine q
          where q.recording_id = k.id
            and q.state = 'open'
        ) as quarantined
      from recording k
      join school_group g on g.id = k.group_id
      where is_administration
        and k.id in (
          select f.id
          from placement p
          cross join app.footage_of(p.group_id) f(id)
          where p.objection_id = of.id
        )
        and of.id in (select s.objection_id from app.objections_shown(k) s)
    )
    select json_build_object(
      'planned', (
        select coalesce(json_agg(json_build_object('scheduled_at', app.instant(n.scheduled_at), 'group', n."group") order by n.scheduled_at), '[]')
        from planned n
      ),
      'made', (
        select coalesce(json_agg(row_to_json(d) order by d.recorded_on), '[]')
        from made d
      ),
      'to_do', (
        select coalesce(json_agg(json_build_object('who', t.who, 'what', t.what, 'due_on', t.due_on) order by t.n), '[]')
        from (
          select 1 as n, 'school' as who, 'set_measure' as what, app.objection_due_on(of.received_on) as due_on
          where of.state = 'received'
          union all
          select 2, 'school', 'place_pupil', app.today()
          where of.state <> 'ended'
            and not exists (
              select
              from placement p
              where p.objection_id = of.id
                and p.replaced_at is null
                and p.school_year >= app.school_year(app.today()))
          union all
          select
            3, 'coach', case when measures is null or 'no_recording' = any (measures) then 'wait_or_plan_anew' else 'promise_measure' end,
            min((n.scheduled_at at time zone 'Europe/Amsterdam')::date)
          from planned n
          where (n.scheduled_at at time zone 'Europe/Amsterdam')::date >= app.today()
          having count(*) > 0
          union all
          select 4, 'coach', case when 'no_recording' = any (measures) then 'delete_copies' else 'attest_measure' end, app.today() + rules.coach_days
          from made d
          where d.quarantined
          having count(*) > 0
        ) t
      )));
end
$$;
comment on function app.objection_impact(uuid) is
  'What an objection touches, for the school: the recordings that are planned, also of a day gone by that were not reported, and that were made, as far as the asker may see them (the administration by time and group, whose they are and of what origin is not told, of those planned all of the school while the pupil is placed nowhere; the director none), and who must do what by when. Null for anybody else.';

create or replace function app.objection_counts()
  returns json
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select row_to_json(n)
  from (
    select
      count(*) filter (where o.state = 'received') as received,
      count(*) filter (where o.state = 'measure_set') as measure_set,
      count(*) filter (where o.state = 'ended') as ended,
      count(*) filter (where o.state = 'received' and app.objection_due_on(o.received_on) < app.today()) as overdue,
      (
        select coalesce(sum(t.number), 0)
        from objection_tally t
      ) as no_longer_kept
    from objection o
  ) n
  where app.is_set('adviser') or app.is_set('privacy_officer')
$$;
comment on function app.objection_counts() is
  'GET /v1/objections/count: how many objections of the whole board stand where, for the adviser, who sees none of them, and the privacy officer; nothing for anybody else.';

create or replace function app.forget_objections(at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  forgotten integer;
begin
  perform set_config('app.origin', 'job', true);
  with gone as (
    delete from objection o
    -- An array: a sub-query with a limit that a join asks again, row by row, would let more go than that.
    where o.id = any (array(
      select x.id
      from objection x
      where x.state = 'ended'
        and coalesce(x.pupil_left_on, (x.state_since at time zone 'Europe/Amsterdam')::date) + interval '1 year' <= app.today()
      order by x.id
      limit at_most
      for update skip locked))
    returning o.school_id, app.school_year(o.received_on) as school_year
  ),
  tally as (
    insert into objection_tally as t (id, school_id, school_year, number)
    select app.new_id(), g.school_id, g.school_year, count(*)
    from gone g
    group by g.school_id, g.school_year
    on conflict on constraint objection_tally_once do update set number = t.number + excluded.number
    returning 1
  )
  select count(*) into forgotten from gone;
  return forgotten;
end
$$;
comment on function app.forget_objections(integer) is
  'Lets go of so many objections a year after the pupil left, or of those that a parent withdrew, a year after that; says how many. Their number stays, by school and year, and the audit tells that they went.';

create or replace function app.forget_objections()
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  forgotten constant integer := app.forget_objections(1000);
begin
  if forgotten > 0 then
    perform app.note_removal('objection', app.today(), forgotten, false);
  end if;
  return forgotten;
end
$$;
comment on function app.forget_objections() is 'The same by day, a thousand at most, counted as what is removed at night is.';

grant execute on function app.objection_due_on(date) to beeld_app, beeld_jobs;
grant execute on function
  app.actors(beeld.objection), app.register_objection(uuid, json), app.change_objection(uuid, integer, json),
  app.move_objection(uuid, integer, json), app.objection_impact(uuid), app.objection_counts()
  to beeld_app;
grant execute on function app.forget_objections() to beeld_jobs;
