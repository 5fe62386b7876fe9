create or replace function app.identify(token_hash bytea)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  known record;
begin
  -- A stray BEGIN would let this segment run inside another's transaction: refuse to be second.
  if coalesce(current_setting('app.person', true), '') <> '' then
    raise exception 'an identity is already set' using errcode = 'BE500';
  end if;

  select t.person_id, p.subject_key, r.disabled_at
  into known
  from api_token t
  join person p on p.id = t.person_id
  join registration r on r.person_id = t.person_id
  where t.hash = token_hash
    and t.revoked_at is null
    and t.expires_at > app.now();
  if not found or known.disabled_at <= app.now() then
    raise exception 'token not accepted' using errcode = 'BE401';
  end if;

  perform app.assume(known.person_id, known.subject_key);
end
$$;
comment on function app.identify(bytea) is
  'First statement of every segment: who holds this token becomes the identity of the transaction. Raises BE401 when nobody does, BE500 when one is set already.';

create or replace function app.assume(person uuid, subject_key uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  today constant date := app.today();
  held record;
begin
  perform set_config('app.person', person::text, true), set_config('app.subject_key', assume.subject_key::text, true);

  for held in
    select
      a.role,
      array_agg(a.school_id) as schools
    from role_assignment a
    where a.person_id = person
      and a.from_date <= today
      and (a.until_date is null or a.until_date > today)
    group by a.role
  loop
    case
      when held.role in ('director', 'school_admin') then
        perform
          set_config('app.' || held.role || '_of', held.schools::text, true),
          set_config('app.schools',
            (coalesce(nullif(current_setting('app.schools', true), ''), '{}')::uuid[] || held.schools)::text, true);
      else
        perform set_config('app.' || held.role, 'on', true);
    end case;
  end loop;
end
$$;
comment on function app.assume(uuid, uuid) is
  'Resolves a person''s roles of today once into settings of the transaction, which the policies only compare: app.person, app.subject_key; app.coach, app.adviser, app.privacy_officer, app.system_admin (on); app.director_of, app.school_admin_of and their union app.schools (uuid[]).';

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
