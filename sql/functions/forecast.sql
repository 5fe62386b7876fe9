-- What will become of the deadlines if nothing changes: the places that coaches have left, and who gets one in time.

create or replace function app.coaching_places(as_of date, until date)
  returns table (coach_id uuid, school_year integer, day date)
  language sql stable
as $$
  with year as (
    select
      y.number as school_year,
      greatest(make_date(y.number, 8, 1), as_of) as from_date,
      make_date(y.number + 1, 8, 1) as until_date
    from generate_series(app.school_year(as_of), app.school_year(until - 1)) y(number)
  ),
  booked as (
    select b.coach_id, b.school_year, sum(b.places) as places
    from app.coach_bookings(as_of) b
    where b.origin <> 'own_wish'
    group by b.coach_id, b.school_year
  ),
  room as (
    select
      c.person_id,
      y.school_year,
      y.until_date - y.from_date as days,
      (c.capacity - coalesce(b.places, 0))::integer as places,
      (a.assigned - coalesce(u.away, '{}')) * datemultirange(daterange(y.from_date, y.until_date)) as free
    from beeld.coach c
    join beeld.registration r on r.person_id = c.person_id
      and (r.disabled_at is null or r.disabled_at > app.now())
    join (
      select x.person_id, range_agg(daterange(x.from_date, x.until_date)) as assigned
      from beeld.role_assignment x
      where x.role = 'coach'
      group by x.person_id
    ) a on a.person_id = c.person_id
    left join (
      select x.person_id, range_agg(daterange(x.from_date, x.until_date)) as away
      from beeld.coach_unavailability x
      group by x.person_id
    ) u on u.person_id = c.person_id
    cross join year y
    left join booked b on b.coach_id = c.person_id
      and b.school_year = y.school_year
  ),
  stretch as (
    select
      r.person_id,
      r.school_year,
      lower(f.days) as from_date,
      upper(f.days) - lower(f.days) as days,
      coalesce(
        sum(upper(f.days) - lower(f.days)) over (
          partition by r.person_id, r.school_year
          order by lower(f.days)
          rows between unbounded preceding and 1 preceding),
        0)::integer as earlier
    from room r
    cross join unnest(r.free) as f(days)
    where r.places > 0
  )
  select r.person_id, r.school_year, s.from_date + (m.middle - s.earlier - 1)
  from room r
  cross join generate_series(1, r.places) n(place)
  cross join lateral (select ((2 * n.place - 1) * r.days + 2 * r.places - 1) / (2 * r.places) as middle) m
  join stretch s on s.person_id = r.person_id
    and s.school_year = r.school_year
    and m.middle > s.earlier
    and m.middle <= s.earlier + s.days
  where s.from_date + (m.middle - s.earlier - 1) < until
$$;
comment on function app.coaching_places(date, date) is
  'The recordings that coaches have room for from a day until another, one row each, on the day on which it can be made. Of a coach and a school year (1 August to 31 July; of the current one what is left of it) there are as many as the capacity leaves beside app.coach_bookings, own wishes aside: no figure of the programme counts them, so that none of its differences tells of them [S]; where they take much of a coach''s room, there are fewer places than this. They are spread evenly: of n places over a time of d days, the k-th stands in the middle of the k-th n-th part of it, on the coach''s free day number ⌈(2k − 1)d ÷ 2n⌉. Free are the days with the role on which the coach is not entered as away: a coach who is away, or coaches for a part of the year, has that much less of the year''s places, and those left keep their pace. Capacity and the right to sign in as they are known now.';

create or replace function app.outlook(as_of date)
  returns table (
    person_id uuid, school_id uuid, window_from date, window_until date, days_left integer, coverage text, urgency text,
    employment text, data_incomplete text[], outlook text)
  language sql stable
