-- The guidance of a teacher from the referral to the last copy, by those who may; each step tried before by everybody.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
select no_plan();

-- A referral
select is(pg_temp.tried(pg_temp.refer(1000, 'T')),
  '1: D P; BE403: T U C K S R V A; BE422 /teacher: E', 'a director refers a teacher of the own school, the adviser anybody');
select is(pg_temp.does('D', replace(pg_temp.refer(1000, 'T'), '2026-10-30', '2026-11-03')), 'request_talk_held', 'a talk that is to come refers nobody');
select is(pg_temp.does('D', pg_temp.refer(1000, 'C')), 'BE422 /teacher', 'who does not teach is not referred');
select is(pg_temp.does('D', pg_temp.refer(1000, 'L')), 'BE422 /teacher', 'nor who has left');
select is(pg_temp.does('D', pg_temp.refer(1000, 'U')), 'BE422 /teacher', 'a teacher of another school is nobody for a director');
select is(pg_temp.does('D', format('select app.make_request(%L, %L)', pg_temp.fact(1000), json_build_object('origin', 'appraisal', 'teacher_id', gen_random_uuid()))),
  'BE422 /teacher', 'as one who does not exist is');
select is(pg_temp.does('D', format('select app.make_request(%L, %L)', pg_temp.fact(1000), json_build_object('origin', 'appraisal', 'teacher_id', pg_temp.person('T')))),
  'request_talk_of_appraisal', 'a referral names its talk');
select is(pg_temp.does('D', pg_temp.refer(1000, 'T')), '1', 'the director refers T');
select is(pg_temp.does('D', pg_temp.refer(1001, 'T')), 'request_one_invitation_per_maker', 'once at a time');
select is(pg_temp.does('D', pg_temp.invite(1001, 'T')), 'request_one_invitation_per_maker', 'nor is T invited beside by the same maker');
select row_eq($$ select state, made_as, made_by, school_id, expires_on::date from request where id = pg_temp.fact(1000) $$,
  row('invited'::text, 'director'::text, pg_temp.person('D'), pg_temp.school(1), date '2026-12-02'), 'it waits for T for 30 days');

select is(pg_temp.does('T', pg_temp.move_request(1000, 'submitted')), 'request_asked_when_submitted', 'T accepts with an aim and a subject');
select is(pg_temp.does('T', format('select app.move_request(%L, 7, %L, null, null)', pg_temp.fact(1000), 'submitted')), 'BE412 1', 'and knows the request as it is');
select is(pg_temp.does('T', pg_temp.move_request(1000, 'withdrawn')), 'BE409 transitions:declined,submitted', 'T declines what T did not make');
select is(pg_temp.tried(pg_temp.accept(1000)),
  '1: T; BE403: D; BE404: U C K E S R V A; BE409 transitions:: P', 'T alone accepts');
select is(pg_temp.does('T', pg_temp.accept(1000)), '1', 'T accepts');
select is(pg_temp.does('D', pg_temp.move_request(1000, 'withdrawn')), 'BE409 transitions:', 'what was accepted, its maker does not withdraw');

-- Without a learning question, nothing is submitted
create or replace function pg_temp.without_question(who text, act text) returns text language plpgsql as $$
declare
  outcome text;
begin
  begin
    alter function app.has_content(text, uuid) rename to has_content_of_tests;
    create function app.has_content(kind text, item uuid) returns boolean language sql as 'select false';
    outcome := pg_temp.does(who, act);
    raise exception using errcode = 'BT000';
  exception when sqlstate 'BT000' then
    return outcome;
  end;
end
$$;
select pg_temp.did('D', pg_temp.refer(1002, 'a'));
select is(pg_temp.without_question('a', pg_temp.accept(1002)), 'BE422 /learning_question', 'nothing is accepted without a learning question');
select is(pg_temp.without_question('b', pg_temp.wish(1003)), 'BE422 /learning_question', 'nor asked');
select is(pg_temp.does('a', pg_temp.move_request(1002, 'declined')), '1', 'but declined');

