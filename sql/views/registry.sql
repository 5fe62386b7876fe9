-- The resources of the registry as the API answers them: `body` is the representation, the other columns are what lists
-- filter and sort by. Under the asker's own row-level security; a person whom the asker may not see has no name.

drop view if exists employment_resource;
create view employment_resource with (security_invoker = true) as
select e.id, e.version, e.person_id, e.school_id, e.job, e.from_date, e.until_date, row_to_json(r) as body
from employment e
join school s on s.id = e.school_id
left join person p on p.id = e.person_id
cross join lateral (
  select
    e.id,
    row(e.person_id, p.name)::named_person as person,
    row(s.id, s.code, s.name)::named_school as school,
    e.job,
    trim_scale(e.fte) as fte,
    e.from_date as "from",
    e.until_date as until
) r;
comment on view employment_resource is 'Employments as /v1/employments answers them.';

drop view if exists absence_resource;
create view absence_resource with (security_invoker = true) as
select a.id, a.version, a.person_id, a.category, a.from_date, a.until_date, row_to_json(r) as body
from absence a
left join person p on p.id = a.person_id
cross join lateral (
  select a.id, row(a.person_id, p.name)::named_person as person, a.category, a.from_date as "from", a.until_date as until
) r;
comment on view absence_resource is 'Absences as /v1/absences answers them.';

drop view if exists prior_experience_resource;
create view prior_experience_resource with (security_invoker = true) as
select x.id, x.version, x.person_id, s.state, row_to_json(r) as body
from prior_experience x
left join person p on p.id = x.person_id
left join person c on c.id = x.claimed_by
left join person d on d.id = coalesce(x.approved_by, x.declined_by)
cross join lateral (
  select
    case
      when x.approved_at is not null then 'approved'
      when x.declined_at is not null then 'declined'
      else 'claimed'
    end as state
) s
cross join lateral (
  select
    x.id,
    row(x.person_id, p.name)::named_person as person,
    x.from_date as "from",
    x.until_date as until,
    x.evidence,
    s.state,
    case when x.claimed_by is not null then row(x.claimed_by, c.name)::named_person end as claimed_by,
    case
      when coalesce(x.approved_by, x.declined_by) is not null
      then row(coalesce(x.approved_by, x.declined_by), d.name)::named_person
    end as decided_by,
    to_char(coalesce(x.approved_at, x.declined_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as decided_at,
    case
      when s.state = 'claimed'
        and current_setting('app.adviser', true) = 'on'
        and x.person_id <> app.me()
        and x.claimed_by is distinct from app.me()
      then array['approved', 'declined']
      else '{}'::text[]
    end as allowed_transitions
) r;
comment on view prior_experience_resource is 'Claims of prior experience as /v1/prior-experience answers them.';

drop view if exists exemption_resource;
create view exemption_resource with (security_invoker = true) as
select x.id, x.version, x.person_id, x.code, x.from_date, x.review_date, row_to_json(r) as body
from exemption x
left join person p on p.id = x.person_id
left join person g on g.id = x.granted_by
cross join lateral (
  select
    x.id,
    row(x.person_id, p.name)::named_person as person,
    x.code,
    x.evidence,
    x.from_date as "from",
    x.review_date,
    case when x.granted_by is not null then row(x.granted_by, g.name)::named_person end as granted_by
) r;
comment on view exemption_resource is 'Exemptions as /v1/exemptions answers them.';

drop view if exists role_assignment_resource;
create view role_assignment_resource with (security_invoker = true) as
select a.id, a.version, a.person_id, a.role, a.school_id, a.from_date, a.until_date, row_to_json(r) as body
from role_assignment a
left join person p on p.id = a.person_id
left join school s on s.id = a.school_id
left join person g on g.id = a.granted_by
cross join lateral (
  select
    a.id,
    row(a.person_id, p.name)::named_person as person,
    a.role,
    case when s.id is not null then row(s.id, s.code, s.name)::named_school end as school,
    a.from_date as "from",
    a.until_date as until,
    case when a.granted_by is not null then row(a.granted_by, g.name)::named_person end as granted_by
) r;
comment on view role_assignment_resource is 'Role assignments as /v1/role-assignments answers them.';

drop view if exists group_resource;
create view group_resource with (security_invoker = true) as
select g.id, g.version, g.school_id, g.school_year, g.name::text as name, row_to_json(r) as body
from school_group g
join school s on s.id = g.school_id
cross join lateral (
  select g.id, row(s.id, s.code, s.name)::named_school as school, g.school_year, g.name
) r;
comment on view group_resource is 'Groups as /v1/groups answers them.';

drop view if exists person_resource;
create view person_resource with (security_invoker = true) as
select
  p.id,
  p.version + coalesce(g.version, 0) as version,
  p.name::text as name,
  g.person_number,
  g.email,
  g.subject is not null as is_linked,
  row_to_json(r) as body
from person p
left join registration g on g.person_id = p.id
cross join lateral (
  select
    p.id,
    p.name,
    g.person_number,
    g.email,
    g.language,
    g.teaching_since,
    case when g.person_id is not null then g.teaching_since_approved_at is not null end as teaching_since_approved,
    case when g.person_id is not null then g.subject is not null end as linked,
    case when g.person_id is not null then coalesce(g.disabled_at <= app.now(), false) end as disabled
) r;
comment on view person_resource is 'People as /v1/people answers them. The version counts changes of the name and of the registration.';

drop view if exists policy_resource;
create view policy_resource with (security_invoker = true) as
select y.version as number, y.valid_from, row_to_json(r) as body
from policy y
left join person d on d.id = y.decided_by
cross join lateral (
  select
    y.version,
    y.valid_from,
    y.programme_start,
    y.window_months,
    y.pause_days,
    y.at_risk_days,
    y.due_soon_days,
    y.teacher_days,
    y.coach_days,
    y.first_recording_days,
    y.debrief_days,
    y.invitation_days,
    y.deletion_days,
    y.coach_capacity,
    y.objection_days,
    y.notice_days,
    y.invitation_month,
    case when y.decided_by is not null then row(y.decided_by, d.name)::named_person end as decided_by
) r;
comment on view policy_resource is 'Versions of the policy as /v1/policies answers them.';

grant select on
  employment_resource, absence_resource, prior_experience_resource, exemption_resource, role_assignment_resource,
  group_resource, person_resource, policy_resource
  to beeld_app;
