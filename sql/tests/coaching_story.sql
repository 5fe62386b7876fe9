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
select row_eq($$ select quarantined, clearance_codes from recording where id = pg_temp.fact(2000) $$,
  row(true, '{custody_not_planned}'::text[]), 'which nothing had been planned to be kept on');
select is(pg_temp.tried(pg_temp.move_quarantine(2000, 'released')),
  '1: P V; BE403: T C; BE404: U K D E S R A', 'so that P or V looks at it first');
select is(pg_temp.does('V', pg_temp.move_quarantine(2000, 'released')), '1', 'V releases it');
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
select is(pg_temp.tried('select from app.tasks() where task = ''present_storyboard'' and due_on = ''2026-11-24'''), '0: U C K D E S R P V A; 1: T', 'T is to present a storyboard within fourteen days of the debrief');

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
select is(pg_temp.given('P', pg_temp.move_request(1010, 'withdrawn')), 'BE403', 'the adviser withdraws no wish');
select is(pg_temp.does('b', pg_temp.move_request(1010, 'withdrawn')), '1', 'its teacher does, also when it is offered');
select is((select coach_id from request where id = pg_temp.fact(1010)), null, 'and it is no coach''s');

-- Invitations that come to nothing
select pg_temp.did('D', pg_temp.refer(1011, 'c'));
select pg_temp.did('P', pg_temp.invite(1012, 'c'));
select pg_temp.did('Q', pg_temp.invite(1013, 'c'));
select is(pg_temp.tried(pg_temp.move_request(1011, 'withdrawn')), '1: D; BE403: P; BE404: T U C K E S R V A', 'who made an invitation withdraws it');
select is(pg_temp.tried(pg_temp.move_request(1012, 'withdrawn')), '1: P; BE403: D; BE404: T U C K E S R V A', 'and nobody else');
select pg_temp.did('P', pg_temp.move_request(1012, 'withdrawn'));
select pg_temp.clock('2027-01-08T23:00:00Z');
select is(pg_temp.night(), '2 0 0 0', 'what nobody answers in 30 days expires');
select is(pg_temp.does('c', pg_temp.accept(1011)), 'BE409 transitions:', 'and is answered no more');
select is((select string_agg(state || coalesce(state_by::text, ''), ' ') from request where id in (pg_temp.fact(1011), pg_temp.fact(1013))), 'expired expired', 'by the server');
select pg_temp.did('D', pg_temp.refer(1014, 'c'));


-- A second request of one kind meets its teacher alone, and on accepting
select pg_temp.clock('2027-01-11T12:00:00Z');
select pg_temp.did('d', pg_temp.wish(1020));
select is(pg_temp.does('d', pg_temp.wish(1021)), 'request_one_open_per_teacher', 'a second own wish waits until the first is through');
select is(pg_temp.does('D', pg_temp.refer(1022, 'd')), '1', 'D refers a teacher with an own wish as any other');
select is(pg_temp.does('P', pg_temp.invite(1023, 'd')), '1', 'and P invites');
select is(pg_temp.does('Q', pg_temp.invite(1024, 'd')), '1', 'and another adviser');
select is(pg_temp.does('d', pg_temp.accept(1022)), '1', 'd accepts one beside the wish');
select is(pg_temp.does('d', pg_temp.accept(1023)), 'request_one_open_per_teacher', 'and not another');
select is(pg_temp.does('D', pg_temp.refer(1025, 'd')), '1', 'which tells D nothing');
select is(pg_temp.does('d', pg_temp.move_request(1023, 'declined')), '1', 'd declines it');

-- Capacity
update coach set capacity = pg_temp_load.load + 1
from (select app.coach_load(pg_temp.person('K'), 2026) as load) pg_temp_load
where person_id = pg_temp.person('K');
select is(pg_temp.does('P', pg_temp.offer(1020, 'K')), '1', 'K has room for one');
select is(pg_temp.does('P', pg_temp.offer(1022, 'K')), 'BE409 coach_capacity', 'and not for two');
select is(pg_temp.does('P', pg_temp.offer(1022, 'K', 'deadline_near')), '1', 'unless there is a reason');
select is((select app.coach_load(pg_temp.person('K'), 2026) - capacity from coach where person_id = pg_temp.person('K')), 1, 'then K has one too many');
select is(pg_temp.does('K', pg_temp.move_request(1020, 'assigned')), '1', 'which K takes on');
select is(pg_temp.does('K', pg_temp.move_request(1022, 'assigned')), '1', 'both of them');
select is((select app.coach_load(pg_temp.person('K'), 2026) - capacity from coach where person_id = pg_temp.person('K')), 1, 'an offer taken on is one recording, as before');
select pg_temp.did('d', pg_temp.propose(4020, 1022, '{"kind": "extension", "recordings": 2}'));
select is(pg_temp.does('K', pg_temp.decide(pg_temp.fact(4020), 'agreed')), 'BE409 coach_capacity', 'more recordings need room too');
select is(pg_temp.does('K', $$ update coach set capacity = 30, version = version + 1 where person_id = pg_temp.person('K') $$), '1', 'K makes room');
select is(pg_temp.does('K', pg_temp.decide(pg_temp.fact(4020), 'agreed')), '1', 'and agrees');

