-- Tokens and what they open: no policy, hence no row, for anybody; identify reads them as their owner.
alter table api_token enable row level security;
alter table access enable row level security;

-- Audit: what concerns me, what I did; everything for the privacy officer; security events for the system administrator.
alter table audit enable row level security;
drop policy if exists concerning_me on audit;
create policy concerning_me on audit for select to beeld_app
  using (subject_key = (select nullif(current_setting('app.subject_key', true), '')::uuid));
drop policy if exists my_own_acts on audit;
create policy my_own_acts on audit for select to beeld_app
  using (actor_key = (select nullif(current_setting('app.subject_key', true), '')::uuid));
drop policy if exists privacy_officer_reads on audit;
create policy privacy_officer_reads on audit for select to beeld_app
  using (app.is_set('privacy_officer'));
drop policy if exists system_admin_reads_security_events on audit;
create policy system_admin_reads_security_events on audit for select to beeld_app
  using (app.is_set('system_admin') and table_name in ('role_assignment', 'api_token'));

revoke all on api_token, access, audit from public, beeld_app, beeld_jobs;
grant select on audit to beeld_app;
