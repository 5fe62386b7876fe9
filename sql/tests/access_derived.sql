-- What identify looks up is derived from role assignments and registrations by triggers. Whatever is done to those, it
-- must be what one would find by looking through them on the day.
begin;
set local search_path = beeld, app, public, pg_catalog;
set local jit = off;
select no_plan();

insert into school (id, code, name, board_number)
select format('0193b6a0-0001-7000-8000-00000000000%s', n)::uuid, format('0%sAA00', n), 'School', '12345'
from generate_series(1, 3) n;
insert into person (id, name)
select format('0193b6a0-0002-7000-8000-00000000000%s', n)::uuid, 'Person'
from generate_series(1, 4) n;
insert into registration (person_id, person_number)
select id, right(id::text, 1)
from person;

-- Every day on which anything may begin or end, and some before and after.
create temporary table judged_day on commit drop as
select d::date as day
from generate_series(timestamp '2019-12-30', timestamp '2020-04-25', interval '1 day') d;
analyze judged_day;

create temporary view by_looking as
select
  r.person_id, d.day, p.subject_key, r.disabled_at,
  coalesce(bool_or(a.role = 'coach'), false) as coach,
  coalesce(bool_or(a.role = 'adviser'), false) as adviser,
  coalesce(bool_or(a.role = 'privacy_officer'), false) as privacy_officer,
  coalesce(bool_or(a.role = 'system_admin'), false) as system_admin,
  array(
    select x.school_id from role_assignment x
    where x.person_id = r.person_id and x.role = 'director' and x.from_date <= d.day and coalesce(x.until_date > d.day, true)
    order by 1) as director_of,
  array(
    select x.school_id from role_assignment x
    where x.person_id = r.person_id and x.role = 'school_admin' and x.from_date <= d.day and coalesce(x.until_date > d.day, true)
    order by 1) as school_admin_of,
  array(
    select distinct x.school_id from role_assignment x
    where x.person_id = r.person_id and x.school_id is not null and x.from_date <= d.day and coalesce(x.until_date > d.day, true)
    order by 1) as schools
from registration r
join person p on p.id = r.person_id
cross join judged_day d
left join role_assignment a on a.person_id = r.person_id
  and a.from_date <= d.day
  and (a.until_date is null or a.until_date > d.day)
group by r.person_id, d.day, p.subject_key, r.disabled_at;

create temporary view looked_up as
select
  a.person_id, d.day, a.subject_key, a.disabled_at, a.coach, a.adviser, a.privacy_officer, a.system_admin,
  coalesce(a.director_of, '{}') as director_of,
  coalesce(a.school_admin_of, '{}') as school_admin_of,
  array(select x from unnest(a.schools) x order by 1) as schools
from judged_day d
join access a on a.from_date <= d.day
  and a.until_date > d.day;

create function pg_temp.differences() returns bigint language sql as $$
  select count(*)
  from (
    (table pg_temp.by_looking except all table pg_temp.looked_up)
    union all
    (table pg_temp.looked_up except all table pg_temp.by_looking)
  ) d
$$;

create function pg_temp.several() returns bigint language sql as $$
  select count(*)
  from access
  where schools is not null
    and (coach or adviser or privacy_officer or system_admin)
$$;

-- One random act on roles and registrations; what the constraints refuse is no act.
create function pg_temp.act() returns text language plpgsql as $$
declare
  kind constant integer := floor(random() * 8);
  someone constant uuid := (select id from person order by random() limit 1);
  start constant date := date '2020-01-01' + floor(random() * 60)::integer;
  school constant uuid := (select id from school order by random() limit 1);
begin
  case
    when kind <= 2 then
      insert into role_assignment (id, person_id, role, school_id, from_date, until_date)
      select gen_random_uuid(), someone, r.role, case when r.role in ('director', 'school_admin') then school end, start,
        case when random() < 0.7 then start + 1 + floor(random() * 20)::integer end
      from (
        select role
        from unnest(array['coach', 'director', 'school_admin', 'adviser', 'privacy_officer', 'system_admin']) role
        order by random()
        limit 1 + floor(random() * 3)) r;
    when kind = 3 then
      update role_assignment set until_date = from_date + 1 + floor(random() * 30)::integer where random() < 0.3;
    when kind = 4 then
      update role_assignment set person_id = someone where id = (select id from role_assignment order by random() limit 1);
    when kind = 5 then
      delete from role_assignment where random() < 0.2;
    when kind = 6 then
      update registration set disabled_at = case when random() < 0.5 then now() end where random() < 0.5;
    else
      if random() < 0.5 then
        delete from registration where person_id = someone;
      else
        insert into registration (person_id, person_number)
        select id, right(id::text, 1)
        from person p
        where not exists (select from registration r where r.person_id = p.id);
      end if;
  end case;
  return null;
exception when exclusion_violation then
  return 'refused';
end
$$;

select setseed(0.2026);
create temporary table trial on commit drop as
select
  pg_temp.act() as refused,
  pg_temp.differences() as differences,
  pg_temp.several() as several
from generate_series(1, 150);
select is(
  (select sum(differences) from trial), 0::numeric,
  'after each of a hundred and fifty random acts, access is what the assignments say');
select cmp_ok((select count(*) from trial where refused is null), '>', 50::bigint, 'most acts were done');
select cmp_ok((select max(several) from trial), '>', 0::bigint, 'and there were people with several roles among them');

delete from person where id = '0193b6a0-0002-7000-8000-000000000001';
select is_empty(
  $$ select from access where person_id = '0193b6a0-0002-7000-8000-000000000001' $$,
  'who is erased has no access');
select is(pg_temp.differences(), 0::bigint, 'and everybody else''s is untouched');

select * from finish();
rollback;
