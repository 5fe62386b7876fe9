-- People entered over the API, the names behind the audit's keys, and groups that go on to the next school year.
begin;
\ir fixture/board.sql
select no_plan();

-- Entering a person
create function pg_temp.enters(who text, body text, number text default '700') returns text language sql as $$
  select pg_temp.given(
    who,
    format('select app.create_person(%L, %L)', pg_temp.fact(number::integer), body),
    format(
      'select from person p join registration r on r.person_id = p.id where p.id = %L', pg_temp.fact(number::integer)))
$$;
create function pg_temp.body(rest text default '') returns text language sql as $$
  select '{"name": "New", "person_number": "X1"' || rest || '}'
$$;
create function pg_temp.post(school integer, rest text default '') returns text language sql as $$
  select format(', "employment": {"school": "%s", "job": "teacher", "fte": 0.8, "from": "2026-12-01"%s}', pg_temp.school(school), rest)
$$;
select is(pg_temp.enters(who, body), outcome, format('%s entering %s: %s', who, words, outcome))
from (values
  ('S', pg_temp.body(pg_temp.post(1)), '1', 'somebody with a post at the own school'),
  ('S', pg_temp.body(pg_temp.post(2)), 'BE403', 'somebody with a post at another school'),
  ('S', pg_temp.body(pg_temp.post(9)), 'BE403', 'somebody with a post at no school'),
  ('S', pg_temp.body(', "employment": {"job": "teacher"}'), 'BE403', 'somebody with a post nowhere'),
  ('S', pg_temp.body(), 'person_first_employment', 'somebody without a post'),
  ('S', pg_temp.body(', "employment": null'), 'person_first_employment', 'somebody with none'),
  ('P', pg_temp.body(), '1', 'somebody without a post'),
  ('P', pg_temp.body(pg_temp.post(2)), '1', 'somebody with a post anywhere'),
  ('A', pg_temp.body(), '1', 'somebody without a post'),
  ('A', pg_temp.body(pg_temp.post(2, ', "until": "2027-01-01"')), '1', 'somebody with a post for a time'),
  ('P', pg_temp.body(pg_temp.post(9)), 'employment_school_fkey', 'somebody with a post at no school'),
  ('P', pg_temp.body(pg_temp.post(1, ', "until": "2026-12-01"')), 'employment_order', 'somebody whose post ends as it begins'),
  ('P', '{"name": "New", "person_number": "N84"}', 'registration_person_number_unique', 'a number twice'),
  ('P', pg_temp.body(', "email": "T@example.org"'), 'registration_email_unique', 'an address twice'),
  ('P', '{"name": "", "person_number": "X1"}', 'label_length', 'a name of nothing'),
  ('P', '{"name": "New"}', '23502', 'nobody''s number'),
  ('T', pg_temp.body(pg_temp.post(1)), 'BE403', 'somebody'),
  ('C', pg_temp.body(pg_temp.post(1)), 'BE403', 'somebody'),
  ('D', pg_temp.body(pg_temp.post(1)), 'BE403', 'somebody'),
  ('V', pg_temp.body(pg_temp.post(1)), 'BE403', 'somebody'),
  ('nobody', pg_temp.body(pg_temp.post(1)), 'BE401', 'somebody')) v (who, body, outcome, words);
select throws_ok(
  $$ select app.create_person(pg_temp.fact(700), '{"name": "New", "person_number": "X1"}') $$, 'BE403', null,
  'without an identity nobody is entered');
select is(
  pg_temp.given(
    who,
    format('select app.create_person(%L, %L)', pg_temp.fact(700), body),
    format('select from registration where person_id = %L and %s', pg_temp.fact(700), fact)),
  '1', format('of somebody whom %s enters, %s', who, fact))
from (values
  ('S', pg_temp.body(', "teaching_since": "2026-08-01", "teaching_since_approved": true' || pg_temp.post(1)), 'teaching_since_approved_at is null'),
  ('A', pg_temp.body(', "teaching_since": "2026-08-01", "teaching_since_approved": true'), 'teaching_since_approved_at is null'),
  ('P', pg_temp.body(', "teaching_since": "2026-08-01"'), 'teaching_since_approved_at is null'),
  ('P', pg_temp.body(', "teaching_since": "2026-08-01", "teaching_since_approved": true'), 'teaching_since_approved_at = app.now()'),
  ('P', pg_temp.body(', "teaching_since_approved": true'), 'teaching_since_approved_at is null'),
  ('P', pg_temp.body(', "language": "en"'), 'language = ''en'''),
  ('P', pg_temp.body(', "subject": "x", "disabled_at": "2026-01-01"'), 'subject is null and disabled_at is null')) v (who, body, fact);
select ok(id::text ~ '^0[0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]', format('%s is a UUIDv7', id))
from (select app.new_id() as id from generate_series(1, 20)) n;