-- A coach who is away, or whose next year is full
select is(pg_temp.does('K', format('insert into coach_unavailability (id, person_id, from_date, until_date) values (%L, app.me(), %L, %L)', pg_temp.fact(5000), '2027-02-01', '2027-02-08')), '1', 'K is away for a week');
select is(pg_temp.does('K', pg_temp.plan(2020, 1022, '2027-02-07T22:30:00Z')), 'BE409 coach_unavailable', 'until its last night')
where extract(hour from timestamptz '2027-02-07T22:30:00Z' at time zone 'Europe/Amsterdam') = 23;
select is(pg_temp.does('K', pg_temp.plan(2020, 1022, '2027-02-07T23:30:00Z')), '1', 'and back after it');
select is(pg_temp.does('K', pg_temp.change_recording(2020, '{"scheduled_at": "2027-02-02T09:00:00Z"}')), 'BE409 coach_unavailable', 'nor is it moved into that week');
update coach set capacity = 0 where person_id = pg_temp.person('K');
select is(pg_temp.does('K', pg_temp.change_recording(2020, format('{"scheduled_at": "2027-09-02T09:00:00Z", "group_id": "%s"}', pg_temp.fact(4))::json)), 'BE409 coach_capacity', 'into the next school year it takes a place there');
update coach set capacity = 1 where person_id = pg_temp.person('K');
select is(pg_temp.does('K', pg_temp.change_recording(2020, format('{"scheduled_at": "2027-09-02T09:00:00Z", "group_id": "%s"}', pg_temp.fact(4))::json)), '1', 'where there is one');
select is(pg_temp.does('K', pg_temp.change_recording(2020, '{"scheduled_at": "2027-09-03T09:00:00Z"}')), '1', 'and keeps it on another day');
update coach set capacity = 30 where person_id = pg_temp.person('K');

-- Six recordings
select pg_temp.guide(1030, 'e', 'C');
select pg_temp.did('C', pg_temp.propose(4030, 1030, '{"kind": "extension", "recordings": 6}'));
select pg_temp.did('e', pg_temp.decide(pg_temp.fact(4030), 'agreed'));
select is(pg_temp.does('C', pg_temp.plan(2030 + n, 1030, format('2027-03-0%sT09:00:00Z', n))), '1', n || ' of six')
from generate_series(1, 6) n;
select is(pg_temp.does('C', pg_temp.plan(2037, 1030, '2027-03-08T09:00:00Z')), 'BE409 six_recordings', 'a seventh is refused');
select is((select string_agg(ordinal::text, '' order by ordinal) from recording where trajectory_id = pg_temp.trajectory(1030)), '123456', 'they are numbered');
select is(pg_temp.does('e', pg_temp.move_trajectory(1030, 'closing')), '1', 'e ends it with all of them planned');
select is((select string_agg(distinct concat_ws(' ', k.state, k.state_reason, k.ended_on, k.state_by), '; ') from recording k where k.trajectory_id = pg_temp.trajectory(1030)),
  'cancelled trajectory_ended 2027-01-11', 'they are cancelled with it');
select is((select string_agg(distinct a.state, ' ') from agreement a where a.trajectory_id = pg_temp.trajectory(1030) and a.kind = 'recording'), 'declined', 'and nobody is asked to agree to them');
select is((select t.state || ' ' || q.state from trajectory t join request q on q.id = t.request_id where q.id = pg_temp.fact(1030)), 'closed closed', 'without footage it is closed at once');

-- Leave
select pg_temp.guide(1040, 'f', 'C');
select pg_temp.guide(1041, 'g', 'C');
select is(pg_temp.tried(pg_temp.move_trajectory(1041, 'paused', 'leave')), '1: P; BE403: C; BE404: T U K D E S R V A', 'P pauses');
select pg_temp.did('P', pg_temp.move_trajectory(1041, 'paused', 'leave'));
insert into absence (id, person_id, category, from_date, until_date)
values
  (pg_temp.fact(6000), pg_temp.person('f'), 'parental_leave', '2027-01-12', '2027-02-11'),
  (pg_temp.fact(6001), pg_temp.person('e'), 'parental_leave', '2027-01-12', '2027-02-11');
