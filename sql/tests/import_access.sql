-- Uploaded imports: who begins which kind, who sees them, and what the server's own work may do with them.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

create function pg_temp.of(kind integer, n integer) returns uuid language sql immutable as $$
  select format('0193b6a0-%s-7000-8000-%s', lpad(kind::text, 4, '0'), lpad(n::text, 12, '0'))::uuid
$$;
-- 1 teaches; 2 coach; 3 director, 4 administration of school 1; 5 adviser; 6 privacy officer; 7 system administrator;
-- 8 does the administration of both schools; 9 is adviser and does the administration of school 2.
insert into school (id, code, name, board_number)
select pg_temp.of(1, n), format('0%sAA00', n), format('School %s', n), '12345'
from generate_series(1, 2) n;
insert into person (id, name)
select pg_temp.of(2, n), format('Person %s', n)
from generate_series(1, 9) n;
insert into registration (person_id, person_number)
select pg_temp.of(2, n), format('N%s', n)
from generate_series(1, 9) n;
insert into role_assignment (id, person_id, role, school_id, from_date)
select gen_random_uuid(), pg_temp.of(2, n), role, case when school > 0 then pg_temp.of(1, school) end, '2020-01-01'
from (values
  (2, 'coach', 0), (3, 'director', 1), (4, 'school_admin', 1), (5, 'adviser', 0), (6, 'privacy_officer', 0),
  (7, 'system_admin', 0), (8, 'school_admin', 1), (8, 'school_admin', 2), (9, 'adviser', 0), (9, 'school_admin', 2)) r (n, role, school);

create function pg_temp.be(n integer) returns void language sql as $$
  select set_config(s.name, '', true)
  from unnest(array['person', 'subject_key', 'coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools']) k
  cross join lateral (select 'app.' || k as name) s;
  select app.take_on(a) from beeld.access a where a.person_id = pg_temp.of(2, n) and app.is_open(a)
$$;
create function pg_temp.try_to_begin(n integer, import_kind text, number integer) returns text language plpgsql as $$
begin
  perform pg_temp.be(n);
  perform app.begin_import(pg_temp.of(number, n), import_kind, null, null, null);
  return 'begun';
exception when sqlstate 'BE403' then
  return 'refused';
end
$$;

select results_eq(
  $$
    select k.kind, array_agg(n order by n) filter (where pg_temp.try_to_begin(n, k.kind, k.number) = 'begun')
    from (values
      (11, 'schools'), (12, 'staff'), (13, 'absences'), (14, 'past-recordings'), (15, 'referrals'), (16, 'footage')) k (number, kind)
    cross join generate_series(0, 9) n
    group by k.number, k.kind
    order by k.number
  $$,
  $$values
    ('schools', '{5,7,9}'::integer[]), ('staff', '{5,7,9}'), ('absences', '{4,5,8,9}'), ('past-recordings', '{5,9}'),
    ('referrals', '{3,5,9}'), ('footage', null)$$,
  'each kind begins for those alone whose it is');
select results_eq(
  $$select right(person_id::text, 1), cardinality(school_ids), school_ids[1] from import where kind = 'absences' order by 1$$,
  $$values ('4', 1, pg_temp.of(1, 1)), ('5', null, null), ('8', 2, pg_temp.of(1, 1)), ('9', null, null)$$,
  'absences are of the schools that one administers, or of the board; several roles open the widest');
select results_eq(
  $$select right(person_id::text, 1), school_ids from import where kind = 'referrals' order by 1$$,
  $$values ('3', array[pg_temp.of(1, 1)]), ('5', null), ('9', null)$$,
  'referrals are of the schools that one directs, or of the board');
select is(
  (select count(*)::integer from audit where table_name = 'import' and act = 'insert' and (after ? 'person_id' or after ? 'file_name')),
  0, 'the audit keeps neither the maker''s id nor the name of a file');

-- The numbers whose first teaching day is approved after a file of staff of somebody's, and how many have one; 0 is the
-- operator. Given again, the file changes nothing. Nothing of it stays.
create function pg_temp.approved_by_file_of(n integer) returns text language plpgsql as $$
declare
  result text;
