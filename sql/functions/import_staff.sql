-- Import of staff: people and their employments as the board's personnel system has them.

create or replace function app.import_staff_begin()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  drop table if exists pg_temp.incoming_staff;
  create temporary table incoming_staff (
    line integer not null,
    employment_id uuid not null,
    person_id uuid not null,
    person_number text not null,
    name text not null,
    email text,
    school_code text not null,
    job text not null,
    fte numeric(5, 4) not null,
    from_date date not null,
    until_date date,
    teaching_since date
  ) on commit drop;
end
$$;
comment on function app.import_staff_begin() is
  'Makes the table that a file of staff is copied into; employment_id and person_id are used where these are new.';

create or replace function app.import_staff_check(exclusive boolean)
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  if exclusive then
    perform app.import_hold('person', 'registration', 'employment');
  end if;
  update pg_temp.incoming_staff
  set name = normalize(name, nfc)
  where name is not nfc normalized;
  perform app.import_follow_merges('incoming_staff');
  analyze pg_temp.incoming_staff;
  perform app.import_staff_compare();
  perform app.import_staff_check_people();
  perform app.import_staff_check_employments();
end
$$;
comment on function app.import_staff_check(boolean) is
  'The difference a file of staff would make, and the faults that only the whole file or the database can tell.';

create or replace function app.maker_of_import(out id uuid, out approves boolean)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  maker constant text := nullif(current_setting('app.subject_key', true), '');
begin
  approves := maker is null;
  if maker is not null then
    select a.person_id, a.adviser
    into id, approves
    from access a
    where a.subject_key = maker::uuid
      and app.is_open(a);
    approves := coalesce(approves, false);
  end if;
end
$$;
comment on function app.maker_of_import() is
  'Who makes the import of the transaction, as the audit names them, and whether they approve claims: an adviser does, and the operator, whose import is nobody''s (id is null).';
grant execute on function app.maker_of_import() to beeld_jobs;

create or replace function app.import_staff_compare()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
declare
  maker constant record := app.maker_of_import();
begin
  drop table if exists pg_temp.import_person, pg_temp.import_known, pg_temp.import_employment;
  create temporary table import_person on commit drop as
  select
    f.line,
    f.person_number,
    coalesce(r.person_id, i.person_id) as id,
    r.person_id is null as is_new,
    i.name,
    coalesce(f.email, r.email) as email,
    coalesce(f.teaching_since, r.teaching_since) as teaching_since,
    r.person_id is not null and p.name::text <> i.name as name_changes,
    r.person_id is not null and f.email is distinct from r.email and f.email is not null as email_changes,
    r.person_id is not null
      and f.teaching_since is not null
      and (f.teaching_since is distinct from r.teaching_since or r.teaching_since_approved_at is null and a.approves) as teaching_since_changes,
    a.approves,
    f.is_contradictory
  from (
    select
      s.person_number,
      min(s.line) as line,
      min(s.email collate "C") as email,
      min(s.teaching_since) as teaching_since,
      min(s.name collate "C") <> max(s.name collate "C")
        or coalesce(min(lower(s.email) collate "C") <> max(lower(s.email) collate "C"), false)
        or coalesce(min(s.teaching_since) <> max(s.teaching_since), false) as is_contradictory
    from pg_temp.incoming_staff s
    group by s.person_number
  ) f
  join pg_temp.incoming_staff i on i.line = f.line
  left join registration r on r.person_number = f.person_number
  left join person p on p.id = r.person_id
  -- Nobody approves their own claim, in a file of theirs no more than otherwise.
  cross join lateral (select maker.approves and coalesce(r.person_id, i.person_id) is distinct from maker.id as approves) a;
  analyze pg_temp.import_person;

  -- By themselves, with statistics of their own: right after a first import nobody knows those of employment yet, and
  -- the join below then took 30 s for 100,000 rows instead of 0.1.
  create temporary table import_known on commit drop as
  select k.*
  from pg_temp.import_person p
  join employment k on k.person_id = p.id
  where not p.is_new;
  analyze pg_temp.import_known;

  create temporary table import_employment on commit drop as
  select
    i.line,
    coalesce(e.id, i.employment_id) as id,
    e.id is null as is_new,
    p.id as person_id,
    p.is_new as person_is_new,
    s.id as school_id,
    i.job,
    i.fte,
    i.from_date,
    i.until_date,
    e.id is not null and e.fte <> i.fte as fte_changes,
    e.id is not null and e.until_date is distinct from i.until_date as until_changes
  from pg_temp.incoming_staff i
  join pg_temp.import_person p on p.person_number = i.person_number
  left join school s on s.code = i.school_code
  left join pg_temp.import_known e
    on e.person_id = p.id and e.school_id = s.id and e.job = i.job and e.from_date = i.from_date;
  analyze pg_temp.import_employment;
