-- The state machines against a model of them that was written from the product's rules alone: a random walk of a hundred
-- thousand steps. Whoever tries whatever, the database does what the model does, and refuses what it refuses.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
set local jit = off;
-- What a world left behind when it was taken back is still in the pages; the indexes know that it is dead.
set local enable_seqscan = off;
set local plan_cache_mode = force_generic_plan;
-- The clock is set, and who may set it was asked when it was.
create or replace function app.set_clock() returns timestamptz language sql stable parallel safe as $$ select current_setting('app.now')::timestamptz $$;
-- What the audit keeps has tests of its own.
do $$
declare
  kept record;
begin
  for kept in
    select t.tgrelid::regclass as name, t.tgname
    from pg_trigger t
    where t.tgname like '%_audit_%'
  loop
    execute format('alter table %s disable trigger %I', kept.name, kept.tgname);
  end loop;
end
$$;
alter table recording disable trigger recording_0_agreed;
select no_plan();

-- T teacher, C coach, D director, P adviser, M maker, X the other of the two, S who answers for the school, V privacy
-- officer; N the system, also for what an act of two, the end of a trajectory and an objection bring about.
create temporary table model (machine text, from_state text, to_state text, who text);
insert into model
select machine, from_state, to_state, unnest(string_to_array(who, ' '))
from (values
  ('request', 'invited', 'submitted', 'T'),
  ('request', 'invited', 'declined', 'T'),
  ('request', 'invited', 'expired', 'N'),
  ('request', 'invited', 'withdrawn', 'M'),
  ('request', 'submitted', 'offered', 'P'),
  ('request', 'submitted', 'withdrawn', 'T'),
  ('request', 'offered', 'assigned', 'C'),
  ('request', 'offered', 'submitted', 'C P N'),
  ('request', 'offered', 'withdrawn', 'T'),
  ('request', 'assigned', 'closed', 'N'),
  ('trajectory', 'open', 'paused', 'P N'),
  ('trajectory', 'paused', 'open', 'P N'),
  ('trajectory', 'open', 'closing', 'T C P'),
  ('trajectory', 'paused', 'closing', 'T P'),
  ('trajectory', 'closing', 'closed', 'N'),
  ('recording', 'planned', 'made', 'C'),
  ('recording', 'planned', 'cancelled', 'C T N'),
  ('recording', 'made', 'debriefed', 'N'),
  ('recording', 'made', 'waived', 'T'),
  ('recording', 'made', 'voided', 'P'),
  ('copy', 'held', 'handed_over', 'C'),
  ('copy', 'held', 'deleted', 'C T P'),
  ('copy', 'held', 'lost', 'C T'),
  ('agreement', 'proposed', 'agreed', 'X'),
  ('agreement', 'proposed', 'declined', 'X N'),
  ('objection', 'received', 'measure_set', 'S'),
  ('objection', 'received', 'ended', 'S'),
  ('objection', 'measure_set', 'ended', 'S'),
  ('objection', 'measure_set', 'received', 'N'),
  ('measure', 'in_force', 'ended', 'S N'),
  ('promise', 'promised', 'attested', 'C'),
  ('quarantine', 'open', 'released', 'P V N'),
  ('quarantine', 'open', 'deleted', 'N'),
  ('storyboard', 'draft', 'presented', 'T'),
  ('consent', 'granted', 'withdrawn', 'T'),
  ('consent', 'granted', 'expired', 'N')) v (machine, from_state, to_state, who);
create temporary table model_state (machine text, states text[]);
insert into model_state
values
  ('request', '{invited,submitted,offered,assigned,closed,declined,expired,withdrawn,open}'),
  ('trajectory', '{open,paused,closing,closed,assigned}'),
  ('recording', '{planned,made,debriefed,waived,cancelled,voided,held}'),
  ('copy', '{held,handed_over,deleted,lost,closed}'),
  ('agreement', '{proposed,agreed,declined,made}'),
  ('objection', '{received,measure_set,ended,released}'),
  ('measure', '{in_force,ended,deleted}'),
  ('promise', '{promised,attested,ended}'),
  ('quarantine', '{open,released,deleted}'),
  ('storyboard', '{draft,presented,withdrawn}'),
  ('consent', '{granted,withdrawn,expired,presented}');

-- What the model knows of a row. parent: of a trajectory the request, of a measure the objection, of all others the
-- trajectory; about: what a copy is of, and an agreement, a promise, a quarantine and a consent about; coach: of the
-- guidance, as it is now. Of a consent kind is what it opens, holder its recipient, kept the day on which it ends.
-- school: 1, where T teaches, or 2, where U does; each pupil of whom a parent objects is in the group that is filmed.
-- since: of a recording when it was made; of an objection that ended because the pupil left, and of the measures that were
-- in force then, when that was (of those measures kind of the end: origin).
create temporary table thing (
  n serial primary key, machine text, id uuid, state text, teacher text, coach text, maker text, origin text, parent integer, about integer,
  kind text, proposer text, number integer, filmed_by text, holder text, new_coach text, paused_by text, expires date,
  since timestamptz, due date, kept date, demanded date, school text, agreed boolean, measure integer, codes text[], required date);
create index on thing (machine);
create index on thing (parent);
create index on thing (about);

-- Null where the row does not exist for somebody; else what they are to it.
create function pg_temp.roles(t pg_temp.thing, who text, coaches text[], today date) returns text language plpgsql stable as $$
declare
  directs constant boolean := who in ('D', 'W') and t.teacher = 'T' or who = 'E' and t.teacher = 'U';
  advises constant boolean := who in ('P', 'Q');
  roles text := case when t.teacher = who then 'T' else '' end;
  answers constant boolean := t.school = '1' and who in ('S', 'D', 'W') or t.school = '2' and who in ('R', 'E');
  sees boolean := false;
begin
  case t.machine
    when 'request' then
      roles := roles || case when t.coach = who and who = any (coaches) then 'C' else '' end
        || case when directs and t.origin <> 'own_wish' then 'D' else '' end || case when advises then 'P' else '' end;
      if t.maker = who and t.origin <> 'own_wish' then
        roles := roles || 'M';
      end if;
    when 'trajectory' then
      roles := roles || case when t.coach = who and who = any (coaches) then 'C' else '' end || case when advises then 'P' else '' end;
    when 'recording' then
      roles := roles || case when t.coach = who and who = any (coaches) then 'C' else '' end || case when advises then 'P' else '' end;
      sees := t.filmed_by = who and who = any (coaches);
    when 'copy' then
      sees := who in (t.teacher, 'V')
        or advises and (
          t.state = 'lost'
          or t.state = 'held' and least(t.required, case when t.holder <> t.teacher then least(t.demanded, greatest(t.kept, t.due)) end) + 14 <= today);
      roles := case
        when t.holder = who and who = t.teacher then 'T'
        when t.holder = who and t.state = 'held' then 'C'
        when advises and t.state = 'held' and t.holder <> t.teacher and t.holder <> all (coaches) then 'P'
        else ''
      end;
    when 'agreement' then
      roles := roles || case when t.coach = who and who = any (coaches) then 'C' else '' end
        || case when advises and t.kind = 'change_of_coach' then 'P' else '' end;
      if roles ~ 'T' and t.proposer <> 'T' or roles ~ 'C' and t.proposer = 'T' then
        roles := roles || 'X';
      end if;
    when 'objection' then
      roles := case when answers then 'S' else '' end;
      sees := who = 'V';
    when 'measure' then
      roles := case when answers then 'S' else '' end;
      sees := who = 'V' or who = any (coaches) and exists (
        select
        from pg_temp.thing k
        where k.machine = 'recording'
          and k.school = t.school
          and who in (k.coach, k.filmed_by)
          and (
            k.state = 'planned' and t.state = 'in_force'
            or k.state in ('made', 'debriefed', 'waived')
              and exists (
                select
                from pg_temp.thing x
                where x.about = k.n
                  and (x.machine = 'quarantine' and x.state = 'open' or x.machine = 'copy' and x.holder = who and x.state = 'held'))
              and (
                t.state = 'in_force'
                or t.origin = 'pupil_left' and t.since > k.since
                or exists (
                  select
                  from pg_temp.thing x
                  where x.about = k.n
                    and x.measure = t.n))));
    when 'promise' then
      roles := case when t.coach = who and who = any (coaches) then 'C' else '' end;
      sees := who = 'V' or t.filmed_by = who and who = any (coaches);
    when 'quarantine' then
      roles := case when advises then 'P' when who = 'V' then 'V' else '' end;
      sees := t.teacher = who or who in (t.coach, t.filmed_by) and who = any (coaches);
    when 'storyboard' then
      sees := exists (
        select
        from pg_temp.thing c
        where c.about = t.n
          and c.machine = 'consent'
          and c.state = 'granted'
          and c.holder = who
          and c.kept > today);
    when 'consent' then
      sees := t.holder = who and t.state = 'granted' and t.kept > today;
  end case;
  return case when roles <> '' or coalesce(sees, false) then roles end;
