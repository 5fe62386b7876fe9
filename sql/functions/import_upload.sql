-- An uploaded file and what was found in it. With the rights of the server's own work, which alone reaches the bytes.

create or replace function app.import_append(import_id uuid, place integer, piece bytea)
  returns void
  language plpgsql
as $$
begin
  perform
  from import i
  where i.id = import_append.import_id
    and i.state = 'uploading'
    and i.sha256 is null
  for share;
  if not found then
    raise exception 'nothing more is taken in for this import' using errcode = 'BE409', detail = 'discarded';
  end if;
  insert into import_chunk (import_id, ordinal, bytes)
  values (import_append.import_id, place, piece);
end
$$;
comment on function app.import_append(uuid, integer, bytea) is
  'Keeps a piece of the file. Raises BE409 when the upload has ended meanwhile.';

create or replace function app.import_received(import_id uuid, pieces integer, byte_count integer, hash bytea, encoding text)
  returns void
  language plpgsql
as $$
begin
  update import i
  set
    byte_count = import_received.byte_count,
    sha256 = hash,
    encoding = import_received.encoding,
    version = i.version + 1
  where i.id = import_received.import_id
    and i.state = 'uploading'
    and i.sha256 is null
    and (pieces, import_received.byte_count) = (
      select count(*), coalesce(sum(octet_length(c.bytes)), 0)
      from import_chunk c
      where c.import_id = import_received.import_id);
  if not found then
    raise exception 'the upload is not whole, or has ended' using errcode = 'BE409', detail = 'discarded';
  end if;
end
$$;
comment on function app.import_received(uuid, integer, integer, bytea, text) is
  'The file is here, whole: so many pieces, so many bytes. Raises BE409 when it is not, or when the upload has ended meanwhile.';

create or replace function app.import_fingerprint(kind text)
  returns text
  language plpgsql
as $$
declare
  fingerprint text;
begin
  execute format(
    'select encode(sha256(coalesce(string_agg(d.hash, '''' order by d.hash), '''')), ''hex'')
     from (select sha256(convert_to(c::text, ''UTF8'')) as hash from app.%I(null) c) d',
    'import_' || replace(kind, '-', '_') || '_changes')
  into fingerprint;
  return fingerprint;
end
$$;
comment on function app.import_fingerprint(text) is
  'SHA-256 over every change of the import under way, whatever their order: two that are equal make the same difference.';

create or replace function app.import_judged(
  import_id uuid, row_count integer, change_count integer, fault_count integer, difference text, preview json, faults json)
  returns void
  language sql
as $$
  update beeld.import i
  set
    state = 'previewed',
    row_count = import_judged.row_count,
    change_count = import_judged.change_count,
    fault_count = import_judged.fault_count,
    difference = decode(import_judged.difference, 'hex'),
    preview = import_judged.preview,
    faults = import_judged.faults,
    version = i.version + 1
  where i.id = import_judged.import_id;

  -- With a fault it will never be committed, and what is wrong with it may be that it says what was said in a talk.
  delete from beeld.import_chunk c
  using beeld.import i
  where i.id = import_judged.import_id
    and i.kind = 'referrals'
    and i.fault_count > 0
    and c.import_id = i.id
$$;
comment on function app.import_judged(uuid, integer, integer, integer, text, json, json) is
  'Keeps the outcome of a preview, in the transaction that app.act_for_import began. A faulty file of referrals is let go of at once.';

create or replace function app.import_end(import_id uuid, new_state text)
  returns void
  language plpgsql
as $$
begin
  delete from import_chunk c
  where c.import_id = import_end.import_id;
  update import i
  set
    state = new_state,
    committed_at = case when new_state = 'committed' then app.now() end,
    preview = case when new_state = 'committed' then i.preview end,
    faults = case when new_state = 'committed' then i.faults end,
    version = i.version + 1
  where i.id = import_end.import_id;
end
$$;
comment on function app.import_end(uuid, text) is
  'Ends an import, committed or discarded, in the transaction that app.act_for_import began: the file goes with it.';

create or replace function app.import_abandon(import_id uuid)
  returns void
  language plpgsql
as $$
begin
  perform
  from import i
  where i.id = import_abandon.import_id
    and i.state = 'uploading'
    and i.sha256 is null
  for update;
  if found then
    perform app.import_end(import_abandon.import_id, 'discarded');
  end if;
end
$$;
comment on function app.import_abandon(uuid) is 'An upload broke off: lets go of what had come in. Nothing happens to one that was whole already.';

create or replace function app.forget_imports()
  returns bigint
  language plpgsql
as $$
declare
  forgotten uuid[];
begin
  select array_agg(o.id)
  into forgotten
  from (
    select i.id
    from import i
    where i.created_at < app.now() - interval '24 hours'
      and (i.preview is not null or i.state = 'uploading')
    for update skip locked
  ) o;
  delete from import_chunk c
  where c.import_id = any (forgotten);
  update import i
  set
    state = case when i.state = 'committed' then i.state else 'discarded' end,
    preview = null,
    faults = null,
    version = i.version + 1
  where i.id = any (forgotten);
  return coalesce(cardinality(forgotten), 0);
end
$$;
comment on function app.forget_imports() is
  'Removes the bytes and the listed changes and faults of imports that are more than 24 hours old; those still open are discarded. Answers how many there were.';

grant execute on function
  app.import_append(uuid, integer, bytea), app.import_received(uuid, integer, integer, bytea, text),
  app.import_fingerprint(text), app.import_judged(uuid, integer, integer, integer, text, json, json),
  app.import_end(uuid, text), app.import_abandon(uuid), app.forget_imports()
  to beeld_jobs;
