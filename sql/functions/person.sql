create or replace function app.change_person(person uuid, known_version integer, draft jsonb)
  returns void
  language plpgsql
as $$
declare
  current_version integer;
begin
  select r.version
  into current_version
  from person_resource r
  where r.id = person;
  if not found then
    raise exception 'no such person' using errcode = 'BE404';
  end if;
  -- Both rows are held before the versions are compared, so that of two who change at once the second is told.
  if draft ? 'name' then
    perform app.hold('person', person::text, null);
  end if;
  if draft - 'name' <> '{}' then
    -- Who sees the name and not what is registered beside it is told so: that there is a registration, everybody knows.
    if not exists (select from registration g where g.person_id = person) then
      raise exception 'not yours to change' using errcode = 'BE403';
    end if;
    perform app.hold('registration', person::text, null);
  end if;
  select r.version
  into current_version
  from person_resource r
  where r.id = person;
  if known_version is not null and known_version <> current_version then
    raise exception 'changed meanwhile' using errcode = 'BE412', detail = current_version::text;
  end if;

  if draft ? 'name' then
    update person p
    set
      name = draft ->> 'name',
      version = p.version + 1
    where p.id = person;
  end if;
  if draft - 'name' <> '{}' then
    update registration g
    set
      person_number = coalesce(draft ->> 'person_number', g.person_number),
      email = case when draft ? 'email' then draft ->> 'email' else g.email end,
      language = coalesce(draft ->> 'language', g.language),
      teaching_since = case when draft ? 'teaching_since' then (draft ->> 'teaching_since')::date else g.teaching_since end,
      teaching_since_approved_at = case
        when draft -> 'teaching_since_approved' = 'true' then coalesce(g.teaching_since_approved_at, app.now())
        when draft -> 'teaching_since_approved' = 'false' then null
        when draft ? 'teaching_since' and (draft ->> 'teaching_since')::date is distinct from g.teaching_since then null
        else g.teaching_since_approved_at
      end,
      subject = case when draft ? 'subject' then draft ->> 'subject' else g.subject end,
      disabled_at = case
        when draft -> 'disabled' = 'true' then coalesce(g.disabled_at, app.now())
        when draft -> 'disabled' = 'false' then null
        else g.disabled_at
      end,
      version = g.version + 1
    where g.person_id = person;
  end if;
end
$$;
comment on function app.change_person(uuid, integer, jsonb) is
  'Changes what a draft names of a person and the registration beside the name, with the rights of the caller; which fields those are, the trigger on registration decides. Raises BE404, BE403, or BE412 with the current version.';
grant execute on function app.change_person(uuid, integer, jsonb) to beeld_app;

create or replace function app.keys_of_person(person uuid)
  returns uuid[]
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select array_agg(k.subject_key)
  from (
    select p.subject_key
    from person p
    where p.id = person
    union all
    select m.subject_key
    from merged_person m
    where m.survivor_id = person
  ) k
  where app.i_see(person)
    or coalesce(current_setting('app.privacy_officer', true) = 'on', false)
$$;
comment on function app.keys_of_person(uuid) is
  'The subject keys of a person whom the asker sees, those of merged entries included, to search the audit; the privacy officer, who reads all of it, may ask for anybody.';
grant execute on function app.keys_of_person(uuid) to beeld_app;
