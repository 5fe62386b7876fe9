-- May this recording be made? Every condition, and every reason at once. Called by functions that have judged who asks.

create or replace function app.school_of_group(group_id uuid)
  returns uuid
  language plpgsql stable
as $$
begin
  return (select g.school_id from beeld.school_group g where g.id = school_of_group.group_id);
end
$$;
comment on function app.school_of_group(uuid) is 'The school of a group.';

create or replace function app.objections_at(school uuid, school_year integer, at timestamptz)
  returns table (objection_id uuid, group_id uuid)
  language sql stable
as $$
  select o.id, p.group_id
  from beeld.objection o
  left join beeld.placement p on p.objection_id = o.id
    and p.school_year = objections_at.school_year
    and p.placed_at <= objections_at.at
    and (p.replaced_at is null or p.replaced_at > objections_at.at)
  where o.school_id = objections_at.school
    and o.created_at <= objections_at.at
    and (o.state <> 'ended' or o.state_since > objections_at.at)
    -- Placed for a later year alone, the pupil is not at the school yet.
    and (
      p.id is not null
      or not exists (
        select
        from beeld.placement l
        where l.objection_id = o.id
          and l.placed_at <= objections_at.at
        having min(l.school_year) > objections_at.school_year))
$$;
comment on function app.objections_at(uuid, integer, timestamptz) is
  'The objections that held at an instant, with the group in which the pupil was in a school year; null where they were not placed.';

create or replace function app.measures_at(objection uuid, at timestamptz)
  returns setof beeld.measure
  language sql stable
as $$
  select m.*
  from beeld.measure m
  where m.objection_id = objection
    and m.created_at <= measures_at.at
    and (m.state = 'in_force' or m.state_since > measures_at.at)
$$;
comment on function app.measures_at(uuid, timestamptz) is 'The measures that were in force for an objection at an instant.';

create or replace function app.clearance_reasons(k beeld.recording, at timestamptz)
  returns table (code text, lifted_by text, subject text, measure_id uuid)
  language plpgsql stable
as $$
declare
  day constant date := coalesce(k.recorded_on, k.scheduled_for);
  this_year constant integer := app.school_year(day);
  school uuid;
  year_of_group integer;
begin
  select g.school_id, g.school_year
  into school, year_of_group
  from beeld.school_group g
  where g.id = k.group_id;

  return query
  select 'notice_missing', 'school', c.channel, null::uuid
  from unnest(array['school_guide', 'website']) c(channel)
  where not exists (
    select
    from beeld.notice n
    where n.school_id = school
      and n.school_year = this_year
      and n.channel = c.channel
      and n.attested_at <= at
      and n.published_on <= day);

  return query
  with standing as materialized (
    select s.objection_id, s.group_id
    -- Filmed after the holidays, it is last year's group that is in the picture.
    from (
      select this_year as year
      union
      select year_of_group
    ) y
    cross join app.objections_at(school, y.year, at) s
    where s.group_id is null
      or s.group_id = k.group_id
  ),
  taken as (
    select s.objection_id, m.id, m.kind
    from standing s
    cross join app.measures_at(s.objection_id, at) m
    where s.group_id is not null
  )
  select distinct 'objection_unplaced', 'school', null::text, null::uuid
  from standing s
  where s.group_id is null
  union all
  select distinct 'objection_without_measure', 'school', null, null::uuid
  from standing s
  where s.group_id is not null
    and s.objection_id not in (select t.objection_id from taken t)
  union all
  select distinct 'no_recording', 'school', null, null::uuid
  from taken t
  where t.kind = 'no_recording'
  union all
  select 'measure_not_promised', 'coach', t.kind, t.id
  from taken t
  where t.kind <> 'no_recording'
    and not exists (
      select
      from beeld.promise p
      where p.recording_id = k.id
        and p.measure_id = t.id
        and p.created_at <= at);

  if k.teacher_agreed_at is null or k.teacher_agreed_at > at then
    return query values ('teacher_not_agreed', 'teacher', null::text, null::uuid);
  end if;
  if k.carrier_since > at or not exists (
    select
    from beeld.carrier c
    where c.id = k.carrier_id
      and (c.retired_on is null or c.retired_on > day)
  ) then
    return query values ('custody_not_planned', 'coach', null::text, null::uuid);
  end if;
  if not app.can_film(k.coach_id, day, at) then
    return query values ('coach_unavailable', 'coach', null::text, null::uuid);
  end if;
