-- Import of past recordings: what a board did for its starters before this administration began.

create or replace function app.import_past_recordings_begin()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  drop table if exists pg_temp.incoming_recording, pg_temp.import_recording;
  create temporary table incoming_recording (
    line integer not null,
    id uuid not null,
    person_number text not null,
    recorded_on date not null,
    debriefed_on date
  ) on commit drop;
end
$$;
comment on function app.import_past_recordings_begin() is
  'Makes the table that a file of past recordings is copied into; id is used where the recording is new.';

create or replace function app.import_past_recordings_check(exclusive boolean)
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  if exclusive then
    perform app.import_hold('recording');
  end if;
  perform app.import_follow_merges('incoming_recording');
  analyze pg_temp.incoming_recording;

  drop table if exists pg_temp.import_recording;
  create temporary table import_recording on commit drop as
  select
    i.line,
    coalesce(k.id, i.id) as id,
    k.id is null as is_new,
    r.person_id,
    i.person_number,
    i.recorded_on,
    i.debriefed_on,
    k.debriefed_on as old_debriefed_on,
    k.id is not null and i.debriefed_on <> coalesce(k.debriefed_on, date '0001-01-01') as debrief_changes,
    coalesce(k.is_history, true) as is_history
  from pg_temp.incoming_recording i
  left join registration r on r.person_number = i.person_number
  -- A recording that its teacher keeps private is not met here: nobody is told that it exists. A voided one is gone.
  left join lateral (
    select
      k.id,
      k.debriefed_on,
      k.trajectory_id is null and k.coach_id is null and k.origin = 'starter_programme' and k.state in ('made', 'debriefed') as is_history
    from recording k
    where k.teacher_id = r.person_id
      and k.recorded_on = i.recorded_on
      and k.counts_for_programme
      and k.state in ('made', 'debriefed', 'waived')
    order by is_history desc, k.id
    limit 1
  ) k on true;
  analyze pg_temp.import_recording;

  insert into pg_temp.import_fault (line, column_name, code, value)
  select i.line, 'person_number', 'unknown_person', i.person_number
  from pg_temp.import_recording i
  where i.person_id is null;

  insert into pg_temp.import_fault (line, column_name, code, value)
  select i.line, c.column_name, 'in_future', c.day::text
  from pg_temp.incoming_recording i
  cross join lateral (
    values
      ('date', i.recorded_on),
      ('debriefed_on', i.debriefed_on)
  ) as c(column_name, day)
  where c.day > app.today();

  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select d.line, 'date', 'doubled', d.recorded_on::text, array[d.first_line::text]
  from (
    select i.line, i.recorded_on, min(i.line) over (partition by i.person_number, i.recorded_on) as first_line
    from pg_temp.incoming_recording i
  ) d
  where d.line > d.first_line;

  insert into pg_temp.import_fault (line, column_name, code, value)
  select i.line, 'debriefed_on', 'not_history', i.debriefed_on::text
  from pg_temp.import_recording i
  where i.debrief_changes
    and not i.is_history;
end
$$;
comment on function app.import_past_recordings_check(boolean) is
  'The difference a file of past recordings would make: one is known by person and day. What the file leaves empty (debriefed_on) stays as it is known. Faults: a person who is not there, a day in the future, two rows of one person and day, and a debrief of a recording that a coach made in this administration, which coach and teacher confirm themselves.';

create or replace function app.import_past_recordings_counts()
  returns table (object text, act text, number bigint)
  language plpgsql
as $$
begin
  return query
    select 'recording', case when i.is_new then 'new' when i.debrief_changes then 'changed' else 'unchanged' end as what, count(*)
    from pg_temp.import_recording i
    where i.person_id is not null
    group by what;
end
$$;
comment on function app.import_past_recordings_counts() is 'How many recordings the import would add, change and leave as they are.';

create or replace function app.import_past_recordings_changes(maximum integer)
  returns table (line integer, object text, key text, act text, field text, old_value text, new_value text)
  language plpgsql
as $$
begin
  return query
    select
      i.line, 'recording', concat_ws(' ', i.person_number, i.recorded_on), case when i.is_new then 'new' else 'changed' end,
      case when i.debrief_changes then 'debriefed_on' end, i.old_debriefed_on::text, i.debriefed_on::text
    from pg_temp.import_recording i
    where i.person_id is not null
      and (i.is_new or i.debrief_changes)
    order by i.is_new, i.line
    limit maximum;
end
$$;
comment on function app.import_past_recordings_changes(integer) is
  'The difference in words of the schema: one row for each debrief that changes, then one for each new recording (with its debrief).';

create or replace function app.import_past_recordings_apply()
  returns void
  language plpgsql
as $$
begin
  update recording k
  set
    state = 'debriefed',
    debriefed_on = i.debriefed_on,
    version = k.version + 1
  from pg_temp.import_recording i
  where i.debrief_changes
    and k.id = i.id;

  insert into recording (id, teacher_id, origin, state, planned_on, scheduled_for, recorded_on, debriefed_on)
  select
    i.id, i.person_id, 'starter_programme', case when i.debriefed_on is null then 'made' else 'debriefed' end,
    i.recorded_on, i.recorded_on, i.recorded_on, i.debriefed_on
  from pg_temp.import_recording i
  where i.is_new
  order by i.line;
end
$$;
comment on function app.import_past_recordings_apply() is
  'Makes the difference so: recordings of the starter programme without a coach, planned as far as anybody knows on the day on which they were made.';

grant execute on function
  app.import_past_recordings_begin(), app.import_past_recordings_check(boolean), app.import_past_recordings_counts(),
  app.import_past_recordings_changes(integer), app.import_past_recordings_apply()
  to beeld_jobs;
