-- Import of absences: leave as the board's or a school's personnel system has it.

create or replace function app.import_absences_begin()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  drop table if exists pg_temp.incoming_absence, pg_temp.import_absence, pg_temp.import_absence_known;
  create temporary table incoming_absence (
    line integer not null,
    id uuid not null,
    person_number text not null,
    category text not null,
    from_date date not null,
    until_date date
  ) on commit drop;
end
$$;
comment on function app.import_absences_begin() is 'Makes the table that a file of absences is copied into; id is used where the absence is new.';

create or replace function app.import_absences_check(of_schools uuid[], exclusive boolean)
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  if exclusive then
    perform app.import_hold('absence');
  end if;
  perform app.import_follow_merges('incoming_absence');
  analyze pg_temp.incoming_absence;

  drop table if exists pg_temp.import_absence, pg_temp.import_absence_known;
  create temporary table import_absence on commit drop as
  select
    i.line,
    coalesce(a.id, i.id) as id,
    a.id is null as is_new,
    r.person_id,
    i.person_number,
    i.category,
    i.from_date,
    i.until_date,
    a.until_date as old_until,
    a.id is not null and a.until_date is distinct from i.until_date as until_changes
  from pg_temp.incoming_absence i
  left join registration r
    on r.person_number = i.person_number
    and (of_schools is null or r.person_id in (select app.import_staff_of(of_schools)))
  left join absence a on a.person_id = r.person_id and a.category = i.category and a.from_date = i.from_date;
  analyze pg_temp.import_absence;

  insert into pg_temp.import_fault (line, column_name, code, value)
  select i.line, 'person_number', 'unknown_person', i.person_number
  from pg_temp.import_absence i
  where i.person_id is null;

  create temporary table import_absence_known on commit drop as
  select k.person_id, k.category, k.from_date, k.until_date
  from absence k
  where k.person_id in (select i.person_id from pg_temp.import_absence i)
    and not exists (select from pg_temp.import_absence i where i.id = k.id);

  -- The absences as they would be: those of the file, and those of its people that it does not mention.
  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select
    coalesce(d.line, d.earlier_line),
    'from',
    case when d.from_date = d.earlier_from then 'doubled' else 'absence_overlap' end,
    d.from_date::text,
    array[coalesce(case when d.line is not null then d.earlier_line end, 0)::text, d.earlier_from::text]
  from (
    select
      t.line,
      t.from_date,
      lag(t.line) over run as earlier_line,
      lag(t.from_date) over run as earlier_from,
      max(coalesce(t.until_date, date '9999-12-31')) over (run rows between unbounded preceding and 1 preceding) as earlier_until
    from (
      select i.line, i.person_id, i.category, i.from_date, i.until_date
      from pg_temp.import_absence i
      where i.person_id is not null
      union all
      select null, k.person_id, k.category, k.from_date, k.until_date
      from pg_temp.import_absence_known k
    ) t
    window run as (partition by t.person_id, t.category order by t.from_date, t.line)
  ) d
  where d.earlier_until > d.from_date;
end
$$;
comment on function app.import_absences_check(uuid[], boolean) is
  'The difference a file of absences would make: one is known by person, category and first day. Faults: a person who is not there (with of_schools: who neither works at one of these schools nor is about to, which is told in the same words), and two absences of one category on the same day, be they in the file or known before. An argument 0 stands for one known before.';

create or replace function app.import_staff_of(schools uuid[])
  returns setof uuid
  language sql stable
as $$
  select e.person_id
  from beeld.employment e
  where e.school_id = any (schools)
    and (e.until_date is null or e.until_date > (select app.today()))
$$;
comment on function app.import_staff_of(uuid[]) is 'People who work at these schools, or are about to: as app.my_staff says it of the one who asks.';

create or replace function app.import_absences_counts()
  returns table (object text, act text, number bigint)
  language plpgsql
as $$
begin
  return query
    select 'absence', case when i.is_new then 'new' when i.until_changes then 'changed' else 'unchanged' end as what, count(*)
    from pg_temp.import_absence i
    where i.person_id is not null
    group by what;
end
$$;
comment on function app.import_absences_counts() is 'How many absences the import would add, change and leave as they are.';

create or replace function app.import_absences_changes(maximum integer)
  returns table (line integer, object text, key text, act text, field text, old_value text, new_value text)
  language plpgsql
as $$
begin
  return query
    select
      i.line, 'absence', concat_ws(' ', i.person_number, i.category, i.from_date),
      case when i.is_new then 'new' else 'changed' end, case when i.until_changes then 'until' end,
      i.old_until::text, i.until_date::text
    from pg_temp.import_absence i
    where i.person_id is not null
      and (i.is_new or i.until_changes)
    order by i.is_new, i.line
    limit maximum;
end
$$;
comment on function app.import_absences_changes(integer) is
  'The difference in words of the schema: one row for each end that changes, then one for each new absence (with its end).';

create or replace function app.import_absences_apply()
  returns void
  language plpgsql
as $$
begin
  -- Before the new ones: an absence often ends on the day that another begins.
  update absence a
  set
    until_date = i.until_date,
    version = a.version + 1
  from pg_temp.import_absence i
  where i.until_changes
    and a.id = i.id;

  insert into absence (id, person_id, category, from_date, until_date)
  select i.id, i.person_id, i.category, i.from_date, i.until_date
  from pg_temp.import_absence i
  where i.is_new
  order by i.line;
end
$$;
comment on function app.import_absences_apply() is
  'Makes the difference so. Nothing ends by being missing from the file: it may be of one school, or of one month.';

grant execute on function
  app.import_absences_begin(), app.import_absences_check(uuid[], boolean), app.import_staff_of(uuid[]),
  app.import_absences_counts(), app.import_absences_changes(integer), app.import_absences_apply()
  to beeld_jobs;
