create or replace function app.decide_prior_experience(id uuid, version integer, decision text)
  returns void
  language plpgsql
  security definer
  set search_path = beeld, app, pg_temp
as $$
declare
  me constant uuid := app.me();
  is_adviser constant boolean := coalesce(current_setting('app.adviser', true) = 'on', false);
  claim prior_experience;
begin
  select e.*
  into claim
  from prior_experience e
  where e.id = decide_prior_experience.id
  for no key update;
  if not found
    or me is null
    or not (is_adviser or claim.person_id = me or claim.person_id in (select app.my_staff()))
  then
    raise exception 'there is no such claim' using errcode = 'BE404';
  elsif not is_adviser or claim.person_id = me or claim.claimed_by = me then
    raise exception 'not yours to decide' using errcode = 'BE403';
  elsif claim.version <> decide_prior_experience.version then
    raise exception 'the claim has changed' using errcode = 'BE412', detail = claim.version;
  elsif claim.approved_at is not null or claim.declined_at is not null then
    raise exception 'the claim is decided' using errcode = 'BE409', detail = 'decided';
  elsif decision is null or decision not in ('approved', 'declined') then
    raise exception 'a claim is approved or declined' using errcode = 'BE422', detail = '/decision';
  end if;

  update prior_experience e
  set
    approved_by = case decision when 'approved' then me end,
    approved_at = case decision when 'approved' then app.now() end,
    declined_by = case decision when 'declined' then me end,
    declined_at = case decision when 'declined' then app.now() end,
    version = e.version + 1
  where e.id = claim.id;
end
$$;
comment on function app.decide_prior_experience(uuid, integer, text) is
  'An adviser approves or declines a claim of experience elsewhere; never the own one, nor one that they entered. Raises BE404, BE403, BE412 with the version it has (not compared when null), BE409 with decided.';

grant execute on function app.decide_prior_experience(uuid, integer, text) to beeld_app;