end
$$;
comment on function app.clearance_reasons(beeld.recording, timestamptz) is
  'What stands against a recording by the facts committed up to an instant, every reason at once; no row: it is cleared. code: notice_missing (subject: the channel), objection_unplaced, objection_without_measure, no_recording, measure_not_promised (subject: its kind), teacher_not_agreed, custody_not_planned, coach_unavailable. lifted_by: school, coach or teacher. The seven conditions of the product''s clearance; the school year, the groups and who is away are those of the day of the recording.';

create or replace function app.can_film(coach uuid, day date, at timestamptz)
  returns boolean
  language plpgsql stable
as $$
begin
  return exists (
      select
      from beeld.role_assignment a
      where a.person_id = coach
        and a.role = 'coach'
        and daterange(a.from_date, a.until_date) @> day
    )
    and not exists (
      select
      from beeld.coach_unavailability u
      where u.person_id = coach
        and u.created_at <= at
        and daterange(u.from_date, u.until_date) @> day);
end
$$;
comment on function app.can_film(uuid, date, timestamptz) is
  'Whether somebody is a coach on a day and not away, as far as was entered up to an instant.';

create or replace function app.was_mistaken(p beeld.placement)
  returns boolean
  language sql stable
as $$
  select p.replaced_at is not null
    and (p.placed_at at time zone 'Europe/Amsterdam')::date = (p.replaced_at at time zone 'Europe/Amsterdam')::date
$$;
comment on function app.was_mistaken(beeld.placement) is
  'Whether a pupil was never in a group: what the school puts right on the day itself was a slip.';

create or replace function app.objections_shown(k beeld.recording)
  returns table (objection_id uuid, is_late boolean)
  language sql stable
as $$
  select o.id, o.created_at > k.made_at
  from beeld.objection o
  where o.school_id = app.school_of_group(k.group_id)
    -- A pupil who leaves takes nothing back; a parent who withdraws does.
    and (o.state <> 'ended' or o.state_reason = 'pupil_left' and o.state_since > k.made_at)
    and exists (
      select
      from beeld.placement p
      where p.objection_id = o.id
        and p.group_id = k.group_id
        and not app.was_mistaken(p)
        and (
          p.placed_at <= k.made_at and (p.replaced_at is null or p.replaced_at > k.made_at)
          or not exists (
            select
            from beeld.placement earlier
            where earlier.objection_id = p.objection_id
              and earlier.school_year = p.school_year
              and earlier.placed_at < p.placed_at
              and not app.was_mistaken(earlier))))
$$;
comment on function app.objections_shown(beeld.recording) is
  'The objections of pupils whom a recording that was made shows: in the group then, or said to be in it when the objection came afterwards; not who came into the group later, nor who was put in it by mistake. One that stood when it was made, or came since, and ended because the pupil left, holds for it still. is_late: registered after it was made.';

create or replace function app.measures_kept(objection uuid)
  returns setof beeld.measure
  language sql stable
as $$
  select m.*
  from beeld.measure m
  where m.objection_id = objection
    and (m.state = 'in_force' or m.state_reason = 'objection_ended')
$$;
comment on function app.measures_kept(uuid) is
  'The measures that what an objection shows (app.objections_shown) is held to: those in force, and of an objection that ended those in force at its end.';

create or replace function app.standing_reasons(k beeld.recording, codes text[])
  returns setof text
  language plpgsql stable
as $$
declare
  this_instant constant timestamptz := app.this_instant();
begin
  if 'notice_missing' = any (codes) and exists (
    select
    from app.notice_gaps(app.school_of_group(k.group_id), app.school_year(k.recorded_on))
  ) then
    return next 'notice_missing';
  end if;
  if 'teacher_not_agreed' = any (codes) and k.teacher_agreed_at is null then
    return next 'teacher_not_agreed';
  end if;
  return query
  with taken as materialized (
    select s.objection_id, m.id, m.kind
    from app.objections_shown(k) s
    left join lateral app.measures_kept(s.objection_id) m on true
  )
  select distinct
    case
      when t.id is null then 'objection_without_measure'
      when t.kind = 'no_recording' then 'no_recording'
      else 'measure_not_attested'
    end
  from taken t
  where not exists (
    select
    from beeld.promise p
    where p.recording_id = k.id
      and p.measure_id = t.id
      and p.state = 'attested');

  if 'objection_unplaced' = any (codes) and exists (
    select
    from app.objections_at(app.school_of_group(k.group_id), app.school_year(k.recorded_on), this_instant) o
    join beeld.objection b on b.id = o.objection_id
    where o.group_id is null
      and b.created_at <= k.made_at
  ) then
    return next 'objection_unplaced';
  end if;