end
$$;
comment on function app.import_staff_compare() is
  'Sets the file beside the database: a person is known by person_number, an employment by person, school, job and first day. What the file leaves empty (email, teaching_since) stays as it is known. teaching_since counts as approved in the file of an adviser or the operator; the adviser''s own, and that in the file of anybody else, is a claim.';

create or replace function app.import_staff_check_people()
  returns void
  language plpgsql
as $$
begin
  -- Each row that says something else of a person than that person's first row to say anything.
  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select d.line, c.column_name, 'contradiction', c.value, array[c.first_value, d.first_line::text]
  from (
    select
      i.*,
      first_value(i.line) over person as first_line,
      first_value(i.name) over person as first_name,
      first_value(i.email) over (partition by i.person_number order by i.email is null, i.line) as first_email,
      first_value(i.teaching_since) over (partition by i.person_number order by i.teaching_since is null, i.line) as first_since
    from pg_temp.incoming_staff i
    join pg_temp.import_person p on p.person_number = i.person_number and p.is_contradictory
    window person as (partition by i.person_number order by i.line)
  ) d
  cross join lateral (
    values
      ('name', d.name, d.first_name),
      ('email', d.email, d.first_email),
      ('teaching_since', d.teaching_since::text, d.first_since::text)
  ) as c(column_name, value, first_value)
  where case c.column_name when 'email' then lower(c.value) <> lower(c.first_value) else c.value <> c.first_value end;

  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select p.line, 'name', 'too_long', p.name, array['200']
  from pg_temp.import_person p
  where char_length(p.name) > 200;

  -- The same address with two people of the file.
  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select d.line, 'email', 'email_taken', d.email, array[d.first_number]
  from (
    select
      p.line,
      p.email,
      p.person_number,
      -- Whoever has it already comes before those who would get it.
      first_value(p.person_number) over (
        partition by lower(p.email) order by p.is_new or p.email_changes, p.line) as first_number
    from pg_temp.import_person p
    where p.email is not null
  ) d
  where d.person_number <> d.first_number;

  -- An address that somebody has whom the file does not mention; of people in the file the last word is above.
  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select p.line, 'email', 'email_taken', p.email, array[r.person_number]
  from pg_temp.import_person p
  join registration r on lower(r.email) = lower(p.email)
  where (p.is_new or p.email_changes)
    and not exists (select from pg_temp.import_person o where o.id = r.person_id);
end
$$;
comment on function app.import_staff_check_people() is
  'Faults of people: rows of one person that contradict each other, an address at work that two people would have.';

create or replace function app.import_staff_check_employments()
  returns void
  language plpgsql
as $$
begin
  insert into pg_temp.import_fault (line, column_name, code, value)
  select i.line, 'school_code', 'unknown_school', i.school_code
  from pg_temp.import_employment e
  join pg_temp.incoming_staff i on i.line = e.line
  where e.school_id is null;

  -- The employments as they would be: those of the file, and those of its people that it does not mention.
  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select
    coalesce(d.line, d.earlier_line),
    'from',
    case when d.from_date = d.earlier_from then 'doubled' else 'overlap' end,
    d.from_date::text,
    array[coalesce(case when d.line is not null then d.earlier_line end, 0)::text, d.earlier_from::text]
  from (
    select
      t.line,
      t.from_date,
      t.until_date,
      lag(t.line) over run as earlier_line,
      lag(t.from_date) over run as earlier_from,
      max(coalesce(t.until_date, date '9999-12-31')) over (run rows between unbounded preceding and 1 preceding) as earlier_until
    from (
      select e.line, e.person_id, e.school_id, e.job, e.from_date, e.until_date
      from pg_temp.import_employment e
      where e.school_id is not null
      union all
      select null, k.person_id, k.school_id, k.job, k.from_date, k.until_date
      from pg_temp.import_known k
      left join pg_temp.import_employment e on e.id = k.id
      where e.id is null
    ) t
    window run as (partition by t.person_id, t.school_id, t.job order by t.from_date, t.line)
  ) d
  where d.earlier_until > d.from_date;
end
$$;
comment on function app.import_staff_check_employments() is
  'Faults of employments: a school that is not there, and two employments of one person in the same job at the same school on the same day, be they in the file or known before. An argument 0 stands for one known before.';

create or replace function app.import_staff_counts()
  returns table (object text, act text, number bigint)
  language plpgsql
