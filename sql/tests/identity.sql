-- Who is asking: app.identify, the settings it leaves, and the clock by which roles begin and end.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

insert into school (id, code, name, board_number)
select format('0193b6a0-0001-7000-8000-00000000000%s', n)::uuid, format('0%sAA00', n), format('School %s', n), '12345'
from generate_series(1, 2) n;
insert into person (id, name, subject_key)
select
  format('0193b6a0-0002-7000-8000-00000000000%s', n)::uuid,
  format('Person %s', n),
  format('0193b6a0-0003-7000-8000-00000000000%s', n)::uuid
from generate_series(1, 3) n;
insert into registration (person_id, person_number)
select id, 'N' || right(id::text, 1)
from person;
insert into role_assignment (id, person_id, role, school_id, from_date, until_date)
values
  ('0193b6a0-0004-7000-8000-000000000001', '0193b6a0-0002-7000-8000-000000000001', 'director', '0193b6a0-0001-7000-8000-000000000001', '2026-03-01', '2026-04-01'),
  ('0193b6a0-0004-7000-8000-000000000002', '0193b6a0-0002-7000-8000-000000000001', 'school_admin', '0193b6a0-0001-7000-8000-000000000002', '2026-04-01', null),
  ('0193b6a0-0004-7000-8000-000000000003', '0193b6a0-0002-7000-8000-000000000002', 'adviser', null, '2026-03-01', null),
  ('0193b6a0-0004-7000-8000-000000000004', '0193b6a0-0002-7000-8000-000000000002', 'coach', null, '2026-03-01', null);
insert into api_token (id, hash, name, person_id, created_at, expires_at)
select
  ('0193b6a0-0005-7000-8000-00000000000' || right(id::text, 1))::uuid,
  sha256(convert_to('token ' || right(id::text, 1), 'UTF8')),
  'Test',
  id,
  timestamptz '2026-01-01',
  timestamptz '2026-06-01 12:00:00Z'
from person;

-- The clock: only members of beeld_test set it, and a superuser is a member of every role.
do $$ begin create role beeld_test; exception when duplicate_object then null; end $$;

create function pg_temp.at(moment text) returns text language sql as $$ select set_config('app.now', moment, true) $$;
create function pg_temp.forget() returns void language sql as $$
  select set_config(s, '', true)
  from unnest(array[
    'app.person', 'app.subject_key', 'app.coach', 'app.adviser', 'app.privacy_officer', 'app.system_admin',
    'app.director_of', 'app.school_admin_of', 'app.schools']) s
$$;
create function pg_temp.settings() returns text language sql as $$
  select string_agg(current_setting('app.' || s, true), ' ' order by n) filter (where current_setting('app.' || s, true) <> '')
  from unnest(array[
    'coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools']) with ordinality u (s, n)
$$;
create function pg_temp.identified(token text) returns text language plpgsql as $$
begin
  perform pg_temp.forget();
  perform app.identify(sha256(convert_to(token, 'UTF8')));
  return coalesce(pg_temp.settings(), 'none');
end
$$;

select is(app.me(), null, 'nobody is asking until somebody is identified');
select is(app.my_schools(), null, 'and nobody has no schools');

-- Civil days of Europe/Amsterdam
select is(app.today(), d::date, format('at %s it is %s in Amsterdam', t, d))
from (values
  ('2026-01-01 22:59:59Z', '2026-01-01'), ('2026-01-01 23:00:00Z', '2026-01-02'),
  ('2026-07-01 21:59:59Z', '2026-07-01'), ('2026-07-01 22:00:00Z', '2026-07-02'),
  ('2026-03-28 22:59:59Z', '2026-03-28'), ('2026-03-28 23:00:00Z', '2026-03-29'),
  ('2026-03-29 21:59:59Z', '2026-03-29'), ('2026-03-29 22:00:00Z', '2026-03-30'),
  ('2026-10-24 22:00:00Z', '2026-10-25'), ('2026-10-25 22:59:59Z', '2026-10-25'),
  ('2026-10-25 23:00:00Z', '2026-10-26')) v (t, d)
