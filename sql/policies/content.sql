-- Content and its keys: no policy and no grant, hence no row, for anybody. What there is to know about it beside its
-- text, its teacher sees, and whoever a live consent names.

drop policy if exists own on consent;
create policy own on consent for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists recipient_reads on consent;
create policy recipient_reads on consent for select to beeld_app
  using (recipient_id = (select app.me()) and state = 'granted' and until_date > (select app.today()));

drop policy if exists own on storyboard;
create policy own on storyboard for select to beeld_app
  using (teacher_id = (select app.me()));
drop policy if exists recipient_reads on storyboard;
create policy recipient_reads on storyboard for select to beeld_app
  using (
    id in (
      select c.item_id
      from consent c
      where c.item_kind = 'storyboard'
        and c.recipient_id = (select app.me())));

-- Whoever is named in a consent that somebody sees, they know by name.
drop policy if exists consent_names on person;
create policy consent_names on person for select to beeld_app
  using (
    id in (
      select unnest(array[c.teacher_id, c.recipient_id])
      from consent c
      where (select app.me()) is not null));

revoke all on data_key, content, storyboard, consent from public, beeld_app, beeld_jobs;
grant select on storyboard, consent to beeld_app;
