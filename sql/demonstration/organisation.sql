-- A fictional board with its schools and people. Every place, school and person is invented; the BRIN numbers from 90
-- on are not given out. All dates stand relative to the day of loading, so that each starter shows the status that the
-- remark beside it names. Run as beeld_owner in one transaction, on an empty registry.

-- Schools

create temporary table demo_school on commit drop as
select
  v.n,
  ('019a0000-0000-7001-8000-' || lpad(v.n::text, 12, '0'))::uuid as id,
  v.code,
  v.name,
  v.street,
  v.house_number,
  v.postal_code,
  v.city
from (values
  (1, '90AA00', 'De Zilverreiger', 'Rietkade', '12', '9871 AA', 'Zandermeer'),
  (2, '90AB00', 'Kindcentrum De Vuurvlinder', 'Wilgenlaan', '3-5', '9872 BB', 'Oosterveen'),
  (3, '90AC00', 'It Sylpaad', 'Sylsterwei', '41', '9873 CC', 'Wetterhuzum'),
  (4, '90AD00', 'Basisschool ''t Wad', 'Dijkstraat', '8', '9874 DD', 'Klaverdijk'),
  (5, '90AE00', 'De Notenkraker', 'Plein', '1', '9875 EE', 'Lindenhaven'),
  (6, '90AE01', 'De Notenkraker, locatie Zuid', 'Zuidersingel', '77', '9875 EK', 'Lindenhaven'),
  (7, '90AF00', 'Montessorischool Het Kwartier', 'Bolwerk', '20', '9876 FF', 'Heidebeek'),
  (8, '90AG00', 'De Verrekijker', 'Molenweg', '115a', '9877 GG', 'Westerkoog')
) as v(n, code, name, street, house_number, postal_code, city);

insert into school (id, code, name, board_number, street, house_number, postal_code, city, municipality, open_from)
select s.id, s.code, s.name, '99001', s.street, s.house_number, s.postal_code, s.city, 'Demonstratie', date '2008-08-01'
from demo_school s;

insert into school_group (id, school_id, school_year, name)
select
  ('019a0000-0000-7002-8000-' || lpad((y.back * 1000 + s.n * 10 + g.n)::text, 12, '0'))::uuid,
  s.id,
  y.year,
  g.name
from demo_school s
cross join (
  select back, extract(year from app.today() - interval '7 months')::integer - back as year
  from generate_series(0, 3) back
) y
cross join (values (1, '1/2a'), (2, '1/2b'), (3, '3'), (4, '4'), (5, '5'), (6, '6'), (7, '7'), (8, '8')) as g(n, name);

-- People. since: first qualified teaching day, before or after today; confirmed: whether the board approved it.

create temporary table demo_person on commit drop as
select
  ('019a0000-0000-7003-8000-' || lpad(substr(v.number, 2), 12, '0'))::uuid as id,
  v.number,
  v.name,
  (app.today() + v.since::interval)::date as since,
  v.confirmed,
  v.language
