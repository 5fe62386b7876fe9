-- The functions that set an identity differ in how they find the person. What they share, app.is_open and app.take_on,
-- are single expressions that the planner writes into each of them: a call per request would cost more than the look-up.
-- The clock is asked once in each: written into every comparison it took a sixth of the function's instructions.

create or replace function app.day_of(instant timestamptz)
  returns date
  language sql immutable parallel safe
as $$ select (instant at time zone 'Europe/Amsterdam')::date $$;
comment on function app.day_of(timestamptz) is 'The civil date in Europe/Amsterdam of an instant.';

create or replace function app.is_open(a beeld.access, instant timestamptz, day date)
  returns boolean
  language sql immutable
as $$
  select a.from_date <= day
    and a.until_date > day
    and (a.disabled_at is null or a.disabled_at > instant)
$$;
comment on function app.is_open(beeld.access, timestamptz, date) is
  'Whether this is what a person who is let in may do at an instant, which lies on this day.';

create or replace function app.is_open(a beeld.access)
  returns boolean
  language sql stable
as $$ select app.is_open(a, app.now(), app.today()) $$;
comment on function app.is_open(beeld.access) is 'Whether this is what a person who is let in may do today.';

create or replace function app.take_on(a beeld.access)
  returns integer
  language sql volatile
as $$
  select num_nulls(
    set_config('app.person', a.person_id::text, true),
    set_config('app.subject_key', a.subject_key::text, true),
    case when a.coach then set_config('app.coach', 'on', true) end,
    case when a.adviser then set_config('app.adviser', 'on', true) end,
    case when a.privacy_officer then set_config('app.privacy_officer', 'on', true) end,
    case when a.system_admin then set_config('app.system_admin', 'on', true) end,
    case when a.director_of is not null then set_config('app.director_of', a.director_of::text, true) end,
    case when a.school_admin_of is not null then set_config('app.school_admin_of', a.school_admin_of::text, true) end,
    case when a.schools is not null then set_config('app.schools', a.schools::text, true) end)
$$;
comment on function app.take_on(beeld.access) is
  'Makes this the identity of the transaction, as settings that the policies only compare: app.person, app.subject_key; app.coach, app.adviser, app.privacy_officer, app.system_admin (on); app.director_of, app.school_admin_of and their union app.schools (uuid[]). The number it returns means nothing.';

create or replace function app.refuse_identity(token_hash bytea)
  returns void
  language plpgsql stable
as $$
declare
  instant constant timestamptz := app.now();
  today constant date := app.day_of(instant);
begin
  if exists (
    select
    from beeld.api_token t
    join beeld.access a on a.person_id = t.person_id
    where t.hash = token_hash
      and t.revoked_at is null
      and t.expires_at > instant
      and app.is_open(a, instant, today)
  ) then
    raise exception 'the token has not this scope' using errcode = 'BE403', detail = 'scope';
  end if;
  raise exception 'token not accepted' using errcode = 'BE401';
end
$$;
comment on function app.refuse_identity(bytea) is
  'Says why a token was not accepted: BE403 when it is good and only lacks the scope, else BE401.';

create or replace function app.identify(token_hash bytea)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  instant constant timestamptz := app.now();
  today constant date := app.day_of(instant);
begin
  -- A stray BEGIN would let this segment run inside another's transaction: refuse to be second.
  if current_setting('app.person', true) <> '' then
    raise exception 'an identity is already set' using errcode = 'BE500';
  end if;

  perform app.take_on(a)
  from api_token t
  join access a on a.person_id = t.person_id
  where t.hash = token_hash
    and t.revoked_at is null
    and t.expires_at > instant
    and 'read' = any (t.scopes)
    and app.is_open(a, instant, today);
  if not found then
    perform app.refuse_identity(token_hash);
  end if;
end
$$;
comment on function app.identify(bytea) is
  'First statement of every segment that reads: who holds this token becomes the identity of the transaction. Raises BE401 when nobody does, BE403 when it is not good for reading, BE500 when an identity is set already.';

