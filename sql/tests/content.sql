-- Content: who writes it, who reads it, and who does not, whatever roles they hold; keys, consents, storyboards.
begin;
\ir fixture/board.sql
select no_plan();

-- T is coached by C: a request of own wish (1), its trajectory (2), a recording made (3) and one planned (4). U, of
-- school 2, has a request (5) without any trajectory.
set local session_replication_role = replica;
insert into request (id, teacher_id, origin, state, made_by, made_as, aim, subject, coach_id)
values
  (pg_temp.fact(1), pg_temp.person('T'), 'own_wish', 'assigned', pg_temp.person('T'), 'teacher', 'personal', 'didactics', pg_temp.person('C')),
  (pg_temp.fact(5), pg_temp.person('U'), 'own_wish', 'submitted', pg_temp.person('U'), 'teacher', 'personal', 'didactics', null);
insert into trajectory (id, request_id, teacher_id, coach_id, origin, state)
values (pg_temp.fact(2), pg_temp.fact(1), pg_temp.person('T'), pg_temp.person('C'), 'own_wish', 'open');
insert into recording (id, teacher_id, coach_id, group_id, origin, counts_for_programme, state, planned_on, scheduled_for, recorded_on, trajectory_id, ordinal)
values
  (pg_temp.fact(3), pg_temp.person('T'), pg_temp.person('C'), pg_temp.fact(1), 'own_wish', false, 'made', '2026-10-01', '2026-10-08', '2026-10-08', pg_temp.fact(2), 1),
  (pg_temp.fact(4), pg_temp.person('T'), pg_temp.person('C'), pg_temp.fact(1), 'own_wish', false, 'planned', '2026-10-01', '2026-12-08', null, pg_temp.fact(2), 2);
set local session_replication_role = origin;

create function pg_temp.key(n integer) returns uuid language sql immutable as $$ select pg_temp.fact(900 + n) $$;
create function pg_temp.wrapped(n integer) returns bytea language sql immutable as $$
  select decode(repeat(lpad(to_hex(n), 2, '0'), 61), 'hex')
$$;
create function pg_temp.sealed(words text) returns bytea language sql immutable as $$ select convert_to(rpad(words, 40), 'UTF8') $$;
-- The statement that writes: key n is new when it is wrapped.
create function pg_temp.writing(kind text, item integer, version text, key integer, is_new boolean, words text) returns text language sql as $$
  select format('select app.write_content(%L, %L, %s, false, %L, %L, %s, %L)',
    kind, pg_temp.fact(item), version, pg_temp.key(key), 'first', case when is_new then quote_literal(pg_temp.wrapped(key)) || '::bytea' else 'null' end, pg_temp.sealed(words))
$$;
create function pg_temp.reading(kind text, item integer) returns text language sql as $$
  select format('select * from app.read_content(%L, %L)', kind, pg_temp.fact(item))
$$;
-- As `given`, and it stays; the transaction of the one who does it ends here.
create function pg_temp.done(who text, variadic statements text[]) returns text language plpgsql as $$
declare
  statement text;
  outcome text;
  saying text;
  bounds text;
  setting text;
begin
  begin
    set local role beeld_app;
    perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
    foreach statement in array statements
    loop
      execute statement into outcome;
    end loop;
    set constraints all immediate;
    set constraints all deferred;
    reset role;
    for setting in select unnest(array['person', 'subject_key', 'coach', 'adviser', 'privacy_officer', 'system_admin', 'director_of', 'school_admin_of', 'schools', 'request_id'])
    loop
      perform set_config('app.' || setting, '', true);
    end loop;
    return coalesce(outcome, '');
  exception when others then
    get stacked diagnostics saying = pg_exception_detail, bounds = constraint_name;
    return case when bounds <> '' then bounds else trim(concat_ws(' ', sqlstate, saying)) end;
  end;
