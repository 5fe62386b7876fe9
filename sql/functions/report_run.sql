create or replace function app.report_due()
  returns table (schedule_id uuid, report text, period date, due_at timestamptz)
  language sql stable
as $$
  select s.id, s.report, d.period, d.due_at
  from beeld.report_schedule s
  cross join lateral (
    select n.night::date as period, (n.night::date + s.at) at time zone 'Europe/Amsterdam' as due_at
    from generate_series(greatest(s.enabled_from, app.today() - 30), app.today(), interval '1 day') n (night)
  ) d
  where s.enabled
    and d.due_at <= app.now()
    and not exists (
      select
      from beeld.report_run r
      where r.schedule_id = s.id
        and r.period = d.period)
$$;
comment on function app.report_due() is
  'Nights whose time has come and that nobody has claimed: since the schedule was enabled, at most 30 nights back. Nights are local dates, so that the clock change of Europe/Amsterdam gives neither two nor none.';

create or replace function app.report_claim(candidate uuid, lease interval)
  returns table (run uuid, report text, as_of date, attempt smallint, late boolean)
  language plpgsql
as $$
declare
  next record;
begin
  -- A claimant that died on the last attempt: nobody tries again.
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
    for update skip locked);

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

create or replace function app.report_begin(run uuid, report text, as_of date)
  returns void
  language sql
as $$
  insert into beeld.report_run (id, report, as_of, lease_until)
  values (run, report, coalesce(as_of, app.today()), app.now() + interval '15 minutes')
$$;
comment on function app.report_begin(uuid, text, date) is
  'A run that somebody asks for, as of a day or else of today in Europe/Amsterdam; made by report_make in the same transaction.';

create or replace function app.report_make(run uuid, of_attempt integer)
  returns integer
  language plpgsql
  set datestyle = 'ISO, YMD'
as $$
declare
  made record;
  total integer;
begin
  -- The lock says "at work" to everybody who looks for a lapsed lease; the attempt keeps a claimant out that lost it.
  select r.report, r.as_of
  into made
  from beeld.report_run r
  where r.id = run
    and r.state = 'running'
    and r.attempt = of_attempt
  for update;
  if not found then
    raise exception 'this attempt is no longer the running one' using errcode = 'BE409';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('report ' || made.report || ' ' || made.as_of, 0));

  execute format(
    $sql$
      insert into beeld.report_row (run_id, ordinal, person_id, school_id, cells)
      select $1, x.ordinal, x.person_id, x.school_id, x.cells
      from app.%I($2) x
    $sql$, 'report_' || made.report)
  using run, made.as_of;
  get diagnostics total = row_count;

  execute format(
    'update beeld.report_run set columns = app.%I(), policy_version = (select p.version from app.policy_on($2) p), schema_version = app.schema_version() where id = $1',
    'report_' || made.report || '_columns')
  using run, made.as_of;

  update beeld.report_run r
  set
    state = 'succeeded',
    revision = 1 + (
      select count(*)
      from beeld.report_run e
      where e.report = r.report
        and e.as_of = r.as_of
        and e.state = 'succeeded'),
    row_count = total,
    row_hash = app.report_run_hash(run),
    failure = null,
    lease_until = null,
    finished_at = app.now()
  where r.id = run;
  return total;
end
$$;
comment on function app.report_make(uuid, integer) is
  'Reckons the rows of a claimed run with app.report_<report>(as_of), hashes them and closes the run, all in the caller''s transaction. Answers the number of rows. Raises BE409 when the claim was lost.';

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

create or replace function app.report_run_text(run uuid)
  returns text
  language sql stable
as $$
  select
    array_to_string(array[r.report, r.as_of::text, r.policy_version::text], e'\t') || e'\n'
    || array_to_string(array['person_id', 'school_id'] || r.columns, e'\t') || e'\n'
    || coalesce((
      select
        string_agg(concat(x.person_id, e'\t', x.school_id, e'\t', x.cells, e'\n'), '' order by x.ordinal)
      from beeld.report_row x
      where x.run_id = r.id), '')
  from beeld.report_run r
  where r.id = run
$$;
comment on function app.report_run_text(uuid) is
  'The text whose SHA-256, in UTF-8, is the hash of a run. Lines end in a line feed, fields are parted by a tab, null is empty. First line: report, as_of, policy version. Second: person_id, school_id and the names of the columns. Then each row in order: the ids in lower case, and the cells as stored.';

create or replace function app.report_run_hash(run uuid)
  returns bytea
  language sql stable
  set datestyle = 'ISO, YMD'
as $$ select sha256(convert_to(app.report_run_text(run), 'UTF8')) $$;
comment on function app.report_run_hash(uuid) is
  'Reckons the hash of a run anew from its rows, as somebody who sees all of them: equal to row_hash unless somebody tampered with it.';

create or replace function app.report_run_shown(run beeld.report_run)
  returns table (
    id uuid, report text, as_of date, period date, state text, late boolean, attempt smallint, revision integer,
    policy_version integer, schema_version integer, started_at text, finished_at text, retry_at text, failure text,
    row_count integer, row_hash text)
  language sql stable
as $$
  select
    run.id, run.report, run.as_of, run.period, run.state, run.late, run.attempt, run.revision,
    run.policy_version, run.schema_version,
    to_char(run.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char(run.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char(run.retry_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    run.failure,
    case
      when current_setting('app.adviser', true) = 'on' or current_setting('app.system_admin', true) = 'on' then run.row_count
    end,
    encode(run.row_hash, 'hex')
$$;
comment on function app.report_run_shown(beeld.report_run) is
  'A run as the API shows it. The number of rows is a figure of the whole board: null for a director, who sees a part.';

grant execute on function
  app.report_due(), app.report_claim(uuid, interval), app.report_begin(uuid, text, date), app.report_make(uuid, integer),
  app.report_fail(uuid, integer, text), app.report_run_text(uuid), app.report_run_hash(uuid)
  to beeld_jobs;
grant execute on function app.report_run_shown(beeld.report_run) to beeld_app;
