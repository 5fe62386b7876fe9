-- The report of the data: what is missing, what contradicts itself, and what is about to become wrong.

insert into report (key, columns, board, counts, schools)
values (
  'data-quality', '{finding,other_person,role,from_date,until_date}', '{adviser}', '{}', '{director}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

create or replace function app.people_with_login()
  returns setof uuid
  language sql stable security definer
  set search_path = beeld, app, pg_temp
  rows 1000
as $$
  select r.person_id
  from registration r
  where r.subject is not null
  union
  select t.person_id
  from api_token t
  where t.revoked_at is null
    and t.expires_at > app.now()
$$;
comment on function app.people_with_login() is
  'Who can prove who they are: is linked to the organisation''s provider, or has a token that is good. For the server''s own work, which sees no tokens.';

create or replace function app.name_as_heard(name text)
  returns text
  language sql immutable parallel safe
as $$ select regexp_replace(lower(normalize(name, nfd)), '[^[:alnum:]]', '', 'g') $$;
comment on function app.name_as_heard(text) is 'A name without capitals, accents, blanks, dots and hyphens: what two entries of one human being mostly share.';

create or replace function app.employed_on(as_of date)
  returns table (person_id uuid, school_id uuid, school_count bigint, fte numeric)
  language sql stable
as $$
  select
    e.person_id,
    (array_agg(e.school_id order by e.fte desc, e.from_date, e.school_id))[1],
    count(distinct e.school_id),
    sum(e.fte)
  from beeld.employment e
  where e.from_date <= as_of
    and (e.until_date is null or e.until_date > as_of)
  group by e.person_id
$$;
comment on function app.employed_on(date) is 'Who is employed on a day, the school of the largest post, at how many schools, and how much in all.';

create or replace function app.data_findings(as_of date)
  returns table (
    finding text, key uuid, person_id uuid, school_id uuid, severity smallint, other_id uuid, role text, from_date date, until_date date)
  language sql stable
as $$
  with employed as materialized (
    select e.*
    from app.employed_on(as_of) e
  ),
  starter as materialized (
    select s.person_id, s.school_id, s.data_incomplete
    from app.starter_calculation(as_of) s
    where s.coverage <> 'out_of_scope'
      and s.employment in ('active', 'paused')
  ),
  held as materialized (
    select r.id, r.person_id, r.role, r.school_id, r.from_date::date as from_date, r.until_date::date as until_date
    from beeld.role_assignment r
    where r.from_date <= as_of
      and (r.until_date is null or r.until_date > as_of)
  ),
  login as materialized (
    select l.id
    from app.people_with_login() l (id)
  )
  select
    case when 'teaching_since' = any (s.data_incomplete) then 'start_missing' else 'start_unconfirmed' end,
    app.report_key_of('start', s.person_id::text), s.person_id, s.school_id, 2::smallint, null::uuid, null::text, null::date,
    null::date
  from starter s
  where s.data_incomplete <> '{}'
  union all
  select
    'absences_overlap', app.report_key_of('absences', a.id::text, b.id::text), a.person_id, e.school_id, 1, null, null,
    greatest(a.from_date, b.from_date), least(a.until_date, b.until_date)
  from beeld.absence a
  join beeld.absence b on b.person_id = a.person_id
    and b.id > a.id
    and daterange(b.from_date, b.until_date) && daterange(a.from_date, a.until_date)
  left join employed e on e.person_id = a.person_id
  union all
  select
    'experience_overlaps_employment', app.report_key_of('experience', x.id::text, e.id::text), x.person_id, e.school_id, 1,
    null, null, greatest(x.from_date, e.from_date), least(x.until_date, e.until_date)
  from beeld.prior_experience x
  join beeld.employment e on e.person_id = x.person_id
    and e.job = 'teacher'
    and daterange(e.from_date, e.until_date) && daterange(x.from_date, x.until_date)
  where x.approved_at is not null
  union all
  select
    'more_than_full_time', app.report_key_of('fte', e.person_id::text), e.person_id,
    case when e.school_count = 1 then e.school_id end, 1, null, null, null, null
  from employed e
  where e.fte > 1.2
  union all
  select
    'role_ending', app.report_key_of('role', h.id::text), h.person_id, h.school_id, 1, null, h.role, h.from_date, e.until_date
  from held h
  cross join app.role_until(h.person_id, h.role, h.school_id, as_of) e (until_date)
  where h.until_date <= as_of + 30
    and e.until_date <= as_of + 30
  union all
  select
    'role_without_employment', app.report_key_of('unemployed', h.id::text), h.person_id, h.school_id, 1, null, h.role,
    h.from_date, h.until_date
  from held h
  where h.school_id is not null
    and not exists (
      select
      from beeld.employment e
      where e.person_id = h.person_id
        and e.school_id = h.school_id
        and e.from_date <= as_of
        and (e.until_date is null or e.until_date > as_of))
  union all
  select
    'no_login', app.report_key_of('login', w.person_id::text), w.person_id, w.school_id,
    case when w.has_role then 2 else 1 end, null, null, null, null
  from (
    select
      x.person_id,
      (array_agg(x.school_id) filter (where x.school_id is not null))[1] as school_id,
      bool_or(x.has_role) as has_role
    from (
      select s.person_id, s.school_id, false as has_role
      from starter s
      union all
      select h.person_id, h.school_id, true
      from held h
    ) x
    group by x.person_id
  ) w
  where w.person_id not in (select l.id from login l)
  union all
  select
    'likely_double', app.report_key_of('double', a.id::text, b.id::text), a.id, null, 1, b.id, null, null, null
  from beeld.person a
  join beeld.person b on app.name_as_heard(b.name) = app.name_as_heard(a.name)
    and b.id > a.id
  left join beeld.registration ra on ra.person_id = a.id
  left join beeld.registration rb on rb.person_id = b.id
  -- Namesakes there are; who began on different days, both confirmed, is two people.
  where ra.teaching_since_approved_at is null
    or rb.teaching_since_approved_at is null
    or ra.teaching_since = rb.teaching_since
$$;
comment on function app.data_findings(date) is
  'What is wrong in the registry, seen from a day. Overlapping facts and doubles are as they are known today.';

drop function if exists app.report_data_quality(date);
create function app.report_data_quality(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by f.finding, f.person_id, f.key),
    f.key,
    f.person_id,
    f.school_id,
    f.severity,
    concat(f.finding, e'\t', f.other_id, e'\t', f.role, e'\t', f.from_date, e'\t', f.until_date)
  from app.data_findings(as_of) f
$$;
comment on function app.report_data_quality(date) is
  'The report of the data: one row for each finding, each an exception; serious: a starter without a confirmed first day, and a role that nobody can sign in for.';
grant execute on function
  app.people_with_login(), app.name_as_heard(text), app.employed_on(date), app.data_findings(date),
  app.report_data_quality(date)
  to beeld_jobs;
