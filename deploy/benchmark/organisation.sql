-- A made-up organisation of :people people at :schools schools who began in the last :days days, for measuring:
-- set-based, the same at every run. Run as superuser with psql -v people=N -v schools=N -v days=N.

\set ON_ERROR_STOP on
set search_path = beeld, app;
-- Triggers off: an audit row for each loaded fact would measure nothing that is asked for here.
set session_replication_role = replica;

-- Ids that differ where UUIDv7 do, in their first bytes: GiST tells them apart by those.
create function pg_temp.id(kind integer, number bigint)
  returns uuid
  language sql immutable
as $$
  select (
    '019b' || lpad(to_hex(number), 8, '0') || '700' || kind || '8000' || lpad(to_hex(number), 12, '0'))::uuid
$$;

-- What forbids overlaps takes longer to keep than all the rest to load, and nothing reads it.
select string_agg(format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname), '; ') as lift
from pg_constraint c
where c.contype = 'x'
  and c.connamespace = 'beeld'::regnamespace \gset
:lift;

insert into school (id, code, name, board_number, city)
select
  pg_temp.id(1, n),
  (90 + n / 6760)::text || chr(65 + n / 260 % 26) || chr(65 + n / 10 % 26) || lpad((n % 10)::text, 2, '0'),
  'School ' || n,
  (99000 + n / 100)::text,
  'Dorp ' || n % 97
from generate_series(0, :schools - 1) n;

insert into person (id, name)
select pg_temp.id(2, n), 'Leraar ' || n || ' van der Proef'
from generate_series(0, :people - 1) n;

insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at)
select
  pg_temp.id(2, n),
  'B' || n,
  'b' || n || '@bestuur.example',
  app.today() - 30 - (n::bigint * 7919 % :days)::integer,
  now()
from generate_series(0, :people - 1) n;

-- One in six at two schools, one in ten moved, one in ten left again, the others where they began.
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select
  pg_temp.id(3, r.person * 4 + e.k),
  pg_temp.id(2, r.person),
  pg_temp.id(1, (r.person + e.step) % :schools),
  'teacher',
  e.fte,
  r.since + e.after,
  case when e.days is not null then r.since + e.days end
from (select n as person, app.today() - 30 - (n::bigint * 7919 % :days)::integer as since from generate_series(0, :people - 1) n) r
cross join lateral (
  select *
  from (values
    (0, 0, 0.8, 0, case
      when r.person % 10 = 3 and app.today() - r.since > 500 then 400
      when r.person % 10 = 5 and app.today() - r.since > 1200 then 1100
    end),
    (1, 1, 0.4, 200, null),
    (2, 2, 1.0, 450, null)
  ) as v(k, step, fte, after, days)
  where v.k = 0
    or (v.k = 1 and r.person % 6 = 1)
    or (v.k = 2 and r.person % 10 = 3 and app.today() - r.since > 500)
) e;

insert into absence (id, person_id, category, from_date, until_date)
select
  pg_temp.id(4, n),
  pg_temp.id(2, n),
  'parental_leave',
  app.today() - n % (:days / 2),
  app.today() - n % (:days / 2) + 20 + n % 90
from generate_series(0, :people - 1) n
where n % 3 = 0;

insert into prior_experience (id, person_id, from_date, until_date, evidence, approved_at)
select
  pg_temp.id(5, n),
  pg_temp.id(2, n),
  app.today() - :days - 350,
  app.today() - :days - 50,
  'Werkgeversverklaring',
  now()
from generate_series(0, :people - 1) n
where n % 20 = 7;

insert into recording (
  id, teacher_id, coach_id, origin, state, planned_on, scheduled_for, recorded_on, debriefed_on)
select
  pg_temp.id(6, n),
  pg_temp.id(2, n),
  pg_temp.id(2, (n + 1) % :people - (n + 1) % :people % 50),
  'starter_programme',
  (array['planned', 'made', 'debriefed', 'debriefed', 'debriefed'])[1 + n / 2 % 5],
  app.today() - 60 - n % (:days / 2),
  case when n / 2 % 5 = 0 then app.today() + n % 60 else app.today() - 30 - n % (:days / 2) end,
  case when n / 2 % 5 > 0 then app.today() - 30 - n % (:days / 2) end,
  case when n / 2 % 5 > 1 then app.today() - 20 - n % (:days / 2) end
from generate_series(0, :people - 1) n
where n % 2 = 0
  and (n + 1) % :people - (n + 1) % :people % 50 <> n;

-- A director for each school, a coach in fifty people, five advisers.
insert into role_assignment (id, person_id, role, school_id, from_date)
select
  pg_temp.id(7, n),
  pg_temp.id(2, n),
  r.role,
  case r.role when 'director' then pg_temp.id(1, n) end,
  date '2020-01-01'
from generate_series(0, :people - 1) n
cross join lateral (
  select case
    when n < :schools then 'director'
    when n % 50 = 0 then 'coach'
    when n >= :people - 5 then 'adviser'
  end as role
) r
where r.role is not null;

-- Nobody's window had ended before the programme began.
update policy
set programme_start = least(programme_start, app.today() - :days);

-- No report of its own accord beside what is measured.
update report_schedule
set enabled = false;

insert into access
select r.person_id, date '1900-01-01', date '2200-01-01', p.subject_key, null, false, false, false, false
from registration r
join person p on p.id = r.person_id;
select app.renew_access(array_agg(r.person_id)) from role_assignment r;
set session_replication_role = origin;
vacuum (analyze);
