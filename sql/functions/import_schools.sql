-- Import of schools: the register of locations as DUO publishes it.

create or replace function app.import_schools_begin()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  drop table if exists pg_temp.incoming_school, pg_temp.import_school;
  create temporary table incoming_school (
    line integer not null,
    id uuid not null,
    code text not null,
    name text not null,
    board_number text not null,
    street text,
    house_number text,
    postal_code text,
    city text,
    municipality text,
    denomination text,
    phone text,
    website text
  ) on commit drop;
end
$$;
comment on function app.import_schools_begin() is 'Makes the table that a file of schools is copied into; id is used where the location is new.';

create or replace function app.import_schools_check(of_date date, board text, complete boolean, exclusive boolean)
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
declare
  -- A file says which locations exist on its date, nothing of the time after it.
  day constant date := coalesce(of_date, app.today());
begin
  if exclusive then
    perform app.import_hold('school');
  end if;
  update pg_temp.incoming_school
  set name = normalize(name, nfc)
  where name is not nfc normalized;
  analyze pg_temp.incoming_school;

  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select d.line, 'code', 'doubled', d.code, array[d.first_line::text]
  from (
    select i.line, i.code, min(i.line) over (partition by i.code) as first_line
    from pg_temp.incoming_school i
  ) d
  where d.line > d.first_line;

  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select i.line, 'name', 'too_long', i.name, array['200']
  from pg_temp.incoming_school i
  where char_length(i.name) > 200;

  if board is not null and not exists (select from pg_temp.incoming_school i where i.board_number = board) then
    insert into pg_temp.import_fault (line, column_name, code, value)
    values (1, 'board_number', 'unknown_board', board);
  end if;

  drop table if exists pg_temp.import_school;
  create temporary table import_school on commit drop as
  select
    i.line,
    coalesce(s.id, i.id) as id,
    coalesce(s.code, i.code) as code,
    case
      when s.id is null then 'new'
      when i.line is null then 'closed'
      when s.open_until <= day then 'reopened'
      when (s.name::text, s.board_number, s.street, s.house_number, s.postal_code, s.city, s.municipality, s.denomination, s.phone, s.website)
        is distinct from (i.name, i.board_number, i.street, i.house_number, i.postal_code, i.city, i.municipality, i.denomination, i.phone, i.website)
        then 'changed'
      else 'unchanged'
    end as act,
    day as of_date
  from pg_temp.incoming_school i
  full join school s on s.code = i.code
  where
    case
      when i.line is null then
        complete
        and (board is null or s.board_number = board)
        and (s.open_until is null or s.open_until > day)
        and (s.open_from is null or s.open_from < day)
      else board is null or i.board_number = board or s.board_number = board
    end;
  analyze pg_temp.import_school;
end
$$;
comment on function app.import_schools_check(date, text, boolean, boolean) is
  'Faults of a file of schools that only the whole file can tell, and the difference it would make on its date. In scope is what belongs to the board by the file or by the database (null: every board). A location that is in scope and gone from a complete file is closed from the file''s date; one that was closed by then and is in the file again is open again.';

create or replace function app.import_schools_counts()
  returns table (object text, act text, number bigint)
  language plpgsql
as $$
begin
  return query
    select 'school', c.act, count(*)
    from pg_temp.import_school c
    group by c.act;
end
$$;
comment on function app.import_schools_counts() is 'How many schools the import would add, change, close, reopen and leave as they are.';

create or replace function app.import_schools_changes(maximum integer)
  returns table (line integer, object text, key text, act text, field text, old_value text, new_value text)
  language plpgsql
as $$
begin
  return query
    select c.line, 'school', c.code, c.act, f.field, f.old_value, f.new_value
    from pg_temp.import_school c
    left join pg_temp.incoming_school i on i.line = c.line
    left join school s on s.id = c.id
    cross join lateral (
      values
        (0, null, null, i.name),
        (1, 'open_until', s.open_until::text, case c.act when 'closed' then c.of_date::text end),
        (2, 'name', s.name::text, i.name),
        (3, 'board_number', s.board_number, i.board_number),
        (4, 'street', s.street, i.street),
        (5, 'house_number', s.house_number, i.house_number),
        (6, 'postal_code', s.postal_code, i.postal_code),
        (7, 'city', s.city, i.city),
        (8, 'municipality', s.municipality, i.municipality),
        (9, 'denomination', s.denomination, i.denomination),
        (10, 'phone', s.phone, i.phone),
        (11, 'website', s.website, i.website)
    ) as f(place, field, old_value, new_value)
    where c.act <> 'unchanged'
      and case
        when c.act = 'new' then f.place = 0
        when c.act = 'closed' then f.place = 1
        else f.place > case c.act when 'reopened' then 0 else 1 end and f.old_value is distinct from f.new_value
      end
    order by array_position(array['closed', 'reopened', 'changed', 'new'], c.act), c.code, f.place
    limit maximum;
end
$$;
comment on function app.import_schools_changes(integer) is
  'The difference in words of the schema: one row for each new school (field null, its name as new value) and for each field of another that changes.';

create or replace function app.import_schools_apply()
  returns void
  language plpgsql
as $$
begin
  insert into school (
    id, code, name, board_number, street, house_number, postal_code, city, municipality, denomination, phone, website)
  select
    i.id, i.code, i.name, i.board_number, i.street, i.house_number, i.postal_code, i.city, i.municipality, i.denomination, i.phone, i.website
  from pg_temp.import_school c
  join pg_temp.incoming_school i on i.line = c.line
  where c.act = 'new';

  update school s
  set
    name = i.name,
    board_number = i.board_number,
    street = i.street,
    house_number = i.house_number,
    postal_code = i.postal_code,
    city = i.city,
    municipality = i.municipality,
    denomination = i.denomination,
    phone = i.phone,
    website = i.website,
    open_until = case c.act when 'changed' then s.open_until end,
    version = s.version + 1
  from pg_temp.import_school c
  join pg_temp.incoming_school i on i.line = c.line
  where c.act in ('changed', 'reopened')
    and s.id = c.id;

  update school s
  set
    open_until = c.of_date,
    version = s.version + 1
  from pg_temp.import_school c
  where c.act = 'closed'
    and s.id = c.id;
end
$$;
comment on function app.import_schools_apply() is 'Makes the difference so. A location is closed, never deleted; a renamed or transferred one keeps its id.';

grant execute on function
  app.import_schools_begin(), app.import_schools_check(date, text, boolean, boolean), app.import_schools_counts(),
  app.import_schools_changes(integer), app.import_schools_apply()
  to beeld_jobs;
