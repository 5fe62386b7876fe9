-- What the nights removed because its time was over, and what could not go yet.

insert into report (key, columns, board, counts, schools)
values ('retention', '{retention,kind,night,number,kept_by}', '{adviser}', '{privacy_officer}', '{}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

create or replace function app.report_retention(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by l.place, l.night desc, l.kind, l.person_id),
    coalesce(l.person_id, md5(concat_ws(' ', 'retention', l.kind, l.night))::uuid),
    l.person_id,
    null::uuid,
    l.severity,
    concat(l.retention, e'\t', l.kind, e'\t', l.night, e'\t', l.number, e'\t', l.kept_by)
  from (
    select
      1 as place, 'not_done' as retention, k.kind, as_of - 1 as night, r.number, null as kept_by, null::uuid as person_id,
      2::smallint as severity
    from unnest(array['person', 'objection', 'report_run', 'report_row', 'audit', 'api_token']) k(kind)
    left join beeld.retention r on r.night = as_of - 1
      and r.kind = k.kind
    where r.finished_at is null
      and (
        exists (
          select
          from beeld.retention e
          where e.night < as_of - 1)
        or exists (
          select
          from beeld.report_run e
          where e.report = 'retention'
            and e.as_of < as_of - 1))
    union all
    select 2, 'kept', 'person', d.due_on, null, d.kept_by, d.person_id, 1::smallint
    from app.departed_people(as_of) d
    where d.kept_by is not null
    union all
    select 3, 'removed', r.kind, r.night, r.number, null, null, null
    from beeld.retention r
    where r.night <= as_of
      and r.night > as_of - 31
      and (r.number > 0 or r.night = as_of)
      and (r.finished_at is not null or r.kind = 'command')
  ) l
$$;
comment on function app.report_retention(date) is
  'The report retention: what the night before was to remove and did not finish, serious; who departed so long ago that nothing of them is to be kept, and is kept by custody or guidance that somebody has to end (as it is now), which asks for attention; and what was removed, of the last 31 nights, by kind. The adviser''s; the privacy officer is told the numbers.';

grant execute on function app.report_retention(date) to beeld_jobs;
