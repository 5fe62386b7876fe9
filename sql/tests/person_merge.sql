-- Two entries of one human being become one: nothing is lost, nothing is counted twice, nothing is got by it.
begin;
\ir fixture/board.sql
select no_plan();

-- M is another entry of T: at school 2, with a role, a token, a login, and facts of every kind.
insert into person (id, name) values (pg_temp.person('M'), 'Person M');
insert into registration (person_id, person_number, subject) values (pg_temp.person('M'), 'N77', 'sub-m');
insert into employment (id, person_id, school_id, job, fte, from_date, until_date)
values
  (pg_temp.fact(701), pg_temp.person('M'), pg_temp.school(2), 'teacher', 0.2, '2024-08-01', null),
  (pg_temp.fact(702), pg_temp.person('M'), pg_temp.school(1), 'teacher', 1, '2025-08-01', null);
insert into role_assignment (id, person_id, role, school_id, from_date, granted_by)
values (pg_temp.fact(703), pg_temp.person('M'), 'director', pg_temp.school(2), '2025-08-01', pg_temp.person('Q'));
insert into absence (id, person_id, category, from_date, until_date)
values
  (pg_temp.fact(704), pg_temp.person('M'), 'care_leave', '2026-01-01', '2026-03-01'),
  (pg_temp.fact(705), pg_temp.person('M'), 'care_leave', '2026-03-01', null);
insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by, approved_by, approved_at)
values
  (pg_temp.fact(706), pg_temp.person('M'), '2020-01-01', '2021-01-01', 'Letter', pg_temp.person('M'), pg_temp.person('P'), now()),
  (pg_temp.fact(707), pg_temp.person('M'), '2018-01-01', '2019-01-01', 'Letter', pg_temp.person('M'), null, null);
insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
values
  (pg_temp.fact(708), pg_temp.person('M'), 'other_agreement', 'Letter', '2025-01-01', '2025-06-01', pg_temp.person('P')),
  (pg_temp.fact(709), pg_temp.person('M'), 'other_agreement', 'Letter', '2025-06-01', '2025-07-01', pg_temp.person('P'));
insert into recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for)
select pg_temp.fact(710 + n), pg_temp.person(who), pg_temp.person('C'), 'starter_programme', 'planned', '2026-10-01', day::date
from (values (0, 'T', '2026-12-01'), (1, 'M', '2026-12-01'), (2, 'M', '2026-12-02')) v (n, who, day);
insert into api_token (id, hash, name, person_id, created_at, expires_at)
values (pg_temp.fact(720), sha256('M'), 'Test', pg_temp.person('M'), '2026-01-01Z', '2027-01-01Z');
insert into command (person_id, key, hash, status, at)
values
  (pg_temp.person('M'), 'k', 'a', 201, app.now()), (pg_temp.person('M'), 'both', 'a', 201, app.now()),
  (pg_temp.person('T'), 'both', 'b', 201, app.now());
insert into import (id, kind, person_id) values (pg_temp.fact(721), 'staff', pg_temp.person('M'));
create temporary table gone on commit drop as
select subject_key as key
from person
where id = pg_temp.person('M');

create function pg_temp.merges(who text, duplicate text, survivor text, variadic before text[] default '{}') returns text
  language plpgsql as $$
declare
  answer text;
  act text;
begin
  -- What comes before is the owner's doing, and is undone with the rest.
  begin
    foreach act in array before loop execute act; end loop;
    answer := pg_temp.given(
      who, format('select app.merge_people(%L, %L)', pg_temp.person(duplicate), pg_temp.person(survivor)));
    raise exception using errcode = 'BT001';
  exception when sqlstate 'BT001' then
    return answer;
  end;
end
$$;

