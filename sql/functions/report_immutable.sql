create or replace function app.report_run_guard()
  returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'running' then
      raise exception 'a report run begins as running' using errcode = 'BE409';
    end if;
    return new;
  end if;
  if (old.id, old.report, old.as_of, old.schedule_id, old.period, old.late)
    is distinct from (new.id, new.report, new.as_of, new.schedule_id, new.period, new.late) then
    raise exception 'what a report run is about never changes' using errcode = 'BE409';
  end if;
  if (old.state, new.state) not in (
    ('running', 'running'), ('running', 'succeeded'), ('running', 'failed'), ('running', 'abandoned'),
    ('failed', 'running')) then
    raise exception 'a report run that is % never becomes %', old.state, new.state using errcode = 'BE409';
  end if;
  new.version := old.version + 1;
  return new;
end
$$;
comment on function app.report_run_guard() is
  'The state machine of a report run: running → succeeded | failed | abandoned, failed → running. A run that ended never changes, whoever asks.';

create or replace function app.report_is_unchangeable()
  returns trigger
  language plpgsql
as $$
begin
  raise exception 'report runs and their rows are neither changed nor removed' using errcode = 'BE409';
end
$$;
comment on function app.report_is_unchangeable() is 'Refuses to change rows of report runs, and to remove all at once, whoever asks.';

create or replace function app.report_keeping()
  returns interval
  language sql immutable parallel safe
as $$ select interval '24 months' $$;
comment on function app.report_keeping() is 'How long report runs are kept [P].';

create or replace function app.report_run_is_kept()
  returns trigger
  language plpgsql
as $$
begin
  if coalesce(old.finished_at, old.started_at) + app.report_keeping() > app.now() then
    raise exception 'report runs are kept for %', app.report_keeping() using errcode = 'BE409';
  end if;
  return old;
end
$$;
comment on function app.report_run_is_kept() is 'Row trigger: refuses to remove a run before its time, whoever asks.';

create or replace function app.report_rows_are_kept()
  returns trigger
  language plpgsql
as $$
begin
  if exists (
    select
    from (select distinct o.run_id from old_rows o) o
    join beeld.report_run r on r.id = o.run_id
    where coalesce(r.finished_at, r.started_at) + app.report_keeping() > app.now()) then
    raise exception 'report runs are kept for %', app.report_keeping() using errcode = 'BE409';
  end if;
  return null;
end
$$;
comment on function app.report_rows_are_kept() is 'Statement trigger: the same of their rows.';

create or replace function app.report_rows_join_running_run()
  returns trigger
  language plpgsql
as $$
begin
  if exists (
    select
    from (select distinct n.run_id from new_rows n) n
    left join beeld.report_run r on r.id = n.run_id and r.state = 'running'
    where r.id is null) then
    raise exception 'rows are added to a running report run only' using errcode = 'BE409';
  end if;
  return null;
end
$$;
comment on function app.report_rows_join_running_run() is 'Refuses rows of a run that ended or that does not exist, whoever asks.';
