-- Claims: which scheduled runs are due, who makes each of them, and what becomes of those that fail.

create or replace function app.report_due()
  returns table (schedule_id uuid, report text, period date, due_at timestamptz)
  language sql stable
as $$
  select s.id, s.report, n.night, d.due_at
  from beeld.report_schedule s
  cross join lateral app.report_nights(s, greatest(s.enabled_from, app.today() - 30), app.today()) n (night)
  cross join lateral (select app.report_due_at(n.night, s.at) as due_at) d
  where s.enabled
    and d.due_at <= app.now()
    and not exists (
      select
      from beeld.report_run r
      where r.schedule_id = s.id
        and r.period = n.night)
$$;
comment on function app.report_due() is
  'Nights of the schedules whose time has come and that nobody has claimed: since the schedule was enabled, at most 30 nights back.';

create or replace function app.report_abandon_lost()
  returns table (run uuid, report text, as_of date, attempt smallint, late boolean)
  language sql
as $$
  update beeld.report_run r
  set
    state = 'abandoned',
    failure = coalesce(r.failure, 'claimant_lost'),
    lease_until = null,
    finished_at = app.now()
  where r.id in (
    select x.id
    from beeld.report_run x
    where x.state = 'running'
      and x.schedule_id is not null
      and x.lease_until <= app.now()
      and x.attempt >= 4
    for update skip locked)
  returning r.id, r.report::text, r.as_of::date, r.attempt, r.late
$$;
comment on function app.report_abandon_lost() is
  'Gives up the runs whose claimant died on the last attempt, and tells which: nobody tries them again.';

create or replace function app.report_claim(candidate uuid, lease interval)
  returns table (run uuid, report text, as_of date, attempt smallint, late boolean)
  language plpgsql
as $$
declare
  next record;
begin
  -- One that failed and waited, or whose claimant died. Whoever is at work holds the row's lock and is passed over.
  return query
    update beeld.report_run r
    set
      state = 'running',
      attempt = r.attempt + 1,
      lease_until = app.now() + lease,
      retry_at = null,
      started_at = app.now()
    where r.id = (
      select x.id
      from beeld.report_run x
      where x.schedule_id is not null
        and x.attempt < 4
        and (x.state = 'running' and x.lease_until <= app.now() or x.state = 'failed' and x.retry_at <= app.now())
      order by x.period, x.id
      limit 1
      for update skip locked)
    returning r.id, r.report::text, r.as_of::date, r.attempt, r.late;
  if found then
    return;
  end if;

  -- Claiming is inserting: of those who try at once, the unique key lets one through, the others look for the next.
  loop
    select d.schedule_id, d.report, d.period, d.due_at
    into next
    from app.report_due() d
    order by d.period, d.schedule_id
    limit 1;
    if not found then
      return;
    end if;
    return query
      insert into beeld.report_run as r (id, report, as_of, schedule_id, period, late, lease_until)
      values (
        candidate, next.report, next.period, next.schedule_id, next.period,
        app.now() > next.due_at + interval '1 hour', app.now() + lease)
      on conflict on constraint report_run_once_per_period do nothing
      returning r.id, r.report::text, r.as_of::date, r.attempt, r.late;
    if found then
      return;
    end if;
  end loop;
end
$$;
comment on function app.report_claim(uuid, interval) is
  'Takes at most one run to make, under a lease: a failed one whose time to retry has come, one whose claimant died, or else the earliest night that is due. No row: nothing to do.';

create or replace function app.report_fail(run uuid, of_attempt integer, reason text)
  returns text
  language sql
as $$
  update beeld.report_run r
  set
    state = case when r.attempt < 4 then 'failed' else 'abandoned' end,
    failure = reason,
    lease_until = null,
    retry_at = case when r.attempt < 4 then app.now() + interval '1 minute' * 4 ^ (r.attempt - 1) end,
    finished_at = case when r.attempt < 4 then null else app.now() end
  where r.id = run
    and r.state = 'running'
    and r.attempt = of_attempt
  returning r.state
$$;
comment on function app.report_fail(uuid, integer, text) is
  'Writes down that an attempt failed and why: tried again after 1, 4 and 16 minutes, then abandoned. Answers the state, null when the attempt is no longer the running one.';

create or replace function app.abandoned_runs()
  returns table (run uuid, since date)
  language sql stable
as $$
  select r.id, (r.finished_at at time zone 'Europe/Amsterdam')::date
  from beeld.report_run r
  where r.state = 'abandoned'
    and r.finished_at > app.now() - interval '30 days'
    and not exists (
      select
      from beeld.report_run m
      where m.report = r.report
        and m.as_of = r.as_of
        and m.state = 'succeeded')
$$;
comment on function app.abandoned_runs() is
  'Scheduled runs that were given up in the last 30 days, and that nobody has made since: what an adviser is told of, and the operator.';

grant execute on function
  app.report_due(), app.report_abandon_lost(), app.report_claim(uuid, interval), app.report_fail(uuid, integer, text)
  to beeld_jobs;
grant execute on function app.abandoned_runs() to beeld_app, beeld_jobs;
