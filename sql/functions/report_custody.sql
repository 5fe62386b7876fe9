-- The custody report: footage that is to be gone, that is kept by agreement, that is lost, and what it stands on.

insert into report (key, columns, board, counts, schools)
values (
  'custody', '{finding,carrier,carrier_kind,copies,held_since,due_on,days_over,kept_until,judge_before}',
  '{adviser,privacy_officer}', '{}', '{}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

drop function if exists app.copies_on(date);
create function app.copies_on(as_of date)
  returns table (
    id uuid, holder_id uuid, carrier_id uuid, carrier_kind text, is_lost boolean, is_own boolean, since date, due_on date,
    kept_until date)
  language sql stable
as $$
  select
    c.id, c.holder_id, c.carrier_id, c.carrier_kind, v.is_lost, c.holder_id is not distinct from c.teacher_id,
    (case when v.is_lost then c.state_since else c.created_at end at time zone 'Europe/Amsterdam')::date,
    case when not v.is_lost then app.copy_due_on(c, as_of) end,
    case when not v.is_lost and coalesce(c.required_on > as_of, true) then c.kept_until::date end
  from beeld.copy c
  join beeld.recording k on k.id = c.recording_id
  cross join lateral (
    select
      (c.created_at at time zone 'Europe/Amsterdam')::date <= as_of
        and (c.state = 'held' or (c.state_since at time zone 'Europe/Amsterdam')::date > as_of) as is_held,
      c.state = 'lost' and (c.state_since at time zone 'Europe/Amsterdam')::date <= as_of as is_lost
  ) v
  where (k.origin <> 'own_wish' or k.counts_for_programme)
    and (v.is_lost or v.is_held and (c.holder_id is distinct from c.teacher_id or c.required_on <= as_of))
$$;
comment on function app.copies_on(date) is
  'The copies that were on a day in other hands than the teacher''s, those of the teacher''s own whose deletion is required (is_own), and those that were lost by then; since when, the day from which each is to be gone, and until when it is kept by agreement. Of own wishes only those that count for the programme.';

create or replace function app.is_in_order(cells text)
  returns boolean
  language sql immutable parallel safe
as $$ select split_part(cells, e'\t', 1) in ('due', 'kept') $$;
comment on function app.is_in_order(text) is
  'Whether the cells of the custody report are of a copy that is neither late nor lost: those are the privacy officer''s alone.';
grant execute on function app.is_in_order(text) to beeld_app;

drop function if exists app.report_custody(date);
create function app.report_custody(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  with copies as materialized (
    select c.*
    from app.copies_on(as_of) c
  )
  select
    row_number() over (order by f.rank, f.due_on, f.key),
    f.key,
    f.holder_id,
    null::uuid,
    f.severity::smallint,
    concat(
      f.finding, e'\t', f.carrier_id, e'\t', f.carrier_kind, e'\t', f.copies, e'\t', f.since, e'\t', f.due_on, e'\t',
      f.days_over, e'\t', f.kept_until, e'\t', f.judge_before)
  from (
    select
      case v.finding when 'lost' then 1 when 'overdue' then 2 when 'due' then 3 when 'kept' then 4 else 5 end as rank,
      c.id as key,
      c.holder_id,
      case
        when v.finding = 'overdue' then 2
        when v.finding = 'lost' and v.judge_before is not null then 2
        when v.finding = 'due' then 1
      end as severity,
      v.finding,
      c.carrier_id,
      c.carrier_kind,
      null::bigint as copies,
      c.since,
      c.due_on,
      case when v.finding in ('overdue', 'due') then as_of - c.due_on end as days_over,
      c.kept_until,
      v.judge_before
    from copies c
    cross join app.policy_on(as_of) p
    cross join lateral (
      select
        case
          when c.is_lost then 'lost'
          when c.due_on + p.deletion_days <= as_of then 'overdue'
          when c.due_on <= as_of then 'due'
          when c.kept_until is not null then 'kept'
          else 'in_use'
        end as finding,
        (
          select (b.due_at at time zone 'Europe/Amsterdam')::date
          from beeld.breach b
          where c.is_lost
            and b.copy_id = c.id
            and (b.settled_at is null or (b.settled_at at time zone 'Europe/Amsterdam')::date > as_of)
        ) as judge_before
    ) v
    where v.finding <> 'in_use'
    union all
    select
      6, m.id, null, case when m.retired_on <= as_of and h.copies > 0 then 1 end,
      case when m.retired_on <= as_of then 'carrier_retired' else 'carrier' end, m.id, m.kind, h.copies, null,
      m.retired_on::date, null, null, null
    from beeld.carrier m
    cross join lateral (
      select count(*) as copies
      from copies c
      where c.carrier_id = m.id
        and not c.is_lost
        and not c.is_own
    ) h
    where m.retired_on is null
      or m.retired_on > as_of
      or h.copies > 0
  ) f
$$;
comment on function app.report_custody(date) is
  'The custody report: one row for each copy in other hands than the teacher''s that is due or overdue to be deleted, kept by agreement, or lost, for each of a teacher''s own that an objection requires to be deleted, and one for each carrier in use, or that still has copies in other hands. An exception: due, or a carrier out of use with copies on it; serious: overdue, or lost and not judged yet.';
grant execute on function app.copies_on(date), app.report_custody(date) to beeld_jobs;
