-- What footage stays held to when objections end, are put right, or come between filming and telling of it.
begin;
\ir fixture/board.sql
\ir fixture/coaching.sql
\ir fixture/parents.sql
alter table recording disable trigger recording_0_agreed;
select no_plan();

insert into school_group (id, school_id, school_year, name)
values (pg_temp.fact(5), pg_temp.school(1), 2026, '6a');

create function pg_temp.copies(recording integer) returns text language sql as $$
  select string_agg(c.state || coalesce(' until ' || c.required_on, ''), ', ' order by c.id)
  from copy c
  where c.recording_id = pg_temp.fact(recording)
$$;
-- Whether an act holds the school for itself, or shares it. Nothing of it stays.
create function pg_temp.lock_of(who text, statement text, school integer) returns text language plpgsql as $$
declare
  held text;
begin
  perform pg_temp.did(who, statement);
  select string_agg(distinct l.mode, ' ')
  into held
  from pg_locks l
  where l.locktype = 'advisory'
    and l.pid = pg_backend_pid()
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('parents of ' || pg_temp.school(school), 0);
  raise exception using errcode = 'BE999', detail = coalesce(held, 'none');
exception when sqlstate 'BE999' then
  get stacked diagnostics held = pg_exception_detail;
  return held;
end
$$;

