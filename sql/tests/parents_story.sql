-- A school's year with parents: what they are told, what they object to, what is done about it, and what of it every recording
-- waits for; each step tried before by everybody.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
\ir fixture/parents.sql
alter table recording disable trigger recording_0_agreed;
select no_plan();

insert into school_group (id, school_id, school_year, name)
values (pg_temp.fact(5), pg_temp.school(1), 2026, '6a'), (pg_temp.fact(6), pg_temp.school(1), 2027, '6a');
delete from notice where school_id = pg_temp.school(1) and school_year >= 2027;

create function pg_temp.tell(n integer, school integer, year integer, channel text, day text) returns text language sql as $$
  select format('insert into notice (id, school_id, school_year, channel, reference, published_on) values (%L, %L, %L, %L, %L, %L)',
    pg_temp.fact(n), pg_temp.school(school), year, channel, 'https://example.org', day)
$$;
create function pg_temp.retell(n integer, changes text) returns text language sql as $$
  select format('update notice set version = version + 1, %s where id = %L', changes, pg_temp.fact(n))
$$;
create function pg_temp.tasks(who text) returns text language plpgsql as $$
declare
  told text;
begin
  set local role beeld_app;
  perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
  select string_agg(concat_ws(' ', t.task, t.due_on), ', ' order by t.task, t.due_on)
  into told
  from app.tasks() t
  where t.task in ('publish_notice', 'answer_objection', 'place_pupil', 'promise_measure', 'wait_for_school', 'attest_measure', 'judge_quarantine', 'delete_copy',
    'hand_over', 'hold_footage');
  perform pg_temp.nobody();
  return told;
end
$$;

-- What parents are told
select is(pg_temp.tried(pg_temp.tell(800, 1, 2027, 'website', '2026-11-02')), '1: D S; 42501: T U C K E R P V A', 'the school tells parents, and its director does');
select is(pg_temp.does('S', pg_temp.tell(800, 1, 2027, 'website', '2026-11-03')), 'BE422 /published_on', 'nobody attests what is to come');
select is(pg_temp.does('S', pg_temp.tell(800, 1, 2026, 'website', '2026-11-02')), 'notice_once', 'once a year by each channel');
select is(pg_temp.tried(format('select app.propose_notices(%L, 2026, %L)', pg_temp.school(1), array[pg_temp.fact(800), pg_temp.fact(801)])),
  '1: D S; BE403: T U C K E R P V A', 'last year''s are copied on');
select is(pg_temp.does('S', format('select app.propose_notices(%L, 2026, %L)', pg_temp.school(1), array[pg_temp.fact(800), pg_temp.fact(801)])), '1', 'S does');
select is((select count(*) from app.notice_gaps(pg_temp.school(1), 2027)), 2::bigint, 'which tells nobody anything yet');
select is(pg_temp.does('S', format('select app.propose_notices(%L, 2026, %L)', pg_temp.school(1), array[pg_temp.fact(802), pg_temp.fact(803)])), '1', 'a second time');
select is((select count(*) from notice where school_id = pg_temp.school(1) and school_year = 2027), 2::bigint, 'nothing is copied');
select is(pg_temp.tried(pg_temp.retell(800, 'published_on = ''2026-11-01''')), '0: T U C K E R P V A; 1: D S', 'who answers for the school attests');
select is(pg_temp.does('D', pg_temp.retell(800, 'published_on = ''2026-11-01''')), '1', 'D does');
select row_eq($$ select attested_by, attested_at from notice where id = pg_temp.fact(800) $$, row(pg_temp.person('D'), app.now()), 'which is kept with it');
select is((select count(*) from app.notice_gaps(pg_temp.school(1), 2027)), 1::bigint, 'then one channel is left');
select pg_temp.clock('2026-11-03T12:00:00Z');
select is(pg_temp.does('S', pg_temp.retell(800, 'reference = ''https://example.org/new''')), '1', 'the page may move');
select is(pg_temp.does('S', pg_temp.retell(800, 'published_on = ''2026-11-02''')), '1', 'or turn out to be a day younger');
select row_eq($$ select attested_by, attested_at from notice where id = pg_temp.fact(800) $$,
  row(pg_temp.person('D'), timestamptz '2026-11-02T12:00:00Z'), 'for which what was attested holds');
