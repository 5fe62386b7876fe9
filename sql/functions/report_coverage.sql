create or replace function app.report_coverage_columns()
  returns text[]
  language sql immutable parallel safe
as $$
  select array[
    'coverage', 'urgency', 'employment', 'window_from', 'window_until', 'days_left', 'covered_on', 'cohort',
    'data_incomplete']
$$;
comment on function app.report_coverage_columns() is 'Names of the cells of the coverage report, in order.';

create or replace function app.report_coverage(as_of date)
  returns table (ordinal bigint, person_id uuid, school_id uuid, cells text[])
  language sql stable
as $$
  select
    row_number() over (order by s.window_until, s.person_id),
    s.person_id,
    s.school_id,
    array[
      s.coverage,
      s.urgency,
      s.employment,
      s.window_from::text,
      s.window_until::text,
      s.days_left::text,
      s.covered_on::text,
      s.cohort::text,
      array_to_string(s.data_incomplete, ' ')]
  from app.starter_calculation(as_of) s
  where s.coverage <> 'out_of_scope'
$$;
comment on function app.report_coverage(date) is
  'The coverage report: every starter in scope, the earliest deadline first; also who is yet to begin or has left, though figures count neither.';

grant execute on function app.report_coverage_columns(), app.report_coverage(date) to beeld_jobs;
grant execute on function app.report_coverage_columns() to beeld_app;
