-- Who sees what of the coaching: every row of a board of two schools, for everybody. The expectations are the matrix.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
select no_plan();

-- T and p teach at school 1, U and q at school 2. T and U are guided for the programme, by C and K; p and q at their own
-- wish, by K and C. E directs school 2, R is its administration; W coaches and directs school 1.
select pg_temp.did('D', pg_temp.refer(1000, 'T'));
select pg_temp.did('T', pg_temp.accept(1000), pg_temp.move_request(1000, 'withdrawn'));
select pg_temp.did('D', pg_temp.refer(1001, 'T'));
select pg_temp.guide(1002, 'T', 'C');
select pg_temp.guide_wish(1003, 'p', 'K');
select pg_temp.guide(1004, 'U', 'K');
select pg_temp.guide_wish(1005, 'q', 'C');
select pg_temp.did('U', pg_temp.wish(1006));
select pg_temp.did('P', pg_temp.offer(1006, 'W'));
select pg_temp.did('E', pg_temp.invite(1007, 'q'));
select pg_temp.did('C', pg_temp.plan(2002, 1002, '2026-11-02T12:00:00Z', 1));
select pg_temp.did('K', pg_temp.plan(2003, 1003, '2026-11-02T12:00:00Z', 1));
select pg_temp.did('K', pg_temp.plan(2004, 1004, '2026-11-20T12:00:00Z', 2));
select pg_temp.did('C', pg_temp.plan(2005, 1005, '2026-11-02T12:00:00Z', 2));
select pg_temp.did('C', pg_temp.film(2002, '2026-11-02T12:00:00Z'));
select pg_temp.did('K', pg_temp.film(2003, '2026-11-02T12:00:00Z'));
select pg_temp.did('C', pg_temp.film(2005, '2026-11-02T12:00:00Z'));
select pg_temp.did('K', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3003), pg_temp.fact(2003), pg_temp.fact(11)));
select pg_temp.did('K', pg_temp.move_copy(pg_temp.fact(3003), 'lost'));
select pg_temp.did('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3005), pg_temp.fact(2005), pg_temp.fact(11)));
select pg_temp.did('C', pg_temp.move_copy(pg_temp.fact(3005), 'handed_over'));
select pg_temp.did('T', pg_temp.propose(4002, 1002, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2002), 'held_on', '2026-11-02')));
select pg_temp.did('K', pg_temp.propose(4003, 1003, '{"kind": "extension", "recordings": 2}'));
select pg_temp.did('P', pg_temp.propose(4004, 1004, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('C'))));
select pg_temp.did('P', pg_temp.propose(4005, 1005, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('K'))));
select pg_temp.did('C', format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(5002), pg_temp.trajectory(1002), '2026-12-01'));
select pg_temp.did('p', format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(5003), pg_temp.trajectory(1003), '2026-12-01'));
select pg_temp.did('C', format('insert into coach_unavailability (id, person_id, from_date, until_date) values (%L, app.me(), %L, %L)', pg_temp.fact(6000), '2027-01-01', '2027-02-01'));
-- C asks q to keep a copy.
select pg_temp.did('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3006), pg_temp.fact(2005), pg_temp.fact(11)));
select pg_temp.did('C', pg_temp.propose(4006, 1005, json_build_object('kind', 'keeping', 'copy_id', pg_temp.fact(3006), 'until_date', '2027-06-01')));
-- The guidance of a has come to its end, and C does not delete the footage.
select pg_temp.guide(1009, 'a', 'C');
select pg_temp.did('C', pg_temp.plan(2009, 1009, '2026-11-02T12:00:00Z', 1));
select pg_temp.did('C', pg_temp.film(2009, '2026-11-02T12:00:00Z'));
select pg_temp.did('a', pg_temp.move_trajectory(1009, 'closing'));
-- X coached b, and coaches no more; d's coach is another since then.
insert into person (id, name) values (pg_temp.person('X'), 'Person X');
insert into registration (person_id, person_number) values (pg_temp.person('X'), 'X');
insert into role_assignment (id, person_id, role, from_date, until_date) values (pg_temp.fact(299), pg_temp.person('X'), 'coach', '2025-08-01', '2026-11-10');
insert into api_token (id, hash, name, person_id, created_at, expires_at) values (gen_random_uuid(), sha256(convert_to('X', 'UTF8')), 'Test', pg_temp.person('X'), '2026-01-01Z', '2029-01-01Z');
select pg_temp.guide(1010, 'b', 'X');
select pg_temp.did('X', pg_temp.plan(2010, 1010, '2026-11-02T12:00:00Z', 1));
select pg_temp.did('X', pg_temp.film(2010, '2026-11-02T12:00:00Z'));
select pg_temp.guide(1011, 'd', 'C');
select pg_temp.did('C', pg_temp.plan(2011, 1011, '2026-11-02T12:00:00Z', 1));
select pg_temp.did('C', pg_temp.film(2011, '2026-11-02T12:00:00Z'));
select pg_temp.did('C', pg_temp.move_copy(pg_temp.copy_with(2011, 'C'), 'handed_over'));
select pg_temp.did('P', pg_temp.propose(4011, 1011, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('K'))));
select pg_temp.did('d', pg_temp.decide(pg_temp.fact(4011), 'agreed'));
select pg_temp.clock('2026-11-16T12:00:00Z');

