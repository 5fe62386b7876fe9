-- Keeping ends: what is removed when, a piece at a time, and what keeps somebody here for longer.

create or replace function app.person_keeping()
  returns interval
  language sql immutable parallel safe
as $$ select interval '2 years' $$;
comment on function app.person_keeping() is 'How long what is known of somebody is kept after their departure [P].';

create or replace function app.audit_keeping()
  returns interval
  language sql immutable parallel safe
as $$ select interval '5 years' $$;
comment on function app.audit_keeping() is 'How long audit rows are kept [P].';

create or replace function app.token_keeping()
  returns interval
  language sql immutable parallel safe
as $$ select interval '30 days' $$;
comment on function app.token_keeping() is 'How long the operator still sees a token that has expired or was revoked [P].';

create or replace function app.audit_is_kept()
  returns trigger
  language plpgsql
as $$
begin
  if old.at + app.audit_keeping() > app.now() then
    raise exception 'audit rows are kept for %', app.audit_keeping() using errcode = 'BE403';
  end if;
  return old;
end
$$;
comment on function app.audit_is_kept() is 'Row trigger: refuses to remove an audit row before its time, whoever asks.';

create or replace function app.departed_people(as_of date)
  returns table (person_id uuid, due_on date, kept_by text)
  language sql stable
as $$
  select
    d.person_id,
    d.due_on,
    case
      when exists (
        select
        from beeld.trajectory t
        where t.teacher_id = d.person_id
          and t.state <> 'closed'
      ) or exists (
        select
        from beeld.trajectory t
        where t.coach_id = d.person_id
          and t.state <> 'closed'
      ) then 'trajectory_open'
      when exists (
        select
        from beeld.recording r
        where r.teacher_id = d.person_id
          and r.state = 'planned'
      ) or exists (
        select
        from beeld.recording r
        where r.coach_id = d.person_id
          and r.state = 'planned'
      ) then 'recording_planned'
      when exists (
        select
        from beeld.copy c
        where c.holder_id = d.person_id
          and c.state = 'held'
          and c.teacher_id <> d.person_id
      ) then 'holds_copy'
      when exists (
        select
        from beeld.copy c
        where c.teacher_id = d.person_id
          and c.state = 'held'
          and (c.holder_id is distinct from c.teacher_id or c.required_on is not null)
      ) then 'copy_to_delete'
      when exists (
        select
        from beeld.breach b
        join beeld.copy c on c.id = b.copy_id
        where b.settled_at is null
          and d.person_id in (c.teacher_id, c.holder_id)
      ) then 'breach_open'
      when exists (
        select
        from beeld.quarantine q
        join beeld.recording r on r.id = q.recording_id
        where q.state = 'open'
          and d.person_id in (r.teacher_id, r.coach_id)
      ) then 'quarantine_open'
    end
  from (
    select x.person_id, (max(x.until_date) + app.person_keeping())::date as due_on
    from (
      select e.person_id, e.until_date
      from beeld.employment e
      union all
      select a.person_id, a.until_date
      from beeld.role_assignment a
    ) x
    group by x.person_id
    having bool_and(x.until_date is not null)
      and max(x.until_date) + app.person_keeping() <= as_of
  ) d
$$;
comment on function app.departed_people(date) is
  'Who departed so long before a day that nothing of them is kept any more, and since when that is. The departure is the end of the last employment or role, whichever is later; of whom neither is known there is none. kept_by: what, as it is today, keeps them here nevertheless, else null: trajectory_open, as teacher or coach; recording_planned; holds_copy, of somebody else''s footage; copy_to_delete, of their own, which somebody else has, or which a parent''s objection demands deleted; breach_open, a loss that the privacy officer has not judged; quarantine_open, of a recording that they made or are seen in. Custody stays traceable until the last copy is gone. What they keep of their own footage, tokens, open requests, and what they once decided or granted keeps nobody.';