select is(pg_temp.does('S', pg_temp.retell(800, 'published_on = ''2026-10-30''')), '1', 'or older');
select row_eq($$ select attested_by, attested_at from notice where id = pg_temp.fact(800) $$,
  row(pg_temp.person('D'), timestamptz '2026-11-02T12:00:00Z'), 'for which it holds as well: what it cleared in between stays cleared');
select is(pg_temp.does('S', format('delete from notice where id = %L', pg_temp.fact(800))), 'BE409 attested', 'what cleared recordings is not removed');
select is(pg_temp.does('S', pg_temp.retell(800, 'published_on = null')), '1', 'before it is a proposal again');
select is(pg_temp.tried(format('delete from notice where id = %L', pg_temp.fact(800))), '0: T U C K E R P V A; 1: D S', 'but then');
select is(pg_temp.does('S', pg_temp.retell(801, 'attested_at = now()')), '42501 permission denied for table notice', 'nobody says by hand when it was attested');

-- The first recordings
select pg_temp.guide(1000, 'T', 'C');
select pg_temp.guide(1001, 'a', 'C');
select pg_temp.guide_wish(1002, 'b', 'K');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000)), '1', 'C plans');
select is(pg_temp.missing(2000), 'teacher_not_agreed', 'and waits for T');
select is(pg_temp.does('T', pg_temp.decide(pg_temp.proposal(1000, 'recording'), 'agreed')), '1', 'who agrees');
select is(pg_temp.missing(2000), 'nothing', 'nothing stands against it');
select pg_temp.arrange(2001, 1001, 'C', 'a', '2026-11-12T09:00:00Z', 5);
select pg_temp.arrange(2002, 1002, 'K', 'b', '2026-11-13T09:00:00Z', 1);

-- An objection
select is(pg_temp.tried(pg_temp.object(900, 1, 1)), '1: D S; BE403: T U C K P V A; BE422 /school: E R', 'the school registers an objection');
select is(pg_temp.does('S', pg_temp.object(900, 1, 1, '2026-11-04')), 'BE422 /received_on', 'which it has received');
select is(pg_temp.does('S', pg_temp.object(900, 1, 2)), 'BE422 /group', 'of a pupil in a group of its own');
select is(pg_temp.does('S', pg_temp.object(900, 1, 1)), '1', 'S registers one');
select is(pg_temp.missing(2000), 'objection_without_measure', 'from then on it blocks the group');
select is(pg_temp.missing(2001), 'nothing', 'and no other');
select is(pg_temp.impact('S', 900) ->> 'planned', $$[{"scheduled_at" : "2026-11-10T09:00:00Z", "group" : {"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"}}, {"scheduled_at" : "2026-11-13T09:00:00Z", "group" : {"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"}}]$$,
  'S is told what is blocked, the own wish among it, and whose it is of none');
select is(pg_temp.impact('S', 900) ->> 'to_do', $$[{"who" : "school", "what" : "set_measure", "due_on" : "2026-11-22"}, {"who" : "coach", "what" : "wait_or_plan_anew", "due_on" : "2026-11-10"}]$$,
  'and who is to do what');
select pg_temp.clock('2026-11-11T12:00:00Z');
select is(
  array(select n ->> 'scheduled_at' from json_array_elements(pg_temp.impact('S', 900) -> 'planned') n), array['2026-11-10T09:00:00Z', '2026-11-13T09:00:00Z'],
  'the day after, what may have been made and was not reported is there still');
