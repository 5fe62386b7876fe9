create or replace function app.roll_over_groups(school uuid, school_year integer, ids uuid[])
  returns integer
  language plpgsql
as $$
declare
  made integer;
begin
  if not exists (select from beeld.school s where s.id = school) then
    raise exception 'there is no such school' using errcode = 'BE404';
  elsif app.my_administration() is null or school <> all (app.my_administration()) then
    raise exception 'not a school of yours' using errcode = 'BE403';
  end if;

  insert into beeld.school_group (id, school_id, school_year, name)
  select ids[g.number], school, roll_over_groups.school_year + 1, g.name
  from (
    select o.name, row_number() over (order by o.name) as number
    from beeld.school_group o
    where o.school_id = school
      and o.school_year = roll_over_groups.school_year
      and not exists (
        select
        from beeld.school_group n
        where n.school_id = school
          and n.school_year = roll_over_groups.school_year + 1
          and n.name = o.name)
  ) g
  on conflict on constraint school_group_name_unique do nothing;
  get diagnostics made = row_count;
  return made;
end
$$;
comment on function app.roll_over_groups(uuid, integer, uuid[]) is
  'Gives a school in the next school year the groups of this one that it has not there yet, under the same names, with these ids, and says how many. Raises BE404, BE403.';

grant execute on function app.roll_over_groups(uuid, integer, uuid[]) to beeld_app;
