-- Import of referrals: who was told in an appraisal talk that coaching would do good, as the personnel or appraisal
-- system has it. The day of the talk and its kind; what was said in it has no place here.

create or replace function app.import_referrals_begin()
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  if app.me() is null then
    raise exception 'a referral is somebody''s' using errcode = 'BE500';
  end if;
  drop table if exists pg_temp.incoming_referral, pg_temp.import_referral;
  create temporary table incoming_referral (
    line integer not null,
    id uuid not null,
    person_number text not null,
    talk_on date not null,
    talk_kind text not null
  ) on commit drop;
end
$$;
comment on function app.import_referrals_begin() is
  'Makes the table that a file of referrals is copied into; id is used where the referral is new. Raises BE500 unless the transaction has the identity in whose name they are made.';

create or replace function app.import_referrals_check(of_schools uuid[], exclusive boolean)
  returns void
  language plpgsql
  set client_min_messages = warning
as $$
begin
  if exclusive then
    perform app.hold_requests();
  end if;
  analyze pg_temp.incoming_referral;

  drop table if exists pg_temp.import_referral;
  create temporary table import_referral on commit drop as
  select
    i.line,
    i.id,
    p.person_id,
    i.person_number,
    i.talk_on,
    i.talk_kind,
    app.teaches(p.person_id) as teaches,
    not exists (
      select
      from request r
      where r.teacher_id = p.person_id
        and r.origin = 'appraisal'
        and r.talk_on = i.talk_on
        and r.talk_kind = i.talk_kind
    ) as is_new,
    exists (
      select
      from request r
      where r.teacher_id = p.person_id
        and r.made_by = app.me()
        and r.state = 'invited'
    ) as waits
  from pg_temp.incoming_referral i
  -- Not app.import_follow_merges: it would tell of people of other schools under which number they go now.
  left join lateral (
    select n.person_id
    from (
      select r.person_id
      from registration r
      where r.person_number = i.person_number
      union all
      select m.survivor_id
      from merged_person m
      where m.person_number = i.person_number
        and not exists (
          select
          from registration o
          where o.person_number = i.person_number)
    ) n
    where of_schools is null
      or app.works_at(n.person_id, of_schools)
  ) p on true;
  analyze pg_temp.import_referral;

  insert into pg_temp.import_fault (line, column_name, code, value)
  select
    i.line, 'person_number',
    case
      when i.person_id is null then 'unknown_person'
      when not i.teaches then 'not_a_teacher'
      else 'already_invited'
    end,
    i.person_number
  from pg_temp.import_referral i
  where i.person_id is null
    or not i.teaches
    or i.is_new and i.waits;

  insert into pg_temp.import_fault (line, column_name, code, value)
  select i.line, 'talk_date', 'in_future', i.talk_on::text
  from pg_temp.import_referral i
  where i.talk_on > app.today();

  insert into pg_temp.import_fault (line, column_name, code, value, arguments)
  select d.line, 'person_number', 'doubled', d.person_number, array[d.first_line::text]
  from (
    select
      i.line,
      i.person_number,
      min(i.line) over (partition by coalesce(i.person_id::text, i.person_number)) as first_line
    from pg_temp.import_referral i
  ) d
  where d.line > d.first_line;
end
$$;
comment on function app.import_referrals_check(uuid[], boolean) is
  'The difference a file of referrals would make: one is known by teacher, day and kind of the talk, whoever made it and whatever became of it. Faults: a person who is not there (with of_schools: who neither works at one of these schools nor is about to, which is told in the same words), who is no teacher, or whom the identity has invited already and who has not answered; a talk that is to come; two rows of one person. Of own wishes nothing is asked.';

create or replace function app.import_referrals_counts()
  returns table (object text, act text, number bigint)
  language plpgsql
as $$
begin
  return query
    select 'referral', case when i.is_new then 'new' else 'unchanged' end as what, count(*)
    from pg_temp.import_referral i
    where i.person_id is not null
    group by what;
end
$$;
comment on function app.import_referrals_counts() is 'How many referrals the import would make, and leave as they are.';

create or replace function app.import_referrals_changes(maximum integer)
  returns table (line integer, object text, key text, act text, field text, old_value text, new_value text)
  language plpgsql
as $$
begin
  return query
    select i.line, 'referral', concat_ws(' ', i.person_number, i.talk_on), 'new', null::text, null::text, i.talk_kind
    from pg_temp.import_referral i
    where i.person_id is not null
      and i.is_new
    order by i.line
    limit maximum;
end
$$;
comment on function app.import_referrals_changes(integer) is 'One row for each new referral, with the kind of its talk.';

create or replace function app.import_referrals_apply()
  returns void
  language plpgsql
as $$
begin
  perform app.invite(
    array_agg(i.id order by i.line), array_agg(i.person_id order by i.line), 'appraisal',
    array_agg(i.talk_on order by i.line), array_agg(i.talk_kind order by i.line))
  from pg_temp.import_referral i
  where i.is_new;
end
$$;
comment on function app.import_referrals_apply() is
  'Makes the difference so: invitations of the identity, as POST /v1/requests makes them one by one. None is withdrawn by being missing from the file.';

grant execute on function
  app.import_referrals_begin(), app.import_referrals_check(uuid[], boolean),
  app.import_referrals_counts(), app.import_referrals_changes(integer), app.import_referrals_apply()
  to beeld_jobs;
