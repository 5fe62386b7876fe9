-- Who sees what of notices, objections and what follows from them: every row of a board of two schools, for everybody; and who
-- reads which pupil an objection is about. The expectations are the matrix.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
select no_plan();

-- T and p teach at school 1, U at school 2. C is to film T, K p at p's own wish, and U; K has filmed a, at a's own wish,
-- without a promise. E directs school 2, R is its administration; W coaches and directs school 1. A parent objects at each.
select pg_temp.guide(1000, 'T', 'C');
select pg_temp.guide_wish(1001, 'p', 'K');
select pg_temp.guide(1002, 'U', 'K');
select pg_temp.guide_wish(1003, 'a', 'K');
select pg_temp.did('C', pg_temp.plan(2000, 1000, '2026-11-20T12:00:00Z', 1));
select pg_temp.did('K', pg_temp.plan(2001, 1001, '2026-11-20T12:00:00Z', 1));
select pg_temp.did('K', pg_temp.plan(2002, 1002, '2026-11-20T12:00:00Z', 2));
select pg_temp.did('K', pg_temp.plan(2003, 1003, '2026-11-02T12:00:00Z', 1));
select pg_temp.did(who, format('select app.register_objection(%L, %L)', pg_temp.fact(900 + n), json_build_object(
  'school_id', pg_temp.school(n), 'group_id', pg_temp.fact(n), 'received_on', '2026-11-02')))
from (values (1, 'S'), (2, 'R')) v (n, who);
select pg_temp.did(who, format('select app.set_measure(%L, %L, %L)', pg_temp.fact(910 + n), pg_temp.fact(900 + n), '{"kind": "anonymise", "covers_sound": true}'))
from (values (1, 'D'), (2, 'E')) v (n, who);
select pg_temp.did('C', format('select app.make_promise(%L, %L, %L)', pg_temp.fact(921), pg_temp.fact(2000), pg_temp.fact(911)));
select pg_temp.did('K', format('select app.make_promise(%L, %L, %L)', pg_temp.fact(922), pg_temp.fact(2002), pg_temp.fact(912)));
select pg_temp.did('K', pg_temp.film(2003, '2026-11-02T12:00:00Z'));

create temporary table person_asked as
select who, n
from unnest(string_to_array('T p U q a C K W D E S R P Q V A N', ' ')) with ordinality w (who, n);
create temporary table seen (who text, name text, id uuid);
create temporary table told (who text, name text, id uuid);
do $$
declare
  someone text;
  noun text;
  ids uuid[];
begin
  for someone in select who from person_asked union all select '-'
  loop
    foreach noun in array array['notice', 'objection', 'placement', 'measure', 'promise', 'quarantine']
    loop
      if someone <> '-' then
        perform app.identify(sha256(convert_to(someone, 'UTF8')), 'read');
      end if;
      set local role beeld_app;
      execute format('select array_agg(id) from %I', noun) into ids;
      set local role none;
      insert into seen select someone, noun, unnest(ids);
      if noun in ('objection', 'measure', 'promise', 'quarantine') then
        execute format('insert into told select %L, %L, r.id from %I r where app.actors(r) <> 0', someone, noun, noun);
      end if;
      perform pg_temp.nobody();
    end loop;
  end loop;
end
$$;
create function pg_temp.seen_by(noun text, row_id uuid) returns text language sql as $$
  select coalesce(string_agg(s.who, ' ' order by p.n), 'nobody')
  from pg_temp.seen s
  join pg_temp.person_asked p on p.who = s.who
  where s.name = noun
    and s.id = row_id
$$;
select is_empty($$ select * from seen where who = '-' $$, 'without an identity there is nothing');
select is_empty($$ select * from told where who = '-' $$, 'and nobody is anything');
select is_empty($$ (table seen except table told) intersect select * from seen where name not in ('notice', 'placement') $$, 'who sees a row is something to it');
select is_empty($$ table told except table seen $$, 'and who is something to a row sees it');
select is(pg_temp.seen_by(noun, id), who, words || ': ' || who)
from (
  values
    ('notice', pg_temp.fact(611), 'T p U q a C K W D E S R P Q V A N', 'what parents are told, everybody may know'),
    ('objection', pg_temp.fact(901), 'W D S V', 'an objection at school 1'),
    ('objection', pg_temp.fact(902), 'E R V', 'one at school 2'),
    ('placement', (select id from placement where objection_id = pg_temp.fact(901)), 'W D S V', 'where the pupil is'),
    ('placement', (select id from placement where objection_id = pg_temp.fact(902)), 'E R V', 'at school 2'),
    ('measure', pg_temp.fact(911), 'C K W D S V', 'a measure, which two coaches have to keep'),
    ('measure', pg_temp.fact(912), 'K E R V', 'one at school 2'),
    ('promise', pg_temp.fact(921), 'C V', 'a promise of C'),
    ('promise', pg_temp.fact(922), 'K V', 'one of K'),
    ('quarantine', pg_temp.quarantine_of(2003), 'a K P Q V', 'a quarantine, of which no school is told')) v (noun, id, who, words);
