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
  started constant timestamptz := clock_timestamp();
  made record;
  total integer;
begin
  -- The row's lock says "at work" to everybody who looks for a lapsed lease; the attempt keeps a claimant out that lost it.
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
  perform app.report_take_turn();

  execute format(
    $sql$
      insert into beeld.report_row (run_id, ordinal, key, person_id, school_id, severity, since, cells)
      select
        $1, x.ordinal, x.key, x.person_id, x.school_id, x.severity,
        case when x.severity is not null then coalesce(p.since, $2) end,
        x.cells
      from app.%I($2) x
      left join beeld.report_row p on p.run_id = $3
        and p.key = x.key
        and p.severity is not null
        and x.severity is not null
    $sql$, 'report_' || replace(made.report, '-', '_'))
  using run, made.as_of, app.report_run_before(made.report, made.as_of);
  get diagnostics total = row_count;

  update beeld.report_run r
  set
    columns = (select k.columns from beeld.report k where k.key = made.report),
    policy_version = (select p.version from app.policy_on(made.as_of) p),
    schema_version = app.schema_version()
  where r.id = run;
  update beeld.report_run r
  set
    state = 'succeeded',
    revision = 1 + (
      select coalesce(max(e.revision), 0)
      from beeld.report_run e
      where e.report = r.report
        and e.as_of = r.as_of),
    row_count = total,
    row_hash = app.report_run_hash(run),
    duration_ms = extract(epoch from clock_timestamp() - started) * 1000,
    failure = null,
    lease_until = null,
    finished_at = app.now()
  where r.id = run;
  return total;
end
$$;
comment on function app.report_make(uuid, integer) is
  'Reckons the rows of a claimed run with app.report_<report>(as_of), hashes them and closes the run, all in the caller''s transaction. An exception that was one in the run before keeps its first day. Answers the number of rows. Raises BE409 when the claim was lost.';

create or replace function app.report_take_turn()
  returns void
  language plpgsql
  set lock_timeout = 0
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('report reckoning', 0));
end
$$;
comment on function app.report_take_turn() is
  'Waits, however long, until no other run is being reckoned on this database, and keeps the others waiting until the transaction ends. A night can wait; who asks something meanwhile cannot, and the memory of the whole country''s reckoning is there once. Two runs of one report and day have their revisions by it.';

create or replace function app.report_run_before(report text, as_of date)
  returns uuid
  language sql stable
as $$
  select r.id
  from beeld.report_run r
  where r.report = report_run_before.report
    and r.as_of < report_run_before.as_of
    and r.state = 'succeeded'
  order by r.as_of desc, r.revision desc
  limit 1
$$;
comment on function app.report_run_before(text, date) is
  'The run that one of this day is compared with: the last revision of the latest earlier day; null where there is none.';

create or replace function app.report_run_head(run beeld.report_run)
  returns text
  language sql stable
as $$
  select
    array_to_string(array[run.report, run.as_of::text, run.policy_version::text], e'\t') || e'\n'
    || array_to_string(
      case when run.form = 1 then array['person_id', 'school_id'] else array['key', 'person_id', 'school_id', 'severity', 'since'] end || run.columns,
      e'\t') || e'\n'
$$;
comment on function app.report_run_head(beeld.report_run) is
  'The first two lines of what the hash of a run covers: report, as_of and policy version; key, person_id, school_id, severity, since and the names of the columns. Of runs of form 1: without key, severity and since.';

create or replace function app.report_row_line(line beeld.report_row, form smallint)
  returns text
  language sql stable
as $$
  select
    case
      when form = 1 then concat(line.person_id, e'\t', line.school_id, e'\t', line.cells, e'\n')
      else concat(
        line.key, e'\t', line.person_id, e'\t', line.school_id, e'\t', line.severity, e'\t', line.since, e'\t', line.cells, e'\n')
    end
$$;
comment on function app.report_row_line(beeld.report_row, smallint) is
  'The line of a row, as the hash of its run covers it: the ids in lower case, and the cells as stored, parted by tabs; null is empty.';

create or replace function app.report_run_hash(run uuid)
  returns bytea
  language sql stable
  set datestyle = 'ISO, YMD'
as $$
  select
    sha256(convert_to(app.report_run_head(r), 'UTF8') || coalesce(
      case
        when r.form = 1 then (
          select string_agg(convert_to(app.report_row_line(x, 1::smallint), 'UTF8'), '' order by x.ordinal)
          from beeld.report_row x
          where x.run_id = r.id)
        -- A digest of each row, so that the whole country is 32 MB at a time and not all of its text.
        else (
          select string_agg(sha256(convert_to(app.report_row_line(x, 2::smallint), 'UTF8')), '' order by x.ordinal)
          from beeld.report_row x
          where x.run_id = r.id)
      end, ''))
  from beeld.report_run r
  where r.id = run
$$;
comment on function app.report_run_hash(uuid) is
  'Reckons the hash of a run anew from its rows, as somebody who sees all of them: equal to row_hash unless somebody tampered with it. SHA-256 over the head in UTF-8 and then, in the order of the rows, the SHA-256 of each line; of runs of form 1 the lines themselves.';

drop function if exists app.report_run_text(uuid);
drop function if exists app.report_run_shown(beeld.report_run);
create function app.report_run_shown(run beeld.report_run)
  returns table (
    id uuid, report text, as_of date, period date, state text, late boolean, attempt smallint, revision integer,
    policy_version integer, schema_version integer, started_at text, finished_at text, duration_ms integer, retry_at text,
    failure text, row_count integer, row_hash text)
  language sql stable
as $$
  select
    run.id, run.report, run.as_of, run.period, run.state, run.late, run.attempt, run.revision,
    run.policy_version, run.schema_version, app.instant(run.started_at), app.instant(run.finished_at), run.duration_ms,
    app.instant(run.retry_at), run.failure,
    case
      when current_setting('app.adviser', true) = 'on' or current_setting('app.system_admin', true) = 'on' then run.row_count
    end,
    encode(run.row_hash, 'hex')
$$;
comment on function app.report_run_shown(beeld.report_run) is
  'A run as the API shows it. The number of rows is a figure of the whole board: null for who sees a part.';

grant execute on function
  app.report_begin(uuid, text, date), app.report_make(uuid, integer), app.report_take_turn(), app.report_run_before(text, date),
  app.report_run_head(beeld.report_run), app.report_row_line(beeld.report_row, smallint), app.report_run_hash(uuid)
  to beeld_jobs;
grant execute on function app.report_run_shown(beeld.report_run), app.report_run_before(text, date) to beeld_app;
