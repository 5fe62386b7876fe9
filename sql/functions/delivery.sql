-- Deliveries: the mails that tell of a run, from the transaction in which it succeeds to the mail server's yes.

create or replace function app.report_recipients(schedule uuid)
  returns setof uuid
  language sql stable
as $$
  select distinct a.person_id
  from beeld.report_schedule s
  join beeld.report k on k.key = s.report
  join beeld.report_recipient r on r.schedule_id = s.id
    and r.role = any (k.board || k.counts || k.schools)
  join beeld.role_assignment a on a.role = r.role
    and (r.school_id is null or a.school_id = r.school_id)
  join beeld.registration g on g.person_id = a.person_id
  where s.id = schedule
    and a.from_date <= app.today()
    and coalesce(a.until_date > app.today(), true)
    and coalesce(g.disabled_at > app.now(), true)
$$;
comment on function app.report_recipients(uuid) is 'The people who are to be told of a schedule''s run now: by the roles that they hold today, as far as the report is for these.';

create or replace function app.is_unsubscribed(person uuid, schedule uuid)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from beeld.report_unsubscription u
    join beeld.report_schedule s on s.id = u.schedule_id
    where u.person_id = person
      and u.schedule_id = schedule
      and not s.required)
$$;
comment on function app.is_unsubscribed(uuid, uuid) is 'Whether somebody does not want the mails of a schedule, where that is theirs to say.';

create or replace function app.deliveries_follow()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  insert into report_delivery (
    id, run_id, person_id, state, reason, finished_at, exceptions, new_exceptions, resolved_exceptions,
    acknowledged_exceptions)
  select
    app.new_id(), new.id, p.id, v.state, v.reason, case when v.state <> 'queued' then app.now() end, c.exceptions, c.new,
    c.resolved, c.acknowledged
  from app.report_recipients(new.schedule_id) p(id)
  join registration g on g.person_id = p.id
  cross join lateral app.report_change_counts(new.id, p.id) c
  cross join lateral (
    select case
      when app.is_unsubscribed(p.id, new.schedule_id) then 'skipped unsubscribed'
      when g.email is null then 'dead no_address'
      when c.new + c.resolved > 0 then 'queued'
      -- Once a week in any case, so that silence never means that nobody looks.
      when not exists (
        select
        from report_delivery d
        join report_run r on r.id = d.run_id
        where d.person_id = p.id
          and d.state in ('queued', 'sent')
          and r.schedule_id = new.schedule_id
          and r.period > new.period - 7
          and r.period < new.period)
      then 'queued'
      else 'skipped nothing_new'
    end as verdict
  ) w
  cross join lateral (
    select split_part(w.verdict, ' ', 1) as state, nullif(split_part(w.verdict, ' ', 2), '') as reason
  ) v;
  -- Only wakes: whoever is not listening finds them too.
  perform pg_notify('beeld_work', '');
  return null;
end
$$;
comment on function app.deliveries_follow() is
  'Row trigger: a run that a schedule made and that succeeds is told to each recipient of then, in the same transaction. Told is what changed for the recipient, and once a week that nothing did; a delivery that has nothing to say, or nowhere to go, says why.';

create or replace function app.delivery_guard()
  returns trigger
  language plpgsql
as $$
begin
  if old.state <> 'queued' then
    if (to_jsonb(new) - 'person_id') = (to_jsonb(old) - 'person_id') then
      return new;
    end if;
    raise exception 'a delivery that is % never changes', old.state using errcode = 'BE409';
  elsif (old.id, old.run_id, old.queued_at) is distinct from (new.id, new.run_id, new.queued_at) then
    raise exception 'what a delivery is about never changes' using errcode = 'BE409';
  end if;
  new.version := old.version + 1;
  return new;
end
$$;
comment on function app.delivery_guard() is
  'The state machine of a delivery: queued → sent | skipped | dead, whoever asks; only whose it is may change afterwards, when two entries of one person are merged.';

create or replace function app.delivery_expire()
  returns integer
  language sql
as $$
  with expired as (
    update beeld.report_delivery d
    set
      state = 'dead',
      reason = coalesce(d.reason, 'never_tried'),
      lease_until = null,
      retry_at = null,
      finished_at = app.now()
    where d.id in (
      select x.id
      from beeld.report_delivery x
      where x.state = 'queued'
        and x.queued_at <= app.now() - interval '24 hours'
      for update skip locked)
    returning 1
  )
  select count(*)::integer
  from expired
