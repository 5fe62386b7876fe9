create or replace function app.starter_list(
  as_of date,
  school text default null,
  coverage text default null,
  urgency text default null,
  employment text default null,
  data_incomplete boolean default null,
  q text default null,
  page_limit integer default 50,
  after_until date default null,
  after_person uuid default null)
  returns json
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
as $$
#variable_conflict use_column
declare
  day constant date := coalesce(as_of, app.today());
  school_wanted constant uuid := (select c.id from school c where c.code = starter_list.school);
  found_people uuid[];
begin
  if app.me() is null or (starter_list.school is not null and school_wanted is null) then
    return json_build_object('items', json_build_array(), 'next', null);
  end if;
  if starter_list.q is not null then
    found_people := array(select app.people_called(starter_list.q));
  end if;
  return (
    select json_build_object(
      'items', coalesce(json_agg(i.item order by i.number) filter (where i.number <= page_limit), '[]'),
      'next', case
        when count(*) > page_limit then (array_agg(app.cursor(i.window_until::text, i.person_id::text)) filter (where i.number = page_limit))[1]
      end)
    from (
      select
        l.number,
        l.window_until,
        l.person_id,
        json_build_object(
          'person', json_build_object('id', p.id, 'name', p.name),
          'school', json_build_object('id', c.id, 'code', c.code, 'name', c.name),
          'coverage', l.coverage,
          'urgency', l.urgency,
          'employment', l.employment,
          'window', json_build_object('from', l.window_from, 'until', l.window_until, 'days_left', l.days_left),
          'data_incomplete', l.data_incomplete) as item
      from (
        select
          s.*,
          row_number() over (order by s.window_until, s.person_id) as number
        from app.visible_starters(day, school_wanted, found_people) s
        where (s.coverage <> 'out_of_scope' or starter_list.coverage = 'out_of_scope')
          and (starter_list.coverage is null or s.coverage = starter_list.coverage)
          and (starter_list.urgency is null or s.urgency = starter_list.urgency)
          and (starter_list.employment is null or s.employment = starter_list.employment)
          and (starter_list.data_incomplete is null or (s.data_incomplete <> '{}') = starter_list.data_incomplete)
          and (
            after_person is null
            or (coalesce(s.window_until, 'infinity'), s.person_id) > (coalesce(after_until, 'infinity'), after_person))
        order by
          s.window_until,
          s.person_id
        limit page_limit + 1
      ) l
      join person p on p.id = l.person_id
      join school c on c.id = l.school_id
    ) i);
end
$$;
comment on function app.starter_list(date, text, text, text, text, boolean, text, integer, date, uuid) is
  'GET /v1/starters: who must be recorded first, those without a known deadline last. Filters narrow what the identity may see anyway; out of scope only when asked for.';

create or replace function app.people_called(part text)
  returns setof uuid
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
  rows 50
as $$
begin
  return query
  select p.id
  from person p
  where position(lower(part) in lower(p.name)) > 0;
  if current_setting('app.adviser', true) = 'on' or app.my_schools() is not null then
    return query
    select r.person_id
    from registration r
    where lower(r.person_number) = lower(part);
  end if;
end
$$;
comment on function app.people_called(text) is
  'People whose name holds this, and, for those who may read registrations, the one with this person number. Applies no visibility of its own.';

create or replace function app.my_starter_status()
  returns json
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  today constant date := app.today();
begin
  return (
    select json_build_object(
      'coverage', s.coverage,
      'urgency', s.urgency,
      'employment', s.employment,
      'window', json_build_object('from', s.window_from, 'until', s.window_until, 'days_left', s.days_left),
      'data_incomplete', s.data_incomplete)
    from app.starter_calculation(today) s
    where s.person_id = me);
end
$$;
comment on function app.my_starter_status() is
  'One''s own starter status of today, for /v1/me; null for who never was a teacher here.';

grant execute on function
  app.starter_list(date, text, text, text, text, boolean, text, integer, date, uuid),
  app.my_starter_status()
to beeld_app;
