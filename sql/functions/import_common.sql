-- What imports of every kind share. An import is one transaction of one session:
--   app.import_begin()            the temporary tables that all kinds use
--   app.import_KIND_begin()       the temporary table incoming_KIND, which the file is then copied into
--   app.import_KIND_check(…)      fills import_fault with what only the whole file or the database can tell, and works
--                                 out the difference; with `exclusive` under locks that keep it true until the commit
--   app.import_KIND_counts(), app.import_KIND_changes(…), app.import_faults(…)     the preview
--   app.import_KIND_apply()       makes the difference so
-- They run with the rights of the caller, whose temporary tables they use.

create or replace function app.import_begin()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  perform
    set_config('app.origin', 'import', true),
    -- The difference is a few joins of whole tables: give them room, and do not compile them for one use.
    set_config('work_mem', '64MB', true),
    set_config('jit', 'off', true);
  drop table if exists pg_temp.import_fault;
  create temporary table import_fault (
    line integer not null,
    column_name text not null,
    code text not null,
    value text,
    arguments text[] not null default '{}'
  ) on commit drop;
end
$$;
comment on function app.import_begin() is
  'First of every import''s transaction: names the origin of its audit rows and makes the table of faults.';

create or replace function app.import_hold(variadic tables text[])
  returns void
  language plpgsql
as $$
begin
  -- Tables and not rows: a board's file is about everyone, so that its rows are the table; and what a file finds missing
  -- is no row that could be held. The lock is taken after the file has been read in, not while it comes.
  -- Another import may take its time before it lets go: longer than a request would wait.
  perform set_config('lock_timeout', '120s', true);
  execute format('lock table %s in share row exclusive mode',
    (select string_agg(format('beeld.%I', name), ', ' order by place)
     from unnest(tables) with ordinality as t(name, place)));
end
$$;
comment on function app.import_hold(text[]) is
  'Keeps everyone else, another import included, from writing these tables until the end of the transaction; they remain readable. Thus what was checked is still true when it is written.';

create or replace function app.import_follow_merges(incoming text)
  returns void
  language plpgsql
as $$
begin
  execute format(
    'update pg_temp.%I i
     set person_number = r.person_number
     from beeld.merged_person m
     join beeld.registration r on r.person_id = m.survivor_id
     where m.person_number = i.person_number
       and not exists (
         select
         from beeld.registration o
         where o.person_number = i.person_number)', incoming);
end
$$;
comment on function app.import_follow_merges(text) is
  'Rows of an entry that was merged into another are rows of that one: else the next file would enter the duplicate again. A number that somebody was given since is theirs.';

create or replace function app.import_faults(maximum integer)
  returns table (line integer, column_name text, code text, value text, arguments text[])
  language plpgsql
as $$
begin
  return query
    select f.line, f.column_name, f.code, f.value, f.arguments
    from pg_temp.import_fault f
    order by f.line, f.column_name, f.code
    limit maximum;
end
$$;
comment on function app.import_faults(integer) is
  'Faults of the import under way, in the order of the file: code and arguments, which the program words.';

create or replace function app.import_fault_count()
  returns bigint
  language plpgsql
as $$
begin
  return (select count(*) from pg_temp.import_fault);
end
$$;
comment on function app.import_fault_count() is 'How many faults the import under way has, those beyond the list included.';

grant execute on function
  app.import_begin(), app.import_hold(text[]), app.import_follow_merges(text), app.import_faults(integer), app.import_fault_count()
  to beeld_jobs;