-- The offer
select is(pg_temp.does('P', pg_temp.offer(1000, 'U')), 'BE422 /coach', 'who is no coach is offered nothing');
select is(pg_temp.does('P', pg_temp.offer(1000, 'T')), 'BE422 /coach', 'nor the teacher');
select is(pg_temp.does('P', pg_temp.offer(1000, 'W')), 'BE422 /coach', 'nor a coach who directs a school where the teacher works');
select is(pg_temp.does('P', pg_temp.move_request(1000, 'offered')), 'BE422 /coach', 'nor nobody');
select is(pg_temp.does('P', pg_temp.offer(1000, 'C', 'because')), 'BE422 /reason', 'a reason is one of the list');
select is(pg_temp.tried(pg_temp.offer(1000, 'C')),
  '1: P; BE403: T D; BE404: U C K E S R V A', 'the adviser names a coach');
select is(pg_temp.does('P', pg_temp.offer(1000, 'C')), '1', 'it is offered to C');
select is(pg_temp.tried(pg_temp.move_request(1000, 'assigned')),
  '1: C; BE403: T D P; BE404: U K E S R V A', 'C takes it on, and nobody else');
select is(pg_temp.does('C', pg_temp.move_request(1000, 'assigned')), '1', 'C takes it on');
select row_eq($$ select state, teacher_id, coach_id, origin, recordings::integer, state_by from trajectory where request_id = pg_temp.fact(1000) $$,
  row('open'::text, pg_temp.person('T'), pg_temp.person('C'), 'appraisal'::text, 1, null::uuid), 'and the guidance is open');
select is(pg_temp.tried(pg_temp.move_request(1000, 'closed')),
  'BE403: T C D P; BE404: U K E S R V A', 'which nobody closes by hand');

-- The first recording
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, '2026-11-01T09:00:00Z')), 'BE422 /scheduled_at', 'what has gone by is not planned');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, null)), 'BE422 /scheduled_at /group', 'nor what has no day');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, school_group => 2)), 'BE422 /group', 'nor in a group of another school');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, school_group => 3)), 'BE422 /group', 'nor of the last school year');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, school_group => 4)), 'BE422 /group', 'nor of the next');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, carrier => 13)), 'BE422 /carrier', 'nor on a stick that is not registered');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000, carrier => 12)), 'BE422 /carrier', 'nor on one that is retired');
select is(pg_temp.tried(pg_temp.plan(2000, 1000)),
  '1: C; BE403: T P; BE422 /trajectory: U K D E S R V A', 'C plans a recording');
select is(pg_temp.does('C', pg_temp.plan(2000, 1000)), '1', 'C plans it');
select is(pg_temp.does('C', pg_temp.plan(2001, 1000)), 'BE409 recordings_agreed', 'and no second one before both agree on it');
select is(pg_temp.tried(pg_temp.decide(pg_temp.proposal(1000, 'recording'), 'agreed')),
  '1: T; BE403: C; BE404: U K D E S R P V A', 'T agrees to it');
select is(pg_temp.does('T', pg_temp.decide(pg_temp.proposal(1000, 'recording'), 'agreed')), '1', 'T agrees');
select is((select teacher_agreed_at from recording where id = pg_temp.fact(2000)), app.now(), 'which the recording shows');
select is(pg_temp.tried(pg_temp.change_recording(2000, '{"scheduled_at": "2026-11-11T09:00:00Z"}')),
  '1: C; BE403: T P; BE404: U K D E S R V A', 'C plans it anew');
select is(pg_temp.does('C', pg_temp.change_recording(2000, '{"carrier_id": null}')), '1', 'what it is to be kept on may change');
select isnt((select teacher_agreed_at from recording where id = pg_temp.fact(2000)), null, 'which T need not agree to again');
select is(pg_temp.does('C', pg_temp.change_recording(2000, '{"scheduled_at": "2026-11-09T09:00:00Z"}')), '1', 'the day may change');
select is((select teacher_agreed_at from recording where id = pg_temp.fact(2000)), null, 'which T is to agree to again');
select is(pg_temp.does('T', pg_temp.decide(pg_temp.proposal(1000, 'recording'), 'agreed')), '1', 'and does');
select is(pg_temp.tried(pg_temp.change_recording(2000, '{}')),
  '1: T C; BE403: P; BE404: U K D E S R V A', 'a change that changes nothing is for those who may change');
select is(pg_temp.tried(pg_temp.change_recording(2000, '{"counts_for_programme": true}')),
  '1: T; BE403: C P; BE404: U K D E S R V A', 'T says whether it counts');
