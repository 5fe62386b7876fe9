create or replace function app.school_overview(school uuid)
  returns json
  language plpgsql stable security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  today constant date := app.today();
begin
  if app.me() is null
    or not (coalesce(current_setting('app.adviser', true) = 'on', false) or coalesce(school = any (app.my_schools()), false))
  then
    return null;
  end if;
  return (
    with mine as materialized (
      select s.*
      from app.visible_starters(today, school_overview.school) s
    )
    select row_to_json(o)
    from (
      select
        row(k.id, k.code, k.name)::named_school as school,
        today as as_of,
        p.version as policy_version,
        (
          select row_to_json(app.coverage_figures(
            1, m.coverage, m.urgency, m.employment, m.data_incomplete <> '{}', app.ended_this_year(m.window_until, today)))
          from mine m
        ) as starters,
        (
          select coalesce(json_agg(row_to_json(i) order by (i."window").until nulls last, (i.person).name), '[]')
          from (
            select
              row(m.person_id, h.name)::named_person as person,
              row(k.id, k.code, k.name)::named_school as school,
              m.coverage,
              m.urgency,
              m.employment,
              row(m.window_from, m.window_until, m.days_left)::starter_window as "window",
              m.data_incomplete
            from mine m
            join person h on h.id = m.person_id
            where (m.urgency <> 'none' or m.data_incomplete <> '{}')
              and m.employment in ('active', 'paused')
              and m.coverage <> 'out_of_scope'
          ) i
        ) as attention,
        (
          select count(*)
          from prior_experience x
          join mine m on m.person_id = x.person_id
          where x.approved_at is null
            and x.declined_at is null
        ) as claims_undecided,
        (
          select json_build_object(
            'school_year', app.school_year(today),
            'website', count(*) filter (where g.channel = 'website') = 0,
            'school_guide', count(*) filter (where g.channel = 'school_guide') = 0)
          from app.notice_gaps(k.id, app.school_year(today)) g(channel)
        ) as notices,
        (
          select json_build_object(
            'received', count(*) filter (where o.state = 'received'),
            'measure_set', count(*) filter (where o.state = 'measure_set'),
            'overdue', count(*) filter (where o.state = 'received' and app.objection_due_on(o.received_on) < today),
            'unplaced', (
              select count(*)
              from app.objections_at(k.id, app.school_year(today), app.now()) u
              where u.group_id is null
            ))
          from objection o
          where o.school_id = k.id
        ) as objections,
        case
          when app.is_set('adviser') or coalesce(k.id = any (app.my_directorships()), false) then
            (
              select count(*)
              from request q
              where q.origin = 'appraisal'
                and q.school_id = k.id
                and q.state in ('invited', 'submitted', 'offered')
            )
          else 0
        end as referrals_waiting
      from school k
      cross join app.policy_on(today) p
      where k.id = school_overview.school
    ) o);
end
$$;
comment on function app.school_overview(uuid) is
  'GET /v1/schools/{id}/overview: the school''s figures of today, the starters who need attention, the claims of prior experience that wait for a decision, by which channels parents were told this year, how many objections stand where, and, for the director and the adviser, how many referrals wait. For those who work for the school, and the adviser; null for anybody else.';
grant execute on function app.school_overview(uuid) to beeld_app;
