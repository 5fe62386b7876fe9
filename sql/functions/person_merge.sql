-- Two entries of one human being become one. Each function is one part of app.merge_people.

create or replace function app.merge_drop_doubles(duplicate uuid, survivor uuid)
  returns void
  language sql
as $$
  delete from beeld.employment d
  using beeld.employment s
  where d.person_id = duplicate
    and s.person_id = survivor
    and (d.school_id, d.job, d.fte, d.from_date) = (s.school_id, s.job, s.fte, s.from_date)
    and d.until_date is not distinct from s.until_date;
  delete from beeld.role_assignment d
  using beeld.role_assignment s
  where d.person_id = duplicate
    and s.person_id = survivor
    and (d.role, d.from_date) = (s.role, s.from_date)
    and (d.school_id, d.until_date) is not distinct from (s.school_id, s.until_date);
  delete from beeld.absence d
  using beeld.absence s
  where d.person_id = duplicate
    and s.person_id = survivor
    and (d.category, d.from_date) = (s.category, s.from_date)
    and d.until_date is not distinct from s.until_date;
  -- Of the same experience claimed twice, the claim that is decided stays.
  delete from beeld.prior_experience d
  using beeld.prior_experience s
  where d.person_id in (duplicate, survivor)
    and s.person_id in (duplicate, survivor)
    and d.person_id <> s.person_id
    and (d.from_date, d.until_date, d.evidence) = (s.from_date, s.until_date, s.evidence)
    and case
      when d.person_id = duplicate then (d.approved_at is null, d.declined_at is null) = (s.approved_at is null, s.declined_at is null)
        or coalesce(d.approved_at, d.declined_at) is null
      else coalesce(d.approved_at, d.declined_at) is null and coalesce(s.approved_at, s.declined_at) is not null
    end;
  delete from beeld.exemption d
  using beeld.exemption s
  where d.person_id = duplicate
    and s.person_id = survivor
    and (d.code, d.evidence, d.from_date, d.review_date) = (s.code, s.evidence, s.from_date, s.review_date);
  delete from beeld.recording d
  using beeld.recording s
  where d.teacher_id = duplicate
    and s.teacher_id = survivor
    and to_jsonb(d) - '{id,teacher_id,version}'::text[] = to_jsonb(s) - '{id,teacher_id,version}'::text[];
  delete from beeld.report_delivery d
  using beeld.report_delivery s
  where d.person_id = duplicate
    and s.person_id = survivor
    and d.run_id = s.run_id;
  delete from beeld.report_unsubscription d
  using beeld.report_unsubscription s
  where d.person_id = duplicate
    and s.person_id = survivor
    and d.schedule_id = s.schedule_id;
$$;
comment on function app.merge_drop_doubles(uuid, uuid) is 'Of facts that both entries have alike, one stays.';

create or replace function app.merge_contradictions(duplicate uuid, survivor uuid)
  returns text[]
  language sql stable
as $$
  select coalesce(array_agg(c.name order by c.name), '{}')
  from (
    select 'employment' as name
    from beeld.employment d
    join beeld.employment s on (s.school_id, s.job) = (d.school_id, d.job)
      and daterange(s.from_date, s.until_date) && daterange(d.from_date, d.until_date)
    where d.person_id = duplicate
      and s.person_id = survivor
    union
    select 'role_assignment'
    from beeld.role_assignment d
    join beeld.role_assignment s on s.role = d.role
      and s.school_id is not distinct from d.school_id
      and daterange(s.from_date, s.until_date) && daterange(d.from_date, d.until_date)
    where d.person_id = duplicate
      and s.person_id = survivor
    union
    select 'role_assignment'
    from beeld.role_assignment r
    where r.person_id in (duplicate, survivor)
      and r.granted_by in (duplicate, survivor)
    union
    select 'absence'
    from beeld.absence d
    join beeld.absence s on s.category = d.category
      and daterange(s.from_date, s.until_date) && daterange(d.from_date, d.until_date)
    where d.person_id = duplicate
      and s.person_id = survivor
    union
    select 'prior_experience'
    from beeld.prior_experience d
    join beeld.prior_experience s on (s.from_date, s.until_date, s.evidence) = (d.from_date, d.until_date, d.evidence)
    where d.person_id = duplicate
      and s.person_id = survivor
    union
    select 'prior_experience'
    from beeld.prior_experience e
    where coalesce(e.approved_by, e.declined_by) in (duplicate, survivor)
      and (e.person_id in (duplicate, survivor) or e.claimed_by in (duplicate, survivor))
    union
    select 'exemption'
    from beeld.exemption d
    join beeld.exemption s on daterange(s.from_date, s.review_date) && daterange(d.from_date, d.review_date)
    where d.person_id = duplicate
      and s.person_id = survivor
    union
    select 'exemption'
    from beeld.exemption x
    where x.person_id in (duplicate, survivor)
      and x.granted_by in (duplicate, survivor)
    union
    select 'recording'
    from beeld.recording r
    where r.teacher_id in (duplicate, survivor)
      and r.coach_id in (duplicate, survivor)
    union
    select 'consent'
    where app.merge_content_contradicts(duplicate, survivor)
    union
    select m.name
    from app.merge_coaching_contradictions(duplicate, survivor) m(name)
  ) c
