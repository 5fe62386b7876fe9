-- Coaches: who they are, what room they have, and who may take a teacher on.

create or replace function app.school_year(day date)
  returns integer
  language sql immutable parallel safe
as $$ select extract(year from day)::integer - (extract(month from day) < 8)::integer $$;
comment on function app.school_year(date) is 'The year in which the school year of a day begins (1 August).';

create or replace function app.coach_appointed()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  insert into coach (person_id, capacity)
  select new.person_id, p.coach_capacity
  from app.policy_on(app.today()) p
  on conflict on constraint coach_pkey do nothing;
  update person p
  set is_coach = true
  where p.id = new.person_id
    and not p.is_coach;
  return null;
end
$$;
comment on function app.coach_appointed() is
  'Row trigger: the first assignment of the role makes a coach with the policy''s capacity, whose name is known to everybody from then on.';

create or replace function app.coaches_today()
  returns setof uuid
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
  rows 20
as $$
begin
  return query
  select a.person_id
  from role_assignment a
  join registration r on r.person_id = a.person_id
  where app.me() is not null
    and a.role = 'coach'
    and a.from_date <= app.today()
    and (a.until_date is null or a.until_date > app.today())
    and (r.disabled_at is null or r.disabled_at > app.now());
end
$$;
comment on function app.coaches_today() is 'The coach list, common knowledge: who holds the role today and may sign in.';

create or replace function app.is_coach_today(person uuid)
  returns boolean
  language plpgsql stable
as $$
begin
  return exists (
    select
    from beeld.role_assignment a
    join beeld.registration r on r.person_id = a.person_id
    where a.person_id = person
      and a.role = 'coach'
      and a.from_date <= app.today()
      and (a.until_date is null or a.until_date > app.today())
      and (r.disabled_at is null or r.disabled_at > app.now()));
end
$$;
comment on function app.is_coach_today(uuid) is 'Whether somebody is in app.coaches_today, by one look-up; for the functions that run as the owner. Never null.';

create or replace function app.my_coached()
  returns setof uuid
  language plpgsql stable
  rows 20
as $$
begin
  return query
  select t.teacher_id
  from beeld.trajectory t
  where t.coach_id = (select app.me())
  union
  select r.teacher_id
  from beeld.recording r
  where r.coach_id = (select app.me());
end
$$;
comment on function app.my_coached() is 'The teachers whom I coach, or coached; under the caller''s own row-level security.';

create or replace function app.my_offered()
  returns setof uuid
  language plpgsql stable
  rows 5
as $$
begin
  return query
  select q.teacher_id
  from beeld.request q
  where q.coach_id = (select app.me())
    and q.state = 'offered';
end
$$;
comment on function app.my_offered() is 'The teachers whom I am asked to coach: I know their names, and no more; under the caller''s own row-level security.';

create or replace function app.recording_stands(r beeld.recording, as_of date)
  returns boolean
  language sql stable
as $$
  select r.state <> 'voided'
    and (r.planned_on <= as_of or coalesce(r.recorded_on <= as_of, false))
    and (r.state <> 'cancelled' or r.ended_on > as_of)
$$;
comment on function app.recording_stands(beeld.recording, date) is
  'Whether a recording is planned or made on a day, and so takes a place of its coach: not there yet, cancelled or voided it takes none.';

create or replace function app.coach_bookings(as_of date)
  returns table (coach_id uuid, school_year integer, kind text, places integer, teacher_id uuid, origin text)
  language sql stable
as $$
  select
    r.coach_id,
    app.school_year(case when r.recorded_on <= as_of then r.recorded_on::date else r.scheduled_for::date end),
    'recording',
    1,
    r.teacher_id,
    case when r.origin = 'own_wish' and r.counts_for_programme then 'starter_programme' else r.origin end
  from beeld.recording r
  where app.recording_stands(r, as_of)
  union all
  select
    k.coach_id,
    app.school_year(as_of),
    'agreed',
    greatest(
      k.recordings - (
        select count(*)
        from beeld.recording r
        where r.trajectory_id = k.id
          and app.recording_stands(r, as_of)),
      0)::integer,
    k.teacher_id,
    k.origin
  from beeld.trajectory k
  where k.opened_on <= as_of
    and (k.state in ('open', 'paused') or (k.state_since at time zone 'Europe/Amsterdam')::date > as_of)
  union all
  select
    q.coach_id,
    app.school_year(as_of),
    'offered',
    1,
    q.teacher_id,
    q.origin
  from beeld.request q
  where q.state = 'offered'
    and (q.state_since at time zone 'Europe/Amsterdam')::date <= as_of
$$;
comment on function app.coach_bookings(date) is
  'The places, of one recording each, that are taken of coaches on a day, by school year. kind: recording, made or planned, in the year it was made or is planned for; in the year of the day also agreed, those that guidance has room for and that are not planned yet, and offered, one for each offer that waits for an answer. Of another day than today: what was agreed on, and when guidance ended, as it is known now; of offers those alone that wait still. Of all origins: a coach has one room. origin: by whose rules it goes, so that of a recording of an own wish which its teacher lets count it is starter_programme.';

