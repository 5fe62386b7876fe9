-- Who may see whose status. The functions run as the owner, past row-level security, and are called once per query, never
-- per row. PL/pgSQL, because it keeps the plans of the calculation for the session, where SQL would plan at each call.

create or replace function app.starters_among(as_of date, people uuid[])
  returns setof beeld.starter_status
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
  rows 50
as $$
begin
  return query
  select s.*
  from unnest(people) as p(id)
  cross join lateral (
    select c.*
    from app.starter_calculation(as_of) c
    where c.person_id = p.id
    offset 0
  ) s;
end
$$;
comment on function app.starters_among(date, uuid[]) is
  'The status of these people, in as many index look-ups. Applies no visibility: for the functions that do, and for the server''s own work. (The planner carries person_id = … into the grouped parts of the calculation, but not person_id = any (…); offset 0 makes it the former.)';

create or replace function app.starters_at(as_of date, schools uuid[])
  returns setof beeld.starter_status
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
  set jit = off
  set enable_hashjoin = off
  rows 1000
as $$
begin
  if schools is null then
    return query
    select s.*
    from app.starter_calculation(as_of) s;
  else
    return query
    select s.*
    from app.starters_among(as_of, array(
      select distinct e.person_id
      from employment e
      where e.school_id = any (schools)
        and e.job = 'teacher')) s
    where s.school_id = any (schools);
  end if;
end
$$;
comment on function app.starters_at(date, uuid[]) is
  'The teachers whose school of attribution on that day is one of these; of the whole board when null. Applies no visibility: for the functions that do, and for the server''s own work. (Compiling so wide a plan takes longer than running it: without JIT. The indexes give every part in the order of people, and merging takes four fifths of the time of hashing, which the planner prefers, having no statistics of grouped sub-queries.)';

create or replace function app.teachers_of_schools(schools uuid[])
  returns setof uuid
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
  rows 50
as $$
declare
  today constant date := app.today();
begin
  return query
  select t.person_id
  from (
    select
      e.person_id,
      bool_or(e.until_date is null or e.until_date > today) as present_or_coming
    from employment e
    where e.school_id = any (schools)
      and e.job = 'teacher'
    group by e.person_id
  ) t
  where t.present_or_coming
    or exists (
      select
      from app.starter_calculation(today) s
      where s.person_id = t.person_id
        and s.school_id = any (schools)
      offset 0);
end
$$;
comment on function app.teachers_of_schools(uuid[]) is
  'Whose status these schools may see: their teachers of today, those about to come, and those attributed to them today although they left. Today''s right holds for every as_of: who works elsewhere now is no longer theirs.';

create or replace function app.starter_is_mine(person uuid, schools uuid[])
  returns boolean
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  today constant date := app.today();
begin
  if person = app.me() or (app.me() is not null and current_setting('app.adviser', true) = 'on') then
    return true;
  end if;
  if app.me() is null or schools is null then
    return false;
  end if;
  if exists (
    select
    from employment e
    where e.person_id = person
      and e.school_id = any (schools)
      and e.job = 'teacher'
      and (e.until_date is null or e.until_date > today)
  ) then
    return true;
  end if;
  return exists (
    select
    from employment e
    where e.person_id = person
      and e.school_id = any (schools)
      and e.job = 'teacher'
  ) and coalesce((
    select s.school_id = any (schools)
    from app.starter_calculation(today) s
    where s.person_id = starter_is_mine.person
  ), false);
end
$$;
comment on function app.starter_is_mine(uuid, uuid[]) is
  'Whether this person is oneself, or one is adviser, or one of these schools may see the person''s status (the rule of app.teachers_of_schools for one person). False without an identity.';

create or replace function app.visible_starters(as_of date, school uuid default null, people uuid[] default null)
  returns setof beeld.starter_status
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
  rows 1000
as $$
declare
  me constant uuid := app.me();
  mine uuid[];
begin
  if me is null then
    return;
  end if;
  if current_setting('app.adviser', true) = 'on' then
    if people is not null then
      return query
      select s.*
      from app.starters_among(as_of, people) s
      where visible_starters.school is null
        or s.school_id = visible_starters.school;
    else
      return query
      select s.*
      from app.starters_at(as_of, case when visible_starters.school is not null then array[visible_starters.school] end) s;
    end if;
    return;
  end if;

  mine := array[me];
  if app.my_schools() is not null then
    mine := mine || array(select app.teachers_of_schools(app.my_schools()));
  end if;
  if current_setting('app.coach', true) = 'on' then
    mine := mine || array(select c.id from app.my_coached() c(id));
  end if;
  return query
  select s.*
  from app.starters_among(as_of, array(
    select distinct m.id
    from unnest(mine) m(id)
    where people is null
      or m.id = any (people))) s
  where visible_starters.school is null
    or s.school_id = visible_starters.school;
end
$$;
comment on function app.visible_starters(date, uuid, uuid[]) is
  'Starter status as the identity may see it: one''s own; a coach, of the own teachers; director and school_admin, of the teachers of their schools; the adviser, of the whole board; nobody else, and nothing without an identity. Narrowed to a school of attribution, or to people, where given.';

grant execute on function
  app.starters_among(date, uuid[]),
  app.starters_at(date, uuid[])
to beeld_jobs;