end
$$;
comment on function app.standing_reasons(beeld.recording, text[]) is
  'What still stands against footage that was made, as codes: of what was missing when it was quarantined (codes) a notice nobody attested yet, a teacher who has not agreed, a pupil who is placed nowhere; and in any case an objection of a pupil it shows without a measure, a measure not attested, no_recording. That the coach was away, or nothing was planned for its custody, is not to be made good, and for the one who releases it to weigh. No row: what was missing is made good.';

create or replace function app.clearance(recording uuid)
  returns json
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of recording;
  actors integer;
  this_instant constant timestamptz := app.this_instant();
begin
  select k.* into of from recording k where k.id = clearance.recording;
  actors := case when found then app.actors(of) & (1 | 2 | 512) else 0 end;
  if actors = 0 then
    raise exception 'there is no such recording' using errcode = 'BE404';
  end if;
  return (
    select row_to_json(c)
    from (
      select
        of.id as recording,
        of.state,
        case when of.state = 'planned' then app.instant(this_instant) else app.instant(of.made_at) end as judged_at,
        case when of.state = 'planned' then n.reasons is null else of.clearance_codes = '{}' end as is_cleared,
        coalesce(
          case
            when of.state = 'planned' then n.reasons
            else (
              select json_agg(json_build_object('code', m.code, 'lifted_by', null, 'subject', null) order by m.code)
              from unnest(of.clearance_codes) m(code))
          end,
          '[]') as reasons,
        exists (
          select
          from quarantine q
          where q.recording_id = of.id
            and q.state = 'open'
        ) as quarantined,
        case when actors & (2 | 512) <> 0 then coalesce(p.measures, '[]') end as measures
      from (
        -- What an objection is, the teacher is not told; that there is one in the way, the code says.
        select json_agg(row_to_json(d) order by d.code, d.subject) as reasons
        from (
          select distinct r.code, r.lifted_by, case when actors & 2 <> 0 or r.measure_id is null then r.subject end as subject
          from app.clearance_reasons(of, this_instant) r
          where of.state = 'planned'
        ) d
      ) n
      cross join (
        select json_agg(row_to_json(w) order by w.kind, w.measure) as measures
        from (
          select m.id as measure, m.objection_id as objection, m.kind, m.covers_sound, r.id as promise, coalesce(r.state, 'open') as state
          from measure m
          left join promise r on r.measure_id = m.id
            and r.recording_id = of.id
          where m.id in (select app.measures_of(of))
        ) w
      ) p
    ) c);
end
$$;
comment on function app.clearance(uuid) is
  'GET /v1/recordings/{id}/clearance, for the teacher and the coach: of a planned recording judged now, with who can lift each reason; of one that was made, as it was judged then. To the coach also the measures that are to be kept in it. Raises BE404.';

create or replace function app.measures_of(k beeld.recording)
  returns setof uuid
  language plpgsql stable
as $$
declare
  this_instant constant timestamptz := app.this_instant();
begin
  if k.state = 'planned' then
    return query
    select m.id
    from app.objections_at(app.school_of_group(k.group_id), app.school_year(k.scheduled_for), this_instant) o
    cross join app.measures_at(o.objection_id, this_instant) m
    where o.group_id = k.group_id;
  elsif k.state in ('made', 'debriefed', 'waived') then
    return query
    select m.id
    from app.objections_shown(k) o
    cross join app.measures_kept(o.objection_id) m
    union
    select p.measure_id
    from beeld.promise p
    where p.recording_id = k.id;
  end if;
end
$$;
comment on function app.measures_of(beeld.recording) is
  'The measures that are to be kept in a recording: of a planned one those in force for pupils of its group, of one that was made those for the pupils it shows, and whatever was promised; of any other none.';

create or replace function app.my_measures()
  returns setof uuid
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
  rows 20