create or replace function app.identify(token_hash bytea, scope text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  instant constant timestamptz := app.now();
  today constant date := app.day_of(instant);
begin
  if current_setting('app.person', true) <> '' then
    raise exception 'an identity is already set' using errcode = 'BE500';
  end if;

  perform app.take_on(a)
  from api_token t
  join access a on a.person_id = t.person_id
  where t.hash = token_hash
    and t.revoked_at is null
    and t.expires_at > instant
    and scope = any (t.scopes)
    and app.is_open(a, instant, today);
  if not found then
    perform app.refuse_identity(token_hash);
  end if;
end
$$;
comment on function app.identify(bytea, text) is
  'The same for read, write or import: raises BE403 with the detail scope when a good token does not hold it.';

create or replace function app.identify_subject(subject text, scope text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  instant constant timestamptz := app.now();
  today constant date := app.day_of(instant);
begin
  if current_setting('app.person', true) <> '' then
    raise exception 'an identity is already set' using errcode = 'BE500';
  end if;
  if scope is null or scope not in ('read', 'write', 'import') then
    raise exception 'there is no such scope' using errcode = 'BE403', detail = 'scope';
  end if;

  perform app.take_on(a)
  from registration r
  join access a on a.person_id = r.person_id
  where r.subject = identify_subject.subject
    and app.is_open(a, instant, today);
  if not found then
    raise exception 'nobody has this subject' using errcode = 'BE401';
  end if;
end
$$;
comment on function app.identify_subject(text, text) is
  'The same for the subject of a verified OpenID Connect access token, which is good for every scope. Raises BE401 when nobody who is let in has it.';

create or replace function app.link_subject(subject text, email text)
  returns boolean
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  is_linked boolean;
begin
  if current_setting('app.person', true) <> '' then
    raise exception 'an identity is already set' using errcode = 'BE500';
  end if;
  perform set_config('app.origin', 'login', true);
  update registration r
  set
    subject = link_subject.subject,
    version = r.version + 1
  where lower(r.email) = lower(link_subject.email)
    and r.subject is null
    and (r.disabled_at is null or r.disabled_at > app.now())
    and not exists (
      select
      from registration o
      where o.subject = link_subject.subject);
  is_linked := found;
  perform set_config('app.origin', '', true);
  return is_linked;
exception when unique_violation then
  -- Two logins at once with two addresses and one subject: the other was first.
  return false;
end
$$;
comment on function app.link_subject(text, text) is
  'First login: links a verified subject to the one registration with that verified address at work, in whatever case, if it has no subject yet and is not disabled. Whether it did. Never moves a subject from one person to another.';

create or replace function app.me()
  returns uuid
  language sql stable parallel safe
as $$ select nullif(current_setting('app.person', true), '')::uuid $$;
comment on function app.me() is 'The identity of the transaction; null when none is set.';

create or replace function app.my_schools()
  returns uuid[]
  language sql stable parallel safe
as $$ select nullif(current_setting('app.schools', true), '')::uuid[] $$;
comment on function app.my_schools() is 'The schools where the identity is director or school_admin today; null when there are none.';

create or replace function app.my_staff()
  returns setof uuid
  language sql stable
  rows 40
as $$
  select e.person_id
  from beeld.employment e
  where e.school_id = any ((select app.my_schools())::uuid[])
    and (e.until_date is null or e.until_date > (select app.today()))
$$;
comment on function app.my_staff() is 'People who work at my schools, or are about to; under the caller''s own row-level security.';

create or replace function app.my_administration()
  returns uuid[]
  language sql stable parallel safe
as $$ select nullif(current_setting('app.school_admin_of', true), '')::uuid[] $$;
comment on function app.my_administration() is 'The schools for which the identity does the administration today; null when there are none.';

create or replace function app.my_administered_staff()
  returns setof uuid
  language sql stable
  rows 40
as $$
  select e.person_id
  from beeld.employment e
  where e.school_id = any ((select app.my_administration())::uuid[])
    and (e.until_date is null or e.until_date > (select app.today()))
$$;
comment on function app.my_administered_staff() is 'People who work at the schools of my administration, or are about to; under the caller''s own row-level security.';

grant execute on function
  app.identify(bytea), app.identify(bytea, text), app.identify_subject(text, text), app.link_subject(text, text),
  app.me(), app.my_schools(), app.my_staff(), app.my_administration(), app.my_administered_staff()
  to beeld_app;
