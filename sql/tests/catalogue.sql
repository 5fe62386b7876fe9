-- What holds for every object of the schema, whoever adds the next one.
begin;
set local search_path = public, pg_catalog;
select no_plan();

create temporary view own_class as
select c.*
from pg_class c
where c.relnamespace in ('beeld'::regnamespace, 'app'::regnamespace)
  and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c');

create temporary view own_function as
select p.*
from pg_proc p
where p.pronamespace in ('beeld'::regnamespace, 'app'::regnamespace)
  and not exists (
    select
    from pg_depend d
    where d.classid = 'pg_proc'::regclass
      and d.objid = p.oid
      and d.deptype = 'e');

select isnt_empty('select from own_class', 'there are tables to judge');
select isnt_empty('select from own_function', 'there are functions to judge');

-- Owners
select is_empty(
  $$
    select oid::regclass::text from own_class where relowner <> 'beeld_owner'::regrole
    union all
    select oid::regprocedure::text from own_function where proowner <> 'beeld_owner'::regrole
    union all
    select t.typname
    from pg_type t
    where t.typnamespace in ('beeld'::regnamespace, 'app'::regnamespace)
      and t.typtype in ('d', 'e')
      and t.typowner <> 'beeld_owner'::regrole
    union all
    select nspname from pg_namespace where nspname in ('beeld', 'app') and nspowner <> 'beeld_owner'::regrole
  $$,
  'beeld_owner owns every table, sequence, type, function and schema');
select is_empty(
  $$
    select d.classid::regclass, d.objid
    from pg_shdepend d
    where d.refclassid = 'pg_authid'::regclass
      and d.refobjid in ('beeld_app'::regrole, 'beeld_jobs'::regrole)
      and d.deptype = 'o'
  $$,
  'the login roles own nothing, in any database');
select is_empty(
  $$
    select rolname
    from pg_roles
    where rolname in ('beeld_app', 'beeld_jobs', 'beeld_owner')
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
  $$,
  'no role of ours is superuser, passes row-level security by, or makes roles and databases');
select is((select rolcanlogin from pg_roles where rolname = 'beeld_owner'), false, 'nobody logs in as the owner');
select is_empty(
  $$
    select r.rolname
    from pg_auth_members m
    join pg_roles r on r.oid = m.roleid
    where m.member in ('beeld_app'::regrole, 'beeld_jobs'::regrole)
      and r.rolname <> 'beeld_test'
  $$,
  'the login roles are members of no other');

-- Row-level security
select is_empty(
  $$ select relname from own_class where relkind in ('r', 'p') and not relrowsecurity $$,
  'every table has row-level security');
select is(
  array(
    select relname::text
    from own_class c
    where relkind in ('r', 'p')
      and not exists (select from pg_policy where polrelid = c.oid)
    order by relname
  ),
  array['access', 'api_token', 'calendar_feed', 'command', 'content', 'data_key', 'report_delivery_key', 'schema_migration', 'schema_object'],
  'only tokens, what they open, secret addresses, commands given, content and its keys, and the ledger have no policy: nobody''s rows but the owner''s');
select is_empty(
  $$
    select polrelid::regclass, polname
    from pg_policy
    where exists (
      select
      from unnest(polroles) r (id)
      where r.id not in ('beeld_app'::regrole, 'beeld_jobs'::regrole))
  $$,
  'every policy names a login role: none is for everybody');
select is_empty(
  $$
    select polrelid::regclass, polname
    from pg_policy
    where 'beeld_app'::regrole = any (polroles)
      and (
        polcmd = '*'
        or coalesce(pg_get_expr(polqual, polrelid) !~ 'current_setting|is_set|me\(\)|my_schools|my_administration', polcmd <> 'a')
        or coalesce(
          pg_get_expr(polwithcheck, polrelid) !~ 'current_setting|is_set|me\(\)|my_schools|my_administration|^false$', polcmd = 'a'))
  $$,
  'what the API may read and what it may write depends on who asks');
select is_empty(
  $$
    select polrelid::regclass, polname
    from pg_policy p
    where 'beeld_app'::regrole = any (polroles)
      and polcmd <> 'r'
      and not exists (
        select
        from pg_policy r
        where r.polrelid = p.polrelid
          and r.polcmd = 'r'
          and 'beeld_app'::regrole = any (r.polroles))
  $$,
  'nobody writes where nobody reads');
select is_empty(
  $$ select relname from own_class where relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false) $$,
  'every view asks with the rights of its reader');
select is_empty(
  $$ select relname from own_class where relkind in ('m', 'f') $$,
  'there is no materialised view and no foreign table: row-level security does not reach them');