select is(pg_temp.impact('S', 900) #>> '{to_do,1,due_on}', '2026-11-13', 'though there is nothing to wait for');
select pg_temp.clock('2026-11-03T12:00:00Z');
select is(pg_temp.impact('D', 900) ->> 'planned', '[]', 'the director is told of no recording');
select is(pg_temp.impact('D', 900) ->> 'to_do', $$[{"who" : "school", "what" : "set_measure", "due_on" : "2026-11-22"}]$$, 'nor by what is to be done');
select is(string_agg(who, ' '), null, 'and nobody else of anything') from unnest(array['T', 'C', 'K', 'E', 'R', 'P', 'V', 'A']) who where pg_temp.impact(who, 900) is not null;
select is(pg_temp.tasks('S'), 'answer_objection 2026-11-22', 'the school is to answer in 20 days');
select is(pg_temp.tasks('D'), 'answer_objection 2026-11-22', 'and the director');
select is(pg_temp.tasks('C'), 'wait_for_school 2026-11-10', 'the coach is told to wait');
select is(pg_temp.tasks('K'), 'wait_for_school 2026-11-13', 'and so is the other');
select is(pg_temp.tasks('T'), null, 'and T is not told of a pupil');
select is(pg_temp.answer('T', format('app.clearance(%L)', pg_temp.fact(2000))) ->> 'reasons',
  '[{"code":"objection_without_measure","lifted_by":"school","subject":null}]', 'but that the school is to do something');
select is(pg_temp.answer('T', format('app.clearance(%L)', pg_temp.fact(2000))) ->> 'measures', null, 'and of no measure');
select is(pg_temp.tried(format('select app.clearance(%L)', pg_temp.fact(2000))), '1: T C; BE404: U K D E S R P V A', 'what clears a recording is T''s and C''s to ask');

-- A measure, promised, kept
select is(pg_temp.tried(pg_temp.move_objection(900, '{"to": "measure_set", "kind": "anonymise", "covers_sound": true}')),
  '1: D S; BE403: V; BE404: T U C K E R P A', 'the school takes a measure');
select is(pg_temp.tried(pg_temp.take(910, 900, 'anonymise')), '1: D S; BE403: V; BE404: T U C K E R P A', 'or several');
select is(pg_temp.does('S', pg_temp.take(910, 900, 'anonymise')), '1', 'S takes one');
select is(pg_temp.does('S', pg_temp.take(911, 900, 'anonymise')), 'measure_one_of_a_kind', 'of a kind');
select row_eq($$ select state, answered_on::date from objection where id = pg_temp.fact(900) $$, row('measure_set'::text, date '2026-11-03'), 'with it the parent has an answer');
select is(pg_temp.missing(2000), 'measure_not_promised', 'now it is the coach''s');
select is(pg_temp.tasks('C'), 'promise_measure 2026-11-10', 'who is told');
select is(pg_temp.tried(pg_temp.promise(920, 2000, 910)), '1: C; BE403: T P; BE404: U K D E S R V A', 'C promises');
select is(pg_temp.does('C', pg_temp.promise(920, 2001, 910)), 'BE422 /measure', 'what is to be kept there');
select is(pg_temp.does('C', pg_temp.promise(920, 2000, 910)), '1', 'C does');
select is(pg_temp.does('C', pg_temp.promise(921, 2000, 910)), 'promise_once', 'once');
select is(pg_temp.does('C', pg_temp.attest(920)), 'BE409 not_made', 'and attests nothing that was not made');
select is(pg_temp.missing(2000), 'nothing', 'it may be made');
select is(pg_temp.missing(2002), 'measure_not_promised', 'the other may not');
select is(pg_temp.answer('C', format('app.clearance(%L)', pg_temp.fact(2000))) ->> 'measures',
  '[{"measure":"0193b6a0-0009-7000-8000-000000000910","objection":"0193b6a0-0009-7000-8000-000000000900","kind":"anonymise","covers_sound":true,"promise":"0193b6a0-0009-7000-8000-000000000920","state":"promised"}]',
  'what C has to keep, C is told');

select pg_temp.clock('2026-11-14T12:00:00Z');
select is(pg_temp.does('C', pg_temp.film(2000)), '1', 'C films');
select is(pg_temp.missing(2000) || ', ' || pg_temp.quarantine(2000), 'nothing, none', 'as was cleared');
select is(pg_temp.does('K', pg_temp.film(2002, '2026-11-13T09:00:00Z')), '1', 'K films without the promise');
select is(pg_temp.missing(2002) || ', ' || pg_temp.quarantine(2002), 'measure_not_promised, no_clearance open, does not count', 'which is stored, and quarantined');
select is(pg_temp.tasks('P'), 'judge_quarantine 2026-11-21', 'P is told');
select is(pg_temp.tasks('V'), 'judge_quarantine 2026-11-21', 'and V');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'handed_over')), 'BE409 not_attested', 'what is to be anonymised is not handed over');
select is(pg_temp.does('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3000), pg_temp.fact(2000), pg_temp.fact(11))), 'BE409 not_attested', 'nor copied');
select is(pg_temp.tasks('C'), 'attest_measure 2026-11-17, hand_over 2026-11-17', 'before C attests it');
select is(pg_temp.tried(pg_temp.attest(920)), '1: C; BE403: V; BE404: T U K D E S R P A', 'C alone');
select is(pg_temp.does('C', pg_temp.attest(920)), '1', 'C does');
select is(pg_temp.does('C', pg_temp.attest(920)), 'BE409 transitions:', 'once');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'handed_over')), '1', 'then T has it');