create or replace function app.forget_people(at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  today constant date := app.today();
  chosen uuid[];
  gone uuid[];
begin
  chosen := array(
    select d.person_id
    from app.departed_people(today) d
    where d.kept_by is null
    order by d.due_on, d.person_id
    limit at_most);
  -- Whoever enters a fact about somebody holds the person meanwhile: those are passed over, and of the others it is
  -- asked again now that nobody can.
  chosen := array(
    select p.id
    from person p
    where p.id = any (chosen)
    order by p.id
    for update skip locked);
  gone := array(
    select d.person_id
    from app.departed_people(today) d
    where d.person_id = any (chosen)
      and d.kept_by is null);

  -- The key first: what was sealed under it opens nowhere any more, whatever becomes of the rest.
  update data_key k
  set
    wrapped = null,
    destroyed_at = app.now()
  where k.person_id = any (gone)
    and k.destroyed_at is null;
  delete from content c
  where c.teacher_id = any (gone);
  delete from person p
  where p.id = any (gone);
  return cardinality(gone);
end
$$;
comment on function app.forget_people(integer) is
  'Removes so many of those who departed two years ago and whom nothing keeps, with everything about them: texts and their key first. What others did with them loses the name: who coached, granted, decided or made is null. Stored runs keep the id and audit rows the key, which lead to nobody any more.';

create or replace function app.forget_report_runs(at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  gone integer;
begin
  delete from report_run r
  where r.id = any (array(
    select x.id
    from report_run x
    where coalesce(x.finished_at, x.started_at) + app.report_keeping() <= app.now()
    order by x.id
    limit at_most
    for update skip locked));
  get diagnostics gone = row_count;
  return gone;
end
$$;
comment on function app.forget_report_runs(integer) is
  'Removes so many report runs that have been kept as long as they are. The run first, so that nobody is shown a part of one; its rows follow.';

create or replace function app.forget_report_rows(at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  orphaned uuid;
  gone integer;
begin
  -- From run to run along the key: of a million rows one look-up each run.
  with recursive held as (
    (
      select r.run_id
      from report_row r
      order by r.run_id
      limit 1
    )
    union all
    select (
      select r.run_id
      from report_row r
      where r.run_id > h.run_id
      order by r.run_id
      limit 1)
    from held h
    where h.run_id is not null
  )
  select h.run_id
  into orphaned
  from held h
  where h.run_id is not null
    and not exists (
      select
      from report_run r
      where r.id = h.run_id)
  limit 1;
  delete from report_row r
  where r.run_id = orphaned
    and r.ordinal in (
      select x.ordinal
      from report_row x
      where x.run_id = orphaned
      order by x.ordinal
      limit at_most);
  get diagnostics gone = row_count;
  return gone;
end
$$;
comment on function app.forget_report_rows(integer) is 'Removes so many rows of one run that is there no longer.';

create or replace function app.forget_audit(at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  gone integer;
begin
  -- Ids follow the writing: the oldest come first, and where they are not old enough, none is.
  delete from audit a
  where a.id in (
    select o.id
    from (
      select x.id, x.at
      from audit x
      order by x.id
      limit at_most
    ) o
    where o.at + app.audit_keeping() <= app.now());
  get diagnostics gone = row_count;
  return gone;
end
$$;
comment on function app.forget_audit(integer) is 'Removes so many of the oldest audit rows, those that have been kept for five years.';

create or replace function app.forget_tokens(at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  gone integer;
begin
  delete from api_token t
  where t.id = any (array(
    select x.id
    from api_token x
    where least(x.expires_at, x.revoked_at) + app.token_keeping() <= app.now()
    order by x.id
    limit at_most
    for update skip locked));
  get diagnostics gone = row_count;
  return gone;
end
$$;
comment on function app.forget_tokens(integer) is 'Removes so many tokens that expired or were revoked 30 days ago: they open nothing, and the audit tells of them.';

create or replace function app.retention_night()
  returns date
  language sql stable
as $$
  select n.at::date
  from (
    select app.now() at time zone 'Europe/Amsterdam' as at
  ) n
  where n.at::time >= time '03:30'
$$;
comment on function app.retention_night() is
  'The night whose removals are due: today from 03:30 on in Europe/Amsterdam, an hour before the reports; null before. A night that was missed needs no other: what it would have removed, the next one finds.';

create or replace function app.note_removal(kind text, night date, number integer, is_finished boolean)
  returns void
  language sql
as $$
  insert into beeld.retention as r (night, kind, number, finished_at)
  values (note_removal.night, note_removal.kind, note_removal.number, case when is_finished then app.now() end)
  on conflict on constraint retention_pkey do update
  set
    number = r.number + excluded.number,
    finished_at = coalesce(r.finished_at, excluded.finished_at)
$$;
comment on function app.note_removal(text, date, integer, boolean) is 'Counts what was removed, in the transaction of the removal.';

create or replace function app.retention_step(kind text, at_most integer)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  tonight constant date := app.retention_night();
  gone integer;
begin
  -- One at a time of a kind: whoever finds another at it leaves it to them.
  if tonight is null or not pg_try_advisory_xact_lock(hashtextextended('retention ' || kind, 0)) or exists (
    select
    from retention r
    where r.night = tonight
      and r.kind = retention_step.kind
      and r.finished_at is not null
  ) then
    return null;
  end if;
  perform set_config('app.origin', 'job', true);
  -- Before anybody goes whose wish is still to be counted.
  if kind = 'person' then
    perform app.close_own_wish_years();
  end if;
  gone := case kind
    when 'person' then app.forget_people(greatest(at_most / 40, 1))
    when 'objection' then app.forget_objections(at_most)
    when 'report_run' then app.forget_report_runs(at_most)
    when 'report_row' then app.forget_report_rows(at_most)
    when 'audit' then app.forget_audit(at_most)
    when 'api_token' then app.forget_tokens(at_most)
  end;
  if gone is null then
    raise exception 'nothing of the kind is removed by night' using errcode = 'BE500';
  end if;
  perform app.note_removal(kind, tonight, gone, gone = 0);
  return gone;
end
$$;
comment on function app.retention_step(text, integer) is
  'Removes a piece of one kind (person, objection, report_run, report_row, audit, api_token), of about so many rows, counts it, and says how much it was. 0: nothing more tonight, and the kind is finished; null: it was finished before, the night has not come, or another is at it. Whatever the transaction, each piece is removed and counted, or neither; done by whichever instance, and gone on with after a stop, by calling it until it is 0 or null.';

grant execute on function
  app.retention_step(text, integer), app.departed_people(date), app.person_keeping(), app.retention_night()
  to beeld_jobs;
