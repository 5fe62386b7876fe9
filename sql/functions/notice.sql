-- What a school tells parents, each school year, by each channel.

create or replace function app.notice_guard()
  returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'DELETE' then
    if old.attested_at is not null and app.me() is not null then
      raise exception 'recordings were cleared by it' using errcode = 'BE409', detail = 'attested';
    end if;
    return old;
  end if;
  if new.published_on > app.today() then
    raise exception 'attested when it is there to read' using errcode = 'BE422', detail = '/published_on';
  end if;
  -- The operator brings back what somebody attested. Of a day that is mended, what was attested before holds: recordings in
  -- between were cleared by it, and no recording of before it is.
  if app.me() is not null and (tg_op = 'INSERT' or old.published_on is null or new.published_on is null) then
    new.attested_by := case when new.published_on is not null then app.me() end;
    new.attested_at := case when new.published_on is not null then app.now() end;
  end if;
  return new;
end
$$;
comment on function app.notice_guard() is
  'Row trigger: who gives the day on which a notice was there to read, attests it, not beforehand; who mends the day, attests nothing anew. What is attested is not removed: it becomes a proposal again first, so that somebody means it. Raises BE422 with /published_on, BE409 with attested.';

create or replace function app.propose_notices(school uuid, school_year integer, ids uuid[])
  returns integer
  language plpgsql
as $$
declare
  made integer;
begin
  if not exists (select from beeld.school s where s.id = school) then
    raise exception 'there is no such school' using errcode = 'BE404';
  elsif not coalesce(school = any (app.my_schools()), false) then
    raise exception 'not a school of yours' using errcode = 'BE403';
  end if;

  insert into beeld.notice (id, school_id, school_year, channel, reference)
  select ids[o.number], school, propose_notices.school_year + 1, o.channel, o.reference
  from (
    select n.channel, n.reference, row_number() over (order by n.channel) as number
    from beeld.notice n
    where n.school_id = school
      and n.school_year = propose_notices.school_year
  ) o
  on conflict on constraint notice_once do nothing;
  get diagnostics made = row_count;
  return made;
end
$$;
comment on function app.propose_notices(uuid, integer, uuid[]) is
  'Copies what parents were told in this school year to the next, as proposals with these ids, where there is nothing yet, and says how many. They count when somebody attests them. Raises BE404, BE403.';

create or replace function app.notice_gaps(school uuid, school_year integer)
  returns setof text
  language sql stable
as $$
  select c.channel
  from unnest(array['school_guide', 'website']) c(channel)
  where not exists (
    select
    from beeld.notice n
    where n.school_id = notice_gaps.school
      and n.school_year = notice_gaps.school_year
      and n.channel = c.channel
      and n.attested_at is not null)
$$;
comment on function app.notice_gaps(uuid, integer) is 'The channels by which a school has not told parents in a school year, as far as is attested now.';

create or replace function app.school_years_at_hand()
  returns setof integer
  language plpgsql stable
as $$
declare
  today constant date := app.today();
  days constant integer := (select p.notice_days from app.policy_on(today) p);
begin
  return next app.school_year(today);
  if app.school_year(today + days) > app.school_year(today) then
    return next app.school_year(today) + 1;
  end if;
end
$$;
comment on function app.school_years_at_hand() is
  'This school year, and the next one when it begins within the days that the policy gives schools to prepare for it.';

create or replace function app.my_notice_tasks()
  returns table (task text, due_on date, resource text)
  language sql stable
as $$
  select distinct 'publish_notice', make_date(y.year, 8, 1), '/v1/schools/' || s.id || '/notices'
  from beeld.school s
  cross join app.school_years_at_hand() y(year)
  cross join app.notice_gaps(s.id, y.year) g(channel)
  where s.id = any (app.my_schools())
    and (s.open_until is null or s.open_until > make_date(y.year, 8, 1))
$$;
comment on function app.my_notice_tasks() is
  'For who answers for a school: parents are to be told before a school year begins, by every channel.';

grant execute on function app.school_years_at_hand(), app.my_notice_tasks() to beeld_app;
grant execute on function app.propose_notices(uuid, integer, uuid[]), app.notice_gaps(uuid, integer) to beeld_app;
