-- What a change of the rules would do, before it is made.

create or replace function app.dry_run_statuses(as_of date)
  returns setof beeld.starter_status
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
  rows 1000
as $$
begin
  if app.is_set('adviser') and app.me() is not null then
    return query
    select s.*
    from app.starters_at(as_of, null) s;
  end if;
end
$$;
comment on function app.dry_run_statuses(date) is
  'Part of app.dry_run_policy: the status of every teacher on a day, by the rules that are there at this moment of the transaction; for the adviser alone.';

create or replace function app.dry_run_policy(
  draft json, page_limit integer default 50, after_until date default null, after_person uuid default null)
  returns json
  language plpgsql
as $$
declare
  day constant date := draft ->> 'valid_from';
  columns constant text := (
    select string_agg(quote_ident(k.name), ', ')
    from json_object_keys(draft) k(name));
  changed beeld.starter_status[];
begin
  -- The rules are entered as any new version is, by the same rights and checks, the starters are judged under them, and
  -- all of it is undone: what a block did goes with its exception, what it put into variables stays. To give the
  -- calculation its rules as a parameter would have made the plans of every other use worse.
  begin
    execute format(
      'insert into beeld.policy (version, decided_by, %1$s)
      select app.next_policy_version(), app.me(), %1$s
      from json_populate_record(null::beeld.policy, $1)', columns)
    using draft;
    changed := array(select s from app.dry_run_statuses(day) s);
    raise exception 'tried, and not meant' using errcode = 'BE200';
  exception when sqlstate 'BE200' then
    null;
  end;

  return (
    with pair as materialized (
      select b as before, a as after
      from app.dry_run_statuses(day) b
      join unnest(changed) a on a.person_id = b.person_id
    ),
    difference as materialized (
      select
        p.*,
        (p.after).person_id as person_id,
        (p.after).window_until as window_until
      from pair p
      where ((p.before).coverage, (p.before).urgency, (p.before).employment, (p.before).window_until)
        is distinct from ((p.after).coverage, (p.after).urgency, (p.after).employment, (p.after).window_until)
        and ((p.before).coverage, (p.after).coverage) <> ('out_of_scope', 'out_of_scope')
    ),
    page as (
      select
        d.*,
        row_number() over (order by d.window_until, d.person_id) as number
      from difference d
      where after_person is null
        or (coalesce(d.window_until, 'infinity'), d.person_id) > (coalesce(after_until, 'infinity'), after_person)
      order by
        d.window_until,
        d.person_id
      limit page_limit + 1
    )
    select row_to_json(r)
    from (
      select
        day as as_of,
        (
          select p.version
          from app.policy_on(day) p
        ) as policy_version,
        (
          select count(*)
          from difference d
        ) as changed,
        (
          select row_to_json(app.coverage_figures(
            1, (p.before).coverage, (p.before).urgency, (p.before).employment, (p.before).data_incomplete <> '{}',
            app.ended_this_year((p.before).window_until, day)))
          from pair p
        ) as before,
        (
          select row_to_json(app.coverage_figures(
            1, (p.after).coverage, (p.after).urgency, (p.after).employment, (p.after).data_incomplete <> '{}',
            app.ended_this_year((p.after).window_until, day)))
          from pair p
        ) as after,
        (
          select coalesce(json_agg(row_to_json(i) order by g.number), '[]')
          from page g
          cross join lateral (
            select
              row(n.id, n.name)::beeld.named_person as person,
              row(c.id, c.code, c.name)::beeld.named_school as school,
              app.dry_run_status(g.before) as before,
              app.dry_run_status(g.after) as after
            from beeld.person n
            join beeld.school c on c.id = (g.after).school_id
            where n.id = g.person_id
          ) i
          where g.number <= page_limit
        ) as items,
        (
          select case
            when count(*) > page_limit
              then (array_agg(app.cursor(g.window_until::text, g.person_id::text)) filter (where g.number = page_limit))[1]
          end
          from page g
        ) as next
    ) r);
end
$$;
comment on function app.dry_run_policy(json, integer, date, uuid) is
  'POST /v1/policies/dry-run: what a changed version of the rules (the columns of policy that its form has) would change. Judged is the first day on which it would be in force, by the rules that would be in force without it and by it: figures of both, and page by page each starter whose coverage, urgency, place on the employment axis or deadline is another; the earliest changed deadline first. Nothing is stored. Refuses what entering the version would refuse, and whoever may not.';

create or replace function app.dry_run_status(s beeld.starter_status)
  returns json
  language sql stable
as $$
  select row_to_json(t)
  from (
    select
      s.coverage,
      s.urgency,
      s.employment,
      row(s.window_from, s.window_until, s.days_left)::beeld.starter_window as "window"
  ) t
$$;
comment on function app.dry_run_status(beeld.starter_status) is 'Part of app.dry_run_policy: a status as it is shown there.';

grant execute on function
  app.dry_run_statuses(date), app.dry_run_policy(json, integer, date, uuid), app.dry_run_status(beeld.starter_status)
  to beeld_app;