end
$$;
create function pg_temp.asked_by_all(act text) returns text language sql as $$
  select string_agg(who || ' ' || pg_temp.given(who, act), ', ' order by n)
  from unnest(array['T', 'U', 'C', 'D', 'S', 'P', 'V', 'A']) with ordinality w (who, n)
$$;

-- Nobody but the functions
select is(
  array(
    select r || ' ' || t || ' ' || p
    from unnest(array['beeld_app', 'beeld_jobs']) r
    cross join unnest(array['data_key', 'content']) t
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
    where has_table_privilege(r, 'beeld.' || t, p)
      or p in ('select', 'insert', 'update', 'references') and has_any_column_privilege(r, 'beeld.' || t, p)),
  '{}', 'neither the API nor the server''s own work is granted anything on content or keys');
select is_empty(
  $$ select from pg_policy where polrelid in ('content'::regclass, 'data_key'::regclass) $$,
  'and no policy shows anybody a row of them');
select is(
  array(
    select p.proname::text
    from pg_proc p
    where p.pronamespace = 'app'::regnamespace
      and has_function_privilege('beeld_jobs', p.oid, 'execute')
      and pg_get_functiondef(p.oid) ~ '\mcontent\M'
      and p.prokind = 'f'
    order by 1),
  '{}', 'the server''s own work has no function that reaches content');

-- Writing
select is(
  pg_temp.asked_by_all(pg_temp.writing('learning_question', 1, '0', 1, true, 'Q')),
  'T 1, U BE404, C BE403, D BE404, S BE404, P BE403, V BE404, A BE404',
  'a learning question is written by its teacher alone; who knows of the request is told that it is not theirs, others that it is not there');
select is(
  pg_temp.asked_by_all(pg_temp.writing('reflection', 3, '0', 1, true, 'Q')),
  'T 1, U BE404, C BE403, D BE404, S BE404, P BE403, V BE404, A BE404', 'so is a reflection');
select is(
  pg_temp.given('T', pg_temp.writing('reflection', 4, '0', 1, true, 'Q')), 'BE409 nothing_filmed',
  'nobody reflects on what has not been filmed');
select is(
  pg_temp.given('T', pg_temp.writing('learning_question', 77, '0', 1, true, 'Q')), 'BE404',
  'nobody writes for what is not there');
select is(
  pg_temp.done('T', format('select app.write_content(%L, %L, 0, true, %L, %L, %L, %L)',
    'learning_question', pg_temp.fact(77), pg_temp.key(1), 'first', pg_temp.wrapped(1), pg_temp.sealed('Q'))),
  'BE404', 'a text before its request needs the request when the transaction ends');
select throws_like(
  format('insert into content (kind, item_id, teacher_id, data_key_id, sealed) values (%L, %L, %L, %L, %L)',
    'footage', pg_temp.fact(3), pg_temp.person('T'), pg_temp.key(1), pg_temp.sealed('')),
  '%content_kind_known%', 'footage itself is no content of ours');

select is(pg_temp.done('T', pg_temp.writing('learning_question', 1, '0', 1, true, 'first')), '1', 'the first text brings its key');
select is(pg_temp.done('T', pg_temp.writing('learning_question', 1, '0', 1, false, 'again')), 'BE412 1', 'a second first text is refused');
select is(pg_temp.done('T', pg_temp.writing('learning_question', 1, '7', 1, false, 'again')), 'BE412 1', 'so is one for a version that it has not');
select is(pg_temp.done('T', pg_temp.writing('learning_question', 1, '1', 1, false, 'second')), '2', 'the version that it has is replaced');
select is(pg_temp.done('T', pg_temp.writing('learning_question', 1, 'null', 1, false, 'third')), '3', 'or whichever there is');
select is(pg_temp.given('T', pg_temp.writing('learning_question', 1, '-1', 1, false, 'fourth')), '1', 'or whichever there is, or none');
select is(pg_temp.given('T', pg_temp.writing('reflection', 3, '-1', 1, false, 'first')), '1', 'none, here');
select is(pg_temp.done('T', pg_temp.writing('reflection', 3, 'null', 1, false, 'none')), 'BE412 0', 'where there is one');
select is(pg_temp.done('T', pg_temp.writing('reflection', 3, '0', 2, true, 'other')), '40001 data_key', 'whoever comes second with a key of their own is told to take the one that there is');
select is(pg_temp.done('T', pg_temp.writing('reflection', 3, '0', 2, false, 'other')), '40001 data_key', 'nor is anything sealed under a key that there is not');
select is(pg_temp.done('T', pg_temp.writing('reflection', 3, '0', 1, false, 'reflection')), '1', 'then it is written');
select is(pg_temp.done('U', pg_temp.writing('learning_question', 5, '0', 1, false, 'theft')), '40001 data_key', 'nobody seals under another''s key');
select is(pg_temp.done('U', pg_temp.writing('learning_question', 5, '0', 3, true, 'of U')), '1', 'each has a key of their own');
select results_eq(
  $$ select count(*), count(distinct person_id) from data_key $$, $$ values (2::bigint, 2::bigint) $$, 'one for each who wrote');
