-- State machines. The table transition says what may follow what and by whom; app.take_step holds every writer to it.

create or replace function app.actor_bit(actor text)
  returns integer
  language sql immutable parallel safe
as $$
  select case actor
    when 'teacher' then 1
    when 'coach' then 2
    when 'director' then 4
    when 'adviser' then 8
    when 'maker' then 16
    when 'counterpart' then 32
    when 'privacy_officer' then 64
    when 'school_admin' then 128
    when 'server' then 256
    when 'viewer' then 512
  end
$$;
comment on function app.actor_bit(text) is
  'What somebody is to a row, as one bit of a mask; app.actors(row) adds up those of the identity. viewer: sees the row and takes no step for it. A mask of 0: the row does not exist for them.';

create or replace function app.is_set(role text)
  returns boolean
  language sql stable parallel safe
as $$ select coalesce(current_setting('app.' || role, true) = 'on', false) $$;
comment on function app.is_set(text) is 'Whether the identity holds this role of the whole board today: coach, adviser, privacy_officer or system_admin. Never null.';

create or replace function app.instant(at timestamptz)
  returns text
  language sql stable parallel safe
as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
comment on function app.instant(timestamptz) is 'An instant as answers write it: RFC 3339 in UTC, to the second.';

create or replace function app.precompute_transitions()
  returns void
  language sql
as $$
  delete from beeld.allowed_transition;
  insert into beeld.allowed_transition (machine, state, actors, transitions)
  select t.machine, t.from_state, a.actors, array_agg(distinct t.to_state::text order by t.to_state::text)
  from beeld.transition t
  join generate_series(1, 255) a(actors) on a.actors & app.actor_bit(t.actor) <> 0
  where t.from_state is not null
  group by t.machine, t.from_state, a.actors;
$$;
comment on function app.precompute_transitions() is 'Fills allowed_transition from transition.';

create or replace function app.transitions_changed()
  returns trigger
  language plpgsql
as $$
begin
  perform app.precompute_transitions();
  return null;
end
$$;
comment on function app.transitions_changed() is 'Statement trigger: what is derived from the machines follows every change of them.';

create or replace function app.allowed_transitions(machine text, state text, actors integer)
  returns text[]
  language plpgsql stable parallel safe
as $$
begin
  return coalesce(
    (
      select a.transitions
      from beeld.allowed_transition a
      where a.machine = allowed_transitions.machine
        and a.state = allowed_transitions.state
        and a.actors = allowed_transitions.actors & 255
    ),
    '{}');
end
$$;
comment on function app.allowed_transitions(text, text, integer) is
  'The states that somebody who is this to a row (app.actors) may bring it to, from the state it is in. Whether what else must hold does hold, the attempt shows.';

create or replace function app.refuse_step(machine text, state text, to_state text, actors integer)
  returns void
  language plpgsql stable
as $$
begin
  -- What this asker never does, in whatever state, is not theirs to do; what they do in another state is not possible now.
  if state is null or not exists (
    select
    from beeld.transition t
    where t.machine = refuse_step.machine
      and t.to_state = refuse_step.to_state
      and t.from_state is not null
      and app.actor_bit(t.actor) & actors <> 0
  ) then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  raise exception 'the state does not permit it'
    using
      errcode = 'BE409',
      detail = 'transitions:' || array_to_string(app.allowed_transitions(machine, state, actors), ',');
end
$$;
comment on function app.refuse_step(text, text, text, integer) is
  'Raises BE403 where the step is never theirs, else BE409 with "transitions:" and those that are, parted by commas.';

create or replace function app.take_step()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  before text;
  -- What a statement of a trigger does, follows from what somebody did, and is the server's.
  is_server constant boolean := app.me() is null or pg_trigger_depth() > 1;
  actors integer;
begin
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    if new.state = old.state then
      return new;
    end if;
    before := old.state;
    actors := app.actors(old);
  elsif app.me() is null and session_user not in ('beeld_app', 'beeld_jobs') then
    -- The operator brings back what was: a row in whatever state.
    return new;
  else
    actors := app.actors(new);
  end if;
  if is_server then
    actors := actors | app.actor_bit('server');
  end if;

  if not exists (
    select
    from transition t
    where t.machine = tg_table_name
      and t.from_state is not distinct from before
      and t.to_state = new.state
      and app.actor_bit(t.actor) & actors <> 0
  ) then
    perform app.refuse_step(tg_table_name, before, new.state, actors);
  end if;
  -- The end of an objection or of a measure lifts what stood against a recording.
  new.state_since := case when tg_table_name in ('objection', 'measure') then app.this_instant() else app.now() end;
  new.state_by := case when not is_server then app.me() end;
  return new;
end
$$;
comment on function app.take_step() is
  'Row trigger of every machine''s table, for every writer: a new state must follow the old one in the table transition, and by who the identity is to the row. Keeps actor and instant, and raises the version.';

create or replace function app.begin_step(machine text, id uuid, version integer, to_state text)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  current integer;
  state text;
  actors integer;
begin
  if machine is null or machine <> all (array['request', 'trajectory', 'recording', 'copy', 'agreement', 'storyboard', 'consent', 'objection', 'measure', 'promise', 'quarantine']) then
    raise exception 'there is no such machine' using errcode = 'BE500';
  end if;
  -- Whoever it does not exist for, neither waits for it nor makes others wait.
  execute format('select app.actors(r) from %I r where id = $1', machine)
  into actors
  using begin_step.id;
  if coalesce(actors, 0) = 0 then
    raise exception 'there is no such row' using errcode = 'BE404';
  end if;
  execute format('select version, state, app.actors(r) from %I r where id = $1 for no key update', machine)
  into current, state, actors
  using begin_step.id;
  if coalesce(actors, 0) = 0 then
    raise exception 'there is no such row' using errcode = 'BE404';
  elsif current <> begin_step.version then
    raise exception 'the row has changed' using errcode = 'BE412', detail = current;
  elsif to_state is not null and to_state <> all (app.allowed_transitions(machine, state, actors)) then
    perform app.refuse_step(machine, state, to_state, actors);
  end if;
  return actors;
end
$$;
comment on function app.begin_step(text, uuid, integer, text) is
  'Before a step: holds the row until the end of the transaction and says what the identity is to it. Raises BE404 when it does not exist for the identity, BE412 with the version it has when that is another one (not compared when null), and refuses the step where the machine does (null: no step is meant).';

grant execute on function
  app.actor_bit(text), app.is_set(text), app.instant(timestamptz), app.allowed_transitions(text, text, integer)
  to beeld_app;

-- What was there before this file.
select app.precompute_transitions();
