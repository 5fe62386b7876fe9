-- When the board's reports are made, and who is told. Of each the last two nights are due, so that there is a report of
-- this morning and what it differs in from the one before. Run after the organisation.

create temporary table demo_schedule on commit drop as
select
  case when v.n = 1 then s.id else ('019a0000-0000-7030-8000-' || lpad(v.n::text, 12, '0'))::uuid end as id,
  v.report, v.cadence, v.weekday, v.month_day, v.at, v.required, v.recipients
from (values
  (1, 'coverage', 'daily', null::smallint, null::smallint, time '04:30', true, '{adviser,director}'::text[]),
  (2, 'intake', 'weekdays', null, null, time '04:40', false, '{adviser,director}'),
  (3, 'custody', 'daily', null, null, time '04:45', true, '{adviser,privacy_officer}'),
  (4, 'objections', 'daily', null, null, time '04:50', false, '{privacy_officer,adviser,director,school_admin}'),
  (5, 'data-quality', 'weekdays', null, null, time '05:00', false, '{adviser,director}'),
  (6, 'notices', 'weekly', 1, null, time '05:10', false, '{adviser,director,school_admin}'),
  (7, 'coaches', 'weekly', 1, null, time '05:15', false, '{adviser}'),
  (8, 'outlook', 'monthly', null, 1, time '05:20', false, '{adviser}'),
  (9, 'retention', 'monthly', null, 31, time '05:30', false, '{adviser,privacy_officer}')
) v (n, report, cadence, weekday, month_day, at, required, recipients)
left join report_schedule s on s.report = v.report
where v.report in (select k.key from report k);

insert into report_schedule (id, report, cadence, weekday, month_day, at, required)
select d.id, d.report, d.cadence, d.weekday, d.month_day, d.at, d.required
from demo_schedule d
on conflict on constraint report_schedule_pkey do update
set required = excluded.required;

insert into report_recipient (id, schedule_id, role)
select app.new_id(), d.id, r.role
from demo_schedule d
cross join lateral unnest(d.recipients) r (role);

update report_schedule s
set enabled_from = (
  select n.night
  from app.report_nights(s, app.today() - 70, app.today()) n (night)
  where app.report_due_at(n.night, s.at) <= app.now()
  order by n.night desc
  offset 1
  limit 1);
