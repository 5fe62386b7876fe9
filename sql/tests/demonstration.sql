-- The demonstration organisation shows every status there is, whatever the day it is loaded on.
begin;
set local search_path = beeld, app, public;
set local client_min_messages = warning;
select plan(12);

do $$
begin
  if exists (select from person) then
    raise exception 'this test needs an empty registry';
  end if;
end
$$;

set local role beeld_owner;
\ir ../demonstration/organisation.sql
\ir ../demonstration/programme.sql
\ir ../demonstration/safeguards.sql
\ir ../demonstration/schedules.sql
reset role;

create temporary table shown on commit drop as
select r.person_number, c.*
from app.starter_calculation(app.today()) c
join registration r on r.person_id = c.person_id;

select set_eq(
  'select distinct coverage from shown',
  array['open', 'planned', 'recorded', 'covered', 'covered_late', 'exempt', 'out_of_scope'],
  'every coverage is there');
select set_eq(
  'select distinct urgency from shown',
  array['overdue', 'at_risk', 'due_soon', 'none'],
  'every urgency is there');
select set_eq(
  'select distinct employment from shown',
  array['future', 'active', 'paused', 'left'],
  'every place on the employment axis is there');
select set_eq(
  'select distinct unnest(data_incomplete) from shown',
  array['teaching_since', 'teaching_since_approval'],
  'every kind of missing data is there');

select results_eq(
  $$
    select person_number, coverage, urgency, employment
    from shown
    where person_number like 'D1%'
    order by person_number
  $$,
  $$
    values
      ('D1001', 'open', 'at_risk', 'active'),
      ('D1002', 'open', 'none', 'active'),
      ('D1003', 'open', 'due_soon', 'active'),
      ('D1004', 'open', 'at_risk', 'active'),
      ('D1005', 'open', 'overdue', 'active'),
      ('D1006', 'planned', 'due_soon', 'active'),
      ('D1007', 'planned', 'none', 'active'),
      ('D1008', 'planned', 'overdue', 'active'),
      ('D1009', 'recorded', 'none', 'active'),
      ('D1010', 'recorded', 'overdue', 'active'),
      ('D1011', 'covered', 'none', 'active'),
      ('D1012', 'covered', 'none', 'active'),
      ('D1013', 'covered', 'none', 'active'),
      ('D1014', 'covered_late', 'none', 'active'),
      ('D1015', 'exempt', 'none', 'active'),
      ('D1016', 'open', 'due_soon', 'active'),
      ('D1017', 'out_of_scope', 'none', 'active'),
      ('D1018', 'open', 'none', 'future'),
      ('D1019', 'open', 'none', 'paused'),
      ('D1020', 'open', 'none', 'paused'),
      ('D1021', 'covered', 'none', 'left'),
      ('D1022', 'open', 'none', 'left'),
      ('D1023', 'open', 'none', 'active'),
      ('D1024', 'open', 'none', 'active'),
      ('D1025', 'covered', 'none', 'active'),
      ('D1026', 'open', 'due_soon', 'active'),
      ('D1027', 'open', 'none', 'active'),
      ('D1028', 'open', 'none', 'active'),
      ('D1029', 'open', 'due_soon', 'active'),
      ('D1030', 'open', 'due_soon', 'active'),
      ('D1031', 'covered', 'none', 'paused'),
      ('D1032', 'open', 'overdue', 'active')
  $$,
  'each starter shows what the demonstration says of them');

select is_empty(
  $$
    select s.person_number
    from shown s
    where s.person_number not like 'D1%'
      and s.coverage <> 'out_of_scope'
  $$,
  'teachers of long standing are out of scope');
select cmp_ok(
  (select count(*) from report_schedule s where (s.enabled_from + s.at) at time zone 'Europe/Amsterdam' <= app.now()),
  '=', (select count(*) from report_schedule),
  'last night''s reports are due');

select is_empty(
  $$
    select k.id, r.code
    from recording k
    cross join app.clearance_reasons(k, app.now()) r
    where k.state = 'planned'
  $$,
  'what is planned is cleared');
select set_eq(
  $$
    select s.code::text, g.channel
    from school s
    cross join app.notice_gaps(s.id, app.school_year(app.today())) g(channel)
  $$,
  $$ values ('90AG00', 'school_guide') $$,
  'one school has yet to tell parents by its guide');
select results_eq(
  $$
    select o.state, m.kind, m.state, g.name::text, r.state
    from objection o
    join placement p on p.objection_id = o.id
    join school_group g on g.id = p.group_id
    left join measure m on m.objection_id = o.id
    left join promise r on r.measure_id = m.id
    order by o.id, p.id
  $$,
  $$
    values
      ('measure_set', 'anonymise', 'in_force', '7', null), ('received', null, null, '8', null),
      ('ended', 'out_of_view', 'ended', '6', null), ('measure_set', 'out_of_view', 'in_force', '3', 'promised'),
      ('measure_set', 'cut', 'in_force', '3', null), ('measure_set', 'cut', 'in_force', '8', null)
  $$,
  'parents object, and the schools do something about it');
select results_eq(
  $$
    select r.person_number::text, q.cause, q.codes, q.state, exists (select from app.standing_reasons(k, q.codes))
    from quarantine q
    join recording k on k.id = q.recording_id
    join registration r on r.person_id = k.teacher_id
    where k.quarantined
  $$,
  $$ values ('D1029', 'no_clearance', '{custody_not_planned}'::text[], 'open', false) $$,
  'one recording is quarantined');
select set_eq(
  'select clearance_codes from recording where not quarantined', $$ values (null::text[]), ('{}') $$, 'and everything else that was judged was cleared');

select * from finish();
rollback;