end
$$;
create function pg_temp.model_allows(of text, state text, roles text) returns text[] language plpgsql stable as $$
begin
  return (
    select coalesce(array_agg(distinct m.to_state order by m.to_state), '{}')
    from pg_temp.model m
    where m.machine = of
      and m.from_state = state
      and strpos(roles, m.who) > 0);
end
$$;
-- What becomes of a step before any other rule is asked: null where the machine permits it.
create function pg_temp.model_refusal(t pg_temp.thing, to_state text, roles text, stale boolean) returns text language plpgsql stable as $$
declare
  allowed constant text[] := pg_temp.model_allows(t.machine, t.state, roles);
begin
  return case
    when roles is null then 'BE404'
    when stale then 'BE412'
    when to_state = any (allowed) then null
    when exists (select from pg_temp.model m where m.machine = t.machine and m.to_state = model_refusal.to_state and strpos(roles, m.who) > 0) then
      'BE409 transitions:' || array_to_string(allowed, ',')
    else 'BE403'
  end;
end
$$;
-- A trajectory that is closing closes when no copy is with anybody but the teacher, but those kept by agreement.
create function pg_temp.model_closes(trajectory integer, today date) returns void language plpgsql as $$
begin
  update pg_temp.thing t
  set state = 'closed'
  where t.n = trajectory
    and t.state = 'closing'
    and not exists (
      select
      from pg_temp.thing c
      where c.parent = trajectory
        and c.machine = 'copy'
        and c.state = 'held'
        and c.holder <> c.teacher
        and (c.kept is null or c.kept <= today));
  if found then
    update pg_temp.thing q
    set state = 'closed'
    from pg_temp.thing t
    where t.n = trajectory
      and q.n = t.parent;
  end if;
end
$$;
create function pg_temp.model_may_coach(coach text, teacher text, coaches text[]) returns boolean language plpgsql immutable as $$
begin
  return coach is not null and coach = any (coaches) and not (coach = 'W' and teacher = 'T');
end
$$;
create function pg_temp.model_directs(director text, teacher text) returns boolean language plpgsql immutable as $$
begin
  return director in ('D', 'W') and teacher in ('T', 'D', 'S', 'W') or director = 'E' and teacher in ('U', 'E', 'R');
end
$$;
create function pg_temp.one_of(among text[]) returns text language plpgsql volatile as $$
begin
  return among[1 + floor(random() * cardinality(among))::integer];
end
$$;

-- What stands against a recording of a school as it is planned: what was agreed on is as it is now, and so is the school.
create function pg_temp.model_missing(k pg_temp.thing) returns text[] language plpgsql stable as $$
begin
  return array(
    select 'measure_not_promised'
    where exists (
      select
      from pg_temp.thing m
      where m.machine = 'measure'
        and m.school = k.school
        and m.state = 'in_force'
        and m.kind <> 'no_recording'
        and not exists (select from pg_temp.thing p where p.machine = 'promise' and p.measure = m.n and p.about = k.n))
    union all
    select 'no_recording'
    where exists (
      select
      from pg_temp.thing m
      where m.machine = 'measure'
        and m.school = k.school
        and m.state = 'in_force'
        and m.kind = 'no_recording')
    union all
    select 'objection_without_measure'
    where exists (select from pg_temp.thing o where o.machine = 'objection' and o.school = k.school and o.state = 'received')
    union all
    select 'teacher_not_agreed'
    where not k.agreed);
end
$$;
-- Whether it still stands against footage: with measures it is not the word that counts, but that it was kept.
create function pg_temp.model_stands(recording integer, codes text[]) returns boolean language plpgsql stable as $$
declare
  k constant pg_temp.thing := (select x from pg_temp.thing x where x.n = recording);
begin
  return 'teacher_not_agreed' = any (codes) and not k.agreed
    or exists (
      select
      from pg_temp.thing o
      where o.machine = 'objection'
        and o.school = k.school
        and (
          o.state = 'received'
          or o.origin = 'pupil_left' and o.since > k.since
            and not exists (select from pg_temp.thing m where m.machine = 'measure' and m.parent = o.n and m.origin = 'pupil_left')))
    or pg_temp.model_unattested(recording, '{out_of_view,other_group,anonymise,cut,no_recording}');
end
$$;
create function pg_temp.model_unattested(recording integer, kinds text[]) returns boolean language plpgsql stable as $$
begin
  return exists (
    select
    from pg_temp.thing k
    join pg_temp.thing m on m.school = k.school
    where k.n = recording
      and m.machine = 'measure'
      and (m.state = 'in_force' or m.origin = 'pupil_left' and m.since > k.since)
      and m.kind = any (kinds)
      and not exists (
        select
        from pg_temp.thing p
        where p.machine = 'promise'
          and p.measure = m.n
          and p.about = k.n
          and p.state = 'attested'));
end
$$;
create function pg_temp.model_quarantines(of_school text, one integer, cause text, missing text[]) returns void language plpgsql as $$
begin
  insert into pg_temp.thing (machine, id, state, teacher, coach, filmed_by, parent, about, kind, codes)
  select
    'quarantine', (select q.id from beeld.quarantine q where q.recording_id = k.id and q.state = 'open'), 'open', k.teacher, k.coach, k.filmed_by,
    k.parent, k.n, cause, missing
  from pg_temp.thing k
  where k.machine = 'recording'
    and k.school = of_school
    and k.n = coalesce(one, k.n)
    and k.state in ('made', 'debriefed', 'waived')
    and exists (select from pg_temp.thing c where c.machine = 'copy' and c.about = k.n and c.state = 'held')
    and not exists (select from pg_temp.thing q where q.machine = 'quarantine' and q.about = k.n and q.state = 'open');
end
$$;
create function pg_temp.model_takes(of_school text, taken text, today date) returns void language plpgsql as $$
begin
  if taken = 'no_recording' then
    perform pg_temp.model_quarantines(of_school, null, 'objection', '{no_recording}');
    update pg_temp.thing a
    set state = 'declined'
    from pg_temp.thing c
    join pg_temp.thing k on k.n = c.about
    where a.machine = 'agreement'
      and a.about = c.n
      and a.state = 'proposed'
      and c.machine = 'copy'
      and c.state = 'held'
      and c.required is null
      and k.school = of_school
      and k.state in ('made', 'debriefed', 'waived');
    update pg_temp.thing c
    set required = coalesce(c.required, today)
    from pg_temp.thing k
    where c.machine = 'copy'
      and c.state = 'held'
      and k.n = c.about
      and k.school = of_school
      and k.state in ('made', 'debriefed', 'waived');
  end if;
