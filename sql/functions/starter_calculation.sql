-- The starter rules. Each function below is one rule, set-based and without `security definer` or `set`, so that the
-- planner inlines it: `where person_id = …` reaches the indexes, and the whole board is read in one parallel pass.
--
-- as_of is valid time under today's knowledge: every fact counts as it is known now (also leave, gaps, employments and
-- approvals entered later, or known ahead), and as_of decides what of it is judged. The window therefore does not
-- depend on as_of but through the policy in force on that day; days_left, recordings, exemption, employment and
-- attribution do. A report made again later may differ by what was learnt since: what was known then, the stored runs show.

create or replace function app.policy_on(as_of date)
  returns setof beeld.policy
  language sql stable parallel safe
  rows 1
as $$
  select p.*
  from beeld.policy p
  where p.version = (
    select v.version
    from beeld.policy v
    order by
      v.valid_from > as_of,
      abs(v.valid_from - as_of)
    limit 1)
$$;
comment on function app.policy_on(date) is
  'The policy in force on a day: the latest valid_from up to it, else the first.';

create or replace function app.first_teaching_days()
  returns table (person_id uuid, opens date, elsewhere datemultirange)
  language sql stable parallel safe
  rows 1000000
as $$
  select
    r.person_id,
    case
      when r.teaching_since_approved_at is not null then least(r.teaching_since::date, x.first_day)
    end,
    x.elsewhere
  from beeld.registration r
  left join (
    select
      e.person_id,
      min(e.from_date::date) as first_day,
      range_agg(daterange(e.from_date, e.until_date)) as elsewhere
    from beeld.prior_experience e
    where e.approved_at is not null
    group by e.person_id
  ) x on x.person_id = r.person_id
$$;
comment on function app.first_teaching_days() is
  'Rule S: the approved teaching_since, moved to the earliest day of approved prior experience where that is earlier; null where no approved teaching_since is known, whatever the prior experience: never guessed. elsewhere: the approved prior experience.';

create or replace function app.recording_verdicts(as_of date)
  returns table (
    id uuid, person_id uuid, coach_id uuid, origin text, counts_for_programme boolean,
    stage text, day date, debriefed_on date, reason text)
  language sql stable parallel safe
  rows 1000000
as $$
  select
    v.id,
    v.teacher_id,
    v.coach_id,
    v.origin,
    v.counts_for_programme,
    v.stage,
    v.day,
    case when v.stage = 'debriefed' then v.debriefed_on end,
    case
      when not v.counts_for_programme then 'own_wish'
      when v.quarantined then 'quarantined'
      when v.stage in ('waived', 'cancelled') then v.stage
      when v.day < s.opens then 'before_window'
    end
  from (
    select
      k.id,
      k.teacher_id,
      k.coach_id,
      k.origin,
      k.counts_for_programme,
      k.quarantined,
      k.debriefed_on::date as debriefed_on,
      case
        when k.ended_on <= as_of then k.state
        when k.debriefed_on <= as_of then 'debriefed'
        when k.recorded_on <= as_of then 'recorded'
        else 'planned'
      end as stage,
      case
        when k.recorded_on <= as_of then k.recorded_on::date
        else k.scheduled_for::date
      end as day
    from beeld.recording k
    where k.state <> 'voided'
      and (k.planned_on <= as_of or k.recorded_on <= as_of)
  ) v
  left join app.first_teaching_days() s on s.person_id = v.teacher_id
$$;
comment on function app.recording_verdicts(date) is
  'What each recording is worth on a day. stage: planned, recorded, debriefed, or waived and cancelled from the day they became so (before it they were what they were). day: when it was made, else for when it is planned. reason: null where it counts; else own_wish (its teacher has not let it count), quarantined, waived, cancelled, or before_window (before S). Planned or made after the day: not there yet; voided: never there.';

create or replace function app.starter_calculation(as_of date)
  returns setof beeld.starter_status
  language sql stable parallel safe
  rows 1000000
as $$
select
  t.person_id,
  case
    when t.spells_on_day = 1 then t.school_on_day
    else
      (select e.school_id
      from beeld.employment e
      join beeld.school s on s.id = e.school_id
      where e.person_id = t.person_id
        and e.job = 'teacher'
        and case
          when t.spells_on_day > 1 then e.from_date <= as_of and (e.until_date is null or e.until_date > as_of)
          when t.first_day <= as_of then e.until_date <= as_of
          else e.from_date = t.first_day
        end
      order by
        case when t.spells_on_day = 0 and t.first_day <= as_of then e.until_date end desc,
        e.fte desc,
        e.from_date,
        s.code
      limit 1)
  end as school_id,
  f.opens as window_from,
  c.closes as window_until,
  c.closes - as_of as days_left,
  c.coverage,
  case
    when c.coverage in ('out_of_scope', 'covered', 'covered_late', 'exempt') then 'none'
    when c.coverage = 'recorded' and (c.closes is null or k.recorded_on < c.closes) then 'none'
    when c.closes - as_of <= 0 then 'overdue'
    when c.closes - as_of <= p.at_risk_days and k.planned_for is null then 'at_risk'
    when c.closes - as_of <= p.at_risk_days and k.planned_for >= c.closes then 'at_risk'
    when c.closes - as_of <= p.due_soon_days then 'due_soon'
    else 'none'
  end as urgency,
  case
    when t.spells_on_day > 0 and a.away_on_day and (f.opens is null or f.opens <= as_of) then 'paused'
    when t.spells_on_day > 0 then 'active'
    when t.first_day > as_of then 'future'
    else 'left'
  end as employment,
  extract(year from f.opens)::integer - (extract(month from f.opens) < 8)::integer as cohort,
  case
    when f.opens is not null then '{}'::text[]
    when r.teaching_since is null then '{teaching_since}'::text[]
    else '{teaching_since_approval}'::text[]
  end as data_incomplete,
  k.covered_on,
  p.version as policy_version,
  t.first_day,
  w.assumed_from,
  u.assumed_until,
  w.gaps,
  coalesce(k.covered_by, k.recorded_on) as recorded_on,
  k.planned_for,
  x.review_date::date as exempt_until