begin
  perform pg_temp.be(n), set_config('app.person', '', true), set_config('role', 'beeld_jobs', true);
  perform app.import_begin(), app.import_staff_begin();
  insert into incoming_staff (line, employment_id, person_id, person_number, name, school_code, job, fte, from_date, teaching_since)
  select 1 + k.n, gen_random_uuid(), gen_random_uuid(), k.number, k.name, '01AA00', 'teacher', 1, '2020-08-01', '2020-08-01'
  from (values (1, 'N1', 'Person 1'), (2, 'N5', 'Person 5'), (3, 'N7', 'Person 7'), (4, 'X', 'New')) k (n, number, name);
  perform app.import_staff_check(true);
  perform app.import_staff_apply();
  perform app.import_staff_check(true);
  select concat_ws(
    ' ', count(*) filter (where r.teaching_since is not null),
    string_agg(r.person_number, ' ' order by r.person_number) filter (where r.teaching_since_approved_at is not null),
    (select string_agg(c.object || ' ' || c.act, ' ' order by 1) from app.import_staff_counts() c where c.act <> 'unchanged'))
  into result
  from registration r;
  raise exception using errcode = 'BT000', message = result;
exception when sqlstate 'BT000' then
  return sqlerrm;
end
$$;
select is(pg_temp.approved_by_file_of(0), '4 N1 N5 N7 X', 'a first teaching day in the operator''s file of staff is approved');
select is(pg_temp.approved_by_file_of(9), '4 N1 N5 N7 X', 'so it is in an adviser''s');
select is(pg_temp.approved_by_file_of(5), '4 N1 N7 X', 'but for the adviser''s own, which another approves');
select is(pg_temp.approved_by_file_of(7), '4', 'in a system administrator''s it is a claim');
select pg_temp.be(0);

create function pg_temp.seen_by(n integer) returns bigint language plpgsql as $$
declare
  seen bigint;
begin
  perform pg_temp.be(n);
  set local role beeld_app;
  select count(*) into seen from import where person_id = pg_temp.of(2, n);
  assert seen = (select count(*) from import), 'somebody sees another''s import';
  reset role;
  return seen;
end
$$;
select is(
  array(select pg_temp.seen_by(n) from generate_series(0, 9) n), '{0,0,0,1,1,5,0,2,1,5}'::bigint[],
  'everybody sees their own and no other');
update role_assignment set school_id = pg_temp.of(1, 2) where person_id = pg_temp.of(2, 4);
update role_assignment set until_date = app.today() where person_id = pg_temp.of(2, 7);
select is(
  array[pg_temp.seen_by(4), pg_temp.seen_by(7)], '{0,0}'::bigint[],
  'and not even their own any more when the role is gone, or the school');
update role_assignment set school_id = pg_temp.of(1, 1) where person_id = pg_temp.of(2, 4);

set local role beeld_app;
select throws_ok('select bytes from import_chunk', '42501', null, 'the API reads no byte of a file');
select throws_ok('insert into import select * from import', '42501', null, 'and writes no import but by beginning one');
select throws_ok('select app.act_for_import(null, null, null, null)', '42501', null, 'nor acts for anybody');
select throws_ok($$select app.invite('{}', '{}', 'appraisal', null, null)$$, '42501', null, 'and invites by requests alone');
reset role;

set local role beeld_jobs;
select throws_ok('insert into import (id) values (null)', '42501', null, 'the server begins none of its own accord');
select throws_ok('delete from import', '42501', null, 'and removes none');
select lives_ok(
  $$select app.import_append(pg_temp.of(13, 4), 0, 'abc'), app.import_append(pg_temp.of(13, 4), 1, 'def')$$, 'it keeps what comes in');
select throws_ok(
  $$select app.import_received(pg_temp.of(13, 4), 2, 7, sha256('abcdefg'), 'UTF-8')$$, 'BE409', null,
  'a file of which a byte is missing is not received');
select throws_ok($$select * from app.act_for_import(pg_temp.of(13, 4), 'preview', null, null)$$, 'BE409', null, 'nor previewed');
select lives_ok($$select app.import_received(pg_temp.of(13, 4), 2, 6, sha256('abcdef'), 'UTF-8')$$, 'a whole one is');
select throws_ok($$select app.import_append(pg_temp.of(13, 4), 2, 'g')$$, 'BE409', null, 'and then takes in no more');
select is(
  (select kind || array_to_string(school_ids, ',') || byte_count from app.act_for_import(pg_temp.of(13, 4), 'preview', 2, 'r-9')),
  'absences' || pg_temp.of(1, 1) || '6', 'its maker''s schools are those of the preview');
