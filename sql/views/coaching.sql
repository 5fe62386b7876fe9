-- The resources of the coaching as the API answers them, under the asker's own row-level security. Where the matrix
-- gives an asker less than the whole row, the view leaves the rest null.

drop view if exists request_resource;
create view request_resource with (security_invoker = true) as
select q.id, q.version, q.teacher_id, q.coach_id, q.origin, q.state, q.school_id, row_to_json(r) as body
from request q
-- Offset 0: what somebody is to a row is asked once, and not wherever it matters.
cross join lateral (select app.actors(q) as actors offset 0) a
-- Of a voluntary request the adviser is told what it takes to assign it.
cross join lateral (select q.origin = 'own_wish' and a.actors & 3 = 0 as is_private) v
cross join lateral (
  select
    q.id,
    row(q.teacher_id, (select p.name from person p where p.id = q.teacher_id))::named_person as teacher,
    q.origin,
    q.aim,
    q.subject,
    case when q.coach_id is not null then row(q.coach_id, (select p.name from person p where p.id = q.coach_id))::named_person end as coach,
    q.state,
    case when not v.is_private then app.instant(q.state_since) end as state_since,
    case when not v.is_private then q.state_reason end as reason,
    q.made_as as made_by,
    (select row(s.id, s.code, s.name)::named_school from school s where s.id = q.school_id) as school,
    q.talk_on,
    q.talk_kind,
    q.expires_on,
    case when not v.is_private then app.instant(q.created_at) end as created_at,
    app.allowed_transitions('request', q.state, a.actors) as allowed_transitions
) r;
comment on view request_resource is 'Requests as /v1/requests answers them.';

drop view if exists trajectory_resource;
create view trajectory_resource with (security_invoker = true) as
select t.id, t.version, t.teacher_id, t.coach_id, t.state, row_to_json(r) as body
from trajectory t
cross join lateral (select app.actors(t) as actors offset 0) a
cross join lateral (
  select
    t.id,
    t.request_id as request,
    case when a.actors & 3 <> 0 then row(t.teacher_id, (select p.name from person p where p.id = t.teacher_id))::named_person end as teacher,
    case when t.coach_id is not null then row(t.coach_id, (select p.name from person p where p.id = t.coach_id))::named_person end as coach,
    case when a.actors & 3 <> 0 then t.origin end as origin,
    t.state,
    case when a.actors & 3 <> 0 then app.instant(t.state_since) end as state_since,
    t.state_reason as reason,
    t.recordings,
    (
      select count(*)
      from recording k
      where k.trajectory_id = t.id
        and k.state in ('made', 'debriefed', 'waived')
    ) as made,
    case when a.actors & 3 <> 0 then t.interval_days end as interval_days,
    case when a.actors & 3 <> 0 then t.opened_on end as opened_on,
    app.allowed_transitions('trajectory', t.state, a.actors) as allowed_transitions
) r;
comment on view trajectory_resource is 'Trajectories as /v1/trajectories answers them: to the adviser coach, state and number of recordings.';

drop view if exists follow_up_resource;
create view follow_up_resource with (security_invoker = true) as
select f.id, f.version, f.trajectory_id, f.talk_on, row_to_json(r) as body
from follow_up f
cross join lateral (select f.id, f.trajectory_id as trajectory, f.talk_on) r;
comment on view follow_up_resource is 'Follow-up talks as /v1/follow-ups answers them.';

drop view if exists recording_resource;
create view recording_resource with (security_invoker = true) as
select k.id, k.version, k.teacher_id, k.coach_id, k.trajectory_id, k.state, k.scheduled_for, row_to_json(r) as body
from recording k
cross join lateral (select app.actors(k) as actors offset 0) a
-- The adviser is told coach, state and number.
cross join lateral (select a.actors & (1 | 2 | 512) = 0 as is_private) v
cross join lateral (
  select
    k.id,
    k.trajectory_id as trajectory,
    k.ordinal,
    case when not v.is_private then row(k.teacher_id, (select p.name from person p where p.id = k.teacher_id))::named_person end as teacher,
    case when k.coach_id is not null then row(k.coach_id, (select p.name from person p where p.id = k.coach_id))::named_person end as coach,
    case when not v.is_private then k.origin end as origin,
    k.state,
    case when not v.is_private then app.instant(k.state_since) end as state_since,
    k.state_reason as reason,
    case when not v.is_private then app.instant(k.scheduled_at) end as scheduled_at,
    case
      when not v.is_private then
        (
          select row(g.id, g.name)::named_group
          from school_group g
          where g.id = k.group_id
        )
    end as "group",
    case
      when not v.is_private then
        (
          select row(s.id, s.code, s.name)::named_school
          from school_group g
          join school s on s.id = g.school_id
          where g.id = k.group_id
        )
    end as school,
    case when not v.is_private then k.carrier_id end as carrier,
    case when not v.is_private then k.teacher_agreed_at is not null end as teacher_agreed,
    case when not v.is_private then k.recorded_on end as recorded_on,
    case when not v.is_private then app.instant(k.made_at) end as made_at,
    case when not v.is_private then k.handed_over_on end as handed_over_on,
    case when not v.is_private then k.debriefed_on end as debriefed_on,
    case when not v.is_private then k.counts_for_programme end as counts_for_programme,
    k.quarantined
      -- Talked over before an objection came, it counts for ever, and goes nowhere.
      or k.state = 'debriefed'
        and exists (
          select
          from quarantine q
          where q.recording_id = k.id
            and q.state = 'open'
        ) as quarantined,
    app.allowed_transitions('recording', k.state, a.actors) as allowed_transitions
) r;
comment on view recording_resource is 'Recordings as /v1/recordings answers them: to the adviser coach, state and number.';

