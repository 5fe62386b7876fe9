-- What is held about the one who asks, and who sees it. These run as the owner: of one's own there is more than the
-- policies of other roles leave to see, and nothing else than one's own is looked up.

create or replace function app.my_data()
  returns table (name text, body json)
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  my_key constant uuid := (select p.subject_key from person p where p.id = app.me());
  held record;
begin
  if me is null then
    return;
  end if;
  for held in
    select *
    from (values
      (1, 'person', 'person', 'id', '{subject_key}'::text[]),
      (2, 'registration', 'registration', 'person_id', '{}'),
      (3, 'employments', 'employment', 'person_id', '{}'),
      (4, 'roles', 'role_assignment', 'person_id', '{}'),
      (5, 'absences', 'absence', 'person_id', '{}'),
      (6, 'prior_experience', 'prior_experience', 'person_id', '{}'),
      (7, 'exemptions', 'exemption', 'person_id', '{}'),
      (8, 'merged_entries', 'merged_person', 'survivor_id', '{subject_key}'),
      (9, 'coach', 'coach', 'person_id', '{}'),
      (10, 'unavailability', 'coach_unavailability', 'person_id', '{}'),
      (11, 'calendar', 'calendar_feed', 'person_id', '{hash,uid_key}'),
      (12, 'requests', 'request', 'teacher_id', '{}'),
      (13, 'trajectories', 'trajectory', 'teacher_id', '{}'),
      (14, 'follow_ups', 'follow_up', 'teacher_id', '{}'),
      (15, 'recordings', 'recording', 'teacher_id', '{}'),
      (16, 'agreements', 'agreement', 'teacher_id', '{}'),
      (17, 'copies', 'copy', 'teacher_id', '{}'),
      (18, 'quarantines', 'quarantine', 'teacher_id', '{}'),
      (19, 'copies_held', 'copy', 'holder_id', '{}'),
      (20, 'storyboards', 'storyboard', 'teacher_id', '{}'),
      (21, 'consents_given', 'consent', 'teacher_id', '{}'),
      (22, 'consents_received', 'consent', 'recipient_id', '{}'),
      (23, 'content_keys', 'data_key', 'person_id', '{wrapped,bound_to}'),
      (24, 'tokens', 'api_token', 'person_id', '{hash}'),
      (25, 'commands', 'command', 'person_id', '{hash}'),
      (26, 'imports', 'import', 'person_id', '{preview,faults,difference}'),
      (27, 'access', 'access', 'person_id', '{subject_key}'),
      (28, 'report_rows', 'report_row', 'person_id', '{}'),
      (29, 'report_mails', 'report_delivery', 'person_id', '{}'),
      (30, 'report_unsubscriptions', 'report_unsubscription', 'person_id', '{}')
    ) as t(n, name, table_name, column_name, kept_back)
    order by t.n
  loop
    return query execute format(
      'select $1, coalesce(json_agg(to_jsonb(t) - $2), ''[]'') from beeld.%I t where t.%I = $3',
      held.table_name, held.column_name)
    using held.name, held.kept_back, me;
  end loop;

  return query
  select 'request_steps'::text, coalesce(json_agg(to_jsonb(s) order by s.at), '[]')
  from request_step s
  join request q on q.id = s.request_id
  where q.teacher_id = me;

  return query
  select 'breaches'::text, coalesce(json_agg(to_jsonb(b) order by b.found_at), '[]')
  from breach b
  join copy c on c.id = b.copy_id
  where c.teacher_id = me
    or c.holder_id = me;

  return query
  select
    'audit'::text,
    coalesce(
      json_agg(
        json_build_object(
          'at', a.at, 'act', a.act, 'of', a.table_name, 'row', a.row_id, 'changed', a.changed, 'before', a.before,
          'after', a.after, 'by_me', a.actor_key is not distinct from my_key, 'about_me', a.subject_key is not distinct from my_key)
        order by a.id),
      '[]')
  from audit a
  where a.subject_key = my_key
    or a.actor_key = my_key;
end
$$;
comment on function app.my_data() is
  'Everything held about the identity (AVG art. 15 and 20), one row for each kind of fact: rows as they stand, without what would be a secret (hashes, wrapped keys, the key of the audit). What the identity knows of others, as their coach or director, is not in it. Content follows from app.read_content.';

create or replace function app.my_contents()
  returns table (kind text, item_id uuid)
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select c.kind, c.item_id
  from content c
  join data_key k on k.id = c.data_key_id
  where c.teacher_id = app.me()
    and k.destroyed_at is null
  order by c.kind, c.item_id
$$;
comment on function app.my_contents() is 'The texts of the identity that there are: of which kind, and of which item.';

create or replace function app.my_visibility()
  returns json
  language plpgsql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  today constant date := app.today();
