-- Requests: who is to be coached, at whose word, and who takes it on.

create or replace function app.my_directorships()
  returns uuid[]
  language sql stable parallel safe
as $$ select nullif(current_setting('app.director_of', true), '')::uuid[] $$;
comment on function app.my_directorships() is 'The schools of which the identity is director today; null when there are none.';

create or replace function app.my_directed_staff()
  returns setof uuid
  language plpgsql stable
  rows 40
as $$
begin
  return query
  select e.person_id
  from beeld.employment e
  where e.school_id = any ((select app.my_directorships())::uuid[])
    and (e.until_date is null or e.until_date > (select app.today()));
end
$$;
comment on function app.my_directed_staff() is 'People who work at the schools that I direct, or are about to; under the caller''s own row-level security.';

create or replace function app.works_at(person uuid, schools uuid[])
  returns boolean
  language plpgsql stable
as $$
begin
  return schools is not null
    and exists (
      select
      from beeld.employment e
      where e.person_id = person
        and e.school_id = any (schools)
        and (e.until_date is null or e.until_date > app.today()));
end
$$;
comment on function app.works_at(uuid, uuid[]) is 'Whether a person works, or is about to, at one of these schools. Never null.';

create or replace function app.actors(r beeld.request)
  returns integer
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  advises constant boolean := app.is_set('adviser');
  directs boolean := false;
begin
  if me is null then
    return 0;
  end if;
  if r.origin <> 'own_wish' and app.my_directorships() is not null then
    directs := app.works_at(r.teacher_id, app.my_directorships());
  end if;
  return case when r.teacher_id = me then 1 else 0 end
    + case when r.coach_id = me and app.is_set('coach') then 2 else 0 end
    + case when directs then 4 else 0 end
    + case when advises then 8 else 0 end
    + case when r.made_by = me and r.origin <> 'own_wish' and (directs or advises) then 16 else 0 end;
end
$$;
comment on function app.actors(beeld.request) is
  'What the identity is to a request: its teacher, its coach, director of a school where the teacher works (never of an own wish), adviser, maker. The same people whom the policies show it.';

create or replace function app.request_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  -- What the operator brings back is as it was; the server makes invitations alone.
  if tg_op = 'INSERT' and app.me() is null then
    return new;
  elsif tg_op = 'UPDATE' and (new.teacher_id, new.coach_id, new.state) is not distinct from (old.teacher_id, old.coach_id, old.state) then
    return new;
  end if;
  if new.state = 'submitted' and (tg_op = 'INSERT' or old.state = 'invited') then
    if not app.has_content('learning_question', new.id) then
      raise exception 'a request is submitted with a learning question' using errcode = 'BE422', detail = '/learning_question';
    end if;
  elsif new.state = 'submitted' then
    new.coach_id := null;
  elsif new.state = 'offered' and (new.coach_id is not null or tg_op = 'INSERT' or old.state <> 'offered') then
    -- Not where the coach is erased: then the offer is nobody's, and lapses.
    perform app.refuse_coach(new.coach_id, new.teacher_id);
    if new.state_reason is null then
      perform app.refuse_crowding(new.coach_id, app.school_year(app.today()), 1);
    end if;
  end if;
  return new;
end
$$;
comment on function app.request_guard() is
  'Row trigger: submitted only with a learning question; offered only to a coach who may, and has room unless the adviser gives a reason; who is offered nothing any more is no longer its coach.';

create or replace function app.request_follows()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.state = 'assigned' and old.state <> 'assigned' then
    insert into trajectory (id, request_id, teacher_id, coach_id, origin, state)
    values (app.new_id(), new.id, new.teacher_id, new.coach_id, new.origin, 'open');
  end if;
  return null;
end
$$;
comment on function app.request_follows() is 'Row trigger: who takes a request on opens its trajectory, in the same transaction.';

create or replace function app.may_invite(teacher uuid)
  returns boolean
  language sql stable
as $$
  select (app.is_set('adviser') or app.works_at(teacher, app.my_directorships()))
    and app.teaches(teacher)
$$;
comment on function app.may_invite(uuid) is
  'Whether the identity may invite somebody: a teacher, of a school of its own for a director, of any for an adviser. Never null.';

create or replace function app.invite(ids uuid[], teachers uuid[], wanted text, talks_on date[], talk_kinds text[])
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if exists (
    select
    from unnest(teachers) t(id)
    where not app.may_invite(t.id)
  ) then
    raise exception 'not yours to invite' using errcode = 'BE403';
  end if;
  insert into request (id, teacher_id, origin, state, made_by, made_as, school_id, talk_on, talk_kind, expires_on)
  select
    w.id, w.teacher, wanted, 'invited', app.me(),
    case when app.works_at(w.teacher, app.my_directorships()) then 'director' else 'adviser' end,
    app.school_of_invitation(w.teacher, app.my_directorships()), w.talk_on, w.talk_kind,
    app.today() + p.invitation_days
  from unnest(ids, teachers, talks_on, talk_kinds) w(id, teacher, talk_on, talk_kind)
  cross join app.policy_on(app.today()) p;
end
$$;
comment on function app.invite(uuid[], uuid[], text, date[], text[]) is
  'The one place where somebody invites teachers, be it by one request, of many starters at once, or by a file of referrals: as director where the teacher works at a school of theirs, else as adviser. Raises BE403 where the identity may not invite one of them; nobody is invited then.';

create or replace function app.hold_requests()
  returns void
  language sql
  security definer
  set search_path = beeld, app, pg_temp
as $$ select app.import_hold('request') $$;
comment on function app.hold_requests() is
  'app.import_hold of the requests, for the server''s own work, which has no grant to write them.';