select throws_like(
  format('insert into data_key (id, person_id, bound_to, master_key, wrapped) values (%L, %L, %L, %L, %L)',
    pg_temp.key(9), pg_temp.person('T'), pg_temp.person('T'), 'first', pg_temp.wrapped(9)),
  '%data_key_one_live_per_person%', 'and not two');
select is(
  pg_temp.given('T', 'select * from app.my_data_key() where id = ' || quote_literal(pg_temp.key(1)) || ' and wrapped is not null'), '1',
  'one is given the own key, wrapped');
select is(
  pg_temp.given('P', 'select * from app.my_data_key() where id is null and person_id = ' || quote_literal(pg_temp.person('P'))), '1',
  'who has none yet, none');

-- Reading
select is(
  pg_temp.asked_by_all(pg_temp.reading('learning_question', 1)),
  'T 1, U BE404, C 1, D BE404, S BE404, P BE404, V BE404, A BE404',
  'a learning question is read by its teacher and by the coach of the trajectory, and by no role beside');
select is(
  pg_temp.asked_by_all(pg_temp.reading('reflection', 3)),
  'T 1, U BE404, C 1, D BE404, S BE404, P BE404, V BE404, A BE404', 'so is a reflection');
select is(
  pg_temp.asked_by_all(pg_temp.reading('learning_question', 5)),
  'T BE404, U 1, C BE404, D BE404, S BE404, P BE404, V BE404, A BE404', 'before an assignment no coach reads it');
select is(
  pg_temp.asked_by_all(pg_temp.reading('learning_question', 3)),
  'T BE404, U BE404, C BE404, D BE404, S BE404, P BE404, V BE404, A BE404', 'a text is not found under another kind');
select throws_ok(pg_temp.reading('learning_question', 1), 'BE404', null, 'without an identity nothing is found');
create function pg_temp.coach_in(state text) returns text language plpgsql as $$
begin
  set local session_replication_role = replica;
  update beeld.trajectory t set state = coach_in.state;
  set local session_replication_role = origin;
  return pg_temp.given('C', pg_temp.reading('learning_question', 1)) || ' ' || pg_temp.given('C', pg_temp.reading('reflection', 3));
end
$$;
select is(pg_temp.coach_in(state), outcome, format('the coach of a trajectory that is %s', state))
from (values ('paused', '1 1'), ('closing', 'BE404 BE404'), ('closed', 'BE404 BE404'), ('open', '1 1')) v (state, outcome);
update role_assignment set until_date = '2026-11-02' where person_id = pg_temp.person('C');
select is(pg_temp.given('C', pg_temp.reading('learning_question', 1)), 'BE404', 'who is coach no longer reads nothing from the next request on');
update role_assignment set until_date = null where person_id = pg_temp.person('C');