select is_empty(
  $$ select s.name, s.id from seen s except values ('objection', pg_temp.fact(901)), ('objection', pg_temp.fact(902)),
     ('measure', pg_temp.fact(911)), ('measure', pg_temp.fact(912)), ('promise', pg_temp.fact(921)), ('promise', pg_temp.fact(922)),
     ('quarantine', pg_temp.quarantine_of(2003)) except select 'notice', id from notice except select 'placement', id from placement $$,
  'that is all there is');
select is(pg_temp.tried('select from objection_tally'), '42501: T U C K D E S R P V A', 'how many are no longer kept, nobody reads row by row');
select is(pg_temp.tried(format('update %I set state = state', name)), '42501: T U C K D E S R P V A', 'nobody writes past the functions: ' || name)
from unnest(array['objection', 'measure', 'promise', 'quarantine']) name;
select is(pg_temp.tried(format('insert into placement select * from placement')), '42501: T U C K D E S R P V A', 'nor places a pupil');

-- What they are told of a row
create function pg_temp.members(who text, noun text, row_id uuid) returns text language plpgsql as $$
declare
  told text;
begin
  perform app.identify(sha256(convert_to(who, 'UTF8')), 'read');
  set local role beeld_app;
  execute format('select string_agg(m.key, '' '' order by m.key) from %I_resource r cross join json_each(r.body) m where r.id = $1', noun) into told using row_id;
  perform pg_temp.nobody();
  return told;
end
$$;
select is(pg_temp.members(who, 'objection', pg_temp.fact(901)),
  'allowed_transitions answer_due_on answered_on id is_overdue legal_due_on measures placements pupil_left_on reason received_on school state state_since',
  'an objection, without a pupil: ' || who)
from unnest(array['S', 'V']) who;
select is(pg_temp.members('C', 'measure', pg_temp.fact(911)), 'allowed_transitions covers_sound id kind objection set_at state state_since', 'a measure, without a group');
select is(pg_temp.members('P', 'quarantine', pg_temp.quarantine_of(2003)), 'allowed_transitions begun_at cause codes id recording state state_since', 'a quarantine, without group and teacher');

-- Which pupil
create function pg_temp.writing(kind text, objection integer, words text) returns text language sql as $$
  select format('select app.write_content(%L, %L, -1, false, %L, %L, %L::bytea, %L::bytea)',
    kind, pg_temp.fact(objection), pg_temp.fact(940 + objection - 900), 'first', decode(repeat('07', 61), 'hex'), convert_to(rpad(words, 40), 'UTF8'))
$$;
create function pg_temp.reading(kind text, objection integer) returns text language sql as $$
  select format('select from app.read_content(%L, %L)', kind, pg_temp.fact(objection))
$$;
select is(pg_temp.tried(pg_temp.writing(kind, 901, 'L-0412')), outcome, 'the school alone writes: ' || kind)
from (
  values
    ('pupil', '1: D S; BE403: C K V; BE404: T U E R P A'),
    ('objection_note', '1: D S; BE403: V; BE404: T U C K E R P A')) v (kind, outcome);
select pg_temp.did('S', pg_temp.writing(kind, 901, 'L-0412')) from unnest(array['pupil', 'objection_note']) kind;
select pg_temp.did('E', pg_temp.writing('pupil', 902, 'L-0377'));
select row_eq($$ select person_id, school_id, bound_to from data_key where id = pg_temp.fact(941) $$, row(null::uuid, pg_temp.school(1), pg_temp.school(1)), 'under a key of the school''s');
select is((select count(*) from content where school_id = pg_temp.school(1) and teacher_id is null), 2::bigint, 'as the school''s');
select is(pg_temp.tried(pg_temp.reading(kind, objection)), outcome, words)
from (
  values
    ('pupil', 901, '1: C K D S; BE404: T U E R P V A', 'which pupil it is, the school knows, and who is to film the group'),
    ('pupil', 902, '1: K E R; BE404: T U C D S P V A', 'at school 2 too'),
    ('objection_note', 901, '1: D S; BE404: T U C K E R P V A', 'and what it notes, the school alone')) v (kind, objection, outcome, words);
