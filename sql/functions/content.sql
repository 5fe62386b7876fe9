-- Who reaches content. The application has no grant on the tables: these functions judge who asks, whatever roles they
-- hold, and write down who read what is another's.

create or replace function app.teacher_of_item(kind text, item uuid)
  returns uuid
  language plpgsql stable
as $$
begin
  -- PL/pgSQL here and in its like: a function in SQL that looks something up is planned anew in every statement.
  if kind = 'learning_question' then
    return (select r.teacher_id from beeld.request r where r.id = item);
  elsif kind in ('reflection', 'footage') then
    return (select r.teacher_id from beeld.recording r where r.id = item);
  elsif kind = 'storyboard' then
    return (select s.teacher_id from beeld.storyboard s where s.id = item);
  end if;
  return null;
end
$$;
comment on function app.teacher_of_item(text, uuid) is
  'Whose the request, recording or storyboard is that content of this kind, or a consent, belongs to; null when there is none.';

create or replace function app.school_of_item(kind text, item uuid)
  returns uuid
  language plpgsql stable
as $$
begin
  if kind in ('pupil', 'objection_note') then
    return (select o.school_id from beeld.objection o where o.id = item);
  end if;
  return null;
end
$$;
comment on function app.school_of_item(text, uuid) is 'The school whose the objection is that content of this kind belongs to; null when there is none.';

create or replace function app.content_of_item()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if exists (
    select
    from content c
    where c.kind = new.kind
      and c.item_id = new.item_id
      and (
        c.teacher_id is distinct from app.teacher_of_item(c.kind, c.item_id)
        or c.school_id is distinct from app.school_of_item(c.kind, c.item_id))
  ) then
    raise exception 'content belongs to an item of its owner' using errcode = 'BE404';
  end if;
  return null;
end
$$;
comment on function app.content_of_item() is
  'Deferred row trigger: at the end of the transaction the item that content belongs to is there, and is of the same teacher or school. Judges the row as it is then. Raises BE404.';

create or replace function app.content_goes_with_item()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  delete from content c
  where c.kind = any (tg_argv)
    and c.item_id = old.id;
  delete from consent c
  where c.item_kind = any (tg_argv)
    and c.item_id = old.id;
  return null;
end
$$;
comment on function app.content_goes_with_item() is
  'Row trigger of the items: content and consents go with what they belong to. Arguments: the kinds.';

create or replace function app.has_content(kind text, item uuid)
  returns boolean
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  return exists (
    select
    from content c
    join data_key k on k.id = c.data_key_id
    where c.kind = has_content.kind
      and c.item_id = item
      and k.destroyed_at is null);
end
$$;
comment on function app.has_content(text, uuid) is
  'Whether there is a text of this kind for the item, never what it says. For the guards of other tables.';

create or replace function app.coaches_item(kind text, item uuid)
  returns boolean
  language sql stable
as $$
  select coalesce(current_setting('app.coach', true) = 'on', false)
    and exists (
      select
      from beeld.trajectory t
      where t.coach_id = app.me()
        and t.state in ('open', 'paused')
        and case kind
          when 'learning_question' then t.request_id = item
          when 'reflection' then t.id = (select r.trajectory_id from beeld.recording r where r.id = item)
          else false
        end)
    or kind = 'pupil' and app.films_pupil(item)
$$;
comment on function app.coaches_item(text, uuid) is
  'Whether the identity is the coach, today, of the trajectory that the item belongs to, from the assignment until the closing: what the teacher hands to the coach. Never a storyboard. Of an objection, which pupil it is about, to the coach who is to film the group.';

create or replace function app.consented_item(kind text, item uuid)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from beeld.consent c
    where c.item_kind = kind
      and c.item_id = item
      and c.recipient_id = app.me()
      and c.state = 'granted'
      and c.until_date > app.today())
$$;
comment on function app.consented_item(text, uuid) is 'Whether a live consent opens this item to the identity.';

