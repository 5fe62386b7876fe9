-- How a segment that writes begins: the scope, the key under which a command is given once, the row that is held, the
-- references that are not there.
begin;
\ir fixture/board.sql
select no_plan();

-- Scopes
update api_token
set scopes = '{read}'
where hash = sha256('V');
create function pg_temp.let_in(statement text) returns text language plpgsql as $$
declare
  detail text;
begin
  begin
    execute statement;
    raise exception using errcode = 'BT000', message = coalesce(right(current_setting('app.person'), 2), 'nobody');
  exception when others then
    get stacked diagnostics detail = pg_exception_detail;
    return case sqlstate when 'BT000' then sqlerrm else trim(concat_ws(' ', sqlstate, detail)) end;
  end;
end
$$;
select is(pg_temp.let_in(statement), outcome, words)
from (values
  ($$ select app.identify(sha256('V')) $$, '86', 'a token for reading reads'),
  ($$ select app.identify(sha256('V'), 'read') $$, '86', 'also when it is asked for by name'),
  ($$ select app.identify(sha256('V'), 'write') $$, 'BE403 scope', 'and does not write'),
  ($$ select app.identify(sha256('V'), 'import') $$, 'BE403 scope', 'nor import'),
  ($$ select app.identify(sha256('V'), 'all') $$, 'BE403 scope', 'and no token is good for what there is not'),
  ($$ select app.identify(sha256('V'), null) $$, 'BE403 scope', 'nor for nothing'),
  ($$ select app.identify(sha256('T'), 'write') $$, '84', 'a token is good for everything unless it was said otherwise'),
  ($$ select app.identify(sha256('none'), 'write') $$, 'BE401', 'an unknown token is unknown for any scope'),
  ($$ select app.identify(sha256('T')), app.identify(sha256('P'), 'write') $$, 'BE500', 'nobody becomes a second person'),
  ($$ select app.identify(sha256('T')), app.identify_subject('x', 'write') $$, 'BE500', 'not by a login either')) v (statement, outcome, words);
update api_token set scopes = '{write}' where hash = sha256('V');
select is(
  pg_temp.let_in($$ select app.identify(sha256('V')) $$), 'BE403 scope', 'a token for writing alone does not read');
update api_token set revoked_at = app.now() where hash = sha256('V');
select is(
  pg_temp.let_in($$ select app.identify(sha256('V')) $$), 'BE401', 'of a token that is revoked nobody learns its scope');
update api_token set revoked_at = null, scopes = default where hash = sha256('V');
select throws_like(
  format('update api_token set scopes = %L', scopes), '%api_token_scopes_known%', format('%s are no scopes', scopes))
from unnest(array['{}', '{admin}', '{read,null}', '{read,READ}']) scopes;

-- Subjects
update registration set subject = 'sub-' || right(person_id::text, 2) where person_id = pg_temp.person('P');
select is(pg_temp.let_in(statement), outcome, words)
from (values
  ($$ select app.identify_subject('sub-80', 'read') $$, '80', 'a subject that is linked is let in'),
  ($$ select app.identify_subject('sub-80', 'import') $$, '80', 'for every scope'),
  ($$ select app.identify_subject('sub-80', 'all') $$, 'BE403 scope', 'but for those there are not'),
  ($$ select app.identify_subject('SUB-80', 'read') $$, 'BE401', 'a subject is that, letter by letter'),
  ($$ select app.identify_subject(null, 'read') $$, 'BE401', 'no subject is nobody''s, though most have none'),
  ($$ select app.identify_subject('', 'read') $$, 'BE401', 'nor is an empty one')) v (statement, outcome, words);
update registration set disabled_at = app.now() where person_id = pg_temp.person('P');
select is(pg_temp.let_in($$ select app.identify_subject('sub-80', 'read') $$), 'BE401', 'who is disabled is not let in by login');
update registration set disabled_at = null where person_id = pg_temp.person('P');

