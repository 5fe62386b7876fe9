create or replace function app.request_noted()
  returns trigger
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.state = old.state then
    return null;
  elsif tg_op = 'INSERT' and new.created_at < new.state_since then
    -- Brought in by the operator, who knows how it began and how it is.
    insert into request_step (request_id, at, state)
    values (new.id, new.created_at, 'invited');
  end if;
  insert into request_step (request_id, at, state, coach_id, by_coach)
  values (
    new.id, new.state_since, new.state,
    case when tg_op = 'UPDATE' and old.state = 'offered' then coalesce(new.coach_id, old.coach_id) else new.coach_id end,
    tg_op = 'UPDATE' and old.state = 'offered' and new.state_by is not null and new.state_by = old.coach_id);
  return null;
end
$$;
comment on function app.request_noted() is 'Row trigger: notes for the reports how a referral or an invitation came where it is.';

create or replace function app.requests_on(as_of date)
  returns table (id uuid, teacher_id uuid, state text, since date, coach_id uuid)
  language sql stable
as $$
  select q.id, q.teacher_id, s.state, (s.at at time zone 'Europe/Amsterdam')::date, s.coach_id
  from beeld.request q
  cross join lateral (
    select t.state, t.at, t.coach_id
    from beeld.request_step t
    where t.request_id = q.id
      and t.at < (as_of + 1)::timestamp at time zone 'Europe/Amsterdam'
    order by t.at desc, array_position(array['closed', 'assigned', 'offered', 'submitted'], t.state)
    limit 1
  ) s
  where q.origin <> 'own_wish'
$$;
comment on function app.requests_on(date) is
  'In which state each referral and invitation was at the end of a day, since when, and with which coach. Own wishes are not in it.';
grant execute on function app.requests_on(date) to beeld_jobs;
