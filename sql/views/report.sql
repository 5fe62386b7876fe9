-- What people said of exceptions, as the API answers it, under the asker's own row-level security.

drop view if exists report_acknowledgement_resource;
create view report_acknowledgement_resource with (security_invoker = true) as
select a.id, a.version, a.run_id, a.report, a.key, row_to_json(r) as body
from report_acknowledgement a
cross join lateral (
  select
    a.id,
    a.run_id as run,
    a.report,
    a.key,
    case when a.school_id is not null then
      (
        select row(s.id, s.code, s.name)::named_school
        from school s
        where s.id = a.school_id
      )
    end as school,
    case a.severity when 1 then 'attention' when 2 then 'serious' end as severity,
    a.reason,
    a.from_date as "from",
    a.until_date as until,
    case when a.made_by is not null then row(a.made_by, (select p.name from person p where p.id = a.made_by))::named_person end as made_by,
    app.instant(a.made_at) as made_at
) r;
comment on view report_acknowledgement_resource is 'What people said of exceptions, as /v1/report-acknowledgements answers it.';

grant select on report_acknowledgement_resource to beeld_app;
