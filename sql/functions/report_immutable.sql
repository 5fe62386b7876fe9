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
comment on function app.report_is_unchangeable() is 'Refuses to remove report runs, and to change or remove their rows, whoever asks.';

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