select is(current_setting('app.origin') || current_setting('app.request_id'), 'importr-9', 'of which the audit will know');
select throws_ok($$select * from app.act_for_import(pg_temp.of(13, 4), 'commit', 2, null)$$, 'BE409', null, 'it is not committed unseen');
select throws_ok($$select * from app.act_for_import(pg_temp.of(13, 4), 'discard', 1, null)$$, 'BE412', null, 'nor discarded by who saw an older version');
select throws_ok($$select * from app.act_for_import(pg_temp.of(12, 7), 'discard', null, null)$$, 'BE403', null, 'nobody acts for who lost the role');
select throws_ok($$select * from app.act_for_import(pg_temp.of(99, 1), 'discard', null, null)$$, 'BE404', null, 'or for an import that is not there');

select set_config('app.person', '', true);
select lives_ok($$select app.import_append(pg_temp.of(15, 3), 0, 'abc'), app.import_received(pg_temp.of(15, 3), 1, 3, sha256('abc'), 'UTF-8')$$, 'a director''s file comes in');
select throws_ok('select app.import_begin(), app.import_referrals_begin()', 'BE500', null, 'a referral is nobody''s but somebody''s');
select throws_ok(
  $$select app.invite(array[gen_random_uuid()], array[pg_temp.of(2, 1)], 'appraisal', array[date '2026-01-01'], array['progress'])$$,
  'BE403', null, 'the server refers nobody of its own accord');
select is(
  (select school_ids from app.act_for_import(pg_temp.of(15, 3), 'preview', null, null)), array[pg_temp.of(1, 1)],
  'of the director''s school');
select is(app.me(), pg_temp.of(2, 3), 'and what it makes is the director''s');
select lives_ok('select app.import_begin(), app.import_referrals_begin()', 'so that it can be read');
insert into incoming_referral (line, id, person_number, talk_on, talk_kind)
values
  (2, gen_random_uuid(), 'N1', app.today(), 'progress'),
  (3, gen_random_uuid(), 'N2', app.today(), 'progress'),
  (4, gen_random_uuid(), 'N3', app.today(), 'progress'),
  (5, gen_random_uuid(), 'none', app.today(), 'progress');
reset role;
insert into employment (id, person_id, school_id, job, fte, from_date)
select gen_random_uuid(), pg_temp.of(2, n), pg_temp.of(1, school), job, 1, '2020-08-01'
from (values
  (1, 1, 'teacher'), (2, 2, 'teacher'), (3, 1, 'director')) e (n, school, job);
set local role beeld_jobs;
select app.import_referrals_check(array[pg_temp.of(1, 1)], true);
select results_eq(
  'select line, column_name, code, value from app.import_faults(10)',
  $$values
    (3, 'person_number', 'unknown_person', 'N2'), (4, 'person_number', 'not_a_teacher', 'N3'),
    (5, 'person_number', 'unknown_person', 'none')$$,
  'a teacher of another school is as unknown as who does not exist');
delete from incoming_referral where line > 2;
select app.import_begin();
select app.import_referrals_check(array[pg_temp.of(1, 1)], true);
select lives_ok('select app.import_referrals_apply()', 'who is left is referred');
reset role;
select results_eq(
  $$select teacher_id, origin, state, made_by, made_as, school_id, state_by, talk_kind from request$$,
  $$values (pg_temp.of(2, 1), 'appraisal', 'invited', pg_temp.of(2, 3), 'director', pg_temp.of(1, 1), pg_temp.of(2, 3), 'progress')$$,
  'as POST /v1/requests does it');
set local role beeld_jobs;
select lives_ok(
  $$select app.import_judged(pg_temp.of(15, 3), 1, 1, 1, null, '{}', '[]')$$, 'when it is judged faulty');
select is_empty($$select from import_chunk where import_id = pg_temp.of(15, 3)$$, 'a file of referrals is let go of at once');
reset role;

select * from finish();
rollback;
