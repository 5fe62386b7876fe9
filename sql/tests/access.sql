-- Tokens and the audit.
begin;
set local search_path = beeld, app, public, pg_catalog;
select no_plan();

insert into person (id, name, subject_key)
values
  ('0193b6a0-0002-7000-8000-000000000001', 'Planted Name', '0193b6a0-0003-7000-8000-000000000001'),
  ('0193b6a0-0002-7000-8000-000000000002', 'Other', '0193b6a0-0003-7000-8000-000000000002');
insert into registration (person_id, person_number, email, subject)
values
  ('0193b6a0-0002-7000-8000-000000000001', 'PLANTED1', 'planted@example.org', 'planted-subject'),
  ('0193b6a0-0002-7000-8000-000000000002', 'N2', null, null);

-- Tokens
select is(
  app.issue_token('0193b6a0-0005-7000-8000-000000000001', sha256('one'), 'Laptop', 'PLANTED1', '30 days'),
  '0193b6a0-0002-7000-8000-000000000001'::uuid,
  'a token is issued to the person with the number');
select throws_ok(
  $$ select app.issue_token('0193b6a0-0005-7000-8000-000000000009', sha256('x'), 'Laptop', 'nobody', '30 days') $$,
  'BE404', 'nobody has person number nobody', 'nobody gets one without a person');
select throws_like(
  $$ select app.issue_token('0193b6a0-0005-7000-8000-000000000009', sha256('one'), 'Laptop', 'N2', '30 days') $$,
  '%api_token_hash_unique%', 'two people never share a token');
select throws_like(
  $$ select app.issue_token('0193b6a0-0005-7000-8000-000000000009', 'short', 'Laptop', 'N2', '30 days') $$,
  '%api_token_hash_sha256%', 'only a SHA-256 is kept, never a token');
select throws_like(
  $$ select app.issue_token('0193b6a0-0005-7000-8000-000000000009', sha256('x'), 'Laptop', 'N2', '-1 day') $$,
  '%api_token_order%', 'a token does not expire before it is issued');
select lives_ok($$ select app.identify(sha256('one')) $$, 'it is good at once');
select set_config('app.person', '', true), set_config('app.subject_key', '', true);
select is(app.revoke_token('0193b6a0-0005-7000-8000-000000000001'), true, 'revoking ends a live token');
select is(app.revoke_token('0193b6a0-0005-7000-8000-000000000001'), false, 'a second time there is none to end');
select is(app.revoke_token('0193b6a0-0005-7000-8000-00000000000f'), false, 'nor where there never was one');
select throws_ok($$ select app.identify(sha256('one')) $$, 'BE401', 'token not accepted', 'and it is refused at once');
select is(
  (select count(*) from app.tokens() t where t.person_number = 'PLANTED1' and t.revoked_at is not null),
  1::bigint, 'the operator sees it, with the end it came to');
select unalike(pg_get_function_result('app.tokens()'::regprocedure), '%bytea%', 'never with its hash');

-- Audit
create function pg_temp.last_audit() returns audit language sql as $$ select a from audit a order by id desc limit 1 $$;

insert into absence (id, person_id, category, from_date)
values ('0193b6a0-0007-7000-8000-000000000001', '0193b6a0-0002-7000-8000-000000000001', 'care_leave', '2026-01-01');
select is((pg_temp.last_audit()).act, 'insert', 'an insert is audited');
select is((pg_temp.last_audit()).subject_key, '0193b6a0-0003-7000-8000-000000000001'::uuid, 'by the key of whom it concerns');
select is((pg_temp.last_audit()).actor_key, null, 'the operator has no key');
select is((pg_temp.last_audit()).origin, 'operator', 'and is named as the operator');

select set_config('app.subject_key', '0193b6a0-0003-7000-8000-000000000002', true), set_config('app.request_id', 'r-1', true);
update absence set until_date = '2026-02-01' where id = '0193b6a0-0007-7000-8000-000000000001';
select is((pg_temp.last_audit()).act, 'update', 'an update is audited');
select is((pg_temp.last_audit()).actor_key, '0193b6a0-0003-7000-8000-000000000002'::uuid, 'with who did it');
select is((pg_temp.last_audit()).origin, 'api', 'through the API');
select is((pg_temp.last_audit()).request_id, 'r-1', 'and in which request');
select is((pg_temp.last_audit()).changed, array['until_date'], 'it names what changed');
select is((pg_temp.last_audit()).before, '{"until_date": null}'::jsonb, 'what it was');
select is((pg_temp.last_audit()).after, '{"until_date": "2026-02-01"}'::jsonb, 'and what it became');

update absence set until_date = '2026-02-01' where id = '0193b6a0-0007-7000-8000-000000000001';
select is(
  (select count(*) from audit where table_name = 'absence'), 2::bigint, 'an update that changes nothing is no event');

update person set name = 'Planted Anew' where id = '0193b6a0-0002-7000-8000-000000000001';
select is((pg_temp.last_audit()).changed, array['name'], 'a change of name is named');
select is((pg_temp.last_audit()).after, null, 'without the name');

delete from absence where id = '0193b6a0-0007-7000-8000-000000000001';
select is((pg_temp.last_audit()).act, 'delete', 'a deletion is audited');
select is((pg_temp.last_audit()).before ->> 'category', 'care_leave', 'with what was there');

insert into prior_experience (id, person_id, from_date, until_date, evidence, claimed_by)
values ('0193b6a0-0008-7000-8000-000000000001', '0193b6a0-0002-7000-8000-000000000001', '2020-01-01', '2021-01-01', 'Letter', '0193b6a0-0002-7000-8000-000000000002');
insert into exemption (id, person_id, code, evidence, from_date, review_date, granted_by)
values ('0193b6a0-0009-7000-8000-000000000001', '0193b6a0-0002-7000-8000-000000000001', 'other_agreement', 'Letter', '2026-01-01', '2026-02-01', '0193b6a0-0002-7000-8000-000000000002');
insert into recording (id, teacher_id, coach_id, origin, state, planned_on, scheduled_for)
values ('0193b6a0-0010-7000-8000-000000000001', '0193b6a0-0002-7000-8000-000000000001', '0193b6a0-0002-7000-8000-000000000002', 'own_wish', 'planned', '2026-01-01', '2026-02-01');
update recording set coach_id = null where id = '0193b6a0-0010-7000-8000-000000000001';
update registration set email = 'planted2@example.org', subject = 'planted-again' where person_number = 'PLANTED1';
delete from person where id = '0193b6a0-0002-7000-8000-000000000001';
select isnt_empty(
  $$ select from audit where subject_key = '0193b6a0-0003-7000-8000-000000000001' and act = 'delete' and table_name = 'person' $$,
  'an erasure is audited by the subject key, which then names nobody');
select is_empty(
  $$
    select table_name, act, x
    from audit
    cross join lateral (values (before::text), (after::text)) v (x)
    where x ~* 'planted'
      or x ~ '0193b6a0-0002-7000-8000' and table_name <> 'person'
  $$,
  'no audit row holds a name, an address, a person number or another''s id among its facts');
select is_empty(
  $$ select table_name, act, row_id from audit where row_id ~ '0193b6a0-0002-' and table_name not in ('person', 'registration') $$,
  'and only the rows of a person themselves are named by the person''s id');

select throws_ok('update audit set act = ''insert''', 'BE403', null, 'the owner too cannot change an audit row');
select throws_ok('delete from audit', 'BE403', null, 'nor remove one');
select throws_ok('truncate audit', 'BE403', null, 'nor all');

select * from finish();
rollback;