create temporary table linked (n integer, outcome boolean) on commit drop;
grant insert on linked to beeld_app;
set local role beeld_app;
insert into linked values
  (1, app.link_subject('new', 'T@EXAMPLE.org')),
  (2, app.link_subject('new', 'u@example.org')),
  (3, app.link_subject('other', 't@example.org')),
  (4, app.link_subject('third', 'nobody@example.org')),
  (5, app.link_subject('third', null));
reset role;
select is((select outcome from linked where n = 1), true, 'the first login with an address links its subject, in whatever case');
select is((select outcome from linked where n = 2), false, 'a subject that somebody has is not given to another');
select is((select outcome from linked where n = 3), false, 'and who has a subject gets no second');
select is((select outcome from linked where n = 4), false, 'an address that nobody has links nobody');
select is((select outcome from linked where n = 5), false, 'nor does none');
select is(pg_temp.let_in($$ select app.identify_subject('new', 'read') $$), '84', 'who was linked is let in');
select results_eq(
  $$
    select a.act, a.origin, a.changed, a.actor_key, a.subject_key
    from audit a
    where a.table_name = 'registration' and a.origin = 'login'
  $$,
  $$ select 'update', 'login', array['subject', 'version'], null::uuid, p.subject_key from person p where p.id = pg_temp.person('T') $$,
  'the audit has it as a login''s doing, once, without the subject');
select is(current_setting('app.origin', true), '', 'and what follows is not taken for a login');
update registration set disabled_at = app.now() where person_id = pg_temp.person('L');
select is(app.link_subject('l', 'l@example.org'), false, 'who is disabled is not linked');
select is(
  pg_temp.let_in($$ select app.identify(sha256('T')), app.link_subject('l', 'u@example.org') $$), 'BE500',
  'nobody links who is somebody already');

-- Use of tokens
select app.note_token_use(array[sha256('T'), sha256('T'), sha256('U'), sha256('none'), null]);
select results_eq(
  $$ select right(k.name, 1) from api_token t join person k on k.id = t.person_id where t.last_used_at = app.now() order by 1 $$,
  array['T', 'U'], 'a token''s use is noted');
select is(
  (select count(*) from audit where table_name = 'api_token' and 'last_used_at' = any (changed)), 0::bigint,
  'and is no event');
set local app.now = '2026-11-02 12:01:00Z';
select app.note_token_use(array[sha256('T')]);
select is((select last_used_at from api_token where hash = sha256('T')), '2026-11-02 12:00:00Z', 'to the minute');
set local app.now = '2026-11-02 12:01:01Z';
select app.note_token_use(array[sha256('T')]);
select is((select last_used_at from api_token where hash = sha256('T')), '2026-11-02 12:01:01Z', 'and then anew');
update api_token set last_used_at = app.now(), name = 'Other' where hash = sha256('T');
select is(
  (select changed from audit where table_name = 'api_token' order by id desc limit 1), array['name'],
  'what changes besides is one');
select results_eq(
  $$ select t.scopes, t.last_used_at from app.tokens() t where t.name = 'Other' $$,
  $$ select array['read', 'write', 'import'], app.now() $$, 'the operator sees what a token is for and when it was used');
select is(
  app.issue_token('0193b6a0-0005-7000-8000-000000000001', sha256('new'), 'New', 'N84', '60 days', '{read}'),
  pg_temp.person('T'), 'a token is issued for some scopes');
select is((select scopes from api_token where hash = sha256('new')), '{read}', 'and has those');
set local app.now = '2026-11-02 12:00:00Z';

-- Commands
create function pg_temp.begun(key text, hash text default 'a', resource text default 'r') returns text language sql as $$
  select format('select app.begin_command(''q1'', %L, %L, 201, %L)', key, hash, resource)