-- Who may
select is(pg_temp.merges(who, duplicate, survivor), outcome, format('%s merging %s into %s: %s', who, duplicate, survivor, outcome))
from (values
  ('P', 'M', 'T', '1'), ('P', 'T', 'M', '1'), ('P', 'M', 'M', 'BE422 /into'),
  ('P', 'M', 'Z', 'BE404'), ('P', 'Z', 'M', 'BE404'),
  ('P', 'M', 'P', 'BE403'), ('P', 'P', 'M', 'BE403'),
  ('A', 'M', 'T', 'BE403'), ('S', 'M', 'T', 'BE403'), ('S', 'T', 'N', 'BE403'), ('S', 'U', 'T', 'BE404'),
  ('D', 'T', 'N', 'BE403'), ('T', 'M', 'T', 'BE404'), ('C', 'M', 'T', 'BE403'), ('C', 'M', 'U', 'BE404'),
  ('V', 'M', 'T', 'BE404')) v (who, duplicate, survivor, outcome);

-- Contradictions
select is(pg_temp.merges('P', 'M', 'T', act), 'BE409 ' || tables, words)
from (values
  ('employment', $$ update employment set fte = 0.5 where id = pg_temp.fact(702) $$, 'two posts in one job at one school at once'),
  ('employment', $$ update employment set until_date = '2027-01-01' where id = pg_temp.fact(702) $$, 'two ends of one post'),
  ('role_assignment',
    $$ insert into role_assignment (id, person_id, role, school_id, from_date, until_date)
       values (pg_temp.fact(730), pg_temp.person('T'), 'director', pg_temp.school(2), '2025-01-01', '2025-09-01') $$,
    'one role in two times that overlap'),
  ('role_assignment', $$ update role_assignment set granted_by = pg_temp.person('T') where id = pg_temp.fact(703) $$,
    'a role that one entry gave the other'),
  ('absence', $$ update absence set until_date = '2026-02-01' where id = pg_temp.fact(704) $$, 'two ends of one leave'),
  ('prior_experience',
    $$ update prior_experience set declined_by = pg_temp.person('Q'), declined_at = now() where id = pg_temp.fact(484) $$,
    'one claim approved and declined'),
  ('prior_experience', $$ update prior_experience set approved_by = pg_temp.person('T') where id = pg_temp.fact(706) $$,
    'a claim that one entry approved for the other'),
  ('exemption', $$ update exemption set code = 'end_of_career' where id = pg_temp.fact(708) $$, 'two exemptions at once'),
  ('exemption', $$ update exemption set granted_by = pg_temp.person('T') where id = pg_temp.fact(709) $$,
    'an exemption that one entry granted the other'),
  ('recording', $$ update recording set coach_id = pg_temp.person('T') where id = pg_temp.fact(712) $$,
    'a recording of one entry by the other')) v (tables, act, words);
select is(
  pg_temp.merges('P', 'M', 'T',
    $$ update employment set fte = 0.5 where id = pg_temp.fact(702) $$,
    $$ update absence set until_date = '2026-02-01' where id = pg_temp.fact(704) $$),
  'BE409 absence employment', 'all contradictions are named at once');

-- What it does
create temporary table last_audit on commit drop as select max(id) as id from audit;
do $$
begin
  perform app.identify(sha256('P'), 'write');
  perform app.begin_command('request-7', null, null, 200, null);
  perform app.merge_people(pg_temp.person('M'), pg_temp.person('T'));
  perform set_config(s, '', true) from unnest(array['app.person', 'app.subject_key', 'app.adviser', 'app.request_id']) s;
end
$$;
select is((select count(*) from person where id = pg_temp.person('M')), 0::bigint, 'the duplicate is gone');
select results_eq(
  $$ select id, version from employment where person_id = pg_temp.person('T') order by id $$,
  $$ values (pg_temp.fact(184), 1), (pg_temp.fact(701), 2) $$, 'its posts moved, but for the one that was there already');
select results_eq(
  $$ select id from absence where person_id = pg_temp.person('T') order by id $$,
  $$ values (pg_temp.fact(384)), (pg_temp.fact(705)) $$, 'so did its leave');
select results_eq(
  $$ select id, claimed_by from prior_experience where person_id = pg_temp.person('T') order by id $$,
  $$ values (pg_temp.fact(706), pg_temp.person('T')), (pg_temp.fact(707), pg_temp.person('T')) $$,
  'of the same experience claimed twice, the claim that was decided stays');
select results_eq(
  $$ select id from exemption where person_id = pg_temp.person('T') order by id $$,
  $$ values (pg_temp.fact(584)), (pg_temp.fact(709)) $$, 'exemptions are kept once');
