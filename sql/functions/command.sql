-- What a segment that writes begins with: that it is given once, that the row is still as its asker knows it, and that
-- what it names is there.

create or replace function app.begin_command(request text, key text, hash bytea, status integer, resource text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  known command;
begin
  if me is null then
    raise exception 'no identity is set' using errcode = 'BE500';
  end if;
  perform set_config('app.request_id', coalesce(request, ''), true);
  if key is null then
    return;
  end if;

  if not pg_try_advisory_xact_lock(hashtextextended(me || ' ' || key, 0)) then
    raise exception 'the first command under this key is still running' using errcode = 'BE409', detail = 'in_progress';
  end if;
  -- Under the lock, and in a statement of its own: whatever was committed before it is seen.
  select c.*
  into known
  from command c
  where c.person_id = me
    and c.key = begin_command.key
    and c.at > app.now() - interval '24 hours';
  if found and known.hash is distinct from begin_command.hash then
    raise exception 'the key was used for another command' using errcode = 'BE422', detail = 'key_reused';
  elsif found then
    raise exception 'the command was done before'
      using errcode = 'BE208', detail = concat_ws(' ', known.status, known.resource);
  end if;

  insert into command (person_id, key, hash, status, resource, at)
  values (me, begin_command.key, begin_command.hash, begin_command.status, begin_command.resource, app.now())
  on conflict on constraint command_pkey do update
  set
    hash = excluded.hash,
    status = excluded.status,
    resource = excluded.resource,
    at = excluded.at;
end
$$;
comment on function app.begin_command(text, text, bytea, integer, text) is
  'Second statement of every segment that writes, after identify: names the request in the audit, and where the command has an Idempotency-Key, remembers it with the answer it will get. Raises BE208 with the detail "status resource" when this person gave it before and it was done, BE409 with in_progress while it is being done, BE422 with key_reused when another command was given under the key within 24 hours.';

create or replace function app.forget_commands()
  returns bigint
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  forgotten integer;
begin
  delete from command c
  where (c.person_id, c.key) in (
    select x.person_id, x.key
    from command x
    where x.at <= app.now() - interval '24 hours'
    order by x.at
    limit 10000
    for update skip locked);
  get diagnostics forgotten = row_count;
  if forgotten > 0 then
    perform set_config('app.origin', 'job', true);
    perform app.note_removal('command', app.today(), forgotten, false);
  end if;
  return forgotten;
end
$$;
comment on function app.forget_commands() is
  'Forgets commands that are 24 hours old, ten thousand at most, counts them, and says how many.';

create or replace function app.hold(noun text, id text, version integer)
  returns void
  language plpgsql
as $$
declare
  key constant text := case when noun in ('registration', 'coach') then 'person_id' else 'id' end;
  current integer;
begin
  if noun is null or noun <> all (array[
    'person', 'registration', 'employment', 'role_assignment', 'absence', 'prior_experience', 'exemption', 'school',
    'school_group', 'coach', 'coach_unavailability', 'follow_up', 'carrier', 'breach', 'notice', 'report_schedule',
    'report_acknowledgement'
  ]) then
    raise exception 'there is no such noun' using errcode = 'BE500';
  end if;

  -- A row is locked only where a policy lets its reader change it.
  execute format('select version from beeld.%I where %I = $1 for no key update', noun, key) into current using hold.id::uuid;
  if current is null then
    execute format('select version from beeld.%I where %I = $1', noun, key) into current using hold.id::uuid;
    -- That somebody coaches is common knowledge, what room they have is not.
    if current is null and not (noun = 'coach' and hold.id::uuid in (select app.coaches_today())) then
      raise exception 'there is no such row' using errcode = 'BE404';
    end if;
    raise exception 'the row is not yours to change' using errcode = 'BE403';
  elsif current <> hold.version then
    raise exception 'the row has changed' using errcode = 'BE412', detail = current;
  end if;
end
$$;
comment on function app.hold(text, text, integer) is
  'Before an update or a delete: holds the row until the end of the transaction, so that what follows finds it as it is now. Raises BE404 when the identity does not see the row, BE403 when it sees and may not change it, BE412 with the version it has when that is another one (not compared when null).';

create or replace function app.refuse_unknown(variadic pointers text[])
  returns void
  language plpgsql stable
as $$
begin
  if array_to_string(pointers, ' ') <> '' then
    raise exception 'what is named there does not exist' using errcode = 'BE422', detail = array_to_string(pointers, ' ');
  end if;
end
$$;
comment on function app.refuse_unknown(text[]) is
  'Raises BE422 with the JSON pointers that are not null, parted by blanks: members that name what does not exist for whoever asks. Nothing where there is none.';

grant execute on function
  app.begin_command(text, text, bytea, integer, text), app.hold(text, text, integer), app.refuse_unknown(text[])
  to beeld_app;
grant execute on function app.forget_commands() to beeld_jobs;
