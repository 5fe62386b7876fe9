-- Who sees what of notices, objections and what follows from them. That parents were told, everybody may know; what one
-- of them objects to, the school, the privacy officer, and of the measures the coach who has to keep them. Coaches and
-- advisers learn the rest from functions that tell them their part.

drop policy if exists anyone_reads on notice;
create policy anyone_reads on notice for select to beeld_app
  using (current_setting('app.person', true) <> '');
drop policy if exists school_adds on notice;
create policy school_adds on notice for insert to beeld_app
  with check (school_id = any ((select app.my_schools())::uuid[]));
drop policy if exists school_changes on notice;
create policy school_changes on notice for update to beeld_app
  using (school_id = any ((select app.my_schools())::uuid[]));
drop policy if exists school_removes on notice;
create policy school_removes on notice for delete to beeld_app
  using (school_id = any ((select app.my_schools())::uuid[]));

drop policy if exists school_reads on objection;
create policy school_reads on objection for select to beeld_app
  using (school_id = any ((select app.my_schools())::uuid[]));
drop policy if exists privacy_officer_reads on objection;
create policy privacy_officer_reads on objection for select to beeld_app
  using (app.is_set('privacy_officer'));

drop policy if exists who_sees_the_objection on placement;
create policy who_sees_the_objection on placement for select to beeld_app
  using (current_setting('app.person', true) <> '' and objection_id in (select o.id from objection o));
drop policy if exists who_sees_the_objection on measure;
create policy who_sees_the_objection on measure for select to beeld_app
  using (current_setting('app.person', true) <> '' and objection_id in (select o.id from objection o));
drop policy if exists coach_reads_own on measure;
create policy coach_reads_own on measure for select to beeld_app
  using (app.is_set('coach') and id in (select app.my_measures()));

drop policy if exists coach_reads_own on promise;
create policy coach_reads_own on promise for select to beeld_app
  using (app.is_set('coach') and recording_id in (select app.my_recordings()));
drop policy if exists privacy_officer_reads on promise;
create policy privacy_officer_reads on promise for select to beeld_app
  using (app.is_set('privacy_officer'));

drop policy if exists own on quarantine;
create policy own on quarantine for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists coach_reads_own on quarantine;
create policy coach_reads_own on quarantine for select to beeld_app
  using (app.is_set('coach') and recording_id in (select app.my_recordings()));
drop policy if exists board_reads on quarantine;
create policy board_reads on quarantine for select to beeld_app
  using (app.is_set('adviser') or app.is_set('privacy_officer'));

-- Reports count facts.
do $$
declare
  fact text;
begin
  foreach fact in array array['notice', 'objection', 'placement', 'measure', 'promise', 'quarantine', 'objection_tally']
  loop
    execute format('drop policy if exists jobs_read on %I', fact);
    execute format('create policy jobs_read on %I for select to beeld_jobs using (true)', fact);
  end loop;
end
$$;

revoke all on notice, objection, placement, measure, promise, quarantine, objection_tally from public, beeld_app, beeld_jobs;
grant select on notice, objection, placement, measure, promise, quarantine to beeld_app;
grant select on notice, objection, placement, measure, promise, quarantine, objection_tally to beeld_jobs;
grant
  insert (id, school_id, school_year, channel, reference, published_on), update (reference, published_on, version), delete
  on notice to beeld_app;
