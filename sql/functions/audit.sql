create or replace function app.audit()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  subject_column constant text := tg_argv[0];
  kept_back constant text[] := tg_argv[1]::text[];
  silent constant text[] := coalesce(tg_argv[3], '{}')::text[];
  -- A person's own row goes by the subject key too: the id would be the mapping that erasure is to remove.
  is_person constant boolean := tg_argv[0] = tg_argv[2];
  actor constant uuid := nullif(current_setting('app.subject_key', true), '')::uuid;
  source constant text := coalesce(nullif(current_setting('app.origin', true), ''), case when actor is null then 'operator' else 'api' end);
  request constant text := nullif(current_setting('app.request_id', true), '');
begin
  if tg_op = 'INSERT' then
    insert into audit (actor_key, origin, request_id, act, table_name, row_id, subject_key, after)
    select actor, source, request, 'insert', tg_table_name, case when is_person then p.subject_key::text else n.row ->> (tg_argv[2]) end, p.subject_key, n.row - kept_back
    from (select to_jsonb(r) as row from new_rows r) n
    left join person p on p.id = (n.row ->> subject_column)::uuid;
  elsif tg_op = 'DELETE' then
    insert into audit (actor_key, origin, request_id, act, table_name, row_id, subject_key, before)
    select
      actor, source, request, 'delete', tg_table_name,
      case when is_person then coalesce(p.subject_key::text, o.row ->> 'subject_key', 'erased') else o.row ->> (tg_argv[2]) end,
      coalesce(p.subject_key, (o.row ->> 'subject_key')::uuid), o.row - kept_back
    from (select to_jsonb(r) as row from old_rows r) o
    left join person p on p.id = (o.row ->> subject_column)::uuid;
  else
    insert into audit (actor_key, origin, request_id, act, table_name, row_id, subject_key, changed, before, after)
    select
      actor, source, request, 'update', tg_table_name,
      case when is_person then p.subject_key::text else n.row ->> (tg_argv[2]) end, p.subject_key, d.columns,
      (select jsonb_object_agg(k, o.row -> k) from unnest(d.columns) k where k <> all (kept_back)),
      (select jsonb_object_agg(k, n.row -> k) from unnest(d.columns) k where k <> all (kept_back))
    from (select to_jsonb(r) as row from new_rows r) n
    join (select to_jsonb(r) as row from old_rows r) o on o.row ->> (tg_argv[2]) = n.row ->> (tg_argv[2])
    cross join lateral (
      select array_agg(e.key order by e.key) as columns
      from jsonb_each(n.row) e
      where o.row -> e.key is distinct from e.value
        and e.key <> all (silent)
    ) d
    left join person p on p.id = (n.row ->> subject_column)::uuid
    where d.columns is not null;
  end if;
  return null;
end
$$;
comment on function app.audit() is
  'Statement trigger: writes one audit row for each changed row. Arguments: the column that names the person concerned, the columns whose values are never kept, the primary key column, and the columns whose change alone is not worth a row.';

create or replace function app.audit_is_insert_only()
  returns trigger
  language plpgsql
as $$
begin
  raise exception 'audit rows are never changed' using errcode = 'BE403';
end
$$;
comment on function app.audit_is_insert_only() is 'Refuses to change or remove audit rows, whoever asks.';