-- Whom one sees, by the policies and by the function for those who run as the owner
create function pg_temp.seen(who text) returns text language plpgsql as $$
declare
  names text;
begin
  set local role beeld_app;
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  select string_agg(right(p.name, 1), '' order by p.name) into names from beeld.person p;
  reset role;
  select names || ' ' || string_agg(right(p.name, 1), '' order by p.name) into names from beeld.person p where app.i_see(p.id);
  perform set_config(s, '', true)
  from unnest(array['app.person', 'app.subject_key', 'app.coach', 'app.adviser', 'app.privacy_officer', 'app.system_admin', 'app.director_of', 'app.school_admin_of', 'app.schools']) s;
  return names;
end
$$;
insert into recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for)
values
  (pg_temp.fact(600), pg_temp.person('U'), pg_temp.person('C'), 'starter_programme', 'planned', '2026-10-01', '2026-12-01'),
  -- By one who is no coach any more.
  (pg_temp.fact(601), pg_temp.person('U'), pg_temp.person('V'), 'starter_programme', 'planned', '2026-10-01', '2026-12-01');
select is(split_part(pg_temp.seen(who), ' ', 2), names, format('%s sees %s', who, names))
from (values
  -- C coaches: a name that everybody knows.
  ('T', 'CT'), ('C', 'CU'), ('D', 'CDLNST'), ('S', 'CDLNST'), ('V', 'CV'),
  ('P', 'ABCDLNPQSTUV'), ('A', 'ABCDLNPQSTUV')) v (who, names);
select is(split_part(s.seen, ' ', 1), split_part(s.seen, ' ', 2), format('%s sees by the function whom the policies show', who))
from unnest(string_to_array('T U C D S P Q V A B N L', ' ')) who
cross join lateral (select pg_temp.seen(who) offset 0) s (seen);
select is(app.i_see(pg_temp.person('T')), false, 'nobody sees nobody');

create function pg_temp.named(who text) returns text language plpgsql as $$
declare
  keys constant uuid[] := array(select subject_key from beeld.person) || gen_random_uuid() || null::uuid;
  names text;
begin
  set local role beeld_app;
  perform app.identify(sha256(convert_to(who, 'UTF8')));
  select string_agg(right(n.name, 1), '' order by n.name) into names from app.visible_names(keys) n;
  reset role;
  perform set_config(s, '', true)
  from unnest(array['app.person', 'app.subject_key', 'app.coach', 'app.adviser', 'app.privacy_officer', 'app.system_admin', 'app.director_of', 'app.school_admin_of', 'app.schools']) s;
  return names;
end
$$;
select is(pg_temp.named(who), split_part(pg_temp.seen(who), ' ', 1), format('the audit names to %s whom %s sees', who, who))
from unnest(string_to_array('T C D S P V A', ' ')) who;
select is((select count(*) from app.visible_names(array(select subject_key from person))), 0::bigint, 'and to nobody nobody');

-- Groups of the next school year
insert into school_group (id, school_id, school_year, name)
select gen_random_uuid(), pg_temp.school(1), year, name
from (values (2026, '6'), (2026, '7'), (2027, '7'), (2027, '8'), (2025, '4')) v (year, name);
create function pg_temp.rolls(who text, school integer, number integer default 5) returns text language sql as $$
  select pg_temp.given(
    who,
    format(
      'select app.roll_over_groups(%L, 2026, array(select gen_random_uuid() from generate_series(1, %s)))',
      pg_temp.school(school), number),
    format(
      'select from school_group where school_id = %L and school_year = 2027 order by name', pg_temp.school(school)))
$$;
select is(pg_temp.rolls(who, school), outcome, format('%s giving school %s its next groups: %s', who, school, outcome))
from (values
  ('S', 1, '4'), ('S', 2, 'BE403'), ('S', 9, 'BE404'), ('D', 1, 'BE403'), ('T', 1, 'BE403'), ('P', 1, 'BE403'),
  ('A', 1, 'BE403'), ('V', 1, 'BE403'), ('C', 1, 'BE403')) v (who, school, outcome);
select is(pg_temp.rolls('S', 1, 2), '4', 'an id for each new group is enough');
select is(pg_temp.rolls('S', 1, 1), '23502', 'and fewer are refused');
create function pg_temp.rolling(made integer) returns text language sql as $$
  select format(
    'select from (select app.roll_over_groups(%L, 2026, array(select gen_random_uuid() from generate_series(1, 5))) as made offset 0) r where made = %s',
    pg_temp.school(1), made)
$$;
select is(pg_temp.given('S', pg_temp.rolling(2)), '1', 'it says how many groups are new');
select is(pg_temp.given('S', pg_temp.rolling(2), pg_temp.rolling(0)), '1', 'and twice is once');

select * from finish();
rollback;
