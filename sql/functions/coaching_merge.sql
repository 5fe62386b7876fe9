-- What belongs to the coaching when two entries of one human being become one.

create or replace function app.merge_coaching_contradictions(duplicate uuid, survivor uuid)
  returns setof text
  language sql stable
as $$
  select 'request'
  from beeld.request d
  join beeld.request s on (s.origin = 'own_wish') = (d.origin = 'own_wish')
    and s.state in ('submitted', 'offered', 'assigned')
  where d.teacher_id = duplicate
    and s.teacher_id = survivor
    and d.state in ('submitted', 'offered', 'assigned')
  union
  select 'request'
  from beeld.request d
  join beeld.request s on s.id > d.id
    and s.state = 'invited'
  where d.state = 'invited'
    and case when d.teacher_id = duplicate then survivor else d.teacher_id end
      = case when s.teacher_id = duplicate then survivor else s.teacher_id end
    and case when d.made_by = duplicate then survivor else d.made_by end
      is not distinct from case when s.made_by = duplicate then survivor else s.made_by end
    and (duplicate in (d.teacher_id, s.teacher_id) or d.made_by = duplicate or s.made_by = duplicate)
  union
  select 'request'
  from beeld.request q
  where q.teacher_id in (duplicate, survivor)
    and (q.coach_id in (duplicate, survivor) or q.made_as <> 'teacher' and q.made_by in (duplicate, survivor))
  union
  select 'trajectory'
  from beeld.trajectory t
  where t.teacher_id in (duplicate, survivor)
    and t.coach_id in (duplicate, survivor)
  union
  select 'agreement'
  from beeld.agreement a
  where a.teacher_id in (duplicate, survivor)
    and a.new_coach_id in (duplicate, survivor)
  union
  select 'coach_unavailability'
  from beeld.coach_unavailability d
  join beeld.coach_unavailability s on daterange(s.from_date, s.until_date) && daterange(d.from_date, d.until_date)
    and not daterange(s.from_date, s.until_date) @> daterange(d.from_date, d.until_date)
  where d.person_id = duplicate
    and s.person_id = survivor
$$;
comment on function app.merge_coaching_contradictions(uuid, uuid) is
  'Part of app.merge_contradictions: two open requests of a kind, two open invitations of one maker, somebody who would coach or refer themselves, and days away that overlap.';

create or replace function app.merge_coaching(duplicate uuid, survivor uuid)
  returns void
  language sql
as $$
  insert into beeld.coach (person_id, capacity)
  select survivor, c.capacity
  from beeld.coach c
  where c.person_id = duplicate
  on conflict on constraint coach_pkey do nothing;
  delete from beeld.coach_unavailability d
  using beeld.coach_unavailability s
  where d.person_id = duplicate
    and s.person_id = survivor
    and daterange(s.from_date, s.until_date) @> daterange(d.from_date, d.until_date);
  update beeld.coach_unavailability set person_id = survivor, version = version + 1 where person_id = duplicate;
  update beeld.calendar_feed f
  set person_id = survivor
  where f.person_id = duplicate
    and not exists (
      select
      from beeld.calendar_feed o
      where o.person_id = survivor);
  delete from beeld.coach where person_id = duplicate;
  update beeld.person s
  set is_coach = true
  from beeld.person d
  where s.id = survivor
    and d.id = duplicate
    and d.is_coach
    and not s.is_coach;

  update beeld.request set teacher_id = survivor where teacher_id = duplicate;
  update beeld.request set coach_id = survivor where coach_id = duplicate;
  update beeld.request set made_by = survivor where made_by = duplicate;
  update beeld.request_step set coach_id = survivor where coach_id = duplicate;
  update beeld.request set state_by = survivor where state_by = duplicate;
  update beeld.trajectory set teacher_id = survivor where teacher_id = duplicate;
  update beeld.trajectory set coach_id = survivor where coach_id = duplicate;
  update beeld.trajectory set state_by = survivor where state_by = duplicate;
  update beeld.follow_up set teacher_id = survivor, version = version + 1 where teacher_id = duplicate;
  update beeld.follow_up set coach_id = survivor, version = version + 1 where coach_id = duplicate;
  update beeld.recording set state_by = survivor where state_by = duplicate;
  update beeld.agreement set teacher_id = survivor where teacher_id = duplicate;
  update beeld.agreement set coach_id = survivor where coach_id = duplicate;
  update beeld.agreement set new_coach_id = survivor where new_coach_id = duplicate;
  update beeld.agreement set proposed_by = survivor where proposed_by = duplicate;
  update beeld.agreement set state_by = survivor where state_by = duplicate;
  update beeld.copy set teacher_id = survivor where teacher_id = duplicate;
  update beeld.copy set holder_id = survivor where holder_id = duplicate;
  update beeld.copy set given_to = survivor where given_to = duplicate;
  update beeld.copy set state_by = survivor where state_by = duplicate;
  update beeld.breach set settled_by = survivor, version = version + 1 where settled_by = duplicate;
  update beeld.notice set attested_by = survivor, version = version + 1 where attested_by = duplicate;
  update beeld.objection set state_by = survivor where state_by = duplicate;
  update beeld.measure set state_by = survivor where state_by = duplicate;
  update beeld.promise set coach_id = survivor where coach_id = duplicate;
  update beeld.promise set state_by = survivor where state_by = duplicate;
  update beeld.quarantine set teacher_id = survivor where teacher_id = duplicate;
  update beeld.quarantine set state_by = survivor where state_by = duplicate;
$$;
comment on function app.merge_coaching(uuid, uuid) is
  'Part of app.merge_move: every reference of the coaching to the duplicate becomes one to the survivor; the room of a coach stays that of the survivor, and of two calendars one.';
