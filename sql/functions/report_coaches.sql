-- The report of the coaches: what room each has, what fills it, what was refused, and whose work is to be handed on.

insert into report (key, columns, board, counts, schools)
values (
  'coaches',
  '{situation,capacity,load,load_rate,made,planned,agreed,offered,refused,lapsed,open_trajectories,away_until,role_until}',
  '{adviser}', '{}', '{}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

create or replace function app.coach_work(as_of date)
  returns table (coach_id uuid, made bigint, planned bigint, agreed bigint, offered bigint, refused bigint, lapsed bigint, open_trajectories bigint)
  language sql stable
as $$
  select
    w.coach_id, sum(w.made)::bigint, sum(w.planned)::bigint, sum(w.agreed)::bigint, sum(w.offered)::bigint,
    sum(w.refused)::bigint, sum(w.lapsed)::bigint, sum(w.open_trajectories)::bigint
  from (
    select
      k.coach_id,
      count(*) filter (where k.recorded_on <= as_of) as made,
      count(*) filter (where k.recorded_on is null or k.recorded_on > as_of) as planned,
      0 as agreed, 0 as offered, 0 as refused, 0 as lapsed, 0 as open_trajectories
    from beeld.recording k
    where k.coach_id is not null
      and (k.origin <> 'own_wish' or k.counts_for_programme)
      and k.state <> 'voided'
      and (k.planned_on <= as_of or k.recorded_on <= as_of)
      and (k.ended_on is null or k.ended_on > as_of or k.state = 'waived')
      and app.school_year(case when k.recorded_on <= as_of then k.recorded_on else k.scheduled_for end) = app.school_year(as_of)
    group by k.coach_id
    union all
    select t.coach_id, 0, 0, sum(greatest(t.recordings - l.live, 0)), 0, 0, 0, count(*)
    from beeld.trajectory t
    cross join lateral (
      select count(*) as live
      from beeld.recording k
      where k.trajectory_id = t.id
        and k.state <> 'voided'
        and k.planned_on <= as_of
        and (k.ended_on is null or k.ended_on > as_of or k.state = 'waived')
    ) l
    where t.coach_id is not null
      and t.origin <> 'own_wish'
      and t.opened_on <= as_of
      and (t.state in ('open', 'paused') or (t.state_since at time zone 'Europe/Amsterdam')::date > as_of)
    group by t.coach_id
    union all
    select q.coach_id, 0, 0, 0, count(*), 0, 0, 0
    from app.requests_on(as_of) q
    where q.state = 'offered'
      and q.coach_id is not null
    group by q.coach_id
    union all
    select
      s.coach_id, 0, 0, 0, 0, count(*) filter (where s.by_coach), count(*) filter (where not s.by_coach), 0
    from beeld.request_step s
    where s.state = 'submitted'
      and s.coach_id is not null
      and app.school_year((s.at at time zone 'Europe/Amsterdam')::date) = app.school_year(as_of)
      and (s.at at time zone 'Europe/Amsterdam')::date <= as_of
    group by s.coach_id
  ) w
  group by w.coach_id
$$;
comment on function app.coach_work(date) is
  'What each coach has in the school year of a day, as it was on that day: recordings made and planned, those agreed on and not planned yet, offers that wait; offers refused, and those that lapsed or were taken back; and trajectories that go on. Own wishes are not in it, but recordings that their teacher lets count.';

drop function if exists app.report_coaches(date);
create function app.report_coaches(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by c.person_id),
    c.person_id,
    c.person_id,
    null::uuid,
    case c.situation
      when 'left_with_work' then 2
      when 'leaving_with_work' then 1
      when 'over_capacity' then 1
    end::smallint,
    concat(
      c.situation, e'\t', c.capacity, e'\t', c.load, e'\t', round(c.load::numeric / nullif(c.capacity, 0), 2), e'\t',
      c.made, e'\t', c.planned, e'\t', c.agreed, e'\t', c.offered, e'\t', c.refused, e'\t', c.lapsed, e'\t',
      c.open_trajectories, e'\t', c.away_until, e'\t', c.role_until)
  from (
    select
      h.person_id,
      h.capacity,
      w.*,
      a.until_date as role_until,
      (
        select u.until_date::date
        from beeld.coach_unavailability u
        where u.person_id = h.person_id
          and u.from_date <= as_of
          and u.until_date > as_of
      ) as away_until,
      case
        when a.person_id is null and w.open_trajectories + w.planned > 0 then 'left_with_work'
        when a.person_id is null then 'left'
        when a.until_date <= as_of + 60 and w.open_trajectories + w.planned > 0 then 'leaving_with_work'
        when w.load > h.capacity then 'over_capacity'
        when w.load = h.capacity then 'full'
        else 'has_room'
      end as situation
    from beeld.coach h
    left join lateral (
      select r.person_id, app.role_until(r.person_id, 'coach', null, as_of) as until_date
      from beeld.role_assignment r
      where r.person_id = h.person_id
        and r.role = 'coach'
        and r.from_date <= as_of
        and (r.until_date is null or r.until_date > as_of)
      limit 1
    ) a on true
    left join app.coach_work(as_of) x on x.coach_id = h.person_id
    cross join lateral (
      select
        coalesce(x.made, 0) as made, coalesce(x.planned, 0) as planned, coalesce(x.agreed, 0) as agreed,
        coalesce(x.offered, 0) as offered, coalesce(x.refused, 0) as refused, coalesce(x.lapsed, 0) as lapsed,
        coalesce(x.open_trajectories, 0) as open_trajectories,
        coalesce(x.made + x.planned + x.agreed + x.offered, 0) as load
    ) w
  ) c
  where c.situation <> 'left'
$$;
comment on function app.report_coaches(date) is
  'The report of the coaches: one row for each coach, and for whom is none any more and has work left. An exception: beyond capacity, or leaving within 60 days with work left; serious: gone, with work left. Capacity is what it is today.';
grant execute on function app.coach_work(date), app.report_coaches(date) to beeld_jobs;
