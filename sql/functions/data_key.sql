-- Data keys, as the vault of the API and the operator's rotation reach them. What is wrapped is unwrapped by the
-- application, which alone has the master keys.

create or replace function app.sealing_key(kind text, item uuid, school uuid)
  returns table (owner_id uuid, id uuid, bound_to uuid, master_key text, wrapped bytea)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  of_school constant uuid := coalesce(sealing_key.school, app.school_of_item(kind, item));
  -- Who does not answer for the school gets a key of their own, and is refused when they write.
  answers constant boolean := coalesce(of_school = any (app.my_schools()), false);
begin
  if me is null then
    return;
  end if;
  return query
    select case when answers then of_school else me end, k.id, k.bound_to, k.master_key, k.wrapped
    from (select) one
    left join data_key k
      on case when answers then k.school_id = of_school else k.person_id = me end
      and k.destroyed_at is null
      and k.retired_at is null;
end
$$;
comment on function app.sealing_key(text, uuid, uuid) is
  'Whose key a text of this kind for this item is sealed under, and that key, null where there is none yet: the school''s of an objection (school: of one that is being registered), the asker''s of anything else. No row without an identity.';

-- What servers ask that know keys of teachers alone, while the schema is one ahead of them.
create or replace function app.my_data_key()
  returns table (person_id uuid, id uuid, bound_to uuid, master_key text, wrapped bytea)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select * from app.sealing_key('learning_question', null, null)
$$;
comment on function app.my_data_key() is
  'The same of the asker''s own key, as servers of the schema before ask it: who asks, and the key under which their content is sealed; null where they have written none yet. No row without an identity.';

-- In the transaction in which its only caller is replaced.
drop function if exists app.hold_data_key(uuid, text, bytea);

create or replace function app.hold_data_key(key_id uuid, master_key text, wrapped bytea, school uuid)
  returns void
  language plpgsql
as $$
declare
  me constant uuid := app.me();
  live uuid;
begin
  if wrapped is not null then
    insert into beeld.data_key (id, person_id, school_id, bound_to, master_key, wrapped)
    values (
      key_id, case when school is null then me end, school, coalesce(school, me), hold_data_key.master_key,
      hold_data_key.wrapped)
    on conflict do nothing;
  end if;
  select k.id
  into live
  from beeld.data_key k
  where case when school is null then k.person_id = me else k.school_id = school end
    and k.destroyed_at is null
    and k.retired_at is null
  for share;
  if live is distinct from key_id then
    raise exception 'content is sealed under another key by now' using errcode = 'serialization_failure', detail = 'data_key';
  end if;
end
$$;
comment on function app.hold_data_key(uuid, text, bytea, uuid) is
  'Part of app.write_content: keeps a new data key of the identity, or of a school, or holds the one there is until the end of the transaction. Raises serialization_failure with the detail data_key when another key is, by now, the one to seal under: of two first writes at once, the second; or when the key was destroyed meanwhile. Seal anew and try again.';

create or replace function app.destroy_data_key()
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  texts integer;
begin
  if me is null then
    raise exception 'no identity is set' using errcode = 'BE500';
  end if;
  -- In this order: whoever is writing under the key has finished, or will find it gone.
  update data_key k
  set
    wrapped = null,
    destroyed_at = app.now()
  where k.person_id = me
    and k.destroyed_at is null;
  delete from content c
  where c.teacher_id = me;
  get diagnostics texts = row_count;
  return texts;
end
$$;
comment on function app.destroy_data_key() is
  'The teacher erases all their own content: every key of theirs is destroyed, so that no copy of the database can be read with the master key either, and the texts go. Answers how many. Backups forget the key when their retention ends.';

create or replace function app.data_key_counts()
  returns table (master_key text, number bigint)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select k.master_key, count(*)
  from data_key k
  where k.destroyed_at is null
  group by k.master_key
  order by k.master_key
$$;
comment on function app.data_key_counts() is 'How many live data keys each master key wraps, for the operator.';

create or replace function app.data_keys_to_rewrap(current text, number integer)
  returns table (id uuid, bound_to uuid, master_key text, wrapped bytea)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select k.id, k.bound_to, k.master_key, k.wrapped
  from data_key k
  where k.destroyed_at is null
    and k.master_key <> current
  order by k.master_key, k.id
  limit number
$$;
comment on function app.data_keys_to_rewrap(text, integer) is
  'Some of the live data keys that another master key wraps than the one named, as they are: wrapped.';

create or replace function app.rewrap_data_key(key_id uuid, before bytea, master_key text, wrapped bytea)
  returns boolean
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  update data_key k
  set
    master_key = rewrap_data_key.master_key,
    wrapped = rewrap_data_key.wrapped
  where k.id = key_id
    and k.wrapped = before
    and k.destroyed_at is null;
  return found;
end
$$;
comment on function app.rewrap_data_key(uuid, bytea, text, bytea) is
  'Puts another wrapping around the same data key, if it is still the one that was read: false when somebody else was first, or it was destroyed. Nothing that is sealed changes.';

grant execute on function app.sealing_key(text, uuid, uuid), app.my_data_key() to beeld_app;
grant execute on function app.destroy_data_key() to beeld_app;
grant execute on function
  app.data_key_counts(), app.data_keys_to_rewrap(text, integer), app.rewrap_data_key(uuid, bytea, text, bytea)
  to beeld_jobs;
