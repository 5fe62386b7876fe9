create or replace function app.identify(token_hash bytea)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- A stray BEGIN would let this segment run inside another's transaction: refuse to be second.
  if current_setting('app.person', true) <> '' then
    raise exception 'an identity is already set' using errcode = 'BE500';
  end if;

  perform
    set_config('app.person', a.person_id::text, true),
    set_config('app.subject_key', a.subject_key::text, true),
    case when a.coach then set_config('app.coach', 'on', true) end,
    case when a.adviser then set_config('app.adviser', 'on', true) end,
    case when a.privacy_officer then set_config('app.privacy_officer', 'on', true) end,
    case when a.system_admin then set_config('app.system_admin', 'on', true) end,
    case when a.director_of is not null then set_config('app.director_of', a.director_of::text, true) end,
    case when a.school_admin_of is not null then set_config('app.school_admin_of', a.school_admin_of::text, true) end,
    case when a.schools is not null then set_config('app.schools', a.schools::text, true) end
  from api_token t
  join access a on a.person_id = t.person_id
  where t.hash = token_hash
    and t.revoked_at is null
    and t.expires_at > app.now()
    and a.from_date <= app.today()
    and a.until_date > app.today()
    and (a.disabled_at is null or a.disabled_at > app.now());
  if not found then
    raise exception 'token not accepted' using errcode = 'BE401';
  end if;
end
$$;
comment on function app.identify(bytea) is
  'First statement of every segment: who holds this token becomes the identity of the transaction, as settings that the policies only compare: app.person, app.subject_key; app.coach, app.adviser, app.privacy_officer, app.system_admin (on); app.director_of, app.school_admin_of and their union app.schools (uuid[]). Raises BE401 when nobody does, BE500 when one is set already.';

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

grant execute on function app.identify(bytea), app.me(), app.my_schools(), app.my_staff() to beeld_app;