from (values
  ('D0001', 'Marijke Hoogland', null, false, 'nl'),
  ('D0002', 'Desmond Pinas', null, false, 'nl'),
  ('D0003', 'Ilse Verbrugge', null, false, 'nl'),
  -- Directors
  ('D0101', 'Anneke Postma', '-24 years', true, 'nl'),
  ('D0102', 'Rachid Bouali', '-19 years', true, 'nl'),
  ('D0103', 'Sjoerd Wiersma', '-27 years', true, 'nl'),
  ('D0104', 'Patricia de Freitas', '-22 years', true, 'nl'),
  ('D0105', 'Willemijn van Assendelft', '-25 years', true, 'nl'),
  ('D0106', 'Kofi Mensah', '-18 years', true, 'en'),
  ('D0107', 'Tineke Oldenburger', '-30 years', true, 'nl'),
  -- School administration
  ('D0201', 'Gerda Kloosterman', null, false, 'nl'),
  ('D0202', 'Fatma Aydın', null, false, 'nl'),
  ('D0203', 'Ruben Castelijn', null, false, 'nl'),
  ('D0204', 'Jolanda Siersema', null, false, 'nl'),
  -- Coaches: experienced teachers with fewer lessons of their own
  ('D0501', 'Hanna Lindeboom', '-16 years', true, 'nl'),
  ('D0502', 'Youssef Tahiri', '-14 years', true, 'nl'),
  ('D0503', 'Carla Wijdenbosch', '-21 years', true, 'nl'),
  ('D0504', 'Pieter Jan Schuurman', '-12 years', true, 'nl'),
  -- Starters
  ('D1001', 'Noor el Amrani', '-32 months', true, 'nl'),
  ('D1002', 'Bram Veldkamp', '-3 months', true, 'nl'),
  ('D1003', 'Lotte Huisman', '-36 months +150 days', true, 'nl'),
  ('D1004', 'Emre Yıldız', '-36 months +90 days', true, 'nl'),
  ('D1005', 'Sanne Brouwer', '-36 months -40 days', true, 'nl'),
  ('D1006', 'Thijs Dekkers', '-36 months +50 days', true, 'nl'),
  ('D1007', 'Aïcha Benali', '-16 months', true, 'nl'),
  ('D1008', 'Joost van der Meulen', '-36 months -20 days', true, 'nl'),
  ('D1009', 'Femke Zijlstra', '-28 months', true, 'nl'),
  ('D1010', 'Giovanni Martina', '-36 months -30 days', true, 'nl'),
  ('D1011', 'Marit Haverkort', '-36 months -25 days', true, 'nl'),
  ('D1012', 'Dewi Soekarno', '-36 months -12 days', true, 'nl'),
  ('D1013', 'Wouter Kamphuis', '-20 months', true, 'nl'),
  ('D1014', 'Priya Ramdin', '-36 months -60 days', true, 'en'),
  ('D1015', 'Esther Goudsmit', '-18 months', true, 'nl'),
  ('D1016', 'Lars Nijboer', '-36 months +120 days', true, 'nl'),
  ('D1017', 'Katarzyna Zielińska', '-9 years', true, 'en'),
  ('D1018', 'Mees Bronkhorst', '+1 month', true, 'nl'),
  ('D1019', 'Yara Fernandes', '-26 months', true, 'nl'),
  ('D1020', 'Stijn Rademaker', '-29 months', true, 'nl'),
  ('D1021', 'Renske Tolsma', '-40 months', true, 'nl'),
  ('D1022', 'Quincy Vreugd', '-22 months', true, 'nl'),
  ('D1023', 'Halima Osman', null, false, 'nl'),
  ('D1024', 'Jelle Boersma', '-15 months', false, 'nl'),
  ('D1025', 'Mirthe van Dongen', '-27 months', true, 'nl'),
  ('D1026', 'Anil Mahabier', '-48 months', true, 'nl'),
  ('D1027', 'Eva Tuinstra', '-19 months', true, 'nl'),
  ('D1028', 'Zoë Lammers', '-14 months', true, 'nl'),
  ('D1029', 'Burak Demir', '-31 months', true, 'nl'),
  ('D1030', 'Inge Sluiter', '-32 months', true, 'nl'),
  ('D1031', 'Chantal Rosina', '-25 months', true, 'nl'),
  ('D1032', 'Hidde Faber', '-36 months -100 days', true, 'nl'),
  -- Teachers of long standing
  ('D2001', 'Betty Krol', '-31 years', true, 'nl'),
  ('D2002', 'Hendrik Jan Mulder', '-23 years', true, 'nl'),
  ('D2003', 'Soraya Blokland', '-17 years', true, 'nl'),
  ('D2004', 'Mark Timmerman', '-13 years', true, 'nl'),
  ('D2005', 'Nadia Chergui', '-11 years', true, 'nl'),
  ('D2006', 'Froukje Hiemstra', '-28 years', true, 'nl'),
  ('D2007', 'Otto Wolthuis', '-20 years', true, 'nl'),
  ('D2008', 'Shanti Kalpoe', '-15 years', true, 'nl'),
  ('D2009', 'Monique Terpstra', '-26 years', true, 'nl'),
  ('D2010', 'Daan Groeneveld', '-12 years', true, 'nl')
) as v(number, name, since, confirmed, language);

insert into person (id, name)
select p.id, p.name
from demo_person p;

insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at, language)
select
  p.id,
  p.number,
  translate(lower(p.name), 'áàäâéèëêíïóöôúüçñńşğı ', 'aaaaeeeeiiooouucnnsgi.') || '@bestuur.example',
  p.since,
  case when p.confirmed then app.now() end,
  p.language
from demo_person p;

-- Employments. begins and ends: from today, except that an empty begin means the first teaching day.

create temporary table demo_employment on commit drop as
select
  row_number() over () as n,
  p.id as person_id,
  s.id as school_id,
  v.job,
  v.fte,
  coalesce((app.today() + v.begins::interval)::date, p.since) as from_date,
  (app.today() + v.ends::interval)::date as until_date