as $$
  with waiting as materialized (
    select
      s.person_id,
      s.school_id,
      s.window_from,
      s.window_until,
      s.days_left,
      s.coverage,
      s.urgency,
      s.employment,
      s.data_incomplete,
      case
        when s.window_until is null then 'no_deadline'
        when s.coverage = 'recorded' and s.recorded_on < s.window_until then 'in_hand'
        when s.days_left <= 0 then 'overdue'
        when s.planned_for < s.window_until or b.teacher_id is not null then 'in_hand'
      end as known
    from app.starter_calculation(as_of) s
    left join (
      select distinct b.teacher_id
      from app.coach_bookings(as_of) b
      join beeld.role_assignment a on a.person_id = b.coach_id
        and a.role = 'coach'
        and daterange(a.from_date, a.until_date) @> as_of
      where b.kind in ('agreed', 'offered')
        and b.places > 0
        and b.origin <> 'own_wish'
    ) b on b.teacher_id = s.person_id
    where s.coverage in ('open', 'planned', 'recorded')
      and s.employment <> 'left'
  ),
  event as (
    select w.window_until as day, 0 as is_place, w.person_id
    from waiting w
    where w.known is null
    union all
    select p.day, 1, null
    from app.coaching_places(as_of, (
      select max(w.window_until)
      from waiting w
      where w.known is null)) p
  ),
  reckoned as (
    select
      e.person_id,
      row_number() over thus_far as number,
      sum(1 - 2 * e.is_place) over thus_far as short
    from event e
    window thus_far as (order by e.day, e.is_place, e.person_id rows unbounded preceding)
  ),
  judged as (
    select
      r.person_id,
      r.short > greatest(
        max(r.short) over (
          order by r.number
          rows between unbounded preceding and 1 preceding),
        0) as is_missed
    from reckoned r
  )
  select
    w.person_id,
    w.school_id,
    w.window_from,
    w.window_until,
    w.days_left,
    w.coverage,
    w.urgency,
    w.employment,
    w.data_incomplete,
    coalesce(w.known, case when j.is_missed then 'missed' else 'in_time' end)
  from waiting w
  left join judged j on j.person_id = w.person_id
$$;
comment on function app.outlook(date) is
  'Who of the starters that are not covered yet, exempt, out of scope or gone will be filmed in time if nothing changes. no_deadline: it cannot be said when; overdue: passed already, which no place mends, so none is kept for them; in_hand: filmed in time, or planned for a day before the deadline, or with a place that is taken already (app.coach_bookings, of a coach of that day and not by an own wish); else the places of app.coaching_places go to the earliest deadline first, then by id: in_time, or missed. Each place on a day before the deadline serves one starter, whichever coach has it. With d the deadlines up to somebody''s and p the places before it, somebody is missed where d − p exceeds what it was for everybody before, and 0: so the fewest possible are missed, and the number missed up to a deadline is the number of recordings more that would save them all, each in time for one of them. One sort: n log n.';

create or replace function app.outlook_months(as_of date)
  returns table (
    month date, deadlines bigint, in_hand bigint, in_time bigint, missed bigint, places bigint, recordings_needed bigint)
  language sql stable
as $$
  with starter as materialized (
    select o.window_until, o.outlook
    from app.outlook(as_of) o
    where o.outlook in ('in_hand', 'in_time', 'missed')
  ),
  deadline as (
    select
      date_trunc('month', s.window_until - 1)::date as month,
      count(*) as deadlines,
      count(*) filter (where s.outlook = 'in_hand') as in_hand,
      count(*) filter (where s.outlook = 'in_time') as in_time,
      count(*) filter (where s.outlook = 'missed') as missed
    from starter s
    where s.window_until > as_of
    group by 1
  ),
  place as (
    select date_trunc('month', p.day)::date as month, count(*) as places
    from app.coaching_places(as_of, (
      select max(s.window_until)
      from starter s)) p
    group by 1
  )
  select
    m.month::date,
    coalesce(d.deadlines, 0),
    coalesce(d.in_hand, 0),
    coalesce(d.in_time, 0),
    coalesce(d.missed, 0),
    coalesce(p.places, 0),
    coalesce(sum(d.missed) over (order by m.month), 0)::bigint
  from generate_series(
    date_trunc('month', as_of::timestamp),
    (
      select max(d.month)
      from deadline d
    ),
    interval '1 month') m(month)
  left join deadline d on d.month = m.month::date
  left join place p on p.month = m.month::date