drop view if exists copy_resource;
create view copy_resource with (security_invoker = true) as
select c.id, c.version, c.recording_id, c.holder_id, c.teacher_id, c.state, row_to_json(r) as body
from copy c
cross join lateral (select app.actors(c) as actors offset 0) a
cross join lateral (
  select
    c.id,
    c.recording_id as recording,
    case when c.holder_id is not null then row(c.holder_id, (select p.name from person p where p.id = c.holder_id))::named_person end as holder,
    row(c.carrier_id, c.carrier_kind, (select m.name from carrier m where m.id = c.carrier_id))::named_carrier as carrier,
    c.state,
    app.instant(c.state_since) as state_since,
    case when c.given_to is not null then row(c.given_to, (select p.name from person p where p.id = c.given_to))::named_person end as given_to,
    c.demanded_at is not null as deletion_demanded,
    c.kept_until,
    app.copy_due_on(c) as deletion_due_on,
    app.copy_is_overdue(c) as is_overdue,
    app.allowed_transitions('copy', c.state, a.actors) as allowed_transitions
) r;
comment on view copy_resource is 'The custody ledger as /v1/copies answers it.';

drop view if exists agreement_resource;
create view agreement_resource with (security_invoker = true) as
select a.id, a.version, a.trajectory_id, a.recording_id, a.kind, a.state, row_to_json(r) as body
from agreement a
cross join lateral (
  select
    a.id,
    a.kind,
    a.trajectory_id as trajectory,
    a.recording_id as recording,
    a.copy_id as copy,
    case when a.new_coach_id is not null then row(a.new_coach_id, (select p.name from person p where p.id = a.new_coach_id))::named_person end as new_coach,
    a.recordings,
    a.interval_days,
    a.until_date as until,
    a.held_on,
    a.proposed_as as proposed_by,
    a.state,
    app.instant(a.state_since) as state_since,
    a.state_reason as reason,
    app.allowed_transitions('agreement', a.state, app.actors(a)) as allowed_transitions
) r;
comment on view agreement_resource is 'Agreements as /v1/agreements answers them.';

drop view if exists carrier_resource;
create view carrier_resource with (security_invoker = true) as
select c.id, c.version, c.kind, c.name::text as name, c.retired_on, row_to_json(r) as body
from carrier c
cross join lateral (select c.id, c.kind, c.name, c.retired_on) r;
comment on view carrier_resource is 'Carriers as /v1/carriers answers them.';

drop view if exists breach_resource;
create view breach_resource with (security_invoker = true) as
select b.id, b.version, b.settled_at is not null as is_settled, row_to_json(r) as body
from breach b
left join copy c on c.id = b.copy_id
cross join lateral (
  select
    b.id,
    b.copy_id as copy,
    c.recording_id as recording,
    app.instant(b.found_at) as found_at,
    app.instant(b.due_at) as due_at,
    app.instant(b.settled_at) as settled_at,
    b.outcome
) r;
comment on view breach_resource is 'Lost copies as /v1/breaches answers them.';

drop view if exists coach_resource;
create view coach_resource with (security_invoker = true) as
select p.id, coalesce(c.version, 1) as version, p.name::text as name, row_to_json(r) as body
from person p
left join coach c on c.person_id = p.id
cross join lateral (
  select
    p.id,
    p.name,
    c.capacity,
    case when c.person_id is not null then app.coach_load(c.person_id, app.school_year(app.today())) end as load
) r
where p.id in (select app.coaches_today());
comment on view coach_resource is 'Coaches as /v1/coaches answers them: the names to everybody, capacity and load to the coach and the adviser.';

drop view if exists coach_unavailability_resource;
create view coach_unavailability_resource with (security_invoker = true) as
select u.id, u.version, u.person_id, u.from_date, u.until_date, row_to_json(r) as body
from coach_unavailability u
left join person p on p.id = u.person_id
cross join lateral (
  select u.id, row(u.person_id, p.name)::named_person as coach, u.from_date as "from", u.until_date as until
) r;
comment on view coach_unavailability_resource is 'Days on which coaches cannot film, as /v1/unavailability answers them.';

grant select on
  request_resource, trajectory_resource, follow_up_resource, recording_resource, copy_resource, agreement_resource,
  carrier_resource, breach_resource, coach_resource, coach_unavailability_resource
  to beeld_app;