end
$$;
-- When a measure or an objection ends.
create function pg_temp.model_eases(of_school text) returns void language plpgsql as $$
begin
  update pg_temp.thing c
  set required = null
  from pg_temp.thing k
  where c.machine = 'copy'
    and c.state = 'held'
    and k.n = c.about
    and k.school = of_school
    and not exists (
      select
      from pg_temp.thing m
      where m.machine = 'measure'
        and m.school = of_school
        and (m.state = 'in_force' or m.origin = 'pupil_left' and m.since > k.since)
        and m.kind = 'no_recording');
  update pg_temp.thing o
  set state = 'received'
  where o.machine = 'objection'
    and o.school = of_school
    and o.state = 'measure_set'
    and not exists (select from pg_temp.thing m where m.machine = 'measure' and m.parent = o.n and m.state = 'in_force');
  update pg_temp.thing q
  set state = 'released'
  from pg_temp.thing k
  where q.machine = 'quarantine'
    and q.state = 'open'
    and q.kind = 'objection'
    and k.n = q.about
    and k.school = of_school
    and not pg_temp.model_stands(k.n, q.codes);
end
$$;
create function pg_temp.model_held_back(recording integer) returns text language plpgsql stable as $$
begin
  return case
    when exists (select from pg_temp.thing q where q.machine = 'quarantine' and q.about = recording and q.state = 'open') then 'BE409 quarantined'
    when pg_temp.model_unattested(recording, '{anonymise,cut}') then 'BE409 not_attested'
  end;
end
$$;

-- Where the database and the model differ, if they do.
create function pg_temp.differs() returns text language plpgsql stable as $$
begin
  return (
    select string_agg(t.machine || ' ' || t.n || ': ' || coalesce(d.state, 'none') || ' for ' || t.state, ', ' order by t.n)
    from pg_temp.thing t
    left join lateral (
      select x.state from beeld.request x where t.machine = 'request' and x.id = t.id
      union all
      select x.state from beeld.trajectory x where t.machine = 'trajectory' and x.id = t.id
      union all
      select x.state from beeld.recording x where t.machine = 'recording' and x.id = t.id
      union all
      select x.state from beeld.copy x where t.machine = 'copy' and x.id = t.id
      union all
      select x.state from beeld.agreement x where t.machine = 'agreement' and x.id = t.id
      union all
      select x.state from beeld.objection x where t.machine = 'objection' and x.id = t.id
      union all
      select x.state from beeld.measure x where t.machine = 'measure' and x.id = t.id
      union all
      select x.state from beeld.promise x where t.machine = 'promise' and x.id = t.id
      union all
      select x.state from beeld.quarantine x where t.machine = 'quarantine' and x.id = t.id
      union all
      select x.state from beeld.storyboard x where t.machine = 'storyboard' and x.id = t.id
      union all
      select x.state from beeld.consent x where t.machine = 'consent' and x.id = t.id
    ) d on true
    where d.state is distinct from t.state);
end
$$;
create function pg_temp.surplus() returns text language plpgsql stable as $$
begin
  return (
    select 'rows: ' || d.number || ' for ' || m.number
    from (
      select
        (select count(*) from beeld.request x where x.teacher_id in (pg_temp.person('T'), pg_temp.person('U')))
        + (select count(*) from beeld.trajectory x where x.teacher_id in (pg_temp.person('T'), pg_temp.person('U')))
        + (select count(*) from beeld.recording x where x.teacher_id in (pg_temp.person('T'), pg_temp.person('U')))
        + (select count(*) from beeld.copy x where x.teacher_id in (pg_temp.person('T'), pg_temp.person('U')))
        + (select count(*) from beeld.storyboard x where x.teacher_id in (pg_temp.person('T'), pg_temp.person('U')))
        + (select count(*) from beeld.consent x where x.teacher_id in (pg_temp.person('T'), pg_temp.person('U')))
        + (select count(*) from pg_temp.thing t join beeld.agreement x on x.trajectory_id = t.id where t.machine = 'trajectory')
        + (select count(*) from pg_temp.thing t join beeld.objection x on x.id = t.id where t.machine = 'objection')
        + (select count(*) from pg_temp.thing t join beeld.measure x on x.objection_id = t.id where t.machine = 'objection')
        + (select count(*) from pg_temp.thing t join beeld.promise x on x.recording_id = t.id where t.machine = 'recording')
        + (select count(*) from pg_temp.thing t join beeld.quarantine x on x.recording_id = t.id where t.machine = 'recording') as number
    ) d
    cross join (select count(*) as number from pg_temp.thing) m
    where d.number <> m.number);
end
$$;

-- Who is who: the settings that app.identify makes, so that a step need not ask for them.
create temporary table identity as
select who, null::text[] as settings
from unnest(string_to_array('T U C K W D E S R P Q V A -', ' ')) who;
create function pg_temp.remember_identities() returns void language plpgsql as $$
declare
  i record;
begin
  for i in select who from pg_temp.identity
  loop
    perform pg_temp.nobody();
    if i.who <> '-' then
      perform app.identify(sha256(convert_to(i.who, 'UTF8')), 'write');
    end if;
    update pg_temp.identity x
    set settings = array(
      select coalesce(current_setting(name, true), '')
      from unnest(array[
        'app.person', 'app.subject_key', 'app.coach', 'app.adviser', 'app.privacy_officer', 'app.system_admin',
        'app.director_of', 'app.school_admin_of', 'app.schools']) with ordinality s (name, n)
      order by n)
    where x.who = i.who;
  end loop;
  perform pg_temp.nobody();
end
$$;
create function pg_temp.become(someone text) returns void language plpgsql as $$
begin
  perform
    set_config('app.person', i.settings[1], true), set_config('app.subject_key', i.settings[2], true), set_config('app.coach', i.settings[3], true),
    set_config('app.adviser', i.settings[4], true), set_config('app.privacy_officer', i.settings[5], true), set_config('app.system_admin', i.settings[6], true),
    set_config('app.director_of', i.settings[7], true), set_config('app.school_admin_of', i.settings[8], true), set_config('app.schools', i.settings[9], true)
  from pg_temp.identity i
  where i.who = someone;
end
$$;

-- One world: so many steps from a seed; in tally, how often what was done, and the first fault. Nothing of it stays.
create function pg_temp.world(seed double precision, steps integer, inout tally jsonb, out fault text) language plpgsql as $$
declare
  actors constant text[] := string_to_array('T U C K W D E S R P Q V A -', ' ');
  acts constant text[] := string_to_array(
    'make move move move move move move move move move move move move move move move move move move move move plan plan '
    'propose propose propose propose propose object measure promise promise promise copy story consent consent demand night night by_app by_jobs by_owner by_owner show show show show show show', ' ');
  coaches text[] := '{C,K,W}';
  -- In some worlds no parent objects.
  objects boolean;
  -- In some worlds K coaches no more from some step on.
  leaves_at integer;
  on_leave boolean := false;
  at timestamptz;
  today date;
  step integer := 0;
  done integer := 0;
  refused integer := 0;
  shown integer := 0;
  act text;
  who text;
  t pg_temp.thing;
  r pg_temp.thing;
  of text;
  roles text;
  to_state text;
  stale boolean;
  version integer;
  reason text;
  other text;
  draft json;
  expected text;
  outcome text;
  saying text;
  bounds text;
  words text;
  amount integer;
  among integer[];
  is_live boolean;
  fresh uuid;
  codes text[];
  reply json;