select is(pg_temp.does('T', pg_temp.change_recording(2000, '{"counts_for_programme": false}')), 'BE422 /counts_for_programme', 'what is of the programme counts');

select pg_temp.clock('2026-11-10T12:00:00Z');
select is(pg_temp.does('C', pg_temp.film(2000, '2026-11-10T13:00:00Z')), 'BE422 /made_at', 'what is to come was not made');
select is(pg_temp.does('C', pg_temp.film(2000, '2026-11-01T13:00:00Z')), 'BE422 /made_at', 'nor what was before the plan');
select is(pg_temp.does('C', pg_temp.move_recording(2000, 'made')), 'BE422 /made_at', 'nor what has no time');
select is(pg_temp.does('C', pg_temp.film(2000)), 'BE422 /carrier', 'footage is on something');
select is(pg_temp.does('C', pg_temp.move_recording(2000, 'made', null, json_build_object('made_at', '2026-11-10T09:00:00Z', 'carrier_id', pg_temp.fact(12)))),
  'BE422 /carrier', 'that is not retired');
select isnt(pg_temp.does('C', pg_temp.move_recording(2000, 'made', null, json_build_object('made_at', '2026-11-10T09:00:00Z', 'carrier_id', pg_temp.fact(13)))),
  '1', 'and registered');
select is(pg_temp.tried(pg_temp.move_recording(2000, 'made', null, json_build_object('made_at', '2026-11-10T09:00:00Z', 'carrier_id', pg_temp.fact(10)))),
  '1: C; BE403: T P; BE404: U K D E S R V A', 'C films');
select is(pg_temp.does('C', pg_temp.move_recording(2000, 'made', null, json_build_object('made_at', '2026-11-10T09:00:00Z', 'carrier_id', pg_temp.fact(10)))), '1', 'C films');
select row_eq($$ select holder_id, carrier_id, state from copy where recording_id = pg_temp.fact(2000) $$,
  row(pg_temp.person('C'), pg_temp.fact(10), 'held'::text), 'and has the footage');
select is(pg_temp.does('C', pg_temp.change_recording(2000, '{"scheduled_at": "2026-11-12T09:00:00Z"}')), 'BE409 not_planned', 'what was made is not planned anew');
select is(pg_temp.tried(pg_temp.move_recording(2000, 'debriefed')),
  'BE403: T C P; BE404: U K D E S R V A', 'nobody alone says that it was talked over');

-- The footage
select is(pg_temp.tried(format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3000), pg_temp.fact(2000), pg_temp.fact(11))),
  '1: C; BE403: T P; BE404: U K D E S R V A', 'C makes a copy');
