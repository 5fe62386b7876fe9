-- The coverage report: who of the starters has been filmed and has talked it over, whose deadline nears, and whose passed.

insert into report (key, columns, board, counts, schools)
values (
  'coverage',
  '{coverage,urgency,employment,window_from,window_until,days_left,covered_on,cohort,data_incomplete}',
  '{adviser}', '{}', '{director}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

drop function if exists app.report_coverage_columns();
drop function if exists app.report_coverage(date);
create function app.report_coverage(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by s.person_id),
    s.person_id,
    s.person_id,
    s.school_id,
    case
      when s.employment not in ('active', 'paused') then null
      when s.urgency = 'overdue' then 2
      when s.urgency = 'at_risk' then 1
    end::smallint,
    concat(
      s.coverage, e'\t', s.urgency, e'\t', s.employment, e'\t', s.window_from, e'\t', s.window_until, e'\t',
      s.days_left, e'\t', s.covered_on, e'\t', s.cohort, e'\t', array_to_string(s.data_incomplete, ' '))
  from app.starter_calculation(as_of) s
  where s.coverage <> 'out_of_scope'
$$;
comment on function app.report_coverage(date) is
  'The coverage report: every starter in scope, in the order in which the calculation meets them, by id; also who is yet to begin or has left, though figures count neither. An exception: of whom figures count, whose deadline is at risk, and, serious, whose has passed.';

create or replace function app.report_coverage_lines(run uuid)
  returns table (kind text, school_id uuid, school_code text, school_name text, cohort integer, figures beeld.coverage_figures)
  language sql stable
as $$
  with place as (
    select
      r.as_of,
      array_position(r.columns, 'coverage') as coverage,
      array_position(r.columns, 'urgency') as urgency,
      array_position(r.columns, 'employment') as employment,
      array_position(r.columns, 'window_until') as window_until,
      array_position(r.columns, 'cohort') as cohort,
      array_position(r.columns, 'data_incomplete') as data_incomplete
    from beeld.report_run r
    where r.id = run
      and r.report = 'coverage'
      and r.state = 'succeeded'
  ),
  counted as materialized (
    select
      x.school_id,
      x.cells[p.cohort]::integer as cohort,
      x.cells[p.coverage] as coverage,
      x.cells[p.urgency] as urgency,
      x.cells[p.employment] as employment,
      x.cells[p.data_incomplete] is not null as data_incomplete,
      app.ended_this_year(x.cells[p.window_until]::date, p.as_of) as ended,
      count(*) as people
    from (
      select r.school_id, string_to_array(r.cells, e'\t', '') as cells
      from beeld.report_row r
      where r.run_id = run
      offset 0
    ) x
    cross join place p
    group by 1, 2, 3, 4, 5, 6, 7
  )
  select 'total', null::uuid, null::text, null::text, null::integer, t.figures
  from (
    select app.coverage_figures(c.people, c.coverage, c.urgency, c.employment, c.data_incomplete, c.ended) as figures
    from counted c
    having exists (select from place)
  ) t
  union all
  (
    select 'school', t.school_id, s.code, s.name::text, null, t.figures
    from (
      select
        c.school_id,
        app.coverage_figures(c.people, c.coverage, c.urgency, c.employment, c.data_incomplete, c.ended) as figures
      from counted c
      group by c.school_id
    ) t
    left join beeld.school s on s.id = t.school_id
    where (t.figures).starters > 0
    order by s.code
  )
  union all
  (
    select 'cohort', null, null, null, t.cohort, t.figures
    from (
      select
        c.cohort,
        app.coverage_figures(c.people, c.coverage, c.urgency, c.employment, c.data_incomplete, c.ended) as figures
      from counted c
      group by c.cohort
    ) t
    where (t.figures).starters > 0
    order by t.cohort
  )
$$;
comment on function app.report_coverage_lines(uuid) is
  'The figures of a stored run, by the rule of GET /v1/coverage, from the rows that the caller may see: one line of kind total, then one for each school and each cohort where somebody counts. No line where there is no such run.';

create or replace function app.report_coverage_figures(run uuid)
  returns json
  language sql stable
as $$
  with line as materialized (
    select l.*
    from app.report_coverage_lines(run) l
  )
  select row_to_json(f)
  from (
    select
      r.as_of,
      r.policy_version,
      (
        select l.figures
        from line l
        where l.kind = 'total'
      ) as total,
      (
        select coalesce(json_agg(row_to_json(t)), '[]')
        from (
          select row(l.school_id, l.school_code, l.school_name)::beeld.named_school as school, (l.figures).*
          from line l
          where l.kind = 'school'
        ) t
      ) as schools,
      (
        select coalesce(json_agg(row_to_json(t)), '[]')
        from (
          select l.cohort, (l.figures).*
          from line l
          where l.kind = 'cohort'
        ) t
      ) as cohorts
    from beeld.report_run r
    where r.id = run
  ) f
$$;
comment on function app.report_coverage_figures(uuid) is
  'The figures of a stored run in the shape of GET /v1/coverage, by school and by cohort, from the rows that the caller may see.';

grant execute on function app.report_coverage(date) to beeld_jobs;
grant execute on function app.report_coverage_lines(uuid), app.report_coverage_figures(uuid) to beeld_app, beeld_jobs;
