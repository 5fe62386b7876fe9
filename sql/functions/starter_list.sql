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
    return row_to_json(row('[]', null)::list_page);
  end if;
  if starter_list.q is not null then
    found_people := array(select app.people_called(starter_list.q));
  end if;
  return (
    select row_to_json(row(
      coalesce(json_agg(i.item order by i.number) filter (where i.number <= page_limit), '[]'),
      case
        when count(*) > page_limit then (array_agg(app.cursor(i.window_until::text, i.person_id::text)) filter (where i.number = page_limit))[1]
      end)::list_page)
    from (
      select
        l.number,
        l.window_until,
        l.person_id,
        row_to_json(row(
          row(p.id, p.name)::named_person,
          row(c.id, c.code, c.name)::named_school,
          l.coverage,
          l.urgency,
          l.employment,
          row(l.window_from, l.window_until, l.days_left)::starter_window,
          l.data_incomplete)::starter_item) as item
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
    select row_to_json(r)
    from (
      select
        s.coverage,
        s.urgency,
        s.employment,
        row(s.window_from, s.window_until, s.days_left)::starter_window as "window",
        s.data_incomplete
      from app.starter_calculation(today) s
      where s.person_id = me
    ) r);
end
$$;
comment on function app.my_starter_status() is
  'One''s own starter status of today, for /v1/me; null for who never was a teacher here.';

grant execute on function
  app.starter_list(date, text, text, text, text, boolean, text, integer, date, uuid),
  app.my_starter_status()
to beeld_app;