-- What was made without clearance
select is(pg_temp.does('K', pg_temp.move_copy(pg_temp.copy_with(2002, 'K'), 'handed_over')), 'BE409 quarantined', 'goes nowhere');
select is(pg_temp.tasks('K'), 'attest_measure 2026-11-20, hold_footage 2026-11-14', 'waits for K, who keeps it meanwhile');
select is(pg_temp.does('K', pg_temp.propose(4000, 1002, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2002), 'held_on', '2026-11-14'))), '1', 'and whoever says that it was talked over');
select is(pg_temp.does('b', pg_temp.decide(pg_temp.fact(4000), 'agreed')), 'BE409 quarantined', 'is not agreed with');
select is(pg_temp.tried(pg_temp.move_quarantine(2002, 'released')), 'BE403: K; BE404: T U C D E S R A; BE409 not_made_good: P V', 'nobody releases it as it is');
select is(pg_temp.does('K', pg_temp.promise(922, 2002, 910)), '1', 'K promises too late');
select is(pg_temp.tried(pg_temp.move_quarantine(2002, 'released')), 'BE403: K; BE404: T U C D E S R A; BE409 not_made_good: P V', 'a word is not enough now');
select is(pg_temp.does('K', pg_temp.attest(922)), '1', 'it was kept');
select is(pg_temp.quarantine(2002), 'no_clearance open, does not count', 'which P is to look at');
select is(pg_temp.tried(pg_temp.move_quarantine(2002, 'deleted')), 'BE403: K P V; BE404: T U C D E S R A', 'what is not deleted, nobody says is');
select is(pg_temp.does('P', pg_temp.move_quarantine(2002, 'released')), '1', 'P releases it');
select is(pg_temp.quarantine(2002), 'no_clearance released', 'then it is as any other');
select is(pg_temp.missing(2002), 'measure_not_promised', 'and what was missing stays known');