begin
  begin
    perform setseed(seed);
    perform set_config('app.now', '2026-11-02 12:00:00Z', true);
    leaves_at := floor(random() * steps * 2);
    objects := random() < 0.6;
    while step < steps and fault is null
    loop
      step := step + 1;
      at := app.now();
      today := app.today();
      act := pg_temp.one_of(acts);
      who := pg_temp.one_of(actors);
      expected := null;
      outcome := null;
      draft := null;
      reason := null;
      other := null;
      fresh := pg_temp.fact(100000 + step);
      if step = leaves_at then
        update role_assignment set until_date = today where id = pg_temp.fact(201);
        coaches := '{C,W}';
        perform pg_temp.remember_identities();
      end if;

      -- About which row, by whom, and to what state.
      of := case act
        when 'make' then null
        when 'night' then null
        when 'object' then null
        when 'measure' then 'objection'
        when 'promise' then 'recording'
        when 'plan' then 'trajectory'
        when 'propose' then 'trajectory'
        when 'copy' then 'recording'
        when 'demand' then 'copy'
        when 'story' then 'trajectory'
        when 'consent' then pg_temp.one_of('{request,recording,storyboard,storyboard}')
        else pg_temp.one_of(
          '{request,request,trajectory,recording,recording,copy,agreement,agreement,objection,measure,promise,quarantine,storyboard,consent}')
      end;
      if act = 'object' and not objects then
        act := 'make';
      end if;
      if act not in ('make', 'night', 'object') then
        -- Rather of what has not come to its end, and of the younger, which have more before them.
        is_live := random() < 0.85;
        select array_agg(x.n order by x.n desc)
        into among
        from pg_temp.thing x
        where x.machine = of
          and (not is_live or x.state not in ('declined', 'expired', 'withdrawn', 'closed', 'cancelled', 'voided', 'deleted', 'lost', 'agreed', 'ended', 'attested', 'released', 'presented'));
        if among is null then
          of := 'request';
          act := 'move';
          select array_agg(x.n order by x.n desc) into among from pg_temp.thing x where x.machine = of and x.state in ('invited', 'submitted', 'offered');
        end if;
        if among is null then
          act := 'make';
        else
          amount := among[1 + floor(random() * random() * cardinality(among))::integer];
          select x.* into t from pg_temp.thing x where x.n = amount;
          to_state := (select pg_temp.one_of(s.states) from pg_temp.model_state s where s.machine = of);
          -- More often than not by somebody whom it concerns, and to what follows; and on rather than to an end.
          if random() < 0.2 then
            who := pg_temp.one_of(array_remove(array[t.teacher, coalesce(t.holder, t.coach), t.maker, 'P'], null));
          elsif random() < 0.8 then
            select m.to_state, case m.who
              when 'T' then t.teacher
              when 'C' then coalesce(t.holder, t.coach)
              when 'P' then 'P'
              when 'M' then t.maker
              when 'S' then pg_temp.one_of(case t.school when '1' then '{S,D}' else '{R,E}' end::text[])
              when 'V' then 'V'
              when 'X' then case t.proposer when 'T' then t.coach else t.teacher end
            end
            into to_state, who
            from pg_temp.model m
            where m.machine = of
              and m.from_state = t.state
              and m.who <> 'N'
            order by
              random() < 0.8 and m.to_state in ('declined', 'withdrawn', 'closing', 'cancelled', 'voided', 'lost'),
              random()
            limit 1;
            who := coalesce(who, 'P');
            if act in ('plan', 'copy', 'promise') then
              who := coalesce(t.coach, 'P');
            elsif act = 'propose' then
              who := pg_temp.one_of(array[t.teacher, t.coach, 'P']);
            elsif act in ('demand', 'story', 'consent') then
              who := t.teacher;
            end if;
          end if;
          -- These are made in somebody's name.
          if act in ('story', 'consent') and who = '-' then
            who := t.teacher;
          end if;
          to_state := coalesce(to_state, 'open');
          roles := pg_temp.roles(t, who, coaches, today);
          stale := random() < 0.05;
          version := case when stale then 0 end;
          perform pg_temp.become(who);
        end if;
      end if;

      case act
        when 'make' then
          t := null;
          if random() < 0.7 then
            who := pg_temp.one_of('{T,U,D,E,P,Q}');
          end if;
          perform pg_temp.become(who);
          reason := pg_temp.one_of('{own_wish,appraisal,starter_programme}');
          other := case when reason = 'own_wish' then who else pg_temp.one_of('{T,U,T,U,C}') end;
          expected := case
            when who = '-' then 'BE500'
            when reason = 'own_wish' and who not in ('T', 'U') then 'BE403'
            when reason <> 'own_wish' and who not in ('D', 'W', 'E', 'P', 'Q') then 'BE403'
            when reason <> 'own_wish' and not (
              other in ('T', 'U') and (who in ('P', 'Q') or who in ('D', 'W') and other = 'T' or who = 'E' and other = 'U')) then 'BE422 /teacher'
            when reason = 'own_wish' and exists (
              select
              from pg_temp.thing x
              where x.machine = 'request'
                and x.teacher = who
                and x.origin = 'own_wish'
                and x.state in ('submitted', 'offered', 'assigned')) then 'request_one_open_per_teacher'
            when reason <> 'own_wish' and exists (
              select
              from pg_temp.thing x
              where x.machine = 'request'
                and x.teacher = other
                and x.maker = who
                and x.state = 'invited') then 'request_one_invitation_per_maker'
            else '1'
          end;
          draft := json_strip_nulls(json_build_object(
            'origin', reason, 'teacher_id', pg_temp.person(other), 'aim', 'team', 'subject', 'interaction',
            'talk_on', case when reason = 'appraisal' then today end, 'talk_kind', case when reason = 'appraisal' then 'progress' end));
        when 'object' then
          t := null;
          t.school := pg_temp.one_of('{1,2}');
          if random() < 0.7 then
            who := pg_temp.one_of(case t.school when '1' then '{S,D}' else '{R,E}' end::text[]);
          end if;
          perform pg_temp.become(who);
          draft := json_build_object(
            'school_id', pg_temp.school(t.school::integer), 'group_id', pg_temp.fact(t.school::integer), 'received_on', today);
          expected := case
            when who not in ('S', 'D', 'W', 'R', 'E') then 'BE403'
            when (who in ('R', 'E')) <> (t.school = '2') then 'BE422 /school'
            else '1'
          end;
        when 'measure' then
          other := pg_temp.one_of('{out_of_view,other_group,anonymise,cut,no_recording}');
          draft := json_build_object('kind', other, 'covers_sound', random() < 0.5);
          expected := case
            when roles is null then 'BE404'
            when strpos(roles, 'S') = 0 then 'BE403'
            when t.state = 'ended' then 'BE409 objection_ended'
            when exists (
              select
              from pg_temp.thing x
              where x.parent = t.n
                and x.machine = 'measure'
                and x.kind = other
                and x.state = 'in_force') then 'measure_one_of_a_kind'
            else '1'
          end;
        when 'promise' then
          r := null;
          select x.*
          into r
          from pg_temp.thing x
          where x.machine = 'measure'
            and (x.school = t.school or random() < 0.05)
          order by x.state = 'ended' and random() < 0.8, random()
          limit 1;
          expected := case
            when roles is null then 'BE404'
            when strpos(roles, 'C') = 0 then 'BE403'
            when r.n is null or r.kind = 'no_recording' or not (
              t.state in ('planned', 'made', 'debriefed', 'waived') and r.school = t.school and r.state = 'in_force'
              or t.state in ('made', 'debriefed', 'waived')
                and (
                  coalesce(r.school = t.school and r.origin = 'pupil_left' and r.since > t.since, false)
                  or exists (select from pg_temp.thing x where x.about = t.n and x.measure = r.n))) then 'BE422 /measure'
            when exists (select from pg_temp.thing x where x.about = t.n and x.measure = r.n) then 'promise_once'
            else '1'
          end;
        when 'night' then
          perform pg_temp.become('-');
          amount := floor(random() * 9);
          perform set_config('app.now', (at + make_interval(days => amount))::text, true);
          at := app.now();
          today := app.today();
          if random() < 0.2 then
            on_leave := not on_leave;
            if on_leave then
              insert into absence (id, person_id, category, from_date) values (pg_temp.fact(9000), pg_temp.person('T'), 'parental_leave', today);
            else
              delete from absence where id = pg_temp.fact(9000);
            end if;
          end if;
          expected := '1';
        when 'plan' then
          expected := case
            when roles is null then 'BE422 /trajectory'
            when strpos(roles, 'C') = 0 then 'BE403'
            when t.state <> 'open' then 'BE409 trajectory_not_open'
            when t.number <= (
              select count(*)
              from pg_temp.thing x
              where x.parent = t.n
                and x.machine = 'recording'
                and x.state not in ('cancelled', 'voided')) then case t.number when 6 then 'BE409 six_recordings' else 'BE409 recordings_agreed' end
            else '1'
          end;
          draft := json_build_object(
            'scheduled_at', at + interval '1 hour', 'carrier_id', pg_temp.fact(10), 'group_id', pg_temp.fact(case t.teacher when 'T' then 1 else 2 end));
        when 'copy' then
          expected := case
            when roles is null then 'BE404'
            when strpos(roles, 'C') = 0 then 'BE403'
            when t.state not in ('made', 'debriefed', 'waived') or not exists (
              select
              from pg_temp.thing x
              where x.about = t.n
                and x.machine = 'copy'
                and x.holder = who
                and x.state = 'held') then 'BE409 no_copy_held'
            else coalesce(pg_temp.model_held_back(t.n), '1')
          end;
        when 'demand' then
          expected := case
            when roles is null then 'BE404'
            when stale then 'BE412'
            when who <> t.teacher then 'BE403'
            when t.state <> 'held' or t.holder = t.teacher then 'BE409 not_held'
            else '1'
          end;
        when 'story' then
          expected := case when who = t.teacher then '1' else 'BE422 /trajectory' end;
        when 'consent' then
          reason := case of
            when 'request' then 'learning_question'
            when 'recording' then pg_temp.one_of('{reflection,footage}')
            else 'storyboard'
          end;
          other := pg_temp.one_of('{C,K,W,D,E,P,Q,S,T,U}');
          amount := pg_temp.one_of('{2,9,30,30,0,400}')::integer;
          expected := case
            when who <> t.teacher then 'BE422 /item'
          end;
          if not (other = any (coaches) or other in ('P', 'Q') or pg_temp.model_directs(other, who)) then
            expected := concat_ws(' ', coalesce(expected, 'BE422'), '/recipient');
          end if;
          expected := coalesce(expected, case
            when amount = 0 then 'consent_until_ahead'
            when amount = 400 then 'consent_a_year_at_most'
            when exists (
              select
              from pg_temp.thing x
              where x.machine = 'consent'
                and x.about = t.n
                and x.kind = reason
                and x.holder = other
                and x.state = 'granted'
                and x.kept > today) then 'consent_one_granted'
            else '1'
          end);
        when 'propose' then
          reason := pg_temp.one_of('{debrief,debrief,extension,keeping,keeping,change_of_coach}');
          other := pg_temp.one_of('{C,K,W,T,U}');
          amount := 1 + floor(random() * 7);
          r := null;
          if reason in ('debrief', 'keeping') then
            select x.*
            into r
            from pg_temp.thing x
            where x.machine = case reason when 'debrief' then 'recording' else 'copy' end
              and (x.parent = t.n or random() < 0.05)
            order by x.n desc
            offset floor(random() * random() * 4)
            limit 1;
          end if;
          draft := case reason
            when 'debrief' then json_build_object('kind', reason, 'recording_id', r.id, 'held_on', today)
            when 'keeping' then json_build_object('kind', reason, 'copy_id', r.id, 'until_date', today + 20)
            when 'extension' then json_build_object('kind', reason, 'recordings', amount)
            else json_build_object('kind', reason, 'new_coach_id', pg_temp.person(other))
          end;
          expected := case
            when roles is null then 'BE404'
            when reason = 'change_of_coach' and strpos(roles, 'P') = 0 or reason <> 'change_of_coach' and roles !~ '[TC]' then 'BE403'
            when reason = 'extension' and t.state <> 'open' then 'BE409 trajectory_not_open'
            when reason = 'change_of_coach' and t.state not in ('open', 'paused') then 'BE409 trajectory_not_open'
            when reason = 'debrief' and r.parent is distinct from t.n then 'BE422 /recording'
            when reason = 'debrief' and r.state <> 'made' then 'BE409 not_made'
            when reason = 'keeping' and r.parent is distinct from t.n then 'BE422 /copy'
            when reason = 'keeping' and (r.state <> 'held' or r.holder = r.teacher) then 'BE409 not_held'
            when reason = 'keeping' and r.kept is not null and strpos(roles, 'T') = 0 then 'BE403'
            when reason = 'extension' and amount <= t.number then 'BE422 /recordings'
            when reason = 'extension' and amount = 7 then 'agreement_recordings_range'
            when reason = 'change_of_coach' and (other = t.coach or not pg_temp.model_may_coach(other, t.teacher, coaches)) then 'BE422 /new_coach'
            when exists (
              select
              from pg_temp.thing x
              where x.parent = t.n
                and x.machine = 'agreement'
                and x.kind = reason
                and x.about is not distinct from r.n
                and x.state = 'proposed') then 'agreement_one_proposal'
            else '1'
          end;
        when 'move' then
          expected := pg_temp.model_refusal(t, to_state, roles, stale);
          case of
            when 'request' then
              other := pg_temp.one_of('{C,K,W,T,-}');
              reason := nullif(pg_temp.one_of('{none,none,continuity,whim}'), 'none');
              draft := json_build_object('aim', 'team', 'subject', 'didactics', 'coach_id', pg_temp.person(other));
              expected := coalesce(expected, case
                when to_state = 'offered' and reason = 'whim' then 'BE422 /reason'
                when to_state = 'offered' and not pg_temp.model_may_coach(other, t.teacher, coaches) then 'BE422 /coach'
                when to_state = 'submitted' and t.state = 'invited' and exists (
                  select
                  from pg_temp.thing x
                  where x.machine = 'request'
                    and x.teacher = t.teacher
                    and x.origin <> 'own_wish'
                    and x.state in ('submitted', 'offered', 'assigned')) then 'request_one_open_per_teacher'
                else '1'
              end);
            when 'trajectory' then
              reason := nullif(pg_temp.one_of('{none,other,leave,whim}'), 'none');
              expected := coalesce(expected, case
                when reason = 'whim' then 'BE422 /reason'
                when to_state <> 'closing' or strpos(roles, 'T') > 0 or strpos(roles, 'P') > 0 and reason is not null then '1'
                when strpos(roles, 'P') > 0 then 'BE422 /reason'
                when exists (
                  select
                  from pg_temp.thing x
                  where x.parent = t.n
                    and x.machine = 'recording'
                    and x.state in ('planned', 'made')) then 'BE409 recordings_unfinished'
                else '1'
              end);
            when 'recording' then
              reason := nullif(pg_temp.one_of('{none,technical,whim}'), 'none');
              other := pg_temp.one_of('{now,now,now,tomorrow,before}');
              draft := json_build_object('made_at', case other when 'now' then at when 'tomorrow' then at + interval '1 day' else timestamptz '2026-10-01Z' end);
              expected := coalesce(expected, case
                when reason = 'whim' then 'BE422 /reason'
                when to_state = 'made' and other <> 'now' then 'BE422 /made_at'
                else '1'
              end);
            when 'copy' then
              other := pg_temp.one_of(array[t.teacher, t.teacher, t.coach, 'K', 'W', 'D']);
              draft := json_build_object('to_person', pg_temp.person(other));
              expected := coalesce(expected, case
                when to_state = 'handed_over' and other <> t.teacher and (other = t.holder or other <> t.coach and not exists (
                  select
                  from pg_temp.thing x
                  where x.parent = t.parent
                    and x.machine = 'agreement'
                    and x.kind = 'change_of_coach'
                    and x.new_coach = other
                    and x.state = 'proposed')) then 'BE422 /to_person'
                when to_state = 'handed_over' then coalesce(pg_temp.model_held_back(t.about), '1')
                else '1'
              end);
            when 'objection' then
              reason := pg_temp.one_of('{withdrawn,pupil_left,withdrawn,pupil_left,whim}');
              other := pg_temp.one_of('{out_of_view,other_group,anonymise,cut,no_recording}');
              draft := json_build_object('to', to_state, 'reason', reason, 'kind', other, 'covers_sound', true);
              expected := coalesce(expected, case when to_state = 'ended' and reason = 'whim' then 'BE422 /reason' else '1' end);
            when 'promise' then
              expected := coalesce(expected, case
                when to_state = 'attested' and (select x.state from pg_temp.thing x where x.n = t.about) not in ('made', 'debriefed', 'waived') then 'BE409 not_made'
                else '1'
              end);
            when 'quarantine' then
              expected := coalesce(expected, case
                when to_state = 'released' and pg_temp.model_stands(t.about, t.codes) then 'BE409 not_made_good'
                else '1'
              end);
            when 'measure' then
              expected := coalesce(expected, '1');
            when 'consent' then
              expected := coalesce(expected, '1');
            when 'storyboard' then
              other := pg_temp.one_of('{orally,opened}');
              expected := coalesce(expected, case
                when other = 'orally' or exists (
                  select
                  from pg_temp.thing x
                  where x.machine = 'consent'
                    and x.about = t.n
                    and x.state = 'granted'
                    and x.kept > today
                    and pg_temp.model_directs(x.holder, t.teacher)) then '1'
                else 'BE409 not_opened'
              end);
            else
              if to_state = 'agreed' and expected is null then
                select x.* into r from pg_temp.thing x where x.n = t.parent;
                expected := case
                  when t.kind = 'debrief' and exists (
                    select
                    from pg_temp.thing x
                    where x.about = t.about
                      and x.machine = 'quarantine'
                      and (x.state = 'open' or x.state = 'deleted' and x.kind = 'no_clearance')) then 'BE409 quarantined'
                  when t.kind = 'extension' and (r.state <> 'open' or r.number >= t.number) then 'BE409 trajectory_not_open'
                  when t.kind = 'change_of_coach' and exists (
                    select
                    from pg_temp.thing x
                    where x.parent = t.parent
                      and x.machine = 'copy'
                      and x.holder = r.coach
                      and x.state = 'held') then 'BE409 copies_first'
                  when t.kind = 'change_of_coach' and not pg_temp.model_may_coach(t.new_coach, t.teacher, coaches) then 'BE422 /coach'
                end;
              end if;
              expected := coalesce(expected, '1');
          end case;
        else
          null;
      end case;

      if act = 'by_jobs' then
        perform pg_temp.become('-');
      end if;
      begin
        perform set_config('role', case act when 'night' then 'beeld_jobs' when 'by_jobs' then 'beeld_jobs' when 'by_owner' then 'none' else 'beeld_app' end, true);
        case act
          when 'make' then
            perform app.make_request(fresh, draft);
          when 'night' then
            perform app.coaching_upkeep(), app.expire_consents();
          when 'plan' then
            perform app.plan_recording(fresh, t.id, draft);
          when 'object' then
            perform app.register_objection(fresh, draft);
          when 'measure' then
            perform app.set_measure(fresh, t.id, draft);
          when 'promise' then
            perform app.make_promise(fresh, t.id, coalesce(r.id, fresh));
          when 'copy' then
            perform app.make_copy(fresh, t.id, pg_temp.fact(11));
          when 'demand' then
            perform app.demand_deletion(t.id, version, true);
          when 'story' then
            perform app.begin_storyboard(fresh, t.id);
          when 'consent' then
            perform app.grant_consent(fresh, pg_temp.person(other), reason, t.id, 'discussion', today + amount);
          when 'propose' then
            perform app.propose(fresh, t.id, draft);
          when 'show' then
            case of
              when 'request' then
                select v.body -> 'allowed_transitions' into reply from beeld.request_resource v where v.id = t.id;
              when 'trajectory' then
                select v.body -> 'allowed_transitions' into reply from beeld.trajectory_resource v where v.id = t.id;
              when 'recording' then
                select v.body -> 'allowed_transitions' into reply from beeld.recording_resource v where v.id = t.id;
              when 'copy' then
                select v.body -> 'allowed_transitions' into reply from beeld.copy_resource v where v.id = t.id;
              when 'objection' then
                select v.body -> 'allowed_transitions' into reply from beeld.objection_resource v where v.id = t.id;
              when 'measure' then
                select v.body -> 'allowed_transitions' into reply from beeld.measure_resource v where v.id = t.id;
              when 'promise' then
                select v.body -> 'allowed_transitions' into reply from beeld.promise_resource v where v.id = t.id;
              when 'quarantine' then
                select v.body -> 'allowed_transitions' into reply from beeld.quarantine_resource v where v.id = t.id;
              when 'storyboard' then
                select v.body -> 'allowed_transitions' into reply from beeld.storyboard_resource v where v.id = t.id;
              when 'consent' then
                select v.body -> 'allowed_transitions' into reply from beeld.consent_resource v where v.id = t.id;
              else
                select v.body -> 'allowed_transitions' into reply from beeld.agreement_resource v where v.id = t.id;
            end case;
          when 'move' then
            case of
              when 'request' then
                perform app.move_request(t.id, version, to_state, reason, draft);
              when 'trajectory' then
                perform app.move_trajectory(t.id, version, to_state, reason);
              when 'recording' then
                perform app.move_recording(t.id, version, to_state, reason, draft);
              when 'copy' then
                perform app.move_copy(t.id, version, to_state, reason, draft);
              when 'objection' then
                perform app.move_objection(t.id, version, draft);
              when 'measure' then
                perform app.move_measure(t.id, version, to_state);
              when 'promise' then
                perform app.move_promise(t.id, version, to_state);
              when 'quarantine' then
                perform app.move_quarantine(t.id, version, to_state);
              when 'storyboard' then
                perform app.move_storyboard(t.id, version, to_state, case other when 'orally' then today end);
              when 'consent' then
                perform app.move_consent(t.id, version, to_state, null);
              else
                perform app.decide_agreement(t.id, version, to_state);
            end case;
          else
            execute format('update beeld.%I set state = $1 where id = $2', of) using to_state, t.id;
            get diagnostics amount = row_count;
            if act = 'by_owner' or amount = 0 then
              raise exception using errcode = 'BT000';
            end if;
        end case;
        outcome := '1';
      exception when others then
        get stacked diagnostics outcome = returned_sqlstate, saying = pg_exception_detail, bounds = constraint_name, words = message_text;
        outcome := case
          when bounds <> '' then bounds
          when outcome = 'BE412' then outcome
          when outcome like 'BE%' then trim(concat_ws(' ', outcome, saying))
          when outcome in ('42501', 'BT000') then outcome
          else concat_ws(' ', outcome, words)
        end;
      end;
      perform set_config('role', 'none', true);

      -- What is tried past the functions is refused; to the owner only the machine is asked.
      case act
        when 'by_app' then
          expected := '42501';
        when 'by_jobs' then
          expected := case of when 'recording' then 'BT000' else '42501' end;
        when 'by_owner' then
          expected := case
            when to_state = t.state then 'BT000'
            when to_state = any (pg_temp.model_allows(of, t.state, case who when '-' then 'N' else coalesce(roles, '') end)) then outcome
            when outcome like 'BE409 transitions:%' then outcome
            else 'BE403'
          end;
        when 'show' then
          expected := case when roles is not null then to_json(pg_temp.model_allows(of, t.state, roles))::text end;
          outcome := reply::text;
        else
          null;
      end case;

      if outcome is distinct from expected then
        fault := format('the database said %s and the model %s', outcome, expected);
      elsif act = 'show' then
        shown := shown + 1;
      elsif outcome <> '1' then
        refused := refused + 1;
      else
        done := done + 1;
        if act = 'move' then
          tally := jsonb_set(tally, array[concat_ws(' ', of, t.state, to_state)], to_jsonb(1 + coalesce((tally -> concat_ws(' ', of, t.state, to_state))::integer, 0)));
          update pg_temp.thing x set state = to_state where x.n = t.n;
        end if;

        -- What follows from it.
        case
          when act = 'make' then
            insert into pg_temp.thing (machine, id, state, teacher, maker, origin, expires)
            values ('request', fresh, case reason when 'own_wish' then 'submitted' else 'invited' end, other, who, reason, today + 30);
          when act = 'plan' then
            insert into pg_temp.thing (machine, id, state, teacher, coach, filmed_by, parent, school, agreed)
            values ('recording', fresh, 'planned', t.teacher, t.coach, t.coach, t.n, case t.teacher when 'T' then '1' else '2' end, false);
            insert into pg_temp.thing (machine, id, state, teacher, coach, parent, about, kind, proposer)
            select 'agreement', a.id, 'proposed', t.teacher, t.coach, t.n, x.n, 'recording', 'C'
            from pg_temp.thing x
            join agreement a on a.recording_id = x.id
            where x.id = fresh;
            -- More often than not the teacher agrees at once.
            if random() < 0.7 then
              select x.* into r from pg_temp.thing x where x.machine = 'agreement' order by x.n desc limit 1;
              perform pg_temp.become(t.teacher);
              perform app.decide_agreement(r.id, null, 'agreed');
              update pg_temp.thing x set state = 'agreed' where x.n = r.n;
              update pg_temp.thing x set agreed = true where x.n = r.about;
            end if;
          when act = 'object' then
            insert into pg_temp.thing (machine, id, state, school) values ('objection', fresh, 'received', t.school);
            perform pg_temp.model_quarantines(t.school, null, 'objection', '{objection_without_measure}');
          when act = 'measure' then
            insert into pg_temp.thing (machine, id, state, school, parent, kind) values ('measure', fresh, 'in_force', t.school, t.n, other);
            update pg_temp.thing x set state = 'measure_set' where x.n = t.n;
            perform pg_temp.model_takes(t.school, other, today);
          when act = 'promise' then
            insert into pg_temp.thing (machine, id, state, coach, filmed_by, parent, about, measure)
            values ('promise', fresh, 'promised', t.coach, t.filmed_by, t.parent, t.n, r.n);
          when act = 'copy' then
            insert into pg_temp.thing (machine, id, state, teacher, coach, parent, about, holder, due)
            select 'copy', fresh, 'held', t.teacher, t.coach, t.parent, t.n, who, case when x.state in ('closing', 'closed') then today end
            from pg_temp.thing x
            where x.n = t.parent;
          when act = 'story' then
            insert into pg_temp.thing (machine, id, state, teacher, parent) values ('storyboard', fresh, 'draft', t.teacher, t.n);
          when act = 'consent' then
            update pg_temp.thing x
            set state = 'expired'
            where x.machine = 'consent'
              and x.about = t.n
              and x.kind = reason
              and x.holder = other
              and x.state = 'granted';
            insert into pg_temp.thing (machine, id, state, teacher, about, kind, holder, kept)
            values ('consent', fresh, 'granted', t.teacher, t.n, reason, other, today + amount);
            if of = 'storyboard' and t.state = 'draft' and pg_temp.model_directs(other, t.teacher) then
              update pg_temp.thing x set state = 'presented' where x.n = t.n;
            end if;
          when act = 'demand' then
            update pg_temp.thing x set demanded = coalesce(x.demanded, today), due = case when x.kept is not null then least(today, greatest(x.kept, x.due)) else x.due end, kept = null where x.n = t.n;
            update pg_temp.thing x set state = 'declined' where x.about = t.n and x.machine = 'agreement' and x.state = 'proposed';
          when act = 'propose' then
            insert into pg_temp.thing (machine, id, state, teacher, coach, parent, about, kind, proposer, number, new_coach, kept)
            values (
              'agreement', fresh, 'proposed', t.teacher, t.coach, t.n, r.n, reason,
              case when reason = 'change_of_coach' then 'P' when strpos(roles, 'T') > 0 then 'T' else 'C' end,
              case when reason = 'extension' then amount end, case when reason = 'change_of_coach' then other end,
              case when reason = 'keeping' then today + 20 end);
          when act = 'night' then
            update pg_temp.thing x set state = 'expired' where x.machine = 'request' and x.state = 'invited' and x.expires <= today;
            update pg_temp.thing x set state = 'submitted', coach = null where x.machine = 'request' and x.state = 'offered' and x.since <= at - interval '7 days';
            update pg_temp.thing x set state = 'paused', paused_by = 'N' where x.machine = 'trajectory' and x.state = 'open' and x.teacher = 'T' and on_leave;
            update pg_temp.thing x set state = 'open' where x.machine = 'trajectory' and x.state = 'paused' and x.paused_by = 'N' and not on_leave;
            perform pg_temp.model_closes(x.n, today) from pg_temp.thing x where x.machine = 'trajectory' and x.state = 'closing';
            update pg_temp.thing x set state = 'expired' where x.machine = 'consent' and x.state = 'granted' and x.kept <= today;
          when of = 'request' then
            update pg_temp.thing x
            set
              coach = case to_state when 'offered' then other when 'submitted' then null when 'withdrawn' then null else x.coach end,
              since = at
            where x.n = t.n;
            if to_state = 'assigned' then
              insert into pg_temp.thing (machine, id, state, teacher, coach, origin, parent, number)
              select 'trajectory', x.id, 'open', t.teacher, t.coach, t.origin, t.n, 1
              from trajectory x
              where x.request_id = t.id;
            end if;
          when of = 'trajectory' then
            update pg_temp.thing x set paused_by = 'P' where x.n = t.n and to_state = 'paused';
            if to_state = 'closing' then
              update pg_temp.thing x set state = 'cancelled' where x.parent = t.n and x.machine = 'recording' and x.state = 'planned';
              update pg_temp.thing x set state = 'declined' where x.parent = t.n and x.machine = 'agreement' and x.state = 'proposed' and x.kind <> 'keeping';
              update pg_temp.thing x set due = coalesce(x.due, today) where x.parent = t.n and x.machine = 'copy' and x.state = 'held' and x.holder <> x.teacher;
              perform pg_temp.model_closes(t.n, today);
            end if;
          when of = 'objection' and to_state = 'measure_set' then
            insert into pg_temp.thing (machine, id, state, school, parent, kind)
            select 'measure', x.id, 'in_force', t.school, t.n, other
            from measure x
            where x.objection_id = t.id
              and x.state = 'in_force';
            perform pg_temp.model_takes(t.school, other, today);
          when of = 'objection' then
            update pg_temp.thing x
            set state = 'ended', origin = reason, since = at
            where x.n = t.n
              or x.parent = t.n and x.machine = 'measure' and x.state = 'in_force';
            perform pg_temp.model_eases(t.school);
          when of = 'measure' then
            perform pg_temp.model_eases(t.school);
          when of = 'promise' then
            update pg_temp.thing x
            set state = 'released'
            where x.machine = 'quarantine'
              and x.about = t.about
              and x.state = 'open'
              and x.kind = 'objection'
              and not pg_temp.model_stands(t.about, x.codes);
          when of in ('quarantine', 'storyboard', 'consent') then
            null;
          when of = 'recording' then
            update pg_temp.thing x
            set state = 'declined'
            where x.about = t.n
              and x.machine = 'agreement'
              and x.state = 'proposed'
              and (x.kind = 'debrief' or x.kind = 'recording' and to_state <> 'made');
            if to_state = 'made' then
              update pg_temp.thing x set since = at where x.n = t.n;
              insert into pg_temp.thing (machine, id, state, teacher, coach, parent, about, holder)
              select 'copy', x.id, 'held', t.teacher, t.coach, t.parent, t.n, t.filmed_by
              from copy x
              where x.recording_id = t.id;
              codes := pg_temp.model_missing(t);
              if codes <> '{}' then
                perform pg_temp.model_quarantines(t.school, t.n, 'no_clearance', codes);
              end if;
              if 'no_recording' = any (codes) then
                update pg_temp.thing x set required = today where x.machine = 'copy' and x.about = t.n;
              end if;
            end if;
          when of = 'copy' then
            update pg_temp.thing x set state = 'declined' where x.about = t.n and x.machine = 'agreement' and x.state = 'proposed';
            if to_state = 'handed_over' then
              insert into pg_temp.thing (machine, id, state, teacher, coach, parent, about, holder, due, required, kept)
              select
                'copy', x.id, 'held', t.teacher, t.coach, t.parent, t.about, other, case when other <> t.teacher then t.due end, t.required,
                case when other <> t.teacher then t.kept end
              from copy x
              where x.source_id = t.id;
            elsif to_state in ('deleted', 'lost') then
              update pg_temp.thing x
              set state = 'deleted'
              where x.machine = 'quarantine'
                and x.about = t.about
                and x.state = 'open'
                and not exists (select from pg_temp.thing c where c.machine = 'copy' and c.about = t.about and c.state = 'held');
            end if;
            perform pg_temp.model_closes(t.parent, today);
          when to_state = 'agreed' then
            case t.kind
              when 'debrief' then
                update pg_temp.thing x set state = 'debriefed' where x.n = t.about;
                update pg_temp.thing x set state = 'declined' where x.about = t.about and x.machine = 'agreement' and x.state = 'proposed';
              when 'recording' then
                update pg_temp.thing x set agreed = true where x.n = t.about;
              when 'extension' then
                update pg_temp.thing x set number = t.number where x.n = t.parent;
              when 'keeping' then
                update pg_temp.thing x set kept = t.kept, demanded = null where x.n = t.about;
                perform pg_temp.model_closes(t.parent, today);
              when 'change_of_coach' then
                update pg_temp.thing x set coach = t.new_coach where x.n in (t.parent, r.parent) or x.parent = t.parent;
                update pg_temp.thing x set filmed_by = t.new_coach where x.parent = t.parent and x.machine = 'recording' and x.state = 'planned';
              else
                null;
            end case;
          else
            null;
        end case;
        fault := coalesce(pg_temp.differs(), pg_temp.surplus());
      end if;
      if fault is not null then
        fault := format(
          'seed %s, step %s: %s (%s) %s %s %s %s to %s %s %s %s: %s', seed, step, who, roles, act, of, t.kind, t.state, to_state, reason, other, draft, fault);
      end if;
    end loop;
    if fault is null then
      fault := (
        select format('seed %s, at the end: a model without %s', seed, string_agg(format('%s %s', x.n, x.machine), ', '))
        from pg_temp.thing x
        where x.id is null
        having count(*) > 0);
      tally := tally || jsonb_build_object(
        'done', (tally -> 'done')::integer + done, 'refused', (tally -> 'refused')::integer + refused, 'shown', (tally -> 'shown')::integer + shown);
      tally := tally || coalesce((select jsonb_object_agg('reached ' || x.machine || ' ' || x.state, 1) from pg_temp.thing x), '{}');
    end if;
    raise exception using errcode = 'BT001';
  exception when sqlstate 'BT001' then
    null;
  end;