select is(pg_temp.night(), '0 0 0 0', 'the day before the leave nothing pauses');
select pg_temp.clock('2027-01-11T23:00:00Z');
select is(pg_temp.night(), '0 0 1 0', 'leave of thirty days pauses what is open');
select is(pg_temp.night(), '0 0 0 0', 'once');
select is(pg_temp.does('C', pg_temp.plan(2040, 1040, '2027-03-01T09:00:00Z')), 'BE409 trajectory_not_open', 'nothing is planned in a pause');
select is(pg_temp.does('C', pg_temp.move_trajectory(1040, 'closing')), 'BE409 transitions:', 'nor ended by the coach');
select is(pg_temp.does('f', pg_temp.propose(4040, 1040, '{"kind": "extension", "recordings": 2}')), 'BE409 trajectory_not_open', 'nor extended');
select pg_temp.clock('2027-02-10T22:59:00Z');
select is(split_part(pg_temp.night(), ' ', 4), '0', 'the last day is a day of leave');
select pg_temp.clock('2027-02-10T23:00:00Z');
select is(pg_temp.night(), '0 0 0 1', 'after it the guidance goes on');
select is((select state from trajectory where request_id = pg_temp.fact(1041)), 'paused', 'what P paused, P resumes');
select is(pg_temp.tried(pg_temp.move_trajectory(1041, 'open')), '1: P; BE403: C; BE404: T U K D E S R V A', 'P alone');
select pg_temp.did('P', pg_temp.move_trajectory(1041, 'open'));
insert into absence (id, person_id, category, from_date, until_date)
values (pg_temp.fact(6002), pg_temp.person('f'), 'care_leave', '2027-02-11', '2027-03-12');
select is(pg_temp.night(), '0 0 0 0', 'leave of twenty-nine days pauses nothing');

-- Another coach
select pg_temp.clock('2027-03-15T08:00:00Z');
select pg_temp.did('C', pg_temp.plan(2050, 1040, '2027-03-15T09:00:00Z', 1, 10));
select pg_temp.did('C', pg_temp.propose(4050, 1040, '{"kind": "extension", "recordings": 2}'));
select pg_temp.did('f', pg_temp.decide(pg_temp.fact(4050), 'agreed'));
select pg_temp.clock('2027-03-15T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2050, '2027-03-15T09:00:00Z'));
select pg_temp.did('C', pg_temp.plan(2051, 1040, '2027-04-15T09:00:00Z'));
select is(pg_temp.tried(pg_temp.propose(4051, 1040, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('K')))),
  '1: P; BE403: C; BE404: T U K D E S R V A', 'P proposes another coach');
select is(pg_temp.does('P', pg_temp.propose(4051, 1040, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person(who)))), 'BE422 /new_coach', who || ' is none for f')
from unnest(array['U', 'W', 'f']) who;
select is(pg_temp.does('P', pg_temp.propose(4051, 1040, json_build_object('kind', 'change_of_coach'))), 'BE422 /new_coach', 'nor is nobody');
select pg_temp.did('P', pg_temp.propose(4051, 1040, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('K'))));
select is(pg_temp.tried(pg_temp.decide(pg_temp.fact(4051), 'agreed')), 'BE403: C P; BE404: T U K D E S R V A', 'f alone agrees');
select is(pg_temp.does('f', pg_temp.decide(pg_temp.fact(4051), 'agreed')), 'BE409 copies_first', 'when the footage was handed over');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.copy_with(2050, 'C'), 'handed_over', 'K')), '1', 'C hands it to the coach who is to go on');
select is(pg_temp.given('C', 'select from copy_resource where recording_id = pg_temp.fact(2050)'), '0', 'and has it no longer');
select is(pg_temp.given('K', 'select from copy_resource where recording_id = pg_temp.fact(2050)'), '1', 'but K');
select is(pg_temp.does('f', pg_temp.decide(pg_temp.fact(4051), 'agreed')), '1', 'then f agrees');
select row_eq($$
  select t.coach_id, q.coach_id, p.coach_id, m.coach_id
  from trajectory t
  join request q on q.id = t.request_id
  join recording p on p.id = pg_temp.fact(2051)
  join recording m on m.id = pg_temp.fact(2050)
  where q.id = pg_temp.fact(1040) $$,
  row(pg_temp.person('K'), pg_temp.person('K'), pg_temp.person('K'), pg_temp.person('C')), 'K goes on; what C made, C made');
