create or replace function app.actors(c beeld.consent)
  returns integer
  language sql stable
as $$
  select case
    when c.teacher_id = app.me() then 1
    when c.recipient_id = app.me() and c.state = 'granted' and c.until_date > app.today() then 512
    else 0
  end
$$;
comment on function app.actors(beeld.consent) is
  'What the identity is to a consent: the teacher who gave it (1), or its recipient while it holds (viewer, 512).';

create or replace function app.may_receive(person uuid, teacher uuid)
  returns boolean
  language sql stable
as $$
  select app.directs(person, teacher)
    or exists (
      select
      from beeld.role_assignment a
      where a.person_id = person
        and a.role in ('coach', 'adviser')
        and a.from_date <= app.today()
        and (a.until_date is null or a.until_date > app.today()))
$$;
comment on function app.may_receive(uuid, uuid) is
  'To whom a teacher may open content: coaches, advisers, and the directors of the schools where the teacher works.';

create or replace function app.my_recipients()
  returns table (person_id uuid, name text, role text, school_id uuid)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
  rows 20
as $$
  select distinct a.person_id, p.name::text, a.role, a.school_id
  from role_assignment a
  join person p on p.id = a.person_id
  where app.me() is not null
    and a.person_id <> app.me()
    and a.from_date <= app.today()
    and (a.until_date is null or a.until_date > app.today())
    and (
      a.role in ('coach', 'adviser')
      or a.role = 'director'
        and a.school_id in (
          select e.school_id
          from employment e
          where e.person_id = app.me()
            and e.from_date <= app.today()
            and (e.until_date is null or e.until_date > app.today())))
$$;
comment on function app.my_recipients() is
  'To whom the identity may open content of its own, by name: the coaches, the advisers, and the directors of its schools. The rule of app.may_receive.';

create or replace function app.consent_counts()
  returns json
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select row_to_json(n)
  from (
    select
      count(*) filter (where c.state = 'granted' and c.until_date > app.today()) as in_force,
      count(*) filter (where c.state = 'withdrawn') as withdrawn,
      count(*) filter (where c.state = 'expired' or c.state = 'granted' and c.until_date <= app.today()) as expired
    from consent c
    where app.is_set('privacy_officer')
  ) n
  where app.is_set('privacy_officer')
$$;
comment on function app.consent_counts() is
  'GET /v1/consents/count: how many consents of the whole board are in force, were withdrawn, and have expired, for the privacy officer, who sees none of them; nothing for anybody else.';

create or replace function app.consent_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  unknown text := concat_ws(' ',
    case when app.teacher_of_item(new.item_kind, new.item_id) is distinct from new.teacher_id then '/item' end,
    case when not app.may_receive(new.recipient_id, new.teacher_id) then '/recipient' end);
begin
  if unknown <> '' then
    raise exception 'what is named there does not exist' using errcode = 'BE422', detail = unknown;
  end if;
  -- One that has lapsed, and that nobody has marked so yet, makes room.
  update consent c
  set state = 'expired'
  where c.item_id = new.item_id
    and c.item_kind = new.item_kind
    and c.recipient_id = new.recipient_id
    and c.state = 'granted'
    and c.until_date <= app.today();
  return new;
end
$$;
comment on function app.consent_guard() is
  'Row trigger: a consent is for an item of its teacher, and for somebody to whom content may be opened. Raises BE422 with both members that are not so.';

create or replace function app.grant_consent(
  id uuid, recipient uuid, item_kind text, item uuid, purpose text, until_date date)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
begin
  insert into consent (id, teacher_id, recipient_id, item_kind, item_id, purpose, until_date, state)
  values (
    grant_consent.id, me, recipient, grant_consent.item_kind, item, grant_consent.purpose, grant_consent.until_date,
    'granted');
  -- Opened to the director, a storyboard is presented.
  if grant_consent.item_kind = 'storyboard' and app.directs(recipient, me) then
    update storyboard s
    set state = 'presented'
    where s.id = item
      and s.state = 'draft';
  end if;
end
$$;
comment on function app.grant_consent(uuid, uuid, text, uuid, text, date) is
  'The identity opens an item of its own to somebody, for a purpose, until a day; a storyboard that is so opened to a director of a school where it works is presented. Raises BE422.';

create or replace function app.move_consent(id uuid, version integer, to_state text, reason text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.begin_step('consent', move_consent.id, move_consent.version, to_state);
  update consent c
  set
    state = to_state,
    state_reason = reason
  where c.id = move_consent.id;
end
$$;
comment on function app.move_consent(uuid, integer, text, text) is
  'The teacher withdraws a consent: the very next request of its recipient finds nothing. Raises BE404, BE403, BE409, BE412.';

create or replace function app.expire_consents()
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  number integer;
begin
  perform set_config('app.origin', 'job', true);
  update consent c
  set state = 'expired'
  where c.id in (
    select o.id
    from consent o
    where o.state = 'granted'
      and o.until_date <= app.today()
    order by o.id
    for update skip locked);
  get diagnostics number = row_count;
  return number;
end
$$;
comment on function app.expire_consents() is
  'Marks consents whose last day is over, and says how many; they have had no effect since that day in any case.';

grant execute on function
  app.actors(beeld.consent), app.my_recipients(), app.consent_counts(), app.grant_consent(uuid, uuid, text, uuid, text, date),
  app.move_consent(uuid, integer, text, text)
  to beeld_app;
grant execute on function app.expire_consents() to beeld_jobs;