-- Reading is written down
create function pg_temp.last_audit() returns audit language sql as $$ select a from audit a order by id desc limit 1 $$;
select is(pg_temp.done('T', pg_temp.reading('reflection', 3)) <> '', true, 'the teacher reads');
select isnt((pg_temp.last_audit()).act, 'read', 'and nothing is written down');
select is(
  pg_temp.done('C', $$ select set_config('app.request_id', 'r-7', true) $$, pg_temp.reading('reflection', 3)) <> '', true,
  'the coach reads');
select is((pg_temp.last_audit()).act, 'read', 'which is written down');
select is((pg_temp.last_audit()).actor_key, (select subject_key from person where id = pg_temp.person('C')), 'with who it was');
select is((pg_temp.last_audit()).subject_key, (select subject_key from person where id = pg_temp.person('T')), 'whose it is');
select is((pg_temp.last_audit()).row_id, pg_temp.fact(3)::text, 'on what');
select is((pg_temp.last_audit()).after, '{"kind": "reflection"}'::jsonb, 'of which kind');
select is((pg_temp.last_audit()).request_id, 'r-7', 'in which request');
select is(pg_temp.given('T', $$ select from audit where act = 'read' $$), '1', 'the teacher sees that');
select is(pg_temp.given('D', $$ select from audit where act = 'read' $$), '0', 'the director does not');
select is(
  (select count(*) from audit where (before is not null or after is not null) and coalesce(before::text, '') || coalesce(after::text, '') ~ 'sealed|wrapped'),
  0::bigint, 'what is sealed and what is wrapped is never in the audit');
select isnt_empty(
  $$ select from audit where table_name = 'content' and act = 'update' and changed @> '{sealed}' $$, 'only that it changed');

-- Storyboards
select is(
  pg_temp.given('T', format('select app.begin_storyboard(%L, %L)', pg_temp.fact(10), pg_temp.fact(77))), 'BE422 /trajectory',
  'a storyboard comes out of guidance');
select is(
  pg_temp.given('U', format('select app.begin_storyboard(%L, %L)', pg_temp.fact(10), pg_temp.fact(2))), 'BE422 /trajectory',
  'of one''s own');
select is(pg_temp.done('T', format('select app.begin_storyboard(%L, %L)', pg_temp.fact(10), pg_temp.fact(2))), '', 'a teacher begins one');
select is(pg_temp.done('T', pg_temp.writing('storyboard', 10, '0', 1, false, 'board')), '1', 'and writes its text');
select is(
  pg_temp.asked_by_all(pg_temp.reading('storyboard', 10)),
  'T 1, U BE404, C BE404, D BE404, S BE404, P BE404, V BE404, A BE404', 'which nobody else reads, the coach included');
select is(
  pg_temp.asked_by_all('select from storyboard_resource'), 'T 1, U 0, C 0, D 0, S 0, P 0, V 0, A 0',
  'nor knows of');
create function pg_temp.presenting(orally text) returns text language sql as $$
  select format('select app.move_storyboard(%L, null, %L, %s)', pg_temp.fact(10), 'presented', orally)
$$;
select is(pg_temp.given('T', pg_temp.presenting('null')), 'BE409 not_opened', 'unopened it is not presented');
select is(pg_temp.given('T', pg_temp.presenting($$'2026-11-01'$$)), '1', 'but where it was presented orally');
select is(
  pg_temp.asked_by_all(pg_temp.presenting($$'2026-11-01'$$)),
  'T 1, U BE404, C BE404, D BE404, S BE404, P BE404, V BE404, A BE404', 'by the teacher alone');
select is(
  pg_temp.given('T', pg_temp.presenting($$'2026-11-01'$$), pg_temp.presenting($$'2026-11-01'$$)), 'BE409 transitions:',
  'and once');
select results_eq(
  $$ select body ->> 'state', body -> 'allowed_transitions' #>> '{}' from storyboard_resource $$,
  $$ values ('draft', '[]') $$, 'who is nobody to it may take no step');

-- Consents
create function pg_temp.granting(n integer, recipient text, kind text, item integer, until text) returns text language sql as $$
  select format('select app.grant_consent(%L, %L, %L, %L, %L, %L)', pg_temp.fact(n), pg_temp.person(recipient), kind, pg_temp.fact(item), 'support', until)