select is(pg_temp.tried(pg_temp.move_recording(2051, 'cancelled')), '1: K; BE403: P; BE404: T U C D E S R V A', 'K films what is planned');
select is(pg_temp.given('C', 'select from trajectory_resource where id = pg_temp.trajectory(1040)'), '0', 'C coaches f no more');
select is(pg_temp.given('C', pg_temp.move_recording(2050, 'voided')), 'BE403', 'and sees what C made');
select is(pg_temp.does('K', pg_temp.propose(4052, 1040, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2050), 'held_on', '2027-03-15'))), '1', 'K talks it over');
select is(pg_temp.does('f', pg_temp.move_recording(2050, 'waived')), '1', 'f does without');
select is((select state || ' ' || state_reason from agreement where id = pg_temp.fact(4052)), 'declined overtaken', 'then it is proposed no longer');
select is(pg_temp.does('K', pg_temp.move_copy(pg_temp.copy_with(2050, 'K'), 'handed_over')), '1', 'K hands the footage to f');

-- A coach who leaves
select pg_temp.guide(1060, 'h', 'K');
select pg_temp.did('K', pg_temp.plan(2060, 1060, '2027-03-15T12:00:00Z'));
select pg_temp.did('K', pg_temp.film(2060, '2027-03-15T12:00:00Z'));
update role_assignment set until_date = '2027-03-16' where person_id = pg_temp.person('K');
create temporary table work_of_k as select pg_temp.given('P', 'select from app.tasks() where task = ''hand_on''') as amount;
select is(amount, '5', 'the day before K leaves, P finds all of K''s work in one list') from work_of_k;
select pg_temp.clock('2027-03-16T12:00:00Z');
select is(pg_temp.given('P', 'select from app.tasks() where task = ''hand_on'''), amount, 'and when K has left, it is the same') from work_of_k;
select is(pg_temp.tried(pg_temp.move_copy(pg_temp.copy_with(2060, 'K'), 'deleted')), '1: K P; BE403: V; BE404: T U C D E S R A', 'K has the footage still, and P attests in K''s place');
select is(pg_temp.given('K', 'select from trajectory_resource'), '0', 'but guides nobody');
select is(pg_temp.given('K', pg_temp.move_copy(pg_temp.copy_with(2060, 'K'), 'handed_over')), '1', 'K hands over what K has');
update role_assignment set until_date = null where person_id = pg_temp.person('K');