create temporary table person_asked as
select who, n
from unnest(string_to_array('T p U q a b d C K W X D E S R P Q V A N', ' ')) with ordinality w (who, n);
create temporary table seen (who text, name text, id uuid);
create temporary table told (who text, name text, id uuid);
do $$
declare
  someone text;
  noun text;
  nouns constant text[] := array[
    'request', 'trajectory', 'follow_up', 'recording', 'copy', 'agreement', 'breach', 'carrier', 'coach', 'coach_unavailability'];
  ids uuid[];
begin
  for someone in select who from person_asked union all select '-'
  loop
    foreach noun in array nouns
    loop
      if someone <> '-' then
        perform app.identify(sha256(convert_to(someone, 'UTF8')), 'read');
      end if;
      set local role beeld_app;
      execute format('select array_agg(%I) from %I', case noun when 'coach' then 'person_id' else 'id' end, noun) into ids;
      set local role none;
      insert into seen select someone, noun, unnest(ids);
      if noun in ('request', 'trajectory', 'recording', 'copy', 'agreement') then
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
select is_empty(
  $$ (table seen except table told) intersect select * from seen where name in ('request', 'trajectory', 'recording', 'copy', 'agreement') $$,
  'who sees a row is something to it');
select is_empty($$ table told except table seen $$, 'and who is something to a row sees it');

