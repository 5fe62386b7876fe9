-- What reports tell of the organisation: yesterday's runs, with which this morning's are compared, and what the adviser
-- said of one exception. A role that ended today and one that ends in thirty days make a difference.

insert into role_assignment (id, person_id, role, school_id, from_date, until_date, granted_by)
select
  ('019a0000-0000-7005-8000-' || lpad(v.n::text, 12, '0'))::uuid, p.id, 'school_admin', s.id, app.today() - 60,
  app.today() + v.days, g.id
from (values (901, 'D0202', 3, 0), (902, 'D0203', 4, 30)) as v(n, number, school, days)
join demo_person p on p.number = v.number
join demo_person g on g.number = 'D0001'
join demo_school s on s.n = v.school;

do $$
declare
  kept record;
begin
  for kept in
    select
      k.key,
      ('019a0000-0000-7020-8000-' || lpad((row_number() over (order by k.key <> 'coverage', k.key))::text, 12, '0'))::uuid as run
    from report k
  loop
    perform app.report_begin(kept.run, kept.key, app.today() - 1);
    perform app.report_make(kept.run, 1);
  end loop;
end
$$;

select set_config('app.person', p.id::text, true), set_config('app.adviser', 'on', true)
from demo_person p
where p.number = 'D0001';
insert into report_acknowledgement (id, run_id, key, reason, until_date)
select '019a0000-0000-7021-8000-000000000001', '019a0000-0000-7020-8000-000000000001', p.id, 'agreed', app.today() + 90
from demo_person p
where p.number = 'D1032';
select set_config('app.person', '', true), set_config('app.adviser', '', true);
