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

grant execute on function app.report_outlook(date) to beeld_jobs;