select results_eq(
  $$ select id from recording where teacher_id = pg_temp.person('T') order by id $$,
  $$ values (pg_temp.fact(710)), (pg_temp.fact(712)) $$, 'and so are recordings');
select is(
  (
    select string_agg(key || ' ' || convert_from(hash, 'UTF8'), ', ' order by key)
    from command
    where person_id = pg_temp.person('T')),
  'both b, k a', 'a command given to the one is not done again for the other');
select is(
  (select person_id from import where id = pg_temp.fact(721)), pg_temp.person('T'), 'a file that was uploaded by the one is the other''s');
select results_eq(
  $$ select person_number, email, subject, version from registration where person_id = pg_temp.person('T') $$,
  $$ values ('N84', 't@example.org', 'sub-m', 2) $$, 'the registration is the survivor''s, its empty parts filled');
select results_eq(
  $$ select survivor_id, subject_key, merged_by from merged_person where id = pg_temp.person('M') $$,
  $$ select pg_temp.person('T'), key, pg_temp.person('P') from gone $$, 'the entry that is gone is remembered');
select is(
  pg_temp.given(who, $$ select from merged_person $$), outcome, format('%s follows %s traces', who, outcome))
from (values ('P', '1'), ('Q', '1'), ('V', '1'), ('A', '0'), ('T', '0'), ('S', '0'), ('D', '0'), ('C', '0')) v (who, outcome);
select is(pg_temp.given('M', 'select from person where id = pg_temp.person(''T'')'), '1', 'its token is the survivor''s');
select results_eq(
  $$ select distinct director_of from access where person_id = pg_temp.person('T') and until_date > '2026-01-01' $$,
  $$ values (array[pg_temp.school(2)]) $$, 'and its role opens to the survivor what it opened');
select is((select count(*) from access where person_id = pg_temp.person('M')), 0::bigint, 'and to nobody else');
select is(
  (
    select count(*)
    from audit a
    where a.id > (select id from last_audit)
      and (a.actor_key, a.request_id, a.origin) is distinct from (
        (select p.subject_key from person p where p.id = pg_temp.person('P')), 'request-7', 'api')),
  0::bigint, 'all of it stands in the audit as its maker''s, under the request');
select isnt_empty(
  $$ select from audit a join gone g on g.key::text = a.row_id where a.table_name = 'merged_person' $$,
  'the merge itself too');
select is_empty(
  format(
    'select a.* from audit a, last_audit l where a.id > l.id and (row_id = %1$L or before::text like %2$L or after::text like %2$L)',
    pg_temp.person('M'), '%' || pg_temp.person('M') || '%'),
  'and no row of it leads from a key to the id that stored runs still have');
do $$ begin perform app.identify(sha256('Q')); end $$;
select results_eq(
  $$ select n.person_id, n.name from app.visible_names(array(select key from gone)) n $$,
  $$ values (pg_temp.person('T'), 'Person T') $$, 'the key that is gone leads to the survivor''s name');
select throws_ok(
  $$ select app.merge_people(pg_temp.person('M'), pg_temp.person('T')) $$, 'BE404', null, 'twice is once');

do $$ begin perform set_config('app.person', '', true), set_config('app.subject_key', '', true), set_config('app.adviser', '', true); end $$;

-- The personnel system goes on knowing two.
create function pg_temp.file(numbers text[]) returns table (object text, act text, number bigint) language plpgsql as $$
begin
  perform app.import_begin(), app.import_staff_begin();
  insert into pg_temp.incoming_staff (line, employment_id, person_id, person_number, name, school_code, job, fte, from_date)
  select n, gen_random_uuid(), gen_random_uuid(), numbers[n], 'Person T', '02AA00', 'teacher', 0.2, '2024-08-01'
  from generate_subscripts(numbers, 1) n;
  perform app.import_staff_check(false);
  return query select * from app.import_staff_counts();
end
$$;
set local role beeld_jobs;
select results_eq(
  $$ select * from pg_temp.file(array['N77']) order by 1 $$,
  $$ values ('employment', 'unchanged', 1::bigint), ('person', 'unchanged', 1::bigint) $$,
  'a file with the number that is gone speaks of the survivor');
