create or replace function app.i_see(person uuid)
  returns boolean
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  -- Never null: a setting that was not made is null, and "not null" would let past whoever asks "not app.i_see(…)".
  select app.me() is not null
    and (
      person = app.me()
      or coalesce(current_setting('app.adviser', true) = 'on', false)
      or coalesce(current_setting('app.system_admin', true) = 'on', false)
      or exists (
        select
        from employment e
        where e.person_id = person
          and e.school_id = any ((select app.my_schools())::uuid[]))
      or exists (
        select
        from consent c
        where c.teacher_id = app.me()
          and c.recipient_id = person
          or c.teacher_id = person
          and c.recipient_id = app.me()
          and c.state = 'granted'
          and c.until_date > app.today())
      or exists (
        select
        from person p
        where p.id = i_see.person
          and p.is_coach)
      or coalesce(current_setting('app.coach', true) = 'on', false)
        and (person in (select app.my_coached()) or person in (select app.my_offered())))
$$;
comment on function app.i_see(uuid) is
  'The policies of the table person for one person, for functions that run as the owner, whom policies do not hold; a test sets the two side by side.';

create or replace function app.visible_names(keys uuid[])
  returns table (subject_key uuid, person_id uuid, name text)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
  rows 50
as $$
  select k.subject_key, p.id, p.name::text
  from (
    select o.subject_key, o.id
    from person o
    where o.subject_key = any (keys)
    union all
    select m.subject_key, m.survivor_id
    from merged_person m
    where m.subject_key = any (keys)
  ) k
  join person p on p.id = k.id
  where app.i_see(p.id)
$$;
comment on function app.visible_names(uuid[]) is
  'The people behind these subject keys of audit rows, those included who were merged since; only those whom the identity sees anyway.';

create or replace function app.new_id()
  returns uuid
  language sql volatile
as $$
  -- 48 bits of milliseconds, then those of a random UUID with the version, 4 (0100), made 7 (0111).
  select encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid
$$;
comment on function app.new_id() is 'A new UUIDv7, for rows that a function makes besides the one it was asked for.';

create or replace function app.create_person(id uuid, body json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  is_board constant boolean := coalesce(
    current_setting('app.adviser', true) = 'on' or current_setting('app.system_admin', true) = 'on', false);
  is_adviser constant boolean := coalesce(current_setting('app.adviser', true) = 'on', false);
  post constant json := body -> 'employment';
  has_post constant boolean := coalesce(json_typeof(post) = 'object', false);
  since constant date := body ->> 'teaching_since';
begin
  if app.me() is null or not (is_board or app.my_administration() is not null) then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  if not is_board then
    if not has_post then
      raise exception 'a school enters a person with an employment there'
        using errcode = 'check_violation', schema = 'beeld', table = 'person', constraint = 'person_first_employment';
    end if;
    if (post ->> 'school')::uuid is null or (post ->> 'school')::uuid <> all (app.my_administration()) then
      raise exception 'not a school of yours' using errcode = 'BE403';
    end if;
  end if;

  insert into person (id, name)
  values (create_person.id, body ->> 'name');
  insert into registration (person_id, person_number, email, teaching_since, teaching_since_approved_at, language)
  values (
    create_person.id, body ->> 'person_number', body ->> 'email', since,
    case when is_adviser and (body ->> 'teaching_since_approved')::boolean and since is not null then app.now() end,
    coalesce(body ->> 'language', 'nl'));
  if has_post then
    insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
    values (
      coalesce((post ->> 'id')::uuid, app.new_id()), create_person.id, (post ->> 'school')::uuid, post ->> 'job', (post ->> 'fte')::numeric,
      (post ->> 'from')::date, (post ->> 'until')::date);
  end if;
end
$$;
comment on function app.create_person(uuid, json) is
  'Enters a person: name, person_number, email, teaching_since, language; employment {school, job, fte, from, until, and its id where the caller has made one}; from an adviser teaching_since_approved (boolean). Adviser and system_admin enter anybody; a school''s administration only with a first employment at its school, else nobody there would see the person: hence one act, and not three inserts of which the first two would be of somebody not yet visible. Raises BE403; a school without an employment violates person_first_employment.';

grant execute on function app.i_see(uuid), app.visible_names(uuid[]), app.create_person(uuid, json) to beeld_app;
