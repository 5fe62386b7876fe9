-- Schedules: on which days a report is made, when that is, and how a schedule is written.

create or replace function app.report_nights(schedule beeld.report_schedule, first_day date, last_day date)
  returns setof date
  language sql immutable
as $$
  select d.day
  from (
    select first_day + n as day
    from generate_series(0, last_day - first_day) n
  ) d
  where case schedule.cadence
    when 'daily' then true
    when 'weekdays' then extract(isodow from d.day) <= 5
    when 'weekly' then extract(isodow from d.day) = schedule.weekday
    when 'monthly' then
      -- Where the month is shorter, its last day.
      extract(day from d.day) = least(schedule.month_day, extract(day from date_trunc('month', d.day::timestamp) + interval '1 month - 1 day'))
  end
$$;
comment on function app.report_nights(beeld.report_schedule, date, date) is
  'The days of a schedule''s cadence from the first to the last day, both included. Days are local dates, so that the clock change of Europe/Amsterdam gives neither two nor none.';

create or replace function app.report_due_at(night date, at time)
  returns timestamptz
  language sql stable
as $$ select (night + at) at time zone 'Europe/Amsterdam' $$;
comment on function app.report_due_at(date, time) is
  'The instant of a local time: one that the clock skips is taken an hour later, one that comes twice the second time.';

create or replace function app.report_next(schedule beeld.report_schedule, number integer)
  returns table (night date, due_at timestamptz)
  language sql stable
as $$
  select n.night, app.report_due_at(n.night, schedule.at)
  from (select greatest(schedule.enabled_from, app.today()) as day) f
  cross join lateral app.report_nights(schedule, f.day, f.day + 31 * (number + 1)) n (night)
  where schedule.enabled
    and app.report_due_at(n.night, schedule.at) > app.now()
  order by n.night
  limit number
$$;
comment on function app.report_next(beeld.report_schedule, integer) is
  'The next nights of a schedule that are not due yet, the first first, with their instants; none of one that is switched off.';

create or replace function app.report_first_night(at time)
  returns date
  language sql stable
as $$ select app.today() + case when app.report_due_at(app.today(), at) > app.now() then 0 else 1 end $$;
comment on function app.report_first_night(time) is
  'The first day whose time of the day is yet to come: from there on a schedule runs that is made or changed now.';

create or replace function app.report_unknown(kind text, draft jsonb)
  returns text[]
  language sql stable
as $$
  select array_agg(u.pointer)
  from (
    select '/report' as pointer
    where draft ? 'report'
      and not exists (
        select
        from beeld.report k
        where k.key = kind)
    union all
    select '/recipients/' || (r.place - 1) || w.field
    from jsonb_array_elements(coalesce(draft -> 'recipients', '[]')) with ordinality r (recipient, place)
    cross join lateral (
      select '/role' as field
      where exists (
        select
        from beeld.report k
        where k.key = kind
          and r.recipient ->> 'role' <> all (k.board || k.counts || k.schools))
      union all
      select '/school'
      where r.recipient ->> 'school' is not null
        and not exists (
          select
          from beeld.school s
          where s.id = (r.recipient ->> 'school')::uuid)
    ) w
  ) u
$$;
comment on function app.report_unknown(text, jsonb) is
  'JSON pointers of what a draft of a schedule of this report names and what does not exist: the report, roles for which it is not, and schools.';

create or replace function app.take_recipients(schedule uuid, recipients jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  if not app.is_set('adviser') then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  delete from report_recipient x
  where x.schedule_id = schedule
    and not exists (
      select
      from jsonb_to_recordset(recipients) r (role text, school uuid)
      where r.role = x.role
        and r.school is not distinct from x.school_id);
  insert into report_recipient (id, schedule_id, role, school_id)
  select app.new_id(), schedule, r.role, r.school
  from jsonb_to_recordset(recipients) r (role text, school uuid)
  on conflict on constraint report_recipient_unique do nothing;
end
$$;
comment on function app.take_recipients(uuid, jsonb) is
  'An adviser makes these the recipients of a schedule; those that stay, stay as they are. Raises BE403 for anybody else.';

create or replace function app.make_report_schedule(id uuid, draft jsonb)
  returns void
  language plpgsql
as $$
begin
  if not app.is_set('adviser') then
    raise exception 'not yours to do' using errcode = 'BE403';
  end if;
  perform app.refuse_unknown(variadic coalesce(app.report_unknown(draft ->> 'report', draft), '{}'));
  insert into beeld.report_schedule (id, report, cadence, weekday, month_day, at, enabled, required, enabled_from)
  select
    make_report_schedule.id, r.report, r.cadence, r.weekday, r.month_day, r.at, coalesce(r.enabled, true),
    coalesce(r.required, false), app.report_first_night(r.at)
  from jsonb_populate_record(null::beeld.report_schedule, draft) r;
  perform app.take_recipients(make_report_schedule.id, coalesce(draft -> 'recipients', '[]'));
end
$$;
comment on function app.make_report_schedule(uuid, jsonb) is
  'Makes a schedule, which begins with the first night that is yet to come. Raises BE403 for who is no adviser, BE422 with the pointers of what does not exist.';

create or replace function app.change_report_schedule(id uuid, of_version integer, draft jsonb)
  returns void
  language plpgsql
as $$
declare
  before beeld.report_schedule;
begin
  perform app.hold('report_schedule', change_report_schedule.id::text, of_version);
  select s.*
  into before
  from beeld.report_schedule s
  where s.id = change_report_schedule.id;
  perform app.refuse_unknown(variadic coalesce(app.report_unknown(before.report, draft), '{}'));
  update beeld.report_schedule s
  set
    (cadence, weekday, month_day, at, enabled, required, enabled_from) = (
      select
        r.cadence, r.weekday, r.month_day, r.at, r.enabled, r.required,
        case
          when r.enabled and not before.enabled
            or (r.cadence, r.weekday, r.month_day) is distinct from (before.cadence, before.weekday, before.month_day)
          then greatest(before.enabled_from, app.report_first_night(r.at))
          else before.enabled_from
        end
      from jsonb_populate_record(before, draft) r),
    version = before.version + 1
  where s.id = before.id;
  if draft ? 'recipients' then
    perform app.take_recipients(before.id, draft -> 'recipients');
  end if;
end
$$;
comment on function app.change_report_schedule(uuid, integer, jsonb) is
  'Changes a schedule of this version (null: of any). One that is switched on, or gets another cadence, begins with the next night, and catches nothing up. Raises BE404, BE403, BE412, BE422 with the pointers of what does not exist.';

grant execute on function
  app.report_nights(beeld.report_schedule, date, date), app.report_due_at(date, time),
  app.report_next(beeld.report_schedule, integer)
  to beeld_app, beeld_jobs;
grant execute on function
  app.report_first_night(time), app.report_unknown(text, jsonb), app.take_recipients(uuid, jsonb),
  app.make_report_schedule(uuid, jsonb), app.change_report_schedule(uuid, integer, jsonb)
  to beeld_app;