$$;
comment on function app.delivery_expire() is
  'Gives up what could not be sent within 24 hours, and says how many that were. What somebody is at is left alone.';

create or replace function app.delivery_claim(lease interval, key_hash bytea)
  returns table (delivery uuid, attempt smallint)
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  next record;
begin
  loop
    select x.id, x.person_id, r.schedule_id
    into next
    from report_delivery x
    join report_run r on r.id = x.run_id
    where x.state = 'queued'
      and coalesce(x.lease_until <= app.now(), true)
      and coalesce(x.retry_at <= app.now(), true)
      and x.queued_at > app.now() - interval '24 hours'
    order by x.id
    limit 1
    for update of x skip locked;
    exit when not found or app.delivery_let_go(next.id, next.person_id, next.schedule_id) is null;
  end loop;
  return query
    with claimed as (
      update report_delivery d
      set
        attempt = d.attempt + 1,
        lease_until = app.now() + lease,
        retry_at = null
      where d.id = next.id
      returning d.id, d.attempt
    ), keyed as (
      insert into report_delivery_key (hash, delivery_id)
      select key_hash, c.id
      from claimed c
    )
    select c.id, c.attempt
    from claimed c;
end
$$;
comment on function app.delivery_claim(interval, bytea) is
  'Takes up at most one mail, under a lease, with the hash of the key for its address of unsubscribing; those on the way to it that are not to be sent any more are let go (app.delivery_let_go). Who is at work holds the row''s lock and is passed over. No row: nothing to do.';

create or replace function app.delivery_let_go(delivery uuid, person uuid, schedule uuid)
  returns text
  language sql
as $$
  update beeld.report_delivery d
  set
    state = 'skipped',
    reason = v.reason,
    lease_until = null,
    retry_at = null,
    finished_at = app.now()
  from (
    select case
      when not exists (
        select
        from app.report_recipients(schedule) p(id)
        where p.id = person)
      then 'no_recipient'
      when app.is_unsubscribed(person, schedule) then 'unsubscribed'
    end as reason
  ) v
  where d.id = delivery
    and v.reason is not null
  returning d.reason::text
$$;
comment on function app.delivery_let_go(uuid, uuid, uuid) is
  'A mail that waited is not sent to who is no recipient of the schedule any more, by a role that has ended or an account that is closed, nor to who has unsubscribed meanwhile. Answers why it was let go; null where it is still to be sent.';

create or replace function app.delivery_hold(delivery uuid, of_attempt integer)
  returns table (
    address text, language text, run uuid, report text, as_of date, late boolean, required boolean, exceptions integer,
    new_exceptions integer, resolved_exceptions integer, acknowledged_exceptions integer)
  language plpgsql
as $$
begin
  perform
  from beeld.report_delivery d
  where d.id = delivery
    and d.state = 'queued'
    and d.attempt = of_attempt
  for update;
  if not found then
    raise exception 'this attempt is no longer the running one' using errcode = 'BE409';
  end if;
  return query
    select
      g.email, g.language::text, r.id, r.report::text, r.as_of::date, r.late, s.required, d.exceptions, d.new_exceptions,
      d.resolved_exceptions, d.acknowledged_exceptions
    from beeld.report_delivery d
    join beeld.report_run r on r.id = d.run_id
    join beeld.report_schedule s on s.id = r.schedule_id
    join beeld.registration g on g.person_id = d.person_id
    where d.id = delivery;
end
$$;
comment on function app.delivery_hold(uuid, integer) is
  'What a mail that was taken up says and to whom, held until the end of the transaction: the lock says "at work" to everybody who looks for a lapsed lease. Raises BE409 when the claim was lost.';

create or replace function app.delivery_sent(delivery uuid, of_attempt integer)
  returns void
  language sql
as $$
  update beeld.report_delivery d
  set
    state = 'sent',
    reason = null,
    lease_until = null,
    finished_at = app.now()
  where d.id = delivery
    and d.state = 'queued'
    and d.attempt = of_attempt
$$;
comment on function app.delivery_sent(uuid, integer) is 'The mail server has taken it; to be called by who holds it.';

create or replace function app.delivery_fail(delivery uuid, of_attempt integer, why text, for_good boolean)
  returns text
  language sql
