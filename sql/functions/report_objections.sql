-- The report of the objections: which have no measure yet, and whose day has passed. Rows are for the schools and the
-- privacy officer; the adviser is told how many.

insert into report (key, columns, board, counts, schools)
values (
  'objections', '{situation,received_on,due_on,legal_until,days_over,measures,unplaced}',
  '{privacy_officer}', '{adviser}', '{director,school_admin}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

drop function if exists app.report_objections(date);
create function app.report_objections(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by v.received_on, v.id),
    v.id,
    null::uuid,
    v.school_id,
    case
      when v.situation = 'past_due' then 2
      when v.situation = 'without_measure' or v.unplaced then 1
    end::smallint,
    concat(
      v.situation, e'\t', v.received_on, e'\t', v.due_on, e'\t', v.legal_until, e'\t',
      case when v.situation = 'past_due' then as_of - v.due_on end, e'\t', v.measures, e'\t',
      case when v.unplaced then 'yes' else 'no' end)
  from (
    select
      o.id,
      o.school_id,
      o.received_on::date as received_on,
      d.due_on,
      (o.received_on + interval '1 month')::date as legal_until,
      m.measures,
      case
        when m.measures is not null then 'measure_set'
        when d.due_on < as_of then 'past_due'
        else 'without_measure'
      end as situation,
      not exists (
        select
        from beeld.placement l
        where l.objection_id = o.id
          and l.school_year >= app.school_year(as_of)
          and (l.placed_at at time zone 'Europe/Amsterdam')::date <= as_of
          and (l.replaced_at is null or (l.replaced_at at time zone 'Europe/Amsterdam')::date > as_of)
      ) as unplaced
    from beeld.objection o
    cross join lateral app.objection_due_on(o.received_on) d(due_on)
    cross join lateral (
      select string_agg(distinct x.kind, ' ' order by x.kind) as measures
      from beeld.measure x
      where x.objection_id = o.id
        and (x.created_at at time zone 'Europe/Amsterdam')::date <= as_of
        and (x.state = 'in_force' or (x.state_since at time zone 'Europe/Amsterdam')::date > as_of)
    ) m
    where o.received_on <= as_of
      and (o.state <> 'ended' or (o.state_since at time zone 'Europe/Amsterdam')::date > as_of)
  ) v
$$;
comment on function app.report_objections(date) is
  'The report of the objections: one row for each that had not ended on that day, without a word of whose it is. An exception: no measure yet, or a pupil in no group; serious: no measure after the day by which the answer was due.';
grant execute on function app.report_objections(date) to beeld_jobs;
