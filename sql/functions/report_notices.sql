-- The report of the notices: which schools have told parents of the filming this school year, and which have not.

insert into report (key, columns, board, counts, schools)
values (
  'notices', '{situation,school_year,website,school_guide,missing}',
  '{adviser}', '{}', '{director,school_admin}')
on conflict on constraint report_pkey do update
set
  columns = excluded.columns,
  board = excluded.board,
  counts = excluded.counts,
  schools = excluded.schools;

create or replace function app.report_key_of(variadic parts text[])
  returns uuid
  language sql immutable parallel safe
as $$ select md5(array_to_string(parts, ' ', '-'))::uuid $$;
comment on function app.report_key_of(text[]) is 'A key for a row that is about several things at once: the same of the same.';

drop function if exists app.report_notices(date);
create function app.report_notices(as_of date)
  returns setof beeld.report_line
  language sql stable
as $$
  select
    row_number() over (order by n.code, n.year),
    app.report_key_of(n.school_id::text, n.year::text),
    null::uuid,
    n.school_id,
    case
      when n.missing = '' then null
      when n.begins > as_of then 1
      else 2
    end::smallint,
    concat(
      case when n.missing = '' then 'informed' when n.begins > as_of then 'next_year' else 'not_informed' end, e'\t',
      n.year, e'\t', n.website, e'\t', n.school_guide, e'\t', n.missing)
  from (
    select
      s.id as school_id,
      s.code,
      y.year,
      make_date(y.year, 8, 1) as begins,
      t.website,
      t.school_guide,
      concat_ws(' ', case when t.school_guide is null then 'school_guide' end, case when t.website is null then 'website' end) as missing
    from beeld.school s
    cross join app.policy_on(as_of) p
    cross join lateral (
      select distinct d.year
      from (values (app.school_year(as_of)), (app.school_year(as_of + p.notice_days))) d (year)
    ) y
    cross join lateral (
      select
        max(n.published_on) filter (where n.channel = 'website') as website,
        max(n.published_on) filter (where n.channel = 'school_guide') as school_guide
      from beeld.notice n
      where n.school_id = s.id
        and n.school_year = y.year
        and n.attested_at is not null
        and n.published_on <= as_of
    ) t
    where (s.open_from is null or s.open_from <= greatest(as_of, make_date(y.year, 8, 1)))
      and (s.open_until is null or s.open_until > greatest(as_of, make_date(y.year, 8, 1)))
  ) n
$$;
comment on function app.report_notices(date) is
  'The report of the notices: one row for each open school and school year, the next one too from the day on that the policy says. An exception: a channel by which parents were not told; serious: and the school year has begun. Of recordings it says nothing: beside what the school is told of those that are planned, their number would tell of own wishes.';
grant execute on function app.report_key_of(text[]), app.report_notices(date) to beeld_jobs;