select is(pg_temp.given('W', pg_temp.reading('pupil', 901)), '1', 'W directs the school');
select pg_temp.did(who, pg_temp.reading('pupil', 901)) from unnest(array['S', 'C']) who;
select results_eq(
  $$
    select p.name::text, a.row_id, a.after
    from audit a
    join person p on p.subject_key = a.actor_key
    where a.act = 'read'
  $$,
  $$ values ('Person C', pg_temp.fact(901)::text, '{"kind": "pupil"}'::jsonb) $$,
  'that C read it is written down');
select is((select count(*) from audit where (before::text || coalesce(after::text, '')) ~ 'L-0'), 0::bigint, 'what it says, nowhere');
select is(
  pg_temp.given('S', format('select from app.sealing_key(%L, %L, null) where id = %L and owner_id = %L', 'pupil', pg_temp.fact(901), pg_temp.fact(941), pg_temp.school(1))), '1',
  'the school is given its own key');
select is(
  pg_temp.given('S', format('select from app.sealing_key(%L, null, %L) where id = %L', 'pupil', pg_temp.school(1), pg_temp.fact(941))), '1',
  'also for an objection that is being registered');
select is(
  pg_temp.given('E', format('select from app.sealing_key(%L, %L, null) where id is null and owner_id = %L', 'pupil', pg_temp.fact(901), pg_temp.person('E'))), '1',
  'and who does not answer for it, is not');
select is(pg_temp.given('S', format('select app.write_content(%L, %L, 0, true, %L, %L, null, %L::bytea)', 'pupil', pg_temp.fact(999), pg_temp.fact(941), 'first', convert_to(rpad('x', 40), 'UTF8'))),
  'BE404', 'of no objection there is nothing to write');

-- Nobody releases their own: K filmed it, and is now an adviser too
select pg_temp.nobody();
insert into role_assignment (id, person_id, role, from_date, until_date)
values (pg_temp.fact(298), pg_temp.person('K'), 'adviser', '2026-08-01', '2026-11-20');
select is(pg_temp.does('K', pg_temp.move_quarantine(2003, 'released')), 'BE403', 'an adviser who filmed it does not release it');
select is(pg_temp.given('K', format('select from quarantine where id = %L', pg_temp.quarantine_of(2003))), '1', 'and sees it as its coach does');
delete from role_assignment where id = pg_temp.fact(298);

-- When the filming is over, C has no need of it
select pg_temp.clock('2026-11-20T14:00:00Z');
select pg_temp.did('C', pg_temp.film(2000, '2026-11-20T12:00:00Z'));
select is(pg_temp.tried(pg_temp.reading('pupil', 901)), '1: K D S; BE404: T U C E R P V A', 'once it is filmed, C reads it no more');
select is(pg_temp.given('C', format('select from measure where id = %L', pg_temp.fact(911))), '1', 'but what is to be attested');
select pg_temp.did('C', format('select app.move_promise(%L, null, %L)', pg_temp.fact(921), 'attested'));
select pg_temp.did('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'handed_over'));
select is(pg_temp.given('C', format('select from measure where id = %L', pg_temp.fact(911))), '0', 'until it is handed over');
select pg_temp.did('p', pg_temp.move_recording(2001, 'cancelled'));
select is(pg_temp.tried(pg_temp.reading('pupil', 901)), '1: D S; BE404: T U C K E R P V A', 'nor K of what is cancelled');

-- With the objection its texts go
select pg_temp.did('S', format('select app.move_objection(%L, null, %L)', pg_temp.fact(901), '{"to": "ended", "reason": "pupil_left"}'));
select pg_temp.clock('2027-11-20T14:00:00Z');
select is(app.forget_objections(), 1, 'a year after the pupil left');
select is((select count(*) from content where school_id = pg_temp.school(1)), 0::bigint, 'nothing tells who it was');
select is((select count(*) from content where school_id = pg_temp.school(2)), 1::bigint, 'of others it does');

select * from finish();
rollback;