$$;
select is(pg_temp.given('T', variadic statements), outcome, words)
from (values
  (array[pg_temp.begun(null), pg_temp.begun(null)], '1', 'without a key a command is given as often as one likes'),
  (array[pg_temp.begun('k')], '1', 'under a new key it begins'),
  (array[pg_temp.begun('k'), pg_temp.begun('k')], 'BE208 201 r', 'under the same it is answered as before'),
  (array[pg_temp.begun('k'), pg_temp.begun('k', 'a', 'other')], 'BE208 201 r', 'with the first answer'),
  (array[pg_temp.begun('k'), pg_temp.begun('k', 'b')], 'BE422 key_reused', 'another command under it is refused'),
  (array[pg_temp.begun('k'), pg_temp.begun('K')], '1', 'another key is another command'),
  (array[pg_temp.begun('k', 'a', null), pg_temp.begun('k', 'a', null)], 'BE208 201', 'an answer may be about nothing'),
  (array[pg_temp.begun(repeat('k', 255))], '1', 'a key is as long as 255 characters'),
  (array[pg_temp.begun(repeat('k', 256))], 'command_key_length', 'and no longer'),
  (array[pg_temp.begun('')], 'command_key_length', 'nor empty'),
  (array['select app.begin_command(''q'', ''k'', null, 201, null)'], '23502', 'what is asked under it has a hash')) v (statements, outcome, words);
select throws_ok(
  $$ select app.begin_command('q', 'k', 'a', 201, null) $$, 'BE500', 'no identity is set', 'nobody gives no command');

create function pg_temp.gives(who text) returns void language plpgsql as $$
begin
  perform app.identify(sha256(convert_to(who, 'UTF8')), 'write');
  perform app.begin_command('request-1', 'k', 'a', 201, 'r');
  update registration set language = 'en', version = version + 1 where person_id = app.me();
  perform set_config(s, '', true)
  from unnest(array['app.person', 'app.subject_key', 'app.adviser', 'app.request_id']) s;
end
$$;
select pg_temp.gives('T');
select is(
  (select request_id from audit where table_name = 'registration' order by id desc limit 1), 'request-1',
  'the audit names the request');
select is(pg_temp.given('T', pg_temp.begun('k')), 'BE208 201 r', 'a command that was done is remembered');
select is(pg_temp.given('P', pg_temp.begun('k')), '1', 'of the person who gave it, and of nobody else');
set local app.now = '2026-11-03 11:59:59Z';
select is(pg_temp.given('T', pg_temp.begun('k')), 'BE208 201 r', 'for 24 hours');
select is(app.forget_commands(), 0::bigint, 'and not forgotten before');
set local app.now = '2026-11-03 12:00:00Z';
select is(
  pg_temp.given('T', pg_temp.begun('k', 'b', 'new'), pg_temp.begun('k', 'b')), 'BE208 201 new',
  'then its key is free, whether it was forgotten yet or not');
select is(app.forget_commands(), 1::bigint, 'it is forgotten');
select is((select count(*) from command), 0::bigint, 'altogether');
select is((select count(*) from audit where table_name = 'command'), 0::bigint, 'and never was in the audit');
set local app.now = '2026-11-02 12:00:00Z';

-- Holding a row
create function pg_temp.holds(noun text, id uuid, version integer default 1) returns text language sql as $$
  select format('select app.hold(%L, %L, %L)', noun, id, version)