create or replace function app.make_request(id uuid, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  wanted constant text := draft ->> 'origin';
  teacher constant uuid := case when wanted = 'own_wish' then me else (draft ->> 'teacher_id')::uuid end;
begin
  if me is null then
    raise exception 'no identity is set' using errcode = 'BE500';
  end if;
  if wanted <> 'own_wish' and not (app.is_set('adviser') or app.my_directorships() is not null) then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  if wanted = 'own_wish' and not app.teaches(teacher) then
    raise exception 'only a teacher asks for coaching' using errcode = 'BE403';
  end if;
  -- Whether somebody of another school exists, a director does not learn.
  if wanted <> 'own_wish' and not app.may_invite(teacher) then
    raise exception 'no such teacher' using errcode = 'BE422', detail = '/teacher';
  end if;
  if (draft ->> 'talk_on')::date > app.today() then
    raise exception 'a talk that is to come refers nobody'
      using errcode = 'check_violation', schema = 'beeld', table = 'request', constraint = 'request_talk_held';
  end if;

  if wanted = 'own_wish' then
    insert into request (id, teacher_id, origin, state, made_by, made_as, aim, subject)
    values (make_request.id, teacher, wanted, 'submitted', me, 'teacher', draft ->> 'aim', draft ->> 'subject');
  else
    perform app.invite(
      array[make_request.id], array[teacher], wanted, array[(draft ->> 'talk_on')::date], array[draft ->> 'talk_kind']);
  end if;
end
$$;
comment on function app.make_request(uuid, json) is
  'Makes a request. own_wish: of the identity, aim, subject, its learning question written before in the same transaction. appraisal (talk_on, talk_kind) and starter_programme: of teacher_id, by a director of a school where the teacher works, or an adviser. Raises BE403, BE422 with /teacher for whom the identity cannot invite, whether there is such a person or not.';

create or replace function app.teaches(person uuid)
  returns boolean
  language plpgsql stable
as $$
begin
  return exists (
    select
    from beeld.employment e
    where e.person_id = person
      and e.job = 'teacher'
      and (e.until_date is null or e.until_date > app.today()));
end
$$;
comment on function app.teaches(uuid) is 'Whether a person is a teacher with this board, or about to be one.';

create or replace function app.school_of_invitation(teacher uuid, mine uuid[])
  returns uuid
  language sql stable
as $$
  select e.school_id
  from beeld.employment e
  join beeld.school s on s.id = e.school_id
  where e.person_id = teacher
    and e.job = 'teacher'
    and (e.until_date is null or e.until_date > app.today())
  order by
    coalesce(e.school_id = any (mine), false) desc,
    e.from_date > app.today(),
    e.fte desc,
    e.from_date,
    s.code
  limit 1
$$;
comment on function app.school_of_invitation(uuid, uuid[]) is
  'The school that an invitation names: the director''s where it is one of mine, else that of the largest current fte; ties as for attribution.';

create or replace function app.invite_starters(ids uuid[], teachers uuid[])
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  unknown text;
begin
  if app.me() is null or not (app.is_set('adviser') or app.my_directorships() is not null) then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  select string_agg('/teachers/' || (t.n - 1), ' ' order by t.n)
  into unknown
  from unnest(teachers) with ordinality t(id, n)
  where not app.may_invite(t.id);
  perform app.refuse_unknown(unknown);

  perform app.invite(array_agg(w.id), array_agg(w.teacher), 'starter_programme', null, null)
  from (
    select distinct on (t.teacher) t.id, t.teacher
    from unnest(ids, teachers) t(id, teacher)
    order by t.teacher, t.id
  ) w
  where not exists (
    select
    from request r
    where r.teacher_id = w.teacher
      and r.made_by = app.me()
      and r.state = 'invited');
end
$$;
comment on function app.invite_starters(uuid[], uuid[]) is
  'Invites many at once; whom the identity has invited already, and who has not answered, is not invited again. All or nobody: BE422 with the places in /teachers of those whom the identity cannot invite.';

create or replace function app.move_request(id uuid, version integer, to_state text, reason text, draft json)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  before text;
begin
  perform app.begin_step('request', id, version, to_state);
  select r.state into before from request r where r.id = move_request.id;
  if to_state = 'offered' and reason is not null
    and reason not in ('deadline_near', 'continuity', 'no_other_coach', 'other')
  then
    raise exception 'no such reason' using errcode = 'BE422', detail = '/reason';
  end if;
  update request r
  set
    state = to_state,
    state_reason = reason,
    coach_id = case to_state
      when 'offered' then (draft ->> 'coach_id')::uuid
      when 'withdrawn' then null
      else r.coach_id
    end,
    aim = case when before = 'invited' and to_state = 'submitted' then draft ->> 'aim' else r.aim end,
    subject = case when before = 'invited' and to_state = 'submitted' then draft ->> 'subject' else r.subject end
  where r.id = move_request.id;
end
$$;
comment on function app.move_request(uuid, integer, text, text, json) is
  'Brings a request to another state. submitted from invited: with aim and subject, and its learning question written before in the same transaction. offered: to coach_id; a reason makes room where there is none. Raises what app.begin_step raises, BE422 with /coach or /reason, BE409 with coach_capacity.';

grant execute on function
  app.my_directorships(), app.my_directed_staff(), app.works_at(uuid, uuid[]), app.actors(beeld.request),
  app.make_request(uuid, json), app.invite_starters(uuid[], uuid[]), app.move_request(uuid, integer, text, text, json)
  to beeld_app;
grant execute on function
  app.me(), app.works_at(uuid, uuid[]), app.teaches(uuid), app.hold_requests(), app.invite(uuid[], uuid[], text, date[], text[])
  to beeld_jobs;
