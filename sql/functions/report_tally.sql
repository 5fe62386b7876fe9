-- Numbers of a stored run: how many rows, by school and by one of the cells.

create or replace function app.report_is_counted_for_me(run uuid)
  returns boolean
  language sql stable security definer
  set search_path = beeld, app, pg_temp
as $$
  select app.me() is not null
    and exists (
      select
      from report_run r
      join report k on k.key = r.report
      where r.id = run
        and (app.is_set('adviser') and 'adviser' = any (k.counts)
          or app.is_set('privacy_officer') and 'privacy_officer' = any (k.counts)))
$$;
comment on function app.report_is_counted_for_me(uuid) is
  'Whether the identity is told numbers of the whole run, without its rows. Never null.';

create or replace function app.report_tally_of_cells(run uuid, column_name text)
  returns table (school_id uuid, value text, severity smallint, number bigint)
  language sql stable
as $$
  select x.school_id, nullif(x.cells[p.place], ''), x.severity, count(*)
  from (
    select r.school_id, r.severity, string_to_array(r.cells, e'\t') as cells
    from beeld.report_row r
    where r.run_id = run
    offset 0
  ) x
  cross join (
    select array_position(r.columns, column_name) as place
    from beeld.report_run r
    where r.id = run
      and r.state = 'succeeded'
  ) p
  group by 1, 2, 3
$$;
comment on function app.report_tally_of_cells(uuid, text) is
  'How many rows of a run there are by school, by the cell of this column (null: empty, or not kept) and by severity; of the rows that the caller may see.';

create or replace function app.report_tally_of_whole(run uuid, column_name text)
  returns table (school_id uuid, value text, severity smallint, number bigint)
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if app.report_is_counted_for_me(run) then
    return query
    select t.*
    from app.report_tally_of_cells(run, column_name) t;
  end if;
end
$$;
comment on function app.report_tally_of_whole(uuid, text) is
  'The same of the whole run, for whom it is only counted; nothing for anybody else.';

create or replace function app.report_tally(run uuid, column_name text)
  returns table (school_id uuid, value text, severity smallint, number bigint)
  language sql stable
as $$
  select t.*
  from app.report_tally_of_cells(run, column_name) t
  where not app.report_is_counted_for_me(run)
  union all
  select t.*
  from app.report_tally_of_whole(run, column_name) t
$$;
comment on function app.report_tally(uuid, text) is
  'How many rows of a run there are by school, by the cell of this column and by severity: of the rows that the caller may see, or, where the report is only counted for them, of all.';

create or replace function app.report_figures(run uuid, column_name text)
  returns json
  language sql stable
as $$
  with tally as materialized (
    select t.*
    from app.report_tally(run, column_name) t
  ),
  part as materialized (
    select
      v.school_id,
      sum(v.number) as rows,
      coalesce(sum(v.attention), 0) as attention,
      coalesce(sum(v.serious), 0) as serious,
      coalesce(json_object_agg(v.value, v.number order by v.value) filter (where v.value is not null), '{}') as by
    from (
      select
        t.school_id,
        t.value,
        sum(t.number) as number,
        sum(t.number) filter (where t.severity = 1) as attention,
        sum(t.number) filter (where t.severity = 2) as serious
      from tally t
      group by t.school_id, t.value
    ) v
    group by v.school_id
  )
  select row_to_json(f)
  from (
    select
      r.as_of,
      r.policy_version,
      column_name as counted_by,
      (
        select row_to_json(t)
        from (
          select
            coalesce(sum(v.number), 0) as rows,
            coalesce(sum(v.attention), 0) as attention,
            coalesce(sum(v.serious), 0) as serious,
            coalesce(json_object_agg(v.value, v.number order by v.value) filter (where v.value is not null), '{}') as by
          from (
            select
              t.value,
              sum(t.number) as number,
              sum(t.number) filter (where t.severity = 1) as attention,
              sum(t.number) filter (where t.severity = 2) as serious
            from tally t
            group by t.value
          ) v
        ) t
      ) as total,
      (
        select coalesce(json_agg(row_to_json(s) order by (s.school).code), '[]')
        from (
          select row(p.school_id, k.code, k.name)::beeld.named_school as school, p.rows, p.attention, p.serious, p.by
          from part p
          left join beeld.school k on k.id = p.school_id
          where p.school_id is not null
        ) s
      ) as schools
    from beeld.report_run r
    where r.id = run
  ) f
$$;
comment on function app.report_figures(uuid, text) is
  'The figures of a stored run: how many rows, how many ask for attention and how many are serious, and how many by the cell of one column; of all and by school, as far as the caller may see or be told.';

grant execute on function
  app.report_is_counted_for_me(uuid), app.report_tally_of_cells(uuid, text), app.report_tally_of_whole(uuid, text),
  app.report_tally(uuid, text), app.report_figures(uuid, text)
  to beeld_app, beeld_jobs;