select pg_temp.guide(1000, 'T', 'C');
select pg_temp.guide(1001, 'a', 'C');
select pg_temp.guide(1002, 'c', 'C');
select pg_temp.guide_wish(1003, 'b', 'K');
select pg_temp.arrange(2000, 1000, 'C', 'T', '2026-11-10T09:00:00Z', 1);
select pg_temp.arrange(2001, 1001, 'C', 'a', '2026-11-11T09:00:00Z', 5);
select pg_temp.arrange(2002, 1002, 'C', 'c', '2026-11-12T09:00:00Z', 1);
select pg_temp.arrange(2003, 1003, 'K', 'b', '2026-11-12T11:00:00Z', 1);
select pg_temp.clock('2026-11-10T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2000));

-- Two that are done at once
select is(pg_temp.lock_of('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'handed_over'), 1), 'ShareLock', 'a copy that goes on shares the school');
select is(pg_temp.lock_of('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'deleted'), 1), 'ExclusiveLock ShareLock', 'one that is deleted holds it, so that the last one knows');
select is(pg_temp.lock_of('C', pg_temp.move_copy(pg_temp.copy_with(2000, 'C'), 'lost'), 1), 'ExclusiveLock ShareLock', 'and one that is lost');

-- The pupil leaves
select pg_temp.did('S', pg_temp.object(900, 1, 1));
select is(pg_temp.quarantine(2000), 'objection open, does not count', 'a parent objects to what was filmed');
select pg_temp.did('S', pg_temp.take(910, 900, 'anonymise'));
select pg_temp.did('S', pg_temp.take(911, 900, 'no_recording'));
select is(pg_temp.copies(2000), 'held until 2026-11-10', 'of the pupil nothing is to be kept');
select pg_temp.clock('2026-11-11T12:00:00Z');
select pg_temp.did('S', pg_temp.move_objection(900, '{"to": "ended", "reason": "pupil_left", "pupil_left_on": "2026-11-11"}'));
select is(pg_temp.quarantine(2000), 'objection open, does not count', 'a pupil who leaves takes nothing of it back');
select is(pg_temp.copies(2000), 'held until 2026-11-10', 'and it is to be deleted still');
select is(pg_temp.impact('S', 900) #>> '{to_do,0,what}', 'delete_copies', 'which the school sees');
select is(pg_temp.does('P', pg_temp.move_quarantine(2000, 'released')), 'BE409 not_made_good', 'nobody releases it');
select is(pg_temp.missing(2002), 'nothing', 'what is filmed from then on shows nobody');

-- Attested after the pupil left
select pg_temp.clock('2026-11-12T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2002, '2026-11-12T09:00:00Z'));
select pg_temp.did('K', pg_temp.film(2003, '2026-11-12T11:00:00Z'));
select pg_temp.did('S', pg_temp.object(901, 1, 1, '2026-11-12'));
select pg_temp.did('S', pg_temp.take(912, 901, 'cut'));
select is((pg_temp.impact('S', 901) -> 'made')::text,
  '[{"recorded_on":"2026-11-10","group":{"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"},"quarantined":true}, {"recorded_on":"2026-11-12","group":{"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"},"quarantined":true}, {"recorded_on":"2026-11-12","group":{"id":"0193b6a0-0009-7000-8000-000000000001","name":"5b"},"quarantined":true}]',
  'the school is told of all that were made, and of no origin');
select pg_temp.did('S', pg_temp.move_objection(901, '{"to": "ended", "reason": "pupil_left", "pupil_left_on": "2026-11-12"}'));
select is(pg_temp.quarantine(2002), 'objection open, does not count', 'what shows who has left waits for the measure still');
select pg_temp.did('C', pg_temp.promise(920, 2002, 912));
select is(pg_temp.lock_of('C', pg_temp.attest(920), 1), 'ExclusiveLock ShareLock', 'whoever attests one holds the school, so that the last one knows');
select pg_temp.did('C', pg_temp.attest(920));
select is(pg_temp.quarantine(2002), 'objection released', 'which the coach attests');
select pg_temp.did('S', pg_temp.object(902, 1, 1, '2026-11-12'));
select pg_temp.did('S', pg_temp.move_objection(902, '{"to": "ended", "reason": "withdrawn"}'));
select is(pg_temp.quarantine(2002), 'objection released, objection released', 'a parent who withdraws takes it back');

-- Lost, there is nothing to delete
select is(pg_temp.does('K', pg_temp.move_copy(pg_temp.copy_with(2003, 'K'), 'lost')), '1', 'K loses the only copy');
select is((select q.state || ' ' || q.state_reason from quarantine q where q.recording_id = pg_temp.fact(2003)), 'deleted lost', 'which ends the quarantine, and is the privacy officer''s');

-- Forbidden between the filming and the telling
select pg_temp.did('C', pg_temp.propose(4000, 1002, '{"kind": "extension", "recordings": 6}'));
select pg_temp.did('c', pg_temp.decide(pg_temp.fact(4000), 'agreed'));
select pg_temp.did('S', pg_temp.object(903, 1, 5, '2026-11-12'));
select pg_temp.did('S', pg_temp.take(913, 903, 'out_of_view'));
select pg_temp.arrange(2004, 1002, 'C', 'c', '2026-11-13T09:00:00Z', 5);
select pg_temp.did('C', pg_temp.promise(921, 2004, 913));
select is(pg_temp.missing(2004), 'nothing', 'all is promised');
select pg_temp.clock('2026-11-13T10:00:00Z');
select pg_temp.did('S', pg_temp.take(914, 903, 'no_recording'));
select pg_temp.clock('2026-11-13T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2004, '2026-11-13T09:00:00Z'));
select is(pg_temp.missing(2004) || ', ' || pg_temp.quarantine(2004), 'nothing, objection open, does not count', 'what was forbidden at ten, was filmed at nine: it goes nowhere');
select is(pg_temp.copies(2004), 'held until 2026-11-13', 'and is to be deleted');
select is(pg_temp.does('C', pg_temp.move_copy(pg_temp.copy_with(2004, 'C'), 'handed_over')), 'BE409 quarantined', 'it is not handed over');
delete from quarantine where recording_id = pg_temp.fact(2004);
select pg_temp.did('C', pg_temp.move_copy(pg_temp.copy_with(2004, 'C'), 'handed_over'));
select is(pg_temp.copies(2004), 'handed_over until 2026-11-13, held until 2026-11-13', 'whoever would have it, is to delete it');

-- The wrong group
select pg_temp.clock('2026-11-16T12:00:00Z');
select pg_temp.did('C', pg_temp.film(2001, '2026-11-11T09:00:00Z'));
select pg_temp.did('S', pg_temp.object(904, 1, 1, '2026-11-16'));
select pg_temp.did('S', pg_temp.take(915, 904, 'no_recording'));
select is(pg_temp.quarantine(2002) || '; ' || pg_temp.copies(2002), 'objection released, objection released, objection open, does not count; held until 2026-11-16', 'the school takes 5b for 6a');
select pg_temp.clock('2026-11-16T12:10:00Z');
select pg_temp.did('S', pg_temp.place(904, 5));
select is(pg_temp.quarantine(2002) || '; ' || pg_temp.copies(2002), 'objection released, objection released, objection released; held', 'and puts it right: what was filmed in 5b is free again');
select is(pg_temp.quarantine(2001), 'objection open, does not count', 'and what was filmed in 6a is not');
select pg_temp.clock('2026-11-17T12:00:00Z');
select pg_temp.did('S', pg_temp.place(904, 1));
select is(pg_temp.quarantine(2002), 'objection released, objection released, objection released', 'a day later, a pupil comes from another group');
select is(pg_temp.quarantine(2001), 'objection open, does not count', 'and was in the first one');

-- Two quarantines
select pg_temp.did('S', pg_temp.object(905, 1, 1, '2026-11-17'));
select is(pg_temp.quarantine(2002), 'objection released, objection released, objection released, objection open, does not count', 'a fifth parent objects');
update quarantine q set cause = 'no_clearance', version = q.version + 1 where q.recording_id = pg_temp.fact(2002) and q.state = 'released';
select is((select k.quarantined from recording k where k.id = pg_temp.fact(2002)), true, 'what becomes of one that was released, lifts none that is open');
select pg_temp.did('S', pg_temp.move_objection(905, '{"to": "ended", "reason": "withdrawn"}'));
select is((select k.quarantined from recording k where k.id = pg_temp.fact(2002)), false, 'with the last one the mark goes');

select * from finish();
rollback;
