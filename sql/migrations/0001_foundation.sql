-- Extension, domains and the clock: what every later migration stands on.

create extension if not exists btree_gist with schema beeld;

alter default privileges for role beeld_owner revoke execute on functions from public;

create domain beeld.civil_date as date
  constraint civil_date_in_bounds check (value between date '1900-01-01' and date '2199-12-31');
comment on domain beeld.civil_date is 'A day in Europe/Amsterdam; never infinite, never absurd.';

create domain beeld.label as text
  constraint label_length check (char_length(value) between 1 and 200)
  constraint label_printable check (value !~ '[[:cntrl:]]' and value = btrim(value))
  constraint label_normalized check (value is nfc normalized);
comment on domain beeld.label is 'A name as people write it: NFC, 1 to 200 characters, trimmed, no control characters.';

create domain beeld.code as text
  constraint code_shape check (value ~ '^[a-z][a-z0-9_]{0,62}$');
comment on domain beeld.code is 'A stable code: a reason, a category, a kind.';

create function app.set_clock()
  returns timestamptz
  language plpgsql stable parallel safe
as $$
begin
  if exists (select from pg_roles where rolname = 'beeld_test' and pg_has_role(session_user, oid, 'member')) then
    return current_setting('app.now')::timestamptz;
  end if;
  return pg_catalog.now();
end
$$;
comment on function app.set_clock() is 'The setting app.now, for members of the role beeld_test, which exists in tests only; for anybody else the true time.';

create function app.now()
  returns timestamptz
  language sql stable parallel safe
as $$ select case when current_setting('app.now', true) <> '' then app.set_clock() else pg_catalog.now() end $$;
comment on function app.now() is 'The clock that decides what is due: the database''s.';

create function app.today()
  returns date
  language sql stable parallel safe
as $$ select (app.now() at time zone 'Europe/Amsterdam')::date $$;
comment on function app.today() is 'The civil date in Europe/Amsterdam.';

grant execute on function app.set_clock(), app.now(), app.today() to beeld_app, beeld_jobs;