$$;
comment on function app.outlook_months(date) is
  'The outlook by calendar month, to the month of the last deadline: deadlines by the month of the last day that is in time, places by their day (those after the last deadline left out), and how many recordings more it takes so that nobody is missed up to the end of the month.';

create or replace function app.coverage_forecast(
  as_of date default null, page_limit integer default 50, after_until date default null, after_person uuid default null)
  returns json
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  day constant date := coalesce(as_of, app.today());
begin
  if not app.is_set('adviser') or app.me() is null then
    return null;
  end if;
  return (
    with starter as materialized (
      select o.*
      from app.outlook(day) o
    ),
    months as materialized (
      select m.*
      from app.outlook_months(day) m
    ),
    page as (
      select
        s.*,
        row_number() over (order by s.window_until, s.person_id) as number
      from starter s
      where s.outlook = 'missed'
        and (after_person is null or (s.window_until, s.person_id) > (after_until, after_person))
      order by
        s.window_until,
        s.person_id
      limit page_limit + 1
    )
    select row_to_json(f)
    from (
      select
        day as as_of,
        (
          select p.version
          from app.policy_on(day) p
        ) as policy_version,
        (
          select row_to_json(t)
          from (
            select
              count(*) filter (where s.outlook in ('in_hand', 'in_time', 'missed') and s.days_left > 0) as deadlines,
              count(*) filter (where s.outlook = 'in_hand' and s.days_left > 0) as in_hand,
              count(*) filter (where s.outlook = 'in_time') as in_time,
              count(*) filter (where s.outlook = 'missed') as missed,
              count(*) filter (where s.outlook = 'overdue') as overdue,
              count(*) filter (where s.outlook = 'no_deadline') as no_deadline,
              (
                select coalesce(sum(m.places), 0)::bigint
                from months m
              ) as places,
              count(*) filter (where s.outlook = 'missed') as recordings_needed
            from starter s
          ) t
        ) as total,
        (
          select coalesce(json_agg(row_to_json(l) order by l.month), '[]')
          from (
            select
              to_char(m.month, 'YYYY-MM') as month, m.deadlines, m.in_hand, m.in_time, m.missed, m.places,
              m.recordings_needed
            from months m
          ) l
        ) as months,
        (
          select coalesce(
            json_agg(
              row_to_json(row(
                row(n.id, n.name)::named_person,
                row(c.id, c.code, c.name)::named_school,
                p.coverage,
                p.urgency,
                p.employment,
                row(p.window_from, p.window_until, p.days_left)::starter_window,
                p.data_incomplete)::starter_item)
              order by p.number),
            '[]')
          from page p
          join person n on n.id = p.person_id
          left join school c on c.id = p.school_id
          where p.number <= page_limit
        ) as items,
        (
          select case
            when count(*) > page_limit
              then (array_agg(app.cursor(p.window_until::text, p.person_id::text)) filter (where p.number = page_limit))[1]
          end
          from page p
        ) as next
    ) f);
end
$$;
comment on function app.coverage_forecast(date, integer, date, uuid) is
  'GET /v1/coverage/forecast: figures by month and of the board, and page by page who will be missed, the earliest deadline first. The adviser''s alone, as the room of coaches is: a school that knew how many places are left when would know it too. Null for anybody else.';

grant execute on function app.coaching_places(date, date), app.outlook(date), app.outlook_months(date) to beeld_jobs;
grant execute on function app.coach_bookings(date), app.recording_stands(beeld.recording, date), app.school_year(date)
  to beeld_jobs;
grant execute on function app.coverage_forecast(date, integer, date, uuid) to beeld_app;