create or replace function app.read_content(kind text, item uuid)
  returns table (
    version integer, sealed bytea, data_key_id uuid, bound_to uuid, master_key text, wrapped bytea, teacher_id uuid)
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  teacher constant uuid := app.teacher_of_item(kind, item);
  school constant uuid := app.school_of_item(kind, item);
  own constant boolean := coalesce(teacher = me, school = any (app.my_schools()), false);
  coached constant boolean := app.coaches_item(kind, item);
  consented constant boolean := app.consented_item(kind, item);
  sought record;
begin
  -- All of these are asked in any case, and of the text nothing before them: how long the refusal takes tells nobody
  -- whether there is something.
  if me is null or not (own or coached or consented) then
    raise exception 'there is no such content' using errcode = 'BE404';
  end if;
  select c.version, c.sealed, k.id, k.bound_to, k.master_key, k.wrapped
  into sought
  from content c
  join data_key k
    on k.id = c.data_key_id
    and k.destroyed_at is null
  where c.kind = read_content.kind
    and c.item_id = item
    and coalesce(c.teacher_id = teacher, c.school_id = school);
  if not found then
    raise exception 'there is no such content' using errcode = 'BE404';
  end if;

  if not own then
    insert into audit (actor_key, origin, request_id, act, table_name, row_id, subject_key, after)
    select
      nullif(current_setting('app.subject_key', true), '')::uuid,
      'api',
      nullif(current_setting('app.request_id', true), ''),
      'read',
      'content',
      item::text,
      p.subject_key,
      jsonb_build_object('kind', read_content.kind)
    from (select) one
    left join person p on p.id = teacher;
  end if;
  return query
  select sought.version, sought.sealed, sought.id, sought.bound_to, sought.master_key, sought.wrapped, teacher;
end
$$;
comment on function app.read_content(text, uuid) is
  'Content as it is sealed, with its key as it is wrapped: for its teacher, or those who answer for its school; for the coach, while the trajectory is open or paused, and of a pupil while the group is to be filmed; for whom a live consent names. No role overrides that. Reading another''s is written into the audit in the same transaction, and so before anything is sent. Raises BE404 for everybody else.';

create or replace function app.knows_item(kind text, item uuid)
  returns boolean
  language sql stable
as $$
  select coalesce(
    case kind
      when 'learning_question' then (select app.actors(r) > 0 from beeld.request r where r.id = item)
      when 'reflection' then (select app.actors(r) > 0 from beeld.recording r where r.id = item)
      when 'storyboard' then (select app.actors(s) > 0 from beeld.storyboard s where s.id = item)
      when 'pupil' then (select app.actors(o) > 0 from beeld.objection o where o.id = item) or app.films_pupil(item)
      when 'objection_note' then (select app.actors(o) > 0 from beeld.objection o where o.id = item)
    end,
    false)
$$;
comment on function app.knows_item(text, uuid) is
  'Whether the identity knows that the request, recording, storyboard or objection is there, whatever of its text.';

create or replace function app.content_may_be_written(kind text, item uuid)
  returns boolean
  language plpgsql stable
as $$
begin
  return kind <> 'reflection'
    or exists (
      select
      from beeld.recording r
      where r.id = item
        and r.state in ('made', 'debriefed', 'waived'));
end
$$;
comment on function app.content_may_be_written(text, uuid) is
  'Whether there is something to write about: a reflection is on a recording that was made.';

create or replace function app.write_content(
  kind text, item uuid, known_version integer, item_follows boolean, key_id uuid, master_key text, wrapped bytea,
  sealed bytea)
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  teacher constant uuid := app.teacher_of_item(kind, item);
  school constant uuid := app.school_of_item(kind, item);
  current integer;