from (values
  ('D0101', 1, 'director', 1.0, '-9 years', null),
  ('D0102', 2, 'director', 1.0, '-6 years', null),
  ('D0103', 3, 'director', 0.8, '-12 years', null),
  ('D0104', 4, 'director', 1.0, '-4 years', null),
  ('D0105', 5, 'director', 0.6, '-7 years', null),
  ('D0105', 6, 'director', 0.4, '-7 years', null),
  ('D0106', 7, 'director', 1.0, '-3 years', null),
  ('D0107', 8, 'director', 0.9, '-15 years', null),
  ('D0201', 1, 'support', 0.8, '-8 years', null),
  ('D0202', 2, 'support', 0.6, '-5 years', null),
  ('D0203', 5, 'support', 0.5, '-2 years', null),
  ('D0203', 6, 'support', 0.3, '-2 years', null),
  ('D0204', 8, 'support', 0.7, '-10 years', null),
  ('D0501', 2, 'teacher', 0.6, null, null),
  ('D0502', 4, 'teacher', 0.6, null, null),
  ('D0503', 5, 'teacher', 0.5, null, null),
  ('D0504', 7, 'teacher', 0.7, null, null),
  -- Leave, two schools at once, earlier experience that was approved: open, at risk
  ('D1001', 1, 'teacher', 0.6, null, null),
  ('D1001', 2, 'teacher', 0.3, '-12 months', null),
  -- Just begun: open
  ('D1002', 1, 'teacher', 1.0, null, null),
  -- Open, due soon
  ('D1003', 2, 'teacher', 0.8, null, null),
  -- Open, at risk
  ('D1004', 3, 'teacher', 1.0, null, null),
  -- Open, overdue
  ('D1005', 1, 'teacher', 0.8, null, null),
  -- Planned in time: due soon, not at risk
  ('D1006', 4, 'teacher', 1.0, null, null),
  -- Planned
  ('D1007', 5, 'teacher', 0.6, null, null),
  -- Planned, but after the window ended: overdue
  ('D1008', 2, 'teacher', 1.0, null, null),
  -- Recorded in time, not yet talked over
  ('D1009', 3, 'teacher', 0.9, null, null),
  -- Recorded too late, not yet talked over: overdue
  ('D1010', 6, 'teacher', 1.0, null, null),
  -- Covered: after an appraisal, in the starter programme, by an own wish that the teacher lets count
  ('D1011', 1, 'teacher', 1.0, null, null),
  ('D1012', 2, 'teacher', 0.8, null, null),
  ('D1013', 7, 'teacher', 1.0, null, null),
  -- Covered late
  ('D1014', 5, 'teacher', 1.0, null, null),
  -- Exempt; and one whose exemption has lapsed: open, due soon
  ('D1015', 4, 'teacher', 0.5, null, null),
  ('D1016', 6, 'teacher', 1.0, null, null),
  -- Came with nine years of experience: out of scope
  ('D1017', 8, 'teacher', 0.8, '-13 months', null),
  -- Begins next month
  ('D1018', 3, 'teacher', 1.0, null, null),
  -- On leave with a known end, and without one
  ('D1019', 7, 'teacher', 0.8, null, null),
  ('D1020', 8, 'teacher', 1.0, null, null),
  -- Left: covered; and within the window, whose end is therefore not known
  ('D1021', 2, 'teacher', 1.0, null, '-5 months'),
  ('D1022', 4, 'teacher', 1.0, null, '-2 months'),
  -- First teaching day missing; and not confirmed by the board
  ('D1023', 5, 'teacher', 0.8, '-8 months', null),
  ('D1024', 8, 'teacher', 1.0, null, null),
  -- Moved to another school of the board, covered at the first
  ('D1025', 3, 'teacher', 1.0, null, '-10 months'),
  ('D1025', 6, 'teacher', 1.0, '-10 months', null),
  -- Came back after sixteen months: due soon
  ('D1026', 7, 'teacher', 1.0, null, '-34 months'),
  ('D1026', 8, 'teacher', 0.8, '-18 months', null),
  -- Two schools with the same fte; the planned recording was cancelled: open
  ('D1027', 5, 'teacher', 0.5, null, null),
  ('D1027', 6, 'teacher', 0.5, null, null),
  -- Earlier experience claimed, not yet approved: open
  ('D1028', 1, 'teacher', 1.0, null, null),
  -- Three weeks of leave that stop no clock; a recording in quarantine: open
  ('D1029', 4, 'teacher', 1.0, null, null),
  -- Recorded, debrief waived: open
  ('D1030', 8, 'teacher', 0.7, null, null),
  -- Covered, now on leave
  ('D1031', 7, 'teacher', 0.6, null, null),
  -- Open, long overdue
  ('D1032', 4, 'teacher', 0.9, null, null),
  ('D2001', 1, 'teacher', 0.6, null, null),
  ('D2002', 2, 'teacher', 1.0, null, null),
  ('D2003', 3, 'teacher', 0.8, null, null),
  ('D2004', 4, 'teacher', 1.0, null, null),
  ('D2005', 5, 'teacher', 0.7, null, null),
  ('D2006', 6, 'teacher', 0.8, null, null),
  ('D2007', 7, 'teacher', 1.0, null, null),
  ('D2008', 8, 'teacher', 0.5, null, null),
  ('D2009', 1, 'teacher', 0.8, null, '-6 months'),
  ('D2010', 3, 'teacher', 1.0, null, null)
) as v(number, school, job, fte, begins, ends)
join demo_person p on p.number = v.number
join demo_school s on s.n = v.school;

insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
select
  ('019a0000-0000-7004-8000-' || lpad(e.n::text, 12, '0'))::uuid,
  e.person_id, e.school_id, e.job, e.fte, e.from_date, e.until_date
from demo_employment e;

insert into role_assignment (id, person_id, role, school_id, from_date, granted_by)
select
  ('019a0000-0000-7005-8000-' || lpad((row_number() over (order by v.number, v.school))::text, 12, '0'))::uuid,
  p.id,
  v.role,
  s.id,
  (app.today() - interval '1 year')::date,
  case when v.role in ('coach', 'director', 'school_admin') then g.id end
from (values
  ('D0001', 'adviser', null),
  ('D0002', 'privacy_officer', null),
  ('D0003', 'system_admin', null),
  ('D0101', 'director', 1),
  ('D0102', 'director', 2),
  ('D0103', 'director', 3),
  ('D0104', 'director', 4),
  ('D0105', 'director', 5),
  ('D0105', 'director', 6),
  ('D0106', 'director', 7),
  ('D0107', 'director', 8),
  ('D0201', 'school_admin', 1),
  ('D0202', 'school_admin', 2),
  ('D0203', 'school_admin', 5),
  ('D0203', 'school_admin', 6),
  ('D0204', 'school_admin', 8),
  ('D0501', 'coach', null),
  ('D0502', 'coach', null),
  ('D0503', 'coach', null),
  ('D0504', 'coach', null)
) as v(number, role, school)
join demo_person p on p.number = v.number
join demo_person g on g.number = 'D0001'
left join demo_school s on s.n = v.school;

insert into absence (id, person_id, category, from_date, until_date)
select
  ('019a0000-0000-7006-8000-' || lpad((row_number() over (order by v.number, v.begins))::text, 12, '0'))::uuid,
  p.id,
  v.category,
  (app.today() + v.begins::interval)::date,
  (app.today() + v.ends::interval)::date
from (values
  ('D1001', 'maternity_leave', '-14 months', '-10 months'),
  ('D1009', 'study_leave', '-20 months', '-18 months'),
  ('D1019', 'maternity_leave', '-6 weeks', '+10 weeks'),
  ('D1020', 'long_term_absence', '-5 months', null),
  ('D1029', 'care_leave', '-8 months', '-8 months +21 days'),
  ('D1031', 'parental_leave', '-2 months', '+2 months')
) as v(number, category, begins, ends)
join demo_person p on p.number = v.number;

insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by, approved_by, approved_at)
select
  ('019a0000-0000-7007-8000-' || lpad((row_number() over (order by v.number))::text, 12, '0'))::uuid,
  p.id,
  (app.today() + v.begins::interval)::date,
  (app.today() + v.ends::interval)::date,
  v.evidence,
  p.id,
  case when v.approved then a.id end,
  case when v.approved then app.now() - interval '1 month' end
from (values
  ('D1001', '-40 months', '-34 months', 'Werkgeversverklaring vorige school', true),
  ('D1017', '-9 years', '-14 months', 'Diensttijdoverzicht', true),
  ('D1028', '-30 months', '-16 months', 'Arbeidsovereenkomst vorige school', false)
) as v(number, begins, ends, evidence, approved)
join demo_person p on p.number = v.number
join demo_person a on a.number = 'D0001';

insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
select
  ('019a0000-0000-7008-8000-' || lpad((row_number() over (order by v.number))::text, 12, '0'))::uuid,
  p.id,
  v.code,
  v.evidence,
  (app.today() + v.begins::interval)::date,
  (app.today() + v.ends::interval)::date,
  a.id