create temporary table expected (noun text, id uuid, who text, words text);
insert into expected
values
  ('request', pg_temp.fact(1000), 'T W D P Q', 'a referral that was withdrawn'),
  ('request', pg_temp.fact(1001), 'T W D P Q', 'a referral at school 1'),
  ('request', pg_temp.fact(1002), 'T C W D P Q', 'a request of the programme that C took on'),
  ('request', pg_temp.fact(1003), 'p K P Q', 'a wish at school 1'),
  ('request', pg_temp.fact(1004), 'U K E P Q', 'a request of the programme at school 2'),
  ('request', pg_temp.fact(1005), 'q C P Q', 'a wish at school 2'),
  ('request', pg_temp.fact(1006), 'U W P Q', 'a wish at school 2 that is offered to W'),
  ('request', pg_temp.fact(1007), 'q E P Q', 'an invitation by the director of school 2'),
  ('request', pg_temp.fact(1010), 'b W D P Q', 'a request whose coach coaches no more'),
  ('request', pg_temp.fact(1011), 'd K W D P Q', 'a request whose coach was changed'),
  ('trajectory', pg_temp.trajectory(1002), 'T C P Q', 'guidance for the programme'),
  ('trajectory', pg_temp.trajectory(1003), 'p K P Q', 'guidance at a wish'),
  ('trajectory', pg_temp.trajectory(1004), 'U K P Q', 'guidance at school 2'),
  ('trajectory', pg_temp.trajectory(1005), 'q C P Q', 'guidance at a wish at school 2'),
  ('trajectory', pg_temp.trajectory(1010), 'b P Q', 'guidance of one who coaches no more'),
  ('trajectory', pg_temp.trajectory(1011), 'd K P Q', 'guidance that another goes on with'),
  ('follow_up', pg_temp.fact(5002), 'T C', 'a talk'),
  ('follow_up', pg_temp.fact(5003), 'p K', 'a talk at a wish'),
  ('recording', pg_temp.fact(2002), 'T C P Q', 'a recording for the programme'),
  ('recording', pg_temp.fact(2003), 'p K P Q', 'a recording at a wish'),
  ('recording', pg_temp.fact(2004), 'U K P Q', 'a planned recording'),
  ('recording', pg_temp.fact(2005), 'q C P Q', 'a recording at a wish at school 2'),
  ('recording', pg_temp.fact(2010), 'b P Q', 'a recording by one who coaches no more'),
  ('recording', pg_temp.fact(2011), 'd C K P Q', 'a recording by C, after whom K goes on'),
  ('copy', pg_temp.copy_with(2002, 'C'), 'T C V', 'a copy with the coach'),
  ('copy', pg_temp.copy_with(2003, 'K'), 'p K V', 'a copy with the coach, at a wish'),
  ('copy', pg_temp.fact(3003), 'p P Q V', 'a lost copy'),
  ('copy', pg_temp.fact(3005), 'q V', 'a copy that was handed over'),
  ('copy', pg_temp.copy_with(2005, 'q'), 'q V', 'the teacher''s own copy'),
  ('copy', pg_temp.copy_with(2009, 'C'), 'a C P Q V', 'a copy that should have been deleted fourteen days ago'),
  ('copy', pg_temp.copy_with(2010, 'X'), 'b X P Q V', 'a copy with one who coaches no more'),
  ('copy', pg_temp.copy_with(2011, 'd'), 'd V', 'a copy of d''s, whom C coached'),
  ('agreement', pg_temp.proposal(1002, 'debrief'), 'T C', 'a debrief'),
  ('agreement', pg_temp.proposal(1003, 'recording'), 'p K', 'a plan that was overtaken'),
  ('agreement', pg_temp.proposal(1003, 'extension'), 'p K', 'an extension'),
  ('agreement', pg_temp.proposal(1004, 'change_of_coach'), 'U K P Q', 'a change of coach'),
  ('agreement', pg_temp.proposal(1005, 'change_of_coach'), 'q C P Q', 'a change of coach, at a wish'),
  ('agreement', pg_temp.proposal(1005, 'keeping'), 'q C', 'the keeping of a copy'),
  ('agreement', pg_temp.proposal(1010, 'recording'), 'b', 'a plan of one who coaches no more'),
  ('carrier', pg_temp.fact(10), 'C K W P Q V', 'a stick'),
  ('carrier', pg_temp.fact(11), 'C K W P Q V', 'a service'),
  ('carrier', pg_temp.fact(12), 'C K W P Q V', 'a stick that is retired'),
  ('coach', pg_temp.person('C'), 'C P Q', 'the room of C'),
  ('coach', pg_temp.person('K'), 'K P Q', 'the room of K'),
  ('coach', pg_temp.person('W'), 'W P Q', 'the room of W'),
  ('coach', pg_temp.person('X'), 'P Q', 'the room of one who coaches no more'),
  ('coach_unavailability', pg_temp.fact(6000), 'C P Q', 'days on which C is away');