$$;
comment on function app.merge_contradictions(uuid, uuid) is
  'The tables in which the two entries cannot both be true of one person: facts that overlap and are not alike, the same claim decided both ways, and what one entry decided of the other, which nobody may do for themselves.';

create or replace function app.merge_move(duplicate uuid, survivor uuid)
  returns void
  language sql
as $$
  update beeld.employment set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.role_assignment set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.absence set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.prior_experience set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.exemption set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.recording set teacher_id = survivor, version = version + 1 where teacher_id = duplicate;
  update beeld.api_token set person_id = survivor where person_id = duplicate;
  update beeld.import set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.merged_person set survivor_id = survivor where survivor_id = duplicate;
  update beeld.report_delivery set person_id = survivor where person_id = duplicate;
  update beeld.report_unsubscription set person_id = survivor where person_id = duplicate;
  -- A command that is given again through a token that moved is still the same.
  update beeld.command c
  set person_id = survivor
  where c.person_id = duplicate
    and not exists (
      select
      from beeld.command o
      where o.person_id = survivor
        and o.key = c.key);

  update beeld.recording set coach_id = survivor, version = version + 1 where coach_id = duplicate;
  update beeld.role_assignment set granted_by = survivor, version = version + 1 where granted_by = duplicate;
  update beeld.exemption set granted_by = survivor, version = version + 1 where granted_by = duplicate;
  update beeld.prior_experience set claimed_by = survivor, version = version + 1 where claimed_by = duplicate;
  update beeld.prior_experience set approved_by = survivor, version = version + 1 where approved_by = duplicate;
  update beeld.prior_experience set declined_by = survivor, version = version + 1 where declined_by = duplicate;
  update beeld.policy set decided_by = survivor where decided_by = duplicate;
  update beeld.merged_person set merged_by = survivor where merged_by = duplicate;
  update beeld.report_acknowledgement set made_by = survivor, version = version + 1 where made_by = duplicate;
  select app.merge_coaching(duplicate, survivor);
  select app.merge_content(duplicate, survivor);
$$;
comment on function app.merge_move(uuid, uuid) is
  'Every reference to the duplicate becomes one to the survivor, but for stored runs, which never change.';

create or replace function app.merge_people(duplicate uuid, survivor uuid)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  gone registration;
  contradictions text[];
begin
  if me is null or not app.i_see(duplicate) or not app.i_see(survivor) then
    raise exception 'there is no such person' using errcode = 'BE404';
  elsif current_setting('app.adviser', true) is distinct from 'on' then
    raise exception 'not yours to do' using errcode = 'BE403';
  elsif duplicate = survivor then
    raise exception 'one person cannot be merged' using errcode = 'BE422', detail = '/into';
  elsif me in (duplicate, survivor) then
    -- Else one could give oneself what one gave to an entry of nobody.
    raise exception 'nobody merges themselves' using errcode = 'BE403';
  end if;

  -- Before anything is compared: facts entered at this very moment wait for it by their foreign keys.
  perform
  from person p
  where p.id in (duplicate, survivor)
  order by p.id
  for update;
  if (select count(*) from person p where p.id in (duplicate, survivor)) < 2 then
    raise exception 'there is no such person' using errcode = 'BE404';
  end if;

  perform app.merge_drop_doubles(duplicate, survivor);
  contradictions := app.merge_contradictions(duplicate, survivor);
  if contradictions <> '{}' then
    raise exception 'the two contradict each other' using errcode = 'BE409', detail = array_to_string(contradictions, ' ');
  end if;
  perform app.merge_move(duplicate, survivor);

  select r.*
  into gone
  from registration r
  where r.person_id = duplicate;
  update merged_person m
  set person_number = null
  where m.person_number = gone.person_number;
  insert into merged_person (id, survivor_id, subject_key, merged_at, merged_by, person_number)
  select p.id, survivor, p.subject_key, app.now(), me, gone.person_number
  from person p
  where p.id = duplicate;
  delete from person p
  where p.id = duplicate;
  update person p
  set version = p.version + 1
  where p.id = survivor;
  update registration r
  set
    email = coalesce(r.email, gone.email),
    teaching_since = coalesce(r.teaching_since, gone.teaching_since),
    teaching_since_approved_at = case
      when r.teaching_since is null then gone.teaching_since_approved_at
      else r.teaching_since_approved_at
    end,
    subject = coalesce(r.subject, gone.subject),
    version = r.version + 1
  where r.person_id = survivor;
end
$$;
comment on function app.merge_people(uuid, uuid) is
  'An adviser merges two entries of one human being: what is known of the duplicate becomes known of the survivor, whose registration is kept and its empty parts are filled; facts that both have alike are kept once. Stored runs keep the id that is gone, the audit its key: merged_person leads to the survivor. Raises BE404, BE403 (also of one''s own entry), BE422 for one person, BE409 with the tables in which the two contradict each other.';

grant execute on function app.merge_people(uuid, uuid) to beeld_app;