from (values
  ('D1015', 'coached_elsewhere', 'Afsluitend verslag opleidingsschool', '-5 months', '+7 months'),
  ('D1016', 'other_agreement', 'Afspraak van de adviseur', '-14 months', '-2 months')
) as v(number, code, evidence, begins, ends)
join demo_person p on p.number = v.number
join demo_person a on a.number = 'D0001';

-- Recordings. Days from today; what would fall on a weekend is on the Friday before.

create temporary table demo_recording on commit drop as
select
  row_number() over (order by v.teacher, v.planned) as n,
  p.id as teacher_id,
  c.id as coach_id,
  v.origin,
  v.counts,
  v.state,
  v.quarantined,
  d.planned_on,
  d.scheduled_for,
  d.recorded_on,
  d.debriefed_on,
  d.ended_on
from (values
  ('D1001', 'D0501', 'own_wish', false, 'debriefed', false, -110, -95, -95, -84, null),
  ('D1006', 'D0501', 'starter_programme', true, 'planned', false, -9, 14, null, null, null),
  ('D1007', 'D0502', 'starter_programme', true, 'planned', false, -3, 21, null, null, null),
  ('D1008', 'D0503', 'starter_programme', true, 'planned', false, -12, 11, null, null, null),
  ('D1009', 'D0501', 'starter_programme', true, 'made', false, -30, -10, -10, null, null),
  ('D1010', 'D0504', 'starter_programme', true, 'made', false, -25, -8, -8, null, null),
  ('D1011', 'D0502', 'appraisal', true, 'debriefed', false, -260, -240, -240, -229, null),
  ('D1012', 'D0503', 'starter_programme', true, 'debriefed', false, -160, -140, -140, -130, null),
  ('D1012', 'D0503', 'own_wish', false, 'planned', false, -5, 18, null, null, null),
  ('D1013', 'D0501', 'own_wish', true, 'debriefed', false, -210, -190, -190, -180, null),
  ('D1014', 'D0504', 'starter_programme', true, 'debriefed', false, -70, -45, -45, -33, null),
  ('D1021', 'D0501', 'starter_programme', true, 'debriefed', false, -420, -400, -400, -390, null),
  ('D1025', 'D0502', 'starter_programme', true, 'debriefed', false, -480, -460, -460, -448, null),
  ('D1027', 'D0504', 'starter_programme', true, 'cancelled', false, -80, -60, null, null, -61),
  ('D1029', 'D0503', 'starter_programme', true, 'made', true, -120, -100, -100, null, null),
  ('D1030', 'D0501', 'starter_programme', true, 'waived', false, -150, -130, -130, null, -115),
  ('D1031', 'D0504', 'starter_programme', true, 'debriefed', false, -200, -180, -180, -170, null)
) as v(teacher, coach, origin, counts, state, quarantined, planned, scheduled, recorded, debriefed, ended)
join demo_person p on p.number = v.teacher
join demo_person c on c.number = v.coach
cross join lateral (
  select
    max(w.day) filter (where w.n = 1) as planned_on,
    max(w.day) filter (where w.n = 2) as scheduled_for,
    max(w.day) filter (where w.n = 3) as recorded_on,
    max(w.day) filter (where w.n = 4) as debriefed_on,
    max(w.day) filter (where w.n = 5) as ended_on
  from (
    select
      o.n,
      app.today() + o.days
        - greatest(extract(isodow from app.today() + o.days)::integer - 5, 0) as day
    from (values (1, v.planned), (2, v.scheduled), (3, v.recorded), (4, v.debriefed), (5, v.ended)) as o(n, days)
  ) w
) d;

insert into recording (
  id, teacher_id, coach_id, group_id, origin, counts_for_programme, state,
  planned_on, scheduled_for, recorded_on, debriefed_on, ended_on, quarantined)
select
  ('019a0000-0000-7009-8000-' || lpad(r.n::text, 12, '0'))::uuid,
  r.teacher_id, r.coach_id, g.id, r.origin, r.counts, r.state,
  r.planned_on, r.scheduled_for, r.recorded_on, r.debriefed_on, r.ended_on, r.quarantined
from demo_recording r
left join lateral (
  select x.id
  from employment e
  join school_group x on x.school_id = e.school_id
    and x.school_year = extract(year from r.scheduled_for - interval '7 months')
  where e.person_id = r.teacher_id
    and e.from_date <= r.scheduled_for
    and (e.until_date is null or e.until_date > r.scheduled_for)
  order by e.fte desc, e.from_date, x.name
  offset r.n % 8
  limit 1
) g on true;

-- Last night's report is due, also on an organisation that was loaded in the small hours.
update report_schedule
set enabled_from = least(enabled_from, (app.now() at time zone 'Europe/Amsterdam' - at)::date);