from (
  select
    e.person_id,
    min(e.from_date::date) as first_day,
    range_agg(daterange(e.from_date, e.until_date)) as taught,
    count(*) filter (where e.from_date <= as_of and (e.until_date is null or e.until_date > as_of)) as spells_on_day,
    (array_agg(e.school_id) filter (where e.from_date <= as_of and (e.until_date is null or e.until_date > as_of)))[1] as school_on_day
  from beeld.employment e
  where e.job = 'teacher'
  group by e.person_id
) t
cross join app.policy_on(as_of) p
left join beeld.registration r on r.person_id = t.person_id
left join app.first_teaching_days() f on f.person_id = t.person_id
left join (
  select
    b.person_id,
    range_agg(daterange(b.from_date, b.until_date)) as away,
    bool_or(b.from_date <= as_of and (b.until_date is null or b.until_date > as_of)) as away_on_day
  from beeld.absence b
  where b.until_date is null
    or b.until_date - b.from_date >= (select q.pause_days from app.policy_on(as_of) q)
  group by b.person_id
) a on a.person_id = t.person_id
left join (
  select
    v.person_id,
    min(v.day) filter (where v.stage = 'debriefed') as covered_by,
    min(v.debriefed_on) filter (where v.stage = 'debriefed') as covered_on,
    min(v.day) filter (where v.stage = 'recorded') as recorded_on,
    min(v.day) filter (where v.stage = 'planned') as planned_for
  from app.recording_verdicts(as_of) v
  where v.reason is null
  group by v.person_id
) k on k.person_id = t.person_id
left join beeld.exemption x on x.person_id = t.person_id
  and x.from_date <= as_of
  and x.review_date > as_of
cross join lateral (
  select
    coalesce(f.opens, t.first_day) as assumed_from,
    (coalesce(f.opens, t.first_day) + make_interval(months => p.window_months))::date as unpaused_until,
    datemultirange(daterange(coalesce(f.opens, t.first_day), null)) - t.taught - coalesce(f.elsewhere, '{}') as gaps
) w
cross join lateral (
  select
    case
      when a.away is null and t.taught @> daterange(w.assumed_from, null) then w.unpaused_until
      else
        (select
          case
            when isempty(s.pauses) or lower(s.pauses) >= w.unpaused_until then w.unpaused_until
            when s.pauses = datemultirange(range_merge(s.pauses)) then w.unpaused_until + (upper(s.pauses) - lower(s.pauses))
            else
              (select
                case
                  when bool_or(g.days is null) then null
                  else w.unpaused_until + sum(g.days)::integer
                end
              from (
                select
                  lower(z.pause) as starts,
                  upper(z.pause) - lower(z.pause) as days,
                  coalesce(
                    sum(upper(z.pause) - lower(z.pause)) over (
                      order by lower(z.pause)
                      rows between unbounded preceding and 1 preceding),
                    0)::integer as earlier
                from unnest(s.pauses) as z(pause)
              ) g
              where g.starts - g.earlier < w.unpaused_until)
          end
        from (
          select w.gaps + coalesce(a.away, '{}') * datemultirange(daterange(w.assumed_from, null)) as pauses
          offset 0
        ) s)
    end as assumed_until
  offset 0
) u
cross join lateral (
  select
    case when f.opens is not null then u.assumed_until end as closes,
    case
      when u.assumed_until <= t.first_day or u.assumed_until <= p.programme_start then 'out_of_scope'
      when k.covered_by >= u.assumed_until and f.opens is not null then 'covered_late'
      when k.covered_by is not null then 'covered'
      when x.person_id is not null then 'exempt'
      when k.recorded_on is not null then 'recorded'
      when k.planned_for is not null then 'planned'
      else 'open'
    end as coverage
) c
$$;
comment on function app.starter_calculation(date) is
  'The starter rules, one row for each teacher: window, pauses, coverage, urgency, employment axis, attribution, cohort. Sees what its caller sees: the board''s own work calls it, everyone else goes through the functions that apply visibility.';

grant execute on function
  app.policy_on(date),
  app.first_teaching_days(),
  app.recording_verdicts(date),
  app.starter_calculation(date)
to beeld_jobs;
-- Answer times and terms are the policy's, which everybody reads.
grant execute on function app.policy_on(date) to beeld_app;
