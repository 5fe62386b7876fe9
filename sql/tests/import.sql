-- Imports: who may run them, what they may not reach, and the rules that the sets decide.
begin;
set local search_path = beeld, app, public;
select plan(17);

select ok(
  not exists (
    select
    from pg_proc p
    where p.pronamespace = 'app'::regnamespace
      and p.proname like 'import\_%'
      and (has_function_privilege('beeld_app', p.oid, 'execute') or p.prosecdef)),
  'the functions of imports are not for the API''s role, and none runs with more rights than its caller');
select ok(
  (select count(*) > 10 and bool_and(has_function_privilege('beeld_jobs', p.oid, 'execute'))
   from pg_proc p
   where p.pronamespace = 'app'::regnamespace and p.proname like 'import\_%'),
  'the role of the server''s own work may run all of them');

set local role beeld_jobs;
select app.import_begin(), app.import_schools_begin();
insert into incoming_school (line, id, code, name, board_number)
values
  (2, '01900000-0000-7000-8000-000000000001', '90ZZ00', U&'Noe\0308lle', '99001'),
  (3, '01900000-0000-7000-8000-000000000002', '90ZZ01', 'Tweede', '99001'),
  (4, '01900000-0000-7000-8000-000000000003', '90ZZ02', 'Van een ander', '99002');
select app.import_schools_check(date '2024-10-01', '99001', true, true);
select results_eq(
  'select * from app.import_schools_counts()', $$values ('school', 'new', 2::bigint)$$,
  'of a register only the locations of the board are new');
select app.import_schools_apply();
select is(
  (select name::text from school where code = '90ZZ00'), U&'No\00EBlle', 'names are kept in normal form C');
select is(
  (select count(*)::integer from pg_locks l
   where l.relation = 'beeld.school'::regclass and l.mode = 'ShareRowExclusiveLock' and l.pid = pg_backend_pid()),
  1, 'nobody else writes schools until the end of the transaction');
select is(current_setting('app.origin'), 'import', 'audit rows will say that an import did it');

select app.import_begin(), app.import_schools_begin();
insert into incoming_school (line, id, code, name, board_number)
values (2, '01900000-0000-7000-8000-000000000004', '90ZZ00', U&'No\00EBlle', '99002');
select app.import_schools_check(date '2025-10-01', '99001', false, false);
select results_eq(
  'select act, number from app.import_schools_counts()', $$values ('changed', 1::bigint)$$,
  'a file with faulty rows closes nothing');
select app.import_schools_check(date '2025-10-01', '99001', true, false);
select results_eq(
  'select code, act from pg_temp.import_school order by code', $$values ('90ZZ00', 'changed'), ('90ZZ01', 'closed')$$,
  'a complete one changes what was transferred and closes what is gone');
select app.import_schools_apply();
select is(
  (select id::text || board_number from school where code = '90ZZ00'), '01900000-0000-7000-8000-00000000000199002',
  'a transferred location keeps its id');
select is(
  (select open_until from school where code = '90ZZ01')::date, date '2025-10-01', 'a closed one is closed from the file''s day');

select app.import_begin(), app.import_staff_begin();
insert into incoming_staff (line, employment_id, person_id, person_number, name, email, school_code, job, fte, from_date, until_date, teaching_since)
values
  (2, '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000021', 'ZZ1', 'Een', 'een@example.org', '90ZZ00', 'teacher', 0.5, '2022-08-01', null, '2022-08-01'),
  (3, '01900000-0000-7000-8000-000000000012', '01900000-0000-7000-8000-000000000022', 'ZZ1', 'Een', null, '90ZZ01', 'teacher', 0.5, '2022-08-01', null, null),
  (4, '01900000-0000-7000-8000-000000000013', '01900000-0000-7000-8000-000000000023', 'ZZ2', 'Twee', 'EEN@example.org', '90ZZ00', 'teacher', 1, '2022-08-01', null, null),
  (5, '01900000-0000-7000-8000-000000000014', '01900000-0000-7000-8000-000000000024', 'ZZ2', 'Toch', null, '90ZZ99', 'teacher', 1, '2022-08-01', null, null);
select app.import_staff_check(true);
select results_eq(
  'select line, column_name, code, arguments from app.import_faults(10)',
  $$values
    (4, 'email', 'email_taken', '{ZZ1}'::text[]),
    (5, 'name', 'contradiction', '{Twee,4}'),
    (5, 'school_code', 'unknown_school', '{}')$$,
  'faults of people and of schools are told in the order of the file');
select is(app.import_fault_count(), 3::bigint, 'and counted');
delete from incoming_staff where line > 3;
select app.import_begin();
select app.import_staff_check(true);
select is(app.import_fault_count(), 0::bigint, 'the rest of the file is faultless');
select app.import_staff_apply();
select results_eq(
  $$select e.id::text from employment e join registration r using (person_id) where r.person_number = 'ZZ1' order by 1$$,
  $$values ('01900000-0000-7000-8000-000000000011'), ('01900000-0000-7000-8000-000000000012')$$,
  'one person has both employments');
select ok(
  (select teaching_since_approved_at is not null from registration where person_number = 'ZZ1'),
  'a first teaching day in the board''s own file is approved');
select app.import_staff_begin();
insert into incoming_staff (line, employment_id, person_id, person_number, name, school_code, job, fte, from_date)
values (2, '01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000041', 'ZZ1', 'Een', '90ZZ00', 'teacher', 0.5, '2023-08-01');
select app.import_staff_check(true);
select results_eq(
  'select line, code, arguments from app.import_faults(10)', $$values (2, 'overlap', '{0,2022-08-01}'::text[])$$,
  'an employment may not overlap one that was known before');
reset role;

set local role beeld_app;
select throws_ok('select app.import_begin()', '42501', null, 'the API''s role is refused');
reset role;

select * from finish();
rollback;
