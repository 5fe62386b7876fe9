-- The custody of the footage: who has a copy on what, until it is gone.

create or replace function app.copy_due_on(c beeld.copy, as_of date)
  returns date
  language sql stable parallel safe
as $$
  select least(
    case when c.required_on <= as_of then c.required_on::date end,
    case
      when c.holder_id is distinct from c.teacher_id then
        least(
          case
            when (c.demanded_at at time zone 'Europe/Amsterdam')::date <= as_of then (c.demanded_at at time zone 'Europe/Amsterdam')::date
          end,
          greatest(c.kept_until, c.deletion_due_on)::date)
    end)
$$;
comment on function app.copy_due_on(beeld.copy, date) is
  'The day on which a copy that somebody has is to be deleted, by what was required and demanded up to a day: the earliest of that from which a parent''s objection leaves no other way, whoever has it, and, of one that is not the teacher''s, that of the demand and that of the closing, or of the end of the agreement to keep it; null while none of these. Whoever asks for what is due already, postpones nothing.';

create or replace function app.copy_due_on(c beeld.copy)
  returns date
  language sql stable parallel safe
as $$ select case when c.state = 'held' then app.copy_due_on(c, app.today()) end $$;
comment on function app.copy_due_on(beeld.copy) is
  'The day on which a copy is to be deleted, by what is known today; null of what nobody has any more.';

create or replace function app.copy_is_overdue(c beeld.copy)
  returns boolean
  language plpgsql stable parallel safe
as $$
begin
  -- Of most copies nothing is due: those are done with before the policy is asked.
  return c.state = 'held'
    and num_nonnulls(c.required_on, c.demanded_at, c.kept_until, c.deletion_due_on) > 0
    and coalesce(
      app.copy_due_on(c) + (
        select p.deletion_days
        from app.policy_on(app.today()) p
      )::integer <= app.today(),
      false);
end
$$;
comment on function app.copy_is_overdue(beeld.copy) is 'Whether a copy should have been deleted so many days ago as the policy leaves for it. Never null.';

create or replace function app.actors(r beeld.copy)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  is_own constant boolean := r.holder_id is not distinct from r.teacher_id;
  actors integer := 0;
begin
  if me is null then
    return 0;
  end if;
  if r.teacher_id = me then
    actors := actors | case when is_own then 1 else 512 end;
  elsif r.holder_id = me and r.state = 'held' then
    actors := actors | 2;
  end if;
  if app.is_set('adviser') then
    if r.state = 'held' and not is_own and not app.is_coach_today(r.holder_id) then
      actors := actors | 8;
    elsif r.state = 'lost' or app.copy_is_overdue(r) then
      actors := actors | 512;
    end if;
  end if;
  if app.is_set('privacy_officer') then
    actors := actors | 512;
  end if;
  return actors;
end
$$;
comment on function app.actors(beeld.copy) is
  'What the identity is to a copy: teacher who has it, coach who has it, adviser where who has it is no coach any more. The teacher sees the others too, the adviser those overdue and lost, the privacy officer all.';

create or replace function app.copy_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.source_id is null and exists (
      select
      from carrier c
      where c.id = new.carrier_id
        and c.retired_on <= app.today()
    ) then
      raise exception 'the carrier is retired' using errcode = 'BE422', detail = '/carrier';
    end if;
    return new;
  end if;
  if new.state = 'handed_over' and old.state = 'held' and new.given_to is distinct from new.teacher_id and not exists (
    select
    from recording k
    join trajectory t on t.id = k.trajectory_id
    left join agreement a on a.trajectory_id = t.id
      and a.kind = 'change_of_coach'
      and a.state = 'proposed'
    where k.id = new.recording_id
      and new.given_to in (t.coach_id, a.new_coach_id)
      and new.given_to <> new.holder_id
  ) then
    raise exception 'a copy goes to the teacher, or to the next coach' using errcode = 'BE422', detail = '/to_person';
  end if;
  if new.state = 'handed_over' and old.state = 'held' then
    perform app.refuse_uncleared(new.recording_id);
  end if;
  return new;
