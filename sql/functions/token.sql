create or replace function app.issue_token(
  token_id uuid, token_hash bytea, token_name text, number text, valid_for interval, token_scopes text[])
  returns uuid
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  holder uuid;
begin
  select r.person_id
  into holder
  from registration r
  where r.person_number = number;
  if not found then
    raise exception 'nobody has person number %', number using errcode = 'BE404';
  end if;
  insert into api_token (id, hash, name, person_id, expires_at, scopes)
  values (token_id, token_hash, token_name, holder, app.now() + valid_for, token_scopes);
  return holder;
end
$$;
comment on function app.issue_token(uuid, bytea, text, text, interval, text[]) is
  'Issues a token of this server to the person with that number in the personnel system, good for these scopes. The server keeps only its SHA-256. Raises BE404 when nobody has the number.';

create or replace function app.issue_token(token_id uuid, token_hash bytea, token_name text, number text, valid_for interval)
  returns uuid
  language sql
  security definer
  set search_path = beeld, app, pg_temp
as $$ select app.issue_token(token_id, token_hash, token_name, number, valid_for, '{read,write,import}') $$;
comment on function app.issue_token(uuid, bytea, text, text, interval) is
  'Issues a token that is good for every scope.';

create or replace function app.revoke_token(token_id uuid)
  returns boolean
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  update api_token
  set revoked_at = app.now()
  where id = token_id
    and revoked_at is null;
  return found;
end
$$;
comment on function app.revoke_token(uuid) is 'Ends a token: the very next request with it is refused. False when there is no such live token.';

create or replace function app.tokens()
  returns table (
    id uuid, name text, person_number text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
    scopes text[], last_used_at timestamptz)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select t.id, t.name::text, r.person_number, t.created_at, t.expires_at, t.revoked_at, t.scopes, t.last_used_at
  from api_token t
  join registration r on r.person_id = t.person_id
  order by t.created_at, t.id
$$;
comment on function app.tokens() is 'Tokens issued, for the operator: everything but their hashes.';

create or replace function app.note_token_use(hashes bytea[])
  returns void
  language sql
  security definer
  set search_path = beeld, app, pg_temp
as $$
  -- Several instances note at once: in one order, and what another is noting is being noted.
  update api_token
  set last_used_at = app.now()
  where id in (
    select t.id
    from api_token t
    where t.hash = any (hashes)
      and (t.last_used_at is null or t.last_used_at < app.now() - interval '1 minute')
    order by t.id
    for update skip locked)
$$;
comment on function app.note_token_use(bytea[]) is
  'Notes that the tokens with these hashes were used, at most once a minute each; called apart from requests, so that no read writes.';

grant execute on function
  app.issue_token(uuid, bytea, text, text, interval), app.issue_token(uuid, bytea, text, text, interval, text[]),
  app.revoke_token(uuid), app.tokens()
  to beeld_jobs;
grant execute on function app.note_token_use(bytea[]) to beeld_app;
