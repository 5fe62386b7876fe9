create or replace function app.renew_access(people uuid[])
  returns void
  language sql
  security definer
  set search_path = beeld, app, pg_temp
as $$
  -- Two changes of one person's roles at once: the second waits, and then sees the first.
  select
  from registration
  where person_id = any (people)
  order by person_id
  for update;

  delete from access
  where person_id = any (people);

  insert into access
  select
    r.person_id, s.from_date, s.until_date, p.subject_key, r.disabled_at,
    coalesce(bool_or(a.role = 'coach'), false),
    coalesce(bool_or(a.role = 'adviser'), false),
    coalesce(bool_or(a.role = 'privacy_officer'), false),
    coalesce(bool_or(a.role = 'system_admin'), false),
    array_agg(a.school_id order by a.school_id) filter (where a.role = 'director'),
    array_agg(a.school_id order by a.school_id) filter (where a.role = 'school_admin'),
    array_agg(distinct a.school_id) filter (where a.school_id is not null)
  from registration r
  join person p on p.id = r.person_id
  cross join lateral (
    select
      d.day as from_date,
      lead(d.day, 1, date '2200-01-01') over (order by d.day) as until_date
    from (
      select date '1900-01-01' as day
      union
      select x.from_date
      from role_assignment x
      where x.person_id = r.person_id
      union
      select x.until_date
      from role_assignment x
      where x.person_id = r.person_id
        and x.until_date is not null
    ) d
  ) s
  left join role_assignment a on a.person_id = r.person_id
    and a.from_date <= s.from_date
    and (a.until_date is null or a.until_date > s.from_date)
  where r.person_id = any (people)
    and s.until_date > s.from_date
  group by r.person_id, s.from_date, s.until_date, p.subject_key, r.disabled_at
$$;
comment on function app.renew_access(uuid[]) is 'Derives the access of these people anew from their registration and role assignments.';

create or replace function app.access_changed()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- Most registrations come with an import, of people who hold no role yet: one span, without looking for more.
  if tg_op = 'INSERT' and tg_table_name = 'registration' then
    insert into access
    select n.person_id, date '1900-01-01', date '2200-01-01', p.subject_key, n.disabled_at, false, false, false, false
    from new_rows n
    join person p on p.id = n.person_id;
    perform app.renew_access(array_agg(n.person_id))
    from new_rows n
    where n.person_id in (select a.person_id from role_assignment a)
    having count(*) > 0;
  elsif tg_op = 'INSERT' then
    perform app.renew_access(array_agg(n.person_id)) from new_rows n;
  elsif tg_op = 'DELETE' then
    perform app.renew_access(array_agg(o.person_id)) from old_rows o;
  else
    perform app.renew_access(array_agg(c.person_id))
    from (
      select o.person_id from old_rows o
      union
      select n.person_id from new_rows n
    ) c;
  end if;
  return null;
end
$$;
comment on function app.access_changed() is 'Statement trigger on registration and role_assignment: renews the access of everyone whom the statement touched.';

create or replace function app.role_until(person uuid, role text, school uuid, day date)
  returns date
  language sql stable
as $$
  select upper(m.term)
  from (
    select unnest(range_agg(daterange(a.from_date, a.until_date))) as term
    from beeld.role_assignment a
    where a.person_id = person
      and a.role = role_until.role
      and a.school_id is not distinct from school
  ) m
  where m.term @> day
$$;
comment on function app.role_until(uuid, text, uuid, date) is
  'Until when somebody has a role that they have on a day, with all that it is renewed by without a gap; null where no end is known.';
grant execute on function app.role_until(uuid, text, uuid, date) to beeld_jobs;