as $$
  update beeld.report_delivery d
  set
    state = case when for_good then 'dead' else 'queued' end,
    reason = why,
    lease_until = null,
    retry_at = case when not for_good then app.this_instant() + least(interval '1 minute' * 4 ^ (least(d.attempt, 4) - 1), interval '1 hour') end,
    finished_at = case when for_good then app.now() end
  where d.id = delivery
    and d.state = 'queued'
    and d.attempt = of_attempt
  returning d.state
$$;
comment on function app.delivery_fail(uuid, integer, text, boolean) is
  'Writes down that a try failed and why: given up when it was refused for good, else tried again after 1, 4 and 16 minutes and then every hour, from now on, which may be long after the try began. Answers the state, null when the attempt is no longer the running one.';

create or replace function app.subscription_of(delivery uuid, key_hash bytea)
  returns table (person uuid, schedule uuid, report text, language text, required boolean, subscribed boolean)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  return query
    select d.person_id, s.id, s.report::text, g.language::text, s.required, u.id is null
    from report_delivery d
    join report_delivery_key k on k.delivery_id = d.id
    join report_run r on r.id = d.run_id
    join report_schedule s on s.id = r.schedule_id
    join registration g on g.person_id = d.person_id
    left join report_unsubscription u on u.person_id = d.person_id
      and u.schedule_id = s.id
    where d.id = delivery
      and k.hash = key_hash;
  if not found then
    raise exception 'there is no such address' using errcode = 'BE404';
  end if;
end
$$;
comment on function app.subscription_of(uuid, bytea) is
  'What a mail''s address of unsubscribing leads to, for whoever has its key. Raises BE404 whatever is wrong.';

create or replace function app.subscription(delivery uuid, key_hash bytea)
  returns table (report text, language text, required boolean, subscribed boolean)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select s.report, s.language, s.required, s.subscribed
  from app.subscription_of(delivery, key_hash) s
$$;
comment on function app.subscription(uuid, bytea) is
  'Whether the one to whom a mail was sent is told of the schedule''s runs, for whoever has the key in the mail. Raises BE404 whatever is wrong.';

create or replace function app.subscribe(delivery uuid, key_hash bytea, wanted boolean)
  returns table (report text, language text, required boolean, subscribed boolean)
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  known record;
begin
  select s.*
  into known
  from app.subscription_of(delivery, key_hash) s;
  perform
    set_config('app.origin', 'mail', true),
    set_config('app.subject_key', p.subject_key::text, true)
  from person p
  where p.id = known.person;
  if wanted then
    delete from report_unsubscription u
    where u.person_id = known.person
      and u.schedule_id = known.schedule;
  elsif not known.required then
    insert into report_unsubscription (id, person_id, schedule_id)
    values (app.new_id(), known.person, known.schedule)
    on conflict on constraint report_unsubscription_unique do nothing;
  end if;
  return query
    select s.report, s.language, s.required, s.subscribed
    from app.subscription_of(delivery, key_hash) s;
end
$$;
comment on function app.subscribe(uuid, bytea, boolean) is
  'Ends or renews the mails of a schedule to the one to whom a mail was sent, for whoever has the key in it, and says how it stands then: a schedule that is required goes on. Raises BE404 whatever is wrong.';

create or replace function app.delivery_troubles()
  returns table (recipients integer, queued integer, dead integer, abandoned integer)
  language sql stable
as $$
  select
    (select count(*)::integer from beeld.report_recipient),
    (select count(*)::integer from beeld.report_delivery d where d.state = 'queued'),
    (
      select count(*)::integer
      from beeld.report_delivery d
      where d.state = 'dead'
        and d.finished_at > app.now() - interval '7 days'),
    (select count(*)::integer from app.abandoned_runs())
$$;
comment on function app.delivery_troubles() is
  'For the operator: for how many roles schedules are told, how many mails wait, how many were given up in the last seven days, and how many scheduled runs were given up and not made since.';

grant execute on function
  app.report_recipients(uuid), app.delivery_expire(), app.delivery_claim(interval, bytea), app.delivery_hold(uuid, integer),
  app.delivery_sent(uuid, integer), app.delivery_fail(uuid, integer, text, boolean), app.delivery_troubles()
  to beeld_jobs;
grant execute on function app.subscription(uuid, bytea), app.subscribe(uuid, bytea, boolean) to beeld_app;