-- A late objection; T is covered by now
select pg_temp.did('C', pg_temp.propose(4001, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-14')));
select pg_temp.did('T', pg_temp.decide(pg_temp.fact(4001), 'agreed'));
select pg_temp.clock('2026-11-16T12:00:00Z');
select is(pg_temp.does('D', pg_temp.object(901, 1, 1, '2026-11-16')), '1', 'another parent objects');
select is(pg_temp.quarantine(2000) || '; ' || pg_temp.quarantine(2002), 'objection open; no_clearance released, objection open, does not count',
  'what was made of the group is quarantined');
select is((select s.coverage from app.starter_calculation(app.today()) s where s.person_id = pg_temp.person('T')), 'covered', 'though who is covered stays so');
select is(pg_temp.does('T', pg_temp.move_copy(pg_temp.copy_with(2000, 'T'), 'handed_over')), 'BE403', 'T''s own copy goes nowhere anyhow');
select is(pg_temp.impact('S', 901) ->> 'made', $$[{"recorded_on":"2026-11-10","group":{"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"},"quarantined":true}, {"recorded_on":"2026-11-13","group":{"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"},"quarantined":true}]$$,
  'S is told of each by day and group, of whatever origin');
select is(pg_temp.impact('S', 901) #>> '{to_do,1}', '{"who" : "coach", "what" : "attest_measure", "due_on" : "2026-11-23"}', 'and what the coach is to do');
select is(pg_temp.tasks('C'), 'hold_footage 2026-11-16', 'until the school takes a measure, C keeps it where it is');
select is(pg_temp.does('S', pg_temp.take(911, 901, 'out_of_view')), '1', 'the school takes a measure');
select is(pg_temp.tasks('C'), 'attest_measure 2026-11-17, hold_footage 2026-11-16', 'C is to say whether it was kept');
select is(pg_temp.does('C', pg_temp.promise(923, 2000, 911)), '1', 'C says so');
select is(pg_temp.does('C', pg_temp.attest(923)), '1', 'and attests it');
select is(pg_temp.quarantine(2000), 'objection released', 'whereupon it is released by itself');
select is(pg_temp.quarantine(2002), 'no_clearance released, objection open, does not count', 'that alone');
select is(pg_temp.does('S', pg_temp.move_objection(901, '{"to": "ended", "reason": "whim"}')), 'BE422 /reason', 'it ends for a reason of the list');
select is(pg_temp.does('S', pg_temp.move_objection(901, '{"to": "ended"}')), 'BE422 /reason', 'and for one');
select is(pg_temp.tried(pg_temp.move_objection(901, '{"to": "ended", "reason": "withdrawn"}')), '1: D S; BE403: V; BE404: T U C K E R P A', 'the parent withdraws it');
select is(pg_temp.does('D', pg_temp.move_objection(901, '{"to": "ended", "reason": "withdrawn"}')), '1', 'D says so');
select is(pg_temp.quarantine(2002), 'no_clearance released, objection released', 'then nothing of it is left');
select row_eq($$ select state, state_reason::text from measure where id = pg_temp.fact(911) $$, row('ended'::text, 'objection_ended'::text), 'but that there was a measure');
select is(pg_temp.does('S', pg_temp.take(912, 901, 'cut')), 'BE409 objection_ended', 'and none is taken any more');
select is(pg_temp.does('S', pg_temp.place(901, 5)), 'BE409 objection_ended', 'nor the pupil placed');

-- Nothing of them at all
select is(pg_temp.does('S', pg_temp.take(912, 900, 'no_recording')), '1', 'of the first pupil nothing is to be filmed');
select is(pg_temp.quarantine(2000), 'objection released, objection open', 'which was');
select is(pg_temp.tasks('T'), 'delete_copy 2026-11-16', 'T is to delete what T has');
select is(pg_temp.tasks('K'), 'delete_copy 2026-11-16, hold_footage 2026-11-16', 'and K');
select is(pg_temp.does('C', pg_temp.promise(924, 2000, 912)), 'BE422 /measure', 'there is nothing to promise');
select is(pg_temp.does('P', pg_temp.move_quarantine(2000, 'released')), 'BE409 not_made_good', 'nor to release');
select pg_temp.clock('2026-11-30T12:00:00Z');
select is(pg_temp.tried(format('select from copy where id = %L', pg_temp.copy_with(2000, 'T'))), '0: U C K D E S R A; 1: T P V', 'after 14 days P sees that T did not');
select is(pg_temp.does('S', pg_temp.end_measure(912)), '1', 'the parent thinks better of it');
select is((select count(*) from copy where required_on is not null), 0::bigint, 'then it may stay');
select is(pg_temp.quarantine(2000) || '; ' || pg_temp.quarantine(2002), 'objection released, objection released; no_clearance released, objection released, objection released',
  'as it was, since what is left was attested');
select is(pg_temp.does('S', pg_temp.take(913, 900, 'no_recording')), '1', 'or not');
select is(pg_temp.does('T', pg_temp.move_copy(pg_temp.copy_with(2000, 'T'), 'deleted')), '1', 'T deletes it');
select is(pg_temp.quarantine(2000), 'objection released, objection released, objection deleted', 'which ends it');
select is((select s.coverage from app.starter_calculation(app.today()) s where s.person_id = pg_temp.person('T')), 'covered', 'and what it was worth stays');
select is(pg_temp.does('S', pg_temp.end_measure(913)), '1', 'that is over');
select is(pg_temp.does('S', pg_temp.end_measure(910)), '1', 'and the last measure ends');
select row_eq($$ select state, state_reason::text, answered_on::date from objection where id = pg_temp.fact(900) $$, row('received'::text, 'no_measure_left'::text, date '2026-11-03'),
  'the objection waits for one again');

-- A pupil changes group, and a recording is planned where another pupil is
select is(pg_temp.missing(2001), 'nothing', 'so far nothing was wrong in 6a');
select is(pg_temp.tried(pg_temp.place(900, 5)), '1: D S; BE403: V; BE404: T U C K E R P A', 'the school places a pupil');
select is(pg_temp.does('S', pg_temp.place(900, 5)), '1', 'the first pupil goes to 6a');
select is(pg_temp.missing(2001), 'objection_without_measure', 'and takes the objection along');
select is((select count(*) from placement where objection_id = pg_temp.fact(900)), 2::bigint, 'where they were stays known');
select is(pg_temp.does('C', pg_temp.film(2001, '2026-11-30T10:00:00Z')), '1', 'it was filmed this morning, before that was known');
select is(pg_temp.missing(2001) || ', ' || pg_temp.quarantine(2001), 'nothing, none', 'and they were not there');
select is(pg_temp.does('S', pg_temp.place(900, 1)), '1', 'they go back');

-- Told afterwards
select pg_temp.did('C', pg_temp.propose(4002, 1001, '{"kind": "extension", "recordings": 6}'));
select pg_temp.did('a', pg_temp.decide(pg_temp.fact(4002), 'agreed'));
select pg_temp.arrange(2003, 1001, 'C', 'a', '2026-12-01T09:00:00Z', 5);
select pg_temp.arrange(2004, 1001, 'C', 'a', '2026-12-01T15:00:00Z', 5);
select pg_temp.clock('2026-12-01T12:00:00Z');
select is(pg_temp.does('S', pg_temp.object(902, 1, 5, '2026-12-01')), '1', 'at noon a third parent objects');
select pg_temp.clock('2026-12-02T12:00:00Z');
select is(pg_temp.does('C', pg_temp.film(2003, '2026-12-01T09:00:00Z')), '1', 'a day later C tells of the morning');
select is(pg_temp.missing(2003) || ', ' || pg_temp.quarantine(2003), 'nothing, objection open, does not count', 'it was cleared then, and waits for a measure now');
select is(pg_temp.does('C', pg_temp.film(2004, '2026-12-01T15:00:00Z')), '1', 'and of the afternoon');
select is(pg_temp.missing(2004) || ', ' || pg_temp.quarantine(2004), 'objection_without_measure, no_clearance open, does not count', 'which was not');
select is(pg_temp.does('S', pg_temp.take(914, 902, 'cut')), '1', 'a measure is taken');
select pg_temp.arrange(2005, 1001, 'C', 'a', '2026-12-03T09:00:00Z', 5);
select pg_temp.clock('2026-12-03T12:00:00Z');
select is(pg_temp.does('C', pg_temp.promise(925, 2005, 914)), '1', 'what is promised at noon');
select is(pg_temp.does('C', pg_temp.film(2005, '2026-12-03T09:00:00Z')), '1', 'of what was filmed at nine');
select is(pg_temp.missing(2005), 'measure_not_promised', 'was not promised before');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.copy_with(2004, 'C'), 'deleted')), '1', 'C deletes that of the afternoon');
select is(pg_temp.quarantine(2004), 'no_clearance deleted, does not count', 'which does not make it count');