end
$$;
create function pg_temp.walk(seed double precision, worlds integer, steps integer, out tally jsonb, out fault text) language plpgsql as $$
declare
  world integer := 0;
begin
  tally := '{"done": 0, "refused": 0, "shown": 0}';
  while world < worlds and fault is null
  loop
    select w.tally, w.fault into tally, fault from pg_temp.world(seed + world / 1000.0, steps, tally) w;
    world := world + 1;
  end loop;
end
$$;
update coach set capacity = 1000;
select pg_temp.remember_identities();

create temporary table walked as
select *
from pg_temp.walk(0.2026, coalesce(nullif(current_setting('walk.worlds', true), '')::integer, 250), 400);
select is((select fault from walked), null, 'in a hundred thousand steps, the database does what the model does');
select is_empty(
  $$
    select m.machine, m.from_state, m.to_state
    from model m
    where m.who <> 'N'
      and not (select tally ? concat_ws(' ', m.machine, m.from_state, m.to_state) from walked)
  $$,
  'every step that somebody takes was taken');
select is_empty(
  $$
    select m.machine, m.to_state
    from model m
    where not (select tally ? concat_ws(' ', 'reached', m.machine, m.to_state) from walked)
  $$,
  'and every state that comes by itself was reached');
select is_empty(
  $$ select t.machine from transition t where t.machine not in (select m.machine from model m) $$, 'no machine is without a model');
select cmp_ok((select (tally -> 'done')::integer from walked), '>', 20000, 'tens of thousands of steps were done');
-- Between states, by somebody: what a walk does that never comes to a machine, or hardly.
select cmp_ok(
  (
    select coalesce(sum(d.value::integer), 0)::integer
    from walked
    cross join jsonb_each_text(tally) d
    where d.key ~ format('^%s \w+ \w+$', f.machine)),
  '>=', f.floor, format('every %s was walked', f.machine))
from (
  select
    s.machine,
    case s.machine when 'request' then 5000 when 'quarantine' then 3 when 'promise' then 10 when 'copy' then 50 else 100 end as floor
  from model_state s) f;
select diag(tally::text) from walked where current_setting('walk.worlds', true) <> '';

select * from finish();
rollback;
