-- The coach's calendar: a feed of what is planned, for whoever has its secret address.

create or replace function app.hold_own_calendar(coach uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if coach not in (select app.coaches_today()) then
    raise exception 'there is no such coach' using errcode = 'BE404';
  elsif coach <> app.me() then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  -- Two addresses made at once: the later revokes the earlier.
  perform
  from coach c
  where c.person_id = hold_own_calendar.coach
  for no key update;
end
$$;
comment on function app.hold_own_calendar(uuid) is
  'Raises BE404 for who is no coach today, BE403 for who is another than the identity; else holds the calendar until the end of the transaction.';

create or replace function app.open_calendar(id uuid, coach uuid, key_hash bytea)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.hold_own_calendar(coach);
  insert into calendar_feed (id, person_id, hash)
  values (open_calendar.id, coach, key_hash)
  on conflict on constraint calendar_feed_person_unique do update
  set
    id = excluded.id,
    hash = excluded.hash,
    created_at = excluded.created_at;
end
$$;
comment on function app.open_calendar(uuid, uuid, bytea) is
  'Makes a secret address for the own calendar; the one before is good for nothing from then on.';

create or replace function app.close_calendar(coach uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.hold_own_calendar(coach);
  delete from calendar_feed f
  where f.person_id = coach;
end
$$;
comment on function app.close_calendar(uuid) is 'Revokes the secret address of the own calendar, if there is one.';

create or replace function app.my_calendar(id uuid)
  returns text
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select app.instant(f.created_at)
  from calendar_feed f
  where f.id = my_calendar.id
    and f.person_id = app.me()
$$;
comment on function app.my_calendar(uuid) is 'When the own address of this id was made; null when another was made since.';

create or replace function app.calendar_time(at timestamptz)
  returns text
  language sql stable
as $$
  -- Where the clock goes back, a local time stands for the first of its two instants (RFC 5545 §3.3.5).
  select case
    when (at - interval '1 hour') at time zone 'Europe/Amsterdam' = at at time zone 'Europe/Amsterdam'
    then to_char(at at time zone 'UTC', '":"YYYYMMDD"T"HH24MISS"Z"')
    else to_char(at at time zone 'Europe/Amsterdam', '";TZID=Europe/Amsterdam:"YYYYMMDD"T"HH24MISS')
  end
$$;
comment on function app.calendar_time(timestamptz) is
  'An instant as iCalendar writes it after a property''s name: local time of Europe/Amsterdam, or UTC where that would mean another instant.';

create or replace function app.calendar(coach uuid, key_hash bytea)
  returns table (uid text, sequence integer, stamped text, starts text, ends text, place text)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  feed calendar_feed;
begin
  select f.*
  into feed
  from calendar_feed f
  join access a on a.person_id = f.person_id
  where f.person_id = calendar.coach
    and f.hash = key_hash
    and a.coach
    and app.is_open(a);
  if not found then
    raise exception 'there is no such calendar' using errcode = 'BE404';
  end if;
  return query
    select
      encode(substring(sha256(uuid_send(feed.uid_key) || uuid_send(r.id)) for 16), 'hex'),
      r.version,
      to_char(r.state_since at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
      app.calendar_time(r.scheduled_at),
      app.calendar_time(r.scheduled_at + interval '20 minutes'),
      s.name::text
    from recording r
    left join school_group g on g.id = r.group_id
    left join school s on s.id = g.school_id
    where r.coach_id = feed.person_id
      and r.state = 'planned'
      and r.scheduled_at >= app.now() - interval '30 days'
    order by r.scheduled_at, r.id;
end
$$;
comment on function app.calendar(uuid, bytea) is
  'The recordings that are planned for a coach, from 30 days ago on, as events of 20 minutes [S] at a school: for whoever has the key of the secret address, without identity. No names, no groups, nothing that leads to a recording. Raises BE404 whatever is wrong: no coach, no address, another key, a role that has ended, a person who is disabled.';

grant execute on function
  app.open_calendar(uuid, uuid, bytea), app.close_calendar(uuid), app.my_calendar(uuid), app.calendar(uuid, bytea)
  to beeld_app;