$$;
select is(pg_temp.given(who, pg_temp.holds(noun, id, version)), outcome, format('%s holding %s: %s', who, words, outcome))
from (values
  ('A', 'school', pg_temp.school(1), 1, '1', 'a school'),
  ('A', 'school', pg_temp.school(1), null, '1', 'a school of any version'),
  ('A', 'school', pg_temp.school(1), 2, 'BE412 1', 'a school of a version to come'),
  ('A', 'school', pg_temp.school(1), 0, 'BE412 1', 'a school of a version gone by'),
  ('A', 'school', pg_temp.school(9), 1, 'BE404', 'a school that is not there'),
  ('S', 'school', pg_temp.school(1), 1, 'BE403', 'the own school'),
  ('S', 'school_group', pg_temp.fact(1), 1, '1', 'an own group'),
  ('S', 'school_group', pg_temp.fact(2), 1, 'BE403', 'another school''s group'),
  ('S', 'school_group', pg_temp.fact(2), 7, 'BE403', 'another school''s group of another version'),
  ('S', 'employment', pg_temp.fact(184), 1, '1', 'an employment at the own school'),
  ('S', 'employment', pg_temp.fact(185), 1, 'BE404', 'an employment at another'),
  ('D', 'employment', pg_temp.fact(184), 1, 'BE403', 'an employment at the own school'),
  ('T', 'employment', pg_temp.fact(184), 1, 'BE403', 'the own employment'),
  ('T', 'employment', pg_temp.fact(185), 1, 'BE404', 'another''s employment'),
  ('U', 'registration', pg_temp.person('U'), 1, '1', 'the own registration'),
  ('T', 'person', pg_temp.person('T'), 1, 'BE403', 'the own name'),
  ('T', 'person', pg_temp.person('U'), 1, 'BE404', 'another''s name'),
  ('S', 'person', pg_temp.person('L'), 1, 'BE403', 'the name of one who left'),
  ('S', 'registration', pg_temp.person('L'), 1, 'BE404', 'the registration of one who left'),
  ('P', 'person', pg_temp.person('U'), 1, '1', 'a name'),
  ('P', 'absence', pg_temp.fact(384), 1, '1', 'leave'),
  ('A', 'absence', pg_temp.fact(384), 1, 'BE404', 'leave'),
  ('T', 'absence', pg_temp.fact(384), 1, 'BE403', 'the own leave'),
  ('T', 'prior_experience', pg_temp.fact(484), 1, '1', 'the own claim'),
  ('P', 'prior_experience', pg_temp.fact(484), 1, '1', 'a claim'),
  ('S', 'prior_experience', pg_temp.fact(484), 1, 'BE403', 'a claim that the teacher made'),
  ('T', 'exemption', pg_temp.fact(584), 1, 'BE403', 'the own exemption'),
  ('P', 'exemption', pg_temp.fact(580), 1, 'BE403', 'the own exemption'),
  ('Q', 'exemption', pg_temp.fact(580), 1, '1', 'another adviser''s exemption'),
  ('P', 'role_assignment', pg_temp.fact(267), 1, '1', 'a coach''s role'),
  ('P', 'role_assignment', pg_temp.fact(280), 1, 'BE403', 'the own role'),
  ('A', 'role_assignment', pg_temp.fact(280), 1, '1', 'an adviser''s role'),
  ('A', 'role_assignment', pg_temp.fact(267), 1, 'BE403', 'a coach''s role'),
  ('P', 'policy', pg_temp.fact(1), 1, 'BE500', 'what is not held'),
  ('P', 'api_token', pg_temp.fact(1), 1, 'BE500', 'what is not seen'),
  ('P', 'person; drop table person', pg_temp.fact(1), 1, 'BE500', 'what is no table'),
  ('P', null, pg_temp.fact(1), 1, 'BE500', 'nothing')) v (who, noun, id, version, outcome, words);
select is(
  pg_temp.given(
    'A', pg_temp.holds('school', pg_temp.school(1)),
    $$ update school set name = 'Other', version = version + 1 where id = pg_temp.school(1) $$,
    pg_temp.holds('school', pg_temp.school(1))),
  'BE412 2', 'after a change the version before is stale');

-- References
select lives_ok($$ select app.refuse_unknown(null, null) $$, 'references that are there are nothing to refuse');
select throws_ok(
  $$ select app.refuse_unknown(null, '/person', null, '/school') $$, 'BE422', 'what is named there does not exist',
  'those that are not are all named');
select is(
  pg_temp.given('T', $$ select app.refuse_unknown(null, '/person', null, '/school') $$), 'BE422 /person /school',
  'by their pointers');

select * from finish();
rollback;