end
$$;
comment on function app.copy_guard() is
  'Row trigger: a copy is made on a carrier in use, and handed over to the teacher, or to the coach who goes on.';

create or replace function app.refuse_uncleared(recording uuid)
  returns void
  language plpgsql
as $$
begin
  if exists (
    select
    from beeld.quarantine q
    where q.recording_id = refuse_uncleared.recording
      and q.state = 'open'
  ) then
    raise exception 'it is quarantined' using errcode = 'BE409', detail = 'quarantined';
  elsif exists (
    select
    from beeld.recording k
    cross join lateral app.objections_shown(k) s
    cross join lateral app.measures_kept(s.objection_id) m
    where k.id = refuse_uncleared.recording
      and m.kind in ('anonymise', 'cut')
      and not exists (
        select
        from beeld.promise p
        where p.recording_id = k.id
          and p.measure_id = m.id
          and p.state = 'attested')
  ) then
    raise exception 'what is to be kept is attested first' using errcode = 'BE409', detail = 'not_attested';
  end if;
end
$$;
comment on function app.refuse_uncleared(uuid) is
  'Footage goes nowhere while it is quarantined, or before anonymising and cutting are attested. Raises BE409 with quarantined or not_attested.';

create or replace function app.copy_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  trajectory uuid;
begin
  if tg_op = 'INSERT' then
    return null;
  end if;
  -- Gone, or required, or demanded (once more, perhaps) to go: not merely due because the guidance ends.
  if new.state <> old.state
    or new.required_on is not null and old.required_on is null
    or new.demanded_at is not null
      and (
        old.demanded_at is null
        or (new.deletion_due_on, new.required_on) is not distinct from (old.deletion_due_on, old.required_on))
  then
    update agreement a
    set
      state = 'declined',
      state_reason = 'overtaken'
    where a.copy_id = new.id
      and a.state = 'proposed';
  end if;
  if new.state = old.state then
    return null;
  end if;
  if new.state = 'handed_over' then
    insert into copy (
      id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state, source_id, kept_until, deletion_due_on, required_on)
    values (
      app.new_id(), new.recording_id, new.teacher_id, new.given_to, new.carrier_id, new.carrier_kind, 'held', new.id,
      case when new.given_to <> new.teacher_id then new.kept_until end,
      case when new.given_to <> new.teacher_id then new.deletion_due_on end, new.required_on);
    if new.given_to = new.teacher_id then
      update recording k
      set handed_over_on = app.today()
      where k.id = new.recording_id
        and k.handed_over_on is null;
    end if;
  elsif new.state = 'lost' then
    insert into breach (id, copy_id, due_at)
    values (app.new_id(), new.id, app.now() + interval '72 hours');
  end if;
  if new.state in ('deleted', 'lost') and not exists (
    select
    from copy c
    where c.recording_id = new.recording_id
      and c.state = 'held'
  ) then
    update quarantine q
    set
      state = 'deleted',
      state_reason = case new.state when 'lost' then 'lost' end
    where q.recording_id = new.recording_id
      and q.state = 'open';
  end if;
  select k.trajectory_id into trajectory from recording k where k.id = new.recording_id;
  perform app.close_trajectory(trajectory);
  return null;
end
$$;
comment on function app.copy_follows() is
  'Row trigger: what is handed over goes on in a row of whoever has it now; what is lost is the privacy officer''s to judge within 72 hours [L]; and with the last copy gone the trajectory closes, and a quarantine ends. To keep what is gone, or demanded to go, is proposed no longer.';