select is(app.import_fault_count(), 0::bigint, 'without a fault');
reset role;
insert into person (id, name) values (pg_temp.person('R'), 'Person T');
insert into registration (person_id, person_number) values (pg_temp.person('R'), 'N77');
set local role beeld_jobs;
select results_eq(
  $$ select * from pg_temp.file(array['N77']) order by 1 $$,
  $$ values ('employment', 'new', 1::bigint), ('person', 'unchanged', 1::bigint) $$,
  'unless the number was given to somebody since');
reset role;
do $$ begin perform app.identify(sha256('Q')); end $$;
select lives_ok($$ select app.merge_people(pg_temp.person('R'), pg_temp.person('T')) $$, 'and that entry may be merged too');
select results_eq(
  $$ select id from merged_person where person_number = 'N77' $$, $$ values (pg_temp.person('R')) $$,
  'whereupon the number is that one''s');

-- A trace leads on when its end is merged too.
delete from employment where person_id = pg_temp.person('U');
delete from absence where person_id = pg_temp.person('U');
delete from prior_experience where person_id = pg_temp.person('U');
delete from exemption where person_id = pg_temp.person('U');
select lives_ok($$ select app.merge_people(pg_temp.person('T'), pg_temp.person('U')) $$, 'a survivor may be merged in turn');
select results_eq(
  $$ select id, survivor_id from merged_person order by id $$,
  $$
    values
      (pg_temp.person('M'), pg_temp.person('U')), (pg_temp.person('R'), pg_temp.person('U')),
      (pg_temp.person('T'), pg_temp.person('U'))
  $$,
  'all traces lead to the last');
delete from person where id = pg_temp.person('U');
select is((select count(*) from merged_person), 0::bigint, 'and go when the person is erased');

-- K is another entry of J, and has filmed, granted, decided and merged.
insert into person (id, name) select pg_temp.person(who), 'Person ' || who from unnest(array['J', 'K']) who;
insert into registration (person_id, person_number, email)
values (pg_temp.person('J'), 'N74', null), (pg_temp.person('K'), 'N75', 'k@example.org');
insert into role_assignment (id, person_id, role, from_date, granted_by)
values
  (pg_temp.fact(740), pg_temp.person('J'), 'coach', '2025-08-01', null),
  (pg_temp.fact(741), pg_temp.person('K'), 'coach', '2025-08-01', pg_temp.person('Q')),
  (pg_temp.fact(742), pg_temp.person('N'), 'coach', '2025-08-01', pg_temp.person('K'));
insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
values (pg_temp.fact(743), pg_temp.person('N'), 'other_agreement', 'Letter', '2025-01-01', '2025-06-01', pg_temp.person('K'));
insert into prior_experience (id, person_id, from_date, until_date, evidence, approved_by, approved_at, declined_by, declined_at)
values
  (pg_temp.fact(744), pg_temp.person('N'), '2020-01-01', '2021-01-01', 'Letter', pg_temp.person('K'), now(), null, null),
  (pg_temp.fact(745), pg_temp.person('N'), '2021-01-01', '2022-01-01', 'Letter', null, null, pg_temp.person('K'), now());
insert into policy (version, valid_from, programme_start, decided_by) values (2, '2027-01-01', '2023-08-01', pg_temp.person('K'));
select set_config('app.person', '', true);
insert into recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for)
values (pg_temp.fact(746), pg_temp.person('N'), pg_temp.person('K'), 'starter_programme', 'planned', '2026-10-01', '2026-12-01');
insert into coach_unavailability (id, person_id, from_date, until_date)
values (pg_temp.fact(750), pg_temp.person('K'), '2027-01-01', '2027-01-08');
insert into calendar_feed (id, person_id, hash) values (pg_temp.fact(751), pg_temp.person('K'), sha256('feed'));
insert into request (id, teacher_id, origin, state, made_by, made_as, coach_id, expires_on, aim, subject, state_by)
values (
  pg_temp.fact(752), pg_temp.person('N'), 'starter_programme', 'assigned', pg_temp.person('K'), 'adviser', pg_temp.person('K'),
  '2026-12-01', 'personal', 'interaction', pg_temp.person('K'));
