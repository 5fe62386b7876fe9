-- Notices, objections and what follows from them as the API answers them; never with a text.

drop view if exists notice_resource;
create view notice_resource with (security_invoker = true) as
select n.id, n.version, n.school_id, n.school_year, n.channel, row_to_json(r) as body
from notice n
left join school s on s.id = n.school_id
cross join lateral (
  select
    n.id,
    row(s.id, s.code, s.name)::named_school as school,
    n.school_year,
    n.channel,
    n.reference,
    n.published_on,
    n.attested_at is null as is_proposal,
    case
      when n.attested_by is not null then row(n.attested_by, (select p.name from person p where p.id = n.attested_by))::named_person
    end as attested_by,
    app.instant(n.attested_at) as attested_at
) r;
comment on view notice_resource is 'Notices as /v1/notices answers them.';

drop view if exists objection_resource;
create view objection_resource with (security_invoker = true) as
select
  o.id, o.version, o.school_id, o.state, o.received_on, b.body,
  (
    select row_to_json(w)
    from (select r.*, app.objection_impact(o.id) as impact) w
  ) as whole
from objection o
left join school s on s.id = o.school_id
cross join lateral app.objection_due_on(o.received_on) due_on
cross join lateral (
  select
    o.id,
    row(s.id, s.code, s.name)::named_school as school,
    o.received_on,
    due_on as answer_due_on,
    (o.received_on + interval '1 month')::date as legal_due_on,
    o.answered_on,
    o.state = 'received' and due_on < app.today() as is_overdue,
    o.state,
    app.instant(o.state_since) as state_since,
    o.state_reason as reason,
    o.pupil_left_on,
    (
      select coalesce(json_agg(json_build_object('school_year', p.school_year, 'group', row(g.id, g.name)::named_group) order by p.school_year), '[]')
      from placement p
      join school_group g on g.id = p.group_id
      where p.objection_id = o.id
        and p.replaced_at is null
    ) as placements,
    (
      select coalesce(json_agg(json_build_object('id', m.id, 'kind', m.kind, 'covers_sound', m.covers_sound, 'state', m.state) order by m.id), '[]')
      from measure m
      where m.objection_id = o.id
    ) as measures,
    app.allowed_transitions('objection', o.state, app.actors(o)) as allowed_transitions
) r
cross join lateral (select row_to_json(r) as body) b;
comment on view objection_resource is 'Objections as /v1/objections answers them; whole: with what they touch.';

drop view if exists measure_resource;
create view measure_resource with (security_invoker = true) as
select m.id, m.version, m.objection_id, m.state, row_to_json(r) as body
from measure m
cross join lateral (
  select
    m.id,
    m.objection_id as objection,
    m.kind,
    m.covers_sound,
    m.state,
    app.instant(m.created_at) as set_at,
    app.instant(m.state_since) as state_since,
    app.allowed_transitions('measure', m.state, app.actors(m)) as allowed_transitions
) r;
comment on view measure_resource is 'Measures as /v1/measures answers them.';

drop view if exists promise_resource;
create view promise_resource with (security_invoker = true) as
select p.id, p.version, p.recording_id, p.state, row_to_json(r) as body
from promise p
cross join lateral (
  select
    p.id,
    p.recording_id as recording,
    p.measure_id as measure,
    (
      select m.kind
      from measure m
      where m.id = p.measure_id
    ) as kind,
    p.state,
    app.instant(p.created_at) as promised_at,
    app.instant(p.state_since) as state_since,
    app.allowed_transitions('promise', p.state, app.actors(p)) as allowed_transitions
) r;
comment on view promise_resource is 'Promises as /v1/promises answers them.';

drop view if exists quarantine_resource;
create view quarantine_resource with (security_invoker = true) as
select q.id, q.version, q.recording_id, q.state, q.cause, row_to_json(r) as body
from quarantine q
cross join lateral (
  select
    q.id,
    q.recording_id as recording,
    q.cause,
    q.codes,
    q.state,
    app.instant(q.created_at) as begun_at,
    app.instant(q.state_since) as state_since,
    app.allowed_transitions('quarantine', q.state, app.actors(q)) as allowed_transitions
) r;
comment on view quarantine_resource is 'Quarantines as /v1/quarantines answers them.';

grant select on notice_resource, objection_resource, measure_resource, promise_resource, quarantine_resource to beeld_app;
