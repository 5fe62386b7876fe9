-- The server's own work (imports by the operator, nightly reports) reads and writes facts of the whole board. It has no
-- policy and no grant on tokens, on audit rows (triggers write them) or on content.

do $$
declare
  fact text;
begin
  foreach fact in array array[
    'school', 'person', 'registration', 'employment', 'role_assignment', 'absence', 'prior_experience', 'exemption',
    'school_group', 'policy', 'recording'
  ]
  loop
    execute format('drop policy if exists jobs on %I', fact);
    execute format('create policy jobs on %I to beeld_jobs using (true) with check (true)', fact);
    execute format('grant select, insert, update, delete on %I to beeld_jobs', fact);
  end loop;
end
$$;

-- Of recordings it writes a board's history alone: those of a trajectory go their way by coach and teacher.
drop policy if exists jobs on recording;
drop policy if exists jobs_read on recording;
create policy jobs_read on recording for select to beeld_jobs
  using (true);
drop policy if exists jobs_write_history on recording;
create policy jobs_write_history on recording to beeld_jobs
  using (trajectory_id is null) with check (trajectory_id is null);