$$;
select is(pg_temp.given(who, pg_temp.granting(20, recipient, kind, item, until)), outcome, words)
from (values
  ('T', 'D', 'reflection', 3, '2027-11-02', '1', 'a teacher opens a reflection for a year'),
  ('T', 'P', 'footage', 3, '2026-11-03', '1', 'the footage of a recording for a day'),
  ('T', 'C', 'storyboard', 10, '2027-11-02', '1', 'a storyboard to the coach'),
  ('T', 'D', 'reflection', 3, '2027-11-03', 'consent_a_year_at_most', 'not for longer'),
  ('T', 'D', 'reflection', 3, '2026-11-02', 'consent_until_ahead', 'nor until a day that has come'),
  ('T', 'T', 'reflection', 3, '2026-12-02', 'BE422 /recipient', 'nor to oneself'),
  ('C', 'C', 'reflection', 3, '2026-12-02', 'BE422 /item', 'a coach gives none'),
  ('D', 'P', 'reflection', 3, '2026-12-02', 'BE422 /item', 'nor a director'),
  ('U', 'P', 'reflection', 3, '2026-12-02', 'BE422 /item', 'nor another teacher'),
  ('U', 'D', 'learning_question', 5, '2026-12-02', 'BE422 /recipient', 'a director of another school receives none'),
  ('T', 'S', 'reflection', 3, '2026-12-02', 'BE422 /recipient', 'nor a school''s administration'),
  ('T', 'V', 'reflection', 3, '2026-12-02', 'BE422 /recipient', 'nor the privacy officer'),
  ('T', 'A', 'reflection', 3, '2026-12-02', 'BE422 /recipient', 'nor the system administrator'),
  ('T', 'U', 'reflection', 3, '2026-12-02', 'BE422 /recipient', 'nor a colleague'),
  ('T', 'V', 'reflection', 77, '2026-12-02', 'BE422 /item /recipient', 'both are named where both are wrong'),
  ('T', 'D', 'thoughts', 3, '2026-12-02', 'BE422 /item', 'there are four kinds')) v (who, recipient, kind, item, until, outcome, words);

select is(pg_temp.done('T', pg_temp.granting(20, 'D', 'reflection', 3, '2027-01-01')), '', 'T opens a reflection to D');
select is(
  pg_temp.asked_by_all(pg_temp.reading('reflection', 3)),
  'T 1, U BE404, C 1, D 1, S BE404, P BE404, V BE404, A BE404', 'who reads it, and nobody beside');
select is(
  pg_temp.asked_by_all(pg_temp.reading('learning_question', 1)),
  'T 1, U BE404, C 1, D BE404, S BE404, P BE404, V BE404, A BE404', 'and nothing beside it');
select is(pg_temp.given('D', pg_temp.writing('reflection', 3, '1', 1, false, 'mine')), 'BE403', 'nor writes it');
select is(
  pg_temp.asked_by_all('select from consent_resource'), 'T 1, U 0, C 0, D 1, S 0, P 0, V 0, A 0',
  'a consent is seen by who gave and who got it');
select is(
  pg_temp.given('T', $$ select from consent_resource where body -> 'recipient' ->> 'name' = 'Person D' and body -> 'allowed_transitions' ->> 0 = 'withdrawn' $$),
  '1', 'by name, and its teacher may withdraw it');
select is(
  pg_temp.given('D', $$ select from consent_resource where body -> 'teacher' ->> 'name' = 'Person T' and body ->> 'allowed_transitions' = '[]' $$),
  '1', 'who got it may not');
select is(pg_temp.done('T', pg_temp.granting(21, 'D', 'reflection', 3, '2027-02-01')), 'consent_one_granted', 'a second one for the same is refused');
create function pg_temp.withdrawing(n integer) returns text language sql as $$
  select format('select app.move_consent(%L, null, %L, null)', pg_temp.fact(n), 'withdrawn')
