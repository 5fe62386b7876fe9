-- Triggers that hold the API to the rules that policies cannot tell: what a statement may change of a row that it may
-- change. They fire for beeld_app alone; imports and the owner's functions have rules of their own.

create or replace function app.version_was_skipped()
  returns trigger
  language plpgsql
as $$
begin
  raise exception 'an update of % did not raise the version by one', tg_table_name using errcode = 'BE500';
end
$$;
comment on function app.version_was_skipped() is
  'Row trigger, fired where an update does not raise the version by exactly one: the ETag of the row would lie.';

create or replace function app.holds_board_role(person uuid)
  returns boolean
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select exists (
    select
    from access a
    where a.person_id = person
      and a.until_date > app.today()
      and (a.adviser or a.privacy_officer or a.system_admin))
$$;
comment on function app.holds_board_role(uuid) is
  'Whether a person is, or is to be, adviser, privacy officer or system administrator; for the guard of registrations.';
grant execute on function app.holds_board_role(uuid) to beeld_app;

create or replace function app.registration_guard()
  returns trigger
  language plpgsql
as $$
declare
  is_own constant boolean := new.person_id = app.me();
  is_adviser constant boolean := coalesce(current_setting('app.adviser', true) = 'on', false);
  is_system_admin constant boolean := coalesce(current_setting('app.system_admin', true) = 'on', false);
  refused text[] := '{}';
begin
  if new.person_number is distinct from old.person_number and not (is_adviser or is_system_admin) then
    refused := refused || '/person_number'::text;
  end if;
  if new.subject is distinct from old.subject and not is_system_admin then
    refused := refused || '/subject'::text;
  end if;
  if new.disabled_at is distinct from old.disabled_at and (is_own or not (is_adviser or is_system_admin)) then
    refused := refused || '/disabled_at'::text;
  end if;
  if new.email is distinct from old.email
    and not (is_own or is_adviser or is_system_admin)
    and app.holds_board_role(new.person_id)
  then
    refused := refused || '/email'::text;
  end if;
  if new.teaching_since is distinct from old.teaching_since then
    if not (is_adviser or is_system_admin or new.person_id in (select app.my_administered_staff())) then
      refused := refused || '/teaching_since'::text;
    elsif is_own or not is_adviser then
      new.teaching_since_approved_at := null;
    end if;
  end if;
  if new.teaching_since_approved_at is distinct from old.teaching_since_approved_at
    and not (new.teaching_since_approved_at is null and new.teaching_since is distinct from old.teaching_since)
  then
    if is_own or not is_adviser then
      refused := refused || '/teaching_since_approved_at'::text;
    elsif new.teaching_since_approved_at is not null then
      new.teaching_since_approved_at := app.now();
    end if;
  end if;
  if refused <> '{}' then
    raise exception 'not yours to change' using errcode = 'BE403', detail = array_to_string(refused, ' ');
  end if;
  return new;
end
$$;
comment on function app.registration_guard() is
  'Row trigger: who may change which part of a registration. person_number and disabled_at: adviser and system_admin, nobody disables themselves; subject: system_admin; the address of who holds a role for the whole board: not the school, since a login may be linked by it; teaching_since: besides the school; its approval: an adviser, for somebody else, and at this instant; a date that anybody else changes is no longer approved. Raises BE403 with the members refused.';

create or replace function app.teaching_since_claimed()
  returns trigger
  language plpgsql
as $$
begin
  new.teaching_since_claimed_on := app.today();
  return new;
end
$$;
comment on function app.teaching_since_claimed() is
  'Row trigger, fired where a first teaching day changes, whoever changes it: from this day on it waits for its approval.';

create or replace function app.prior_experience_guard()
  returns trigger
  language plpgsql
as $$
declare
  is_decided constant boolean := old.approved_at is not null or old.declined_at is not null;
begin
  if is_decided and (tg_op = 'UPDATE' or old.person_id = app.me() or current_setting('app.adviser', true) is distinct from 'on') then
    raise exception 'the claim is decided' using errcode = 'BE409', detail = 'decided';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function app.prior_experience_guard() is
  'Row trigger: a claim that is decided is changed by nobody, and removed only by an adviser, of somebody else. Raises BE409 with decided.';

create or replace function app.policy_guard()
  returns trigger
  language plpgsql
as $$
begin
  if new.valid_from <= app.today() then
    raise exception 'rules begin on a day to come'
      using errcode = 'check_violation', schema = 'beeld', table = 'policy', constraint = 'policy_valid_from_ahead';
  end if;
  return new;
end
$$;
comment on function app.policy_guard() is
  'Row trigger: a version of the rules begins after today, so that no deadline changes behind anybody''s back. Raised as the violation of a constraint policy_valid_from_ahead, which no check can be, for it asks the clock.';

create or replace function app.next_policy_version()
  returns integer
  language sql stable
as $$ select coalesce(max(p.version), 0) + 1 from beeld.policy p $$;
comment on function app.next_policy_version() is 'The number that the next version of the rules has.';

grant execute on function app.next_policy_version() to beeld_app;