insert into trajectory (id, request_id, teacher_id, coach_id, origin, state, state_by)
values (pg_temp.fact(753), pg_temp.fact(752), pg_temp.person('N'), pg_temp.person('K'), 'starter_programme', 'open', pg_temp.person('K'));
insert into follow_up (id, trajectory_id, teacher_id, coach_id, talk_on)
values (pg_temp.fact(754), pg_temp.fact(753), pg_temp.person('N'), pg_temp.person('K'), '2026-12-01');
insert into carrier (id, kind, name) values (pg_temp.fact(755), 'usb', 'Stick');
insert into copy (id, recording_id, teacher_id, holder_id, given_to, carrier_id, carrier_kind, state, state_by)
values (
  pg_temp.fact(756), pg_temp.fact(746), pg_temp.person('N'), pg_temp.person('K'), pg_temp.person('K'), pg_temp.fact(755), 'usb', 'lost',
  pg_temp.person('K'));
insert into breach (id, copy_id, due_at, settled_at, settled_by, outcome)
values (pg_temp.fact(757), pg_temp.fact(756), '2026-11-05Z', '2026-11-03Z', pg_temp.person('K'), 'reported');
insert into agreement (id, kind, trajectory_id, teacher_id, coach_id, new_coach_id, proposed_by, proposed_as, state, state_by)
values (
  pg_temp.fact(758), 'change_of_coach', pg_temp.fact(753), pg_temp.person('N'), pg_temp.person('K'), pg_temp.person('K'), pg_temp.person('K'),
  'adviser', 'declined', pg_temp.person('K'));
insert into notice (id, school_id, school_year, channel, reference, published_on, attested_by, attested_at)
values (pg_temp.fact(760), pg_temp.school(1), 2026, 'website', 'Told', '2026-08-20', pg_temp.person('K'), '2026-08-20Z');
insert into objection (id, school_id, received_on, state, answered_on, state_by)
values (pg_temp.fact(761), pg_temp.school(1), '2026-10-01', 'measure_set', '2026-10-02', pg_temp.person('K'));
insert into measure (id, objection_id, kind, covers_sound, state_by)
values (pg_temp.fact(762), pg_temp.fact(761), 'cut', true, pg_temp.person('K'));
insert into promise (id, recording_id, measure_id, coach_id, state, state_by)
values (pg_temp.fact(763), pg_temp.fact(746), pg_temp.fact(762), pg_temp.person('K'), 'attested', pg_temp.person('K'));
insert into quarantine (id, recording_id, teacher_id, cause, codes, state, state_by)
values
  (pg_temp.fact(764), pg_temp.fact(746), pg_temp.person('K'), 'no_clearance', '{notice_missing}', 'released', null),
  (pg_temp.fact(765), pg_temp.fact(746), pg_temp.person('N'), 'no_clearance', '{notice_missing}', 'released', pg_temp.person('K'));
select app.identify(sha256('P'), 'write');
insert into merged_person (id, survivor_id, subject_key, merged_at, merged_by)
values (pg_temp.fact(747), pg_temp.person('N'), pg_temp.fact(747), now(), pg_temp.person('K'));
select lives_ok($$ select app.merge_people(pg_temp.person('K'), pg_temp.person('J')) $$, 'two entries of one coach are merged');
select results_eq(
  $$ select id from role_assignment where person_id = pg_temp.person('J') $$, $$ values (pg_temp.fact(740)) $$,
  'a role that both had is had once');