select is(pg_temp.does('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3000), pg_temp.fact(2000), pg_temp.fact(12))), 'BE422 /carrier', 'not on a retired stick');
select is(pg_temp.does('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3000), pg_temp.fact(2000), pg_temp.fact(13))), 'BE422 /carrier', 'nor on one that is not registered');
select is(pg_temp.does('C', format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3000), pg_temp.fact(2000), pg_temp.fact(11))), '1', 'but in the cloud of the board');
create temporary table hand as select id from copy where recording_id = pg_temp.fact(2000) and id <> pg_temp.fact(3000);
select is(pg_temp.tried(pg_temp.move_copy(id, 'handed_over')),
  '1: C; BE403: T V; BE404: U K D E S R P A', 'C hands the footage over') from hand;
select is(pg_temp.does('C', pg_temp.move_copy(id, 'handed_over', 'K')), 'BE422 /to_person', 'to no other coach') from hand;
select is(pg_temp.does('C', pg_temp.move_copy(id, 'handed_over', 'D')), 'BE422 /to_person', 'nor to the director') from hand;
select is(pg_temp.does('C', pg_temp.move_copy(id, 'handed_over', 'C')), 'BE422 /to_person', 'nor to themselves') from hand;
select is(pg_temp.does('C', pg_temp.move_copy(id, 'handed_over')), '1', 'but to T') from hand;
select is((select handed_over_on::date from recording where id = pg_temp.fact(2000)), date '2026-11-10', 'from that day on the debrief is due');
select is(pg_temp.tried(pg_temp.move_copy(id, 'held')), 'BE403: T V; BE404: U C K D E S R P A', 'what was handed over is not taken back') from hand;
select is(pg_temp.tried(pg_temp.move_copy(pg_temp.copy_with(2000, 'T'), 'handed_over', 'K')),
  'BE403: T V; BE404: U C K D E S R P A', 'T''s own copy is in no ledger of others');

-- The debrief
select is(pg_temp.does('C', pg_temp.propose(4000, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-11'))),
  'BE422 /held_on', 'a talk that is to come was not held');
select is(pg_temp.does('C', pg_temp.propose(4000, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-09'))),
  'BE422 /held_on', 'nor one before the recording');
select is(pg_temp.does('C', pg_temp.propose(4000, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2001), 'held_on', '2026-11-10'))),
  'BE422 /recording', 'nor one of no recording');
select is(pg_temp.tried(pg_temp.propose(4000, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-10'))),
  '1: T C; BE403: P; BE404: U K D E S R V A', 'T or C says that it was held');
select is(pg_temp.does('C', pg_temp.propose(4000, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-10'))), '1', 'C does');
select is(pg_temp.does('T', pg_temp.propose(4001, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-10'))),
  'agreement_one_proposal', 'one proposal at a time');
select is(pg_temp.tried(pg_temp.decide(pg_temp.fact(4000), 'agreed')), '1: T; BE403: C; BE404: U K D E S R P V A', 'the other of the two agrees');
select is(pg_temp.does('T', pg_temp.decide(pg_temp.fact(4000), 'declined')), '1', 'or declines');
select is((select state from recording where id = pg_temp.fact(2000)), 'made', 'which changes nothing');
select pg_temp.did('T', pg_temp.propose(4001, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2000), 'held_on', '2026-11-10')));
select is(pg_temp.tried(pg_temp.decide(pg_temp.fact(4001), 'agreed')), '1: C; BE403: T; BE404: U K D E S R P V A', 'what T proposes, C agrees to');
select is((select s.coverage from app.starter_calculation(app.today()) s where s.person_id = pg_temp.person('T')), 'recorded', 'T has a recording');
select is(pg_temp.does('C', pg_temp.decide(pg_temp.fact(4001), 'agreed')), '1', 'C agrees');
select row_eq($$ select state, debriefed_on::date from recording where id = pg_temp.fact(2000) $$, row('debriefed'::text, date '2026-11-10'), 'it was talked over');
select is((select s.coverage from app.starter_calculation(app.today()) s where s.person_id = pg_temp.person('T')), 'covered', 'and T is covered');

-- Two recordings
select is(pg_temp.tried(pg_temp.propose(4002, 1000, '{"kind": "extension", "recordings": 2, "interval_days": 21}')),
  '1: T C; BE403: P; BE404: U K D E S R V A', 'T or C proposes to go on');
select is(pg_temp.does('T', pg_temp.propose(4002, 1000, '{"kind": "extension", "recordings": 1}')), 'BE422 /recordings', 'with more than there are');
select is(pg_temp.does('T', pg_temp.propose(4002, 1000, '{"kind": "extension", "recordings": 7}')), 'agreement_recordings_range', 'and six at most');
select pg_temp.did('T', pg_temp.propose(4002, 1000, '{"kind": "extension", "recordings": 2, "interval_days": 21}'));
select is(pg_temp.tried(pg_temp.decide(pg_temp.fact(4002), 'agreed')), '1: C; BE403: T; BE404: U K D E S R P V A', 'the other agrees');
select is(pg_temp.does('C', pg_temp.decide(pg_temp.fact(4002), 'agreed')), '1', 'C agrees');
select row_eq($$ select recordings::integer, interval_days::integer from trajectory where request_id = pg_temp.fact(1000) $$, row(2, 21), 'two it is, three weeks apart');
select is(pg_temp.does('C', pg_temp.plan(2002, 1000, '2026-12-01T09:00:00Z')), '1', 'the second is planned');
select is((select ordinal::integer from recording where id = pg_temp.fact(2002)), 2, 'as the second');
select is(pg_temp.tried(pg_temp.move_recording(2002, 'cancelled', 'teacher_ill')), '1: T C; BE403: P; BE404: U K D E S R V A', 'T and C cancel');
select is(pg_temp.does('C', pg_temp.move_recording(2002, 'cancelled', 'flu')), 'BE422 /reason', 'with a reason of the list');
select is(pg_temp.does('T', pg_temp.move_recording(2002, 'cancelled', 'teacher_ill')), '1', 'T does');
select is((select state || ' ' || state_reason from agreement where recording_id = pg_temp.fact(2002)), 'declined overtaken', 'and has no longer to agree to it');
select is(pg_temp.does('C', pg_temp.plan(2003, 1000, '2026-12-02T09:00:00Z')), '1', 'C plans it again');
select is((select ordinal::integer from recording where id = pg_temp.fact(2003)), 2, 'under the same number');
select pg_temp.clock('2026-12-02T12:00:00Z');
select is(pg_temp.does('C', pg_temp.film(2003, '2026-12-02T09:00:00Z')), '1', 'it is made, though T had not answered');
select is(pg_temp.tried(pg_temp.move_recording(2003, 'voided', 'entered_by_mistake')), '1: P; BE403: T C; BE404: U K D E S R V A', 'P voids what was entered by mistake');
select is(pg_temp.tried(pg_temp.move_recording(2003, 'waived')), '1: T; BE403: C P; BE404: U K D E S R V A', 'T may do without the talk');

-- The end
select is(pg_temp.tried(pg_temp.move_trajectory(1000, 'closing')),
  '1: T; BE404: U K D E S R V A; BE409 recordings_unfinished: C; BE422 /reason: P', 'T ends it at any time, C not before the talk, P with a reason');
select is(pg_temp.does('P', pg_temp.move_trajectory(1000, 'closing', 'whim')), 'BE422 /reason', 'of the list');
select is(pg_temp.does('C', pg_temp.propose(4003, 1000, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2003), 'held_on', '2026-12-02'))), '1', 'the second talk is held');
select is(pg_temp.does('T', pg_temp.decide(pg_temp.fact(4003), 'agreed')), '1', 'as both say');
select is(pg_temp.tried(pg_temp.move_trajectory(1000, 'closing')), '1: T C; BE404: U K D E S R V A; BE422 /reason: P', 'then C ends it too');
select is(pg_temp.tried(pg_temp.move_trajectory(1000, 'closed')), 'BE403: T C P; BE404: U K D E S R V A', 'it is not closed by hand');
select is(pg_temp.does('C', pg_temp.move_trajectory(1000, 'closing', 'goal_reached')), '1', 'C ends it');
select is((select state from trajectory where request_id = pg_temp.fact(1000)), 'closing', 'C has copies yet');
select is((select count(*) from copy where holder_id = pg_temp.person('C') and state = 'held' and deletion_due_on = '2026-12-02'), 2::bigint, 'which are to be deleted from today on');
select is(pg_temp.tried(pg_temp.move_trajectory(1000, 'open')), 'BE403: T C; BE404: U K D E S R V A; BE409 transitions:: P', 'what ends does not begin again');
select is(pg_temp.does('C', pg_temp.plan(2004, 1000, '2026-12-10T09:00:00Z')), 'BE409 trajectory_not_open', 'nothing is planned any more');
select is(pg_temp.does('T', pg_temp.propose(4004, 1000, '{"kind": "extension", "recordings": 3}')), 'BE409 trajectory_not_open', 'nor extended');
select is(pg_temp.tried(pg_temp.move_copy(pg_temp.fact(3000), 'deleted')), '1: C; BE403: T V; BE404: U K D E S R P A', 'C deletes, and attests it');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.fact(3000), 'deleted')), '1', 'the first copy is gone');
select is(pg_temp.tried(pg_temp.move_copy(pg_temp.fact(3000), 'held')), 'BE403: T V; BE404: U C K D E S R P A', 'for ever');
select is((select state from trajectory where request_id = pg_temp.fact(1000)), 'closing', 'another is left');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.copy_with(2003, 'C'), 'deleted')), '1', 'the last copy is gone');
select row_eq($$ select t.state, q.state, q.state_by, t.state_by from trajectory t join request q on q.id = t.request_id where q.id = pg_temp.fact(1000) $$,
  row('closed'::text, 'closed'::text, null::uuid, null::uuid), 'so the trajectory is closed, and the request, by the server');
select is((select s.coverage from app.starter_calculation(app.today()) s where s.person_id = pg_temp.person('T')), 'covered', 'T stays covered');
select is(pg_temp.does('T', pg_temp.move_copy(pg_temp.copy_with(2000, 'T'), 'deleted')), '1', 'T does with T''s own copy what T likes');

-- Offers that come to nothing
select pg_temp.clock('2026-12-03T12:00:00Z');
select pg_temp.did('b', pg_temp.wish(1010));
select pg_temp.did('P', pg_temp.offer(1010, 'C'));
select is(pg_temp.tried(pg_temp.move_request(1010, 'submitted')), '1: C P; BE403: T; BE404: U K D E S R V A', 'C declines, or P takes it back')
where false;
select is(pg_temp.tried(pg_temp.move_request(1010, 'submitted')), '1: C P; BE404: T U K D E S R V A', 'C declines an offer, or P takes it back');
select is(pg_temp.does('b', pg_temp.move_request(1010, 'submitted')), 'BE409 transitions:withdrawn', 'not the teacher');
select is(pg_temp.does('C', pg_temp.move_request(1010, 'submitted', 'no_time')), '1', 'C declines');
select row_eq($$ select state, coach_id from request where id = pg_temp.fact(1010) $$, row('submitted'::text, null::uuid), 'so that another is named');
select is(pg_temp.given('C', 'select from request_resource where id = pg_temp.fact(1010)'), '0', 'and it is C''s no longer');
select pg_temp.did('P', pg_temp.offer(1010, 'K'));
select is(pg_temp.does('P', pg_temp.move_request(1010, 'submitted')), '1', 'P takes it back');
select pg_temp.did('P', pg_temp.offer(1010, 'K'));
select pg_temp.clock('2026-12-10T11:59:00Z');
select is(pg_temp.night(), '0 0 0 0', 'K has a week to answer');
select pg_temp.clock('2026-12-10T12:00:00Z');
select is(pg_temp.night(), '0 1 0 0', 'then the offer lapses');
select is(pg_temp.night(), '0 0 0 0', 'once');
select row_eq($$ select state, coach_id, state_by, state_reason::text from request where id = pg_temp.fact(1010) $$,
  row('submitted'::text, null::uuid, null::uuid, 'not_answered'::text), 'by the server');
select pg_temp.did('P', pg_temp.offer(1010, 'K'));
select is(pg_temp.tried(pg_temp.move_request(1010, 'withdrawn')), 'BE403: C; BE404: T U')
where false;
select is(pg_temp.given('P', pg_temp.move_request(1010, 'withdrawn')), 'BE403', 'the adviser withdraws no wish');
select is(pg_temp.does('b', pg_temp.move_request(1010, 'withdrawn')), '1', 'its teacher does, also when it is offered');
select is((select coach_id from request where id = pg_temp.fact(1010)), null, 'and it is no coach''s');

-- Invitations that come to nothing
select pg_temp.did('D', pg_temp.refer(1011, 'c'));
select pg_temp.did('P', pg_temp.invite(1012, 'c'));
select pg_temp.did('Q', pg_temp.invite(1013, 'c'));
select is(pg_temp.tried(pg_temp.move_request(1011, 'withdrawn')), '1: D; BE403: P; BE404: T U C K E S R V A', 'who made an invitation withdraws it');
select is(pg_temp.tried(pg_temp.move_request(1012, 'withdrawn')), '1: P; BE403: D; BE404: T U C K E S R V A', 'and nobody else');
select is(pg_temp.given('Q', pg_temp.move_request(1012, 'withdrawn')), 'BE403', 'not another adviser either')
where false;
select pg_temp.did('P', pg_temp.move_request(1012, 'withdrawn'));
select pg_temp.clock('2027-01-08T23:00:00Z');
select is(pg_temp.night(), '2 0 0 0', 'what nobody answers in 30 days expires');
select is(pg_temp.does('c', pg_temp.accept(1011)), 'BE409 transitions:', 'and is answered no more');
select is((select string_agg(state || coalesce(state_by::text, ''), ' ') from request where id in (pg_temp.fact(1011), pg_temp.fact(1013))), 'expired expired', 'by the server');
select pg_temp.did('D', pg_temp.refer(1014, 'c'));

select * from finish();
rollback;
