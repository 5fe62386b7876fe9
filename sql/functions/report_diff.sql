-- What changed between two runs, what somebody knows of already, and how much of it a person may see.

create or replace function app.report_acknowledged(run uuid)
  returns table (key uuid, acknowledgement uuid, severity smallint)
  language sql stable
as $$
  select l.key, l.id, l.severity
  from (
    select distinct on (a.key) a.key, a.id, a.severity, a.until_date > r.as_of as holds
    from beeld.report_run r
    join beeld.report_acknowledgement a on a.report = r.report
      and a.from_date <= r.as_of
    where r.id = run
    order by a.key, a.made_at desc, a.id desc
  ) l
  where l.holds
$$;
comment on function app.report_acknowledged(uuid) is
  'Exceptions of which somebody said, for the day of a run, that they are known, and up to which severity: of each the latest word, also where it has ended and an earlier one has not.';

drop function if exists app.report_changes(uuid, uuid);
create function app.report_changes(run uuid, against uuid)
  returns table (
    change text, run_id uuid, ordinal integer, key uuid, school_id uuid, severity smallint, since date,
    acknowledgement uuid, asks_anew boolean)
  language sql stable
as $$
  select
    case when b.key is null then 'new' when n.key is null then 'resolved' else 'open' end,
    coalesce(n.run_id, b.run_id),
    coalesce(n.ordinal, b.ordinal),
    coalesce(n.key, b.key),
    case when n.key is null then b.school_id else n.school_id end,
    coalesce(n.severity, b.severity),
    coalesce(n.since, b.since)::date,
    case when n.severity <= a.severity then a.acknowledgement end,
    n.key is not null
      and coalesce(n.severity > a.severity, true)
      and (b.key is null or n.severity > b.severity or coalesce(b.severity <= e.severity, false))
  from (
    select r.run_id, r.ordinal, r.key, r.school_id, r.severity, r.since
    from beeld.report_row r
    where r.run_id = run
      and r.severity is not null
  ) n
  full join (
    select r.run_id, r.ordinal, r.key, r.school_id, r.severity, r.since
    from beeld.report_row r
    where r.run_id = against
      and r.severity is not null
  ) b on b.key = n.key
  left join app.report_acknowledged(run) a on a.key = n.key
  left join app.report_acknowledged(against) e on e.key = b.key
$$;
comment on function app.report_changes(uuid, uuid) is
  'The exceptions of a run against those of an earlier one of the same report: new, open (in both) or resolved (no longer one), each with the row that shows it, the day since when, and who said that it may stand. asks_anew: it asks for attention now, and did not in the earlier run, or for less: it is new, got worse, or was said to stand then and is back. Against null everything is new. Of the rows that the caller may see.';

create or replace function app.report_run_told(run beeld.report_run, recipient uuid)
  returns uuid
  language sql stable
as $$
  select b.id
  from beeld.report_delivery d
  join beeld.report_run b on b.id = d.run_id
  where d.person_id = recipient
    and d.state in ('queued', 'sent')
    and b.schedule_id = run.schedule_id
    and b.period < run.period
  order by b.period desc
  limit 1
$$;
comment on function app.report_run_told(beeld.report_run, uuid) is
  'The run of the same schedule of which a person was last told, or is being told, before a run; null where there is none. What other schedules, or runs that somebody asked for, have shown since is news to them.';

create or replace function app.report_change_counts(run uuid, recipient uuid)
  returns table (exceptions integer, new integer, resolved integer, acknowledged integer)
  language sql stable security definer
  set search_path = beeld, app, pg_temp
as $$
  with part as (
    select
      r.id,
      coalesce(app.report_run_told(r, recipient), app.report_run_before(r.report, r.as_of)) as before,
      a.adviser and 'adviser' = any (k.board || k.counts)
        or a.privacy_officer and 'privacy_officer' = any (k.board || k.counts) as whole,
      case when 'director' = any (k.schools) then a.director_of end
        || case when 'school_admin' = any (k.schools) then a.school_admin_of end as schools,
      r.report = 'custody' and not a.privacy_officer as late_alone
    from report_run r
    join report k on k.key = r.report
    join access a on a.person_id = recipient
      and app.is_open(a)
    where r.id = run
      and r.state = 'succeeded'
  )
  select
    count(*) filter (where c.change <> 'resolved' and c.acknowledgement is null)::integer,
    count(*) filter (where c.asks_anew)::integer,
    count(*) filter (where c.change = 'resolved')::integer,
    count(*) filter (where c.acknowledgement is not null)::integer
  from part p
  cross join lateral app.report_changes(p.id, p.before) c
  where (p.whole or c.school_id = any (p.schools))
    and not (
      p.late_alone
      and exists (
        select
        from report_row x
        where x.run_id = c.run_id
          and x.ordinal = c.ordinal
          and app.is_in_order(x.cells)))
$$;
comment on function app.report_change_counts(uuid, uuid) is
  'For a person''s mail: of the part of a run that they may see or be told numbers of today, how many exceptions ask for attention, how many of them did not, or for less, in the run that they were last told of (else the run before, of the latest earlier day), how many of its exceptions are resolved, and how many more somebody said may stand. Zeros for whom the report is not.';

grant execute on function app.report_acknowledged(uuid), app.report_changes(uuid, uuid) to beeld_app, beeld_jobs;
grant execute on function app.report_change_counts(uuid, uuid) to beeld_jobs;