-- Filmed without asking the teacher, who agrees afterwards
select pg_temp.guide(1003, 'c', 'C');
select pg_temp.did('C', pg_temp.plan(2006, 1003, '2026-12-04T09:00:00Z'));
select pg_temp.did('S', pg_temp.move_objection(900, '{"to": "ended", "reason": "withdrawn"}'));
select pg_temp.clock('2026-12-04T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2006, '2026-12-04T09:00:00Z'));
select is(pg_temp.missing(2006), 'teacher_not_agreed', 'filmed without asking');
select is(pg_temp.does('V', pg_temp.move_quarantine(2006, 'released')), 'BE409 not_made_good', 'it stays where it is');
select is(pg_temp.does('c', pg_temp.decide(pg_temp.proposal(1003, 'recording'), 'agreed')), '1', 'until c agrees');
select is(pg_temp.does('V', pg_temp.move_quarantine(2006, 'released')), '1', 'then V releases it');

-- Nothing was planned for its custody
select pg_temp.guide(1005, 'e', 'C');
select pg_temp.did('C', pg_temp.plan(2009, 1005, '2026-12-04T14:00:00Z', 1, null));
select pg_temp.did('e', pg_temp.decide(pg_temp.proposal(1005, 'recording'), 'agreed'));
select is(pg_temp.missing(2009), 'custody_not_planned', 'what it is to be kept on is planned too');
select pg_temp.clock('2026-12-04T16:00:00Z');
select is(pg_temp.does('C', pg_temp.change_recording(2009, json_build_object('carrier_id', pg_temp.fact(10)))), '1', 'C plans it when it was filmed');
select pg_temp.did('C', pg_temp.film(2009, '2026-12-04T14:00:00Z'));
select is(pg_temp.missing(2009), 'custody_not_planned', 'which was too late');
select is(pg_temp.does('V', pg_temp.move_quarantine(2009, 'released')), '1', 'V weighs what is not to be made good');

-- A pupil of whom nobody knows where they are; the new school year
select is(pg_temp.does('S', pg_temp.object(903, 1, null, '2026-12-04')), '1', 'a fourth parent objects, of a pupil who is in no group yet');
select pg_temp.did('C', pg_temp.plan(2007, 1001, '2026-12-07T09:00:00Z', 1));
select is(pg_temp.missing(2007), 'objection_unplaced teacher_not_agreed', 'which blocks the school');
select is(pg_temp.tasks('D'), 'answer_objection 2026-12-24, place_pupil 2026-12-04', 'which is told so');
select is(json_array_length(pg_temp.impact('S', 903) -> 'planned'), 1, 'and what waits');
select is(pg_temp.does('S', pg_temp.place(903, 5)), '1', 'the pupil is in 6a');
select pg_temp.clock('2026-12-24T12:00:00Z');
select is(pg_temp.answer('P', 'app.objection_counts()')::text, '{"received":1,"measure_set":1,"ended":2,"overdue":0,"no_longer_kept":0}', 'on the twentieth day an answer is in time');
select pg_temp.clock('2026-12-25T12:00:00Z');
select is(pg_temp.answer('P', 'app.objection_counts()') ->> 'overdue', '1', 'and a day later not');
select is(pg_temp.answer('V', format('o.body -> ''is_overdue'' from objection_resource o where o.id = %L', pg_temp.fact(903)))::text, 'true', 'which V sees');
select is(pg_temp.answer('S', format('o.body -> ''legal_due_on'' from objection_resource o where o.id = %L', pg_temp.fact(903)))::text, '"2027-01-04"', 'the law gives a month');
select is(pg_temp.missing(2007), 'teacher_not_agreed', 'then 5b is free');
select is(pg_temp.does('S', pg_temp.take(915, 903, 'other_group')), '1', 'and the parent has an answer');
select pg_temp.clock('2027-05-20T12:00:00Z');
select is(pg_temp.tasks('S'), null, 'in May all is well');
select pg_temp.clock('2027-06-10T12:00:00Z');
select is(pg_temp.tasks('S'), 'place_pupil 2027-08-01, place_pupil 2027-08-01, publish_notice 2027-08-01', 'in June the next year is to be prepared');
select is(pg_temp.does('S', pg_temp.retell(801, 'published_on = ''2027-06-09''')), '1', 'S tells parents');
select is(pg_temp.does('S', pg_temp.retell(800, 'published_on = ''2027-06-09''')), '1', 'by both channels');
select is(pg_temp.does('S', pg_temp.place(902, 6)), '1', 'and places one of two');
select is(pg_temp.tasks('S'), 'place_pupil 2027-08-01', 'the other is left');
select pg_temp.clock('2027-08-24T12:00:00Z');
select pg_temp.guide(1004, 'd', 'C');
select pg_temp.arrange(2008, 1004, 'C', 'd', '2027-08-26T09:00:00Z', 4);
select is(pg_temp.missing(2008), 'objection_unplaced', 'the school is blocked in the new year');
select is((pg_temp.answer('S', format('app.school_overview(%L)', pg_temp.school(1))) -> 'objections')::text, '{"received" : 0, "measure_set" : 2, "overdue" : 0, "unplaced" : 1}', 'which its overview shows');
select is(pg_temp.does('S', pg_temp.move_objection(903, '{"to": "ended", "reason": "pupil_left", "pupil_left_on": "2027-08-25"}')), 'BE422 /pupil_left_on', 'nobody has left tomorrow');
select is(pg_temp.does('S', pg_temp.move_objection(903, '{"to": "ended", "reason": "pupil_left", "pupil_left_on": "2027-07-15"}')), '1', 'that pupil has left');
select is(pg_temp.missing(2008), 'nothing', 'and the school is free');

-- Let go
select is(pg_temp.does('S', pg_temp.change_objection(901, '{"pupil_left_on": "2027-01-31"}')), '1', 'another pupil left in the winter');
select is(pg_temp.does('S', pg_temp.change_objection(902, '{"pupil_left_on": "2027-01-31"}')), 'BE409 objection_not_ended', 'who left, has no objection that stands');
create temporary table figures as select pg_temp.answer('P', 'app.objection_counts()') as before;
select pg_temp.clock('2028-01-31T12:00:00Z');
select is(app.forget_objections(), 2, 'a year after the pupil left, or the parent withdrew it, an objection is let go');
select is((select string_agg(right(id::text, 3), ' ' order by id) from objection), '902 903', 'and no other');
select is(app.forget_objections(), 0, 'once');
select is((select number from objection_tally), 2, 'that there were two stays known');
select is((select count(*) from audit where table_name = 'objection' and act = 'delete' and origin = 'job'), 2::bigint, 'and that they went');
select is(
  (select (f.before ->> 'ended')::integer + (f.before ->> 'measure_set')::integer from figures f),
  (select sum(n.value::integer)::integer from json_each_text(pg_temp.answer('P', 'app.objection_counts()')) n where n.key in ('ended', 'measure_set', 'no_longer_kept')),
  'so that figures stay right');
select is(string_agg(who, ' '), 'P V', 'the adviser counts, and the privacy officer')
from unnest(pg_temp.everybody()) who
where pg_temp.answer(who, 'app.objection_counts()') is not null;

select * from finish();
rollback;
