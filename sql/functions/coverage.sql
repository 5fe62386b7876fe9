create or replace function app.school_year_start(day date)
  returns date
  language sql immutable parallel safe
as $$
  select make_date(extract(year from day)::integer - (extract(month from day) < 8)::integer, 8, 1)
$$;
comment on function app.school_year_start(date) is 'First day, 1 August, of the school year in which a day lies.';

create or replace function app.ended_this_year(window_until date, as_of date)
  returns boolean
  language sql immutable parallel safe
as $$
  select coalesce(window_until <= as_of and window_until >= app.school_year_start(as_of), false)
$$;
comment on function app.ended_this_year(date, date) is
  'Whether a window ended in the period that on_time_rate speaks of: the school year of as_of, up to as_of. A window ends on its until, so each is counted in one school year only, and never before it is overdue.';

create or replace function app.coverage_tally(
  tally bigint[], people bigint, coverage text, urgency text, employment text, data_incomplete boolean, ended boolean)
  returns bigint[]
  language plpgsql immutable parallel safe
as $$
begin
  if coverage = 'out_of_scope' or employment not in ('active', 'paused') then
    return tally;
  end if;
  return array[
    tally[1] + people,
    tally[2] + case when coverage = 'open' then people else 0 end,
    tally[3] + case when coverage = 'planned' then people else 0 end,
    tally[4] + case when coverage = 'recorded' then people else 0 end,
    tally[5] + case when coverage = 'covered' then people else 0 end,
    tally[6] + case when coverage = 'covered_late' then people else 0 end,
    tally[7] + case when coverage = 'exempt' then people else 0 end,
    tally[8] + case when urgency = 'due_soon' then people else 0 end,
    tally[9] + case when urgency = 'at_risk' then people else 0 end,
    tally[10] + case when urgency = 'overdue' then people else 0 end,
    tally[11] + case when employment = 'paused' then people else 0 end,
    tally[12] + case when data_incomplete then people else 0 end,
    tally[13] + case when ended then people else 0 end,
    tally[14] + case when ended and coverage = 'covered' then people else 0 end];
end
$$;
comment on function app.coverage_tally(bigint[], bigint, text, text, text, boolean, boolean) is
  'The figures'' rule, row by row: who is counted (active or paused, and not out of scope), and where.';

create or replace function app.coverage_tally_sum(one bigint[], other bigint[])
  returns bigint[]
  language sql immutable parallel safe
as $$
  select array_agg(a.count + b.count order by a.place)
  from unnest(one) with ordinality as a(count, place)
  join unnest(other) with ordinality as b(count, place) using (place)
$$;
comment on function app.coverage_tally_sum(bigint[], bigint[]) is 'Unites the tallies of two parallel workers.';

create or replace function app.coverage_figures_of(tally bigint[])
  returns beeld.coverage_figures
  language sql immutable parallel safe
as $$
  select
    tally[1],
    tally[2],
    tally[3],
    tally[4],
    tally[5],
    tally[6],
    tally[7],
    tally[8],
    tally[9],
    tally[10],
    tally[11],
    tally[12],
    round((tally[5] + tally[6])::numeric / nullif(tally[1] - tally[7], 0), 4),
    round(tally[14]::numeric / nullif(tally[13], 0), 4)
$$;
comment on function app.coverage_figures_of(bigint[]) is
  'The figures of a tally. coverage_rate: (covered + covered_late) ÷ (starters − exempt); on_time_rate: of the windows that ended, those with a recording in time. Four decimals; null where nobody counts.';

create or replace aggregate app.coverage_figures(
  people bigint, coverage text, urgency text, employment text, data_incomplete boolean, ended boolean)
(
  sfunc = app.coverage_tally,
  stype = bigint[],
  initcond = '{0,0,0,0,0,0,0,0,0,0,0,0,0,0}',
  combinefunc = app.coverage_tally_sum,
  finalfunc = app.coverage_figures_of,
  parallel = safe
);
comment on aggregate app.coverage_figures(bigint, text, text, text, boolean, boolean) is
  'The figures of any set of starters, also of a stored run: people is how many the row stands for (1, or the count of equal ones), ended is app.ended_this_year of its window.';

create or replace function app.coverage(as_of date default null, group_by text default 'board')
  returns json
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  day constant date := coalesce(as_of, app.today());
  schools constant uuid[] := app.my_schools();
  whole_board constant boolean := coalesce(current_setting('app.adviser', true) = 'on', false);
begin
  if app.me() is null or not (whole_board or schools is not null) then
    return null;
  end if;
  return (
    with counted as materialized (
      select
        s.school_id,
        s.cohort,
        s.coverage,
        s.urgency,
        s.employment,
        s.data_incomplete <> '{}' as data_incomplete,
        app.ended_this_year(s.window_until, day) as ended,
        count(*) as people
      from app.starters_at(day, case when not whole_board then schools end) s
      group by 1, 2, 3, 4, 5, 6, 7
    ),
    head as (
      select
        p.version,
        (
          select row_to_json(app.coverage_figures(c.people, c.coverage, c.urgency, c.employment, c.data_incomplete, c.ended))
          from counted c
        ) as total
      from app.policy_on(day) p
    )
    select case group_by
      when 'school' then (select row_to_json(a) from (select day as as_of, h.version as policy_version, h.total, (
        select coalesce(json_agg(row_to_json(l) order by (l.school).code), '[]')
        from (
          select
            row(s.id, s.code, s.name)::named_school as school,
            (f.figures).*
          from (
            select
              c.school_id,
              app.coverage_figures(c.people, c.coverage, c.urgency, c.employment, c.data_incomplete, c.ended) as figures
            from counted c
            group by c.school_id
            offset 0
          ) f
          join school s on s.id = f.school_id
          where (f.figures).starters > 0
        ) l) as schools) a)
      when 'cohort' then (select row_to_json(a) from (select day as as_of, h.version as policy_version, h.total, (
        select coalesce(json_agg(row_to_json(l) order by l.cohort), '[]')
        from (
          select
            f.cohort,
            (f.figures).*
          from (
            select
              c.cohort,
              app.coverage_figures(c.people, c.coverage, c.urgency, c.employment, c.data_incomplete, c.ended) as figures
            from counted c
            group by c.cohort
            offset 0
          ) f
          where (f.figures).starters > 0
        ) l) as cohorts) a)
      else (select row_to_json(a) from (select day as as_of, h.version as policy_version, h.total) a)
    end
    from head h);
end
$$;
comment on function app.coverage(date, text) is
  'GET /v1/coverage: figures by school, by cohort (null where S is missing), or of the board. The adviser''s are of the board; a director''s and a school_admin''s of their schools, totals included; nobody else has any: null.';

grant execute on function app.coverage(date, text) to beeld_app;
grant execute on function
  app.school_year_start(date),
  app.ended_this_year(date, date),
  app.coverage_tally(bigint[], bigint, text, text, text, boolean, boolean),
  app.coverage_tally_sum(bigint[], bigint[]),
  app.coverage_figures_of(bigint[]),
  app.coverage_figures(bigint, text, text, text, boolean, boolean)
to beeld_app, beeld_jobs;
