-- The intake report: which referrals and invitations wait, at which step, and whether for longer than agreed.

insert into report (key, columns, board, counts, schools)
values ('intake', '{step,origin,coach,waiting_since,due_on,days_over}', '{adviser}', '{}', '{director}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

create or replace function app.intake_steps(as_of date)
  returns table (id uuid, teacher_id uuid, origin text, coach_id uuid, step text, since date, days integer)
  language sql stable
as $$
  with rules as materialized (
    select p.*
    from app.policy_on(as_of) p
  )
  select
    q.id, q.teacher_id, o.origin, case when q.state = 'offered' then q.coach_id end, q.state, q.since,
    case q.state when 'invited' then r.teacher_days else r.coach_days end
  from app.requests_on(as_of) q
  join beeld.request o on o.id = q.id
  cross join rules r
  where q.state in ('invited', 'submitted', 'offered')
  union all
  select
    q.id, q.teacher_id, t.origin, t.coach_id,
    case when k.filmed is null then 'first_recording' else 'debrief' end,
    coalesce(k.filmed, t.opened_on::date),
    case when k.filmed is null then r.first_recording_days else r.debrief_days end
  from app.requests_on(as_of) q
  join beeld.trajectory t on t.request_id = q.id
  cross join rules r
  cross join lateral (
    -- What was filmed, cancelled or talked over after the day had not been so on it. Waived, it was made all the same.
    select
      count(*) filter (where v.ended_on is null or v.ended_on > as_of or v.state = 'waived') as live,
      min(coalesce(v.handed_over_on, v.recorded_on)::date) filter (
        where v.recorded_on <= as_of
          and (v.debriefed_on is null or v.debriefed_on > as_of)
          and (v.ended_on is null or v.ended_on > as_of)) as filmed
    from beeld.recording v
    where v.trajectory_id = t.id
      and v.state <> 'voided'
      and v.planned_on <= as_of
  ) k
  where q.state = 'assigned'
    and (k.live = 0 and t.state in ('open', 'paused') or k.filmed is not null)
$$;
comment on function app.intake_steps(date) is
  'Referrals and invitations that wait for somebody on a day: for the teacher (invited), a coach to be named (submitted), the coach (offered), the first recording, the debrief; since when, and how many days were agreed [P]. The debrief is waited for from the hand-over on, or from the filming where nothing was handed over. Own wishes are not in it.';

drop function if exists app.report_intake(date);
create function app.report_intake(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by w.since, w.id),
    w.id,
    w.teacher_id,
    case when w.step in ('invited', 'submitted', 'offered') then s.school_id end,
    case
      when as_of - (w.since + w.days) > w.days then 2
      when as_of > w.since + w.days then 1
    end::smallint,
    concat(
      w.step, e'\t', w.origin, e'\t', w.coach_id, e'\t', w.since, e'\t', w.since + w.days, e'\t',
      greatest(as_of - (w.since + w.days), 0))
  from app.intake_steps(as_of) w
  left join app.starter_calculation(as_of) s on s.person_id = w.teacher_id
$$;
comment on function app.report_intake(date) is
  'The intake report: one row for each referral or invitation that waits. What waits for a recording or its debrief is no school''s: of guidance the director is told coverage alone. An exception: past its day; serious: by more than as long again as was agreed.';
grant execute on function app.intake_steps(date), app.report_intake(date) to beeld_jobs;