begin
  if me is null or coalesce(teacher, school) is null and (not item_follows or kind in ('pupil', 'objection_note')) then
    raise exception 'there is no such item' using errcode = 'BE404';
  elsif teacher <> me or not coalesce(school = any (app.my_schools()), school is null) then
    if app.knows_item(kind, item) or app.consented_item(kind, item) then
      raise exception 'not yours to write' using errcode = 'BE403';
    end if;
    raise exception 'there is no such item' using errcode = 'BE404';
  elsif not app.content_may_be_written(kind, item) then
    raise exception 'there is nothing to write about' using errcode = 'BE409', detail = 'nothing_filmed';
  end if;

  perform app.hold_data_key(key_id, write_content.master_key, write_content.wrapped, school);
  select c.version
  into current
  from content c
  where c.kind = write_content.kind
    and c.item_id = item
  for update;
  if known_version is null and current is null or known_version <> -1 and coalesce(current, 0) <> known_version then
    raise exception 'the text has changed' using errcode = 'BE412', detail = coalesce(current, 0);
  end if;

  insert into content as c (kind, item_id, teacher_id, school_id, data_key_id, sealed, written_at)
  values (write_content.kind, item, case when school is null then me end, school, key_id, write_content.sealed, app.now())
  on conflict on constraint content_pkey do update
  set
    data_key_id = excluded.data_key_id,
    sealed = excluded.sealed,
    written_at = excluded.written_at,
    version = c.version + 1
  where known_version is distinct from 0
  returning c.version into current;
  if not found then
    raise exception 'the text has changed' using errcode = 'BE412', detail = 1;
  end if;
  return current;
end
$$;
comment on function app.write_content(text, uuid, integer, boolean, uuid, text, bytea, bytea) is
  'The teacher writes their own content, and who answers for a school the school''s; nobody else does. known_version: the one that is replaced; 0 where there is none yet; null for whichever there is; -1 for whichever there is, or none. item_follows: the item may be made later in the same transaction. wrapped: a new data key, null where the one is used that there is. Answers the version it has now. Raises BE404, BE403 to who knows of the item, BE409 with nothing_filmed, BE412 with the version it has, and what app.hold_data_key raises.';

create or replace function app.merge_content(duplicate uuid, survivor uuid)
  returns void
  language sql
as $$
  -- Of two keys the survivor's goes on sealing; the other still opens what it sealed.
  update beeld.data_key k
  set retired_at = app.now()
  where k.person_id = duplicate
    and k.destroyed_at is null
    and k.retired_at is null
    and exists (
      select
      from beeld.data_key o
      where o.person_id = survivor
        and o.destroyed_at is null
        and o.retired_at is null);
  update beeld.data_key set person_id = survivor where person_id = duplicate;
  update beeld.content set teacher_id = survivor where teacher_id = duplicate;
  update beeld.storyboard set teacher_id = survivor where teacher_id = duplicate;
  update beeld.storyboard set state_by = survivor where state_by = duplicate;
  update beeld.consent set teacher_id = survivor where teacher_id = duplicate;
  update beeld.consent set recipient_id = survivor where recipient_id = duplicate;
  update beeld.consent set state_by = survivor where state_by = duplicate;
$$;
comment on function app.merge_content(uuid, uuid) is
  'Part of app.merge_people: what the duplicate owns, and what was opened to them, is the survivor''s. The items must move in the same transaction.';

create or replace function app.merge_content_contradicts(duplicate uuid, survivor uuid)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from beeld.consent c
    where c.teacher_id in (duplicate, survivor)
      and c.recipient_id in (duplicate, survivor)
  )
  or exists (
    select
    from beeld.consent d
    join beeld.consent s on (s.item_id, s.item_kind) = (d.item_id, d.item_kind)
    where d.recipient_id = duplicate
      and s.recipient_id = survivor
      and d.state = 'granted'
      and s.state = 'granted')
$$;
comment on function app.merge_content_contradicts(uuid, uuid) is
  'Part of app.merge_contradictions, for "consent": one entry opened something to the other, or both hold a granted consent for the same item. Its teacher withdraws one first.';

grant execute on function
  app.read_content(text, uuid),
  app.write_content(text, uuid, integer, boolean, uuid, text, bytea, bytea)
  to beeld_app;