insert into expected
select 'breach', b.id, 'V', 'a breach'
from breach b;
select is(pg_temp.seen_by(noun, id), who, format('%s: %s', words, who)) from expected;
select set_eq('select distinct name from seen', 'select distinct noun from expected', 'every noun has a line');
select is_empty(
  $$ select s.name, s.id from seen s where s.who in ('D', 'E', 'S', 'R', 'A', 'N') and s.name <> 'request' $$,
  'director, administration and system administrator see nothing but requests');
select is_empty(
  $$ select s.* from seen s join request q on q.id = s.id where s.who in ('D', 'E', 'S', 'R', 'A') and q.origin = 'own_wish' $$,
  'and no wish among them');
select is_empty($$ select s.* from seen s where s.who in ('S', 'R') $$, 'the administration sees none at all');

-- Roles end, and with them what they show.
select is(pg_temp.given('X', 'select from recording_resource'), '0', 'who coaches no more sees none of the recordings');
update role_assignment set until_date = '2026-11-16' where id = pg_temp.fact(200 + ascii('D'));
select is(pg_temp.given('D', 'select from request_resource'), '0', 'who directs no more, sees no requests');
update employment set until_date = '2026-11-16' where id = pg_temp.fact(100 + ascii('U'));
select is(pg_temp.given('E', 'select from request_resource where id = pg_temp.fact(1004)'), '0', 'nor is a teacher who left shown to the director');

-- What a view leaves out of a row.
create function pg_temp.members(who text, noun text, row_id uuid) returns text language plpgsql as $$
declare
  reply text;
begin
  begin
    set local role beeld_app;
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'read');
    execute format('select string_agg(k, %L order by k) from %I v cross join lateral jsonb_each(jsonb_strip_nulls(v.body::jsonb)) e (k) where v.id = $1', ' ', noun || '_resource')
    into reply using row_id;
    raise exception using errcode = 'BT000', message = coalesce(reply, 'nothing');
  exception when sqlstate 'BT000' then
    return sqlerrm;
  end;
end
$$;
select is(pg_temp.members('P', 'request', pg_temp.fact(1003)), 'aim allowed_transitions coach id made_by origin state subject teacher',
  'of a wish the adviser is told teacher, aim, subject, coach and state');
select is(pg_temp.members('K', 'request', pg_temp.fact(1003)), 'aim allowed_transitions coach created_at id made_by origin state state_since subject teacher',
  'its coach is told more');
select is(pg_temp.members('D', 'request', pg_temp.fact(1001)), 'nothing', 'who directs no more is told nothing');
select is(pg_temp.members('W', 'request', pg_temp.fact(1001)),
  'allowed_transitions created_at expires_on id made_by origin school state state_since talk_kind talk_on teacher', 'a director is told of a referral as a whole');
select is(pg_temp.members('P', 'trajectory', pg_temp.trajectory(n)), 'allowed_transitions coach id made recordings request state',
  'of guidance the adviser is told coach, state and number')
from unnest(array[1002, 1003]) n;
select is(pg_temp.members('P', 'recording', pg_temp.fact(n)), 'allowed_transitions coach id ordinal quarantined state trajectory',
  'of a recording too')
from unnest(array[2002, 2003, 2004]) n;
select is(pg_temp.members('C', 'recording', pg_temp.fact(2011)),
  'allowed_transitions carrier coach counts_for_programme group handed_over_on id made_at ordinal origin quarantined recorded_on scheduled_at school state state_since teacher teacher_agreed trajectory',
  'who filmed it is told all of it');
select is(pg_temp.members('P', 'breach', (select id from breach limit 1)), 'nothing', 'breaches are the privacy officer''s');
select is(pg_temp.members(who, 'coach', pg_temp.person('C')), members, who || ' is told of a coach: ' || members)
from (values ('T', 'id name'), ('K', 'id name'), ('D', 'id name'), ('V', 'id name'), ('C', 'capacity id load name'), ('P', 'capacity id load name')) v (who, members);
select is(pg_temp.members('T', 'coach', pg_temp.person('X')), 'nothing', 'who coaches no more is not in the list');

select * from finish();
rollback;