create or replace function app.coach_load(coach uuid, school_year integer)
  returns integer
  language plpgsql stable
as $$
begin
  return (
    select coalesce(sum(b.places), 0)::integer
    from app.coach_bookings(app.today()) b
    where b.coach_id = coach
      and b.school_year = coach_load.school_year);
end
$$;
comment on function app.coach_load(uuid, integer) is
  'Recordings that a coach has in a school year: the places of app.coach_bookings, today.';

create or replace function app.directs_school_of(person uuid, teacher uuid)
  returns boolean
  language plpgsql stable
as $$
begin
  return exists (
    select
    from beeld.role_assignment a
    where a.person_id = person
      and a.role = 'director'
      and (a.until_date is null or a.until_date > app.today())
      and app.works_at(teacher, array[a.school_id]));
end
$$;
comment on function app.directs_school_of(uuid, uuid) is 'Whether somebody directs, or is about to, a school where a teacher works. Never null.';

create or replace function app.may_coach(coach uuid, teacher uuid)
  returns boolean
  language plpgsql stable
as $$
begin
  return coach is not null
    and coach <> teacher
    and app.is_coach_today(coach)
    and not app.directs_school_of(coach, teacher);
end
$$;
comment on function app.may_coach(uuid, uuid) is
  'Whether somebody may coach a teacher: a coach of today, another person, and director of no school where the teacher works. Never null.';

create or replace function app.refuse_coach(coach uuid, teacher uuid)
  returns void
  language plpgsql stable
as $$
begin
  if not app.may_coach(coach, teacher) then
    raise exception 'not a coach for this teacher' using errcode = 'BE422', detail = '/coach';
  end if;
end
$$;
comment on function app.refuse_coach(uuid, uuid) is 'Raises BE422 with /coach for whom may not coach this teacher.';

create or replace function app.refuse_crowding(coach uuid, school_year integer, more integer)
  returns void
  language plpgsql
as $$
declare
  room integer;
begin
  -- The lock is what keeps two offers at once from taking one place: the second counts after the first is there.
  select c.capacity into room from beeld.coach c where c.person_id = coach for no key update;
  if coalesce(room, 0) < app.coach_load(coach, school_year) + more then
    raise exception 'the coach has no room left' using errcode = 'BE409', detail = 'coach_capacity';
  end if;
end
$$;
comment on function app.refuse_crowding(uuid, integer, integer) is
  'Raises BE409 with coach_capacity where a coach has no room for so many recordings more in a school year. Holds the coach until the end of the transaction.';

create or replace function app.suggested_coaches(request uuid)
  returns json
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  asked request;
  this_year constant integer := app.school_year(app.today());
begin
  select r.* into asked from request r where r.id = suggested_coaches.request;
  if not found or app.actors(asked) = 0 then
    raise exception 'there is no such request' using errcode = 'BE404';
  elsif not app.is_set('adviser') then
    raise exception 'not yours to ask' using errcode = 'BE403';
  end if;
  return (
    select row_to_json(row(coalesce(json_agg(row_to_json(s) order by s.rank), '[]'))::item_list)
    from (
      select
        row_number() over (order by not c.has_room, c.away, not c.knows, c.load::numeric / greatest(c.capacity, 1), c.name, c.id) as rank,
        row(c.id, c.name)::named_person as coach,
        c.capacity,
        c.load,
        array_remove(array[
          case when c.has_room then 'has_room' else 'full' end,
          case when c.away then 'unavailable_today' else 'available' end,
          case when c.knows then 'coached_before' end,
          case when c.colleague then 'same_school' end
        ], null) as reasons
      from (
        select
          p.id,
          p.name,
          h.capacity,
          l.load,
          l.load < h.capacity as has_room,
          exists (
            select
            from coach_unavailability u
            where u.person_id = p.id
              and u.from_date <= app.today()
              and u.until_date > app.today()
          ) as away,
          exists (
            select
            from trajectory t
            where t.coach_id = p.id
              and t.teacher_id = asked.teacher_id
              and (t.origin <> 'own_wish' or asked.origin = 'own_wish')
          ) as knows,
          exists (
            select
            from employment e
            where e.person_id = p.id
              and (e.until_date is null or e.until_date > app.today())
              and app.works_at(asked.teacher_id, array[e.school_id])
          ) as colleague
        from app.coaches_today() k(id)
        join person p on p.id = k.id
        join coach h on h.person_id = k.id
        cross join lateral (select app.coach_load(k.id, this_year) as load) l
        where k.id <> asked.teacher_id
          and not app.directs_school_of(k.id, asked.teacher_id)
      ) c
    ) s);
end
$$;
comment on function app.suggested_coaches(uuid) is
  'GET /v1/requests/{id}/suggested-coaches, for the adviser: every coach who may take it on, the best first: with room, not away today, who coached the teacher before, then the least burdened; each with its reasons. Who may not is not in it.';

grant execute on function
  app.school_year(date), app.coaches_today(), app.my_coached(), app.my_offered(), app.recording_stands(beeld.recording, date),
  app.coach_bookings(date), app.coach_load(uuid, integer), app.suggested_coaches(uuid)
  to beeld_app;
