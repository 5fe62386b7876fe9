-- The outlook: which deadlines will be met if nothing changes, by month and starter by starter.

insert into report (key, columns, board, counts, schools)
values (
  'outlook',
  '{outlook,window_until,days_left,coverage,employment,month,deadlines,in_hand,in_time,missed,places,recordings_needed}',
  '{adviser}', '{}', '{}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

create or replace function app.report_outlook(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by l.person_id nulls first, l.month),
    coalesce(l.person_id, md5('outlook ' || l.month)::uuid),
    l.person_id,
    l.school_id,
    case when l.outlook = 'missed' then 1 end::smallint,
    l.cells
  from (
    select
      null::uuid as person_id,
      null::uuid as school_id,
      m.month,
      'month' as outlook,
      concat(
        'month', e'\t\t\t\t\t', m.month, e'\t', m.deadlines, e'\t', m.in_hand, e'\t', m.in_time, e'\t', m.missed, e'\t',
        m.places, e'\t', m.recordings_needed) as cells
    from app.outlook_months(as_of) m
    union all
    select
      o.person_id,
      o.school_id,
      null,
      o.outlook,
      concat(
        o.outlook, e'\t', o.window_until, e'\t', o.days_left, e'\t', o.coverage, e'\t', o.employment, e'\t',
        date_trunc('month', o.window_until - 1)::date, e'\t\t\t\t\t\t')
    from app.outlook(as_of) o
  ) l
$$;
comment on function app.report_outlook(date) is
  'The report outlook: a row for each month to the last deadline, with its figures, and then one for each starter who is not covered yet, exempt, out of scope or gone, by id. An exception: who will be missed if nothing changes; whose deadline has passed already, the coverage report tells. The adviser''s, as the forecast is.';

create or replace function app.report_outlook_lines(run uuid)
  returns table (
    outlook text, month date, number bigint, deadlines integer, in_hand integer, in_time integer, missed integer,
    places integer, recordings_needed integer)
  language sql stable
as $$
  with place as (
    select
      array_position(r.columns, 'outlook') as outlook,
      array_position(r.columns, 'month') as month,
      array_position(r.columns, 'deadlines') as deadlines,
      array_position(r.columns, 'in_hand') as in_hand,
      array_position(r.columns, 'in_time') as in_time,
      array_position(r.columns, 'missed') as missed,
      array_position(r.columns, 'places') as places,
      array_position(r.columns, 'recordings_needed') as recordings_needed
    from beeld.report_run r
    where r.id = run
      and r.report = 'outlook'
      and r.state = 'succeeded'
  ),
  line as materialized (
    select string_to_array(r.cells, e'\t', '') as cells
    from beeld.report_row r
    where r.run_id = run
  )
  select
    l.cells[p.outlook],
    case when l.cells[p.outlook] = 'month' then l.cells[p.month]::date end as month,
    count(*),
    sum(l.cells[p.deadlines]::integer)::integer,
    sum(l.cells[p.in_hand]::integer)::integer,
    sum(l.cells[p.in_time]::integer)::integer,
    sum(l.cells[p.missed]::integer)::integer,
    sum(l.cells[p.places]::integer)::integer,
    sum(l.cells[p.recordings_needed]::integer)::integer
  from line l
  cross join place p
  group by 1, 2
  order by 2, 1
$$;
comment on function app.report_outlook_lines(uuid) is
  'The figures of a stored run of the outlook, from the rows that the caller may see: a line for each month, and then how many starters there are of each outlook.';

create or replace function app.report_outlook_figures(run uuid)
  returns json
  language sql stable
as $$
  with line as materialized (
    select l.*
    from app.report_outlook_lines(run) l
  )
  select row_to_json(f)
  from (
    select
      r.as_of,
      r.policy_version,
      (
        select row_to_json(t)
        from (
          select
            coalesce(sum(l.deadlines), 0) as deadlines,
            coalesce(sum(l.in_hand), 0) as in_hand,
            coalesce(sum(l.in_time), 0) as in_time,
            coalesce(sum(l.missed), 0) as missed,
            coalesce(sum(l.number) filter (where l.outlook = 'overdue'), 0) as overdue,
            coalesce(sum(l.number) filter (where l.outlook = 'no_deadline'), 0) as no_deadline,
            coalesce(sum(l.places), 0) as places,
            coalesce(max(l.recordings_needed), 0) as recordings_needed
          from line l
        ) t
      ) as total,
      (
        select coalesce(json_agg(row_to_json(m) order by m.month), '[]')
        from (
          select
            to_char(l.month, 'YYYY-MM') as month, l.deadlines, l.in_hand, l.in_time, l.missed, l.places, l.recordings_needed
          from line l
          where l.outlook = 'month'
        ) m
      ) as months
    from beeld.report_run r
    where r.id = run
  ) f
$$;
comment on function app.report_outlook_figures(uuid) is
  'The figures of a stored run of the outlook in the shape of GET /v1/coverage/forecast, without who they are.';

grant execute on function app.report_outlook(date) to beeld_jobs;
grant execute on function app.report_outlook_lines(uuid), app.report_outlook_figures(uuid) to beeld_app, beeld_jobs;
