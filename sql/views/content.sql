-- Storyboards and consents as the API answers them; never with a text.

drop view if exists storyboard_resource;
create view storyboard_resource with (security_invoker = true) as
select s.id, s.version, s.teacher_id, s.trajectory_id, s.state, row_to_json(r) as body
from storyboard s
left join person p on p.id = s.teacher_id
cross join lateral (
  select
    s.id,
    row(s.teacher_id, p.name)::named_person as teacher,
    s.trajectory_id as trajectory,
    s.state,
    s.presented_orally_on,
    app.instant(s.created_at) as created_at,
    app.instant(s.state_since) as state_since,
    app.allowed_transitions('storyboard', s.state, app.actors(s)) as allowed_transitions
) r;
comment on view storyboard_resource is 'Storyboards as /v1/storyboards answers them.';

drop view if exists consent_resource;
create view consent_resource with (security_invoker = true) as
select c.id, c.version, c.teacher_id, c.recipient_id, c.item_kind, c.item_id, c.state, row_to_json(r) as body
from consent c
left join person t on t.id = c.teacher_id
left join person n on n.id = c.recipient_id
cross join lateral (
  select
    c.id,
    row(c.teacher_id, t.name)::named_person as teacher,
    row(c.recipient_id, n.name)::named_person as recipient,
    c.item_kind,
    c.item_id as item,
    c.purpose,
    c.granted_on,
    c.until_date as until,
    c.state,
    app.instant(c.state_since) as state_since,
    app.allowed_transitions('consent', c.state, app.actors(c)) as allowed_transitions
) r;
comment on view consent_resource is 'Consents as /v1/consents answers them.';

grant select on storyboard_resource, consent_resource to beeld_app;