begin
  if me is null then
    return null;
  end if;
  return (
    select row_to_json(row(coalesce(json_agg(row_to_json(v) order by v.because, (v.person).name, v.what), '[]'))::item_list)
    from (
      select
        row(p.id, p.name)::named_person as person,
        a.role as "as",
        case a.role
          when 'director' then array['registration', 'employments', 'absences', 'prior_experience', 'exemptions', 'starter_status', 'programme_requests']
          else array['registration', 'employments', 'absences', 'prior_experience', 'exemptions', 'starter_status', 'times_of_recordings']
        end as what,
        'works_at_my_school' as because,
        '/v1/schools/' || a.school_id as resource,
        a.until_date as until
      from role_assignment a
      join person p on p.id = a.person_id
      where a.role in ('director', 'school_admin')
        and a.person_id <> me
        and a.from_date <= today
        and (a.until_date is null or a.until_date > today)
        and app.works_at(me, array[a.school_id])
      union all
      select
        row(p.id, p.name)::named_person, a.role,
        case a.role
          when 'adviser' then array['registration', 'employments', 'absences', 'prior_experience', 'exemptions', 'starter_status', 'programme_requests', 'own_wish_to_assign', 'trajectory_state', 'overdue_copies', 'quarantines']
          when 'privacy_officer' then array['copies', 'quarantines', 'audit']
          else array['registration', 'employments', 'roles']
        end,
        'role_for_the_board', null, a.until_date
      from role_assignment a
      join person p on p.id = a.person_id
      where a.role in ('adviser', 'privacy_officer', 'system_admin')
        and a.person_id <> me
        and a.from_date <= today
        and (a.until_date is null or a.until_date > today)
      union all
      select
        row(p.id, p.name)::named_person, 'coach',
        case
          when t.state in ('open', 'paused') then array['trajectory', 'recordings', 'starter_status', 'learning_question', 'reflection']
          else array['trajectory', 'recordings', 'starter_status']
        end,
        'coaches_me', '/v1/trajectories/' || t.id, null
      from trajectory t
      join person p on p.id = t.coach_id
      where t.teacher_id = me
        and p.id in (select app.coaches_today())
      union all
      -- Who filmed goes on seeing what they filmed, also where another coaches now.
      select
        row(p.id, p.name)::named_person, 'coach', array['recordings', 'starter_status'], 'coached_me',
        '/v1/recordings/' || r.id, null
      from recording r
      join person p on p.id = r.coach_id
      where r.teacher_id = me
        and p.id in (select app.coaches_today())
        and not exists (
          select
          from trajectory t
          where t.id = r.trajectory_id
            and t.coach_id = r.coach_id)
      union all
      select row(p.id, p.name)::named_person, 'coach', array['request'], 'is_asked_to_coach_me', '/v1/requests/' || q.id, null
      from request q
      join person p on p.id = q.coach_id
      where q.teacher_id = me
        and q.state = 'offered'
        and p.id in (select app.coaches_today())
      union all
      select row(p.id, p.name)::named_person, 'holder', array['footage'], 'holds_a_copy', '/v1/copies/' || c.id, app.copy_due_on(c)
      from copy c
      join person p on p.id = c.holder_id
      where c.teacher_id = me
        and c.holder_id <> me
        and c.state = 'held'
      union all
      select
        row(p.id, p.name)::named_person, 'recipient', array[c.item_kind], 'consent', '/v1/consents/' || c.id, c.until_date
      from consent c
      join person p on p.id = c.recipient_id
      where c.teacher_id = me
        and c.state = 'granted'
        and c.until_date > today
    ) v);
end
$$;
comment on function app.my_visibility() is
  'GET /v1/me/visibility: who can see what of the identity''s, and why: those who administer or direct the own schools, the roles of the whole board, those who coach, have filmed or are asked to, as long as they are coaches, who holds copies, and to whom a live consent opens something.';

create or replace function app.erase_my_content()
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
begin
  perform app.destroy_data_key();
  update consent c
  set
    state = 'withdrawn',
    state_reason = 'erased'
  where c.teacher_id = app.me()
    and c.state = 'granted'
    and c.item_kind <> 'footage';
end
$$;
comment on function app.erase_my_content() is
  'Erases what the identity wrote, at once and for everyone, by destroying the key it is sealed under; consents to read it go with it. Facts stay, and with them the figures.';

create or replace function app.my_erasure()
  returns json
  language sql stable
  security definer
  set search_path = beeld, app, pg_temp
as $$
  select row_to_json(e)
  from (
    select
      app.instant(max(k.destroyed_at)) as erased_at,
      (max(k.destroyed_at) at time zone 'Europe/Amsterdam')::date + 30 as backups_until,
      (
        select count(*)
        from app.my_contents()
      ) as texts
    from data_key k
    where k.person_id = app.me()
  ) e
$$;
comment on function app.my_erasure() is
  'When the identity last erased its content, until when backups may still have it (30 days), and how many texts there are now.';

grant execute on function app.my_data(), app.my_contents(), app.my_visibility(), app.erase_my_content(), app.my_erasure()
  to beeld_app;