create or replace function app.make_copy(id uuid, recording uuid, carrier uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of recording;
begin
  perform app.share_school(app.school_of_group(k.group_id))
  from recording k
  where k.id = make_copy.recording
    and app.actors(k) <> 0;
  select k.* into of from recording k where k.id = make_copy.recording for share;
  if not found or app.actors(of) = 0 then
    raise exception 'there is no such recording' using errcode = 'BE404';
  elsif app.actors(of) & 2 = 0 then
    raise exception 'not yours to do' using errcode = 'BE403';
  elsif of.state not in ('made', 'debriefed', 'waived') or not exists (
    select
    from copy c
    where c.recording_id = of.id
      and c.holder_id = app.me()
      and c.state = 'held'
  ) then
    raise exception 'there is nothing to copy' using errcode = 'BE409', detail = 'no_copy_held';
  end if;
  perform app.refuse_uncleared(of.id);
  insert into copy (id, recording_id, teacher_id, holder_id, carrier_id, carrier_kind, state, deletion_due_on)
  select
    make_copy.id, of.id, of.teacher_id, app.me(), c.id, c.kind, 'held',
    case when t.state in ('closing', 'closed') then app.today() end
  from carrier c
  join trajectory t on t.id = of.trajectory_id
  where c.id = make_copy.carrier;
  if not found then
    raise exception 'no such carrier' using errcode = 'BE422', detail = '/carrier';
  end if;
end
$$;
comment on function app.make_copy(uuid, uuid, uuid) is
  'The coach who has a copy registers another one, on a carrier in use. Raises BE404, BE403, BE409 with no_copy_held and what app.refuse_uncleared raises, BE422 with /carrier.';

create or replace function app.move_copy(id uuid, version integer, to_state text, reason text, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- An objection that is being registered is waited for, before the copy is held: it may quarantine the footage. Of two
  -- copies that go, the later one is to see that it is the last.
  perform case
    when to_state in ('deleted', 'lost') then app.hold_school(app.school_of_group(k.group_id))
    else app.share_school(app.school_of_group(k.group_id))
  end
  from copy c
  join recording k on k.id = c.recording_id
  where c.id = move_copy.id
    and app.actors(c) <> 0;
  perform app.begin_step('copy', id, version, to_state);
  update copy c
  set
    state = to_state,
    state_reason = reason,
    given_to = case when to_state = 'handed_over' then coalesce((draft ->> 'to_person')::uuid, c.teacher_id) end
  where c.id = move_copy.id;
end
$$;
comment on function app.move_copy(uuid, integer, text, text, json) is
  'Brings a copy to another state: handed_over (to_person, the teacher where nobody is named), deleted (attested), lost. Raises what app.begin_step raises, BE422 with /to_person.';

create or replace function app.demand_deletion(id uuid, version integer, is_demanded boolean)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  of copy;
begin
  perform app.begin_step('copy', id, version, null);
  select c.* into of from copy c where c.id = demand_deletion.id;
  if of.teacher_id <> app.me() then
    raise exception 'not yours to demand' using errcode = 'BE403';
  elsif not coalesce(is_demanded, false) then
    raise exception 'a demand is not taken back' using errcode = 'BE422', detail = '/deletion_demanded';
  elsif of.state <> 'held' or of.holder_id is not distinct from of.teacher_id then
    raise exception 'nobody else has it' using errcode = 'BE409', detail = 'not_held';
  end if;
  update copy c
  set
    demanded_at = coalesce(c.demanded_at, app.now()),
    -- While it was kept nothing was late; what was due when that had ended, stays so.
    deletion_due_on = case
      when c.kept_until is not null then least(app.today(), greatest(c.kept_until, c.deletion_due_on))
      else c.deletion_due_on
    end,
    kept_until = null
  where c.id = demand_deletion.id;
end
$$;
comment on function app.demand_deletion(uuid, integer, boolean) is
  'The teacher demands that a copy somebody else has be deleted, at any time; an agreement to keep it ends with that. Raises what app.begin_step raises, BE403, BE409 with not_held, BE422 with /deletion_demanded.';

grant execute on function app.copy_due_on(beeld.copy, date) to beeld_app, beeld_jobs;
grant execute on function
  app.copy_due_on(beeld.copy), app.copy_is_overdue(beeld.copy), app.actors(beeld.copy), app.make_copy(uuid, uuid, uuid),
  app.move_copy(uuid, integer, text, text, json), app.demand_deletion(uuid, integer, boolean)
  to beeld_app;
