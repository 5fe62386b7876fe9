-- Schedules and deliveries as the API answers them, under the asker's own row-level security.

drop view if exists report_schedule_resource;
create view report_schedule_resource with (security_invoker = true) as
select s.id, s.version, s.report::text as report, s.enabled, row_to_json(r) as body
from report_schedule s
cross join lateral (
  select
    s.id,
    s.report,
    s.cadence,
    s.weekday,
    s.month_day,
    to_char(s.at, 'HH24:MI') as at,
    s.enabled,
    s.required,
    array(
      select row_to_json(p)
      from (
        select x.role, case when c.id is not null then row(c.id, c.code, c.name)::named_school end as school
        from report_recipient x
        left join school c on c.id = x.school_id
        where x.schedule_id = s.id
        order by x.role, c.code nulls first
      ) p
    ) as recipients,
    array(
      select row_to_json(p)
      from (
        select n.night, app.instant(n.due_at) as at
        from app.report_next(s, 5) n
        order by n.night
      ) p
    ) as next
) r;
comment on view report_schedule_resource is 'Schedules as /v1/report-schedules answers them, with the next five nights.';

drop view if exists report_delivery_resource;
create view report_delivery_resource with (security_invoker = true) as
select d.id, d.version, d.run_id, d.state, row_to_json(r) as body
from report_delivery d
left join person p on p.id = d.person_id
cross join lateral (select app.is_set('adviser') or coalesce(d.person_id = app.me(), false) as is_told) v
cross join lateral (
  select
    d.id,
    d.run_id as run,
    row(d.person_id, p.name)::named_person as person,
    d.state,
    d.reason,
    case when v.is_told then d.exceptions end as exceptions,
    case when v.is_told then d.new_exceptions end as new,
    case when v.is_told then d.resolved_exceptions end as resolved,
    case when v.is_told then d.acknowledged_exceptions end as acknowledged,
    d.attempt,
    app.instant(d.queued_at) as queued_at,
    app.instant(d.retry_at) as retry_at,
    app.instant(d.finished_at) as finished_at
) r;
comment on view report_delivery_resource is 'Deliveries as /v1/report-runs/{id}/deliveries answers them. What a mail says is the adviser''s and its recipient''s: null for who only keeps the system running.';

grant select on report_schedule_resource, report_delivery_resource to beeld_app;
