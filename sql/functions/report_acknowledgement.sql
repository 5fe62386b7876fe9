create or replace function app.report_acknowledgement_guard()
  returns trigger
  language plpgsql
as $$
begin
  if app.me() is not null and not app.is_set('adviser') then
    raise exception 'not yours to say' using errcode = 'BE403';
  end if;
  select r.report, x.school_id, x.severity, r.as_of
  into new.report, new.school_id, new.severity, new.from_date
  from beeld.report_run r
  join beeld.report_row x on x.run_id = r.id
    and x.key = new.key
    and x.severity is not null
  where r.id = new.run_id
    and r.state = 'succeeded';
  if not found then
    raise exception 'no exception of this run' using errcode = 'BE422', detail = '/key';
  elsif new.until_date <= app.today() then
    raise exception 'until tomorrow or later'
      using errcode = 'check_violation', constraint = 'report_acknowledgement_until_ahead';
  elsif new.until_date > (app.today() + interval '12 months')::date then
    raise exception 'for twelve months at most'
      using errcode = 'check_violation', constraint = 'report_acknowledgement_a_year_at_most';
  end if;
  new.made_by := app.me();
  new.made_at := app.now();
  return new;
end
$$;
comment on function app.report_acknowledgement_guard() is
  'Row trigger: somebody who sees an exception of a run says that it may stand, for twelve months at most. Raises BE403 for anybody but the adviser, BE422 with /key, 23514 for a day that is too early or too late.';

create or replace function app.refuse_unknown_run(run uuid)
  returns void
  language plpgsql stable
as $$
begin
  if not exists (select from beeld.report_run r where r.id = run) then
    raise exception 'there is no such run' using errcode = 'BE404';
  end if;
end
$$;
comment on function app.refuse_unknown_run(uuid) is 'Raises BE404 for a run that the caller does not see.';
grant execute on function app.refuse_unknown_run(uuid) to beeld_app;