cross join lateral (select pg_temp.at(t) offset 0) c
where c.at is not null;

select pg_temp.at('2026-03-15 12:00:00Z');
select is(
  pg_temp.identified('token 1'),
  '{0193b6a0-0001-7000-8000-000000000001} {0193b6a0-0001-7000-8000-000000000001}',
  'a director is director of their school, and it is one of their schools');
select is(app.me(), '0193b6a0-0002-7000-8000-000000000001'::uuid, 'the holder of the token is who asks');
select is(
  current_setting('app.subject_key'), '0193b6a0-0003-7000-8000-000000000001',
  'the subject key names the actor in the audit');
select is(app.my_schools(), array['0193b6a0-0001-7000-8000-000000000001']::uuid[], 'my schools are those of my roles');
select is(pg_temp.identified('token 2'), 'on on', 'roles of the whole board are switches: coach, adviser');
select is(app.my_schools(), null, 'and show no school as one''s own');
select is(pg_temp.identified('token 3'), 'none', 'who has no role has none');

select pg_temp.at('2026-03-31 21:59:59Z');
select is(
  pg_temp.identified('token 1'),
  '{0193b6a0-0001-7000-8000-000000000001} {0193b6a0-0001-7000-8000-000000000001}',
  'a role holds until the last second of the day before its end, in Amsterdam');
select pg_temp.at('2026-03-31 22:00:00Z');
select is(
  pg_temp.identified('token 1'),
  '{0193b6a0-0001-7000-8000-000000000002} {0193b6a0-0001-7000-8000-000000000002}',
  'at midnight it is gone and the next one holds: now school_admin of the other school');
select pg_temp.at('2026-02-28 22:59:59Z');
select is(pg_temp.identified('token 2'), 'none', 'before its first day a role does not hold');
select pg_temp.at('2026-02-28 23:00:00Z');
select is(pg_temp.identified('token 2'), 'on on', 'from the first midnight on it does');

-- Refusals
select throws_ok(
  $$ select app.identify(sha256('token 1')) $$, 'BE500', 'an identity is already set',
  'a second identity in one transaction is refused');
select pg_temp.forget();
select throws_ok(
  $$ select app.identify(sha256('token 4')) $$, 'BE401', 'token not accepted', 'an unknown token is refused');
select throws_ok($$ select app.identify(null) $$, 'BE401', 'token not accepted', 'no token at all is refused');
select throws_ok($$ select app.identify('') $$, 'BE401', 'token not accepted', 'an empty hash is refused');
select throws_ok(
  $$ select app.identify('token 1') $$, 'BE401', 'token not accepted', 'a token in place of its hash is refused');
select is(app.me(), null, 'a refusal leaves no identity');

select pg_temp.at('2026-06-01 11:59:59Z');
select lives_ok($$ select app.identify(sha256('token 3')) $$, 'a token is good up to its end');
select pg_temp.forget();
select pg_temp.at('2026-06-01 12:00:00Z');
select throws_ok(
  $$ select app.identify(sha256('token 3')) $$, 'BE401', 'token not accepted', 'at its end it has expired');

select pg_temp.at('2026-03-15 12:00:00Z');
update registration set disabled_at = '2026-03-15 12:00:01Z' where person_number = 'N3';
select lives_ok($$ select app.identify(sha256('token 3')) $$, 'who is disabled from the next second on is still let in');
select pg_temp.forget();
select pg_temp.at('2026-03-15 12:00:01Z');
select throws_ok(
  $$ select app.identify(sha256('token 3')) $$, 'BE401', 'token not accepted', 'and from that second on refused');

-- Cursors
select is(app.cursor('a'), 'YQ', 'a cursor is base64url without padding');
select is(app.cursor('2026-01-01', null), 'MjAyNi0wMS0wMR8', 'null is the empty part');
select is(app.cursor('???', '>>>'), 'Pz8_Hz4-Pg', 'its alphabet needs no escape in an address');
select unalike(app.cursor(repeat('é', 500)), e'%\n%', 'a long one has no line breaks');

select * from finish();
rollback;