select is((select email from registration where person_id = pg_temp.person('J')), 'k@example.org', 'an address that only one had is kept');
select is(doer, pg_temp.person('J'), format('what the one did, the other has done: %s', act))
from (
  select 'a recording', coach_id from recording where id = pg_temp.fact(746)
  union all select 'days away', person_id from coach_unavailability where id = pg_temp.fact(750)
  union all select 'a calendar', person_id from calendar_feed where id = pg_temp.fact(751)
  union all select 'a request made', made_by from request where id = pg_temp.fact(752)
  union all select 'a request taken on', coach_id from request where id = pg_temp.fact(752)
  union all select 'a step of a request', state_by from request where id = pg_temp.fact(752)
  union all select 'guidance', coach_id from trajectory where id = pg_temp.fact(753)
  union all select 'a step of it', state_by from trajectory where id = pg_temp.fact(753)
  union all select 'a talk', coach_id from follow_up where id = pg_temp.fact(754)
  union all select 'a copy held', holder_id from copy where id = pg_temp.fact(756)
  union all select 'a copy taken over', given_to from copy where id = pg_temp.fact(756)
  union all select 'a copy lost', state_by from copy where id = pg_temp.fact(756)
  union all select 'a loss judged', settled_by from breach where id = pg_temp.fact(757)
  union all select 'an agreement''s coach', coach_id from agreement where id = pg_temp.fact(758)
  union all select 'who was to go on', new_coach_id from agreement where id = pg_temp.fact(758)
  union all select 'a proposal', proposed_by from agreement where id = pg_temp.fact(758)
  union all select 'a decision', state_by from agreement where id = pg_temp.fact(758)
  union all select 'what parents were told', attested_by from notice where id = pg_temp.fact(760)
  union all select 'a step of an objection', state_by from objection where id = pg_temp.fact(761)
  union all select 'a measure', state_by from measure where id = pg_temp.fact(762)
  union all select 'a promise', coach_id from promise where id = pg_temp.fact(763)
  union all select 'what became of it', state_by from promise where id = pg_temp.fact(763)
  union all select 'a quarantine', teacher_id from quarantine where id = pg_temp.fact(764)
  union all select 'its release', state_by from quarantine where id = pg_temp.fact(765)
  union all select 'a role', granted_by from role_assignment where id = pg_temp.fact(742)
  union all select 'an exemption', granted_by from exemption where id = pg_temp.fact(743)
  union all select 'an approval', approved_by from prior_experience where id = pg_temp.fact(744)
  union all select 'a refusal', declined_by from prior_experience where id = pg_temp.fact(745)
  union all select 'a version of the rules', decided_by from policy where version = 2
  union all select 'a merge', merged_by from merged_person where id = pg_temp.fact(747)) d (act, doer);

-- Whatever refers to a person is moved, derived from what moves (access), or filled where it is empty (registration).
select is(
  array(
    select format('%s.%s', c.conrelid::regclass, a.attname)
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f'
      and c.confrelid = 'person'::regclass
    order by 1
  ),
  array[
    'absence.person_id', 'access.person_id', 'agreement.coach_id', 'agreement.new_coach_id', 'agreement.proposed_by',
    'agreement.state_by', 'agreement.teacher_id', 'api_token.person_id', 'breach.settled_by', 'coach.person_id',
    'command.person_id', 'consent.recipient_id', 'consent.state_by', 'consent.teacher_id', 'content.teacher_id',
    'copy.given_to', 'copy.holder_id', 'copy.state_by', 'copy.teacher_id', 'data_key.person_id', 'employment.person_id',
    'exemption.granted_by', 'exemption.person_id', 'follow_up.coach_id', 'follow_up.teacher_id', 'import.person_id',
    'measure.state_by', 'merged_person.merged_by', 'merged_person.survivor_id', 'notice.attested_by', 'objection.state_by',
    'policy.decided_by', 'prior_experience.approved_by', 'prior_experience.claimed_by', 'prior_experience.declined_by',
    'prior_experience.person_id', 'promise.coach_id', 'promise.state_by', 'quarantine.state_by', 'quarantine.teacher_id',
    'recording.coach_id', 'recording.state_by', 'recording.teacher_id', 'registration.person_id',
    'report_acknowledgement.made_by', 'report_delivery.person_id', 'report_unsubscription.person_id', 'request.coach_id', 'request.made_by',
    'request.state_by', 'request.teacher_id', 'role_assignment.granted_by', 'role_assignment.person_id',
    'storyboard.state_by', 'storyboard.teacher_id', 'trajectory.coach_id', 'trajectory.state_by', 'trajectory.teacher_id'
  ],
  'merging knows every reference to a person');

select * from finish();
rollback;