-- Functions
select is_empty(
  $$
    select oid::regprocedure
    from own_function
    where prosecdef
      and not coalesce('search_path=beeld, app, pg_temp' = any (proconfig), false)
  $$,
  'every function that runs as its owner has its search path pinned, temporary objects last');
select is_empty(
  $$
    select p.oid::regprocedure
    from own_function p
    cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where a.grantee = 0
      or a.is_grantable and a.grantee <> p.proowner
  $$,
  'no function may be called by everybody, and nobody may hand a grant on');
select is_empty(
  $$ select oid::regprocedure from own_function where provolatile = 'v' and has_function_privilege('beeld_app', oid, 'execute')
     and proname not in (
       'dry_run_policy', 'make_request', 'invite_starters', 'move_request', 'move_trajectory', 'add_follow_up', 'propose', 'decide_agreement',
       'plan_recording', 'change_recording', 'move_recording', 'make_copy', 'move_copy', 'demand_deletion',
       'erase_my_content', 'read_content', 'write_content', 'destroy_data_key', 'begin_storyboard', 'move_storyboard', 'grant_consent', 'move_consent',
       'identify', 'identify_subject', 'link_subject', 'note_token_use', 'begin_command', 'hold', 'create_person',
       'merge_people', 'change_person', 'decide_prior_experience', 'roll_over_groups', 'begin_import', 'open_calendar', 'close_calendar',
       'make_report_schedule', 'change_report_schedule', 'take_recipients', 'subscribe',
       'propose_notices', 'register_objection', 'change_objection', 'move_objection', 'set_measure', 'move_measure', 'make_promise', 'move_promise',
       'move_quarantine') $$,
  'the API calls no function that may write but those for logging in, and for the acts of more than one row');
select is_empty(
  $$ select oid::regprocedure from own_function where proleakproof $$,
  'no function claims to be leakproof: the planner would run it before row-level security');
select is_empty(
  $$ select oid::regprocedure from own_function where prolang not in (select oid from pg_language where lanname in ('sql', 'plpgsql', 'internal')) $$,
  'every function is SQL, PL/pgSQL or an aggregate');

set local role beeld_owner;
create function app.probe_of_privileges() returns integer language sql as 'select 1';
reset role;
select is(
  has_function_privilege('beeld_app', 'app.probe_of_privileges()', 'execute'), false,
  'a function made tomorrow is callable by nobody until it is granted');
drop function app.probe_of_privileges();

-- Grants
select is_empty(
  $$
    select c.relname, a.grantee::regrole, a.privilege_type
    from own_class c
    cross join aclexplode(c.relacl) a
    where a.grantee not in ('beeld_owner'::regrole, 'beeld_app'::regrole, 'beeld_jobs'::regrole)
      or a.is_grantable and a.grantee <> 'beeld_owner'::regrole
      or a.grantee = 'beeld_app'::regrole
        and a.privilege_type <> 'SELECT'
        and (a.privilege_type <> 'DELETE' or c.relname not in (
          'employment', 'role_assignment', 'absence', 'prior_experience', 'exemption', 'school_group', 'coach_unavailability',
          'follow_up', 'notice', 'report_acknowledgement'))
  $$,
  'tables are granted to the login roles alone, to the API for reading and where facts may be taken back for deleting, and no grant may be handed on');
select is_empty(
  $$
    select c.relname, t.attname, a.privilege_type
    from own_class c
    join pg_attribute t on t.attrelid = c.oid
    cross join aclexplode(t.attacl) a
    where a.grantee <> 'beeld_app'::regrole
      or a.is_grantable
      or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE')
      or a.privilege_type <> 'SELECT' and not exists (
        select
        from pg_trigger g
        where g.tgrelid = c.oid
          and g.tgfoid = 'app.audit()'::regprocedure)
      or a.privilege_type = 'UPDATE' and t.attname in ('id', 'person_id', 'granted_by', 'claimed_by', 'approved_by', 'declined_by', 'decided_by')
  $$,
  'columns are granted to the API alone; those it writes are audited, and whose a fact is and who gave it never changes');
select is_empty(
  $$
    select c.relname
    from own_class c
    where has_any_column_privilege('beeld_app', c.oid, 'update')
      and not exists (
        select
        from pg_trigger g
        where g.tgrelid = c.oid
          and g.tgfoid = 'app.version_was_skipped()'::regprocedure
          and g.tgenabled = 'O')
  $$,
  'whatever the API changes, it raises the version of');
