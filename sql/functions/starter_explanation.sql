create or replace function app.starter_explanation(person uuid, as_of date default null)
  returns table (
    judged_on date,
    policy_version integer,
    window_from date,
    window_until date,
    days_left integer,
    coverage text,
    urgency text,
    employment text,
    part text,
    code text,
    category text,
    reason text,
    id uuid,
    from_date date,
    until_date date,
    counts_from date,
    amount integer,
    until_after date)
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
  rows 20
as $$
#variable_conflict use_column
declare
  day constant date := coalesce(as_of, app.today());
  is_own constant boolean := coalesce(person = app.me(), false);
begin
  if not app.starter_is_mine(person, nullif(current_setting('app.director_of', true), '')::uuid[]) then
    return;
  end if;
  return query
  with status as materialized (
    select
      s.*,
      (s.assumed_from + make_interval(months => p.window_months))::date as unpaused_until,
      p.window_months,
      p.pause_days,
      p.programme_start
    from app.starter_calculation(day) s
    cross join app.policy_on(day) p
    where s.person_id = person
  ),
  stop as (
    select
      case
        when upper_inf(g.gap) then 'after_employment'
        when upper(g.gap) <= s.first_day then 'before_employment'
        else 'between_employments'
      end as category,
      lower(g.gap) as from_date,
      upper(g.gap) as until_date,
      lower(g.gap) as starts,
      null as reason
    from status s
    cross join unnest(s.gaps) as g(gap)
    where s.window_from is not null
    union all
    select
      b.category,
      b.from_date,
      b.until_date,
      greatest(b.from_date, s.window_from),
      case
        when b.until_date - b.from_date < s.pause_days then 'too_short'
        when b.until_date <= s.window_from then 'before_window'
      end
    from status s
    join absence b on b.person_id = s.person_id
    where s.window_from is not null
  ),
  piece as (
    select
      q.*,
      greatest(q.starts, q.reached) as counts_from,
      case
        when q.without_end then 0
        when q.until_date is null then null
        else greatest(q.until_date - greatest(q.starts, q.reached), 0)
      end as days
    from (
      select
        o.*,
        max(o.until_date) over earlier as reached,
        coalesce(bool_or(o.until_date is null) over earlier, false) as without_end
      from stop o
      where o.reason is null
      window earlier as (
        order by o.starts, o.until_date desc, o.category
        rows between unbounded preceding and 1 preceding)
    ) q
  ),
  judged as (
    select
      c.*,
      c.counts_from - coalesce(sum(c.days) over earlier, 0)::integer < s.unpaused_until as begins_in_time
    from piece c
    cross join status s
    window earlier as (
      order by c.starts, c.until_date desc, c.category
      rows between unbounded preceding and 1 preceding)
  ),
  pause as (
    select
      j.category,
      j.from_date,
      j.until_date,
      j.starts,
      case
        when coalesce(bool_or(j.days is null and j.begins_in_time) over earlier, false) then 'united'
        when not j.begins_in_time then 'after_window'
        when j.days = 0 then 'united'
      end as reason,
      j.counts_from,
      j.days,
      case
        when not bool_or(j.days is null and j.begins_in_time) over thus_far
          then s.unpaused_until + coalesce(sum(j.days) filter (where j.begins_in_time) over thus_far, 0)::integer
      end as until_after
    from judged j
    cross join status s
    window
      earlier as (
        order by j.starts, j.until_date desc, j.category
        rows between unbounded preceding and 1 preceding),
      thus_far as (order by j.starts, j.until_date desc, j.category rows unbounded preceding)
    union all
    select
      o.category,
      o.from_date,
      o.until_date,
      o.starts,
      o.reason,
      null,
      null,
      null
    from stop o
    where o.reason is not null
  ),
  line as (
    select
      'step' as part,
      1 as rank,
      case when s.window_from is null then 'first_teaching_day_missing' else 'first_teaching_day' end as code,
      case
        when s.window_from is null then s.data_incomplete[1]
        when r.teaching_since > s.window_from then 'prior_experience'
        when s.window_from = s.first_day then 'employment'
        else 'registration'
      end as category,
      null as reason,
      null::uuid as id,
      s.window_from as from_date,
      null::date as until_date,
      null::date as counts_from,
      null::integer as amount,
      null::date as until_after
    from status s
    left join registration r on r.person_id = s.person_id
    union all
    select
      'step',
      2,
      case when e.approved_at is null then 'prior_experience_not_approved' else 'prior_experience' end,
      null,
      case when e.approved_at is not null and e.from_date = s.window_from then 'moves_first_day' end,
      null,
      e.from_date,
      e.until_date,
      null,
      null,
      null
    from status s
    join prior_experience e on e.person_id = s.person_id
    union all
    select
      'step',
      3,
      'window_months',
      null,
      null,
      null,
      s.window_from,
      null,
      null,
      s.window_months,
      s.unpaused_until
    from status s
    where s.window_from is not null
    union all
    select
      'step',
      4,
      case when u.reason is null then 'pause' else 'pause_not_counted' end,
      u.category,
      u.reason,
      null,
      u.from_date,
      u.until_date,
      case when u.reason is null then u.counts_from end,
      case
        when u.reason is null then u.days
        when u.reason = 'too_short' then s.pause_days
        else 0
      end,
      case when u.reason is null then u.until_after end
    from pause u
    cross join status s
    union all
    select
      'step',
      5,
      'exemption',
      x.code,
      null,
      null,
      x.from_date,
      x.review_date,
      null,
      null,
      null
    from status s
    join exemption x on x.person_id = s.person_id
      and x.from_date <= day
      and x.review_date > day
    union all
    select
      'step',
      6,
      'out_of_scope',
      null,
      case
        when s.assumed_until <= s.first_day then 'ended_before_first_day'
        else 'ended_before_programme'
      end,
      null,
      case when s.assumed_until <= s.first_day then s.first_day else s.programme_start end,
      s.assumed_until,
      null,
      null,
      null
    from status s
    where s.coverage = 'out_of_scope'
    union all
    select
      'recording',
      7,
      v.stage,
      v.origin,
      v.reason,
      v.id,
      v.day,
      v.debriefed_on,
      null,
      null,
      null
    from app.recording_verdicts(day) v
    where v.person_id = person
      and (is_own or v.counts_for_programme)
  )
  select
    day,
    s.policy_version,
    s.window_from,
    s.window_until,
    s.days_left,
    s.coverage,
    s.urgency,
    s.employment,
    l.part,
    l.code,
    l.category,
    l.reason,
    l.id,
    l.from_date,
    l.until_date,
    l.counts_from,
    l.amount,
    l.until_after
  from status s
  cross join line l
  order by
    l.rank,
    case when l.rank = 4 then coalesce(l.counts_from, greatest(l.from_date, s.window_from)) else l.from_date end,
    l.reason nulls first,
    l.until_date,
    l.id;
end
$$;
comment on function app.starter_explanation(uuid, date) is
  'GET /v1/starters/{person}/explanation: the deadline''s proof, one row for each step (part = step) in the order of reckoning, then for each recording; the status stands in every row. amount: months of the window, days a pause added (null where it has no known end), for a pause that was too short the days it takes to count. first_teaching_day + window_months + the amounts of the pauses (code = pause) = window_until. For the teacher, the adviser, and the director of the school; who is not the teacher learns nothing, not even a reason, of an own wish that the teacher keeps to themselves.';

grant execute on function app.starter_explanation(uuid, date) to beeld_app;
