-- Figures about voluntary requests: the only ones there are.

create or replace function app.own_wish_minimum()
  returns integer
  language sql immutable parallel safe
as $$ select 5 $$;
comment on function app.own_wish_minimum() is 'A figure about voluntary requests speaks of at least so many teachers, or is not told [P].';

create or replace function app.close_own_wish_years()
  returns integer
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  minimum constant integer := app.own_wish_minimum();
  closed integer;
begin
  insert into own_wish_year (school_year, requests, guided, classroom_management, interaction, didactics)
  select
    y.number,
    case when q.teachers >= minimum then q.requests end,
    case when least(q.teachers, g.teachers) >= minimum and abs(q.requests - g.guided) >= minimum then g.guided end,
    case when s.fewest >= minimum then s.classroom_management end,
    case when s.fewest >= minimum then s.interaction end,
    case when s.fewest >= minimum then s.didactics end
  from (
    select min(app.school_year(p.valid_from)) as first
    from policy p
  ) p
  cross join generate_series(p.first, app.school_year(app.today()) - 1) y(number)
  cross join lateral (
    select count(*) as requests, count(distinct r.teacher_id) as teachers
    from request r
    where r.origin = 'own_wish'
      and app.school_year((r.created_at at time zone 'Europe/Amsterdam')::date) = y.number
  ) q
  cross join lateral (
    select count(*) as guided, count(distinct t.teacher_id) as teachers
    from trajectory t
    where t.origin = 'own_wish'
      and app.school_year(t.opened_on) = y.number
  ) g
  cross join lateral (
    select
      count(*) filter (where r.subject = 'classroom_management') as classroom_management,
      count(*) filter (where r.subject = 'interaction') as interaction,
      count(*) filter (where r.subject = 'didactics') as didactics,
      least(
        count(distinct r.teacher_id) filter (where r.subject = 'classroom_management'),
        count(distinct r.teacher_id) filter (where r.subject = 'interaction'),
        count(distinct r.teacher_id) filter (where r.subject = 'didactics')) as fewest
    from request r
    where r.origin = 'own_wish'
      and app.school_year((r.created_at at time zone 'Europe/Amsterdam')::date) = y.number
  ) s
  where not exists (
    select
    from own_wish_year o
    where o.school_year = y.number)
  order by y.number
  on conflict on constraint own_wish_year_pkey do nothing;
  get diagnostics closed = row_count;
  return closed;
end
$$;
comment on function app.close_own_wish_years() is
  'Counts the voluntary requests of each school year that is over and not counted yet, and says how many years those were. Once and for all: a figure that followed a request that is taken back or goes with its teacher would tell of that one by the difference. What speaks of fewer than five teachers is not kept at all. Guidance is told only where it differs from the requests by five or more, and the subjects only all three together, so that no figure can be made out of the others; there is no total over years and none of a school. A year without any has a line too, which is like that of a year with a few.';

create or replace function app.own_wish_year_is_closed()
  returns trigger
  language plpgsql
as $$
begin
  raise exception 'figures about voluntary requests never change' using errcode = 'BE403';
end
$$;
comment on function app.own_wish_year_is_closed() is 'Row trigger: refuses to change or remove a year that was counted, whoever asks.';

create or replace function app.own_wish_figures()
  returns json
  language sql stable
as $$
  select row_to_json(row(
    (
      select coalesce(json_agg(row_to_json(i) order by i.school_year desc), '[]')
      from (
        select
          o.school_year,
          o.requests,
          o.guided,
          (
            select row_to_json(s)
            from (
              select o.classroom_management, o.interaction, o.didactics
            ) s
            where o.classroom_management is not null
          ) as subjects
        from beeld.own_wish_year o
      ) i
    ))::beeld.item_list)
  where app.is_set('adviser')
$$;
comment on function app.own_wish_figures() is
  'GET /v1/figures/own-wishes: by school year that is over, the last first, what may be told of voluntary requests. For the adviser, who sees each request to assign it; a director of a school of one teacher would learn of that teacher. Null for anybody else.';

grant execute on function app.own_wish_figures() to beeld_app;