select is_empty(
  $$
    select n.nspname, a.grantee::regrole, a.privilege_type
    from pg_namespace n
    cross join aclexplode(n.nspacl) a
    where n.nspname in ('beeld', 'app')
      and a.grantee <> 'beeld_owner'::regrole
      and (a.grantee = 0 or a.privilege_type <> 'USAGE')
  $$,
  'nobody but the owner makes objects in our schemas');
select is_empty(
  $$ select oid::regclass from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'S')
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') $$,
  'nothing of ours is in the schema public');

-- Audit
select is(
  array(
    select c.relname::text
    from own_class c
    where c.relkind in ('r', 'p')
      and (
        select count(distinct t.tgtype)
        from pg_trigger t
        where t.tgrelid = c.oid
          and t.tgfoid = 'app.audit()'::regprocedure
          and t.tgenabled = 'O') <> 3
    order by c.relname
  ),
  array['access', 'allowed_transition', 'audit', 'command', 'import_chunk', 'report', 'report_delivery', 'report_delivery_key', 'report_row', 'report_run', 'request_step', 'schema_migration', 'schema_object'],
  'every table is audited on insert, update and delete, but the audit, the ledger, stored runs, which never change, the outbox of their mails, and what is derived or remembered for a day');

-- Words
select is_empty(
  $$ select relname from own_class where relkind in ('r', 'p', 'v', 'c') and obj_description(oid, 'pg_class') is null
     and obj_description(reltype, 'pg_type') is null $$,
  'every table, view and composite type has a comment');
select is_empty(
  $$
    select c.relname, a.attname
    from own_class c
    join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p')
      and a.attnum > 0
      and not a.attisdropped
      and col_description(c.oid, a.attnum) is null
  $$,
  'every column of a table has a comment; a view''s columns are those of its tables');
select is_empty(
  $$ select oid::regprocedure from own_function where obj_description(oid, 'pg_proc') is null $$,
  'every function has a comment');
select is_empty(
  $$
    select typname
    from pg_type
    where typnamespace in ('beeld'::regnamespace, 'app'::regnamespace)
      and typtype in ('d', 'e')
      and obj_description(oid, 'pg_type') is null
      and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = pg_type.oid and d.deptype = 'e')
  $$,
  'every domain has a comment');
select is_empty(
  $$
    select conrelid::regclass, conname
    from pg_constraint
    where connamespace = 'beeld'::regnamespace
      and conname ~ '(_check[0-9]*|_key[0-9]*|_fkey[0-9]+|_excl[0-9]*)$'
  $$,
  'every constraint has a name that somebody gave it');
select is_empty(
  $$
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    from own_class c
    join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p')
      and c.relname <> 'access'
      and a.attnum > 0
      and not a.attisdropped
      and a.atttypid in ('timestamp'::regtype, 'timetz'::regtype, 'date'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'money'::regtype, 'float8'::regtype)
  $$,
  'instants have a zone, days are civil dates (but in what is derived from them), texts have no padding, numbers are exact');

-- Letting go
create temporary view let_go as
with recursive gone (id) as (
  select t::regclass::oid
  from unnest(array['beeld.person', 'beeld.report_run', 'beeld.objection', 'beeld.api_token']) t
  union
  select c.conrelid
  from gone g
  join pg_constraint c on c.confrelid = g.id
    and c.contype = 'f'
    and c.confdeltype = 'c'
)
select id from gone;
select set_has(
  'select id::regclass::text from let_go',
  $$ values ('beeld.trajectory'), ('beeld.recording'), ('beeld.copy'), ('beeld.report_acknowledgement') $$,
  'with a person their guidance goes, and with a run what was said of it');
select set_eq(
  $$
    select format('%s (%s)', c.conrelid::regclass, a.attname)
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid
      and a.attnum = c.conkey[1]
    where c.contype = 'f'
      and c.confrelid in (select id from let_go)
      and not exists (
        select
        from pg_index i
        where i.indrelid = c.conrelid
          and i.indkey[0] = a.attnum
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname)))
  $$,
  array[
    'beeld.breach (settled_by)', 'beeld.consent (state_by)', 'beeld.exemption (granted_by)', 'beeld.measure (state_by)',
    'beeld.merged_person (merged_by)', 'beeld.notice (attested_by)', 'beeld.objection (state_by)', 'beeld.policy (decided_by)',
    'beeld.prior_experience (approved_by)', 'beeld.prior_experience (claimed_by)', 'beeld.prior_experience (declined_by)',
    'beeld.promise (coach_id)', 'beeld.promise (state_by)', 'beeld.quarantine (state_by)', 'beeld.report_acknowledgement (made_by)',
    'beeld.role_assignment (granted_by)', 'beeld.storyboard (state_by)'],
  'whatever points to what is let go is found by an index, but for who decided something in tables that stay small');

select * from finish();
rollback;