$$;
select is(
  pg_temp.asked_by_all(pg_temp.withdrawing(20)), 'T 1, U BE404, C BE404, D BE403, S BE404, P BE404, V BE404, A BE404',
  'its teacher alone withdraws it');
select is(
  pg_temp.given('T', format('select app.move_consent(%L, null, %L, null)', pg_temp.fact(20), 'expired')), 'BE403',
  'that it expires is nobody''s to say');
select is(pg_temp.done('T', pg_temp.withdrawing(20)), '', 'withdrawn');
select is(
  pg_temp.asked_by_all(pg_temp.reading('reflection', 3)),
  'T 1, U BE404, C 1, D BE404, S BE404, P BE404, V BE404, A BE404', 'it opens nothing, from the very next request on');
select is(
  pg_temp.asked_by_all('select from consent_resource'), 'T 1, U 0, C 0, D 0, S 0, P 0, V 0, A 0', 'nor is it seen by who had it');
select is(pg_temp.given('T', pg_temp.withdrawing(20)), 'BE409 transitions:', 'it does not come back');
select is(pg_temp.done('T', pg_temp.granting(21, 'D', 'reflection', 3, '2026-11-04')), '', 'a new one does');
set local app.now = '2026-11-03 22:59:59Z';
select is(pg_temp.given('D', pg_temp.reading('reflection', 3)), '1', 'on its last day it holds');
set local app.now = '2026-11-03 23:00:00Z';
select is(pg_temp.given('D', pg_temp.reading('reflection', 3)), 'BE404', 'at the midnight in Amsterdam it does not, before anybody has marked it');
select is(pg_temp.given('T', pg_temp.granting(22, 'D', 'reflection', 3, '2027-01-01')), '1', 'nor is it in the way of a new one');
select is(app.expire_consents(), 1, 'the server marks it');
select results_eq(
  $$ select state, state_by, version from consent where id = pg_temp.fact(21) $$, $$ values ('expired', null::uuid, 2) $$, 'of its own');
select is(app.expire_consents(), 0, 'once');
set local app.now = '2026-11-02 12:00:00Z';

-- A storyboard opened to the director is presented
select is(pg_temp.done('T', pg_temp.granting(23, 'P', 'storyboard', 10, '2027-01-01')), '', 'opened to the adviser');
select is((select state from storyboard), 'draft', 'it is not presented');
select is(pg_temp.given('P', pg_temp.presenting('null')), 'BE403', 'nor does the adviser present it');
select is(
  pg_temp.asked_by_all('select from storyboard_resource'), 'T 1, U 0, C 0, D 0, S 0, P 1, V 0, A 0', 'who sees that it is there');
select is(pg_temp.done('T', pg_temp.granting(24, 'D', 'storyboard', 10, '2027-01-01')), '', 'opened to the director');
select results_eq(
  $$ select state, state_by, presented_orally_on from storyboard $$, $$ values ('presented', pg_temp.person('T'), null::civil_date) $$, 'it is, by the teacher');
select is(
  pg_temp.asked_by_all(pg_temp.reading('storyboard', 10)),
  'T 1, U BE404, C BE404, D 1, S BE404, P 1, V BE404, A BE404', 'and is read by both');

-- Recipients
select is(
  pg_temp.given('T', $$ select from app.my_recipients() where role = 'director' and name = 'Person D' $$), '1', 'a teacher is told who directs the school');
select is(
  pg_temp.given('U', $$ select from app.my_recipients() where role = 'director' $$), '0', 'of one''s own');
select is_empty(
  $$ select from app.my_recipients() $$, 'nobody is told anything without an identity');

-- How many, for whom none of them is to be seen
select is(
  pg_temp.asked_by_all('select from app.consent_counts() c where c is not null'),
  'T 0, U 0, C 0, D 0, S 0, P 0, V 1, A 0', 'consents are counted for the privacy officer alone');