-- Keeping
select pg_temp.clock('2027-03-17T12:00:00Z');
create temporary table kept as select pg_temp.copy_with(2060, 'K') as id;
select is(pg_temp.does('h', pg_temp.propose(4060, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2028-03-18'))), 'BE422 /until', 'no longer than twelve months') from kept;
select is(pg_temp.does('h', pg_temp.propose(4060, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2027-03-17'))), 'BE422 /until', 'nor until today') from kept;
select is(pg_temp.does('h', pg_temp.propose(4060, 1060, json_build_object('kind', 'keeping', 'copy_id', pg_temp.copy_with(2050, 'f'), 'until_date', '2027-06-01'))), 'BE422 /copy', 'nor of another teacher''s footage');
select is(pg_temp.tried(pg_temp.propose(4060, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2028-03-17'))),
  '1: K; BE403: P; BE404: T U C D E S R V A', 'K asks to keep a copy') from kept;
select pg_temp.did('K', pg_temp.propose(4060, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2027-06-01'))) from kept;
select is(pg_temp.does('K', pg_temp.decide(pg_temp.fact(4060), 'agreed')), 'BE403', 'h decides');
select is(pg_temp.does('h', pg_temp.decide(pg_temp.fact(4060), 'agreed')), '1', 'h agrees');
select is(pg_temp.does('h', pg_temp.move_trajectory(1060, 'closing')), '1', 'h ends the guidance');
select is((select state from trajectory where request_id = pg_temp.fact(1060)), 'closed', 'a copy that is kept by agreement does not hold it open');
select is(pg_temp.does('K', pg_temp.propose(4061, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2027-12-01'))), 'BE403', 'K does not renew it') from kept;
select is(pg_temp.does('h', pg_temp.propose(4061, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2028-03-18'))), 'BE422 /until', 'h does, for twelve months at most') from kept;
select is(pg_temp.does('h', pg_temp.propose(4061, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2027-09-01'))), '1', 'h renews') from kept;
select is((select kept_until::date from copy where id = kept.id), date '2027-06-01', 'which K is to agree to') from kept;
select is(pg_temp.does('K', pg_temp.decide(pg_temp.fact(4061), 'agreed')), '1', 'K agrees');
select is((select kept_until::date from copy where id = kept.id), date '2027-09-01', 'it is kept for longer') from kept;
select pg_temp.clock('2027-05-10T12:00:00Z');
create function pg_temp.if_demanded() returns text language plpgsql as $$
begin
  perform pg_temp.does('h', format('select app.demand_deletion(%L, null, true)', id)) from kept;
  raise exception '%', (select concat_ws(' ', app.copy_due_on(c), c.kept_until, app.copy_is_overdue(c)) from copy c join kept k on k.id = c.id);
exception when raise_exception then
  return sqlerrm;
end
$$;
select is(pg_temp.if_demanded(), '2027-05-10 f', 'demanded while it is kept, it is due from then, not from the end of the guidance');
select is(pg_temp.given('P', 'select from copy_resource where id = ' || quote_literal(id)), '0', 'P does not see it while it is kept') from kept;
select pg_temp.clock('2027-09-14T12:00:00Z');
select is(pg_temp.given('K', 'select from app.tasks() where task = ''delete_copy'' and due_on = ''2027-09-01'''), '1', 'when the agreement has ended, K is to delete it');
select is(pg_temp.given('P', 'select from app.tasks() where task = ''overdue_copy'' and resource like ' || quote_literal('%' || id)), '0', 'and has fourteen days') from kept;
select pg_temp.clock('2027-09-15T12:00:00Z');
select is(pg_temp.given('P', 'select from app.tasks() where task = ''overdue_copy'' and due_on = ''2027-09-15'' and resource like ' || quote_literal('%' || id)), '1', 'then it is P''s task') from kept;
select is(pg_temp.given('P', 'select from copy_resource where body ->> ''is_overdue'' = ''true'' and id = ' || quote_literal(id)), '1', 'and P sees it') from kept;
select is(pg_temp.does('P', pg_temp.move_copy(id, 'deleted')), 'BE403', 'but K deletes it') from kept;

-- Demanded deletion
select is(pg_temp.tried(format('select app.demand_deletion(%L, null, true)', id)), 'BE403: K P V; BE404: T U C D E S R A', 'nobody demands in h''s place') from kept;
select is(pg_temp.does('h', format('select app.demand_deletion(%L, null, false)', id)), 'BE422 /deletion_demanded', 'a demand is not taken back') from kept;
select pg_temp.did('h', pg_temp.propose(4062, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2027-12-01'))) from kept;
select is(pg_temp.does('h', format('select app.demand_deletion(%L, null, true)', id)), '1', 'h demands that it goes') from kept;
select row_eq(format('select demanded_at, kept_until::date, app.copy_due_on(c) from copy c where id = %L', id), row(app.now(), null::date, date '2027-09-01'), 'which postpones nothing: it is due from when it was kept no longer') from kept;
select is((select state || ' ' || state_reason from agreement where id = pg_temp.fact(4062)), 'declined overtaken', 'and takes back what h proposed');
select is(pg_temp.given('K', 'select from app.tasks() where task = ''delete_copy'' and due_on = ''2027-09-01'''), '1', 'K is to do it');
select is(pg_temp.does('K', pg_temp.move_copy(id, 'deleted')), '1', 'K does') from kept;
select is(pg_temp.does('h', format('select app.demand_deletion(%L, null, true)', id)), 'BE409 not_held', 'what is gone is not demanded') from kept;
select is(pg_temp.does('h', pg_temp.propose(4063, 1060, json_build_object('kind', 'keeping', 'copy_id', id, 'until_date', '2027-12-01'))), 'BE409 not_held', 'nor kept') from kept;

-- A stick is lost
select pg_temp.clock('2027-09-20T12:00:00Z');
insert into school_group (id, school_id, school_year, name) values (pg_temp.fact(5), pg_temp.school(1), 2027, '6a');
select pg_temp.guide(1070, 'i', 'C');
select pg_temp.did('C', pg_temp.plan(2070, 1070, '2027-09-20T12:00:00Z', 5));
select pg_temp.did('C', pg_temp.film(2070, '2027-09-20T12:00:00Z'));
create temporary table lost as select pg_temp.copy_with(2070, 'C') as id;
select is(pg_temp.tried(pg_temp.move_copy(id, 'lost')), '1: C; BE403: V; BE404: T U K D E S R P A', 'who has a copy says that it is lost') from lost;
select is(pg_temp.does('C', pg_temp.move_copy(id, 'lost')), '1', 'C''s is') from lost;
select row_eq(format('select found_at, due_at, settled_at from breach where copy_id = %L', id), row(app.now(), app.now() + interval '72 hours', null::timestamptz), 'whether it is reported, is decided in 72 hours') from lost;
select is(pg_temp.tried('select from breach_resource'), '0: T U C K D E S R P A; 1: V', 'by the privacy officer');
select is(pg_temp.tried('select from app.tasks() where task = ''judge_breach'' and due_on = ''2027-09-23'''), '0: T U C K D E S R P A; 1: V', 'whose task it is');
select is(pg_temp.tried($$ update breach set settled_at = app.now(), settled_by = app.me(), outcome = 'reported', version = version + 1 $$), '0: T U C K D E S R P A; 1: V', 'and who settles it');
select is(pg_temp.given('P', format('select from copy_resource where id = %L', id)), '1', 'P sees that it is lost') from lost;
select is(pg_temp.tried(pg_temp.move_copy(id, 'deleted')), 'BE403: P V; BE404: T U C K D E S R A', 'what is lost is not deleted') from lost;
select is(pg_temp.does('i', pg_temp.move_trajectory(1070, 'closing')), '1', 'i ends the guidance');
select is((select state from trajectory where request_id = pg_temp.fact(1070)), 'closed', 'with nothing left to delete');
select is(pg_temp.does('i', pg_temp.propose(4070, 1070, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2070), 'held_on', '2027-09-20'))), '1', 'the talk is still to be confirmed');
select is(pg_temp.does('C', pg_temp.decide(pg_temp.fact(4070), 'agreed')), '1', 'by both');
select is((select state from recording where id = pg_temp.fact(2070)), 'debriefed', 'and counts');

-- Many at once
select is(pg_temp.tried(format('select app.invite_starters(%L, %L)', array[pg_temp.fact(1080), pg_temp.fact(1081)], array[pg_temp.person('j'), pg_temp.person('k')])),
  '1: D P; BE403: T U C K S R V A; BE422 /teachers/0 /teachers/1: E', 'a director invites many of the own school, the adviser of all');
select is(pg_temp.does('D', format('select app.invite_starters(%L, %L)', array[pg_temp.fact(1080), pg_temp.fact(1081), pg_temp.fact(1082)], array[pg_temp.person('j'), pg_temp.person('U'), pg_temp.person('S')])),
  'BE422 /teachers/1 /teachers/2', 'all or nobody');
select is((select count(*) from request where id = pg_temp.fact(1080)), 0::bigint, 'nobody, then');
select pg_temp.did('D', pg_temp.invite(1083, 'k'));
select is(pg_temp.does('D', format('select app.invite_starters(%L, %L)', array[pg_temp.fact(1080), pg_temp.fact(1081), pg_temp.fact(1082)], array[pg_temp.person('j'), pg_temp.person('k'), pg_temp.person('j')])),
  '1', 'somebody twice, or who has not answered yet');
select is((select string_agg(right(id::text, 4), ' ' order by id) from request where teacher_id in (pg_temp.person('j'), pg_temp.person('k'))), '1080 1083', 'is invited once');
select is(pg_temp.does('Q', format('select app.invite_starters(%L, %L)', array[pg_temp.fact(1084)], array[pg_temp.person('k')])), '1', 'another maker''s is another invitation');

-- The server's own
create function pg_temp.invited() returns integer language plpgsql as $$
declare
  number integer;
begin
  set local role beeld_jobs;
  number := app.invite_due_starters();
  perform pg_temp.nobody();
  return number;
end
$$;
select is(pg_temp.invited(), 0, 'without a month in the policy the server invites nobody');
update policy set invitation_month = 26;
select cmp_ok((select count(*) from request where made_as = 'server'), '=', 0::bigint, 'so far nobody was');
create temporary table due as
select s.person_id
from app.starter_calculation(app.today()) s
where s.employment = 'active'
  and s.coverage = 'open'
  and s.window_from + interval '25 months' <= app.today()
  and s.person_id not in (
    select q.teacher_id
    from request q
    where q.origin <> 'own_wish'
      and q.state in ('invited', 'submitted', 'offered', 'assigned'));
select cmp_ok((select count(*) from due), '>', 5::bigint, 'some are due');
select is(pg_temp.invited(), (select count(*)::integer from due), 'they are invited');
select is(pg_temp.invited(), 0, 'once');
select set_eq($$ select teacher_id from request where made_as = 'server' and made_by is null and state = 'invited' and expires_on = app.today() + 30 $$, 'select person_id from due', 'they and nobody else');
select is(pg_temp.given('l', 'select from app.tasks() where task = ''answer_invitation'''), '1', 'and find it among their tasks');
select pg_temp.clock('2027-10-25T12:00:00Z');
select cmp_ok(split_part(pg_temp.night(), ' ', 1)::integer, '>=', (select count(*)::integer from due), 'they expire as all');
select pg_temp.invited();
select is((select count(*) from request where made_as = 'server' group by teacher_id having count(*) > 1), null, 'whom the server invited, it does not invite again');

-- A wish of one's own is nothing to director and school, whatever becomes of it
select pg_temp.clock('2027-11-01T12:00:00Z');
-- Everything that somebody sees: each view, each table, tasks, lists, figures and explanations.
create function pg_temp.everything(who text) returns text language plpgsql as $$
declare
  seen text := '';
  part text;
  source text;
begin
  begin
    set local role beeld_app;
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
    for source in
      select c.oid::regclass
      from pg_class c
      where c.relnamespace = 'beeld'::regnamespace
        and c.relkind in ('r', 'v')
        and c.relname not in ('api_token', 'command', 'person', 'registration')
        and has_table_privilege('beeld_app', c.oid, 'select')
      order by 1
    loop
      execute format('select string_agg(t::text, chr(10) order by t::text) from %s t', source) into part;
      seen := seen || source || ': ' || coalesce(part, '') || chr(10);
    end loop;
    for source in
      select unnest(array[
        'select * from app.tasks()', 'select app.my_starter_status()', 'select app.starter_list(null, null, null, null, null, null, null, 500, null, null)',
        'select app.starter_explanation(p.id, null) from beeld.person_resource p', 'select app.school_overview(s.id) from beeld.school s',
        'select app.coverage(null, ''school'')', 'select app.coverage(null, ''cohort'')', 'select p.id, p.body from beeld.person_resource p',
        'select app.coaches_today()', 'select app.my_coached()', 'select app.my_offered()',
        'select app.coach_load(c, 2027) from app.coaches_today() c'])
    loop
      begin
        execute format('select string_agg(t::text, chr(10) order by t::text) from (%s) t', source) into part;
      exception when sqlstate 'BE404' or sqlstate 'BE403' then
        part := sqlstate;
      end;
      seen := seen || source || ': ' || coalesce(part, '') || chr(10);
    end loop;
    raise exception using errcode = 'BT000', message = seen;
  exception when sqlstate 'BT000' then
    return sqlerrm;
  end;
end
$$;
create temporary table seen as
select who, pg_temp.everything(who) as at_first
from unnest(array['D', 'E', 'S', 'R', 'A', 'U', 'K', 'W']) who;
create function pg_temp.noticed() returns text language sql as $$
  select string_agg(who, ' ' order by who) from pg_temp.seen where at_first <> pg_temp.everything(who)
$$;
select pg_temp.did('p', pg_temp.wish(1100));
select is(pg_temp.noticed(), null, 'nobody notices a wish');
select is(pg_temp.given('P', $$ select from request_resource where id = pg_temp.fact(1100) and body ->> 'created_at' is null and body ->> 'state_since' is null $$), '1', 'P sees that there is one, and not since when');
select pg_temp.did('P', pg_temp.offer(1100, 'C'));
select is(pg_temp.noticed(), null, 'nor its offer');
select pg_temp.did('C', pg_temp.move_request(1100, 'assigned'));
select is(pg_temp.noticed(), null, 'nor the guidance');
select pg_temp.did('C', pg_temp.plan(2100, 1100, '2027-11-01T12:00:00Z', 5));
select is(pg_temp.noticed(), null, 'nor a plan');
select is(pg_temp.given('D', format('select app.planned_recordings(%L)', pg_temp.school(1))), 'BE404', 'the director is not told of planned recordings');
create function pg_temp.answer(who text, question text) returns text language plpgsql as $$
declare
  reply text;
begin
  begin
    set local role beeld_app;
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
    execute question into reply;
    raise exception using errcode = 'BT000', message = reply;
  exception when sqlstate 'BT000' then
    return sqlerrm;
  end;
end
$$;
select is(
  (select array_agg(k order by k) from json_array_elements((pg_temp.answer('S', format('select app.planned_recordings(%L)', pg_temp.school(1)))::json) -> 'items') i cross join json_object_keys(i) k),
  array['group', 'scheduled_at'], 'the administration is told group and time, and no more');
select is(pg_temp.given('R', format('select app.planned_recordings(%L)', pg_temp.school(1))), 'BE404', 'of its own school');
select pg_temp.did('C', pg_temp.film(2100, '2027-11-01T12:00:00Z'));
select is(pg_temp.noticed(), null, 'nor a recording');
select pg_temp.did('p', pg_temp.propose(4100, 1100, '{"kind": "extension", "recordings": 2}'));
select pg_temp.did('C', pg_temp.propose(4101, 1100, json_build_object('kind', 'debrief', 'recording_id', pg_temp.fact(2100), 'held_on', '2027-11-01')));
select pg_temp.did('C', format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(7100), pg_temp.trajectory(1100), '2027-12-01'));
select pg_temp.did('p', pg_temp.decide(pg_temp.fact(4101), 'agreed'));
select is(pg_temp.noticed(), null, 'nor that it was talked over');
select is(pg_temp.given(who, act), 'BE404', who || ' is told that what is p''s does not exist')
from unnest(array['D', 'E', 'S', 'R', 'A']) who
cross join unnest(array[
  pg_temp.accept(1100), pg_temp.move_request(1100, 'withdrawn'), pg_temp.move_request(1100, 'closed'), pg_temp.move_trajectory(1100, 'closing'),
  pg_temp.move_recording(2100, 'waived'), pg_temp.change_recording(2100, '{"counts_for_programme": true}'), pg_temp.move_copy(pg_temp.copy_with(2100, 'C'), 'deleted'),
  format('select app.demand_deletion(%L, null, true)', pg_temp.copy_with(2100, 'C')), format('select app.make_copy(%L, %L, %L)', pg_temp.fact(3100), pg_temp.fact(2100), pg_temp.fact(10)),
  pg_temp.decide(pg_temp.fact(4100), 'agreed'), pg_temp.propose(4102, 1100, '{"kind": "extension", "recordings": 3}'),
  format('select app.suggested_coaches(%L)', pg_temp.fact(1100)), format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(7101), pg_temp.trajectory(1100), '2027-12-01')]) act;
select is(pg_temp.given('D', pg_temp.invite(1101, 'p')), '1', 'D invites p as if there were none');
select pg_temp.did('p', pg_temp.move_trajectory(1100, 'closing'));
select pg_temp.did('C', pg_temp.move_copy(pg_temp.copy_with(2100, 'C'), 'handed_over'));
select is(pg_temp.noticed(), null, 'nor its end');
select is((select state from request where id = pg_temp.fact(1100)), 'closed', 'which it has come to');
select pg_temp.did('p', pg_temp.change_recording(2100, '{"counts_for_programme": true}'));
select is(pg_temp.noticed(), 'D S W', 'when p lets it count, the school learns that p is covered')
;
select is(
  (select s.at_first <> t.now and not t.now like '%' || pg_temp.fact(1100) || '%' and not t.now like '%' || pg_temp.trajectory(1100) || '%'
   from seen s cross join lateral (select pg_temp.everything('D') as now) t where s.who = 'D'),
  true, 'and nothing of the request');

-- Follow-up talks
select pg_temp.guide(1110, 'm', 'C');
select is(pg_temp.tried(format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(7110), pg_temp.trajectory(1110), '2027-12-01')),
  '1: C; BE403: P; BE404: T U K D E S R V A', 'C dates a talk without a recording');
select is(pg_temp.does('m', format('select app.add_follow_up(%L, %L, %L)', pg_temp.fact(7110), pg_temp.trajectory(1110), '2027-12-01')), '1', 'or the teacher');
select is(pg_temp.tried($$ delete from follow_up where id = pg_temp.fact(7110) $$), '0: T U K D E S R P V A; 1: C', 'and drops it');
select pg_temp.did('m', pg_temp.move_trajectory(1110, 'closing'));

-- Somebody is erased
select pg_temp.guide(1090, 'm', 'K');
select pg_temp.did('n', pg_temp.wish(1091));
select pg_temp.did('P', pg_temp.offer(1091, 'K'));
select pg_temp.did('P', pg_temp.invite(1092, 'o'));
select pg_temp.did('Q', pg_temp.invite(1093, 'o'));
select pg_temp.did('D', pg_temp.refer(1094, 'o'));
select lives_ok($$ delete from person where id in (pg_temp.person('K'), pg_temp.person('Q'), pg_temp.person('D')) $$, 'a coach, an adviser and a director are erased, whatever they had begun');
select is((select string_agg(coalesce(made_by::text, 'nobody'), ' ' order by id) from request where id in (pg_temp.fact(1093), pg_temp.fact(1094))), 'nobody nobody', 'what they made stays');
select is(pg_temp.given('P', format('select from app.tasks() where task = ''hand_on'' and resource like %L', '%' || pg_temp.trajectory(1090))), '1', 'the guidance waits for another coach');
select is(pg_temp.given('P', format('select from trajectory_resource where id = %L', pg_temp.trajectory(1090))), '1', 'which P sees');
select is(pg_temp.does('P', pg_temp.move_request(1091, 'submitted')), '1', 'the offer is taken back');
select is(pg_temp.does('o', pg_temp.accept(1094)), '1', 'the referral is answered');
select is(pg_temp.does('P', pg_temp.propose(4090, 1090, json_build_object('kind', 'change_of_coach', 'new_coach_id', pg_temp.person('C')))), '1', 'P names another coach');
select is(pg_temp.does('m', pg_temp.decide(pg_temp.fact(4090), 'agreed')), '1', 'with whom m goes on');
select is((select coach_id from trajectory where request_id = pg_temp.fact(1090)), pg_temp.person('C'), 'it is C');

select * from finish();
rollback;
