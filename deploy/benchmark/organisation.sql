-- A made-up organisation of :people people at :schools schools, for measuring: set-based, the same at every run.
-- Run as superuser with psql -v people=N -v schools=N.

\set ON_ERROR_STOP on
set search_path = beeld, app;
-- Triggers off: an audit row for each loaded fact would measure nothing that is asked for here.
set session_replication_role = replica;

insert into school (id, code, name, board_number, city)
select
  ('019b0000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  (90 + n / 6760)::text || chr(65 + n / 260 % 26) || chr(65 + n / 10 % 26) || lpad((n % 10)::text, 2, '0'),
  'School ' || n,
  (99000 + n / 100)::text,
  'Dorp ' || n % 97
from generate_series(0, :schools - 1) n;

insert into person (id, name)
select ('019b0000-0000-7002-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Leraar ' || n || ' van der Proef'
from generate_series(0, :people - 1) n;

insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at)
select
  ('019b0000-0000-7002-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  'B' || n,
  'b' || n || '@bestuur.example',
  app.today() - 30 - n * 7919 % 1950,
  now()
from generate_series(0, :people - 1) n;

-- One in six at two schools, one in ten moved, the others where they began.
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select
  ('019b0000-0000-7003-8000-' || lpad(to_hex(r.person * 4 + e.k), 12, '0'))::uuid,
  ('019b0000-0000-7002-8000-' || lpad(to_hex(r.person), 12, '0'))::uuid,
  ('019b0000-0000-7001-8000-' || lpad(to_hex((r.person + e.step) % :schools), 12, '0'))::uuid,
  'teacher',
  e.fte,
  r.since + e.after,
  case when e.days is not null then r.since + e.days end
from (select n as person, app.today() - 30 - n * 7919 % 1950 as since from generate_series(0, :people - 1) n) r
cross join lateral (
  select *
  from (values
    (0, 0, 0.8, 0, case when r.person % 10 = 3 and app.today() - r.since > 500 then 400 end),
    (1, 1, 0.4, 200, null),
    (2, 2, 1.0, 450, null)
  ) as v(k, step, fte, after, days)
  where v.k = 0
    or (v.k = 1 and r.person % 6 = 1)
    or (v.k = 2 and r.person % 10 = 3 and app.today() - r.since > 500)
) e;

insert into absence (id, person_id, category, from_date, until_date)
select
  ('019b0000-0000-7004-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('019b0000-0000-7002-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  'parental_leave',
  app.today() - 400 + n % 300,
  app.today() - 400 + n % 300 + 20 + n % 90
from generate_series(0, :people - 1) n
where n % 3 = 0;

insert into prior_experience (id, person_id, from_date, until_date, evidence, approved_at)
select
  ('019b0000-0000-7005-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('019b0000-0000-7002-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  app.today() - 2300,
  app.today() - 2000,
  'Werkgeversverklaring',
  now()
from generate_series(0, :people - 1) n
where n % 20 = 7;

insert into recording (
  id, teacher_id, coach_id, origin, state, planned_on, scheduled_for, recorded_on, debriefed_on)
select
  ('019b0000-0000-7006-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('019b0000-0000-7002-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('019b0000-0000-7002-8000-' || lpad(to_hex((n + 1) % :people - (n + 1) % :people % 50), 12, '0'))::uuid,
  'starter_programme',
  (array['planned', 'made', 'debriefed', 'debriefed', 'debriefed'])[1 + n / 2 % 5],
  app.today() - 60 - n % 300,
  case when n / 2 % 5 = 0 then app.today() + n % 60 else app.today() - 30 - n % 300 end,
  case when n / 2 % 5 > 0 then app.today() - 30 - n % 300 end,
  case when n / 2 % 5 > 1 then app.today() - 20 - n % 300 end
from generate_series(0, :people - 1) n
where n % 2 = 0
  and (n + 1) % :people - (n + 1) % :people % 50 <> n;

-- A director for each school, a coach in fifty people, five advisers.
insert into role_assignment (id, person_id, role, school_id, from_date)
select
  ('019b0000-0000-7007-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('019b0000-0000-7002-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  r.role,
  case r.role when 'director' then ('019b0000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid end,
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

set session_replication_role = origin;
select app.renew_access(array_agg(r.person_id)) from registration r;
vacuum (analyze);