-- Rotation
select results_eq($$ select * from app.data_key_counts() $$, $$ values ('first', 2::bigint) $$, 'the operator counts keys by what wraps them');
select is((select count(*) from app.data_keys_to_rewrap('second', 10)), 2::bigint, 'both are to be wrapped anew');
select is(app.rewrap_data_key(pg_temp.key(1), pg_temp.wrapped(8), 'second', pg_temp.wrapped(11)), false, 'not one that is another by now');
select is(app.rewrap_data_key(pg_temp.key(1), pg_temp.wrapped(1), 'second', pg_temp.wrapped(11)), true, 'but as it was read');
select is((select count(*) from app.data_keys_to_rewrap('second', 10)), 1::bigint, 'then one is left');
select is((select count(*) from app.data_keys_to_rewrap('second', 0)), 0::bigint, 'in portions of any size');
select results_eq(
  $$ select master_key, number from app.data_key_counts() $$, $$ values ('first', 1::bigint), ('second', 1) $$, 'as the count says');
select throws_like(
  format('select app.rewrap_data_key(%L, %L, %L, %L)', pg_temp.key(3), pg_temp.wrapped(3), 'second', '\x00'), '%data_key_wrapped_length%',
  'nothing is put there that cannot be a key');

-- Two entries of one teacher
savepoint merge;
update request set teacher_id = pg_temp.person('T'), origin = 'starter_programme', made_as = 'server', expires_on = '2027-01-01' where id = pg_temp.fact(5);
select lives_ok($$ select app.merge_content(pg_temp.person('U'), pg_temp.person('T')) $$, 'content is merged');
set constraints all immediate;
set constraints all deferred;
select results_eq(
  $$ select person_id = pg_temp.person('T'), bound_to = pg_temp.person('U'), retired_at is not null from data_key where id = pg_temp.key(3) $$,
  $$ values (true, true, true) $$, 'the duplicate''s key opens what it sealed, and seals nothing more');
select is(pg_temp.given('T', pg_temp.reading('learning_question', 5)), '1', 'and the survivor reads it');
select is(app.merge_content_contradicts(pg_temp.person('D'), pg_temp.person('T')), true, 'who opened something to the other is not the other');
select is(app.merge_content_contradicts(pg_temp.person('U'), pg_temp.person('T')), false, 'else nothing is in the way');
rollback to merge;

-- Erasure
select is(pg_temp.done('T', 'select app.destroy_data_key()'), '3', 'the teacher erases all texts');
select is(
  pg_temp.asked_by_all(pg_temp.reading('reflection', 3)),
  'T BE404, U BE404, C BE404, D BE404, S BE404, P BE404, V BE404, A BE404', 'nobody reads them any more');
select results_eq(
  $$ select wrapped, destroyed_at is not null from data_key where id = pg_temp.key(1) $$, $$ values (null::bytea, true) $$,
  'and of the key nothing is left but that there was one');
select is_empty(format('select from app.data_keys_to_rewrap(%L, 9) where id = %L', 'x', pg_temp.key(1)), 'it is not rotated');
select throws_like(
  format('update data_key set wrapped = %L where id = %L', pg_temp.wrapped(1), pg_temp.key(1)), '%data_key_wrapped_until_destroyed%', 'nor does it live again');
select is(pg_temp.given('U', pg_temp.reading('learning_question', 5)), '1', 'others'' texts are as they were');
select is(pg_temp.done('T', pg_temp.writing('reflection', 3, '0', 1, false, 'anew')), '40001 data_key', 'under the destroyed key nothing is sealed');
select is(pg_temp.done('T', pg_temp.writing('reflection', 3, '0', 4, true, 'anew')), '1', 'under a new one it is');

-- What goes with what
delete from storyboard;
select is_empty($$ select from consent where item_kind = 'storyboard' $$, 'consents go with what they open');
delete from person where id = pg_temp.person('T');
select is((select count(*) from content), 1::bigint, 'content goes with its teacher');
select is((select count(*) from data_key), 1::bigint, 'so do the keys');

select * from finish();
rollback;
