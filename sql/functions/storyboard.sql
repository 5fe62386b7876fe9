create or replace function app.actors(s beeld.storyboard)
  returns integer
  language sql stable
as $$
  select case
    when s.teacher_id = app.me() then 1
    when app.consented_item('storyboard', s.id) then 512
    else 0
  end
$$;
comment on function app.actors(beeld.storyboard) is
  'What the identity is to a storyboard: its teacher (1), or somebody to whom a live consent opens it (viewer, 512).';

create or replace function app.directs(director uuid, teacher uuid)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from beeld.role_assignment a
    join beeld.employment e on e.school_id = a.school_id
    where a.person_id = director
      and a.role = 'director'
      and a.from_date <= app.today()
      and (a.until_date is null or a.until_date > app.today())
      and e.person_id = teacher
      and e.from_date <= app.today()
      and (e.until_date is null or e.until_date > app.today()))
$$;
comment on function app.directs(uuid, uuid) is 'Whether somebody is, today, director of a school where a teacher works.';

create or replace function app.storyboard_is_open_to_director(storyboard uuid, teacher uuid)
  returns boolean
  language sql stable
as $$
  select exists (
    select
    from beeld.consent c
    where c.item_kind = 'storyboard'
      and c.item_id = storyboard
      and c.state = 'granted'
      and c.until_date > app.today()
      and app.directs(c.recipient_id, teacher))
$$;
comment on function app.storyboard_is_open_to_director(uuid, uuid) is
  'Whether a live consent opens a storyboard to a director of a school where its teacher works.';

create or replace function app.storyboard_guard()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if not exists (
      select
      from trajectory t
      where t.id = new.trajectory_id
        and t.teacher_id = new.teacher_id
    ) then
      raise exception 'there is no such trajectory' using errcode = 'BE422', detail = '/trajectory';
    end if;
  elsif new.state = 'presented'
    and old.state = 'draft'
    and new.presented_orally_on is null
    and not app.storyboard_is_open_to_director(new.id, new.teacher_id)
  then
    raise exception 'neither opened to a director nor presented orally' using errcode = 'BE409', detail = 'not_opened';
  end if;
  return new;
end
$$;
comment on function app.storyboard_guard() is
  'Row trigger: a storyboard comes out of guidance of the same teacher (BE422), and is presented when it is open to a director of a school where the teacher works, or when the day of an oral presentation is given (BE409 with not_opened).';

create or replace function app.begin_storyboard(id uuid, trajectory uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  insert into storyboard (id, teacher_id, trajectory_id, state)
  values (begin_storyboard.id, app.me(), begin_storyboard.trajectory, 'draft');
end
$$;
comment on function app.begin_storyboard(uuid, uuid) is 'The identity begins a storyboard on its own guidance. Raises BE422.';

create or replace function app.move_storyboard(id uuid, version integer, to_state text, orally_on date)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.begin_step('storyboard', move_storyboard.id, move_storyboard.version, to_state);
  update storyboard s
  set
    state = to_state,
    presented_orally_on = orally_on
  where s.id = move_storyboard.id;
end
$$;
comment on function app.move_storyboard(uuid, integer, text, date) is
  'The teacher presents a storyboard: it is open to the director, or was presented orally on that day. Raises BE404, BE403, BE409, BE412.';

grant execute on function
  app.actors(beeld.storyboard), app.consented_item(text, uuid), app.begin_storyboard(uuid, uuid),
  app.move_storyboard(uuid, integer, text, date)
  to beeld_app;
