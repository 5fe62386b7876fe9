-- Who may import what: asked when an import begins, when it is looked at, and again in the transaction that commits it.

create or replace function app.may_import(
  kind text, school_ids uuid[], adviser boolean, system_admin boolean, school_admin_of uuid[], director_of uuid[])
  returns boolean
  language sql immutable parallel safe
as $$
  select case kind
    when 'schools' then adviser or system_admin
    when 'staff' then adviser or system_admin
    when 'absences' then adviser or coalesce(school_ids <@ school_admin_of, false)
    when 'past-recordings' then adviser
    when 'referrals' then adviser or coalesce(school_ids <@ director_of, false)
    else false
  end
$$;
comment on function app.may_import(text, uuid[], boolean, boolean, uuid[], uuid[]) is
  'The rule of who imports what: schools and staff the adviser and the system administrator; absences the adviser, and whoever does the administration of all the schools in question; past recordings the adviser; referrals the adviser, and the director of all the schools in question.';

create or replace function app.begin_import(import_id uuid, import_kind text, of_board text, day date, called text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  maker constant uuid := app.me();
  adviser constant boolean := coalesce(current_setting('app.adviser', true), '') = 'on';
  system_admin constant boolean := coalesce(current_setting('app.system_admin', true), '') = 'on';
  administered constant uuid[] := nullif(current_setting('app.school_admin_of', true), '')::uuid[];
  directed constant uuid[] := app.my_directorships();
  scope constant uuid[] := case
    when adviser then null
    when import_kind = 'absences' then administered
    when import_kind = 'referrals' then directed
  end;
begin
  if maker is null or not app.may_import(import_kind, scope, adviser, system_admin, administered, directed) then
    raise exception 'not for this identity to import' using errcode = 'BE403';
  end if;

  -- Room for so many files of one person: whoever tries again and again lets go of the first attempts.
  with stale as (
    select i.id
    from import i
    where i.person_id = maker
      and i.state in ('uploading', 'previewed')
      and i.id not in (
        select n.id
        from import n
        where n.person_id = maker
          and n.state in ('uploading', 'previewed')
        order by n.created_at desc, n.id desc
        limit 4)
    for update skip locked
  ),
  emptied as (
    delete from import_chunk c
    using stale s
    where c.import_id = s.id
  )
  update import i
  set
    state = 'discarded',
    preview = null,
    faults = null,
    version = i.version + 1
  from stale s
  where i.id = s.id;

  insert into import (id, kind, person_id, school_ids, board, of_date, file_name)
  values (import_id, import_kind, maker, scope, of_board, day, called);
end
$$;
comment on function app.begin_import(uuid, text, text, date, text) is
  'Opens an import for the identity of the transaction: of the whole board, or, for a school''s administration or director, of the schools that are theirs at this moment. Raises BE403 for whom the kind is not. Of the uploads that somebody left open the last five are kept.';

create or replace function app.act_for_import(import_id uuid, purpose text, expected integer, request text)
  returns table (kind text, board text, of_date date, school_ids uuid[], byte_count integer, encoding text, difference text)
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  found_import import;
  maker access;
begin
  begin
    select i.*
    into found_import
    from import i
    where i.id = act_for_import.import_id
    for update nowait;
  exception when lock_not_available then
    raise exception 'another request is at work on this import' using errcode = 'BE409', detail = 'in_progress';
  end;
  if found_import.id is null then
    raise exception 'no such import' using errcode = 'BE404';
  end if;

  -- As app.identify would find it now: what the maker could do when uploading is over when the role is.
  select a.*
  into maker
  from access a
  where a.person_id = found_import.person_id
    and app.is_open(a);
  if maker.person_id is null
    or not app.may_import(
      found_import.kind, found_import.school_ids, maker.adviser, maker.system_admin, maker.school_admin_of, maker.director_of)
  then
    raise exception 'its maker may not import this any more' using errcode = 'BE403';
  end if;

  if found_import.state not in ('uploading', 'previewed')
    or found_import.state = 'uploading' and purpose = 'commit'
    or found_import.sha256 is null and purpose = 'preview' then
    raise exception 'the import is %', found_import.state using errcode = 'BE409', detail = found_import.state;
  end if;
  if found_import.version <> expected then
    raise exception 'the import has changed' using errcode = 'BE412', detail = found_import.version::text;
  end if;
  if purpose = 'commit' and found_import.fault_count > 0 then
    raise exception 'the import has faults' using errcode = 'BE409', detail = 'faults';
  end if;

  perform
    set_config('app.subject_key', maker.subject_key::text, true),
    set_config('app.origin', 'import', true),
    set_config('app.request_id', coalesce(request, ''), true);
  -- What is made in somebody's name, is judged as theirs and not as the server's.
  if found_import.kind = 'referrals' then
    perform app.take_on(maker);
  end if;
  return query
    select
      found_import.kind, found_import.board, found_import.of_date::date, found_import.school_ids, found_import.byte_count,
      found_import.encoding, encode(found_import.difference, 'hex');
end
$$;
comment on function app.act_for_import(uuid, text, integer, text) is
  'First of each transaction of the server''s own work on an import, for a purpose: preview, commit or discard. Holds the import until the end of it, and makes its maker the one whom audit rows name; of referrals also the identity of the transaction. Raises BE404 when there is none, BE403 when the maker has lost the right meanwhile, BE409 when it is not in a state for it (detail: the state, faults, or in_progress), BE412 when its version is not the expected one (null: any; detail: the version).';

create or replace function app.shown_import(import beeld.import)
  returns table (
    id uuid, kind text, state text, school_ids uuid[], board text, date date, file_name text, byte_count integer,
    sha256 text, rows integer, change_count integer, fault_count integer, created_at text, committed_at text,
    allowed_transitions text[])
  language sql stable
as $$
  select
    import.id, import.kind, import.state, import.school_ids, import.board, import.of_date, import.file_name,
    import.byte_count, encode(import.sha256, 'hex'), import.row_count, import.change_count, import.fault_count,
    to_char(import.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char(import.committed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    case
      when import.state = 'previewed' and import.fault_count = 0 then array['committed', 'discarded']
      when import.state in ('uploading', 'previewed') then array['discarded']
      else array[]::text[]
    end
$$;
comment on function app.shown_import(beeld.import) is 'An import as the API shows it, without what was found in it.';

grant execute on function
  app.may_import(text, uuid[], boolean, boolean, uuid[], uuid[]), app.begin_import(uuid, text, text, date, text),
  app.shown_import(beeld.import)
  to beeld_app;
grant execute on function app.act_for_import(uuid, text, integer, text) to beeld_jobs;