as $$
begin
  if app.me() is null or not app.is_set('coach') then
    return;
  end if;
  return query
  select distinct m.id
  from recording k
  cross join lateral app.measures_of(k) m(id)
  where k.id in (select app.my_recordings())
    and k.trajectory_id is not null
    and (
      k.state = 'planned'
      or k.state in ('made', 'debriefed', 'waived') and app.is_to_be_attested(k));
end
$$;
comment on function app.my_measures() is
  'The measures that the identity, as coach, has to keep: in its own planned recordings, and in those for which it still answers (app.is_to_be_attested).';

create or replace function app.is_to_be_attested(k beeld.recording)
  returns boolean
  language plpgsql stable
as $$
begin
  return exists (
      select
      from beeld.quarantine q
      where q.recording_id = k.id
        and q.state = 'open'
    )
    or exists (
      select
      from beeld.copy c
      where c.recording_id = k.id
        and c.holder_id = app.me()
        and c.state = 'held');
end
$$;
comment on function app.is_to_be_attested(beeld.recording) is
  'Whether the identity, as its coach, still answers for how a recording was made: its footage is with the coach, or quarantined, whoever has it.';

create or replace function app.films_pupil(objection uuid)
  returns boolean
  language plpgsql stable
as $$
begin
  return app.is_set('coach')
    and exists (
      select
      from beeld.recording k
      where k.coach_id = app.me()
        and k.state = 'planned'
        and exists (
          select
          from beeld.placement p
          join beeld.objection o on o.id = p.objection_id
            and o.state <> 'ended'
          where p.objection_id = films_pupil.objection
            and p.group_id = k.group_id
            and p.replaced_at is null));
end
$$;
comment on function app.films_pupil(uuid) is
  'Whether the identity, as coach, is to film the group in which the pupil of an objection is: who that is, the coach has to know to keep them out of the picture.';

create or replace function app.my_clearance_tasks()
  returns table (task text, due_on date, resource text)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
  rows 5
as $$
declare
  me constant uuid := app.me();
  days integer;
begin
  if me is null or not app.is_set('coach') then
    return;
  end if;
  select p.coach_days into days from app.policy_on(app.today()) p;
  return query
  select distinct
    case when r.code = 'measure_not_promised' then 'promise_measure' else 'wait_for_school' end,
    k.scheduled_for::date, '/v1/recordings/' || k.id
  from recording k
  cross join lateral app.clearance_reasons(k, app.now()) r
  where k.coach_id = me
    and k.state = 'planned'
    and k.trajectory_id is not null
    and r.code in ('measure_not_promised', 'objection_without_measure', 'objection_unplaced', 'no_recording')
  union
  select 'attest_measure', k.recorded_on + days, '/v1/recordings/' || k.id
  from recording k
  cross join lateral app.measures_of(k) m(id)
  join measure x on x.id = m.id
    and (
      x.state = 'in_force'
      or x.state_reason = 'objection_ended' and x.objection_id in (select s.objection_id from app.objections_shown(k) s))
    and x.kind <> 'no_recording'
  where k.id in (select app.my_recordings())
    and k.trajectory_id is not null
    and app.actors(k) & 2 <> 0
    and k.state in ('made', 'debriefed', 'waived')
    and app.is_to_be_attested(k)
    and (
      x.kind in ('anonymise', 'cut')
      or exists (
        select
        from quarantine q
        where q.recording_id = k.id
          and q.state = 'open'))
    and not exists (
      select
      from promise p
      where p.recording_id = k.id
        and p.measure_id = x.id
        and p.state = 'attested')
  union
  -- Nothing that is ever done, and so never late.
  select 'hold_footage', app.today(), '/v1/recordings/' || k.id
  from quarantine q
  join recording k on k.id = q.recording_id
  where q.state = 'open'
    and k.id in (select app.my_recordings())
    and k.trajectory_id is not null
    and app.actors(k) & 2 <> 0;
end
$$;
comment on function app.my_clearance_tasks() is
  'What objections make of the work of the identity, as coach: measures to promise (promise_measure), and to attest (attest_measure); recordings that wait for the school (wait_for_school), and footage that is quarantined, every day again, so that it goes nowhere (hold_footage).';

grant execute on function app.clearance(uuid), app.my_measures(), app.my_clearance_tasks() to beeld_app;