as $$
begin
  return query
    select
      'person',
      case
        when p.is_new then 'new'
        when p.name_changes or p.email_changes or p.teaching_since_changes then 'changed'
        else 'unchanged'
      end as what,
      count(*)
    from pg_temp.import_person p
    group by what
    union all
    select
      'employment',
      case when e.is_new then 'new' when e.fte_changes or e.until_changes then 'changed' else 'unchanged' end as what,
      count(*)
    from pg_temp.import_employment e
    group by what;
end
$$;
comment on function app.import_staff_counts() is 'How many people and employments the import would add, change and leave as they are.';

create or replace function app.import_staff_changes(maximum integer)
  returns table (line integer, object text, key text, act text, field text, old_value text, new_value text)
  language plpgsql
as $$
begin
  return query
    (
      select p.line, 'person', p.person_number, 'changed', f.field, f.old_value, f.new_value
      from pg_temp.import_person p
      join person k on k.id = p.id
      join registration r on r.person_id = p.id
      cross join lateral (
        values
          ('name', p.name_changes, k.name::text, p.name),
          ('email', p.email_changes, r.email, p.email),
          ('teaching_since', p.teaching_since_changes, case when r.teaching_since_approved_at is not null or not p.approves then r.teaching_since::text end, p.teaching_since::text)
      ) as f(field, changes, old_value, new_value)
      where f.changes
      order by p.line
      limit maximum
    )
    union all
    (
      select e.line, 'employment', concat_ws(' ', i.person_number, i.school_code, i.job, i.from_date), 'changed', f.field, f.old_value, f.new_value
      from pg_temp.import_employment e
      join pg_temp.incoming_staff i on i.line = e.line
      join employment k on k.id = e.id
      cross join lateral (
        values
          ('fte', e.fte_changes, k.fte::text, e.fte::text),
          ('until', e.until_changes, k.until_date::text, e.until_date::text)
      ) as f(field, changes, old_value, new_value)
      where f.changes
      order by e.line
      limit maximum
    )
    union all
    (
      select p.line, 'person', p.person_number, 'new', null, null, p.name
      from pg_temp.import_person p
      where p.is_new
      order by p.line
      limit maximum
    )
    union all
    (
      select e.line, 'employment', concat_ws(' ', i.person_number, i.school_code, i.job, i.from_date), 'new', null, null, e.fte::text
      from pg_temp.import_employment e
      join pg_temp.incoming_staff i on i.line = e.line
      where e.is_new
      order by e.line
      limit maximum
    )
    limit maximum;
end
$$;
comment on function app.import_staff_changes(integer) is
  'The difference in words of the schema: one row for each field that changes, then one for each new person (with the name) and employment (with the fte).';

create or replace function app.import_staff_apply()
  returns void
  language plpgsql
as $$
begin
  insert into person (id, name)
  select p.id, p.name
  from pg_temp.import_person p
  where p.is_new
  order by p.line;

  update person k
  set
    name = p.name,
    version = k.version + 1
  from pg_temp.import_person p
  where p.name_changes
    and k.id = p.id;

  -- Two people may exchange addresses, which the unique index would refuse half-way: first let go of those that move.
  update registration r
  set email = null
  from pg_temp.import_person p
  where p.email_changes
    and r.person_id = p.id
    and exists (
      select
      from pg_temp.import_person o
      where o.id <> p.id
        and (o.is_new or o.email_changes)
        and lower(o.email) = lower(r.email));

  update registration r
  set
    email = p.email,
    teaching_since = p.teaching_since,
    teaching_since_approved_at = case when not p.teaching_since_changes then r.teaching_since_approved_at when p.approves then app.now() end,
    version = r.version + 1
  from pg_temp.import_person p
  where (p.email_changes or p.teaching_since_changes)
    and r.person_id = p.id;

  insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at)
  select p.id, p.person_number, p.email, p.teaching_since, case when p.teaching_since is not null and p.approves then app.now() end
  from pg_temp.import_person p
  where p.is_new
  order by p.line;

  -- Before the new ones: an employment often ends on the day that another begins.
  update employment k
  set
    fte = e.fte,
    until_date = e.until_date,
    version = k.version + 1
  from pg_temp.import_employment e
  where (e.fte_changes or e.until_changes)
    and k.id = e.id;

  insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
  select e.id, e.person_id, e.school_id, e.job, e.fte, e.from_date, e.until_date
  from pg_temp.import_employment e
  where e.is_new
  order by e.line;
end
$$;
comment on function app.import_staff_apply() is
  'Makes the difference so. Nothing ends by absence: a file of staff may be of one school, and an employment ends by its until.';

grant execute on function
  app.import_staff_begin(), app.import_staff_check(boolean), app.import_staff_compare(), app.import_staff_check_people(),
  app.import_staff_check_employments(), app.import_staff_counts(), app.import_staff_changes(integer), app.import_staff_apply()
  to beeld_jobs;
